"""Which posts, links, hashtags and authors weigh most, and how concentrated is the talk? Shares with clustered Wilson intervals."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.stats.shares import concentration, design_effect, wilson
from agorascope.stats.sums import sums
from agorascope.tables import Corpus

from ._conversation_changes import Slice, Whole
from ._conversation_reduce import Activity

Floats = npt.NDArray[np.float64]

CHANGING = ("hashtag", "domain")
CONCENTRATION_DRAWS = 200

OBJECTS = """
    WITH carried AS (SELECT DISTINCT platform, post_id, kind, value FROM post_objects WHERE kind IN ('url', 'domain', 'hashtag')),
    ranked AS (SELECT kind, value,
            ROW_NUMBER() OVER (PARTITION BY kind ORDER BY COUNT(*) DESC NULLS LAST, value NULLS FIRST) AS place
        FROM carried GROUP BY kind, value)
    SELECT c.kind AS kind, c.value AS value, p.platform AS platform, p.account_id AS account_id,
        p.created_at_us - :origin - pmod(p.created_at_us - :origin, :bin_us) AS bin_us, COUNT(*) AS posts
    FROM ranked AS r JOIN carried AS c ON r.kind = c.kind AND r.value = c.value
        JOIN posts AS p ON p.platform = c.platform AND p.post_id = c.post_id
    WHERE r.place <= :most AND p.created_at_us IS NOT NULL
    GROUP BY c.kind, c.value, p.platform, p.account_id, p.created_at_us - :origin - pmod(p.created_at_us - :origin, :bin_us)
    ORDER BY kind NULLS FIRST, value NULLS FIRST, platform NULLS FIRST, account_id NULLS FIRST, bin_us NULLS FIRST"""

POSTS = """
    SELECT p.platform AS platform, p.post_id AS post_id, p.account_id AS account_id, p.created_at_us AS created_at_us,
        p.kind AS kind, p.text AS text, p.permalink AS permalink, m.views AS views,
        CASE WHEN m.likes IS NULL AND m.reposts IS NULL AND m.quotes IS NULL AND m.replies IS NULL THEN NULL
            ELSE COALESCE(m.likes, 0) + COALESCE(m.reposts, 0) + COALESCE(m.quotes, 0) + COALESCE(m.replies, 0) END AS engagement
    FROM posts AS p JOIN latest_metrics AS m ON p.platform = m.platform AND p.post_id = m.post_id
    WHERE p.created_at_us >= :start_us AND p.created_at_us < :end_us
        AND COALESCE(m.likes, m.reposts, m.quotes, m.replies, m.views) IS NOT NULL
    ORDER BY engagement DESC NULLS LAST, views DESC NULLS LAST, platform NULLS FIRST, post_id NULLS FIRST LIMIT :most"""

TOP_POSTS = pa.schema(
    [
        ("platform", pa.string()),
        ("post_id", pa.string()),
        ("account_id", pa.string()),
        ("created_at_us", pa.int64()),
        ("kind", pa.string()),
        ("text", pa.string()),
        ("permalink", pa.string()),
        ("views", pa.int64()),
        ("engagement", pa.int64()),
        ("share", pa.float64()),
    ]
)
TOP_OBJECTS = pa.schema(
    [
        ("kind", pa.string()),
        ("value", pa.string()),
        ("posts", pa.float64()),
        ("authors", pa.int64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)
TOP_AUTHORS = pa.schema(
    [
        ("platform", pa.string()),
        ("account_id", pa.string()),
        ("posts", pa.float64()),
        ("share", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("engagement", pa.float64()),
        ("views", pa.float64()),
    ]
)
CONCENTRATION = pa.schema(
    [
        ("of", pa.string()),
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("authors", pa.int64()),
    ]
)


def objects(corpus: Corpus, activity: Activity, *, most: int) -> list[Slice]:
    """Read the volume of the most frequent links, domains and hashtags by author and bin, as shares of all posts."""
    if not activity.hours or not corpus.has("post_objects"):
        return []
    rows = corpus.query(OBJECTS, origin=activity.origin_us, bin_us=activity.bin_us, most=most)
    if not rows.num_rows:
        return []
    number = {key: i for i, key in enumerate(activity.authors)}
    keys = zip(rows["platform"].to_pylist(), rows["account_id"].to_pylist(), strict=True)
    author = np.array([number[platform, account or None] for platform, account in keys], np.int64)
    at = rows["bin_us"].to_numpy().astype(np.int64) // activity.bin_us
    posts = rows["posts"].to_numpy().astype(np.float64)
    names = list(zip(rows["kind"].to_pylist(), rows["value"].to_pylist(), strict=True))
    whole = Whole(activity.author, activity.bin, activity.posts)
    starts = [i for i in range(len(names)) if i == 0 or names[i] != names[i - 1]] + [len(names)]
    return [Slice(*names[i], author[i:j], at[i:j], posts[i:j], whole) for i, j in itertools.pairwise(starts)]


def categories(activity: Activity) -> Iterator[Slice]:
    """Cut the volume by platform, kind, language and group; a share is taken of the rows that declare the dimension."""
    for name, (codes, labels) in activity.dimensions.items():
        known = codes >= 0
        whole = Whole(activity.author[known], activity.bin[known], activity.posts[known])
        for code, label in enumerate(labels if len(labels) > 1 else []):
            rows = codes == code
            yield Slice(name, label, activity.author[rows], activity.bin[rows], activity.posts[rows], whole)


def top_objects(slices: list[Slice], activity: Activity) -> pa.Table:
    """Tabulate links, domains and hashtags by share of all posts."""
    everything = sums(activity.author, activity.posts, len(activity.authors))
    rows: list[dict[str, Any]] = []
    for piece in slices:
        held = sums(piece.author, piece.posts, len(activity.authors))
        low, high, share = _interval(held, everything)
        rows.append(
            {
                "kind": piece.dimension,
                "value": piece.category,
                "posts": float(held.sum()),
                "authors": int((held > 0).sum()),
                "share": share,
                "low": low,
                "high": high,
            }
        )
    return pa.Table.from_pylist(sorted(rows, key=lambda r: (r["kind"], -r["posts"], r["value"])), TOP_OBJECTS)


def top_authors(activity: Activity, *, most: int) -> pa.Table:
    """Tabulate authors by share of the volume; the interval takes posts as drawn from a longer run of the same authors."""
    sizes = sums(activity.author, activity.posts, len(activity.authors))
    held = {name: by_author(activity, values) for name, values in (("engagement", activity.engagement), ("views", activity.views))}
    signed = [i for i in np.argsort(-sizes, kind="stable").tolist() if activity.authors[i][1] is not None][:most]
    total = float(sizes.sum())
    rows: list[dict[str, Any]] = []
    for i in signed:
        low, high = wilson(float(sizes[i]), total) if activity.metric == "posts" else (None, None)
        row = {
            "platform": activity.authors[i][0],
            "account_id": activity.authors[i][1],
            "posts": float(sizes[i]),
            "share": float(sizes[i]) / total,
        }
        rows.append(row | {"low": low, "high": high} | {name: _number(values[i]) for name, values in held.items()})
    return pa.Table.from_pylist(rows, TOP_AUTHORS)


def concentrations(activity: Activity, *, rng: np.random.Generator) -> pa.Table:
    """Measure how unequal authors are in volume, engagement and views: Gini and the share of the top 1 %."""
    rows: list[dict[str, Any]] = []
    signed = np.array([account is not None for _, account in activity.authors])
    for name, values in (("posts", activity.posts), ("engagement", activity.engagement), ("views", activity.views)):
        sizes = by_author(activity, values)[signed]
        sizes = sizes[np.isfinite(sizes)]
        if sizes.size < 2 or sizes.sum() <= 0:
            continue
        found = concentration(sizes, part=0.01, draws=CONCENTRATION_DRAWS, rng=rng)
        of = activity.metric if name == "posts" else name
        rows += [
            {"of": of, "measure": measure, "value": value, "low": low, "high": high, "authors": int(sizes.size)}
            for measure, (value, low, high) in found.items()
        ]
    return pa.Table.from_pylist(rows, CONCENTRATION)


def top_posts(corpus: Corpus, *, start_us: int, end_us: int, most: int, engagement: float) -> pa.Table:
    """Tabulate the posts of a window with the most engagement, and their share of ``engagement``; none without a count."""
    rows = corpus.query(POSTS, start_us=start_us, end_us=end_us, most=most).to_pylist()
    shares = [r["engagement"] / engagement if engagement > 0 and r["engagement"] is not None else None for r in rows]
    return pa.Table.from_pylist([r | {"share": share} for r, share in zip(rows, shares, strict=True)], TOP_POSTS)


def by_author(activity: Activity, values: Floats) -> Floats:
    """Add up row values by author; nan where an author has no known value. Shape (authors,)."""
    known = np.isfinite(values)
    added = sums(activity.author[known], values[known], len(activity.authors))
    return np.where(np.bincount(activity.author[known], minlength=len(activity.authors)) > 0, added, np.nan)


def _interval(held: Floats, everything: Floats) -> tuple[float, float, float]:
    count, total = float(held.sum()), float(everything.sum())
    effect = design_effect(
        square=float((held**2).sum()),
        cross=float((held * everything).sum()),
        total_square=float((everything**2).sum()),
        count=count,
        total=total,
    )
    return *wilson(count, total, design_effect=effect), count / total


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
