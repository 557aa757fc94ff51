"""Which counts does a row give of its post? None of a repost, but where a share is a post with counts of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agorascope.records import PostMetrics
from agorascope.sources import Sample
from agorascope.sources.columns import key
from agorascope.sources.fields import count
from agorascope.sources.wording import likes, score

from .habits import Habits, positions

_NAMES = "views reach likes reposts quotes replies bookmarks engaged"
_OWN_COUNTS = frozenset(("facebook", "linkedin", "vk", "telegram"))
_NONE = (None,) * 7


def counts(
    sample: Sample, at: Mapping[str, int], habits: Habits
) -> Callable[[Sequence[Any], str, str, str, int | None], Sequence[PostMetrics]]:
    """Bind to a file's columns; return what gives the counts of a post: of its row, platform, id, kind and time of reading."""
    i_views, i_reach, i_likes, i_reposts, i_quotes, i_replies, i_marks, i_engaged = positions(sample, at, _NAMES)
    has_counts = not at.keys().isdisjoint(_NAMES.split())
    read_likes = score if "likes" in at and _is_score(sample, i_likes) else likes

    def of_row(row: Sequence[Any], platform: str, post_id: str, kind: str, seen: int | None) -> Sequence[PostMetrics]:
        if not has_counts or (kind == "repost" and platform not in _OWN_COUNTS):
            return ()
        views, view_kind = count(row[i_views]), "measured"
        if views is None:
            views, view_kind = count(row[i_reach]), "followers_proxy" if platform in habits.proxies else "vendor_reach"
        found = (
            views, read_likes(row[i_likes]), count(row[i_reposts]), count(row[i_quotes]), count(row[i_replies]),
            count(row[i_marks]), count(row[i_engaged]),
        )  # fmt: skip
        return (
            ()
            if found == _NONE
            else (PostMetrics(platform, post_id, seen, views, None if views is None else view_kind, *found[1:]),)
        )

    return of_row


def _is_score(sample: Sample, position: int) -> bool:
    return position < len(sample.header) and key(sample.header[position]) == "score"
