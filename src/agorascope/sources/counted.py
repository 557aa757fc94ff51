"""Does an observation of a post hold a count at all? One without is none: it would say that somebody looked and all was hidden."""

from agorascope.records import PostMetrics

_NONE = (None,) * 7


def counted(metrics: PostMetrics) -> list[PostMetrics]:
    """Give an observation as the rows it makes: itself, or none where every count is null.

    >>> counted(PostMetrics("x", "1", observed_at_us=5))
    []
    >>> len(counted(PostMetrics("x", "1", replies=0)))
    1
    """
    counts = (
        metrics.views, metrics.likes, metrics.reposts, metrics.quotes, metrics.replies, metrics.bookmarks, metrics.engaged,
    )  # fmt: skip
    return [metrics] if counts != _NONE else []
