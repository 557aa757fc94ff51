"""How is a case asked in SQL? One SELECT at a time; what the engine does not understand is said as a wrong call."""

import re
from collections.abc import Mapping

import pyarrow as pa

from agorascope.errors import UsageError
from agorascope.tables import Corpus

_QUOTED = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)
_INNER = re.compile(r"\([^()]*\)")
_DOES = re.compile(r"\b(SELECT|FROM|VALUES|INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
_ENGINES = ("duckdb", "_duckdb")


def answer(corpus: Corpus, sql: str, params: Mapping[str, object]) -> pa.Table:
    """Answer one SELECT. Raises UsageError for another statement, for several, and for one the engine refuses."""
    if not _one_select(sql):
        raise UsageError("a query is one SELECT, or WITH ... SELECT, over the tables of the case; ask one at a time")
    try:
        return corpus.query(sql, **params)
    except Exception as error:
        if not isinstance(error, pa.ArrowException) and type(error).__module__.partition(".")[0] not in _ENGINES:
            raise
        raise UsageError(f"the query cannot be answered: {error}; tables are: {', '.join(sorted(corpus.rows))}") from error


def _one_select(sql: str) -> bool:
    """Say whether a text is one SELECT; comments, quoted texts and what stands in parentheses are not looked at.

    >>> _one_select("WITH a AS (SELECT 1) SELECT ';' FROM a -- done"), _one_select("SELECT 1; SELECT 2"), _one_select("SET x = 1")
    (True, False, False)
    """
    outer = _QUOTED.sub(lambda found: " " if found[0][0] in "-/" else " x ", sql).strip().removesuffix(";")
    while outer != (less := _INNER.sub(" x ", outer)):
        outer = less
    does = _DOES.search(outer)
    begins = outer.split(maxsplit=1)[:1]
    return ";" not in outer and does is not None and does[0].upper() == "SELECT" and begins[0].upper() in ("SELECT", "WITH")
