"""Agorascope: from collected posts to findings a third party can check."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .case import Case, Given, new_case, open_case
    from .errors import (
        AgorascopeError,
        BadRecord,
        BadValue,
        CaseBusy,
        CaseError,
        InputError,
        InvalidFinding,
        NotACase,
        UnknownName,
        Unrecognised,
        UsageError,
    )
    from .findings import Estimate, Finding
    from .tables import Corpus

_HOME = {
    "case": ("Case", "Given", "new_case", "open_case"),
    "errors": (
        "AgorascopeError",
        "BadRecord",
        "BadValue",
        "CaseBusy",
        "CaseError",
        "InputError",
        "InvalidFinding",
        "NotACase",
        "UnknownName",
        "Unrecognised",
        "UsageError",
    ),
    "findings": ("Estimate", "Finding"),
    "tables": ("Corpus",),
}

__all__ = [
    "AgorascopeError",
    "BadRecord",
    "BadValue",
    "Case",
    "CaseBusy",
    "CaseError",
    "Corpus",
    "Estimate",
    "Finding",
    "Given",
    "InputError",
    "InvalidFinding",
    "NotACase",
    "UnknownName",
    "Unrecognised",
    "UsageError",
    "new_case",
    "open_case",
]


def __dir__() -> list[str]:
    """List the public names, so that they can be completed."""
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the engines and the report load only for those who need them."""
    for module, names in _HOME.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("agorascope")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
