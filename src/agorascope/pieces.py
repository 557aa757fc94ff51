"""What does one piece of a file hold once mapped? The parcel that sources hand to the store."""

from dataclasses import dataclass, field

import pyarrow as pa

from agorascope.texts import Message


@dataclass(frozen=True)
class Quarantined:
    """Keep one record that could not be mapped: its number, its line, why, its bytes."""

    record: int
    line: int
    message: Message
    raw: bytes

    @property
    def reason(self) -> str:
        """Say why in English; ``say(row.message, lang)`` says it in another language."""
        return str(self.message)


@dataclass(frozen=True)
class Mapped:
    """Hold what a piece of a file gave. ``records`` = understood + quarantined.

    ``lines`` counts the piece's physical lines. ``tables`` have the canonical columns, then ``record`` (1-based, counted
    within the piece) and ``row_hash``. ``own`` has one row per post that is a record's own, in file order: ``row``, its
    place in the table of posts, and ``id_hash`` (a post that another one of the same record reposts, quotes or answers
    came along and is not its own). ``raw`` is a Parquet file of ``record, raw``; ``understood`` numbers the mapped
    records, ``empty`` those among them that hold nothing to keep.
    """

    records: int
    lines: int
    tables: dict[str, pa.Table]
    own: pa.Table
    understood: pa.Array
    empty: pa.Array
    raw: pa.Buffer
    quarantined: list[Quarantined] = field(default_factory=list)
