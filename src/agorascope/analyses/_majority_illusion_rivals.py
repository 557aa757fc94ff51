"""What else could make a majority seem to be there? Visibility alone, coordinated accounts, the collection, and the silent."""

from typing import Any

import numpy as np

from agorascope.findings import Rival
from agorascope.stats.illusion import Illusion
from agorascope.texts import message

from ._majority_illusion_estimate import without
from ._majority_illusion_reduce import Seen

Row = dict[str, Any]


def test(seen: Seen, found: Illusion, *, alpha: float, draws: int, seed: int) -> tuple[tuple[Rival, ...], list[Row]]:
    """Test every rival; give them, and a row for each count of the deceived."""
    rows = [row("all", seen.bears.size, found)]
    listed = (_visible(found, alpha), _coordinated(seen, found, rows, alpha=alpha, draws=draws, seed=seed), _silent(seen))
    return listed, rows


def row(kept: str, accounts: int, one: Illusion) -> Row:
    """Give one row of the table ``without``."""
    return {
        "kept": kept,
        "accounts": accounts,
        "bearing_share": one.prevalence,
        "deceived_share": one.deceived,
        "chance_share": one.placed.mean,
        "p_value": one.placed.p_value,
    }


def _visible(found: Illusion, alpha: float) -> Rival:
    """Compare with the attribute dealt among accounts as visible: as many deceived, and visibility is enough."""
    holds = found.of_bearers and found.placed.p_value <= alpha
    return Rival(
        name="visibility",
        statement=message("majority_illusion.rival.visibility"),
        status="undecided" if not holds else "disfavoured" if found.alike.p_value <= alpha else "favoured",
        statistic=found.alike.mean,
        high=found.alike.high,
        p_value=found.alike.p_value,
    )


def _coordinated(seen: Seen, found: Illusion, rows: list[Row], *, alpha: float, draws: int, seed: int) -> Rival:
    """Take the members of coordinated networks away, and count again."""
    statement = message("majority_illusion.rival.coordinated")
    if seen.coordinated is None:
        missing = message("majority_illusion.missing.coordination")
        return Rival(name="coordinated", statement=statement, status="not_tested", missing=missing)
    left = without(seen, seen.coordinated, draws=draws, seed=seed) if seen.coordinated.any() else found
    if left is None:
        missing = message("majority_illusion.missing.left")
        return Rival(name="coordinated", statement=statement, status="not_tested", missing=missing)
    if seen.coordinated.any():
        rows.append(row("coordinated", int(np.count_nonzero(~seen.coordinated)), left))
    there = found.of_bearers and found.placed.p_value <= alpha
    gone = left.placed.p_value > alpha or not left.of_bearers
    status = "undecided" if not there else "favoured" if gone else "disfavoured"
    return Rival(name="coordinated", statement=statement, status=status, statistic=left.deceived, p_value=left.placed.p_value)


def _silent(seen: Seen) -> Rival:
    """Say that those who never appear may bear it: nothing here tells."""
    statement, missing = message("majority_illusion.rival.silent"), message("majority_illusion.missing.population")
    return Rival(name="silent", statement=statement, status="not_tested", missing=missing)
