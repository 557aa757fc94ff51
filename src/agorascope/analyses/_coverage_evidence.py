"""Which records show the faults of a capture? Posts around a gap, repeated ids, mislabelled reposts, counted periods."""

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
        ON p.platform = s.platform AND p.account_id = s.account_id AND p.created_at_us = s.created_at_us
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
_COUNTED = {"repeated_ids", "equal_content", "marked_original", "impossible_counts", "later_than_count", "no_time"}


class Gathered(NamedTuple):
    """Hold the evidence shown, how many records there are, and the query of the first kind that gives the rest."""

    records: tuple[Evidence, ...]
    total: int
    query: str


def gather(corpus: Corpus, units: Sequence[Row]) -> Gathered:
    """Collect at most ``EVIDENCE_CAP`` records for faults and warnings, worst check first."""
    records: list[Evidence] = []
    total, query = 0, ""
    for unit in units:
        if unit["status"] not in ("fault", "warning"):
            continue
        sql, found = _of(corpus, unit)
        records += found
        total += max(len(found), _counted(unit) if found and found[0].table == "posts" else 0)
        query = query or sql
    return Gathered(tuple(records[:EVIDENCE_CAP]), total, query.replace(" LIMIT 10", ""))


def _of(corpus: Corpus, unit: Row) -> tuple[str, list[Evidence]]:
    """Give the query and the records of one unit; none where the check has no records of its own."""
    check = unit["check"]
    where = {"platform": unit["platform"], "start_us": unit["start_us"], "end_us": unit["end_us"]}
    if check == "repeated_ids" and not corpus.has("posts"):
        return REPEATED, [_period("panels", row) for row in corpus.query(REPEATED).to_pylist()]
    if check in QUERIES and corpus.has("posts"):
        return QUERIES[check], _posts(corpus, check, QUERIES[check], {})
    if check in ("gaps", "capture_gap", "low_run") and corpus.has("posts"):
        whole = unit["account_id"] is None
        sql = AROUND_CAPTURE if whole else AROUND
        found = _posts(corpus, "capture_gap" if whole else "gaps", sql, where if whole else where | {"account": unit["account_id"]})
        if found:
            return sql, found
    if check in ("gaps", "low_run", "drops", "captured", "over_counted"):
        whole = unit["account_id"] is None
        bound = where if whole else where | {"account": unit["account_id"]}
        for table, sql in (("panels", PERIODS_WHOLE if whole else PERIODS), ("account_counters", COUNTERS)):
            if corpus.has(table) and not (whole and table == "account_counters"):
                rows = corpus.query(sql, **bound).to_pylist()
                if rows:
                    return sql, [_period(table, row) for row in rows]
    if check == "two_groups":
        return "SELECT * FROM groups", [
            Evidence(
                role=message("coverage.role.two_groups"),
                table="groups",
                platform=unit["platform"] or "unknown",
                id=unit["account_id"],
                account_id=unit["account_id"],
            )
        ]
    return "", []


def _posts(corpus: Corpus, check: str, sql: str, where: dict[str, object]) -> list[Evidence]:
    role = message(f"coverage.role.{check}")
    return [post_evidence(r, role) for r in corpus.query(sql, **where).to_pylist()[:PER_CHECK]]


def _period(table: str, row: Row) -> Evidence:
    counter = row["metric"] == "counter_posts" or table == "account_counters"
    name = "counter" if counter else "repeats" if row["metric"] == "duplicate_posts" else "period"
    return Evidence(
        role=message(f"coverage.role.{name}"),
        table=table,
        platform=row["platform"],
        id=row["account_id"] or row["platform"],
        account_id=row["account_id"],
        at_us=row["period_start_us"],
        value=row["value"],
    )


def _counted(unit: Row) -> int:
    """Give the number of records a share check counted."""
    args = unit["says"]["args"]
    if unit["check"] == "conflicting_ids":
        return int(args["records"])
    names = ("repeats", "extra", "marked", "impossible", "count", "posts")
    return int(next((args[n] for n in names if n in args), 0)) if unit["check"] in _COUNTED else 0
