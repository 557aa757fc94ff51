"""What does an audit remark? Ranks, power, what was left out, what capture and search allow, and the data that would tell more."""

import numpy as np

from agorascope.stats.missing import bounds
from agorascope.stats.placebo import admissible, needed
from agorascope.texts import Message, message

from ._amplification_capture import Lost
from ._amplification_estimate import Answer, datable, dates, left_out_one
from ._amplification_gates import Gates
from ._amplification_wishes import wish

_COUNTED = (
    "reposts",
    "aged",
    "young",
    "straddling",
    "edge_periods",
    "no_post",
    "no_count",
    "zero_count",
    "capture_left_out",
    "capture_more",
)
_DIRECTED = ("fades", "shape")  # reasons that read otherwise where exposure fell
MOST = 2.0  # times the mean of the captured posts: what is assumed at most of the missing ones


def notes(answer: Answer, gates: Gates, verdict: str, grade: str | None, *, alpha: float, lost: Lost) -> tuple[Message, ...]:
    """Remark on this run: ranks, floor, the smallest effect, what was left out, what would change the verdict."""
    decision, panel = answer.decision, answer.panel
    many = int(np.isfinite(decision.placebos.tau).sum())
    told = [
        message(
            "amplification.note.ranks",
            n=many,
            studentised=_rank(decision.p_value, many),
            p_studentised=decision.p_value,
            plain=_rank(decision.p_plain, many),
            p_plain=decision.p_plain,
            one=_rank(decision.p_up if decision.tau >= 0 else decision.p_down, many),
            p_one=decision.p_up if decision.tau >= 0 else decision.p_down,
            p_other=decision.p_down if decision.tau >= 0 else decision.p_up,
        ),
        _power(answer, alpha),
        *_disagreeing(answer, verdict, grade, alpha),
        *_apart(answer),
    ]
    if not decision.sign_holds:
        told.append(message("amplification.note.trends", ratio=float(np.exp(decision.tau_trends))))
    counted = [row for row in gates.rows if row["gate"] in _COUNTED and row["number"]]
    told += [message(f"amplification.note.{row['gate']}", n=int(row["number"])) for row in counted]
    told += [*_of_capture(answer, gates, lost), *_of_split(answer), *_of_unengaged(answer)]
    if not panel.has_views:
        told.append(message("amplification.note.no_views", metric=f"amplification.metric.{panel.metric}"))
    if answer.searched:
        told += _of_search(answer, alpha)
    if verdict == "found" and answer.unnamed is not None:
        fall = decision.tau < 0 and answer.unnamed in _DIRECTED
        told.append(message(f"amplification.note.unnamed_{answer.unnamed}{'_down' if fall else ''}"))
    if grade == "not_identified":
        told += [wish(name, int(answer.treated.sum()), alpha) for name in missing(answer, alpha=alpha)]
    return tuple(told)


def _disagreeing(answer: Answer, verdict: str, grade: str | None, alpha: float) -> list[Message]:
    """Say which decides where interval, rank and break do not agree, and that a size below what is seen reliably is too large."""
    decision = answer.decision
    outside = decision.low > 0 or decision.high < 0
    ranked = decision.p_value <= alpha
    ends = {"low": float(np.exp(decision.low)), "high": float(np.exp(decision.high)), "p": decision.p_value}
    if grade == "no_break":
        return [message("amplification.note.disagree_break", p_break=decision.p_break, **ends)] if outside or ranked else []
    told = []
    if outside != ranked:
        told.append(message(f"amplification.note.disagree_{'rank' if outside else 'interval'}", **ends))
    size = None if answer.power is None else answer.power.up if decision.tau > 0 else answer.power.down
    if verdict == "found" and size is not None and abs(decision.tau) < size:
        told.append(message("amplification.note.too_large", smallest=float(np.exp(np.sign(decision.tau) * size))))
    return told


def _apart(answer: Answer) -> list[Message]:
    """Say how far the factor hangs on one of several accounts audited, without saying on which."""
    ends = left_out_one(answer)
    if ends is None:
        return []
    low, high = (float(np.exp(end)) for end in ends)
    return [message("amplification.note.left_out_one", n=int(answer.decision.chosen[0].sum()), low=low, high=high)]


def _power(answer: Answer, alpha: float) -> Message:
    """Say how small a push and a demotion would have been found, in how many copies that was asked."""
    found = answer.power
    if found is None:
        treated, others = int(answer.treated.sum()), int((~answer.treated).sum())
        levels = {"level": alpha, "strict": alpha / 5}
        enough = levels | {"needed": needed(treated, alpha), "stricter": needed(treated, alpha / 5)}
        return message("amplification.note.floor", controls=others, treated=treated, floor=answer.decision.p_floor, **enough)
    if found.up is None or found.down is None:
        return message("amplification.note.nothing_seen", copies=found.copies)
    return message(
        "amplification.note.power", up=float(np.exp(found.up)), down=float(np.exp(-found.down)), copies=found.copies
    )  # fmt: skip


def _of_search(answer: Answer, alpha: float) -> list[Message]:
    """Say what allows for the search of the date and what does not, and between which dates the step begins."""
    panel, after = answer.panel, answer.decision.after
    tried = admissible(after.size)
    first, last = (int(panel.starts_us[at]) for at in (tried[0], tried[-1]))
    told = [
        message("amplification.note.dates_searched", first=first, last=last),
        message("amplification.note.searched" if answer.power is None else "amplification.note.searched_power"),
        message("amplification.note.in_time", periods=after.size, before=int((~after).sum())),
    ]
    if not datable(answer, alpha):
        told.append(message("amplification.note.no_date", level=alpha))
    elif (ends := dates(answer)) is not None:
        low, high = (int(panel.starts_us[at]) for at in ends)
        told.append(
            message("amplification.note.date", low=low, high=high)
            if low < high
            else message("amplification.note.date_one", low=low)
        )
    return told


def _of_split(answer: Answer) -> list[Message]:
    """Say where the split rests on other account-periods than the headline, and where posts without a count move its volume."""
    told = []
    if answer.cells != answer.headline_cells and np.isfinite(answer.split_reach):
        told.append(
            message(
                "amplification.note.split",
                cells=answer.cells,
                n=answer.headline_cells,
                there=float(np.exp(answer.split_reach)),
                ratio=float(np.exp(answer.decision.tau)),
            )
        )
    elif answer.cells != answer.headline_cells:
        told.append(message("amplification.note.split_none", cells=answer.cells, n=answer.headline_cells))
    if answer.all_posts is not None:
        posts, seen = (int(np.nansum(values)) for values in (answer.panel.posts, answer.panel.seen))
        told.append(message("amplification.note.volume", posts=posts, seen=seen, ratio=float(np.exp(answer.all_posts.size))))
    return told


def _of_unengaged(answer: Answer) -> list[Message]:
    """Count the posts without a known engagement, and give their share on each side of the date."""
    panel, treated, after = answer.panel, answer.treated, answer.decision.after
    if panel.unengaged is None or not panel.unengaged.any():
        return []
    seen = np.where(np.isfinite(panel.seen), panel.seen, 0.0)
    lacking = np.where(seen > 0, panel.unengaged, 0.0)
    shares = {
        f"{side}_{when}": float(lacking[part].sum() / seen[part].sum()) if seen[part].sum() else None
        for side, rows in (("treated", treated), ("others", ~treated))
        for when, columns in (("before", ~after), ("after", after))
        for part in [np.ix_(rows, columns)]
    }
    return [message("amplification.note.no_engagement", n=int(lacking.sum()), **shares)]


def _of_capture(answer: Answer, gates: Gates, lost: Lost) -> list[Message]:
    """Say what faults of capture touch the accounts audited, the factor without what is warned of, and its bounds."""
    told = []
    if any(row["gate"] == "capture_treated" and row["status"] == "warning" for row in gates.rows):
        told.append(message("amplification.note.capture"))
    apart = next((o for o in answer.others if o.method == "without_warned"), None)
    if apart is not None and apart.size is not None:
        cells = int((lost.warned & np.isfinite(answer.y)).sum())
        told.append(message("amplification.note.capture_without", n=cells, ratio=float(np.exp(apart.size))))
    return told + _bounds(answer, lost)


def _bounds(answer: Answer, lost: Lost) -> list[Message]:
    """Bound the factor by the captured share of all four cells, as far as counters tell it; say which are known."""
    y, treated, after = answer.y, answer.treated, answer.decision.after
    used = np.isfinite(y) & np.isfinite(lost.share)
    if not (used & (lost.share < 1)).any():
        return []
    shares = {
        f"{side}_{when}": float(lost.share[cells].mean()) if (cells := used & rows[:, None] & columns[None, :]).any() else None
        for side, rows in (("treated", treated), ("others", ~treated))
        for when, columns in (("before", ~after), ("after", after))
    }
    low, high = (float(np.exp(end)) for end in bounds(y, treated, after, lost.share, most=MOST))
    told = [
        message("amplification.note.shares", known=int(used.sum()), cells=answer.headline_cells, **shares),
        message("amplification.note.bound", low=low, high=high, most=MOST),
    ]
    least, largest = (float(np.exp(end)) for end in bounds(y, treated, after, lost.share, most=np.inf))
    if least > 0:
        told.append(message("amplification.note.bound_below", low=least))
    elif np.isfinite(largest):
        told.append(message("amplification.note.bound_above", high=largest))
    else:
        told.append(message("amplification.note.bound_nothing"))
    return told


def missing(answer: Answer, *, alpha: float) -> list[str]:
    """Name the data that would identify the effect, the most needed first."""
    wanted = []
    weak = answer.decision.p_value > alpha
    if answer.decision.p_floor > alpha or weak:
        wanted.append("controls")
    if answer.unnamed == "unknown":
        wanted.append("engagement_known")
    elif answer.push is None:
        wanted.append("views" if not answer.panel.has_views else "engagement_zeros" if answer.sparse else "engagement")
    if not answer.decision.sign_holds or weak:
        wanted.append("longer")
    if "off_topic" not in answer.marks:
        wanted.append("topics")
    if "followers" not in answer.marks:
        wanted.append("followers")
    if "elsewhere" not in answer.marks and "attention" not in answer.marks:
        wanted.append("attention")
    return wanted[:4]


def _rank(p_value: float, many: int) -> int:
    return round(p_value * many)
