"""Which questions can be asked? One module per question in this folder; adding one is one file, one test, one page.

An analysis module exports ``EXAMPLE`` (a command line), ``LIMITS`` (catalogue messages), ``Params`` (a frozen msgspec
struct; fields without a default are required) and ``run(corpus, params) -> Finding``; also ``REQUIRES``, alternatives
of canonical tables (``(("posts",), ("panels",))`` = posts or panels), ``INSTEAD``, parameters that stand in for them, and,
where it builds on others, ``NEEDS``, their names, with ``NEEDS_WHERE``, tables without which it has no use for these, or
``needs(params) -> bool``, parameters without which it has none, so that they are not run for it. ``refuse(params)`` raises
BadValue for parameters that would do nothing together; it is asked of new questions only. Modules whose name begins with ``_``
are private halves of one.
"""

import functools
import importlib
import pkgutil
from types import ModuleType

from agorascope.errors import UnknownName


@functools.cache
def analyses() -> dict[str, ModuleType]:
    """List every analysis module by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}


def analysis(name: str) -> ModuleType:
    """Give one analysis module. Raises UnknownName."""
    if name not in analyses():
        raise UnknownName("analysis", name, list(analyses()))
    return analyses()[name]
