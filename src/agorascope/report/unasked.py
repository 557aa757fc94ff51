"""Which questions were not asked, and for want of what? One line for all that lack the same, in the reader's words."""

from collections.abc import Mapping

from agorascope.texts import Message, catalogue, say

from .cells import value_text, word


def unasked(excluded: Mapping[str, Message], rows: Mapping[str, int], lang: str) -> tuple[tuple[str, str], ...]:
    """Give what is missing and the titles of the analyses that lack it, the largest group first.

    ``rows`` counts what the case holds: of tables that are needed together, only those that are not there are named.
    """
    held = {table for table, count in rows.items() if count}
    grouped: dict[str, list[str]] = {}
    for name, reason in sorted(excluded.items()):
        grouped.setdefault(_lacking(name, reason, held, lang), []).append(catalogue(lang).get(f"{name}.title", name))
    lines = sorted(grouped.items(), key=lambda line: (-len(line[1]), line[1]))
    return tuple((lacking, word("report.excluded.titles", lang, titles=titles)) for lacking, titles in lines)


def _lacking(name: str, reason: Message, held: set[str], lang: str) -> str:
    if reason.key == "case.missing_parameter":
        return word("report.excluded.setting", lang, names=[f"{name}.{one}" for one in reason.args["names"]])
    if reason.key != "case.missing_tables":
        return say(reason, lang)
    ways = [[table for table in way.split(" + ") if table not in held] for way in reason.args["names"]]
    fewest = [way for way in ways if not any(set(other) < set(way) for other in ways)]
    beside = f" {word('report.excluded.beside', lang)} "
    said = [beside.join(value_text("report", "table", table, lang) for table in way) for way in fewest]
    return word("report.excluded.tables", lang, what=said)
