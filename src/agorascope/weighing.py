"""Which population are rows weighed towards, and what is said of the weights? What every analysis that weighs shares.

Keys of sentences begin with the name of the analysis: voters are not accounts. A variable is named in the reader's language where
it is known, in quotation marks as the user wrote it where not; two together (``age*place``) are named one by one.

Limits: weights correct the traits known, and nothing else.
Source: ``stats.margins`` and ``stats.weighting``.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

from .errors import BadValue
from .stats.margins import Frame, Margin, chosen, sound
from .tables import MARGINS, Corpus
from .texts import Message, message

KNOWN = ("account_type", "age", "followers", "gender", "group", "language", "place", "platform", "verified")
SCALED, OFF = 0.005, 1e-6


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
    return [reduce(_crossed, [_name(part) for part in variable.split("*")]) for variable in variables]


def remarks(analysis: str, frame: Frame, off: float) -> list[Message]:
    """Say what the weights of ``frame`` could not reach, ``off`` being how far they miss the margins at worst."""
    said = []
    if frame.left_out:
        said.append(message(f"{analysis}.note.left_out", names=named(name for name, _ in frame.left_out)))
    if frame.uncovered > 0:
        said.append(message(f"{analysis}.note.uncovered", share=frame.uncovered))
    said += _unsound(analysis, frame.unsound)
    if scaled := [m.variable for m in frame.used if abs(m.total - 1) > SCALED]:
        said.append(message(f"{analysis}.note.scaled", names=named(scaled)))
    if off > OFF:
        said.append(message(f"{analysis}.note.off", off=off))
    return said


def unweighed(analysis: str, margins: Sequence[Margin], populations: Sequence[str]) -> list[Message]:
    """Say why nothing was weighed, where there are margins: none was chosen, none adds up, or too few rows have the traits."""
    if populations:
        return [message(f"{analysis}.note.populations", names=list(populations))]
    told = _unsound(analysis, margins)
    if fit := [m.variable for m in margins if sound(m)]:
        told.append(message(f"{analysis}.note.no_traits", names=named(fit)))
    return told


def _unsound(analysis: str, margins: Iterable[Margin]) -> list[Message]:
    """Say of each margin that does not add up what was seen and what to do."""
    wrong = [m for m in margins if not sound(m)]
    return [message(f"{analysis}.note.unsound", name=_name(m.variable), total=m.total) for m in wrong]


def _name(variable: str) -> Message:
    return message(f"report.trait.{variable}") if variable in KNOWN else message("report.trait.other", name=variable)


def _crossed(one: Message, other: Message) -> Message:
    return message("report.trait.crossed", one=one, other=other)
