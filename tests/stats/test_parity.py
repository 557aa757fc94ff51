"""Are the edges those of CooRTweet and of coordination-network-toolkit, and is too much refused?"""

import csv
import json
import math
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agorascope.stats import _sweep
from agorascope.stats.parity import BUDGET, PAIRS, Coordinated, OverBudget, coortweet, toolkit, type_7

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/toolkit.json").read_text("utf-8"))
Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
Find = Callable[[str], Path]
KEPT = [(1, 10), (1, 60), (2, 10), (2, 60), (5, 10)]


@pytest.fixture(scope="module")
def russian(shared: Find) -> tuple[np.ndarray, Columns]:
    """Give the names of the accounts of the Russian set, in order, and its columns as codes."""
    table = pq.read_table(shared("coordination/russian_coord_tweets.parquet")).to_pydict()
    names, author = np.unique(table["account_id"], return_inverse=True)
    obj, content = (np.unique(table[name], return_inverse=True)[1] for name in ("object_id", "content_id"))
    own = np.array(table["object_id"]) == np.array(table["content_id"])
    return names, (author, obj, content, np.array(table["timestamp_share"]).astype(np.int64), own)


def counts(found: Coordinated) -> list[float]:
    """Count what CooRTweet's golden file counts, in the order of its columns."""
    accounts, chosen = (np.union1d(found.source[kept], found.target[kept]).size for kept in (slice(None), found.above))
    codes = np.unique(np.concatenate((found.source, found.target)), return_inverse=True)[1].reshape(2, -1)
    parts = connected_components(coo_array((found.weight, codes), shape=(accounts, accounts)), directed=False)[0]
    weight = found.weight
    return [found.pairs, found.objects.size, accounts, weight.size, weight.sum(), weight.max(), found.cut, chosen,
            found.above.sum(), parts]  # fmt: skip


def test_every_set_of_counts_is_the_one_coortweet_printed(shared: Find, russian: tuple[np.ndarray, Columns]) -> None:
    """Pairs, objects, accounts, edges, weights, cut, chosen edges and components, for each of its seven parameter sets."""
    lines = list(csv.DictReader(shared("coordination/expected/coortweet_golden.csv").read_text("utf-8").splitlines()))
    assert len(lines) == 7
    for line in lines:
        window, least, loops = int(line["time_window"]), int(line["min_participation"]), line["remove_loops"] == "FALSE"
        found = coortweet(*russian[1], window=window, min_participation=least, quantile=float(line["edge_weight"]), loops=loops)
        names = ("n_pairs", "n_objects", "n_accounts", "n_edges", "sum_weight", "max_weight", "thr", "sub1_accounts", "sub1_edges")
        assert [float(line[name]) for name in (*names, "n_comp")] == counts(found)


@pytest.mark.parametrize(("least", "window"), KEPT)
@pytest.mark.parametrize("memory_gb", [2.0, 1e-6])
def test_every_edge_is_the_one_coortweet_printed(
    shared: Find, russian: tuple[np.ndarray, Columns], least: int, window: int, memory_gb: float
) -> None:
    """Both accounts, the weight and whether it is above the cut; in one piece and in many."""
    file = shared(f"coordination/expected/coortweet_russian_mp{least}_tw{window}_edges.csv")
    expected = sorted(
        (*sorted((line["from"], line["to"])), int(line["weight"]), line["weight_threshold"] == "1")
        for line in csv.DictReader(file.read_text("utf-8").splitlines())
    )
    found = coortweet(*russian[1], window=window, min_participation=least, memory_gb=memory_gb)
    names = russian[0]
    assert expected == list(zip(names[found.source], names[found.target], found.weight, found.above, strict=True))


def naive(columns: Columns, window: int, least: int, loops: bool) -> tuple[dict[tuple[int, int], int], set[int]]:
    """Follow CooRTweet step by step over every two rows: weights, and the objects met."""
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    active = Counter(row[0] for row in rows)
    rows = [row for row in rows if active[row[0]] >= least]
    near = [(x, y) for x, y in combinations(rows, 2) if x[1] == y[1] and abs(x[3] - y[3]) <= window]
    if not loops:
        near = [(x, y) for x, y in near if not (x[4] or y[4]) and x[2] != y[2] and x[0] != y[0]]
    if least >= 1:
        listed = {row[2] for pair in near for row in pair}
        active = Counter(row[0] for row in rows if row[2] in listed)
        strong = {row[2] for row in rows if row[2] in listed and active[row[0]] >= least}
        near = [(x, y) for x, y in near if x[2] in strong or y[2] in strong]
    weights = Counter((min(x[0], y[0]), max(x[0], y[0])) for x, y in near)
    return dict(sorted(weights.items())), {x[1] for x, _ in near}


@pytest.mark.parametrize("memory_gb", [2.0, 1e-6])
def test_repeats_loops_and_shared_contents_are_taken_as_coortweet_does(memory_gb: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 400 small tables, with contents of several accounts and objects, edges, pairs and objects are those of the slow twin."""
    monkeypatch.setattr(_sweep, "_CHUNK", 16)
    for seed in range(400):
        rng = np.random.default_rng(seed)
        n, kinds = int(rng.integers(0, 40)), int(rng.choice([6, 60]))
        columns = (rng.integers(0, 8, n) - 3, rng.integers(0, 4, n) * 10**12, rng.integers(0, kinds, n), rng.integers(0, 60, n),
                   rng.random(n) < 0.1)  # fmt: skip
        window, least, loops = int(rng.choice([0, 5, 20])), int(rng.integers(0, 5)), bool(rng.random() < 0.3)
        weights, objects = naive(columns, window, least, loops)
        found = coortweet(*columns, window=window, min_participation=least, loops=loops, memory_gb=memory_gb)
        edges = zip(zip(found.source.tolist(), found.target.tolist(), strict=True), found.weight.tolist(), strict=True)
        assert (list(weights.items()), sum(weights.values())) == (list(edges), found.pairs), seed
        assert sorted(objects) == found.objects.tolist()


def test_an_account_under_the_minimum_stays_with_a_partner_who_is_not() -> None:
    """Account 1 is in pairs with two contents; 2 and 3 with one each, though both have two rows: 1-2 and 1-3 stay."""
    author, obj = np.array([1, 2, 1, 3, 2, 3, 4, 5, 4, 5]), np.array([1, 1, 2, 2, 3, 4, 5, 5, 6, 7])
    at = np.zeros(10, np.int64)
    found = coortweet(author, obj, np.arange(10), at, at > 0, window=0, min_participation=2)
    assert [(1, 2), (1, 3)] == list(zip(found.source.tolist(), found.target.tolist(), strict=True))


@pytest.mark.parametrize(
    ("weight", "quantile", "cut"),
    [([1, 1, 4, 2], 0.5, 1.5), ([3], 0.9, 3.0), ([1, 2, 3, 4], 0.0, 1.0), ([1, 2, 3, 4], 1.0, 4.0), ([1, 2, 3, 4], 0.9, 3.7)],
)
def test_the_cut_is_the_quantile_of_r(weight: list[int], quantile: float, cut: float) -> None:
    """Between two weights it lies in proportion; none is nothing."""
    assert cut == pytest.approx(type_7(np.array(weight), quantile), abs=1e-15)
    assert math.isnan(type_7(np.empty(0, np.int64), quantile))


def test_nothing_in_nothing_out() -> None:
    """Without rows there is no edge and no cut."""
    none = np.empty(0, np.int64)
    found = coortweet(none, none, none, none, none > 0, window=10)
    assert (0, 0, 0, True) == (found.weight.size, found.pairs, found.objects.size, math.isnan(found.cut))
    assert toolkit(none, none, none, none, window=10).weight.size == 0


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda c: f"{c['table']} {c['network']} {c['window']} {c['least']}")
def test_every_edge_is_the_one_the_toolkit_gave(case: dict) -> None:
    """Boundaries, messages given twice, of several objects and of several accounts: its edges without its loops."""
    rows = GOLDEN["tables"][case["table"]]
    message, author, obj = (np.unique([row[i] for row in rows], return_inverse=True) for i in range(3))
    at = np.array([row[3] for row in rows], np.int64)
    several = case["network"] == "co_link"
    found = toolkit(author[1], obj[1], message[1], at, window=case["window"], least=case["least"], several=several)
    edges = zip(author[0][found.source].tolist(), author[0][found.target].tolist(), found.weight.tolist(), strict=True)
    assert case["edges"] == [list(edge) for edge in edges]


def test_coortweet_without_filter_and_the_toolkit_draw_the_same(russian: tuple[np.ndarray, Columns]) -> None:
    """At a participation of 1 the toolkit's edges, taken both ways as one, are CooRTweet's: 6,206 at a minute, 3,954 accounts."""
    author, obj, content, at, own = russian[1]
    one = coortweet(author, obj, content, at, own, window=60, min_participation=1)
    both = toolkit(author, obj, content, at, window=60)
    edges = {(min(a, b), max(a, b)) for a, b in zip(both.source.tolist(), both.target.tolist(), strict=True)}
    assert edges == set(zip(one.source.tolist(), one.target.tolist(), strict=True))
    assert (6206, 3954) == (len(edges), np.unique(both.source).size)


def test_a_viral_object_is_refused_by_name() -> None:
    """277,000 shares of one object, 1.3 billion pairs: the error names it and says what to do, before any pair is written."""
    n = 277_000
    at, zeros = np.arange(n) // 78, np.zeros(n, np.int64)
    with pytest.raises(
        OverBudget, match=r"more than budget = 40,000,000; objects of most pairs: 9 \(1,.*leave objects out"
    ) as caught:
        coortweet(np.arange(n), zeros + 9, np.arange(n), at, zeros > 0, window=60, min_participation=1)
    assert [9] == caught.value.largest.objects.tolist()
    assert PAIRS < caught.value.largest.pairs[0] < BUDGET
    with pytest.raises(OverBudget):
        toolkit(np.arange(n), zeros, np.arange(n), at, window=60)
    assert toolkit(np.arange(n), zeros, np.arange(n), at, window=60, least=2).weight.size == 0


def test_a_refusal_counts_all_objects_together() -> None:
    """Objects of three, three and six pairs are twelve: eleven are too few, twelve are enough; the fullest is named first."""
    obj = np.repeat([1, 2, 3], [3, 3, 4])
    author, at = np.arange(10), np.zeros(10, np.int64)
    with pytest.raises(OverBudget) as caught:
        coortweet(author, obj, author, at, at > 0, window=0, min_participation=1, budget=11)
    assert ([3, 1, 2], [6, 3, 3]) == (caught.value.largest.objects.tolist(), caught.value.largest.pairs.tolist())
    assert coortweet(author, obj, author, at, at > 0, window=0, min_participation=1, budget=12).pairs == 12
    with pytest.raises(OverBudget):
        toolkit(author, obj, author, at, window=0, budget=11)


@pytest.mark.parametrize("wrong", [{"window": -1}, {"min_participation": -1}, {"quantile": 1.5}])
def test_a_parameter_out_of_range_is_said(wrong: dict) -> None:
    """The message says what was given and what to use."""
    at = np.zeros(2, np.int64)
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}.*{next(iter(wrong.values()))}.*use 0 or more"):
        coortweet(at, at, at, at, at > 0, **{"window": 1, **wrong})
    with pytest.raises(ValueError, match="least 0; use 0 or more, and 1 or more"):
        toolkit(at, at, at, at, window=1, least=0)
