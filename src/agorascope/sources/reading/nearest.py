"""Which formats come nearest to a file that none recognises, and what does it lack for each? A few; the rest is listed elsewhere.

Of tables, those that know the most of the columns; where the user named columns, those that have most of these names first.
"""

from collections.abc import Sequence
from types import ModuleType

from agorascope.sources import Sample
from agorascope.sources.columns import lacked
from agorascope.sources.names import Aliases
from agorascope.sources.used import columns_used

SHOWN = 3
SHOWN_COLUMNS = 12
SHOWN_LETTERS = 40
_USUAL = "generic"
_POLIS: tuple[frozenset[str], ...] = (
    frozenset(("pid", "tid", "vote")),
    frozenset(("tid", "txt")),
    frozenset(("pca.comps", "group-clusters")),
    frozenset(("conversation_id", "participant_count", "vis_type")),
)
"""Fields that votes, comments, the mathematics and the settings of a conversation have in what the API of Polis answers."""


def unrecognised(name: str, samples: Sequence[Sample], candidates: Sequence[ModuleType]) -> str:
    """Say in one line what a file holds, what it lacks for the formats nearest to it, where all are listed, and what to do.

    ``samples`` are the ways to look at its beginning: under one header or another, as JSON values or as rows.
    """
    tables = [module for module in candidates if module.CONTAINER == "table"]
    sample = _best([sample for sample in samples if sample.container == "table"], tables)
    values = next((one for one in samples if one.container == "json"), None)
    of_json = [module for module in candidates if module.CONTAINER == "json"]
    reasons = [f"{module.NAME} ({_why(sample, module)})" for module in _near(sample, tables)]
    if len(candidates) == 1:
        reasons += [f"{m.NAME} ({_why(values, m) if values else 'of JSON values, not of rows'})" for m in of_json]
    elif values is not None:
        reasons.append(f"nor is it JSON of {', '.join(module.NAME for module in of_json)}")
    if any(fields <= set(one.header) for fields in _POLIS for one in samples):
        return (
            f"no source recognises {name}, which holds: {_held(sample.header)}; it looks like an answer of the API of Polis, where "
            "a vote of -1 may stand for agree; add participants-votes.csv of the export of the conversation, where 1 agrees and -1 "
            "disagrees, and comments.csv for the words of what was voted on; agorascope explain ratings"
        )
    return (
        f"no source recognises {name}, which holds: {_held(sample.header)}; {'tried' if len(candidates) == 1 else 'nearest'}: "
        f"{'; '.join(reasons)}; name the columns with --columns FILE.toml or the format with --format NAME; "
        "all formats: agorascope sources; the columns of one: agorascope explain NAME"
    )


def _best(samples: Sequence[Sample], tables: Sequence[ModuleType]) -> Sample:
    """Choose the header of which any format knows the most columns; the first where several do."""
    return max(samples, key=lambda sample: max((_known(sample, module) for module in tables), default=0))


def _near(sample: Sample, tables: Sequence[ModuleType]) -> list[ModuleType]:
    """List the few formats that know more than half as many columns as the one that knows the most, the nearest first.

    Of formats that lack a name the user gave, the first is enough: all say the same.
    """
    strange = {module.NAME: len(_lacked(sample, module)) for module in tables}
    known = {module.NAME: _known(sample, module) for module in tables}
    ordered = sorted(tables, key=lambda module: (strange[module.NAME], -known[module.NAME], module.NAME != _USUAL))
    if not ordered:
        return []
    most = known[ordered[0].NAME]
    near = [module for module in ordered if most and 2 * known[module.NAME] > most and not strange[module.NAME]]
    return (near or ordered[:1])[:SHOWN]


def _known(sample: Sample, module: ModuleType) -> int:
    """Count the columns a format knows by name: any number heads an item of a table of votes."""
    names = {name.partition(".")[0] for name in _names(module)}
    used = columns_used(sample, module.NAME)
    return sum(not names or name.partition(".")[0] in names for name in used)


def _lacked(sample: Sample, module: ModuleType) -> list[str]:
    return lacked(sample, _names(module))


def _names(module: ModuleType) -> Aliases:
    """Give the canonical names a format has; none for the table of a tool, whose names are its own."""
    names: Aliases = getattr(module, "NAMES", None) or getattr(module, "COLUMNS", {})
    return names


def _why(sample: Sample, module: ModuleType) -> str:
    return str(module.recognise(sample)).partition("; saw:")[0]


def _held(header: Sequence[str]) -> str:
    shown = [name if len(name) <= SHOWN_LETTERS else name[:SHOWN_LETTERS] + "…" for name in header[:SHOWN_COLUMNS]]
    more = f" and {len(header) - SHOWN_COLUMNS} more" if len(header) > SHOWN_COLUMNS else ""
    return (", ".join(shown) or "no columns") + more


__all__ = ["unrecognised"]
