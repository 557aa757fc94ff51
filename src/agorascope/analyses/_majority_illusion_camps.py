"""What does each camp see of the attribute, beside what there is? One row a camp, and what is said of them."""

from typing import Any

import pyarrow as pa

from agorascope.divisions import told_aside
from agorascope.stats.families import holm
from agorascope.stats.illusion import Illusion
from agorascope.texts import Message, message

from ._majority_illusion_reduce import FEWEST_CAMP, Seen

MOST_TOLD = 6
CAMPS = pa.schema(
    [("camp", pa.string()), ("viewers", pa.int64()), ("bearing_share", pa.float64()), ("perceived_share", pa.float64())]
    + [(n, pa.float64()) for n in ("actual_share", "gap", "chance_gap", "p_value", "q_value")]
)


def rows(seen: Seen, found: Illusion) -> list[dict[str, Any]]:
    """Give what each camp sees of the attribute beside what there is; p adjusted over camps."""
    adjusted = holm([gap.placed.p_value for gap in found.camps])
    return [
        {
            "camp": seen.camps.names[gap.camp],
            "viewers": gap.viewers,
            "bearing_share": gap.bearing,
            "perceived_share": gap.perceived,
            "actual_share": found.overall,
            "gap": gap.gap,
            "chance_gap": gap.placed.mean,
            "p_value": gap.placed.p_value,
            "q_value": float(q),
        }
        for gap, q in zip(found.camps, adjusted, strict=True)
    ]


def notes(seen: Seen, found: Illusion, base: dict[str, Any], alpha: float) -> list[Message]:
    """Say which groups are the camps, which camps see another share than there is (six at most), and who is in none."""
    if not found.camps:
        return []
    said = _taken(seen)
    adjusted = [row["q_value"] for row in rows(seen, found)]
    wrong = [(gap, q) for gap, q in zip(found.camps, adjusted, strict=True) if q <= alpha]
    for gap, q in sorted(wrong, key=lambda one: (-abs(one[0].gap), one[0].camp))[:MOST_TOLD]:
        camp = {"base": base, "camp": seen.camps.names[gap.camp], "perceived": gap.perceived}
        beside = {"actual": found.overall, "bearing": gap.bearing}
        chance = {"chance": gap.placed.mean + found.overall, "p": q}
        said.append(message("majority_illusion.note.consensus", **camp, **beside, **chance))
    if seen.camps.less:
        said.append(message("majority_illusion.note.campless", n=seen.camps.less, least=FEWEST_CAMP))
    return said


def _taken(seen: Seen) -> list[Message]:
    """Name the variable whose groups are the camps where they have one, or others were left aside."""
    camps, said = seen.camps, []
    if camps.variable or camps.others:
        told = {"variable": camps.variable, "n": camps.known, "of": camps.viewers}
        said.append(message(f"majority_illusion.note.{'camps' if camps.variable else 'camps_plain'}", **told))
    if camps.others:
        said.append(told_aside(camps.variable, camps.known, camps.others))
    return said
