"""How are the measured cells of amplification shown on its page?"""

from typing import Any

from calibration import NOMINAL, shown

Result = dict[str, Any]


def page(cells: list[Result]) -> str:
    """Write all tables of the page, one kind of cells after the other."""
    of: dict[str, list[Result]] = {}
    for cell in cells:
        of.setdefault(cell["kind"], []).append(cell)
    tables = (
        (alarms, of.get("null", []), "False alarms, date given"),
        (alarms, of.get("searched", []), "False alarms, date searched"),
        (intervals, of.get("planted", []), "Does the 95 % interval hold the planted ratio?"),
        (dates, of.get("dated", []), "What is a searched date worth?"),
        (powers, of.get("power", []), "Power: share found"),
        (mechanisms, of.get("mechanism", []), "Which explanation is named"),
        (promises, of.get("detectable", []), "Is the promised smallest effect found?"),
        (screens, of.get("screen", []), "A screen of every account: worlds in which any is accused"),
        (screened, of.get("screen_power", []), "A screen: share of pushed accounts found"),
    )
    return "\n".join("\n".join([*write(rows, title), ""]) for write, rows, title in tables if rows)


def alarms(cells: list[Result], title: str) -> list[str]:
    """Write the rates of false alarms, by the whole decision, by the rank alone and by the recipe."""
    worst = max(cells, key=lambda c: c["rate"])
    mean = sum(c["hits"] for c in cells) / sum(c["worlds"] for c in cells)
    return [
        f"**{title}** (nominal {NOMINAL:.2f}; mean {mean:.3f}, worst {worst['rate']:.3f} in {worst['cell']})",
        "",
        "| cell | found | rate [99 % exact] | by rank alone | a published recipe |",
        "|---|--:|---|--:|--:|",
        *(f"| {c['cell']} | {c['hits']} of {c['worlds']} | {shown(c)} | {c['rank']:.3f} | {c['recipe']:.2f} |" for c in cells),
    ]


def intervals(cells: list[Result], title: str) -> list[str]:
    """Write the shares of intervals that hold the truth."""
    mean = sum(c["interval_holds"] for c in cells) / len(cells)
    return [
        f"**{title}** (date given; mean {mean:.3f})",
        "",
        "| cell | interval holds [99 % exact] | found | mean error of log ratio | a published recipe |",
        "|---|---|--:|--:|--:|",
        *(
            f"| {c['cell']} | {shown(c | {'rate': c['interval_holds']})} "
            f"| {c['found']:.2f} | {c['bias']:+.3f} | {c['recipe']:.2f} |"
            for c in cells
        ),
    ]


def dates(cells: list[Result], title: str) -> list[str]:
    """Write how often the interval of a searched date holds the true one, where a move is found."""
    lines = [
        f"**{title}** (95 % interval of the step between treated and others, in worlds where a move is found)",
        "",
        "| cell | found | interval holds the date [99 % exact] | within one period | median length, periods |",
        "|---|--:|---|--:|--:|",
    ]
    for c in cells:
        held = "–" if c["date_holds"] is None else shown(c | {"rate": c["date_holds"]})
        near, length = ("–" if c[key] is None else f"{c[key]:.2f}" for key in ("near", "median_periods"))
        lines.append(f"| {c['cell']} | {c['found']:.2f} | {held} | {near} | {length} |")
    return lines


def powers(cells: list[Result], title: str) -> list[str]:
    """Write the share found by noise and size."""
    sizes = sorted({c["size"] for c in cells})
    lines = [
        f"**{title}**, 20 controls, 27 weeks before and 11 after, AR 0.3, date given",
        "",
        "| weekly residual sd | " + " | ".join(f"×{s:g}" for s in sizes) + " |",
        "|---|" + "--:|" * len(sizes),
    ]
    for noise in sorted({c["noise"] for c in cells}):
        row = {c["size"]: c["rate"] for c in cells if c["noise"] == noise}
        lines.append(f"| {noise:g} | " + " | ".join(f"{row[s]:.2f}" if s in row else "–" for s in sizes) + " |")
    return lines


def mechanisms(cells: list[Result], title: str) -> list[str]:
    """Write which explanation was named how often, and the shares of right and wrong names."""
    return [
        f"**{title}**, sizes ×1.5 to ×3, 30 controls, 52 weeks before and 26 after",
        "",
        "| planted | treated | worlds | named, every mark given | named by reach and conversion alone |",
        "|---|--:|--:|---|---|",
        *(
            f"| {c['planted']} | {c['cell'].split('_')[1]} | {c['worlds']} "
            f"| {_counted(c['named'])} | {_counted(c.get('bare', {}))} |"
            for c in cells
        ),
        "",
        *(
            f"- {text}: {_shares(cells, key)}."
            for key, text in (("named", "every mark given"), ("bare", "reach and conversion alone"))
        ),
    ]


def _counted(named: dict[str, int]) -> str:
    return ", ".join(f"{k} {v}" for k, v in named.items())


def _shares(cells: list[Result], key: str) -> str:
    """Give the shares of right and wrong names where a mechanism that can be named is planted, and of any where none can."""
    cells = [c for c in cells if key in c]
    told, silent = ([c for c in cells if (c["planted"] in ("interest", "push", "loop")) is can] for can in (True, False))
    worlds = max(sum(c["worlds"] for c in told), 1)
    right = sum(c[key].get(c["planted"], 0) for c in told)
    any_name = [sum(n for k, n in c[key].items() if k in ("interest", "push", "loop")) for c in cells]
    wrong = sum(any_name[i] for i, c in enumerate(cells) if c in told) - right
    others = sum(any_name[i] for i, c in enumerate(cells) if c in silent)
    rest = sum(c["worlds"] for c in silent)
    last = f"; of {rest} worlds of passing visitors or of nothing {others / rest:.3f} are given a name" if rest else ""
    rates = f"{right / worlds:.3f} are named rightly and {wrong / worlds:.3f} wrongly"
    return f"of {worlds} worlds of interest, push and loop {rates}{last}"


def promises(cells: list[Result], title: str) -> list[str]:
    """Write how often the smallest effect promised is found in fresh copies."""
    lines = [
        f"**{title}** (planted in fresh copies of the same panels; 0.8 promised)",
        "",
        "| cell | panels | median smallest ratio | found [99 % exact] |",
        "|---|--:|--:|---|",
    ]
    for c in cells:
        ratio = "–" if c["median_ratio"] is None else f"×{c['median_ratio']:.2f}"
        lines.append(f"| {c['cell']} | {c['panels']} | {ratio} | {'–' if c['rate'] is None else shown(c)} |")
    return lines


def screens(cells: list[Result], title: str) -> list[str]:
    """Write how often a screen accuses anybody where nothing happened; names say accounts, periods and ten times the dependence."""
    return [
        f"**{title}** (nominal {NOMINAL:.2f})",
        "",
        "| cell | worlds with an account accused | rate [99 % exact] |",
        "|---|--:|---|",
        *(f"| {c['cell']} | {c['hits']} of {c['worlds']} | {shown(c)} |" for c in cells),
    ]


def screened(cells: list[Result], title: str) -> list[str]:
    """Write how often a screen finds a push, dates it, and accuses somebody else beside it."""
    return [
        f"**{title}** (dated: within 5 % of the span)",
        "",
        "| cell | found | of these dated | worlds with another account accused |",
        "|---|--:|--:|--:|",
        *(f"| {c['cell']} | {c['found']:.2f} | {c['dated']:.2f} | {c['hits']} of {c['worlds']} |" for c in cells),
    ]
