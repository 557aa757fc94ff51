"""Is this a table of votes? One row per vote, or one row per participant and one column per item (Polis).

Long form: ``rater, item, value`` and, where given, ``at``. Wide form: ``participant`` and columns named 0, 1, 2...;
an empty cell is an item the participant did not see, and gives no row; ``group-id`` gives the participant's group.

Votes are numbers or words, as ``votes`` under ``[constants]`` or most of the first rows of the file say: the other kind is
refused, since a no in words is -1 and a no in numbers may be 0, which beside a -1 is a pass. A number above 0 agrees; where 1
is a vote against, as in the database of Polis, ``agree = "-1"`` under ``[constants]`` says so, and -1 and 1 change places.
"""

from collections.abc import Callable, Sequence
from typing import Any

from agorascope.errors import BadRecord, BadValue
from agorascope.records import Group, Rating, Record
from agorascope.texts import Message, message

from . import Mapper, Sample
from .columns import bind, dates, given_platform, key, padded, saw, unknown_names, values
from .fields import NULLS, called, ident, number, time_us
from .names import Aliases
from .wording import vote

NAME = "ratings"
CONTAINER = "table"
PRIORITY = -2
COLUMNS: Aliases = {
    "rater": "raterid raterparticipantid participant participantid voter voterid votant",
    "item": "itemid noteid commentid statementid tid proposition",
    "value": "vote rating note valeur score",
    "group": "groupid groupe",
    "at": "timestamp createdat createdatmillis date",
    "platform": "plateforme",
}
_POLIS = (frozenset(("commentid", "voterid", "vote")), frozenset(("participant", "groupid", "nagree", "ndisagree")))
"""Columns, as ``key`` writes them, that stand together in ``votes.csv`` and in ``participants-votes.csv`` of an export of Polis."""


def recognise(sample: Sample) -> str | None:
    """Accept rater, item and value, or a participant and at least two numbered items."""
    if reason := unknown_names(sample, COLUMNS):
        return reason
    at = bind(sample, COLUMNS)
    if {"rater", "item", "value"} <= at.keys() or ("rater" in at and len(_items(sample)) >= 2):
        return None
    missing = [name for name in ("rater", "item", "value") if name not in at]
    return f"no column for {', '.join(missing)} of a vote; {saw(sample)}"


def bound(sample: Sample) -> dict[str, int]:
    """Give the position of each column that is read, by canonical name; of a wide table also each item's."""
    at = bind(sample, COLUMNS)
    items = {} if {"item", "value"} <= at.keys() else {f"item {name}": i for name, i in _items(sample)}
    return at | items


def decide(sample: Sample) -> dict[str, str]:
    """Say whether the votes of the file are words or numbers: words where more of those of the sample are; nothing without one."""
    at, items = bind(sample, COLUMNS), _items(sample)
    places = [at["value"]] if {"item", "value"} <= at.keys() else [i for _, i in items]
    seen = [value for i in places for value in values(sample, i)]
    words, numbers = (sum(map(told, seen)) for told in (lambda value: vote(value) is not None, _is_number))
    return {"votes": "words" if words > numbers else "numbers"} if words or numbers else {}


def told(sample: Sample) -> list[Message]:
    """Say which sign was read as agreement in an export of Polis, unless the user said it: two of its makers' programs differ."""
    names = set(map(key, sample.header))
    polis = any(columns <= names for columns in _POLIS)
    return [message("sources.votes_sign")] if polis and "agree" not in sample.constants and _kind(sample) != "words" else []


def mapper(sample: Sample) -> Mapper:
    """Bind to the long or the wide form and map each row to votes."""
    at, width = bind(sample, COLUMNS), len(sample.header)
    platform_of, items = given_platform(sample, at), _items(sample)
    i_rater, i_item, i_value, i_group, i_at = (at.get(n, width) for n in ("rater", "item", "value", "group", "at"))
    day_first, zone = dates(sample, i_at)
    long = {"item", "value"} <= at.keys()
    read = _signed(_reader(_kind(sample) == "words"), sample)

    def rater_of(row: Sequence[Any]) -> str:
        rater = ident(row[i_rater])
        if rater is None:
            raise BadRecord(message("reasons.vote_without_rater"))
        return rater

    def map_vote(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        item = ident(row[i_item])
        if item is None:
            raise BadRecord(message("reasons.vote_without_item"))
        when = time_us(row[i_at], day_first=day_first, zone=zone)
        return [Rating(platform_of(row), rater_of(row), item, read(row[i_value]), when)]

    def map_participant(row: Sequence[Any]) -> list[Record]:
        row = padded(row, width)
        platform, rater, party = platform_of(row), rater_of(row), called(row[i_group])
        records: list[Record] = [Group(platform, rater, party)] if party else []
        records += [Rating(platform, rater, name, given) for name, i in items if (given := read(row[i])) is not None]
        return records

    return map_vote if long else map_participant


def _kind(sample: Sample) -> str | None:
    """Give the kind of votes that the user said, or that was decided when the file was added; else what the sample says."""
    said = sample.constants.get("votes") or decide(sample).get("votes")
    if said not in (None, "words", "numbers"):
        raise BadValue(f'votes is {said!r}; use "words" or "numbers"')
    return said


def _signed(read: Callable[[Any], float | None], sample: Sample) -> Callable[[Any], float | None]:
    """Let -1 and 1 change places where the user says that -1 agrees; only these and 0 are read then. Raises BadValue."""
    said = sample.constants.get("agree", "1")
    if said not in ("1", "-1"):
        raise BadValue(f'agree is {said!r}, the number that is a vote for; use "1" or "-1"')
    if said == "1":
        return read
    if _kind(sample) == "words":
        raise BadValue('agree is "-1", and the votes of this file are words, which say themselves what they mean; leave agree out')

    def turned(value: Any) -> float | None:
        given = read(value)
        if given not in (None, -1, 0, 1):
            raise BadRecord(message("reasons.vote_off_sign", seen=repr(value)[:60]))
        return None if given is None else 0.0 - given

    return turned


def _reader(worded: bool) -> Callable[[Any], float | None]:
    """Read votes in words, or in numbers; the other kind is refused."""

    def read(value: Any) -> float | None:
        said = vote(value)
        if worded and said is not None:
            return said
        if said is not None:
            raise BadRecord(message("reasons.vote_in_words", seen=repr(value)[:60]))
        if not _is_number(value):
            if isinstance(value, str) and any(c.isalpha() for c in value) and value.strip().lower() not in NULLS:
                raise BadRecord(message("reasons.not_a_vote", seen=repr(value)[:60]))
        elif worded:
            raise BadRecord(message("reasons.vote_in_numbers", seen=repr(value)[:60]))
        return number(value)

    return read


def _is_number(value: Any) -> bool:
    try:
        return number(value) is not None
    except BadRecord:
        return False


def _items(sample: Sample) -> list[tuple[str, int]]:
    return [(name, i) for i, name in enumerate(sample.header) if name.isdigit()]
