"""Which links name nobody? Those whose every part is the post's id or a neutral word; X has a form without the name.

Limits: a link that is kept leads to a public page, and that page names its author.
"""

import re
from urllib.parse import urlsplit

from .hostile import web_address

_X_POST = re.compile(r"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/[^/]+/status(?:es)?/(\d+)", re.IGNORECASE)
_REDDIT_POST = re.compile(r"^https?://(?:\w+\.)?reddit\.com/r/\w+/comments/\w+(?:/\w*)?/?$", re.IGNORECASE)
# Words that stand in addresses of posts whoever wrote them; hosts that name the author before the dot.
_WORDS = """
    posts post p status statuses comments comment watch video videos v reel item items story message messages note notes
    s t m i web article articles news thread threads question questions topic topics discussion view id index html
"""
NEUTRAL = frozenset(_WORDS.split())
AUTHOR_HOSTS = ("tumblr.com", "substack.com", "blogspot.com", "wordpress.com", "bsky.social", "livejournal.com", "medium.com")


def unnamed_link(link: str | None, account_id: str | None = None, post_id: str | None = None) -> str | None:
    """Give a link that does not name its author, or None.

    A link is kept where each part of its path is the post's id or a neutral word; any other part may be a name.

    >>> unnamed_link("https://twitter.com/someone/status/123")
    'https://x.com/i/status/123'
    >>> unnamed_link("https://forum.example/posts/123", post_id="123")
    'https://forum.example/posts/123'
    >>> unnamed_link("https://forum.example/someone/123", post_id="123") is None
    True
    """
    if link is None or web_address(link) is None:
        return None
    if post := _X_POST.match(link):
        return f"https://x.com/i/status/{post[1]}"
    parts = urlsplit(link)
    host = (parts.hostname or "").lower()
    if "@" in parts.netloc or host.endswith(AUTHOR_HOSTS) or (account_id and account_id.lower() in host):
        return None
    if _REDDIT_POST.match(link):
        return link
    words = re.split(r"[/.=&]", f"{parts.path}&{parts.query}") + parts.fragment.split()
    return link if all(word in (post_id, "") or word.lower() in NEUTRAL for word in words) else None
