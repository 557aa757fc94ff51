"""Which value may a parameter take, and who takes it? Everything typed after -p is judged before the first analysis runs."""

import itertools
import math
import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from agorascope.analyses import analyses, analysis
from agorascope.errors import BadValue, UnknownName
from agorascope.texts import message, say

_DECIMAL = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*", re.ASCII)
_GROUPED = re.compile(r"\s*[+-]?[1-9]\d{0,2},\d{3}\s*", re.ASCII)  # 1,100: a decimal comma, or thousands as English sets them apart
_SPACED = re.compile(r"\s*[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?\s*", re.ASCII)
_SPACES = re.compile(r"[ \u00a0\u202f]")
_NUMBERS = ("IntType", "FloatType")
_NOUNS = {"IntType": "whole", "FloatType": "number", "BoolType": "truth", "StrType": "text"}


@dataclass(frozen=True)
class Given:
    """Hold one ``-p [ANALYSIS.]NAME=VALUE``; ``analysis`` None speaks to every analysis that has NAME."""

    analysis: str | None
    name: str
    value: object


@dataclass(frozen=True)
class Untaken:
    """Say which analysis did not take a value that others took."""

    analysis: str
    name: str
    value: object


def parameters(name: str) -> dict[str, Any]:
    """Describe the parameters of an analysis: name -> msgspec field information."""
    info = msgspec.inspect.type_info(analysis(name).Params)
    return {field.name: field for field in info.fields}  # type: ignore[attr-defined]


def needed(name: str, params: Mapping[str, object]) -> tuple[str, ...]:
    """Name the parameters without which what these made is not made again: required ones, and what stood in for tables."""
    if name not in analyses():  # made by another version
        return ()
    instead = getattr(analysis(name), "INSTEAD", ())
    return tuple(
        one
        for one, info in parameters(name).items()
        if one in params and (info.required or (one in instead and params[one] != info.default))
    )


def settle(chosen: Sequence[str], given: Sequence[Given]) -> tuple[dict[str, dict[str, object]], list[Untaken]]:
    """Give each analysis chosen the values it takes; list those that only others took.

    Raises UnknownName for a name nobody has, BadValue for a value that nobody spoken to takes.
    """
    settings: dict[str, dict[str, object]] = {name: {} for name in chosen}
    untaken: list[Untaken] = []
    for one in given:
        asked = _asked(chosen, one)
        takers = [name for name in asked if _takes(name, _read(name, one))]
        if not takers:
            raise BadValue(_refusal(asked, one))
        for name in takers:
            settings[name][one.name] = _read(name, one).value
        untaken += [Untaken(name, one.name, one.value) for name in asked if name not in takers]
    for name in chosen:
        _check_together(name, settings[name], several=len(chosen) > 1)
    return settings, [one for one in untaken if one.name not in settings[one.analysis]]


def choices(name: str, parameter: str, lang: str = "en") -> str:
    """Say in plain words what a parameter takes: its choices, its range, its type."""
    hint, info = _hint(name, parameter), parameters(name)[parameter].type
    kind = _plain(info)
    if typing.get_origin(hint) is Literal:
        return say(message("case.takes.choices", names=", ".join(str(v) for v in typing.get_args(hint) if v != "")), lang)
    noun = f"case.takes.{_NOUNS.get(type(kind).__name__, 'text')}"
    limits = _limits(kind, lang)
    return say(message("case.takes.within", kind=noun, limits=limits) if limits else message(noun), lang)


def _asked(chosen: Sequence[str], one: Given) -> list[str]:
    """List the analyses a value speaks to, and that have a parameter of its name."""
    if one.analysis is not None and one.analysis not in chosen:
        raise UnknownName("analysis in -p", one.analysis, list(chosen))
    spoken_to = [one.analysis] if one.analysis else list(chosen)
    asked = [name for name in spoken_to if one.name in parameters(name)]
    if not asked:
        raise UnknownName("parameter", one.name, sorted(set(itertools.chain.from_iterable(parameters(n) for n in spoken_to))))
    return asked


def _read(name: str, one: Given) -> Given:
    """Read a number as people type one where a number is asked for: ``.8``, ``5.``, ``0,82``, ``1 100 000``."""
    kind = _kind(name, one.name)
    if not isinstance(one.value, str) or kind not in _NUMBERS:
        return one
    written = _SPACES.sub("", one.value.strip()) if _SPACED.fullmatch(one.value) else one.value
    if kind == "FloatType":
        if _COMMA.fullmatch(written) and not _GROUPED.fullmatch(one.value):
            written = written.replace(",", ".")
        return replace(one, value=float(written)) if _DECIMAL.fullmatch(written) else one
    return replace(one, value=written)


def _kind(name: str, parameter: str) -> str:
    return type(_plain(parameters(name)[parameter].type)).__name__


def _takes(name: str, one: Given) -> bool:
    value = _number(one.value)
    if value is not None and not math.isfinite(value) and _kind(name, one.name) == "FloatType":
        return False
    try:
        msgspec.convert(one.value, typing.get_type_hints(analysis(name).Params, include_extras=True)[one.name], strict=False)
    except msgspec.ValidationError:
        return False
    return True


def _check_together(name: str, values: dict[str, object], *, several: bool) -> None:
    """Raise BadValue for values that are right one by one and not together; a parameter still missing is told elsewhere.

    What an analysis has to ``refuse`` is asked here and not when it runs: findings made before it did are computed again as before.
    """
    if any(info.required and parameter not in values for parameter, info in parameters(name).items()):
        return
    try:
        params = msgspec.convert(values, analysis(name).Params, strict=False)
    except msgspec.ValidationError as error:
        raise BadValue(f"{name}: {error}; what it takes: agorascope explain {name}") from error
    try:
        getattr(analysis(name), "refuse", bool)(params)
    except BadValue as error:
        raise BadValue(whose(name, error, several=several)) from error


def whose(name: str, refusal: BadValue, *, several: bool) -> str:
    """Say which analysis refuses a value, and of several how it is kept from the others."""
    return f"{name}: {refusal}" + ("; a value for one analysis alone is given as -p ANALYSIS.NAME=VALUE" if several else "")


def _refusal(asked: Sequence[str], one: Given) -> str:
    """Say what was seen and what each analysis takes; analyses that take the same are told together."""
    takers: dict[str, list[str]] = {}
    for name in asked:
        takers.setdefault(_advice(name, _read(name, one)), []).append(name)
    if len(takers) == 1:
        advice = next(iter(takers))
    else:
        advice = "; or ".join(f"{said} ({', '.join(names)})" for said, names in takers.items())
    seen = one.value if _number(one.value) is not None else repr(one.value)
    return f"{one.name} is {seen}; use {advice}"


def _advice(name: str, one: Given) -> str:
    kind = _plain(parameters(name)[one.name].type)
    if type(kind).__name__ == "FloatType" and _number(one.value) is not None:
        limits = _limits(kind, "en")
        return say(message("case.takes.limits", limits=limits), "en") if limits else choices(name, one.name)
    if type(kind).__name__ in _NUMBERS and isinstance(one.value, str) and "," in one.value:
        return say(message("case.takes.pointed", what=choices(name, one.name)), "en")
    return choices(name, one.name)


def _plain(kind: Any) -> Any:
    """Give the type without its notes, and of one that may be left out the type it has where it is given."""
    if isinstance(kind, msgspec.inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType))
    return getattr(kind, "type", kind)


def _limits(kind: Any, lang: str) -> list[str]:
    """List the limits of a number; each is written as it would be typed."""
    bounds = {name: limit for name in ("gt", "ge", "lt", "le") if (limit := getattr(kind, name, None)) is not None}
    return [say(message(f"case.takes.{name}", n=f"{limit:g}"), lang) for name, limit in bounds.items()]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _hint(name: str, parameter: str) -> Any:
    """Give the type of a parameter without its notes."""
    return typing.get_type_hints(analysis(name).Params)[parameter]


__all__ = ["Given", "Untaken", "choices", "parameters", "settle"]
