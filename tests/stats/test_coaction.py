"""Are the co-action networks those counted pair by pair?"""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from agorascope.stats import _sweep
from agorascope.stats.coaction import Network, directed, network

WORLDS = range(300)


def draw(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int, int]:
    """Draw a small input with ties, repeats and codes far apart: author, object, time, message, window, least."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 60))
    author = rng.integers(0, 8, n) * int(rng.choice([1, 10**15])) - 3
    obj = rng.integers(0, 5, n) * int(rng.choice([1, 10**12]))
    at = rng.integers(0, int(rng.choice([5, 100, 10**15])), n)
    return author, obj, at, rng.permutation(n), int(rng.choice([0, 1, 9, 2 * 10**13])), int(rng.integers(1, 4))


def naive(author: np.ndarray, obj: np.ndarray, at: np.ndarray, window: int, least: int) -> dict[tuple[int, int], int]:
    """Count by comparing every two events."""
    found: Counter[tuple[int, int]] = Counter()
    for i, j in combinations(range(author.size), 2):
        if obj[i] == obj[j] and author[i] != author[j] and abs(int(at[i]) - int(at[j])) <= window:
            found[min(author[i], author[j]), max(author[i], author[j])] += 1
    return {edge: weight for edge, weight in sorted(found.items()) if weight >= least}


def edges(found: Network) -> dict[tuple[int, int], int]:
    """Give a network as a dictionary, in its order."""
    return dict(zip(zip(found.source.tolist(), found.target.tolist(), strict=True), found.weight.tolist(), strict=True))


@pytest.mark.parametrize("memory_gb", [2.0, 1e-6])
def test_the_network_is_the_one_counted_pair_by_pair(memory_gb: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edges, weights and their order are those of the slow twin, in one piece and in many, with the largest object looked up."""
    monkeypatch.setattr(_sweep, "_LOOKED_UP", 3)
    monkeypatch.setattr(_sweep, "_CHUNK", 16)
    monkeypatch.setattr(_sweep, "_PIECE", 4)
    for seed in WORLDS:
        author, obj, at, _, window, least = draw(seed)
        found, left = network(author, obj, at, window=window, least=least, memory_gb=memory_gb)
        assert list(naive(author, obj, at, window, least).items()) == list(edges(found).items()), seed
        assert left.objects.size == 0


@pytest.mark.parametrize("memory_gb", [2.0, 1e-6])
def test_directed_weights_count_messages(memory_gb: float) -> None:
    """A to B counts the messages of A that have a message of B near, each once, and never a message with itself."""
    for seed in WORLDS:
        author, obj, at, message, window, least = draw(seed)
        if seed % 2:
            kept = np.unique(np.stack((author, obj)), axis=1, return_index=True)[1]
            author, obj, at, message = author[kept], obj[kept], at[kept], message[kept]
        near: dict[tuple[int, int], set[int]] = {}
        for i in range(author.size):
            for j in range(author.size):
                if i != j and obj[i] == obj[j] and abs(int(at[i]) - int(at[j])) <= window:
                    near.setdefault((int(author[i]), int(author[j])), set()).add(int(message[i]))
        expected = {edge: len(found) for edge, found in sorted(near.items()) if len(found) >= least}
        found = directed(author, obj, at, message, window=window, least=least, loops=True, memory_gb=memory_gb)
        assert list(expected.items()) == list(edges(found).items()), seed


def test_a_message_with_several_links_counts_once() -> None:
    """Two links shared by two messages make one message of each account, though two pairs of events."""
    author, obj, at, message = np.array([1, 1, 2, 2]), np.array([5, 6, 5, 6]), np.array([0, 0, 1, 1]), np.array([9, 9, 8, 8])
    assert {(1, 2): 1, (2, 1): 1} == edges(directed(author, obj, at, message, window=1))
    assert {(1, 2): 2} == edges(network(author, obj, at, window=1)[0])


def test_the_window_holds_both_ends_and_ties() -> None:
    """Events exactly a window apart are a pair, one beyond is not; with window 0 only the same time is."""
    author, obj, at = np.array([1, 2, 3]), np.zeros(3, np.int64), np.array([0, 10, 10])
    assert {(1, 2): 1, (1, 3): 1, (2, 3): 1} == edges(network(author, obj, at, window=10)[0])
    assert {(2, 3): 1} == edges(network(author, obj, at, window=9)[0]) == edges(network(author, obj, at, window=0)[0])


def test_an_object_over_budget_is_left_out_and_named() -> None:
    """The viral object is named with its pairs; the others are counted as if it were not there."""
    author, obj = np.arange(105) % 100, np.repeat([77, 5], [100, 5])
    at = np.arange(105)
    found, left = network(author, obj, at, window=1000, budget=4949)
    assert [(77, 4950)] == list(zip(left.objects.tolist(), left.pairs.tolist(), strict=True))
    assert naive(author[100:], obj[100:], at[100:], 1000, 1) == edges(found)


def test_a_viral_object_is_looked_up_not_written() -> None:
    """Two accounts that meet on a viral object and once elsewhere have weight 2; the 12 million pairs there make no other edge."""
    author, obj = np.concatenate((np.arange(5000), [10, 4000])), np.repeat([1, 2], [5000, 2])
    found, left = network(author, obj, np.zeros(5002, np.int64), window=0, least=2, memory_gb=0.001)
    assert {(10, 4000): 2} == edges(found)
    assert left.objects.size == 0


def test_no_event_is_no_edge() -> None:
    """Nothing in, nothing out; an impossible window is refused."""
    none = np.empty(0, np.int64)
    assert {} == edges(network(none, none, none, window=5)[0]) == edges(directed(none, none, none, none, window=5))
    with pytest.raises(ValueError, match="window is -1"):
        network(none, none, none, window=-1)
