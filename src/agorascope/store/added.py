"""What did a file bring? Its counts, the kinds of reasons why records were refused, how it was read."""

from dataclasses import dataclass

from agorascope.texts import Message


@dataclass(frozen=True)
class Refusals:
    """Count the records refused for one kind of reason; ``reason`` is its most frequent wording, the only one if ``alike``."""

    reason: Message
    records: int
    alike: bool = True


@dataclass(frozen=True)
class Added:
    """Count what one file brought: ``read`` = accepted + duplicates + quarantined; ``remarks`` say how it was read."""

    name: str
    source: str
    read: int
    accepted: int
    duplicates: int
    quarantined: int
    known: bool = False
    remarks: tuple[Message, ...] = ()
    refusals: tuple[Refusals, ...] = ()
