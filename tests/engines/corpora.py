"""What do the engines get to disagree about? A world without news, with everything the views and queries must settle.

Several versions of a post, several observations of its counts, posts without time, text or account, equal texts, texts
of other scripts, handles in any case, panels, counters, repeats, edges, trees, ratings, events.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.worlds.botnet import BotnetWorld, truth
from agorascope.worlds.botnet_tables import tables as world_tables
from agorascope.worlds.null import DAY_US, START_US, NullWorld, make

TEXTS = (
    "Ναι στην Ευρώπη #Γιορτή και στη Δημοκρατία",
    "RT @a1: très bien, l’été ; 100 % d’accord",
    "東京は今日も晴れです #tokyo #天気 東京は今日も晴れ",
    "'; DROP TABLE posts; -- \\d+ :name $1",
    "same words again and again, by many",
    "🙂 \U0001f469\u200d\U0001f469\u200d\U0001f467 ok",
)


def corpus_tables(posts: int, seed: int) -> dict[str, pa.Table]:
    """Make every canonical table with about ``posts`` posts. Cost O(posts)."""
    rng = np.random.default_rng(seed)
    tables = make(NullWorld(posts=posts), seed)
    tables["posts"] = _versions(_oddities(tables["posts"], rng))
    n, authors = tables["posts"].num_rows, tables["accounts"].num_rows
    later = tables["post_metrics"].slice(0, n // 10)
    at = later.schema.get_field_index("observed_at_us")
    moved = later.set_column(
        at, later.schema.field(at), pa.array(later.column(at).to_numpy() + DAY_US * rng.integers(-9, 9, later.num_rows))
    )
    tables["post_metrics"] = pa.concat_tables([tables["post_metrics"], moved])
    tables["account_counters"] = _counters(tables["accounts"], rng)
    tables["panels"] = _panels(authors, rng)
    tables["repeats"] = tables["posts"].slice(50, 400).select(["platform", "post_id", "account_id", "created_at_us"]).append_column(
        "occurrence", pa.array(np.full(400, 2)))  # fmt: skip
    ids = tables["posts"].column("post_id").to_pylist()[:1_000]
    tables["post_labels"] = pa.table({"platform": ["x"] * 2_000, "post_id": ids * 2, "name": ["paid"] * 1_000 + ["topic"] * 1_000,
                                      "value": [str(i % 2) for i in range(1_000)] + ["été"] * 1_000})  # fmt: skip
    source, target = rng.integers(0, authors, (2, 3_000))
    tables["edges"] = pa.table({"platform": ["x"] * 3_000, "network": ["given"] * 3_000, "source": [f"a{i}" for i in source],
                                "target": [f"a{i}" for i in target], "weight": rng.random(3_000)})  # fmt: skip
    tables["ratings"] = pa.table({"platform": ["x"] * 3_000, "rater": [f"a{i}" for i in source],
                                  "item": [f"i{i % 99}" for i in target], "value": rng.random(3_000)})  # fmt: skip
    tables["events"] = pa.table({"at_us": [START_US + 30 * DAY_US, START_US + 60 * DAY_US], "label": ["first", "second"]})
    return tables


def networked(world: BotnetWorld, seed: int) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """Make a world with a squad, with replies and tags besides; hand the squad over as ``coordination`` would, in five ways."""
    made = world_tables(world, seed)
    posts, objects = made["posts"], made["post_objects"]
    answer = pa.array([f"o{i % 50}" if i % 7 == 0 else None for i in range(posts.num_rows)], pa.string())
    made["posts"] = posts.set_column(posts.column_names.index("reply_to"), "reply_to", answer)
    ids = posts["post_id"].to_pylist()[:4_000]
    tags = [{"platform": "x", "post_id": post, "kind": "hashtag", "value": f"t{i % 37}"} for i, post in enumerate(ids)]
    made["post_objects"] = pa.concat_tables([objects, pa.Table.from_pylist(tags, objects.schema)])
    names = [f"a{i}" for i in np.flatnonzero(truth(world, seed).bot)]
    behind = posts.filter(pc.and_(pc.is_valid(posts["repost_of"]), pc.is_in(posts["account_id"], pa.array(names))))
    acts = behind.select(["platform", "account_id", "post_id"]).append_column("at_us", behind["created_at_us"])
    kinds = ["repost", "reply", "url", "hashtag", "text"]
    parts = [(kind, acts if kind == "repost" else acts.slice(0, 1)) for kind in kinds]
    n = len(names)
    members = {"platform": ["x"] * n, "account_id": names, "in_network": [True] * n, "network": ["n1"] * n}
    return made, {
        "coordination.acts": pa.concat_tables(part.append_column("kind", pa.array([k] * part.num_rows)) for k, part in parts),
        "coordination.accounts": pa.table(members),
        "coordination.tested": pa.table({"behaviour": kinds, "window_s": [300] * len(kinds)}),
    }


def _oddities(posts: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Give two posts in three a text, take time or account from one in a hundred, derive one time in five."""
    n = posts.num_rows
    text = [
        TEXTS[k] if k < len(TEXTS) else f"post {i} of many" if k < 12 else None
        for i, k in enumerate(rng.integers(0, 18, n).tolist())
    ]
    changed = {
        "text": pa.array(text, pa.string()),
        "created_at_us": pa.array(posts.column("created_at_us").to_numpy(), mask=rng.random(n) < 0.01),
        "account_id": pa.array(posts.column("account_id").to_pylist(), mask=rng.random(n) < 0.01),
        "created_at_source": pa.array(np.where(rng.random(n) < 0.2, "derived", "declared")),
    }
    for name, values in changed.items():
        place = posts.schema.get_field_index(name)
        posts = posts.set_column(place, posts.schema.field(place), values)
    return posts


def _versions(posts: pa.Table) -> pa.Table:
    """Add a second version of every 50th post, told apart by its row hash."""
    second = posts.take(pa.array(range(0, posts.num_rows, 50)))
    both = pa.concat_tables([posts, second])
    number = np.arange(both.num_rows)
    hashes = np.random.default_rng(1).integers(-(2**63), 2**63 - 1, both.num_rows)
    for name, values in (("row_hash", hashes), ("file_id", number % 3), ("record", number + 1)):
        both = both.append_column(name, pa.array(values))
    return both


def _counters(accounts: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Read every account's counters on thirteen Mondays; one follower count in ten is hidden."""
    n, weeks = accounts.num_rows, 13
    week = np.repeat(np.arange(weeks), n)
    return pa.table({
        "platform": pa.concat_arrays([accounts.column("platform").combine_chunks()] * weeks),
        "account_id": pa.concat_arrays([accounts.column("account_id").combine_chunks()] * weeks),
        "at_us": pa.array(START_US + week * 7 * DAY_US),
        "posts": pa.array(week * 3 + rng.integers(0, 3, n * weeks)),
        "followers": pa.array(rng.integers(0, 9_999, n * weeks), mask=rng.random(n * weeks) < 0.1),
    })  # fmt: skip


def _panels(authors: int, rng: np.random.Generator) -> pa.Table:
    """Sum four metrics of every account over thirteen weeks."""
    metrics, weeks = ("posts", "counter_posts", "views", "reactions_love"), 13
    n = authors * weeks * len(metrics)
    which = np.arange(n)
    return pa.table({
        "platform": ["facebook"] * n,
        "account_id": [f"a{i}" for i in (which // (weeks * len(metrics))).tolist()],
        "period_start_us": pa.array(START_US + (which // len(metrics) % weeks) * 7 * DAY_US),
        "period_us": pa.array(np.full(n, 7 * DAY_US)),
        "metric": [metrics[i] for i in (which % len(metrics)).tolist()],
        "value": pa.array(np.floor(rng.pareto(1.2, n) * 100), mask=rng.random(n) < 0.05),
    })  # fmt: skip
