"""Are several layers summed once each, and compared with random networks in which they overlap as they do here?"""

import numpy as np
import pyarrow as pa
import pytest

from agorascope.analyses import communities
from agorascope.analyses._communities_network import Drawing, against_chance, ties_of
from agorascope.analyses._communities_reduce import Layer, layers_of, reduce
from agorascope.errors import BadValue
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.worlds.camps import CampsWorld, draw

EDGES = schema("edges")


def network(name: str, layer: str | None = None, *, seed: int = 1, closed: float = 0.0) -> pa.Table:
    """Draw the rows of a network of 300 accounts."""
    made = draw(CampsWorld(accounts=300, mean_degree=8, closed=closed), seed)
    ties = zip(made.source.tolist(), made.target.tolist(), strict=True)
    rows = [{"platform": "x", "network": name, "layer": layer, "source": f"a{u}", "target": f"a{v}"} for u, v in ties]
    return pa.Table.from_pylist(rows, EDGES)


def test_a_network_of_follows_enters_once() -> None:
    """A network called after follows is the layer of follows: asked for twice, in whatever order, it gives what it gives once."""
    corpus = memory_corpus({"edges": network("abonnements")})
    once = communities.run(corpus, communities.Params(layer="abonnements"))
    assert once.verdict == "not_found"
    for layer in ("all", "follow+abonnements", "abonnements+follow"):
        told = communities.run(corpus, communities.Params(layer=layer))
        assert (once.verdict, once.effect) == (told.verdict, told.effect)
        assert {"ours": ["communities.values.layer.follow"]} == told.claim.args["layers"].args


def test_the_follows_of_a_network_are_not_in_it_twice() -> None:
    """Half of the rows of a network are of a layer of follows: beside ``follow`` the network stands for the other half only."""
    rows = pa.concat_tables([network("mixed", "follows", seed=1), network("mixed", "talks", seed=2)])
    held = {name: reduce(memory_corpus({"edges": rows}), name).layers for name in ("all", "mixed+follow", "mixed")}
    both, other = ({layer.name: layer.source.size for layer in held[name]} for name in ("all", "mixed+follow"))
    assert both == other
    assert both["mixed"] < held["mixed"][0].source.size <= both["mixed"] + both["follow"]


def overlapping(seed: int, closed: float = 0.0) -> tuple[Layer, Layer]:
    """Draw ties of 300 accounts, and a layer of half of them and as many again by the same activity."""
    rng, made = np.random.default_rng((seed, 9)), draw(CampsWorld(accounts=300, mean_degree=8, closed=closed), seed)
    kept, ends = rng.random(made.source.size) < 0.5, np.append(made.source, made.target)
    own = rng.choice(ends, (2, made.source.size // 2))
    other = (np.append(made.source[kept], own[0]), np.append(made.target[kept], own[1]))
    return Layer("reposts", made.source, made.target, False), Layer("mentions", *other, False)


def test_layers_that_overlap_without_camps_stay_quiet_and_camps_are_seen() -> None:
    """Of 12 worlds whose layers share ties and nothing else at most 3 are found; all were, layers drawn apart. Camps are."""
    stratum = np.zeros(300, np.int64)
    seen = []
    for closed, worlds in ((0.0, 12), (0.7, 4)):
        made = [ties_of(overlapping(seed, closed), 300) for seed in range(worlds)]
        told = [against_chance(one, stratum, resolution=None, nulls=9, seed=i, scan=False) for i, one in enumerate(made)]
        seen.append(sum(t.beyond.p_value <= 0.05 for t in told))
    assert seen[0] <= 3
    assert seen[1] >= 3


def test_a_draw_keeps_how_many_ties_of_which_layers_everybody_has() -> None:
    """On two platforms: as many distinct ties as the network, of the same weights at every account, none across platforms."""
    rng = np.random.default_rng(1)
    pair = np.unique(2 * rng.integers(0, 150, (1_200, 2)) + rng.integers(0, 2, (1_200, 1)), axis=0).T
    layers = (Layer("a", *pair[:, ::2], False), Layer("b", *pair[:, : pair.shape[1] // 2], False))
    made = ties_of(layers, 300)
    platform = np.arange(300) % 2
    source, target, weight = Drawing(made, platform).ties(rng)
    assert sorted(weight.tolist()) == sorted(made.weight.tolist())
    assert 3 == np.unique(weight).size
    assert weight.size == np.unique(source * made.nodes + target).size
    assert (platform[made.account[source]] == platform[made.account[target]]).all()
    held = [
        np.bincount(np.append(u, v), np.append(w, w))
        for u, v, w in ((made.source, made.target, made.weight), (source, target, weight))
    ]
    assert held[0] == pytest.approx(held[1])


def test_things_shared_are_not_summed_with_other_ties() -> None:
    """Whoever shares an address shares its site: no draw keeps that, and such sums are refused; ``all`` leaves things out."""
    there = {"repost": 1, "reply": 1, "url": 2, "domain": 3}
    for asked in ("reply+url", "url+domain"):
        with pytest.raises(BadValue, match="cannot be summed"):
            layers_of(asked, there)
    assert ["repost", "reply"] == layers_of("all", there)
    assert ["url"] == layers_of("all", {"url": 2}) == layers_of("url", there)
    with pytest.raises(BadValue, match="ask for each alone"):
        layers_of("all", {"url": 2, "domain": 3})
