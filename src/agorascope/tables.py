"""How does an analysis read the data? Through a Corpus: named tables, one portable SQL text, small Arrow answers.

The SQL subset that gives the same values on DuckDB and on Spark:

- parameters as ``:name``, never formatted into the text; tables by their canonical name (``records.TABLES``);
- time is int64 µs; ``CAST(x AS DOUBLE)``, never ``* 1.0``; integer division is ``FLOOR(a / CAST(b AS DOUBLE))`` or, for
  buckets, ``a - pmod(a, b)``; ``count(DISTINCT x)`` only on few rows, else aggregate in two steps;
- ``NULLS FIRST`` named in every ORDER BY; no lambdas, no QUALIFY, no recursive CTE, no approximate functions;
  regexes as parameters;
- functions beyond the common ones: ``pmod(a, b)``, ``percentile(x, p)``, ``from_us(us)`` (timestamp), ``dow_us(us)`` (0 = Monday),
  ``hour_us(us)`` (0..23): macros on DuckDB, built from built-ins on Spark.

``posts`` is one row per post (``platform, post_id``): where several versions were collected, the one with the longest
text, then the greatest ``row_hash``; ``accounts`` puts the descriptions of one account together; ``post_metrics`` keeps
every observation; ``latest_metrics`` gives one row per post: the last observation, then the greatest counts;
``account_handles`` one row per account and handle it was described under (lower case, without @).
``repeats`` has one row per repeated appearance of a post id within one file: ``platform, post_id, account_id,
created_at_us, occurrence`` (2, 3, ...). ``quarantined`` and ``files`` describe the collection itself; of ``files`` only
``name, source, records, quarantined, ascending, descending`` (steps up and down in time, in file order) are the same
whatever the order in which files were added: a finding may rest on those, not on ``accepted`` or ``duplicates``.
Rows keep ``file_id`` and ``record``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from .errors import UnknownName

EXTRA_TABLES = ("latest_metrics", "account_handles", "repeats", "quarantined", "files")

# The shares of populations that the user supplied, for the analyses that weigh towards them.
MARGINS = """
    SELECT population, variable, category, MAX(share) AS share FROM margins GROUP BY population, variable, category
    ORDER BY population NULLS FIRST, variable NULLS FIRST, category NULLS FIRST"""

# Posts that back a finding: those in a time and under a condition of the analysis, and the most engaging ``:most`` of them.
CHOSEN_POSTS = "FROM posts AS p WHERE p.created_at_us >= :start_us AND p.created_at_us < :end_us AND {condition}"

RANKED_POSTS = """
    SELECT c.platform AS platform, c.post_id AS post_id, c.account_id AS account_id, c.created_at_us AS created_at_us,
        c.text AS text, c.permalink AS permalink,
        CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL
            ELSE COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) END AS engagement
    FROM (SELECT p.* {chosen}) AS c LEFT JOIN latest_metrics AS m ON c.platform = m.platform AND c.post_id = m.post_id
    ORDER BY engagement DESC NULLS LAST, c.platform NULLS FIRST, c.post_id NULLS FIRST LIMIT :most"""


@dataclass(frozen=True)
class Corpus:
    """Hold the named tables of one snapshot of a case, and the way to query them.

    ``rows`` counts the rows of each canonical table; ``query(sql, **params)`` returns a small Arrow table, rows in the
    order the SQL asks for; ``results`` holds the tables published by analyses run before, as ``analysis.table``.
    """

    rows: Mapping[str, int]
    execute: Callable[[str, Mapping[str, object]], pa.Table]
    digest: str = ""
    engine: str = ""
    results: Mapping[str, pa.Table] = field(default_factory=dict)

    def query(self, sql: str, /, **params: object) -> pa.Table:
        """Run one SELECT of the portable subset with named parameters; return its rows as an Arrow table."""
        return self.execute(sql, params)

    def has(self, *tables: str) -> bool:
        """Say whether every named table has at least one row. Raises UnknownName for a table nobody has."""
        for table in tables:
            if table not in self.rows:
                raise UnknownName("table", table, list(self.rows))
        return all(self.rows[table] > 0 for table in tables)

    def derived(self, name: str) -> pa.Table:
        """Give the table an earlier analysis published as ``analysis.table``; an empty table if it did not run."""
        return self.results.get(name, pa.table({}))
