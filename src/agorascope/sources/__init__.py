"""Which formats are read? One module per format in this folder; adding one is one file, its fixture, its page.

A source module has:

- ``NAME``: the name users give to ``--format`` (the module's name, with ``-`` for ``_``);
- ``CONTAINER``: ``"json"`` (one JSON value per line, or one JSON document), or ``"table"`` (CSV/TSV rows or Parquet);
- ``recognise(sample: Sample) -> str | None``: None if this is the format, else one short reason why it is not;
- ``mapper(sample: Sample) -> Mapper``: bind to one file (its header, its options) and return a function that turns one
  payload into the records it holds. The payload of a "json" source is the raw bytes of one value; that of a "table"
  source is the list of cells (text or None) in the order of ``sample.header``.

A mapper is pure: it returns a list of ``records`` structs, or raises BadRecord, msgspec.MsgspecError, ValueError or
UnicodeDecodeError, which is the reason shown in quarantine (``reasons``). An empty list means the record is understood and
holds nothing to keep (a comment, a service frame). A post without an id is returned with ``post_id=""`` in all its
records; the store gives it an identity from its content. ``PRIORITY`` (default 0): higher wins when several
recognise a file. ``decide(sample)`` gives the constants that the first rows tell of the whole file (``reading.deciding``), and
``told(sample)`` what a person should know of how it is read (``reading.remarks``).
A tool's tables have ``TITLE``, its name in a sentence; ``SIGNATURE``, columns only that tool writes (one that ends in a dot
stands for all that begin so); ``missing(sample)``, the needed columns a header lacks: a file that bears its signature and
is read as something else is said to (``reading.lookalikes``).
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from agorascope.errors import UnknownName
from agorascope.records import Record

Mapper = Callable[[Any], Sequence[Record]]


@dataclass(frozen=True)
class Sample:
    """Show a source the beginning of a file: enough to recognise it and to bind a mapper to it.

    ``header`` is the column names of a table, as written (empty for JSON); ``rows`` its first rows; ``values`` the
    first JSON values, decoded (empty for tables); ``columns`` the user's mapping ``canonical name -> column`` from
    ``--columns``, with ``platform`` and other constants under ``constants``.
    """

    name: str
    container: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()
    values: tuple[Any, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def sources() -> dict[str, ModuleType]:
    """List every source module by its name, most specific first."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    named = [m for m in modules if hasattr(m, "NAME")]
    return {m.NAME: m for m in sorted(named, key=lambda m: (-getattr(m, "PRIORITY", 0), m.NAME))}


def source(name: str) -> ModuleType:
    """Give one source module. Raises UnknownName."""
    if name not in sources():
        raise UnknownName("format", name, list(sources()))
    return sources()[name]
