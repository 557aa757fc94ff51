"""What is there to know of each network? (In work.)"""

from typing import Any, NamedTuple

import pyarrow as pa

from agorascope.findings import Rival
from agorascope.tables import Corpus
from agorascope.texts import Message


class Dossier(NamedTuple):
    """Hold the tables, further values of each unit, rivals of the largest network, and notes."""

    tables: dict[str, pa.Table]
    about: dict[str, dict[str, Any]]
    rivals: tuple[Rival, ...]
    notes: tuple[Message, ...]


def dossier(corpus: Corpus, members: pa.Table, acts: pa.Table) -> Dossier:
    """Describe every network."""
    return Dossier({}, {}, (), ())
