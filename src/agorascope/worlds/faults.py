"""What does a faulty capture look like? Faults planted on the tables of any world, one function per fault.

Each function takes canonical tables and gives them back with one fault of known size: posts missing for a while, ids
that come twice, reposts that pass for originals, hidden counts, an account in two groups, exact copies. The world
underneath is not changed otherwise, so that what ``coverage`` reports can be compared with what was planted.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.records import schema

Tables = dict[str, pa.Table]
Flags = npt.NDArray[np.bool_]

REPEATS = pa.schema(
    [
        ("platform", pa.string()),
        ("post_id", pa.string()),
        ("account_id", pa.string()),
        ("created_at_us", pa.int64()),
        ("occurrence", pa.int64()),
    ]
)


def busiest(tables: Mapping[str, pa.Table], rank: int = 0) -> str:
    """Name the account with the most posts (``rank`` 0), the second (1)..., ties by name."""
    counts = tables["posts"]["account_id"].value_counts().to_pylist()
    return str(sorted(counts, key=lambda c: (-c["counts"], c["values"]))[rank]["values"])


def lose(
    tables: Mapping[str, pa.Table], *, start_us: int, end_us: int, share: float = 1.0, account: str | None = None, seed: int = 0
) -> Tables:
    """Remove a share of the posts published in [start, end), of one account or of all; a share of 1 leaves a hole. O(posts)."""
    posts = tables["posts"]
    at_us = posts["created_at_us"].to_numpy()
    hit = (at_us >= start_us) & (at_us < end_us) & _of(posts, account)
    lost = hit & (np.random.default_rng(seed).random(len(at_us)) < share)
    return dict(tables) | {"posts": posts.filter(pa.array(~lost))}


def repeat(tables: Mapping[str, pa.Table], *, share: float, seed: int = 0) -> Tables:
    """Let a share of the posts come twice in their file: fills ``repeats``. Cost O(posts)."""
    posts = tables["posts"]
    twice = posts.filter(pa.array(np.random.default_rng(seed).random(posts.num_rows) < share))
    columns = [twice.column(n) for n in REPEATS.names[:-1]] + [pa.array(np.full(twice.num_rows, 2))]
    return dict(tables) | {"repeats": pa.Table.from_arrays(columns, schema=REPEATS)}


def copy_content(tables: Mapping[str, pa.Table], *, share: float, seed: int = 0) -> Tables:
    """Add exact copies (same account, time, text and kind, another id) of a share of the posts. Cost O(posts)."""
    posts = tables["posts"]
    if posts["text"].null_count:
        posts = posts.set_column(posts.schema.get_field_index("text"), "text", pc.coalesce(posts["text"], posts["post_id"]))
    again = posts.filter(pa.array(np.random.default_rng(seed).random(posts.num_rows) < share))
    ids = pc.binary_join_element_wise(again["post_id"], "copy", "-")
    again = again.set_column(again.schema.get_field_index("post_id"), "post_id", ids).cast(posts.schema)
    return dict(tables) | {"posts": pa.concat_tables([posts, again])}


def mislabel_reposts(tables: Mapping[str, pa.Table]) -> Tables:
    """Mark every repost as original, with a text beginning "RT @", as exports without a kind do. Cost O(posts)."""
    posts = tables["posts"]
    is_repost = pc.equal(posts["kind"], "repost")
    said = pc.binary_join_element_wise("RT @someone:", pc.coalesce(posts["text"], posts["post_id"]), " ")
    posts = posts.set_column(posts.schema.get_field_index("text"), "text", pc.if_else(is_repost, said, posts["text"]))
    return dict(tables) | {
        "posts": posts.set_column(posts.schema.get_field_index("kind"), "kind", pc.if_else(is_repost, "original", posts["kind"]))
    }


def hide(tables: Mapping[str, pa.Table], *, metric: str, share: float, seed: int = 0) -> Tables:
    """Hide one public count (null) for a share of the observations. Cost O(observations)."""
    metrics = tables["post_metrics"]
    hidden = pa.array(np.random.default_rng(seed).random(metrics.num_rows) < share)
    values = pc.if_else(hidden, pa.scalar(None, pa.int64()), metrics[metric])
    return dict(tables) | {"post_metrics": metrics.set_column(metrics.schema.get_field_index(metric), metric, values)}


def join_two_groups(tables: Mapping[str, pa.Table], *, account: str, group: str = "both") -> Tables:
    """Put an account in one more group, always. Cost O(groups)."""
    row = {"platform": _platform(tables["posts"], account), "account_id": account, "group_name": group}
    more = pa.Table.from_pylist([row], schema=schema("groups"))
    return dict(tables) | {"groups": pa.concat_tables([tables["groups"], more]) if "groups" in tables else more}


def count_posts(tables: Mapping[str, pa.Table], *, account: str, every_us: int) -> Tables:
    """Read the account's own counter of posts at regular times: call it before ``lose``. Cost O(posts log posts)."""
    posts = tables["posts"]
    own = np.sort(posts["created_at_us"].to_numpy()[_of(posts, account)])
    at_us = np.arange(own[0], own[-1] + every_us, every_us)
    shape = schema("account_counters")
    counts = {
        "platform": pa.repeat(_platform(posts, account), len(at_us)),
        "account_id": pa.repeat(account, len(at_us)),
        "at_us": pa.array(at_us),
        "posts": pa.array(1000 + np.searchsorted(own, at_us, side="right")),
    }
    arrays = [counts[f.name].cast(f.type) if f.name in counts else pa.nulls(len(at_us), f.type) for f in shape]
    return dict(tables) | {"account_counters": pa.Table.from_arrays(arrays, schema=shape)}


def _platform(posts: pa.Table, account: str) -> str:
    return str(posts["platform"][int(np.flatnonzero(_of(posts, account))[0])].as_py())


def _of(posts: pa.Table, account: str | None) -> Flags:
    if account is None:
        return np.ones(posts.num_rows, dtype=np.bool_)
    return np.asarray(pc.equal(posts["account_id"], account).to_numpy(), dtype=np.bool_)
