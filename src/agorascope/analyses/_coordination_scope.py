"""Which behaviours were tested, and which were not, and why? Nothing is said of those that were not."""

from typing import NamedTuple

from agorascope.errors import BadValue
from agorascope.stats.windows import resolution
from agorascope.texts import Message, message

from ._coordination_networks import SECOND_US, usable
from ._coordination_reduce import ALONE, Acts


class Scope(NamedTuple):
    """Hold what was tested (``parts``) and the names of what was not.

    ``absent``: no act here; ``thin``: too few accounts act; ``coarse``: with the step of its times (s), longer than the window
    given; ``unasked``: what ``object`` leaves out.
    """

    parts: list[Acts]
    absent: list[str]
    thin: list[str]
    coarse: list[tuple[str, int]]
    unasked: list[str]

    def untested(self) -> list[str]:
        """Name every behaviour that was not tested."""
        names = {*self.absent, *self.thin, *(kind for kind, _ in self.coarse), *self.unasked}
        return [kind for kind in (*ALONE, "domain", "hashtag", "any") if kind in names]


def scope(gathered: list[Acts], asked: str, window: int | None) -> Scope:
    """Sort what was gathered. Raises BadValue where a window given is shorter than the step of the times, or longer than all."""
    there = [one for one in gathered if one.account.size]
    steps = {one.kind: step(one) for one in there if window is not None}
    coarse = [(kind, length) for kind, length in steps.items() if window is not None and window < length]
    told = [one for one in there if one.kind not in dict(coarse)]
    if coarse and not told:
        raise too_short(window, max(length for _, length in coarse))
    kinds = {one.kind for one in there}
    wanted = ALONE if asked in ("auto", "any") else (asked,)
    parts = [one for one in told if usable(one)]
    if window is not None and parts:
        fits(window, parts)
    return Scope(
        parts,
        [] if asked == "any" and kinds else [kind for kind in wanted if kind not in kinds],
        [one.kind for one in told if not usable(one)],
        coarse,
        [kind for kind in ALONE if kind not in wanted],
    )


def fits(window: int, parts: list[Acts]) -> None:
    """Raise BadValue where a window is longer than the time from the first act to the last: everybody would act together."""
    span = (max(int(one.at_us.max()) for one in parts) - min(int(one.at_us.min()) for one in parts)) // SECOND_US
    if window > span:
        raise BadValue(
            f"window_s is {window}, but all acts lie within {span} seconds, so that everybody would act together; use less, or auto"
        )


def step(acts: Acts) -> int:
    """Give the step of the times of acts in seconds: a second, a minute, an hour or a day; 0 for a second or less."""
    length = resolution(acts.at_us // SECOND_US)
    return length if length > 1 else 0


def too_short(window: int | None, length: int) -> BadValue:
    """Say that no time here tells what a window asks for."""
    return BadValue(
        f"window_s is {window}, but the times of these posts are whole steps of {length} seconds; use {length} or more, or auto"
    )


def said(one: Scope) -> Message:
    """Name what was tested, and what was not."""
    done = [_behaviour(part.kind) for part in one.parts]
    undone = [_behaviour(kind) for kind in one.untested()]
    return message("coordination.scope.some", done=done, undone=undone) if undone else message("coordination.scope.all", done=done)


def notes(one: Scope, gathered: list[Acts], window: int | None) -> list[Message]:
    """Say why each behaviour was not tested, and how many acts could not be used."""
    found = []
    for name, kinds in (("absent", one.absent), ("unasked", one.unasked)):
        if kinds:
            found.append(message(f"coordination.note.{name}", behaviours=[_behaviour(kind) for kind in kinds]))
    found += [message("coordination.note.thin", behaviour=_behaviour(kind)) for kind in one.thin]
    found += [
        message("coordination.note.coarse", behaviour=_behaviour(kind), step=length, window=window) for kind, length in one.coarse
    ]
    return found + unused(gathered)


def unused(gathered: list[Acts]) -> list[Message]:
    """Count the acts that name no account or no time, behaviour by behaviour."""
    return [message("coordination.note.unused", behaviour=_behaviour(a.kind), n=a.unused) for a in gathered if a.unused]


def _behaviour(kind: str) -> str:
    """Give the key of a behaviour's name, which is said in the reader's language."""
    return f"coordination.values.behaviour.{kind}"
