"""Is 03/04/2024 the third of April or the fourth of March? What a whole column, and a file's language, say of it.

A component above 12 is proof. Without one the two readings are compared: the one that leaves the column sorted, then
the one with the smaller gaps between its days; then a file that looks French (or has semicolons, as spreadsheets write
where the day comes first) is read day first. What is not proved is a choice, and is told to the user.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from . import Sample
from .columns import key, values

_DATE = re.compile(r"\s*(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})\b")
_NAMES = """
    auteur texte contenu corps libelle evenement heure jour mois semaine compte utilisateur nom titre lien adresse plateforme
    reseau langue pays lieu vues jaime partages commentaires reponses abonnes identifiant horodatage publiele groupe noeud
    debut fin depuis jusque valeur votant pseudo quoi quand
"""
_SMALL = {
    "fr": "le la les des du de et est une un pas pour dans que qui sur avec ce cette au aux nous vous il elle",
    "en": "the of and is are to in that it for you was with this on be have not they we at by from",
}
_FRENCH_NAMES = frozenset(_NAMES.split())
_FRENCH_STARTS = ("nombred", "datede", "datedu", "datepublication", "mentionsjaime", "publiele", "utilisateur.", "auteur.", "urldu")
_FRENCH, _ENGLISH = (frozenset(_SMALL[lang].split()) for lang in ("fr", "en"))
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class DateOrder:
    """Say how a file's numeric dates are read; ``proved`` where the file itself leaves no doubt, with one of them."""

    day_first: bool
    proved: bool
    example: str

    @property
    def code(self) -> str:
        """Give it as it is written under ``[constants]``."""
        return "dmy" if self.day_first else "mdy"


@dataclass
class Evidence:
    """Gather what the dates of one column say. Memory O(distinct days), at most 144 a year once undecided."""

    example: str = ""
    proof: bool | None = None
    days: set[tuple[int, int, int]] = field(default_factory=set)
    turns: dict[bool, list[int]] = field(default_factory=lambda: {True: [0, 0], False: [0, 0]})
    _last: tuple[int, int, int] | None = None
    _seen: str = ""

    def take(self, cell: object) -> bool:
        """Look at one cell; say whether the order is proved."""
        if self.proof is not None:
            return True
        if not isinstance(cell, str) or cell[:10] == self._seen:
            return False
        self._seen = cell[:10]
        found = _DATE.match(cell)
        if found is None:
            return False
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        self.example = self.example or found[0].strip()
        if first > 12 or second > 12 or found[2] == ".":
            self.proof = first > 12 or second <= 12
            self.example = found[0].strip()
            return True
        if not first or not second or (first, second, year) == self._last:
            return False
        if self._last is not None:
            for day_first in (True, False):
                before, after = _at(self._last, day_first=day_first), _at((first, second, year), day_first=day_first)
                self.turns[day_first][after < before] += 1
        self._last = (first, second, year)
        self.days.add(self._last)
        return False

    def likelier(self) -> bool | None:
        """Choose the reading that leaves the column sorted, else the one with the smaller gaps; None where neither does."""
        if len(self.days) < 3:
            return None
        breaks = {day_first: min(turned) for day_first, turned in self.turns.items()}
        better = breaks[True] < breaks[False]
        if breaks[not better] > 2 * breaks[better]:
            return better
        gaps = {day_first: _widest(self.days, day_first=day_first) for day_first in (True, False)}
        closer = gaps[True] < gaps[False]
        monthly = all((second if closer else first) == 1 for first, second, _ in self.days)
        return closer if gaps[not closer] >= 2 * gaps[closer] and len(self.days) > 3 and not monthly else None


def proved(columns: Iterable[Iterable[object]]) -> tuple[list[Evidence], bool | None]:
    """Read columns of dates; give what each says, and the order the first with a proof tells."""
    found = []
    for cells in columns:
        evidence = Evidence()
        any(evidence.take(cell) for cell in cells)
        found.append(evidence)
    return found, next((e.proof for e in found if e.proof is not None), None)


def looks_french(sample: Sample, delimiter: str) -> bool:
    """Say whether a file has a French header, French texts, or the semicolons of a spreadsheet that is not English."""
    names = [key(name) for name in sample.header]
    if delimiter == ";" or any(name in _FRENCH_NAMES or name.startswith(_FRENCH_STARTS) for name in names):
        return True
    words = [
        word.casefold()
        for position in range(len(sample.header))
        for cell in values(sample, position)
        if isinstance(cell, str) and " " in cell
        for word in _WORD.findall(cell)
    ]
    french, english = sum(w in _FRENCH for w in words), sum(w in _ENGLISH for w in words)
    return french >= 5 and french > 2 * english


def _at(written: tuple[int, int, int], *, day_first: bool) -> tuple[int, int, int]:
    first, second, year = written
    return (year, second, first) if day_first else (year, first, second)


def _widest(days: set[tuple[int, int, int]], *, day_first: bool) -> int:
    """Measure the widest gap between two successive days, in days."""
    ordered = sorted(
        date(year + (2000 if year < 100 else 0), month, day) for year, month, day in (_at(d, day_first=day_first) for d in days)
    )
    return max(((b - a).days for a, b in pairwise(ordered)), default=0)
