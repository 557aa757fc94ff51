"""How unequal are the voices, what do they share, and what does weighting change? Arrays in, rows out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from agorascope.stats.loudness import Gap, Unseen, alike, gap, lorenz, unseen
from agorascope.stats.margins import Frame, compared, frame, sound, targets
from agorascope.stats.shares import concentration, wilson
from agorascope.stats.sums import sums
from agorascope.stats.undeclared import bounds
from agorascope.stats.weighting import kish, rake, trim

from ._representation_reduce import Speakers, told_of

Floats = npt.NDArray[np.float64]
Row = dict[str, Any]

FEWEST = 10
BANDS = ((1, 1), (2, 4), (5, 19), (20, 99), (100, None))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Hold every table's rows; ``gap`` where an attribute was asked, ``frame`` where weighting was possible.

    ``accounts`` are those with a post that tells whether it has the attribute: all that is said of it, and weights, are of these.
    ``moved``: by how much weighting moves the attribute's share among the accounts weighted; nan where there is none.
    """

    accounts: int
    units: list[Row]
    concentration: list[Row]
    lorenz: list[Row]
    activity: list[Row]
    declared: list[Row]
    traits: list[Row]
    weights: list[Row]
    undeclared: list[Row]
    unseen: Unseen
    effective: float
    p_alike: float
    gap: Gap | None
    frame: Frame | None
    off: float
    moved: float


def estimate(told: Speakers, *, trimmed: float, draws: int, level: float, seed: int) -> Answer:
    """Measure concentration, the attribute and the weights. Cost O(draws x accounts)."""
    rng = np.random.default_rng(seed)
    p_alike = alike(told.posts, draws=draws, rng=rng)
    held = [("posts", told.posts), ("engagement", told.engagement[np.isfinite(told.engagement)])]
    rows = [_concentrated(name, sizes, draws, level, rng) for name, sizes in held if sizes.size >= FEWEST and sizes.sum() > 0]
    curves = [
        {"accounts_share": a, "held_share": b, "of": name}
        for name, sizes in held
        if sizes.size >= FEWEST and sizes.sum() > 0
        for a, b in zip(*(line.tolist() for line in lorenz(sizes)), strict=True)
    ]
    units = [
        {"measure": f"{part}_{row['of']}", "share": row[f"{part}_share"]} | {f"share_{e}": row[f"{part}_share_{e}"] for e in ENDS}
        for row in rows
        for part in ("top_1", "top_10")
    ]
    once = int((told.posts == 1).sum())
    low, high = wilson(once, told.posts.size, level=level)
    units.append({"measure": "once", "share": once / told.posts.size, "share_low": low, "share_high": high})
    asked = told_of(told)
    made = frame(asked.margins, asked.codes, np.ones(asked.posts.size)) if asked.margins else None
    weights, weighed, off = _weights(asked, made, trimmed)
    found = None if asked.having is None else gap(asked.posts, asked.having, draws=draws, rng=rng, level=level)
    moved = np.nan
    if asked.having is not None:
        units += _attribute(asked, weights, made, level)
        if made is not None:
            own = (asked.having / asked.posts)[made.complete]
            moved = float(np.average(own, weights=weights[made.complete]) - own.mean())
    return Answer(
        accounts=int(asked.posts.size),
        units=units,
        concentration=rows,
        lorenz=curves,
        activity=_activity(told),
        declared=_declared(told),
        traits=[] if made is None else _traits(made, weights),
        weights=weighed,
        undeclared=_undeclared(asked),
        unseen=unseen(told.posts),
        effective=asked.posts.size / kish(asked.posts),
        p_alike=p_alike,
        gap=found,
        frame=made,
        off=off,
        moved=moved,
    )


ENDS = ("low", "high")


def _concentrated(name: str, sizes: Floats, draws: int, level: float, rng: np.random.Generator) -> Row:
    row: Row = {"of": name, "accounts": int(sizes.size)}
    for part, share in (("top_1", 0.01), ("top_10", 0.1)):
        made = concentration(sizes, part=share, draws=draws, rng=rng, level=level)
        row |= dict(zip((f"{part}_share", f"{part}_share_low", f"{part}_share_high"), made["top"], strict=True))
    row |= dict(zip(("gini", "gini_low", "gini_high"), made["gini"], strict=True))
    return row | {"design_effect": kish(sizes), "effective_accounts": sizes.size / kish(sizes)}


def _activity(told: Speakers) -> list[Row]:
    """Divide accounts by how much they wrote; shares of an attribute are told from ten accounts on."""
    rows = []
    for least, most in BANDS:
        inside = (told.posts >= least) & (told.posts <= (np.inf if most is None else most))
        if not inside.any():
            continue
        tells = inside & (told.telling > 0)
        enough = told.having is not None and int(tells.sum()) >= FEWEST
        own = told.having[tells] / told.telling[tells] if enough and told.having is not None else None
        posts = told.posts[inside]
        rows.append(
            {
                "band": str(least) if least == most else f"{least}+" if most is None else f"{least}–{most}",
                "accounts": int(inside.sum()),
                "posts": int(posts.sum()),
                "accounts_share": float(inside.mean()),
                "posts_share": float(posts.sum() / told.posts.sum()),
                "attribute_share": None if own is None else float(own.mean()),
            }
        )
    return rows


def _declared(told: Speakers) -> list[Row]:
    """Say what is known of how many; categories of fewer than ten accounts stand together, uncounted if fewer than ten still."""
    rows = []
    for variable, said in sorted(told.traits.items()):
        held: dict[str, list[int]] = {}
        for account, category in said.items():
            held.setdefault(category, []).append(account)
        few = [a for accounts in held.values() if len(accounts) < FEWEST for a in accounts]
        shown = {c: a for c, a in held.items() if len(a) >= FEWEST}
        unknown = np.setdiff1d(np.arange(told.posts.size), np.fromiter(said, int, len(said)))
        listed = sorted(shown.items(), key=lambda one: (-len(one[1]), one[0]))
        for category, accounts in [*listed, ("(others)", few), ("(unknown)", unknown.tolist())]:
            if len(accounts):
                counted = len(accounts) >= FEWEST or category == "(unknown)"
                rows.append(
                    {
                        "variable": variable,
                        "category": category,
                        "accounts": len(accounts) if counted else None,
                        "accounts_share": len(accounts) / told.posts.size if counted else None,
                        "posts_share": float(told.posts[accounts].sum() / told.posts.sum()) if counted else None,
                    }
                )
    return rows


def _weights(told: Speakers, made: Frame | None, trimmed: float) -> tuple[Floats, list[Row], float]:
    """Rake accounts to the margins and trim; weights (accounts,), 0 where a trait is unknown, 1 where nothing was weighted."""
    if made is None:
        return np.ones(told.posts.size), [], 0.0
    ones = np.ones(told.posts.size)
    wanted, inside = targets(made, ones), [code[made.complete] for code in made.codes]
    raked = rake(inside, wanted, ones[made.complete])
    cut = trim(raked.weights, ratio=trimmed) if trimmed else raked.weights
    weights = np.zeros(told.posts.size)
    weights[made.complete] = cut
    rows = []
    for name, own in (("none", ones[made.complete]), ("raked", raked.weights), ("trimmed", cut)):
        if name == "trimmed" and not trimmed:
            continue
        full = np.zeros(told.posts.size)
        full[made.complete] = own
        far = [r["asmd_weighted"] for r in _traits(made, full) if r["asmd_weighted"] is not None]
        rows.append(
            {
                "weights": name,
                "accounts": int(made.complete.sum()),
                "asmd": float(np.mean(far)) if far else None,
                "largest_weight": float(own.max() / own.mean()),
                "design_effect": kish(own),
                "effective_accounts": own.size / kish(own),
            }
        )
    return weights, rows, raked.off


def _traits(made: Frame, weights: Floats) -> list[Row]:
    ones = np.ones(weights.size)
    rows = [r for margin, code in zip(made.used, made.codes, strict=True) for r in compared(margin, code, ones, weights)]
    return [r | {"accounts": r["rows"]} for r in rows]


def _attribute(told: Speakers, weights: Floats, made: Frame | None, level: float) -> list[Row]:
    """Give the share of the attribute by post, by account, by engagement, and weighted to the population."""
    assert told.having is not None
    assert told.engagement_having is not None
    own = told.having / told.posts
    rows = [_share("attribute_posts", told.posts, own, level), _share("attribute_accounts", np.ones(own.size), own, level)]
    known = np.nan_to_num(told.engagement) > 0
    if known.sum() >= FEWEST:
        engaged = told.engagement[known]
        rows.append(_share("attribute_engagement", engaged, told.engagement_having[known] / engaged, level))
    if made is not None:
        row = _share("attribute_weighted", weights[made.complete], own[made.complete], level)
        rest = made.uncovered
        rows.append(row | {"share_low": (1 - rest) * row["share_low"], "share_high": (1 - rest) * row["share_high"] + rest})
    return rows


def _share(measure: str, weights: Floats, own: Floats, level: float) -> Row:
    """Give a weighted share, accounts being what is drawn: Wilson's interval at the linearised variance."""
    total = float(weights.sum())
    share = float((weights * own).sum() / total)
    variance = float(np.square(weights * (own - share)).sum() / total**2 * weights.size / max(weights.size - 1, 1))
    size = share * (1 - share) / variance if variance > 0 else float(weights.size)
    low, high = wilson(share * size, size, level=level)
    return {"measure": measure, "share": share, "share_low": low, "share_high": high}


def _undeclared(told: Speakers) -> list[Row]:
    """Bound, variable by variable, what accounts of unknown category could change in the share by account."""
    if told.having is None:
        return []
    own, rows = told.having / told.posts, []
    for margin, code in zip(told.margins, told.codes, strict=True):
        known, size = code >= 0, margin.shares.size
        if known.sum() < FEWEST or not sound(margin):
            continue
        has, lacks = sums(code[known], own[known], size), sums(code[known], 1 - own[known], size)
        low, high = bounds(
            has, lacks, margin.shares, unknown_has=float(own[~known].sum()), unknown_lacks=float((1 - own[~known]).sum())
        )
        rows.append({"variable": margin.variable, "unknown_share": float((~known).mean()), "share_low": low, "share_high": high})
    return rows
