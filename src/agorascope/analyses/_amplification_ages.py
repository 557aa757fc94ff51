"""What would a post counted too early have had in the end? Growth curves from posts that were counted both early and late.

The curve of a count is its sum over posts at an age, over the sum of the same posts' last counts: one number per class of age.
A post last counted at such an age has its counts divided by it; where too few posts tell the growth, early posts are left out.
All accounts share one curve: a mix of ages that differs between two accounts or two periods no longer moves their ratio, an
account whose posts grow at another pace than the rest is not put right.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agorascope.tables import Corpus

FEWEST_POSTS = 30  # counted both early and late, for the growth of a class of age to be known
_SHARES = (1 / 48, 1 / 24, 1 / 12, 1 / 6, 1 / 3, 1 / 2, 3 / 4, 1.0)  # of the age from which a count is final: its classes
ENGAGED = """
    CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL ELSE
        CAST(COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) AS DOUBLE) END"""
_CURVE = """
    SELECT e.age AS age, COUNT(DISTINCT e.post_id) AS posts, SUM(e.exposure) AS exposure, SUM(l.exposure) AS last_exposure,
        SUM(CASE WHEN l.engagement IS NOT NULL THEN e.engagement END) AS engagement,
        SUM(CASE WHEN e.engagement IS NOT NULL THEN l.engagement END) AS last_engagement
    FROM (SELECT q.platform AS platform, q.post_id AS post_id, {age} AS age, CAST({metric} AS DOUBLE) AS exposure,
            {engaged} AS engagement
        FROM posts AS q JOIN post_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
        WHERE q.platform = :platform AND q.kind <> 'repost' AND m.observed_at_us - q.created_at_us < :young) AS e
    JOIN (SELECT q.platform AS platform, q.post_id AS post_id, CAST({metric} AS DOUBLE) AS exposure, {engaged} AS engagement
        FROM posts AS q JOIN latest_metrics AS m ON q.platform = m.platform AND q.post_id = m.post_id
        WHERE q.platform = :platform AND m.observed_at_us - q.created_at_us >= :young) AS l
        ON e.platform = l.platform AND e.post_id = l.post_id
    WHERE e.exposure IS NOT NULL AND l.exposure IS NOT NULL
    GROUP BY e.age ORDER BY age NULLS FIRST"""

Floats = npt.NDArray[np.float64]


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


def growth(corpus: Corpus, *, platform: str, metric_sql: str, young_us: int) -> Growth:
    """Read how counts grow with age from the posts of a platform that were counted more than once."""
    exposure, engagement = (np.full(len(ages_us(young_us)) + 1, np.nan) for _ in range(2))
    exposure[0] = engagement[0] = 1.0
    if young_us:
        sql = _CURVE.format(age=age_class(young_us), metric=metric_sql, engaged=ENGAGED)
        for row in corpus.query(sql, platform=platform, young=young_us).to_pylist():
            if row["posts"] >= FEWEST_POSTS:
                exposure[row["age"]] = _share(row["exposure"], row["last_exposure"])
                engagement[row["age"]] = _share(row["engagement"], row["last_engagement"])
    return Growth(exposure, engagement)


def _share(early: float | None, last: float | None) -> float:
    """Divide; nan where nothing was counted on either side, since nothing can then be divided by it."""
    return early / last if early and last else np.nan
