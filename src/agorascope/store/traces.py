"""What names an account, anywhere in a case? Its ids and handles, its posts, the words it wrote that are nobody else's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

FORGOTTEN = "…"
COMMON = 5  # other accounts that posted a text as their own, from which on it names nobody
_SHORT = 12
_SHORT_NUMBER = 5


@dataclass(frozen=True)
class Traces:
    """Gather what names the accounts: ids and handles, their posts (platform and id), the words they wrote."""

    names: frozenset[str]
    posts: frozenset[tuple[str, str]]
    texts: frozenset[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Match a name as a whole word, in any case; a long number wherever no digit touches it."""
        listed = "|".join(_matched(n) for n in sorted(self.names, key=len, reverse=True))
        return re.compile(listed, re.IGNORECASE)

    @cached_property
    def heads(self) -> dict[str, list[str]]:
        """Sort the texts by their first characters."""
        sorted_by: dict[str, list[str]] = {}
        for text in self.texts:
            sorted_by.setdefault(text[:_SHORT], []).append(text)
        return sorted_by

    def repeated(self, text: str) -> bool:
        """Say whether a text holds one of theirs. Cost O(its length), however many they wrote."""
        starts = {text[i : i + _SHORT] for i in range(len(text) - _SHORT + 1)} if self.heads else set()
        return any(t in text for start in starts & self.heads.keys() for t in self.heads[start])

    def blank(self, text: str) -> str:
        """Take the names out of a text."""
        return self.pattern.sub(FORGOTTEN, text)


def _matched(name: str) -> str:
    word = re.escape(name)
    if not name.isdigit():
        return rf"(?:(?<!\w)|(?<=%\w\w))@?{word}(?!\w)"
    return rf"@{word}(?!\w)" if len(name) <= _SHORT_NUMBER else rf"(?<!\d)@?{word}(?!\d)"


def traces_of(tables: dict[str, pa.Table], given: set[str]) -> Traces:
    """Follow the names given to ids, and those ids to every handle they ever had."""
    names = set(given)
    if "accounts" in tables:
        known = tables["accounts"].select(["account_id", "handle"])
        met = pc.or_(among(known.column("account_id"), given), among(known.column("handle"), given))
        ids = set(known.filter(met).column("account_id").to_pylist())
        handles = known.filter(pc.is_in(known.column("account_id"), pa.array(sorted(ids), pa.string()))).column("handle")
        names |= ids | {h for h in handles.to_pylist() if h}
    posts: set[tuple[str, str]] = set()
    texts: set[str] = set()
    if "posts" in tables:
        own = tables["posts"].filter(among(tables["posts"].column("account_id"), names))
        posts = set(zip(own.column("platform").to_pylist(), own.column("post_id").to_pylist(), strict=True))
        texts = {t for t in own.column("text").to_pylist() if t and len(t) >= _SHORT}
        texts -= _common(tables["posts"], texts, names, posts)
    return Traces(frozenset(names), frozenset(posts), frozenset(texts))


def _common(rows: pa.Table, texts: set[str], names: set[str], posts: set[tuple[str, str]]) -> set[str]:
    """Choose the texts that enough other accounts posted as their own."""
    if not texts:
        return set()
    own = Traces(frozenset(names), frozenset(posts), frozenset())
    alike = pc.is_in(rows.column("text"), pa.array(sorted(texts), pa.string()))
    foreign = pc.invert(pc.or_(among(rows.column("account_id"), names), reposts(rows, own)))
    held = rows.filter(pc.and_(alike, foreign)).select(["text", "platform", "account_id"]).drop_null()
    authors = held.group_by(["text", "platform", "account_id"]).aggregate([]).group_by("text").aggregate([("text", "count")])
    return set(authors.filter(pc.greater_equal(authors.column("text_count"), COMMON)).column("text").to_pylist())


def among(column: pa.ChunkedArray, names: Iterable[str]) -> pa.ChunkedArray:
    """Mark the values that are one of these names, in any case."""
    lowered = pa.array(sorted({n.lower() for n in names}), pa.string())
    return pc.fill_null(pc.is_in(pc.utf8_lower(column.cast(pa.string())), lowered), False)


def theirs(rows: pa.Table, column: str, traces: Traces) -> pa.ChunkedArray:
    """Mark the rows whose column gives a post of the accounts; equal ids of two platforms are two posts."""
    pairs = zip(rows.column("platform").to_pylist(), rows.column(column).to_pylist(), strict=True)
    return pa.chunked_array([pa.array([pair in traces.posts for pair in pairs], pa.bool_())])


def reposts(rows: pa.Table, traces: Traces) -> pa.ChunkedArray:
    """Mark the posts of others that only repeat one of the accounts' posts, perhaps cut short."""
    named = pc.or_(theirs(rows, "repost_of", traces), among(rows.column("ref_account_id"), traces.names))
    return pc.and_(pc.equal(rows.column("kind"), "repost"), named)
