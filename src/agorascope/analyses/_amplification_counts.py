"""Which counts are given of a platform, and what stands for exposure and for engagement?

Exposure: views, else the first given of likes, reposts and so on. Engagement is the sum of the same components for every post:
those known of at least half of the posts of which any is known. A post that lacks one of them has an unknown engagement, which is
neither zero nor the sum of the rest.
"""

from typing import Any

from agorascope.tables import Corpus

METRICS = ("views", "likes", "reposts", "quotes", "replies", "reactions", "total_engagement", "engagement")
LIKE_SHARE = "like_share"  # of sums by kind of reaction: likes among all of them, where asked for by name
CHOSEN = "reactions_"  # what sums of one kind of reaction are called
COMPONENTS = ("likes", "reposts", "quotes", "replies")
GIVEN = 0.5  # of the posts of which any component is known: one known more seldom is no part of engagement

KNOWN = """
    SELECT p.platform AS platform, COUNT(CASE WHEN m.views_kind = 'measured' THEN m.views END) AS views, COUNT(m.likes) AS likes,
        COUNT(m.reposts) AS reposts, COUNT(m.quotes) AS quotes, COUNT(m.replies) AS replies,
        COUNT(COALESCE(m.likes, m.reposts, m.quotes, m.replies)) AS any_known
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.kind <> 'repost' GROUP BY p.platform ORDER BY platform NULLS FIRST"""

PANEL_METRICS = """
    SELECT platform, metric, COUNT(value) AS known FROM panels WHERE account_id IS NOT NULL GROUP BY platform, metric
    ORDER BY platform NULLS FIRST, metric NULLS FIRST"""

COMPONENTS_OF_PANEL = """
    SELECT metric, COUNT(value) AS known FROM panels
    WHERE account_id IS NOT NULL AND platform = :platform GROUP BY metric ORDER BY metric NULLS FIRST"""


def metrics(corpus: Corpus, *platforms: str, posts: bool = False) -> list[str]:
    """List the metrics that could stand for exposure on these platforms, or all, best first; ``posts``: of single posts only."""
    counts = [row for row in _counts(corpus) if not platforms or row["platform"] in platforms]
    if any(row[name] for row in counts for name in METRICS if name in row):
        return [name for name in METRICS if any(row.get(name) for row in counts)]
    if posts or not corpus.has("panels"):
        return []
    rows = [r for r in corpus.query(PANEL_METRICS).to_pylist() if r["known"] and (not platforms or r["platform"] in platforms)]
    given = {r["metric"] for r in rows}
    if "posts" not in given:
        return []
    shared = "likes" in given and any(name.startswith(CHOSEN) for name in given)
    return [name for name in METRICS if name in given] + ([LIKE_SHARE] if shared else [])


def _counts(corpus: Corpus) -> list[dict[str, Any]]:
    """Count the posts of each platform whose views, likes and so on are known."""
    return corpus.query(KNOWN).to_pylist() if corpus.has("posts", "post_metrics") else []


def counted_as(metric: str) -> str:
    """Give the SQL of a count of ``latest_metrics AS m``: views that are followers or a vendor's estimate are no exposure."""
    return "CASE WHEN m.views_kind = 'measured' THEN m.views END" if metric == "views" else f"m.{metric}"


def from_posts(corpus: Corpus, platform: str) -> bool:
    """Say whether single posts with counts are given of a platform, and not only sums."""
    return bool(metrics(corpus, platform, posts=True))


def components(corpus: Corpus, *platforms: str) -> list[str]:
    """Name the counts of single posts whose sum is engagement on these platforms, or all; empty where none is known."""
    rows = [row for row in _counts(corpus) if not platforms or row["platform"] in platforms]
    return _given({name: sum(row[name] for row in rows) for name in COMPONENTS}, sum(row["any_known"] for row in rows))


def components_of_panel(corpus: Corpus, platform: str) -> list[str]:
    """Name the same of sums by account and period: those known half as often at least as the one known most often."""
    rows = corpus.query(COMPONENTS_OF_PANEL, platform=platform).to_pylist()
    known = {row["metric"]: row["known"] for row in rows if row["metric"] in COMPONENTS}
    return _given(known, max(known.values(), default=0))


def engagement_as(given: list[str]) -> str:
    """Write in SQL the engagement of a row of ``latest_metrics`` or ``post_metrics AS m``: null where a component is unknown."""
    if not given:
        return "CAST(NULL AS DOUBLE)"
    unknown = " OR ".join(f"m.{name} IS NULL" for name in given)
    return f"CASE WHEN {unknown} THEN NULL ELSE CAST({' + '.join(f'm.{name}' for name in given)} AS DOUBLE) END"


def _given(known: dict[str, int], most: int) -> list[str]:
    return [name for name in COMPONENTS if known.get(name, 0) and known[name] >= GIVEN * most]
