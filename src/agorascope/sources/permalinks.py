"""Whose post is this address? The platform, the post's id and its author, read from a public address."""

import re
from typing import NamedTuple

_ADDRESS = re.compile(r"(?i)(?:https?:)?//(?:(?:www|m|mobile|web|old|new|mbasic|touch|[a-z]{2}-[a-z]{2})\.)*([^/?#]+)/([^#]*)")
_X = re.compile(r"(?:i/web/status|([^/?]+)/status(?:es)?)/(\d+)")
_BLUESKY = re.compile(r"profile/([^/?]+)/post/([2-7a-z]+)")
_FACEBOOK = (
    re.compile(r"(?:permalink|story)\.php\?(?:.*&)?story_fbid=(?P<post>\w+)&(?:.*&)?id=(?P<who>\d+)"),
    re.compile(r"(?P<who>[^/?]+)/(?:posts|videos|photos)/(?:[^/?]+/)*(?P<post>\d+|pfbid\w+)"),
    re.compile(r"groups/(?P<who>[^/?]+)/(?:posts|permalink)/(?P<post>\d+)"),
    re.compile(r"(?:watch/?|photo(?:\.php)?/?)\?(?:.*&)?(?:v|fbid)=(?P<post>\d+)(?P<who>)"),
    re.compile(r"(?P<who>\d+)_(?P<post>\d+)"),
)
_FORMS: dict[str, tuple[str, tuple[re.Pattern[str], ...]]] = {
    "facebook.com": ("facebook", _FACEBOOK),
    "instagram.com": ("instagram", (re.compile(r"(?:(?P<who>[^/?]+)/)?(?:p|reel|tv)/(?P<post>[\w-]+)"),)),
    "tiktok.com": ("tiktok", (re.compile(r"@(?P<who>[^/?]+)/(?:video|photo)/(?P<post>\d+)"),)),
    "youtube.com": ("youtube", (re.compile(r"(?:watch\?(?:.*&)?v=|shorts/|live/)(?P<post>[\w-]{11})(?P<who>)"),)),
    "youtu.be": ("youtube", (re.compile(r"(?P<post>[\w-]{11})(?P<who>)"),)),
    "reddit.com": ("reddit", (re.compile(r"(?:r|user)/[^/?]+/comments/(?:[^/?]+/[^/?]*/(?=[^/?]))?(?P<post>[a-z0-9]+)(?P<who>)"),)),
    "threads.net": ("threads", (re.compile(r"@(?P<who>[^/?]+)/post/(?P<post>[\w-]+)"),)),
    "threads.com": ("threads", (re.compile(r"@(?P<who>[^/?]+)/post/(?P<post>[\w-]+)"),)),
    "t.me": ("telegram", (re.compile(r"(?:s/)?(?P<who>\w+)/(?P<post>\d+)"),)),
    "truthsocial.com": ("truthsocial", (re.compile(r"@(?P<who>[^/?]+)/(?:posts/)?(?P<post>\d+)"),)),
}
_FEDIVERSE = re.compile(r"(?:@([^/?@]+)|users/([^/?]+)/statuses)/(\d{15,20})")


class Permalink(NamedTuple):
    """Say what an address tells of a post; ``handle`` is empty where it does not name the author."""

    platform: str
    post_id: str
    handle: str


def permalink(address: str) -> Permalink | None:
    """Read the public address of a post; None where it is not one.

    >>> permalink("https://twitter.com/BarackObama/status/920061541986250758")
    Permalink(platform='x', post_id='920061541986250758', handle='BarackObama')
    >>> permalink("https://example.org/status/1") is None
    True
    """
    found = _ADDRESS.match(address)
    if found is None:
        return None
    host, path = found[1].lower(), found[2]
    if host in ("twitter.com", "x.com", "nitter.net"):
        tweet = _X.match(path)
        return Permalink("x", tweet[2], tweet[1] or "") if tweet else None
    if host == "bsky.app":
        post = _BLUESKY.match(path)
        return Permalink("bluesky", f"at://{post[1]}/app.bsky.feed.post/{post[2]}", post[1]) if post else None
    if host in _FORMS:
        platform, patterns = _FORMS[host]
        for pattern in patterns:
            if form := pattern.match(path):
                return Permalink(platform, form["post"], form["who"] or "")
        return None
    status = _FEDIVERSE.match(path)
    return Permalink("mastodon", address, status[1] or status[2]) if status else None
