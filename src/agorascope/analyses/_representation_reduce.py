"""Who wrote how much, and what is declared of whom? One row per account. A repost is no writing: it is counted and left out.

Memory: about 200 bytes an account and 100 a declared trait; never more rows than accounts, or accounts times traits.
"""

from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from agorascope.errors import BadValue
from agorascope.known import table_of, telling
from agorascope.stats.margins import Margin, Match, codes, matched, named
from agorascope.tables import Corpus
from agorascope.tags import folded
from agorascope.ties import group_called
from agorascope.weighing import refuse_unmatched, targets

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TIERS = ((10_000, "0-9999"), (100_000, "10000-99999"), (1_000_000, "100000-999999"))
MARKS = ".,;:!?()[]{}<>\"'«»“”‘’…#@*/|\n\r\t-–—"
KINDS = ("group", "hashtag", "word")

AUTHORS = """
    SELECT platform, account_id, COUNT(*) AS posts, SUM(engagement) AS engagement, COUNT(engagement) AS counted, SUM(has) AS having,
        SUM(CASE WHEN has = 1 THEN engagement END) AS engagement_having
    FROM (SELECT p.platform AS platform, p.account_id AS account_id, m.engagement AS engagement,
            CASE WHEN h.post_id IS NOT NULL OR (:word <> '' AND
                (CONCAT(' ', TRANSLATE(LOWER(p.text), :marks, :blanks), ' ') LIKE :word
                OR CONCAT(' ', TRANSLATE(LOWER(p.text), :marks, :blanks), ' ') LIKE :apart)) THEN 1 ELSE 0 END AS has
        FROM posts AS p
        LEFT JOIN (SELECT platform, post_id,
            CASE WHEN likes IS NULL AND reposts IS NULL AND quotes IS NULL AND replies IS NULL THEN NULL
            ELSE COALESCE(likes, 0) + COALESCE(reposts, 0) + COALESCE(quotes, 0) + COALESCE(replies, 0) END AS engagement
            FROM latest_metrics) AS m ON p.platform = m.platform AND p.post_id = m.post_id
        LEFT JOIN (
            SELECT platform, post_id FROM post_objects WHERE kind = 'hashtag' AND value = :tag GROUP BY platform, post_id) AS h
            ON p.platform = h.platform AND p.post_id = h.post_id
        WHERE p.account_id IS NOT NULL AND p.kind <> 'repost') AS each_post
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
# Of each account the posts of which it is not known whether they have the attribute, and their engagement.
UNTOLD = """
    SELECT p.platform AS platform, p.account_id AS account_id, COUNT(*) AS posts,
        SUM(CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL
            ELSE COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) END) AS engagement,
        SUM(CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN 0 ELSE 1 END) AS counted
    FROM posts AS p LEFT JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.account_id IS NOT NULL AND p.kind <> 'repost' AND NOT ({telling})
    GROUP BY p.platform, p.account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
UNSIGNED = "SELECT COUNT(*) AS posts FROM posts AS p {voted} WHERE p.account_id IS NULL AND p.kind <> 'repost' {text}"
# The text of an item voted on stands in a post of that id, which nobody wrote here: it is no post without an account.
VOTED = "LEFT JOIN (SELECT DISTINCT platform, item FROM ratings) AS i ON p.platform = i.platform AND p.post_id = i.item"
REPOSTED = """
    SELECT CAST(COALESCE(SUM(reposts), 0) AS BIGINT) AS reposts,
        CAST(COALESCE(SUM(CASE WHEN written = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS accounts
    FROM (SELECT platform, account_id, SUM(CASE WHEN kind = 'repost' THEN 1 ELSE 0 END) AS reposts,
            SUM(CASE WHEN kind <> 'repost' THEN 1 ELSE 0 END) AS written
        FROM posts WHERE account_id IS NOT NULL GROUP BY platform, account_id) AS each_account"""
GROUPS = """
    SELECT a.platform AS platform, a.account_id AS account_id, g.group_name AS trait
    FROM (SELECT platform, account_id FROM posts WHERE account_id IS NOT NULL AND kind <> 'repost'
        GROUP BY platform, account_id) AS a
    JOIN groups AS g ON g.account_id = a.account_id
        AND (g.platform = a.platform OR g.platform = 'unknown' OR a.platform = 'unknown')
    GROUP BY a.platform, a.account_id, g.group_name
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, trait NULLS FIRST"""
SAID = """
    SELECT platform, account_id, name, value, COUNT(*) AS posts FROM (
        SELECT platform, account_id, 'language' AS name, language AS value FROM posts
            WHERE language IS NOT NULL AND kind <> 'repost'
        UNION ALL SELECT platform, account_id, 'place' AS name, place AS value FROM posts
            WHERE place IS NOT NULL AND kind <> 'repost') AS told
    WHERE account_id IS NOT NULL GROUP BY platform, account_id, name, value
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST, name NULLS FIRST, posts DESC NULLS LAST, value NULLS FIRST"""
PROFILES = """
    SELECT platform, account_id, verified, account_type FROM accounts
    ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""
FOLLOWERS = """
    SELECT platform, account_id, MAX(followers) AS followers FROM account_counters WHERE followers IS NOT NULL
    GROUP BY platform, account_id ORDER BY platform NULLS FIRST, account_id NULLS FIRST"""


class Speakers(NamedTuple):
    """Hold what each account wrote, reposts apart, (accounts,), and what is declared of it.

    ``engagement`` is nan where no post of the account has a count; ``having`` counts posts with the attribute, all of an account's
    posts for a group; None where nothing was asked. ``telling`` counts the posts of which it is known whether they have it, with
    ``engagement_telling``: those with a text for a word, of a group those of accounts in any group of its table (``listed``: it is
    alone in that, a list of members, and all posts count). ``traits``: variable -> account -> category; ``matches`` sets margins
    beside those of accounts that tell. ``unsigned`` counts posts without an account, ``reposts`` those left out, ``silent`` the
    accounts that only repost.
    """

    posts: Floats
    engagement: Floats
    telling: Floats
    engagement_telling: Floats
    listed: bool
    having: Floats | None
    engagement_having: Floats | None
    traits: dict[str, dict[int, str]]
    margins: tuple[Margin, ...]
    matches: tuple[Match, ...]
    codes: tuple[Ints, ...]
    populations: tuple[str, ...]
    unsigned: int
    reposts: int
    silent: int


def reduce(corpus: Corpus, *, attribute: str, margins: str) -> Speakers:
    """Count every account's posts, engagement and posts with the attribute. Raises BadValue for what the case has nothing of."""
    kind, name = _asked(attribute)
    name = group_called(corpus, name) if kind == "group" else name
    word = f"% {normalize('NFC', name.casefold())} %" if kind == "word" else ""
    tag = folded(name) if kind == "hashtag" else ""
    rows = corpus.query(AUTHORS, word=word, apart=normalize("NFD", word), tag=tag, marks=MARKS, blanks=" " * len(MARKS))
    keys = list(zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True))
    posts, engagement, counted, having, engaged = (
        np.array([np.nan if v is None else float(v) for v in rows[n].to_pylist()])
        for n in ("posts", "engagement", "counted", "having", "engagement_having")
    )
    groups = [] if not corpus.has("groups") else corpus.query(GROUPS).to_pylist()
    place = {key: i for i, key in enumerate(keys)}
    if kind == "group":
        inside = np.zeros(posts.size, bool)
        inside[[place[r["platform"], r["account_id"]] for r in groups if r["trait"] == name]] = True
        having, engaged = np.where(inside, posts, 0.0), np.where(inside, engagement, 0.0)
    engagement = np.where(counted > 0, engagement, np.nan)
    listed, lost = _untold(corpus, kind, name, place, groups, np.stack((posts, np.nan_to_num(engagement), counted)))
    if kind and not having.sum() > 0:
        known = ", ".join(sorted({r["trait"] for r in groups})) or "none"
        told = f"; groups are: {known}" if kind == "group" else "; use group:NAME, hashtag:X or word:X that occurs"
        raise BadValue(f"attribute is {attribute!r}, which no post written here has{told}")
    traits = _traits(corpus, place, groups)
    towards, populations = targets(corpus, margins)
    matches = matched(towards, traits, posts > lost[0])
    refuse_unmatched(margins, matches, "accounts")
    return Speakers(
        posts,
        engagement,
        posts - lost[0],
        np.where(counted > lost[2], engagement - lost[1], np.nan),
        listed,
        having if kind else None,
        np.nan_to_num(engaged) if kind else None,
        traits,
        towards,
        matches,
        tuple(codes(margin, traits, posts.size) for margin in towards),
        populations,
        _unsigned(corpus),
        *(int(corpus.query(REPOSTED)[n][0].as_py()) for n in ("reposts", "accounts")),
    )


def told_of(told: Speakers) -> Speakers:
    """Give the accounts of which any post tells whether it has the attribute, with these posts alone, and no traits by name."""
    some = told.telling > 0
    return told._replace(
        posts=told.telling[some],
        engagement=told.engagement_telling[some],
        telling=told.telling[some],
        engagement_telling=told.engagement_telling[some],
        having=None if told.having is None else told.having[some],
        engagement_having=None if told.engagement_having is None else told.engagement_having[some],
        traits={},
        codes=tuple(code[some] for code in told.codes),
    )


def _untold(
    corpus: Corpus, kind: str, name: str, place: dict[tuple[str, str], int], groups: list[dict[str, str]], every: Floats
) -> tuple[bool, Floats]:
    """Say whether a group is a list of members, and count the posts of each account that do not tell (3, accounts).

    ``every`` (3, accounts) and what is given: posts, their engagement, and how many of them have one.
    """
    lost = np.zeros_like(every)
    if kind == "group":
        table = set(table_of(corpus, name))
        known = np.zeros(every.shape[1], bool)
        known[[place[r["platform"], r["account_id"]] for r in groups if r["trait"] in table]] = True
        return len(table) == 1, lost if len(table) == 1 else np.where(known, 0.0, every)
    for row in corpus.query(UNTOLD.format(telling=telling(kind))).to_pylist() if kind else []:
        lost[:, place[row["platform"], row["account_id"]]] = row["posts"], row["engagement"] or 0, row["counted"]
    return False, lost


def _unsigned(corpus: Corpus) -> int:
    """Count the posts without an account, but for those that say what an item voted on is."""
    rated = corpus.has("ratings")
    asked = UNSIGNED.format(voted=VOTED if rated else "", text="AND i.item IS NULL" if rated else "")
    return int(corpus.query(asked)["posts"][0].as_py())


def _asked(attribute: str) -> tuple[str, str]:
    kind, _, name = attribute.partition(":")
    name = name.strip()
    if attribute and (kind not in KINDS or not name or (kind == "word" and (set(name) & set(MARKS + "%_ ")))):
        raise BadValue(f"attribute is {attribute!r}; use group:NAME, hashtag:X or word:X, a word without spaces or marks")
    return kind, name


def _traits(corpus: Corpus, place: dict[tuple[str, str], int], groups: list[dict[str, str]]) -> dict[str, dict[int, str]]:
    """Gather what is declared: groups called ``variable:category``, others as ``group``, language, place, profile, followers."""

    def pairs() -> Iterator[tuple[int, str]]:
        for row in groups:
            trait = row["trait"]
            yield place[row["platform"], row["account_id"]], trait if ":" in trait else f"group:{trait}"
        seen = set()
        for row in corpus.query(SAID).to_pylist():
            key = row["platform"], row["account_id"], row["name"]
            if key not in seen:  # the commonest comes first
                seen.add(key)
                yield place[row["platform"], row["account_id"]], f"{row['name']}:{row['value']}"
        for row in corpus.query(PROFILES).to_pylist() if corpus.has("accounts") else []:
            at = place.get((row["platform"], row["account_id"]))
            if at is not None and row["verified"] is not None:
                yield at, f"verified:{'yes' if row['verified'] else 'no'}"
            if at is not None and row["account_type"] is not None:
                yield at, f"account_type:{row['account_type']}"
        for row in corpus.query(FOLLOWERS).to_pylist() if corpus.has("account_counters") else []:
            at = place.get((row["platform"], row["account_id"]))
            if at is not None:
                yield at, f"followers:{next((name for most, name in TIERS if row['followers'] < most), '1000000+')}"
        for (platform, _), at in place.items():
            yield at, f"platform:{platform}"

    return named(pairs())
