"""Are ties by chance told from camps, large networks alike, and are shared things tied and dealt as slow twins do?"""

import numpy as np
import numpy.typing as npt
import pytest

from agorascope.analyses import communities
from agorascope.analyses._communities_network import Drawing, against_chance, cut, judged, ties_of
from agorascope.analyses._communities_parts import Parts
from agorascope.analyses._communities_reduce import Layer
from agorascope.analyses._communities_words import _compared
from agorascope.calibration import load
from agorascope.stats import plateaus
from agorascope.stats.agreement import adjusted_mutual_information
from agorascope.stats.beyond import dealt
from agorascope.stats.projection import project
from agorascope.worlds.camps import CampsWorld, draw

Ints = npt.NDArray[np.int64]


def test_ties_by_chance_stay_quiet() -> None:
    """Of 12 networks without camps at most 3 are found at 5 %; the rate itself is calibrated."""
    layers = [(Layer("g", d.source, d.target, False),) for d in (draw(CampsWorld(mean_degree=4), s) for s in range(12))]
    stratum = np.zeros(600, np.int64)
    seen = [
        against_chance(ties_of(one, 600), stratum, resolution=None, nulls=9, seed=s, scan=False).beyond.p_value
        for s, one in enumerate(layers)
    ]
    assert sum(p <= 0.05 for p in seen) <= 3


def test_large_networks_are_cut_and_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What two threads give is what ``cut`` gives, beside three random networks; camps are seen, and no camps are not."""
    monkeypatch.setattr(plateaus, "LARGE", 1_000)
    monkeypatch.setattr(plateaus, "MEDIUM", 500)
    stratum, how = np.zeros(600, np.int64), {"resolution": None, "least": 10}
    seen = []
    for closed in (0.0, 0.6):
        layer = (Layer("g", (drawn := draw(CampsWorld(mean_degree=8, closed=closed), 1)).source, drawn.target, False),)
        made = ties_of(layer, 600)
        for seed in (0, 1):
            tested, found = judged(made, stratum, nulls=19, seed=seed, **how)
            alone = cut(made, (), seed=seed, **how)
            assert (3, (), True, found.level) == (tested.nulls, tested.scans, tested.rough, alone.level)
            assert np.array_equal(found.label, alone.label)
            assert tested == against_chance(made, stratum, resolution=None, nulls=19, seed=seed)
        seen.append(tested.beyond.p_value <= 0.05)
    assert [False, True] == seen


def test_calibration_holds_its_error() -> None:
    """In every cell of worlds without camps, alarms at nominal 5 % agree with 5 %, over 40 worlds or more; camps are seen."""
    cells = load("communities")["cells"]
    assert {"ties-degree-2", "ties-degree-4", "ties-degree-8", "shared-4-each", "large-degree-8"} <= {c["cell"] for c in cells}
    assert [] == [c["cell"] for c in cells if c["low"] > 0.05 or c["worlds"] < 40 or c["power"] < 0.8]


def test_projection_and_dealing_equal_slow_twins() -> None:
    """Weights are sums of 1 / (k - 1) over things shared; dealing keeps how often each shares and is shared, and no pair twice."""
    rng = np.random.default_rng(1)
    pair = np.unique(rng.integers(0, 12, 60) * 20 + rng.integers(0, 20, 60))
    who, what = pair // 20, pair % 20
    tied = project(who, what)
    slow: dict[tuple[int, int], float] = {}
    for thing in set(what.tolist()):
        sharers = sorted(who[what == thing].tolist())
        for i, u in enumerate(sharers):
            for v in sharers[i + 1 :]:
                slow[u, v] = slow.get((u, v), 0) + 1 / (len(sharers) - 1)
    assert slow == pytest.approx(dict(zip(zip(tied.source.tolist(), tied.target.tolist(), strict=True), tied.weight, strict=True)))
    account, obj = dealt(who, what, np.zeros(who.size, np.int64), rng)
    assert len(set(zip(account.tolist(), obj.tolist(), strict=True))) == account.size >= who.size - 3


def test_two_networks_of_one_cut_agree_with_the_camps() -> None:
    """The cut of strong camps agrees with them."""
    drawn = draw(CampsWorld(mean_degree=20, closed=0.7), 1)
    layer = (Layer("g", drawn.source, drawn.target, False),)
    made = ties_of(layer, 600)
    told = communities.cut(made, (), resolution=0.71, least=10, seed=0)
    assert adjusted_mutual_information(told.label, drawn.camp[made.account]) > 0.7


def shared_on_two_platforms(seed: int) -> tuple[Layer, Ints]:
    """Draw pairs of 200 accounts and the 120 things they share, 8 each; four in five of the half that belongs to their platform."""
    rng = np.random.default_rng(seed)
    platform = np.arange(200) % 2
    who = np.repeat(np.arange(200), 8)
    half = np.where(rng.random(who.size) < 0.8, platform[who], 1 - platform[who])
    pair = np.unique(who * 120 + 2 * rng.integers(0, 60, who.size) + half)
    return Layer("url", pair // 120, pair % 120, True), platform


def test_things_shared_on_two_platforms_are_dealt_within_each() -> None:
    """A draw keeps how often each thing is shared on each platform, and so how many ties it makes, within platforms and across."""
    layer, platform = shared_on_two_platforms(1)
    made = ties_of((layer,), 200)
    drawn = Drawing(made, platform)._drawn(made.layers[0], [], np.random.default_rng(1))
    assert not np.array_equal(drawn.source, made.layers[0].source)
    for one in (0, 1):
        counted = [np.bincount(pairs.target[platform[pairs.source] == one], minlength=120) for pairs in (made.layers[0], drawn)]
        assert np.abs(np.subtract(*counted)).sum() <= 3
    across = [
        float(tied.weight[platform[tied.source] != platform[tied.target]].sum())
        for tied in (made, project(drawn.source, drawn.target))
    ]
    assert across[0] == pytest.approx(across[1], rel=0.02)


def test_platforms_alone_are_no_communities_of_those_who_share_things() -> None:
    """Where only the platform tells who shares what, at most 3 of 10 worlds are found; dealt over both platforms all would be."""
    found = []
    for seed in range(10):
        layer, platform = shared_on_two_platforms(seed)
        made = ties_of((layer,), 200)
        one = np.zeros(200, np.int64)
        told = [against_chance(made, stratum, resolution=1.0, nulls=9, seed=seed, scan=False) for stratum in (platform, one)]
        found.append([t.beyond.p_value <= 0.05 for t in told])
    within, over = np.array(found).sum(axis=0)
    assert within <= 3
    assert over == 10


def test_what_fewer_of_a_community_use_is_not_said_to_be_its_own() -> None:
    """Half of the others bear a tag, a fifth of the community, which bears no other: its odds are high, and it is not told."""
    parts = Parts(np.repeat([0, 1, 2, 3], [100, 100, 0, 0]), ("1", "2", "small", "apart"), np.array([100, 100, 0, 0]))
    things = {f"theirs {i}": set(range(100, 190)) for i in range(6)} | {"common": {*range(20), *range(100, 150)}}
    assert not [row for row in _compared("hashtag", things, parts, 5) if row["community"] == "1"]
    things["common"] |= set(range(60))
    assert ["common"] == [row["value"] for row in _compared("hashtag", things, parts, 5) if row["community"] == "1"]
