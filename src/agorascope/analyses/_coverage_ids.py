"""Does one id stand for several posts? Rows stored under one platform and id, by different accounts or at different times.

Of several rows under one id only one is shown. They are versions of one post where account and time agree: an account
may be named by its id here and by its handle there, and a time may be derived from the id, cut to the minute or to the day.
"""

import pyarrow as pa

from agorascope.stats.coverage_shares import wilson
from agorascope.tables import Corpus

from ._coverage_rows import Row, not_checked, passed, problem

STORED = "SELECT COUNT(*) AS stored FROM stored_posts"

_CONFLICTING = """
    SELECT platform, post_id, COUNT(*) AS records,
        CASE WHEN MIN(account) <> MAX(account) THEN 1 ELSE 0 END AS other_account,
        CASE WHEN MAX(at_us) - MIN(at_us) >= 86400000000 OR MAX(timed_us) - MIN(timed_us) >= 60000000
            THEN 1 ELSE 0 END AS other_time
    FROM (SELECT platform, post_id, account, at_us, CASE WHEN pmod(at_us, 86400000000) <> 0 THEN at_us END AS timed_us
        FROM (SELECT s.platform, s.post_id, LOWER(COALESCE(a.account_id, s.account_id)) AS account,
                CASE WHEN s.created_at_source = 'derived' THEN NULL ELSE s.created_at_us END AS at_us
            FROM stored_posts AS s LEFT JOIN (SELECT platform, LOWER(handle) AS handle, MIN(account_id) AS account_id
                    FROM stored_accounts WHERE handle IS NOT NULL AND handle <> '' GROUP BY platform, LOWER(handle)) AS a
                ON s.platform = a.platform AND LOWER(s.account_id) = a.handle) AS named) AS versions
    GROUP BY platform, post_id HAVING COUNT(*) > 1"""
CONFLICTS = f"""
    SELECT COUNT(*) AS ids, SUM(records) AS records, SUM(other_account) AS accounts, SUM(other_time) AS times
    FROM ({_CONFLICTING}) AS again WHERE other_account + other_time > 0"""
RECORDS = f"""SELECT s.platform, s.post_id, s.account_id, s.created_at_us, s.permalink, s.text FROM stored_posts AS s
    JOIN ({_CONFLICTING}) AS again ON s.platform = again.platform AND s.post_id = again.post_id
    WHERE again.other_account + again.other_time > 0
    ORDER BY s.platform NULLS FIRST, s.post_id NULLS FIRST, s.created_at_us NULLS FIRST, s.account_id NULLS FIRST,
        s.row_hash NULLS FIRST LIMIT 10"""


def reduce(corpus: Corpus, posts: int) -> dict[str, pa.Table]:
    """Count the ids that stand for several posts; nothing is asked where every stored row is one of the ``posts`` shown."""
    stored = corpus.query(STORED)
    if stored["stored"].to_pylist() == [posts]:
        return {"stored": stored}
    return {"stored": stored, "conflicts": corpus.query(CONFLICTS)}


def check(tables: dict[str, pa.Table]) -> list[Row]:
    """Say how many ids stand for several posts: a fault, however few."""
    if "stored" not in tables:
        return [not_checked("conflicting_ids", "posts")]
    found = tables["conflicts"].to_pylist()[0] if "conflicts" in tables else {"ids": 0}
    if not found["ids"]:
        return [passed("conflicting_ids", value=0.0, unit="share")]
    posts = sum(tables["accounts"]["posts"].to_pylist())
    low, high = wilson(found["ids"], posts)
    share = found["ids"] / posts
    args = found | {"posts": posts, "share": share}
    return [problem("conflicting_ids", "fault", args=args, value=share, low=low, high=high, unit="share", severity=share)]
