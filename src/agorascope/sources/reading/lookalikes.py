"""Does a file look like the export of a tool, though a column that tool always writes is missing?

Then another source read it, by the names of its columns alone, and what only the tool's source knows was left aside.
"""

from agorascope.sources import Sample, sources
from agorascope.sources.used import columns_used
from agorascope.texts import Message, message

ENOUGH = 3
"""Columns only one tool writes that make a file look like its own."""
_COUNTS = frozenset(("views", "reach", "likes", "reposts", "quotes", "replies", "bookmarks"))


def lookalikes(sample: Sample, read_as: str) -> list[Message]:
    """Say which tool a table looks like, what it lacks, which counts were left aside; nothing where a tool's source reads it."""
    said = []
    for name, module in sources().items():
        if name == read_as or not hasattr(module, "SIGNATURE") or hasattr(sources()[read_as], "SIGNATURE"):
            continue
        marks = [column for column in sample.header if _is_mark(column, module.SIGNATURE)]
        lacking = module.missing(sample)
        if len(marks) < ENOUGH or not lacking:
            continue
        taken = set(columns_used(sample, read_as).values())
        known = columns_used(sample, name).items()
        counts = [column for canonical, column in known if canonical.partition(".")[0] in _COUNTS and column not in taken]
        args = {"vendor": module.TITLE, "missing": lacking, "missing_n": len(lacking), "source": read_as}
        said.append(message("sources.looks_like_counts" if counts else "sources.looks_like", **args, counts=counts))
    return said


def _is_mark(column: str, signature: tuple[str, ...]) -> bool:
    return any(column.startswith(mark) if mark.endswith(".") else column == mark for mark in signature)
