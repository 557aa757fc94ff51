"""Who wrote which text when, which texts are the same, and what could credit the first author?

The exception to small tables: likeness of texts cannot be told inside the engine, so that every text of 30 characters or more
leaves it. Memory: about 2 kB a text; see ``stats.nearsame``.
"""

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.errors import BadValue
from agorascope.stats.crediting import mentions
from agorascope.stats.lifting import Lifts, lifts
from agorascope.stats.nearsame import LEAST_LENGTH, nearsame
from agorascope.tables import Corpus

from ._copying_persons import groups, handles, persons

WEEK_US = 7 * 86_400_000_000
MONDAY_US = 4 * 86_400_000_000  # 1970-01-05
FAR_US = 2**62
MOST_ACCOUNTS = 20

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TEXTS = """
    SELECT p.platform AS platform, p.post_id AS post_id, p.account_id AS account_id, p.created_at_us AS created_at_us,
        p.language AS language, p.text AS text, p.permalink AS permalink,
        CASE WHEN p.kind = 'original' THEN NULL ELSE COALESCE(p.ref_account_id, o.account_id) END AS target
    FROM posts AS p LEFT JOIN posts AS o ON p.platform = o.platform AND o.post_id = COALESCE(p.quote_of, p.reply_to)
    WHERE p.kind <> 'repost' AND p.account_id IS NOT NULL AND p.created_at_us >= :since AND p.created_at_us < :until
        AND LENGTH(p.text) >= :least
    ORDER BY p.platform NULLS FIRST, p.post_id NULLS FIRST"""
LINKS = """
    SELECT platform, post_id, value FROM post_objects WHERE kind = 'url'
    ORDER BY platform NULLS FIRST, post_id NULLS FIRST, value NULLS FIRST"""
_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"]+")
_REPOSTED = re.compile(r"\s*RT\s+@", re.IGNORECASE)


class Written(NamedTuple):
    """Hold texts long enough to tell, in order of platform and id: the rows, and codes of shape (texts,).

    ``group`` numbers same and near-same texts, -1 alone or of more than ``MOST_ACCOUNTS`` accounts; ``same`` texts of the same
    words. ``stratum`` is language and week. ``accounts`` names authors by code. Shapes (lifts,): ``exact``: word for word;
    ``linked``: both carry a link. ``with_link`` copies with the first one's own link and ``everybody`` copies of what more than
    ``MOST_ACCOUNTS`` accounts wrote are no lifts; ``short`` texts were left aside; ``elsewhere`` texts were
    posted before by another account of the same person.
    """

    rows: pa.Table
    author: Ints
    at_us: Ints
    group: Ints
    language: Ints
    stratum: Ints
    accounts: list[tuple[str, str]]
    found: Lifts
    exact: Bools
    linked: Bools
    with_link: int
    everybody: int
    short: int
    elsewhere: int


def reduce(corpus: Corpus, *, since_us: int, until_us: int, threshold: float, seed: int, same: str = "") -> Written | None:
    """Read the texts, group them, and say which are lifts; None where no text is long enough. ``same``: see ``persons``."""
    rows = corpus.query(TEXTS, since=since_us, until=until_us, least=LEAST_LENGTH)
    texts = rows["text"].to_pylist()
    near = nearsame(texts, threshold=threshold, seed=seed)
    manual = np.fromiter((_REPOSTED.match(text) is not None for text in texts), np.bool_, len(texts))
    kept = near.long & ~manual
    if not kept.any():
        return None
    rows = rows.filter(pa.array(kept))
    group, wording = near.group[kept], near.same[kept]
    names, author = _coded(rows, "account_id")
    at_us = np.asarray(rows["created_at_us"].to_numpy(), np.int64)
    language = _numbered(pc.fill_null(rows["language"], ""))
    week = (at_us - MONDAY_US) // WEEK_US
    stratum = np.unique(np.stack([language, week]), axis=1, return_inverse=True)[1].reshape(-1).astype(np.int64)
    person = persons(corpus, names, same)
    many = _of_many(group, author)
    number = {name: code for code, name in enumerate(names)}
    targets = zip(rows["platform"].to_pylist(), rows["target"].to_pylist(), strict=True)
    codes = (-1 if t is None else number.get((p, t), -1) for p, t in targets)
    refers_to = np.fromiter((-1 if code < 0 else person[code] for code in codes), np.int64, len(rows))
    everybody = lifts(np.where(many, group, -1), person[author], at_us, refers_to=refers_to).copy.size
    group = np.where(many, -1, group)
    credits = _mentions(corpus, rows, names, person, person[author], group)
    found = lifts(group, person[author], at_us, refers_to=refers_to, credits=credits)
    elsewhere = int((lifts(group, author, at_us, refers_to=refers_to).own & ~found.own).sum())
    alike, linked = _links(corpus, rows, found)
    exact = (wording[found.copy] == wording[found.first]) & (wording[found.copy] >= 0)
    own = found.own & ~many
    own[found.copy[alike]] = False
    found = found._replace(copy=found.copy[~alike], first=found.first[~alike], own=own)
    return Written(
        rows, author, at_us, group, language, stratum, names, found, exact[~alike], linked[~alike], int(alike.sum()),
        everybody, len(texts) - int(kept.sum()), elsewhere,
    )  # fmt: skip


def members(corpus: Corpus, written: Written, said: str) -> Bools:
    """Mark the accounts named, by group, id or handle, separated by commas. Raises BadValue for a name nobody bears."""
    known, called = groups(corpus), handles(corpus)
    bearers: dict[str, set[tuple[str, str]]] = {}
    for account, names in called.items():
        for handle in names:
            bearers.setdefault(handle, set()).add(account)
    marked = np.zeros(len(written.accounts), np.bool_)
    for name in (part.strip() for part in said.split(",") if part.strip()):
        plain = name.lstrip("@").casefold()
        meant = known.get(name.casefold()) or bearers.get(plain, set())
        mine = [(p, a) in meant or ("unknown", a) in meant or a.casefold() == plain for p, a in written.accounts]
        if not any(mine) and not meant:
            raise BadValue(f"accounts is {name!r}, which is no group, account or handle here; groups are: {_list(known)}")
        marked |= np.array(mine, bool)
    return marked


def _list(groups: dict[str, set[tuple[str, str]]]) -> str:
    return ", ".join(sorted(groups)[:10]) or "none"


def _coded(rows: pa.Table, column: str) -> tuple[list[tuple[str, str]], Ints]:
    """Number the pairs of platform and id, in their order."""
    pairs = list(zip(rows["platform"].to_pylist(), rows[column].to_pylist(), strict=True))
    names = sorted(set(pairs))
    number = {name: code for code, name in enumerate(names)}
    return names, np.fromiter((number[pair] for pair in pairs), np.int64, len(pairs))


def _numbered(values: pa.ChunkedArray) -> Ints:
    return np.unique(np.asarray(values.to_pylist(), dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)


def _of_many(group: Ints, author: Ints) -> Bools:
    """Mark the texts that more than ``MOST_ACCOUNTS`` accounts wrote."""
    inside = group >= 0
    if not inside.any():
        return inside
    pairs = np.unique(np.stack([group[inside], author[inside]]), axis=1)
    accounts = np.bincount(pairs[0], minlength=int(group.max()) + 1)
    return np.asarray(inside & (accounts[group] > MOST_ACCOUNTS))


def _mentions(corpus: Corpus, rows: pa.Table, names: list[tuple[str, str]], person: Ints, author: Ints, group: Ints) -> Bools:
    """Mark the texts of groups that mention whoever wrote the group's earliest text, by any handle or id of that person.

    ``person`` (accounts,), ``author`` (texts,): the person who wrote each.
    """
    described = handles(corpus)
    called: dict[int, set[str]] = {}
    for code, name in zip(person.tolist(), names, strict=True):
        called.setdefault(code, set()).update({name[1].casefold()} | described.get(name, set()))
    at_us = np.asarray(rows["created_at_us"].to_numpy(), np.int64)
    credits, inside = np.zeros(len(rows), np.bool_), np.flatnonzero(group >= 0)
    texts = rows["text"].take(pa.array(inside)).to_pylist()
    credits[inside] = mentions(texts, group[inside], at_us[inside], author[inside], called)
    return credits


def _links(corpus: Corpus, rows: pa.Table, found: Lifts) -> tuple[Bools, Bools]:
    """Say of each lift whether it carries a link of the first text, and whether both carry links at all."""
    asked = np.unique(np.concatenate([found.copy, found.first]))
    part = rows.take(pa.array(asked))
    keys = list(zip(part["platform"].to_pylist(), part["post_id"].to_pylist(), strict=True))
    links = {key: set(_LINK.findall(text)) for key, text in zip(keys, part["text"].to_pylist(), strict=True)}
    if corpus.has("post_objects") and keys:
        known = corpus.query(LINKS)
        known = known.filter(pc.is_in(known["post_id"], part["post_id"].combine_chunks()))
        for row in known.to_pylist():
            if (key := (row["platform"], row["post_id"])) in links:
                links[key].add(row["value"])
    of = dict(zip(asked.tolist(), (links[key] for key in keys), strict=True))
    both = [(of[c], of[f]) for c, f in zip(found.copy.tolist(), found.first.tolist(), strict=True)]
    return np.array([bool(c & f) for c, f in both], bool), np.array([bool(c) and bool(f) for c, f in both], bool)
