"""Which texts are the same, or nearly? Groups of texts, every link between two of them checked exactly.

Normalised. Unicode NFKC, case folded; addresses, mentions and the "RT" before one out; of the rest the words: runs of letters and
digits. Punctuation, emoji and # go (the word of a hashtag stays), so that neither makes another text. Scripts written without
spaces (Chinese, Japanese, Thai, Lao) count each character as a word.

Same. Texts of equal words in equal order, if they hold ``LEAST_WORDS`` different words and ``LEAST_LENGTH`` characters: a
"good morning" is no evidence. Nearly the same. Texts of ``NEAR_WORDS`` different words or more whose sets of words have a Jaccard
similarity of ``threshold``. Candidates come from MinHash and bands (as many as give a pair at the threshold 999 chances in 1,000 to
be one, more above it); each is then measured exactly, so that no pair below the threshold links two texts. A group is what such
links hold together: its two ends may be less alike than the threshold.

Measured: a million texts of 15 words in 38 s on one core and 1.8 GB, the texts themselves included.

Limits: 1 pair in 1,000 at the threshold is missed. Of more than ``_EACH`` texts in one bucket, each is measured against the
``_EACH`` that follow it alphabetically and the first; bands and links make up for it. Word order does not count in nearness. Texts
filled into one template (weather, scores) are near each other and chain.
Source: Broder 1997, doi:10.1109/SEQUEN.1997.666900 (MinHash); Indyk and Motwani 1998, doi:10.1145/276698.276876 (bands); the
multiply-shift hash, Dietzfelbinger et al. 1997, doi:10.1006/jagm.1997.0873.
"""

import hashlib
import math
import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

LEAST_WORDS = 6
LEAST_LENGTH = 30
NEAR_WORDS = 8

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

_MISSED = 1e-3
_MOST_BANDS = 24
_EACH = 20
_SELDOM = 50
_AT_ONCE = 200_000
_CHUNK = 4_000_000
_SPACELESS = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_OUT = re.compile(r"(?:\brt\s+)?@\w[\w.-]*(?:@[\w.-]+)?|https?://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}/\S+")
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")


class NearSame(NamedTuple):
    """Say of each text, shape (texts,), to which group it belongs and which of them are word for word the same.

    ``group`` numbers groups of two texts or more by their first text, -1 for a text alone or too short; ``same`` does so for texts
    of the same words. ``long`` marks texts long enough to tell; ``links`` counts the pairs of different texts, at the threshold or
    above, that hold the groups together.
    """

    group: Ints
    same: Ints
    long: Bools
    links: int


def normalised(text: str) -> str:
    """Reduce a text to its words, one space between.

    >>> normalised("RT @Ann: C'est l’heure!! 🎉 #Paris https://a.example/x")
    'c est l heure paris'
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
    if "@" in plain or "/" in plain or "www" in plain:
        plain = _OUT.sub(" ", plain)
    return " ".join(_WORD.findall(plain))


def nearsame(texts: Sequence[str | None], *, threshold: float = 0.8, seed: int = 0) -> NearSame:
    """Group texts that are the same or nearly; None and "" are too short. The order of texts changes numbers only.

    ``threshold``: the least Jaccard similarity of the sets of words, from 0.5 to 1; 1 for the same words only. ``seed``: of the
    hashes. Raises ValueError for a threshold beyond. Cost O(words log words), and the pairs that come near the threshold.

    >>> said = "the quick brown fox jumps over the lazy dog near our river"
    >>> nearsame([said, "Hello!", said.upper() + "!!", said.replace("our", "a"), "Hello!"]).group.tolist()
    [0, -1, 0, 0, -1]
    """
    if not 0.5 <= threshold <= 1:
        raise ValueError(f"threshold is {threshold}; use 0.5 to 1")
    place: dict[str, int] = {}
    raw = np.fromiter((place.setdefault(text or "", len(place)) for text in texts), np.int64, len(texts))
    words = [normalised(text) for text in place]
    known = {text: code for code, text in enumerate(sorted(set(words)))}
    code = np.fromiter((known[text] for text in words), np.int64, len(words))[raw]
    enough, near, held = _sets(list(known))
    joined, links = np.arange(len(known)), 0
    if threshold < 1 and near.size > 1:
        component, links = _joined(held, threshold, seed)
        joined[near] = near[np.unique(component, return_index=True)[1]][component]
    told = enough[code]
    return NearSame(_by_first(np.where(told, joined[code], -1)), _by_first(np.where(told, code, -1)), told, links)


class _Sets(NamedTuple):
    """Hold sets of words, one after the other: ``word`` (words of all,), ``start`` (sets + 1,); ``hashed`` is by word number.

    ``sketch`` (sets,) has one of 64 bits set for each word: sets whose sketches differ in k bits differ in k words at least.
    """

    word: Ints
    start: Ints
    hashed: Words
    sketch: Words


def _sets(texts: list[str]) -> tuple[Bools, Ints, _Sets]:
    """Say which texts are long enough for sameness, which for nearness, and give the sets of words of the latter."""
    numbers: dict[str, int] = {}
    word, start = array("q"), array("q", [0])
    enough, near = np.zeros(len(texts), np.bool_), []
    for i, text in enumerate(texts):
        own = set(text.split())
        enough[i] = len(own) >= LEAST_WORDS and len(text) >= LEAST_LENGTH
        if enough[i] and len(own) >= NEAR_WORDS:
            near.append(i)
            word.extend([numbers.setdefault(w, len(numbers)) for w in own])
            start.append(len(word))
    digests = b"".join(hashlib.blake2b(w.encode("utf-8", "surrogatepass"), digest_size=8).digest() for w in numbers)
    hashed = np.frombuffer(digests, "<u8").astype(np.uint64)
    words, starts = np.array(word, np.int64), np.array(start, np.int64)
    bits = np.uint64(1) << (hashed & np.uint64(63))
    sketch = np.bitwise_or.reduceat(bits[words], starts[:-1]) if words.size else np.empty(0, np.uint64)
    return enough, np.array(near, np.int64), _Sets(words, starts, hashed, sketch)


def _joined(held: _Sets, threshold: float, seed: int) -> tuple[Ints, int]:
    """Number the components held together by pairs at the threshold, shape (sets,), and count the pairs measured so."""
    sets = held.start.size - 1
    rows, bands = _cut(threshold)
    factors = np.random.default_rng(seed).integers(0, 2**63, (bands, rows), np.int64).astype(np.uint64) * 2 + 1
    component = np.arange(sets)
    links = 0
    for band in factors:
        mark = np.zeros(sets, np.uint64)
        for factor in band:
            mark = mark * np.uint64(0x9E3779B97F4A7C15) + _least(held, factor).astype(np.uint64)
        waiting = np.empty((0, 2), np.int64)
        for pair in _candidates(mark):
            apart = pair[component[pair[:, 0]] != component[pair[:, 1]]]
            for first in range(0, len(apart), _AT_ONCE):
                piece = apart[first : first + _AT_ONCE]
                waiting = np.concatenate([waiting, piece[_similar(held, piece, threshold)]])
            if len(waiting) * _SELDOM > sets:
                links += len(waiting)
                component, waiting = _tied(component, waiting), waiting[:0]
        links += len(waiting)
        component = _tied(component, waiting)
    return component, links


def _tied(component: Ints, pairs: Ints) -> Ints:
    """Join the components of both ends of every pair."""
    if not pairs.size:
        return component
    ends = component[pairs]
    tied = coo_array((np.ones(len(ends), np.bool_), (ends[:, 0], ends[:, 1])), shape=(component.size, component.size))
    return np.asarray(connected_components(tied, directed=False)[1].astype(np.int64)[component])


def _cut(threshold: float) -> tuple[int, int]:
    """Give rows and bands: as many rows as still leave a pair at the threshold 999 chances in 1,000 with ``_MOST_BANDS``.

    >>> _cut(0.8), _cut(0.5)
    ((6, 23), (2, 25))
    """
    rows = 1
    while _bands(threshold, rows + 1) <= _MOST_BANDS + 1:
        rows += 1
    return rows, _bands(threshold, rows)


def _bands(threshold: float, rows: int) -> int:
    return math.ceil(math.log(_MISSED) / math.log1p(-(threshold**rows)))


def _least(held: _Sets, factor: np.uint64) -> npt.NDArray[np.uint32]:
    """Give the least hash of every set under one multiplier, shape (sets,)."""
    by_word = ((held.hashed * factor) >> np.uint64(32)).astype(np.uint32)
    return np.asarray(np.minimum.reduceat(by_word[held.word], held.start[:-1]))


def _candidates(mark: Words) -> Iterator[Ints]:
    """Pair the sets of equal mark: each with the ``_EACH`` that follow it, and with the first; pieces of shape (pairs, 2)."""
    order = np.argsort(mark, kind="stable")
    begins = np.flatnonzero(np.append(True, np.diff(mark[order]) != 0))
    sizes = np.diff(np.append(begins, order.size))
    first = np.repeat(begins, sizes)
    end = np.repeat(begins + sizes, sizes)
    place = np.flatnonzero(end - first > 1)
    for piece in np.array_split(place, max(1, place.size * _EACH // _CHUNK)):
        for step in range(1, _EACH + 1):
            other = piece[piece + step < end[piece]]
            if not other.size:
                break
            yield np.stack([order[other], order[other + step]], axis=1)
        far = piece[piece - first[piece] > _EACH]
        if far.size:
            yield np.stack([order[first[far]], order[far]], axis=1)


def _similar(held: _Sets, pair: Ints, threshold: float) -> Bools:
    """Measure pairs of sets, shape (pairs, 2): is the Jaccard similarity at the threshold or above? Exact."""
    sizes = np.diff(held.start)[pair]
    apart = np.bitwise_count(held.sketch[pair[:, 0]] ^ held.sketch[pair[:, 1]])
    possible = np.flatnonzero(apart <= (1 - threshold) / (1 + threshold) * sizes.sum(axis=1) + 1e-9)
    number = np.arange(possible.size)
    keys = []
    for side in (0, 1):
        size = sizes[possible, side]
        offset = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        word = held.word[np.repeat(held.start[pair[possible, side]], size) + offset]
        keys.append(np.repeat(number, size) * held.hashed.size + word)
    both = np.sort(np.concatenate(keys))
    shared = both[:-1][both[1:] == both[:-1]] // held.hashed.size
    common = np.bincount(shared, minlength=possible.size)
    told = np.zeros(len(pair), np.bool_)
    told[possible] = common >= threshold * (sizes[possible].sum(axis=1) - common) - 1e-9
    return told


def _by_first(label: Ints) -> Ints:
    """Number labels met twice or more by their first place, others and -1 as -1."""
    known, first, at, count = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    kept = np.flatnonzero((count > 1) & (known >= 0))
    numbers = np.full(known.size, -1, np.int64)
    numbers[kept[np.argsort(first[kept])]] = np.arange(kept.size)
    return np.asarray(numbers[at])
