"""How are the worlds of ``coordination`` shown on its page?"""

from calibration import Cell, shown
from coordination_cells import NULL, ORDERED, REACTING


def table(cells: list[Cell]) -> str:
    """Write the cells as Markdown tables: nobody acts together; then those who react, and squads of that size."""
    lines = [
        "| cell | any account found | rate [99 % exact] | any network counted | p ≤ 1 % "
        "| squad of 50: recall, precision (least recall) | of it counted |",
        "|---|--:|---|--:|--:|---|---|",
    ]
    for c in (one for one in cells if one["cell"] in NULL):
        squad = f"{c['power']:.2f}, {c['precision']:.2f} ({c['least_recall']:.2f})"
        left = f"{c['power_counted']:.2f}, {c['precision_counted']:.2f} ({c['least_recall_counted']:.2f})"
        alarms = f"{c['false_alarms']} of {c['worlds']} | {shown(c)} | {c['counted']}"
        lines.append(f"| {c['cell']} | {alarms} | {c['p_01']:.4f} | {squad} | {left} |")
    return "\n".join(lines) + "\n" + _reacting(cells)


def _reacting(cells: list[Cell]) -> str:
    """Write the cells of people who react, and of squads of that size."""
    lines = [
        "",
        "| people of one subject | worlds in which the test keeps a network | in which one counts [99 % exact] "
        "| members found | members counted | of those counted, members |",
        "|---|--:|---|--:|--:|--:|",
    ]
    for c in (one for one in cells if one["cell"] in REACTING | ORDERED):
        rates = f"{c['kept']} of {c['worlds']} | {c['counted']} = {shown(c)}"
        lines.append(f"| {c['cell']} | {rates} | {c['found']:.2f} | {c['told']:.2f} | {c['right']:.2f} |")
    return "\n".join(lines) + "\n"
