"""Who acted on which object when, for the objects in reach of a top list? And how much did each account post in all?

One element of ``Acts`` is one post that acts on one object that could be in a top list, of all time or of one slice: memory about
150 bytes each, which is the exception the analysis documents. An object out of reach has fewer acts than the last of every list has
without the networks; where that is not so the reach is made greater.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.tables import Corpus

Ints = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
MONDAY_US = 4 * DAY_US  # 1970-01-05
DAYS_AS_DAYS = 120
RANKINGS = ("repost", "account", "hashtag", "url", "domain")
TRENDING = 10
TREND_LEAST = 5
_APART = "\x1f"

_ACTED = "p.platform AS platform, p.account_id AS account_id, p.post_id AS post_id, p.created_at_us AS at_us"
REPOSTED = (
    f"SELECT p.platform AS scope, p.repost_of AS object, p.ref_account_id AS author, {_ACTED} FROM posts AS p "
    "WHERE p.repost_of IS NOT NULL"
)
BOOSTED = (
    f"SELECT p.platform AS scope, COALESCE(p.ref_account_id, o.account_id) AS object, p.ref_account_id AS author, {_ACTED} "
    "FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND p.repost_of = o.post_id "
    "WHERE p.kind = 'repost' AND COALESCE(p.ref_account_id, o.account_id) IS NOT NULL"
)
CARRIED = (
    f"SELECT '' AS scope, o.value AS object, p.ref_account_id AS author, {_ACTED} "
    "FROM (SELECT platform, post_id, value FROM post_objects WHERE kind = :kind GROUP BY platform, post_id, value) AS o "
    "JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id WHERE p.kind <> 'repost'"
)
IN_REACH = """
    WITH acts AS ({acts}),
    totals AS (SELECT scope, object, COUNT(*) AS n FROM acts GROUP BY scope, object HAVING COUNT(*) >= 2),
    cells AS (
        SELECT scope, object, at_us - pmod(at_us - :monday, :width) AS start_us, COUNT(*) AS n FROM acts WHERE at_us IS NOT NULL
        GROUP BY scope, object, at_us - pmod(at_us - :monday, :width) HAVING COUNT(*) >= :least),
    chosen AS (
        SELECT scope, object FROM (
            SELECT scope, object, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, scope NULLS FIRST, object NULLS FIRST) AS place
            FROM totals) AS whole WHERE place <= :reach
        UNION
        SELECT scope, object FROM (
            SELECT scope, object, ROW_NUMBER() OVER (
                PARTITION BY start_us ORDER BY n DESC NULLS LAST, scope NULLS FIRST, object NULLS FIRST) AS place
            FROM cells) AS sliced WHERE place <= :reach)
    SELECT a.scope AS scope, a.object AS object, a.author AS author, a.platform AS platform, a.account_id AS account_id,
        a.post_id AS post_id, a.at_us AS at_us
    FROM acts AS a JOIN chosen AS c ON a.scope = c.scope AND a.object = c.object"""
OBJECTS = "SELECT COUNT(*) AS n FROM (SELECT scope, object FROM ({acts}) AS acts GROUP BY scope, object HAVING COUNT(*) >= 2) AS o"
POSTED = """
    SELECT platform, account_id, at_us, COUNT(*) AS posts, CAST(SUM(repost) AS BIGINT) AS reposts FROM (
        SELECT platform, account_id, created_at_us - pmod(created_at_us - :monday, :width) AS at_us,
            CASE WHEN kind = 'repost' THEN 1 ELSE 0 END AS repost FROM posts) AS p
    GROUP BY platform, account_id, at_us"""
SPAN = "SELECT MIN(created_at_us) AS first_us, MAX(created_at_us) AS last_us FROM posts"


class Acts(NamedTuple):
    """Hold the acts of one ranking (acts,): positions in ``objects`` and among accounts (-1: unknown), slice, posts.

    ``number`` counts all its objects with two acts or more; ``whole`` says whether all of these are here. ``rows``: platform,
    account_id, post_id, at_us of each act.
    """

    name: str
    account: Ints
    obj: Ints
    piece: Ints
    objects: list[str]
    number: int
    whole: bool
    rows: pa.Table


class Posted(NamedTuple):
    """Hold all accounts (sorted keys), their posts and reposts (accounts,), and both by slice and account (parts,).

    ``starts``: the start of each slice, µs; ``piece`` -1 and ``account`` -1 stand for posts without time or account.
    """

    keys: pa.Array
    starts: Ints
    account: Ints
    piece: Ints
    posts: Ints
    reposts: Ints

    def of(self, counted: Ints) -> Ints:
        """Add up one of the counts by account."""
        known = self.account >= 0
        return np.bincount(self.account[known], counted[known], minlength=len(self.keys)).astype(np.int64)


def width(corpus: Corpus, by: str) -> int:
    """Say how long a slice is, µs: days where the posts span four months at most."""
    row = corpus.query(SPAN).to_pylist()[0]
    days = 0 if row["first_us"] is None else (row["last_us"] - row["first_us"]) / DAY_US
    return DAY_US if by == "day" or (by == "auto" and days <= DAYS_AS_DAYS) else 7 * DAY_US


def posted(corpus: Corpus, width_us: int) -> Posted:
    """Count the posts and reposts of every account in every slice."""
    rows = corpus.query(POSTED, monday=MONDAY_US, width=width_us)
    key = _keys(rows)
    keys = pc.unique(key).drop_null()
    keys = keys.take(pc.array_sort_indices(keys))
    time = rows["at_us"].combine_chunks()
    starts = np.unique(np.asarray(time.drop_null(), np.int64))
    return Posted(
        keys, starts, _within(key, keys), _pieces(time, starts), *(np.asarray(rows[c], np.int64) for c in ("posts", "reposts"))
    )


def acts(corpus: Corpus, name: str, all_posted: Posted, *, reach: int, width_us: int) -> Acts:
    """Gather the acts on every object within reach of the lists of one of ``RANKINGS``."""
    sql = {"repost": REPOSTED, "account": BOOSTED}.get(name, CARRIED)
    kind = {} if name in ("repost", "account") else {"kind": name}
    rows = corpus.query(IN_REACH.format(acts=sql), monday=MONDAY_US, width=width_us, least=TREND_LEAST, reach=reach, **kind)
    number = int(corpus.query(OBJECTS.format(acts=sql), **kind)["n"][0].as_py())
    object_key = pc.binary_join_element_wise(rows["scope"], rows["object"], _APART).combine_chunks()
    objects = pc.unique(object_key)
    objects = objects.take(pc.array_sort_indices(objects))
    time = rows["at_us"].combine_chunks()
    return Acts(
        name,
        _within(_keys(rows), all_posted.keys),
        _within(object_key, objects),
        _pieces(time, all_posted.starts),
        [str(o).split(_APART, 1)[1] for o in objects.to_pylist()],
        number,
        number <= reach,
        rows,
    )


def member_positions(all_posted: Posted, accounts: pa.Table) -> Ints:
    """Find accounts (``platform, account_id``) among those that post; those that do not are left out."""
    at = _within(_keys(accounts), all_posted.keys)
    return np.sort(at[at >= 0])


def behind(found: Acts, ties: pa.Table) -> npt.NDArray[np.bool_]:
    """Say of every act whether its post is one behind a tie."""
    known = pc.binary_join_element_wise(ties["platform"], ties["post_id"], _APART).combine_chunks()
    own = pc.binary_join_element_wise(found.rows["platform"], found.rows["post_id"], _APART).combine_chunks()
    return np.asarray(pc.is_in(own, known), np.bool_)


def shown(found: Acts) -> list[str]:
    """Write the objects for a reader; an id that holds its author's is shown without it."""
    names = list(found.objects)
    if found.name == "repost":
        authors = dict(zip(found.obj.tolist(), found.rows["author"].to_pylist(), strict=True))
        names = [n.replace(a, "…") if (a := authors.get(i)) and len(a) > 3 else n for i, n in enumerate(names)]
    return names


def _keys(rows: pa.Table) -> pa.Array:
    return pc.binary_join_element_wise(rows["platform"], rows["account_id"], _APART).combine_chunks()


def _within(keys: pa.Array, every: pa.Array) -> Ints:
    return np.asarray(pc.fill_null(pc.index_in(keys, every, skip_nulls=True), -1), np.int64)


def _pieces(time: pa.Array, starts: Ints) -> Ints:
    """Number the slice of every time (µs); -1 where there is none."""
    known = np.asarray(pc.fill_null(time, -(2**62)), np.int64)
    return np.where(known == -(2**62), -1, np.searchsorted(starts, known, side="right") - 1)
