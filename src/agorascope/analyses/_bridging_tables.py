"""Which tables does the analysis of what camps value alike publish? Items, camps, methods side by side; no rater is in any."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import rankdata

from agorascope.findings import Figure
from agorascope.stats.across import exact, least_share
from agorascope.texts import message

from ._bridging_estimate import MOST_CAMPS, Answer, Camps, Votes
from ._bridging_reduce import Voted

Floats = npt.NDArray[np.float64]

FEWEST_SHOWN = 5
BEYOND = 1 + 1e-6  # a bound at the level of the p-value itself is one half: just beyond, it is above
ACROSS = ("across", "across_met")
"""Places of items that hold in every camp, and in every one of those that voted on them."""
METHODS = ("minimum", "consensus", "intercept")
SHARES = tuple(f"share_{i + 1}" for i in range(MOST_CAMPS))
ITEMS = pa.schema(
    [
        ("item", pa.string()),
        ("text", pa.string()),
        ("platform", pa.string()),
        ("place", pa.string()),
        ("score", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unit", pa.string()),
        ("sure_share", pa.float64()),
        ("chance", pa.float64()),
        ("votes", pa.int64()),
        ("camps", pa.int64()),
        ("approved_share", pa.float64()),
    ]
    + [(name, pa.float64()) for name in (*METHODS, *SHARES, "q_value")]
)
CAMPS = pa.schema(
    [
        ("camp", pa.string()),
        ("raters", pa.int64()),
        ("raters_share", pa.float64()),
        ("votes", pa.int64()),
        ("approved_share", pa.float64()),
        ("usual_share", pa.float64()),
    ]
)
AGREEMENT = pa.schema([("method", pa.string())] + [(f"with_{name}", pa.float64()) for name in (*METHODS, "approved")])


def units(
    told: Voted, texts: dict[tuple[str, str], str], votes: Votes, camps: Camps, answer: Answer, score: str, alpha: float
) -> list[dict[str, Any]]:
    """Describe every item with votes enough, and its text if the case has it: those that hold across camps first, then by score."""
    s = answer.scores
    number = np.bincount(votes.item, minlength=votes.items)
    approved = s.agree.sum(axis=0) if votes.acts else np.bincount(votes.item, votes.approves, votes.items)
    chosen = {"minimum": s.minimum, "consensus": s.consensus, "intercept": s.intercept}[score]
    assert chosen is not None
    low, high = exact(s.agree, s.votes)
    parted = np.asarray((low > 0.5).any(axis=0) & (high < 0.5).any(axis=0))
    everybody, met = sum(camps.sizes), (s.votes > 0).sum(axis=0)
    sure = None if votes.acts else sure_shares(answer, alpha)
    rows = []
    for i in np.flatnonzero(answer.shown).tolist():
        settled = "one_camp" if parted[i] and not votes.acts else "not_across" if answer.against[i] else "open"
        holds = "across" if met[i] == len(camps.sizes) else "across_met"
        place = holds if answer.q_value[i] <= alpha else settled
        row: dict[str, Any] = {"item": told.items[i][1], "text": texts.get(told.items[i]), "platform": told.items[i][0]}
        row |= {"place": place, "score": float(chosen[i])}
        row |= {"low": float(answer.low[i]), "high": float(answer.high[i]), "unit": "share" if score == "minimum" else ""}
        row |= {"sure_share": None if sure is None else float(sure[i]), "chance": float(answer.chance[i])}
        row |= {"votes": int(number[i]), "camps": int(met[i])}
        row |= {"approved_share": float(approved[i] / (everybody if votes.acts else number[i]))}
        row |= {"minimum": float(s.minimum[i]), "consensus": float(s.consensus[i])}
        row |= {"intercept": None if s.intercept is None else float(s.intercept[i])}
        for c, name in enumerate(SHARES[: len(camps.sizes)]):
            row[name] = float(s.agree[c, i] / s.votes[c, i]) if s.votes[c, i] >= FEWEST_SHOWN else None
        rows.append(row | {"q_value": float(answer.q_value[i])})
    return sorted(rows, key=lambda r: ((*ACROSS, r["place"]).index(r["place"]), -r["score"], r["platform"], r["item"]))


def sure_shares(answer: Answer, alpha: float) -> Floats:
    """Give the share (items,) that every camp which voted on an item is sure to reach, all items looked at together.

    It decides: it lies above one half where the item is shown to hold in every camp, and nowhere else. The exact lower bound of
    each camp is taken at the level of the last item shown, ``alpha`` times the shown ones over all, so that among those of the
    items shown a share of ``alpha`` at most misses on average (Benjamini and Yekutieli 2005, doi:10.1198/016214504000001907).
    Whatever is not shown lies a whole step of that level away, so that going just beyond it shows nothing more.
    """
    held = int((answer.q_value[answer.shown] <= alpha).sum())
    tail = max(held, 1) * alpha / max(int(answer.shown.sum()), 1) * (BEYOND if held else 1)
    low, _ = exact(answer.agree, answer.cast, level=1 - 2 * tail)
    return least_share(low, answer.cast > 0)


def tables(units: list[dict[str, Any]], votes: Votes, camps: Camps, answer: Answer) -> dict[str, pa.Table]:
    """Make the published tables: items, camps, and how far methods agree. No rater is in any."""
    known = camps.camp[votes.rater]
    rows = []
    for c, size in enumerate(camps.sizes):
        mine = known == c
        cast = int(mine.sum())
        row: dict[str, Any] = {
            "camp": camps.names[c] if camps.names else str(c + 1),
            "raters": size,
            "raters_share": size / sum(camps.sizes),
        }
        row |= {"votes": cast, "approved_share": None if votes.acts else float(votes.approves[mine].mean())}
        usual = float(answer.scores.agree[c].sum() / (size * votes.items)) if votes.acts else None
        rows.append(row | {"usual_share": usual})
    columns = {name: np.array([u[name] for u in units]) for name in (*METHODS, "approved_share") if units[0][name] is not None}
    agreement = [
        {"method": name} | {f"with_{n.removesuffix('_share')}": rank_correlation(values, columns[n]) for n in columns if n != name}
        for name, values in columns.items()
        if name != "approved_share"
    ]
    return {
        "items": pa.Table.from_pylist(units, ITEMS),
        "camps": pa.Table.from_pylist(rows, CAMPS),
        "agreement": pa.Table.from_pylist(agreement, AGREEMENT),
    }


def figures(made: dict[str, pa.Table]) -> tuple[Figure, ...]:
    """Describe the map of the two largest camps, the camps, and the methods side by side."""
    rows = [
        Figure(name=n, kind="table", table=n, title=message(f"bridging.figure.{n}"), y=_columns(made[n]))
        for n in ("camps", "agreement")
    ]
    title, note = message("bridging.figure.map"), message("bridging.figure.map_note")
    drawn = Figure(name="map", kind="scatter", table="items", title=title, x="share_1", y=("share_2",), series="place", note=note)
    return (drawn, *rows)


def rank_correlation(one: Any, other: Any) -> float | None:
    """Give Spearman's rank correlation, or None where one of both does not vary."""
    if one.size < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _columns(table: pa.Table) -> tuple[str, ...]:
    return tuple(n for n in table.column_names if table[n].null_count < table.num_rows)
