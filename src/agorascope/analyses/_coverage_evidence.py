"""Which records show the faults of a capture? Posts around a gap, repeated ids, mislabelled reposts, counted periods."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agorascope.findings import EVIDENCE_CAP, Evidence, post_evidence
from agorascope.tables import Corpus
from agorascope.texts import message

from . import _coverage_ids
from ._coverage_rows import Row

PER_CHECK = 10

_POST = "platform, post_id, account_id, created_at_us, permalink, text"
_ORDER = "ORDER BY created_at_us NULLS FIRST, platform NULLS FIRST, post_id NULLS FIRST LIMIT 10"
_JOINED = """SELECT p.platform, p.post_id, p.account_id, p.created_at_us, p.permalink, p.text
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id"""

QUERIES = {
    "conflicting_ids": _coverage_ids.RECORDS,
    "marked_original": f"SELECT {_POST} FROM posts WHERE kind = 'original' AND text LIKE 'RT @%' {_ORDER}",
    "no_time": f"SELECT {_POST} FROM posts WHERE created_at_us IS NULL {_ORDER}",
    "repeated_ids": """SELECT r.platform, r.post_id, r.account_id, r.created_at_us, p.permalink, p.text
        FROM repeats AS r LEFT JOIN posts AS p ON r.platform = p.platform AND r.post_id = p.post_id
        ORDER BY r.created_at_us NULLS FIRST, r.platform NULLS FIRST, r.post_id NULLS FIRST, r.occurrence NULLS FIRST LIMIT 10""",
    "equal_content": """SELECT p.platform, p.post_id, p.account_id, p.created_at_us, p.permalink, p.text FROM posts AS p JOIN (
            SELECT platform, account_id, created_at_us, text, kind FROM posts WHERE text IS NOT NULL AND created_at_us IS NOT NULL
            GROUP BY platform, account_id, created_at_us, text, kind HAVING COUNT(*) > 1) AS s
        ON p.platform = s.platform AND COALESCE(p.account_id, '') = COALESCE(s.account_id, '') AND p.created_at_us = s.created_at_us
            AND p.text = s.text AND p.kind = s.kind
        ORDER BY p.created_at_us NULLS FIRST, p.platform NULLS FIRST, p.text NULLS FIRST, p.post_id NULLS FIRST LIMIT 10""",
    "impossible_counts": f"""{_JOINED}
        WHERE m.views_kind = 'measured' AND (m.views < m.likes OR m.views < m.reposts OR m.views < m.replies)
        ORDER BY p.created_at_us NULLS FIRST, p.platform NULLS FIRST, p.post_id NULLS FIRST LIMIT 10""",
    "later_than_count": f"""{_JOINED} WHERE m.observed_at_us < p.created_at_us
        ORDER BY p.created_at_us NULLS FIRST, p.platform NULLS FIRST, p.post_id NULLS FIRST LIMIT 10""",
}
AROUND_CAPTURE = f"""SELECT {_POST} FROM posts WHERE platform = :platform AND created_at_us IN (
        SELECT MAX(created_at_us) AS at_us FROM posts WHERE platform = :platform AND created_at_us <= :start_us
        UNION ALL SELECT MIN(created_at_us) AS at_us FROM posts WHERE platform = :platform AND created_at_us >= :end_us) {_ORDER}"""
AROUND = AROUND_CAPTURE.replace("platform = :platform", "platform = :platform AND account_id = :account")
PERIODS = """SELECT platform, account_id, period_start_us, metric, value FROM panels
    WHERE platform = :platform AND account_id = :account AND period_start_us >= :start_us AND period_start_us < :end_us
        AND metric IN ('posts', 'counter_posts') ORDER BY period_start_us NULLS FIRST, metric NULLS FIRST LIMIT 10"""
PERIODS_WHOLE = PERIODS.replace("account_id = :account", "account_id IS NULL")
REPEATED = """SELECT platform, account_id, period_start_us, metric, value FROM panels
    WHERE metric = 'duplicate_posts' AND value > 0
    ORDER BY value DESC NULLS LAST, period_start_us NULLS FIRST, platform NULLS FIRST, account_id NULLS FIRST LIMIT 10"""
COUNTERS = """SELECT platform, account_id, at_us AS period_start_us, 'posts' AS metric, CAST(posts AS DOUBLE) AS value
    FROM account_counters
    WHERE platform = :platform AND account_id = :account AND at_us >= :start_us AND at_us <= :end_us AND posts IS NOT NULL
    ORDER BY at_us NULLS FIRST, posts NULLS FIRST LIMIT 10"""
MEMBERSHIPS = """SELECT g.platform, COALESCE(a.account_id, g.account_id) AS account_id, g.group_name, g.since_us, g.until_us
    FROM groups AS g LEFT JOIN (SELECT LOWER(handle) AS handle, MIN(account_id) AS account_id FROM accounts
            WHERE handle IS NOT NULL GROUP BY LOWER(handle)) AS a
        ON LOWER(g.account_id) = a.handle
    WHERE LOWER(COALESCE(a.account_id, g.account_id)) = LOWER(:account)
    ORDER BY g.group_name NULLS FIRST, g.since_us NULLS FIRST, g.until_us NULLS FIRST, g.platform NULLS FIRST LIMIT 10"""
LIMIT = f" LIMIT {PER_CHECK}"
_PARAMETER = re.compile(r":([a-z_]+)")


class Gathered(NamedTuple):
    """Hold the evidence shown, how many records there are, and the query for those of the first kind: ``first`` of ``check``."""

    records: tuple[Evidence, ...] = ()
    total: int = 0
    query: str = ""
    first: int = 0
    check: str = ""


class Asked(NamedTuple):
    """Hold a query, its parameters, and the records it gave, ``PER_CHECK`` at most."""

    sql: str
    params: dict[str, object]
    records: list[Evidence]


def gather(corpus: Corpus, units: Sequence[Row]) -> Gathered:
    """Collect at most ``EVIDENCE_CAP`` records for faults and warnings, worst check first."""
    found = Gathered()
    for unit in units:
        asked = _of(corpus, unit) if unit["status"] in ("fault", "warning") else None
        if asked is None:
            continue
        n = _number(corpus, asked)
        if not found.query:
            found = found._replace(query=_spelled(asked), first=n, check=unit["check"])
        found = found._replace(records=(*found.records, *asked.records), total=found.total + n)
    return found._replace(records=found.records[:EVIDENCE_CAP])


def _number(corpus: Corpus, asked: Asked) -> int:
    """Give the number of rows of a query without its limit."""
    if len(asked.records) < PER_CHECK:
        return len(asked.records)
    counted = f"SELECT COUNT(*) AS n FROM ({asked.sql.removesuffix(LIMIT)}) AS shown"
    return int(corpus.query(counted, **asked.params)["n"][0].as_py())


def _spelled(asked: Asked) -> str:
    """Write a query that can be run as it stands: without its limit, with its parameters as literals."""

    def literal(found: re.Match[str]) -> str:
        value = asked.params[found[1]]
        return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)

    return _PARAMETER.sub(literal, asked.sql.removesuffix(LIMIT))


def _of(corpus: Corpus, unit: Row) -> Asked | None:
    """Give the query and the records of one unit; None where the check has no records of its own."""
    check = unit["check"]
    whole = unit["account_id"] is None
    where = {k: unit[k] for k in ("platform", "start_us", "end_us")} | ({} if whole else {"account": unit["account_id"]})
    tried: list[tuple[str, str, dict[str, object]]] = []  # table, query, parameters: the first that gives a record
    if check == "repeated_ids" and not corpus.has("posts"):
        tried.append(("panels", REPEATED, {}))
    if check in QUERIES and corpus.has("posts"):
        tried.append(("posts", QUERIES[check], {}))
    if check in ("gaps", "capture_gap", "low_run") and corpus.has("posts"):
        tried.append(("posts", AROUND_CAPTURE if whole else AROUND, where))
    if check in ("gaps", "low_run", "drops", "captured", "over_counted"):
        tried += [("panels", PERIODS_WHOLE if whole else PERIODS, where)] if corpus.has("panels") else []
        tried += [("account_counters", COUNTERS, where)] if corpus.has("account_counters") and not whole else []
    if check == "two_groups":
        tried.append(("groups", MEMBERSHIPS, {"account": unit["account_id"]}))
    role = check if check in QUERIES else "capture_gap" if whole else "gaps"
    for table, sql, params in tried:
        rows = corpus.query(sql, **params).to_pylist()
        if rows:
            return Asked(sql, params, [_record(table, role, row) for row in rows])
    return None


def _record(table: str, role: str, row: Row) -> Evidence:
    if table == "posts":
        return post_evidence(row, message(f"coverage.role.{role}"))
    return _membership(row) if table == "groups" else _period(table, row)


def _membership(row: Row) -> Evidence:
    return Evidence(
        role=message("coverage.role.two_groups"),
        table="groups",
        platform=row["platform"] or "unknown",
        id=row["account_id"],
        account_id=row["account_id"],
        at_us=row["since_us"],
        text=row["group_name"],
    )


def _period(table: str, row: Row) -> Evidence:
    counter = row["metric"] == "counter_posts" or table == "account_counters"
    name = "counter" if counter else "repeats" if row["metric"] == "duplicate_posts" else "period"
    return Evidence(
        role=message(f"coverage.role.{name}", counts="coverage.columns.repeats" if name == "repeats" else "report.columns.posts"),
        table=table,
        platform=row["platform"],
        id=row["account_id"] or row["platform"],
        account_id=row["account_id"],
        at_us=row["period_start_us"],
        value=row["value"],
    )
