"""Which accounts changed their handle, and how often were they reposted and copied? Handles described, and those in addresses.

Descriptions of accounts bear no date; the addresses of an account's own posts (``https://.../HANDLE/status/ID``) do: their post's.
"""

from typing import NamedTuple

import pyarrow as pa

from agorascope.tables import Corpus

MOST = 20
RENAMED = pa.schema(
    [
        ("account_id", pa.string()),
        ("handle", pa.string()),
        ("first_us", pa.int64()),
        ("last_us", pa.int64()),
        ("posts", pa.int64()),
        ("reposted", pa.int64()),
        ("copied", pa.int64()),
    ]
)
DESCRIBED = """
    SELECT h.platform AS platform, h.account_id AS account_id, h.handle AS handle FROM account_handles AS h
    JOIN (SELECT platform, account_id FROM account_handles GROUP BY platform, account_id HAVING COUNT(*) > 1) AS several
    ON h.platform = several.platform AND h.account_id = several.account_id
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, handle NULLS FIRST"""
ADDRESSED = """
    SELECT platform, account_id, handle, MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us, COUNT(*) AS posts FROM (
        SELECT platform, account_id, created_at_us, LOWER(REGEXP_EXTRACT(permalink, :pattern, 1)) AS handle FROM posts
        WHERE permalink IS NOT NULL AND account_id IS NOT NULL AND kind <> 'repost') AS told
    WHERE handle <> '' AND handle <> 'i' GROUP BY platform, account_id, handle
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, first_us NULLS FIRST, handle NULLS FIRST"""
REPOSTED = """
    SELECT p.platform AS platform, COALESCE(p.ref_account_id, o.account_id) AS account_id, COUNT(*) AS reposts
    FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND p.repost_of = o.post_id
    WHERE p.kind = 'repost' AND COALESCE(p.ref_account_id, o.account_id) IS NOT NULL
    GROUP BY p.platform, COALESCE(p.ref_account_id, o.account_id)
    ORDER BY reposts DESC, platform NULLS FIRST, account_id NULLS FIRST"""
KNOWN = "SELECT COUNT(*) AS named, SUM(CASE WHEN handle = LOWER(account_id) THEN 1 ELSE 0 END) AS own FROM account_handles"
PATTERN = r"^https?://[^/]+/@?([A-Za-z0-9_.-]+)/status(?:es)?/"


class Names(NamedTuple):
    """Hold the table of renamings, how many accounts have one, how many are shown, and whether the corpus could show any.

    ``shows`` is ``nothing`` (no handle, or handles are the ids), ``undated`` (descriptions only) or ``dated``.
    """

    table: pa.Table
    renamed: int
    shown: int
    shows: str


def names(corpus: Corpus, copied: dict[tuple[str, str], int]) -> Names:
    """List the renamed accounts most reposted and copied, one row for each handle. ``copied``: account -> texts lifted from it."""
    seen: dict[tuple[str, str], dict[str, tuple[int | None, int | None, int]]] = {}
    dated = corpus.query(ADDRESSED, pattern=PATTERN).to_pylist() if corpus.has("posts") else []
    own = sum(r["handle"] == r["account_id"].lower() for r in dated)
    for row in dated:
        seen.setdefault((row["platform"], row["account_id"]), {})[row["handle"]] = row["first_us"], row["last_us"], row["posts"]
    known = corpus.query(KNOWN).to_pylist()[0]
    for row in corpus.query(DESCRIBED).to_pylist():
        seen.setdefault((row["platform"], row["account_id"]), {}).setdefault(row["handle"], (None, None, 0))
    renamed = {key: handles for key, handles in seen.items() if len(handles) > 1}
    shows = "dated" if len(dated) > own else "undated" if known["named"] > (known["own"] or 0) else "nothing"
    if not renamed:
        return Names(RENAMED.empty_table(), 0, 0, shows)
    reposted = {(r["platform"], r["account_id"]): r["reposts"] for r in corpus.query(REPOSTED).to_pylist()}
    order = sorted(renamed, key=lambda key: (-reposted.get(key, 0) - copied.get(key, 0), key))
    rows = [
        {
            "account_id": key[1],
            "handle": handle,
            "first_us": first,
            "last_us": last,
            "posts": posts,
            "reposted": reposted.get(key, 0),
            "copied": copied.get(key, 0),
        }
        for key in order[:MOST]
        for handle, (first, last, posts) in sorted(renamed[key].items(), key=lambda one: (one[1][0] or 0, one[0]))
    ]
    return Names(pa.Table.from_pylist(rows, RENAMED), len(renamed), min(len(renamed), MOST), shows)
