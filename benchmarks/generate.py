"""What does a benchmark read? Seeded files in the shape real ones have: X API v2 posts with bad lines, plain CSV of posts.

Run: ``python benchmarks/generate.py x-v2 FILE [MEGABYTES]`` or ``python benchmarks/generate.py csv FILE [POSTS]``.

``x-v2`` is one flattened post a line, about 1.4 kB: author, entities, public metrics, context annotations; three in ten
carry addresses, one in five refers to another post; 1,004 bad lines of six kinds lie at seeded places. Authors are
heavy-tailed. Lines are filled from a few hundred templates, so that a gigabyte takes under a minute.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SEED = 20241122
BAD_LINES = 1_004
START_S = 1_704_067_200
_FIRST_ID = 1_741_000_000_000_000_000
_WORDS = tuple(
    "la réforme the election votre avis climate today people très question news réponse football why demain price energy "  # noqa: SIM905
    "school transport santé water budget local debate photo video merci world games street market truth".split()
)
_LANGUAGES = ("en", "en", "en", "fr", "fr", "es", "de", "ja", "und")
_DOMAINS = ("lemonde.fr", "bbc.co.uk", "nytimes.com", "youtube.com", "example.org", "blog.example.net")
_TEMPLATES = 300
_CHUNK = 20_000


def x_v2(file: Path, megabytes: int, *, seed: int = SEED) -> dict[str, int]:
    """Write flattened X API v2 posts, about ``megabytes`` x 10^6 bytes; return lines written, and how many of them are bad."""
    rng = np.random.default_rng(seed)
    templates = [_template(random.Random(seed + i)) for i in range(_TEMPLATES)]
    size = sum(len(t) for t in templates) // _TEMPLATES
    expected = megabytes * 950_000 // size
    bad_at = set(rng.choice(expected, min(BAD_LINES, expected // 20), replace=False).tolist())
    written = lines = 0
    with file.open("wb", buffering=1 << 20) as out:
        while written < megabytes * 1_000_000:
            for line in _lines(rng, templates, lines):
                ready = _bad(line, lines) if lines in bad_at else line
                written += out.write(ready)
                lines += 1
                if written >= megabytes * 1_000_000:
                    break
    return {"lines": lines, "bad": sum(b < lines for b in bad_at), "bytes": written}


def posts_csv(file: Path, posts: int, *, seed: int = SEED) -> None:
    """Write a generic CSV of posts by heavy-tailed authors over 300 days, with weekly cycle, one burst, and counts."""
    rng = np.random.default_rng(seed)
    author = _authors(rng, posts, posts // 40 + 10)
    day = rng.integers(0, 300, posts)
    day = np.where(rng.random(posts) < 0.01, 200, day)
    at = np.sort(START_S + day * 86_400 + rng.integers(0, 86_400, posts))
    followers = np.exp(rng.normal(6, 1.8, author.max() + 1)).astype(np.int64)
    views = (followers[author] * rng.lognormal(-1, 1, posts)).astype(np.int64)
    likes, kind = rng.poisson(views * 0.01), rng.choice(["original", "original", "reply", "repost"], posts)
    text = _texts(random.Random(seed), 2_000)
    chosen, tag = rng.integers(0, len(text), posts).tolist(), rng.zipf(1.6, posts) % 500
    with file.open("w", encoding="utf-8", newline="", buffering=1 << 20) as out:
        out.write("post_id,account_id,created_at,text,kind,language,likes,reposts,replies,views,followers\r\n")
        columns = zip(author.tolist(), at.tolist(), chosen, tag.tolist(), kind.tolist(), likes.tolist(), (likes // 5).tolist(),
                      (likes // 9).tolist(), views.tolist(), followers[author].tolist(), strict=True)  # fmt: skip
        for i, (who, when, what, about, sort, liked, shared, answered, seen, base) in enumerate(columns):
            language = _LANGUAGES[who % len(_LANGUAGES)]
            out.write(
                f'p{i},u{who},{when},"{text[what]} #tag{about} {i}",{sort},{language},{liked},{shared},{answered},{seen},{base}\r\n'
            )


def _authors(rng: np.random.Generator, posts: int, accounts: int) -> np.ndarray:
    """Draw an author for each post, activity Pareto with shape 1.2."""
    weight = rng.pareto(1.2, accounts) + 1
    return np.searchsorted(np.cumsum(weight / weight.sum()), rng.random(posts)).clip(max=accounts - 1)


def _lines(rng: np.random.Generator, templates: list[bytes], first: int) -> Iterator[bytes]:
    """Fill templates with ids, times, authors and counts that grow with the line number."""
    which = rng.integers(0, len(templates), _CHUNK).tolist()
    author = _authors(rng, _CHUNK, 40_000).tolist()
    likes, views = rng.geometric(0.05, _CHUNK).tolist(), rng.geometric(0.001, _CHUNK).tolist()
    word = rng.integers(0, 1 << 40, _CHUNK).tolist()
    for i, (k, who, liked, seen, salt) in enumerate(zip(which, author, likes, views, word, strict=True), first):
        names = {
            b"id": b"%d" % (_FIRST_ID + i * 97),
            b"who": b"%d" % (1_000_000 + who),
            b"ref": b"%d" % (_FIRST_ID + (i // 3) * 97),
        }
        counts = {b"likes": b"%d" % liked, b"views": b"%d" % (seen + liked)}
        yield templates[k] % {**names, **counts, b"at": _iso(START_S + i * 20), b"salt": b"%x" % salt}


def _id(line: int) -> bytes:
    return b"%d" % (_FIRST_ID + line * 97)


def _iso(seconds: int) -> bytes:
    days, rest = divmod(seconds - START_S, 86_400)
    month, day = divmod(days, 28)
    year, month = divmod(month, 12)
    return b"%d-%02d-%02dT%02d:%02d:%02d.000Z" % (2024 + year, month + 1, day + 1, rest // 3600, rest // 60 % 60, rest % 60)


def _template(draw: random.Random) -> bytes:
    """Make one post with marks to be filled; the shape twarc flattens to."""
    text = " ".join(draw.choices(_WORDS, k=draw.randint(8, 30)))
    entities: dict[str, object] = {
        "annotations": [{"start": 1, "end": 9, "probability": 0.9712, "type": "Person", "normalized_text": "Someone"}]
    }
    if draw.random() < 0.4:
        entities["hashtags"] = [{"start": 3, "end": 9, "tag": f"Tag{draw.randint(1, 400)}"} for _ in range(draw.randint(1, 3))]
    if draw.random() < 0.35:
        entities["mentions"] = [
            {"start": 0, "end": 9, "username": f"user{draw.randint(1, 9999)}", "id": str(draw.randint(10**6, 10**9))}
        ]
    if draw.random() < 0.3:
        address = f"https://www.{draw.choice(_DOMAINS)}/{draw.choice(_WORDS)}/@salt@?utm_source=x&p={draw.randint(1, 9)}"
        shown = {"start": 1, "end": 24, "url": "https://t.co/@salt@", "expanded_url": address, "display_url": address[12:40]}
        entities["urls"] = [{**shown, "status": 200, "title": " ".join(draw.choices(_WORDS, k=6)), "unwound_url": address}]
    author = {
        "id": "@who@", "username": "user@who@", "name": "Name of @who@", "created_at": "2015-03-04T05:06:07.000Z",
        "description": " ".join(draw.choices(_WORDS, k=10)), "verified": False, "verified_type": "none", "protected": False,
        "public_metrics": {"followers_count": draw.randint(1, 99_999), "following_count": draw.randint(1, 2000),
                           "tweet_count": draw.randint(1, 99_999), "listed_count": draw.randint(0, 99)},
    }  # fmt: skip
    post: dict[str, object] = {
        "id": "@id@", "text": f"{text} @salt@", "author_id": "@who@", "created_at": "@at@", "conversation_id": "@id@",
        "lang": draw.choice(_LANGUAGES), "possibly_sensitive": False, "reply_settings": "everyone",
        "edit_history_tweet_ids": ["@id@"],
        "public_metrics": {"retweet_count": draw.randint(0, 9), "reply_count": draw.randint(0, 9), "like_count": "@likes@",
                           "quote_count": draw.randint(0, 3), "bookmark_count": draw.randint(0, 3), "impression_count": "@views@"},
        "entities": entities,
        "context_annotations": [_annotation(draw, domain) for domain in ("46", "131")],
        "author": author,
        "__twarc": {"url": "https://api.twitter.com/2/tweets/search/all", "version": "2.14.0",
                    "retrieved_at": "2024-12-01T08:30:00+00:00"},
    }  # fmt: skip
    if draw.random() < 0.2:
        post["referenced_tweets"] = [{"type": draw.choice(["replied_to", "quoted", "retweeted"]), "id": "@ref@"}]
    written = json.dumps(post, ensure_ascii=False, separators=(",", ":")).replace("%", "%%")
    for name in ("likes", "views"):
        written = written.replace(f'"@{name}@"', f"%({name})s")
    for name in ("id", "who", "at", "salt", "ref"):
        written = written.replace(f"@{name}@", f"%({name})s")
    return written.encode() + b"\n"


def _annotation(draw: random.Random, domain: str) -> dict[str, object]:
    about = {"id": domain, "name": "Unified Twitter Taxonomy", "description": "A taxonomy of user interests."}
    return {"domain": about, "entity": {"id": str(draw.randint(10**6, 10**9)), "name": draw.choice(_WORDS)}}


def _bad(line: bytes, number: int) -> bytes:
    """Spoil a line in one of six ways: cut, not JSON, wrong type of count, impossible date, bytes that are not UTF-8, no id."""
    spoiled = (
        lambda: line[: len(line) // 2] + b"\n",
        lambda: b"<html>502 Bad Gateway</html>\n",
        lambda: line.replace(b'"like_count":', b'"like_count":"many","was":', 1),
        lambda: line.replace(b'"created_at":"20', b'"created_at":"20x', 1),
        lambda: line.replace(b'"text":"', b'"text":"\xff\xfe', 1),
        lambda: line.replace(b'{"id":', b'{"no":', 1),
    )
    return spoiled[number % len(spoiled)]()


def _texts(draw: random.Random, many: int) -> list[str]:
    return [" ".join(draw.choices(_WORDS, k=draw.randint(6, 28))) for _ in range(many)]


def main() -> None:
    """Write one file as the command line says."""
    kind, file, *size = sys.argv[1:]
    if kind == "x-v2":
        print(x_v2(Path(file), int(size[0]) if size else 1_000))
    elif kind == "csv":
        posts_csv(Path(file), int(size[0]) if size else 1_000_000)
    else:
        sys.exit(f"kind is {kind!r}; use x-v2 or csv")


if __name__ == "__main__":
    main()
