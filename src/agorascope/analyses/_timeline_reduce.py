"""Who acted on which object when, of all accounts, in the behaviours the networks were seen in? And whom did each act boost?

One element of ``Acts`` is one post that acts on one object. To ask what other accounts do, every act is held, about 150 bytes each
in memory, which is the exception the analysis documents; nothing is read where no network is.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.stats.nearsame import nearsame
from agorascope.tables import Corpus

Ints = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
SECOND_US = 1_000_000
MONDAY_US = 4 * DAY_US  # 1970-01-05
REFERRED = ("repost", "reply")
CARRIED = ("url", "domain", "hashtag", "media", "share")
KINDS = (*REFERRED, *CARRIED, "text")
_APART = "\x1f"

_ACTED = "p.platform AS platform, p.account_id AS account_id, p.created_at_us AS at_us, p.post_id AS post_id"
_KNOWN = "p.account_id IS NOT NULL AND p.created_at_us IS NOT NULL"
REFERRING = (
    f"SELECT {_ACTED}, p.{{column}} AS object, COALESCE(p.ref_account_id, o.account_id) AS target FROM posts AS p "
    f"LEFT JOIN posts AS o ON p.platform = o.platform AND p.{{column}} = o.post_id WHERE p.{{column}} IS NOT NULL AND {_KNOWN}"
)
CARRYING = (
    f"SELECT {_ACTED}, o.value AS object, CAST(NULL AS STRING) AS target FROM post_objects AS o "
    f"JOIN posts AS p ON o.platform = p.platform AND o.post_id = p.post_id WHERE o.kind = :kind AND p.kind <> 'repost' AND {_KNOWN}"
)
WRITTEN = (
    f"SELECT {_ACTED}, p.text AS object, CAST(NULL AS STRING) AS target FROM posts AS p "
    f"WHERE p.text IS NOT NULL AND p.kind <> 'repost' AND {_KNOWN}"
)


class Acts(NamedTuple):
    """Hold the acts of all behaviours (acts,): positions in ``accounts`` (keys), codes of objects, µs and s, windows in s.

    ``members`` (accounts,): the number of the network each is in, -1 in none. ``target``: the account boosted, where the act is a
    repost or a reply, else null; ``kind`` and ``name`` say the object.
    """

    account: Ints
    obj: Ints
    at_us: Ints
    at_s: Ints
    window_s: Ints
    accounts: pa.Array
    members: Ints
    kind: pa.Array
    name: pa.Array
    target: pa.Array
    platform: pa.Array
    post_id: pa.Array


def reduce(corpus: Corpus, networks: pa.Table, windows: dict[str, int]) -> Acts:
    """Gather the acts of every account in the behaviours of ``windows`` (s), and the ``networks`` of members (n1...)."""
    parts = [_rows(corpus, kind, seconds) for kind, seconds in sorted(windows.items())]
    rows = pa.concat_tables(parts).combine_chunks()
    keys = pc.binary_join_element_wise(rows["platform"], rows["account_id"], _APART).combine_chunks()
    objects = pc.binary_join_element_wise(rows["kind"], rows["key"], _APART).combine_chunks()
    accounts = _sorted(keys)
    named = pc.binary_join_element_wise(networks["platform"], networks["account_id"], _APART).combine_chunks()
    at = pc.index_in(accounts, named)
    number = np.array([int(str(n)[1:]) - 1 for n in networks["network"].to_pylist()], np.int64)
    place = np.asarray(pc.fill_null(at, -1), np.int64)
    return Acts(
        np.asarray(pc.index_in(keys, accounts), np.int64),
        np.asarray(pc.index_in(objects, _sorted(objects)), np.int64),
        np.asarray(rows["at_us"], np.int64),
        np.asarray(rows["at_us"], np.int64) // SECOND_US,
        np.asarray(rows["window_s"], np.int64),
        accounts,
        np.where(place >= 0, number[np.maximum(place, 0)], -1) if number.size else np.full(len(accounts), -1, np.int64),
        *(rows[name].combine_chunks() for name in ("kind", "name", "target", "platform", "post_id")),
    )


def counted(ties: pa.Table, accounts: pa.Table) -> tuple[pa.Table, int]:
    """Keep the acts of the networks that ``coordination`` counts, and say how many networks it does not count."""
    if "counted" not in accounts.column_names:
        return ties, 0
    inside = accounts.filter(pc.field("in_network"))
    kept = pc.unique(inside.filter(pc.field("counted"))["network"])
    return ties.filter(pc.is_in(ties["network"], kept)), len(pc.unique(inside["network"])) - len(kept)


def length(first_us: int, last_us: int, by: str) -> str:
    """Choose the slices: days up to two weeks, weeks up to half a year, months beyond."""
    days = (last_us - first_us) / DAY_US
    return by if by != "auto" else "day" if days <= 14 else "week" if days <= 183 else "month"


def starts(at_us: Ints, by: str) -> Ints:
    """Give the start (µs) of the day, the week from Monday, or the month (UTC) every time lies in."""
    if by == "month":
        months = at_us.astype("datetime64[us]").astype("datetime64[M]")
        return months.astype("datetime64[us]").astype(np.int64)
    width = DAY_US if by == "day" else 7 * DAY_US
    return at_us - (at_us - MONDAY_US) % width


def end(start_us: int, by: str) -> int:
    """Give the start (µs) of the slice after."""
    if by == "month":
        month = np.datetime64(start_us, "us").astype("datetime64[M]") + 1
        return int(month.astype("datetime64[us]").astype(np.int64))
    return start_us + (DAY_US if by == "day" else 7 * DAY_US)


def _rows(corpus: Corpus, kind: str, seconds: int) -> pa.Table:
    if kind in REFERRED:
        rows = corpus.query(REFERRING.format(column="repost_of" if kind == "repost" else "reply_to"))
        key = pc.binary_join_element_wise(rows["platform"], rows["object"], _APART)
    elif kind == "text":
        rows = _texts(corpus.query(WRITTEN))
        key = rows["object"]
    else:
        rows = corpus.query(CARRYING, kind=kind)
        key = rows["object"]
    columns = {name: rows[name] for name in ("platform", "account_id", "at_us", "post_id", "target")}
    columns |= {"kind": pa.repeat(kind, rows.num_rows), "name": rows["object"], "key": key}
    columns["window_s"] = pa.array(np.full(rows.num_rows, seconds))
    shape = {name: pa.int64() if name in ("at_us", "window_s") else pa.string() for name in columns}
    return pa.table(columns).cast(pa.schema(list(shape.items())))


def _texts(rows: pa.Table) -> pa.Table:
    """Name each text by the first of its group of same or near-same ones; those too short or alone act on nothing."""
    groups = nearsame(rows["object"].to_pylist()).group
    kept = np.flatnonzero(groups >= 0)
    if not kept.size:
        return rows.slice(0, 0)
    rows = rows.take(pa.array(kept))
    texts = np.array(rows["object"].to_pylist(), dtype=object)
    least: dict[int, str] = {}
    for group, text in zip(groups[kept].tolist(), texts.tolist(), strict=True):
        least[group] = min(text, least.get(group, text))
    named = pa.array([least[group] for group in groups[kept].tolist()])
    return rows.set_column(rows.column_names.index("object"), "object", named)


def _sorted(values: pa.Array) -> pa.Array:
    every = pc.unique(values)
    return every.take(pc.array_sort_indices(every))
