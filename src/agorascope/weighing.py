"""Which population are rows weighed towards, and what is said of the weights? What every analysis that weighs shares.

Keys of sentences begin with the name of the analysis: voters are not accounts. A variable is named in the reader's language where
it is known, in quotation marks as the user wrote it where not; two together (``age*place``) are named one by one.

Limits: weights correct the traits known, and nothing else.
Source: ``stats.margins`` and ``stats.weighting``.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

from .errors import BadValue
from .stats.margins import FEWEST, Frame, Margin, Match, chosen, sound
from .tables import MARGINS, Corpus
from .texts import Message, message

KNOWN = (
    *("account_type", "age", "country", "education", "followers", "gender", "group", "language", "place", "platform", "region"),
    *("sex", "verified"),
)
SCALED, OFF = 0.005, 1e-6
SHOWN = 4


def targets(corpus: Corpus, population: str) -> tuple[tuple[Margin, ...], tuple[str, ...]]:
    """Give the margins of the population named, or of the only one, else the names of all.

    Raises BadValue for an unknown one, and for one named whose shares do not add up to 1: of one that nobody asked for,
    ``remarks`` says that it was not used.
    """
    try:
        found, others = chosen(corpus.query(MARGINS).to_pylist() if corpus.has("margins") else [], population)
    except ValueError as error:
        raise BadValue(str(error)) from error
    if population and (wrong := [m for m in found if not sound(m)]):
        raise BadValue(
            f"margins is {population!r}, where the shares of {wrong[0].variable!r} add up to {wrong[0].total:.4g}, not 1; "
            "write every category once, as its share of the whole (a count divided by the sum of counts), and add the table to a "
            "new case"
        )
    return found, others


def named(variables: Iterable[str]) -> list[Message]:
    """Name variables, to be told as ``{names:messages}``.

    >>> [str(name) for name in named(["account_type", "shoes", "age*place"])]
    ['type of account', '“shoes”', 'age × place']
    """
    return [_name_of(variable) for variable in variables]


def refuse_unmatched(population: str, matches: Sequence[Match], who: str) -> None:
    """Raise BadValue where the population asked for has nothing in common with what is known of ``who``."""
    if not population or not matches or any(match.common for match in matches):
        return
    seen = "; ".join(_beside(match, who) for match in matches)
    raise BadValue(
        f"margins is {population!r}, which has no category in common with the {who} here: {seen}; write variables and categories "
        "in a table of margins as they are seen here, add it under another name, and use that name: margins=NAME"
    )


def _beside(match: Match, who: str) -> str:
    theirs = f"{match.variable} is {_few(match.categories)} in the margins"
    if match.seen:
        return f"{theirs}, and {_few([category for category, _ in match.seen])} among the {who}"
    return f"{theirs}, and known of none of the {who} (known of them: {_few(match.known) or 'nothing'})"


def _few(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def remarks(analysis: str, frame: Frame, off: float, matches: Sequence[Match] = ()) -> list[Message]:
    """Say what the weights of ``frame`` could not reach, ``off`` being how far they miss the margins at worst."""
    sides, apart = {m.variable for m in matches if m.common}, [m for m in matches if not m.common]
    said = _apart(analysis, [m for m in apart if m.variable in dict(frame.left_out)])
    if left_out := [name for name, _ in frame.left_out if name in sides or not matches]:
        said.append(message(f"{analysis}.note.left_out", names=named(left_out)))
    said += _in_part(analysis, matches)
    if frame.uncovered > 0:
        said.append(message(f"{analysis}.note.uncovered", share=frame.uncovered))
    said += _unsound(analysis, frame.unsound)
    if scaled := [m.variable for m in frame.used if abs(m.total - 1) > SCALED]:
        said.append(message(f"{analysis}.note.scaled", names=named(scaled)))
    if off > OFF:
        said.append(message(f"{analysis}.note.off", off=off))
    return said


def unweighed(analysis: str, margins: Sequence[Margin], populations: Sequence[str], matches: Sequence[Match] = ()) -> list[Message]:
    """Say why nothing was weighed, where there are margins: none chosen, nothing in common, no whole, or too few have traits."""
    if populations:
        return [message(f"{analysis}.note.populations", names=list(populations))]
    fit = {m.variable for m in margins if sound(m)}
    apart = [m for m in matches if not m.common and m.variable in fit]
    told = [*_apart(analysis, apart), *_unsound(analysis, margins)]
    if few := sorted(fit - {m.variable for m in apart}):
        told.append(message(f"{analysis}.note.no_traits", names=named(few)))
    return told + _in_part(analysis, [m for m in matches if m.variable in fit])


def unweighed_for(margins: Sequence[Margin], populations: Sequence[str], matches: Sequence[Match]) -> str:
    """Give the one word for why nothing was weighed: ``populations``, ``unsound``, ``unknown`` where nothing the margins name is
    known of the rows, ``unmatched`` where other categories of it are, ``few``, or none: no margins.
    """
    if populations or not margins:
        return "populations" if populations else ""
    fit = {m.variable for m in margins if sound(m)}
    if not fit:
        return "unsound"
    if not any(m.seen for m in matches if m.variable in fit):
        return "unknown"
    return "few" if any(m.common for m in matches if m.variable in fit) else "unmatched"


def _apart(analysis: str, matches: Iterable[Match]) -> list[Message]:
    """Say of each margin that has no category in common with the rows what each side has, and what to do."""
    said = []
    for match in matches:
        told = {"name": _name_of(match.variable), "theirs": _quoted(analysis, match.categories)}
        if match.seen:
            said.append(message(f"{analysis}.note.unmatched", seen=_seen(analysis, match.seen), **told))
        elif match.known:
            said.append(message(f"{analysis}.note.unheard", known=named(match.known), **told))
        else:
            said.append(message(f"{analysis}.note.nothing_known", **told))
    return said


def _in_part(analysis: str, matches: Iterable[Match]) -> list[Message]:
    """Say of each margin that has some categories in common which it lacks, and which nobody here has."""
    said = []
    for match in matches:
        if match.common and match.strange:
            told = {"name": _name_of(match.variable), "n": sum(n for _, n in match.strange), "seen": _seen(analysis, match.strange)}
            absent = {"absent": _quoted(analysis, match.absent)} if match.absent else {}
            said.append(message(f"{analysis}.note.{'in_part_absent' if absent else 'in_part'}", **told, **absent))
    return said


def _seen(analysis: str, seen: Sequence[tuple[str, int]]) -> list[Message]:
    """Quote categories that ten rows have; of rarer ones only how many there are, since a rare trait may name a person."""
    common = [category for category, n in seen if n >= FEWEST]
    if not common:
        return [message(f"{analysis}.rare", n=len(seen))]
    return _quoted(analysis, common, others=len(seen) - len(common))


def _quoted(analysis: str, names: Sequence[str], *, others: int = 0) -> list[Message]:
    shown = [message("report.trait.other", name=name) for name in names[:SHOWN]]
    rest = len(names) - len(shown) + others
    return [*shown, message(f"{analysis}.more", n=rest)] if rest else shown


def _unsound(analysis: str, margins: Iterable[Margin]) -> list[Message]:
    """Say of each margin that does not add up what was seen and what to do."""
    wrong = [m for m in margins if not sound(m)]
    return [message(f"{analysis}.note.unsound", name=_name_of(m.variable), total=m.total) for m in wrong]


def _name_of(variable: str) -> Message:
    return reduce(_crossed, [_name(part) for part in variable.split("*")])


def _name(variable: str) -> Message:
    return message(f"report.trait.{variable}") if variable in KNOWN else message("report.trait.other", name=variable)


def _crossed(one: Message, other: Message) -> Message:
    return message("report.trait.crossed", one=one, other=other)
