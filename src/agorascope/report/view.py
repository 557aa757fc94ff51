"""What does the report need to know of a case? A view of it: names and counts, no store and no engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from agorascope.texts import Message

PHONE = 44  # characters of a table side by side on a phone
MANY, MOST, BROAD = 8, 10, 98  # columns; characters of fewer ones that stand as close as more do
PAGE, FIRST = 145, 140  # characters of a table beside the contents: the whole of one, or the first columns of a wider one


@dataclass(frozen=True)
class CaseView:
    """Describe a case to the report.

    ``name`` gives the pseudonym of an account id (see ``masking.pseudonym``); ``created`` is an ISO date or None;
    ``files`` has one mapping per file with ``name, source, records, accepted, duplicates, quarantined``; ``rows``
    counts the rows of each canonical table; ``events`` holds ``(at_us, label)``; ``excluded`` says why an analysis
    was left out; ``quarantine`` holds ``(reason, count)``, the reason as a message; ``needs`` names the parameters without
    which an analysis would not run again.
    """

    title: str
    name: Callable[[str], str]
    created: str | None = None
    files: Sequence[Mapping[str, Any]] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    events: Sequence[tuple[int, str]] = ()
    corpus_digest: str = ""
    code_version: str = ""
    excluded: Mapping[str, Message] = field(default_factory=dict)
    quarantine: Sequence[tuple[Message, int]] = ()
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """Show one value: its text, what it sorts by, where it links to, and a status word that earns an icon."""

    text: str
    sort: float | str | None = None
    href: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class Column:
    """Head one column: numeric ones are set to the right, ``wide`` ones hold long texts, ``tight`` ones never wrap.

    ``word`` counts the characters of its longest piece that is not to be broken; 0 where any may be.
    """

    label: str
    numeric: bool = False
    wide: bool = False
    tight: bool = False
    word: int = 0

    @property
    def room(self) -> int:
        """Count the characters it takes at the least, its padding among them; headers and texts have least widths of their own."""
        head = 30 if len(self.label) > 32 else 18 if len(self.label) > 18 else max(map(len, self.label.split()), default=0)
        least = 0 if self.numeric or self.tight else 27 if self.word > 16 else 20 if self.word > 12 else 16
        return max(head, self.word, least) + 3

    @property
    def close(self) -> float:
        """Count the characters it takes where columns stand closest: headers break between words, dates and codes too."""
        head = max(12 if len(self.label) > 32 else 0, *map(len, self.label.split()), 0)
        text = 27 if self.word > 16 else 20 if self.word > 12 else 12
        least = 22 if self.wide else self.word if self.numeric else min(self.word, 10) if self.tight else text
        return max(head, least) + 1.2


@dataclass(frozen=True)
class TableView:
    """Show the first rows of a table; ``total`` counts them all.

    ``cards``: a phone is too narrow for its columns, and each row is shown there as a card; ``crowd``: how close they stand;
    ``first``: how many of them a page has room for, the others are folded.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int

    @property
    def cards(self) -> bool:
        """Say whether the columns need more room than a phone has, or one holds long texts."""
        return any(c.wide for c in self.columns) or sum(c.room for c in self.columns) > PHONE

    @property
    def crowd(self) -> str:
        """Say whether the columns are so many that they stand closer: dense, dense crowded, or neither."""
        many = len(self.columns)
        crowded = many > MOST or (many > MANY and sum(c.close for c in self.columns) > BROAD)
        return "dense crowded" if crowded else "dense" if many > MANY else ""

    @property
    def first(self) -> int:
        """Count the columns shown at first: all, or as many as a page has room for; what a table is about comes first."""
        ends = list(accumulate(c.close for c in self.columns))
        if len(ends) <= MANY or ends[-1] <= PAGE:
            return len(ends)
        return max(sum(end <= FIRST for end in ends), 1)


@dataclass(frozen=True)
class MapBubble:
    """Draw one group of a map: its middle, its radius, its number at ``number_y``, and a word at ``label_y`` if it has one."""

    x: float
    y: float
    radius: float
    number: str
    number_y: float
    label: str
    label_y: float


@dataclass(frozen=True)
class MapLine:
    """Draw one tie of a map, from one middle to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True)
class MapView:
    """Draw a map of groups in a box of ``width`` and ``height`` units; lines lie under bubbles."""

    width: float
    height: float
    lines: tuple[MapLine, ...]
    bubbles: tuple[MapBubble, ...]


@dataclass(frozen=True)
class FigureView:
    """Show one figure: its chart (data for the page's script), its map, or neither, and the table it is drawn from.

    ``marks`` explains the letters and numbers drawn on the chart; ``summary`` says in words what the chart shows.
    """

    anchor: str
    title: str
    note: str
    summary: str
    chart: Mapping[str, Any] | None
    marks: tuple[tuple[str, str], ...]
    table: TableView
    map: MapView | None = None


@dataclass(frozen=True)
class EffectView:
    """Show one estimate: the number, its interval in words, its place on a line from 0 to 100, and its method."""

    metric: str
    number: str
    interval: str
    p_value: str
    method: str
    line: Mapping[str, float] | None


@dataclass(frozen=True)
class RivalView:
    """Show one rival explanation and what the data said to it."""

    statement: str
    status: str
    status_text: str
    numbers: str


@dataclass(frozen=True)
class CheckView:
    """Show one check of the gate: every sentence it gave rise to, what follows for other findings, what can be done."""

    name: str
    status: str
    status_text: str
    says: tuple[str, ...]
    consequences: tuple[str, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True)
class FindingView:
    """Show one finding, every text in the reader's language."""

    anchor: str
    analysis: str
    question: str
    verdict: str
    verdict_text: str
    grade: str
    claim: str
    effect: EffectView | None
    gate: str
    notes: tuple[str, ...]
    figures: tuple[FigureView, ...]
    checks: tuple[CheckView, ...]
    units: TableView | None
    evidence: TableView | None
    evidence_note: str
    evidence_query: str
    rivals: tuple[RivalView, ...]
    limits: tuple[str, ...]
    calibration: tuple[tuple[str, str], ...]
    params: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
