"""Which small tables does the coverage analysis read? One portable query per table, none larger than the accounts of each file.

Each query groups posts by account (or file, or week) inside the engine. The largest answer is ``gaps``: at most
``GAPS_KEPT`` rows per account with at least ``min_posts`` posts.
"""

import pyarrow as pa

from agorascope.tables import Corpus
from agorascope.texts import message

from . import _coverage_ids

GAPS_KEPT = 400
DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US

ACCOUNTS = """
    SELECT platform, account_id, COUNT(*) AS posts, MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us,
        COUNT(created_at_us) AS timed,
        SUM(CASE WHEN created_at_source = 'derived' THEN 1 ELSE 0 END) AS derived,
        SUM(CASE WHEN created_at_source <> 'derived' THEN 1 ELSE 0 END) AS declared,
        SUM(CASE WHEN created_at_source <> 'derived' AND pmod(created_at_us, 60000000) = 0 THEN 1 ELSE 0 END) AS whole_minutes,
        SUM(CASE WHEN created_at_source <> 'derived' AND pmod(created_at_us, 3600000000) = 0 THEN 1 ELSE 0 END) AS whole_hours,
        SUM(CASE WHEN created_at_source <> 'derived' AND pmod(created_at_us, 86400000000) = 0 THEN 1 ELSE 0 END) AS midnights,
        SUM(CASE WHEN kind = 'repost' THEN 1 ELSE 0 END) AS reposts,
        SUM(CASE WHEN kind = 'original' AND text LIKE 'RT @%' THEN 1 ELSE 0 END) AS marked_original
    FROM (SELECT platform, account_id, created_at_us, COALESCE(created_at_source, 'declared') AS created_at_source, kind, text
        FROM posts) AS p
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""

RHYTHM = """
    SELECT platform, account_id, dow_us(created_at_us) * 24 + hour_us(created_at_us) AS hour_of_week, COUNT(*) AS posts
    FROM posts WHERE created_at_us IS NOT NULL
    GROUP BY platform, account_id, dow_us(created_at_us) * 24 + hour_us(created_at_us)
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, hour_of_week NULLS FIRST"""

GAPS = """
    SELECT platform, account_id, start_us, end_us FROM (
        SELECT platform, account_id, start_us, end_us, COUNT(*) OVER (PARTITION BY platform, account_id) + 1 AS posts,
            ROW_NUMBER() OVER (PARTITION BY platform, account_id
                ORDER BY end_us - start_us DESC NULLS LAST, start_us NULLS FIRST) AS place
        FROM (SELECT platform, account_id, created_at_us AS end_us,
                LAG(created_at_us) OVER (PARTITION BY platform, account_id ORDER BY created_at_us NULLS FIRST) AS start_us
            FROM posts WHERE created_at_us IS NOT NULL AND account_id IS NOT NULL) AS steps
        WHERE start_us IS NOT NULL) AS ranked
    WHERE place <= :kept AND posts >= :min_posts
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, place NULLS FIRST"""

CAPTURE_GAPS = """
    SELECT platform, start_us, end_us FROM (
        SELECT platform, start_us, end_us, COUNT(*) OVER (PARTITION BY platform) + 1 AS posts,
            ROW_NUMBER() OVER (PARTITION BY platform ORDER BY end_us - start_us DESC NULLS LAST, start_us NULLS FIRST) AS place
        FROM (SELECT platform, created_at_us AS end_us,
                LAG(created_at_us) OVER (PARTITION BY platform ORDER BY created_at_us NULLS FIRST) AS start_us
            FROM posts WHERE created_at_us IS NOT NULL) AS steps
        WHERE start_us IS NOT NULL) AS ranked
    WHERE place <= :kept AND posts >= :min_posts ORDER BY platform NULLS FIRST, place NULLS FIRST"""

ORDER = """
    SELECT file_id, COUNT(*) AS steps, SUM(CASE WHEN at_us < before_us THEN 1 ELSE 0 END) AS down,
        SUM(CASE WHEN at_us > before_us THEN 1 ELSE 0 END) AS up,
        SUM(CASE WHEN at_us < before_us - 86400000000 THEN 1 ELSE 0 END) AS jumps_back,
        SUM(CASE WHEN at_us > before_us + 86400000000 THEN 1 ELSE 0 END) AS jumps_ahead
    FROM (SELECT file_id, created_at_us AS at_us,
            LAG(created_at_us) OVER (PARTITION BY file_id, platform, account_id
                ORDER BY record NULLS FIRST, post_id NULLS FIRST) AS before_us
        FROM posts WHERE created_at_us IS NOT NULL AND account_id IS NOT NULL) AS steps
    WHERE before_us IS NOT NULL GROUP BY file_id ORDER BY file_id NULLS FIRST"""

EQUAL_CONTENT = """
    SELECT platform, account_id, SUM(copies - 1) AS extra, COUNT(*) AS contents,
        SUM(CASE WHEN made >= copies THEN copies - 1 ELSE made END) AS made
    FROM (SELECT platform, account_id, COUNT(*) AS copies, SUM(CASE WHEN post_id LIKE '~%' THEN 1 ELSE 0 END) AS made
        FROM posts WHERE text IS NOT NULL AND created_at_us IS NOT NULL
        GROUP BY platform, account_id, created_at_us, text, kind HAVING COUNT(*) > 1) AS same
    GROUP BY platform, account_id ORDER BY extra DESC NULLS LAST, platform NULLS FIRST, account_id NULLS FIRST"""

EQUAL_TEXT = """
    SELECT COUNT(*) AS texts, SUM(posts) AS posts, MAX(accounts) AS most_accounts
    FROM (SELECT text, COUNT(*) AS accounts, SUM(posts) AS posts
        FROM (SELECT text, account_id, COUNT(*) AS posts FROM posts
            WHERE kind <> 'repost' AND LENGTH(text) >= 20 AND account_id IS NOT NULL AND text NOT LIKE 'RT @%'
            GROUP BY text, account_id) AS by_account
        GROUP BY text HAVING COUNT(*) > 1) AS shared"""

COUNTS = """
    SELECT p.platform, p.account_id, f.file_id, COUNT(*) AS posts, COUNT(m.views) AS views, COUNT(m.likes) AS likes,
        COUNT(m.reposts) AS reposts,
        COUNT(m.quotes) AS quotes, COUNT(m.replies) AS replies, COUNT(m.bookmarks) AS bookmarks,
        SUM(CASE WHEN m.views_kind = 'measured' AND m.views IS NOT NULL THEN 1 ELSE 0 END) AS measured,
        SUM(CASE WHEN m.views_kind = 'measured' AND (m.views < m.likes OR m.views < m.reposts OR m.views < m.replies)
            THEN 1 ELSE 0 END) AS impossible,
        SUM(CASE WHEN p.kind = 'repost' AND (m.reposts > 0 OR m.views IS NOT NULL) THEN 1 ELSE 0 END) AS counted_reposts,
        COUNT(m.observed_at_us - p.created_at_us) AS aged,
        SUM(CASE WHEN m.observed_at_us < p.created_at_us THEN 1 ELSE 0 END) AS before_birth,
        SUM(CASE WHEN m.observed_at_us >= p.created_at_us AND m.observed_at_us - p.created_at_us < :young_us
            THEN 1 ELSE 0 END) AS young,
        MAX(m.observed_at_us) AS last_observed_us
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    LEFT JOIN files AS f ON m.file_id = f.file_id
    GROUP BY p.platform, p.account_id, f.file_id
    ORDER BY p.platform NULLS FIRST, p.account_id NULLS FIRST, f.file_id NULLS FIRST"""

AGES = """
    SELECT CAST(FLOOR((m.observed_at_us - p.created_at_us) / CAST(3600000000 AS DOUBLE)) AS BIGINT) AS age_h, COUNT(*) AS posts
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE m.observed_at_us >= p.created_at_us
    GROUP BY CAST(FLOOR((m.observed_at_us - p.created_at_us) / CAST(3600000000 AS DOUBLE)) AS BIGINT) ORDER BY age_h NULLS FIRST"""

COUNTERS = """
    SELECT platform, account_id, at_us, counter, captured FROM (
        SELECT platform, account_id, at_us, counter, is_post,
            SUM(is_post) OVER (PARTITION BY platform, account_id ORDER BY at_us NULLS FIRST, is_post DESC NULLS LAST
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS captured
        FROM (
            SELECT p.platform, p.account_id, p.created_at_us AS at_us, CAST(NULL AS BIGINT) AS counter, 1 AS is_post
            FROM posts AS p JOIN (SELECT DISTINCT platform, account_id FROM account_counters WHERE posts IS NOT NULL) AS k
                ON p.platform = k.platform AND p.account_id = k.account_id WHERE p.created_at_us IS NOT NULL
            UNION ALL
            SELECT platform, account_id, MAX(at_us) AS at_us, MAX(posts) AS counter, 0 AS is_post FROM account_counters
            WHERE at_us IS NOT NULL AND posts IS NOT NULL
            GROUP BY platform, account_id, at_us - pmod(at_us, 86400000000)) AS marks) AS timeline
    WHERE is_post = 0 ORDER BY platform NULLS FIRST, account_id NULLS FIRST, at_us NULLS FIRST"""

REPEATS = """
    SELECT platform, week_us, COUNT(*) AS repeats
    FROM (SELECT platform, created_at_us - pmod(created_at_us - 345600000000, 604800000000) AS week_us FROM repeats) AS r
    GROUP BY platform, week_us ORDER BY repeats DESC NULLS LAST, week_us NULLS FIRST, platform NULLS FIRST"""

WEEKS = """
    SELECT platform, account_id, created_at_us - pmod(created_at_us - 345600000000, 604800000000) AS week_us, COUNT(*) AS posts
    FROM posts WHERE created_at_us IS NOT NULL
    GROUP BY platform, account_id, created_at_us - pmod(created_at_us - 345600000000, 604800000000)
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, week_us NULLS FIRST"""

DAYS = """
    SELECT platform, created_at_us - pmod(created_at_us, 86400000000) AS day_us, COUNT(*) AS posts
    FROM posts WHERE created_at_us IS NOT NULL
    GROUP BY platform, created_at_us - pmod(created_at_us, 86400000000) ORDER BY platform NULLS FIRST, day_us NULLS FIRST"""

PANELS = """
    SELECT platform, account_id, period_start_us, MAX(period_us) AS period_us,
        SUM(CASE WHEN metric = 'posts' THEN value END) AS posts,
        SUM(CASE WHEN metric = 'counter_posts' THEN value END) AS counter_posts,
        SUM(CASE WHEN metric = 'duplicate_posts' THEN value END) AS duplicate_posts
    FROM panels WHERE metric IN ('posts', 'counter_posts', 'duplicate_posts')
    GROUP BY platform, account_id, period_start_us
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, period_start_us NULLS FIRST"""

# A metric that was first collected later, or given up earlier, is not hidden: only nulls between given values count.
PANEL_NULLS = """
    SELECT n.metric, COUNT(*) AS posts, COUNT(n.value) AS given
    FROM panels AS n JOIN (SELECT platform, COALESCE(account_id, '') AS account, metric, MIN(period_start_us) AS first_us,
                MAX(period_start_us) AS last_us
            FROM panels WHERE value IS NOT NULL GROUP BY platform, COALESCE(account_id, ''), metric) AS k
        ON n.platform = k.platform AND COALESCE(n.account_id, '') = k.account AND n.metric = k.metric
    WHERE n.period_start_us >= k.first_us AND n.period_start_us <= k.last_us
    GROUP BY n.metric ORDER BY n.metric NULLS FIRST"""

GROUPS = """
    SELECT g.group_name, COALESCE(a.account_id, g.account_id) AS account_id, g.since_us, g.until_us, g.platform
    FROM groups AS g LEFT JOIN (SELECT LOWER(handle) AS handle, MIN(account_id) AS account_id FROM accounts
            WHERE handle IS NOT NULL GROUP BY LOWER(handle)) AS a
        ON LOWER(g.account_id) = a.handle
    ORDER BY account_id NULLS FIRST, g.group_name NULLS FIRST, g.since_us NULLS FIRST, g.until_us NULLS FIRST"""

FILES = """
    SELECT file_id, name, source, records, quarantined FROM files ORDER BY file_id NULLS FIRST"""

# Rows of nothing, at the end of a spreadsheet: refused as every record that gives no row, and nothing is missing for it.
BLANK = """
    SELECT file_id, COUNT(*) AS blank FROM quarantined WHERE reason = :reason GROUP BY file_id ORDER BY file_id NULLS FIRST"""


def reduce(corpus: Corpus, *, min_posts: int, young_us: int) -> dict[str, pa.Table]:
    """Run the queries of coverage; return its small tables by name."""
    asked: dict[str, tuple[str, dict[str, object]]] = {
        "files": (FILES, {}),
        "blank": (BLANK, {"reason": str(message("reasons.empty_row"))}),
    }
    if corpus.has("posts"):
        asked |= {
            "order": (ORDER, {}),
            "equal_content": (EQUAL_CONTENT, {}),
            "equal_text": (EQUAL_TEXT, {}),
            "repeats": (REPEATS, {}),
        }
    if corpus.has("posts", "post_metrics"):
        asked |= {"counts": (COUNTS, {"young_us": young_us}), "ages": (AGES, {})}
    if corpus.has("account_counters"):
        asked["counters"] = (COUNTERS, {})
    if corpus.has("panels"):
        asked["panel_nulls"] = (PANEL_NULLS, {})
    if corpus.has("groups"):
        asked["groups"] = (GROUPS, {})
    found = rhythms(corpus, min_posts=min_posts) | {name: corpus.query(sql, **params) for name, (sql, params) in asked.items()}
    if "accounts" in found:
        found |= _coverage_ids.reduce(corpus, sum(found["accounts"]["posts"].to_pylist()))
    return found


def rhythms(corpus: Corpus, *, min_posts: int) -> dict[str, pa.Table]:
    """Run only the queries that the tests of gaps need."""
    kept: dict[str, object] = {"kept": GAPS_KEPT, "min_posts": min_posts}
    asked: dict[str, tuple[str, dict[str, object]]] = {}
    if corpus.has("posts"):
        asked |= {
            "accounts": (ACCOUNTS, {}),
            "rhythm": (RHYTHM, {}),
            "gaps": (GAPS, kept),
            "capture_gaps": (CAPTURE_GAPS, kept),
            "weeks": (WEEKS, {}),
            "days": (DAYS, {}),
        }
    if corpus.has("panels"):
        asked["panels"] = (PANELS, {})
    return {name: corpus.query(sql, **params) for name, (sql, params) in asked.items()}
