"""What would a post counted too early have had in the end? Growth curves from posts that were counted both early and late.

The curve of a count is its sum over posts at an age, over the sum of the same posts' last counts: one number per class of age.
A post last counted at such an age has its counts divided by it; where the growth is not known to within a tenth (two standard
errors, the larger of those over posts and over accounts), early posts are left out. All accounts share one curve: a mix of ages
that differs somewhat between two accounts or two periods no longer moves their ratio; an account whose posts grow at another pace
than the rest is not put right, so that an audit in which the treated were counted at other ages than the others is refused
(``apart``), and nothing is put right where accounts are not compared with others.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.tables import Corpus

FEWEST_POSTS = 30  # counted both early and late, for the growth of a class of age to be known
LARGEST_ERROR = 0.05  # standard error of the share of a class, over the share, from which on it is not known
_SHARES = (1 / 48, 1 / 24, 1 / 12, 1 / 6, 1 / 3, 1 / 2, 3 / 4, 1.0)  # of the age from which a count is final: its classes
_CURVE = """
    SELECT e.age AS age, e.account_id AS account_id, COUNT(DISTINCT e.post_id) AS posts,
        SUM(e.{count}) AS early, SUM(l.{count}) AS late, SUM(e.{count} * e.{count}) AS early_early,
        SUM(e.{count} * l.{count}) AS early_late, SUM(l.{count} * l.{count}) AS late_late
    FROM (SELECT q.platform AS platform, q.post_id AS post_id, q.account_id AS account_id, {age} AS age,
            CAST({metric} AS DOUBLE) AS exposure, {engaged} AS engagement
        FROM posts AS q JOIN post_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
        WHERE q.platform = :platform AND q.kind <> 'repost' AND m.observed_at_us - q.created_at_us < :young) AS e
    JOIN (SELECT q.platform AS platform, q.post_id AS post_id, CAST({metric} AS DOUBLE) AS exposure, {engaged} AS engagement
        FROM posts AS q JOIN latest_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
        WHERE q.platform = :platform AND m.observed_at_us - q.created_at_us >= :young) AS l
        ON e.platform = l.platform AND e.post_id = l.post_id
    WHERE e.{count} IS NOT NULL AND l.{count} IS NOT NULL
    GROUP BY e.age, e.account_id ORDER BY age NULLS FIRST, account_id NULLS FIRST"""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Growth(NamedTuple):
    """Hold the share of its last count that a post has at an age, by class of age; 1 in class 0, nan where not known.

    Arrays of shape (classes,); class 0 are final counts, class k those below ``ages_us``'s k-th bound.
    """

    exposure: Floats
    engagement: Floats


def ages_us(young_us: int) -> list[int]:
    """Bound the classes of age, in whole microseconds; classes are counted from 1, and 0 is from ``young_us`` on."""
    return sorted({round(young_us * share) for share in _SHARES} - {0})


def age_class(young_us: int) -> str:
    """Write in SQL the class of age of a count in ``m`` of a post in ``q``; a count without a time is taken for final."""
    age = "m.observed_at_us - q.created_at_us"
    cases = " ".join(f"WHEN {age} < {bound} THEN {k}" for k, bound in enumerate(ages_us(young_us), 1))
    return f"CASE {cases} ELSE 0 END" if cases else "0"


def unknown(young_us: int) -> Growth:
    """Give curves of which nothing is known but that final counts are final."""
    curve = np.full(len(ages_us(young_us)) + 1, np.nan)
    curve[0] = 1.0
    return Growth(curve, curve.copy())


def growth(corpus: Corpus, *, platform: str, metric_sql: str, engaged_sql: str, young_us: int) -> Growth:
    """Read how counts grow with age from the posts of a platform that were counted more than once."""
    return Growth(*(_curve(corpus, name, platform, metric_sql, engaged_sql, young_us) for name in ("exposure", "engagement")))


def apart(early: Floats, seen: Floats, treated: Bools, after: Bools) -> float:
    """Say how far a share of the posts (``early``: those counted early) moved for the treated and not for the others, in time.

    ``early`` (accounts, periods) is that share, ``seen`` the posts it is of. The error of a curve moves the effect by it at most
    times this difference.
    """
    number = np.where(np.isfinite(seen), seen, 0.0)
    held = np.where(number > 0, early, 0.0) * number

    def share(rows: Bools, columns: Bools) -> float:
        part = np.ix_(rows, columns)
        return float(held[part].sum() / max(number[part].sum(), 1.0))

    return (share(treated, after) - share(treated, ~after)) - (share(~treated, after) - share(~treated, ~after))


def _curve(corpus: Corpus, count: str, platform: str, metric_sql: str, engaged_sql: str, young_us: int) -> Floats:
    curve = unknown(young_us).exposure
    if young_us:
        sql = _CURVE.format(age=age_class(young_us), metric=metric_sql, engaged=engaged_sql, count=count)
        rows = corpus.query(sql, platform=platform, young=young_us).to_pylist()
        for age in sorted({row["age"] for row in rows}):
            curve[age] = _share([row for row in rows if row["age"] == age])
    return curve


def _share(rows: list[dict[str, Any]]) -> float:
    """Divide the sums of an age class, one row an account; nan where the quotient is not known well enough."""
    early, late = (sum(row[name] for row in rows) for name in ("early", "late"))
    if sum(row["posts"] for row in rows) < FEWEST_POSTS or not early or not late:
        return float("nan")
    share = early / late
    over_posts = sum(row["early_early"] / share**2 - 2 * row["early_late"] / share + row["late_late"] for row in rows)
    over_accounts = sum((row["early"] / share - row["late"]) ** 2 for row in rows) * len(rows) / max(len(rows) - 1, 1)
    error = np.sqrt(max(over_posts, over_accounts, 0.0)) / late
    return float(share) if error <= LARGEST_ERROR else float("nan")
