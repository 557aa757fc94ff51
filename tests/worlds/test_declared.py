"""Do declared groups differ in what was planted, and in nothing else?"""

import numpy as np
import pytest

from agorascope.worlds.declared import DeclaredWorld, LoudWorld, make, reposts, votes


def test_a_lenient_group_approves_more_of_every_item_and_meets_its_own_more() -> None:
    """Groups 1.2 logits apart differ by as much on items of either half; each meets its own half four times as often."""
    world = DeclaredWorld(raters=4_000, items=10, lenient=0.6, selective=0.6, rate=0.4)
    group, rater, item, value = votes(world, 3)
    cast = np.stack([np.bincount(item[group[rater] == g], minlength=10) for g in (0, 1)])
    liked = np.stack([np.bincount(item[group[rater] == g], value[group[rater] == g], 10) for g in (0, 1)]) / cast
    odds = np.log(liked / (1 - liked))
    assert np.allclose(odds[0] - odds[1], 1.2, atol=0.4)
    ratio = np.sort(cast[0] / cast[1])
    assert (ratio[0], ratio[-1]) == (pytest.approx(0.3, abs=0.05), pytest.approx(3.3, abs=0.5))


def test_a_louder_group_votes_so_many_times_as_often_and_otherwise_the_same() -> None:
    """One in ten votes four times as often; equally loud, every draw is what it was."""
    world = DeclaredWorld(raters=4_000, items=50, rate=0.1, minority=0.1, louder=4.0)
    group, rater, _, value = votes(world, 2)
    each = np.bincount(rater, minlength=4_000)
    assert each[group == 1].mean() / each[group == 0].mean() == pytest.approx(4, abs=0.2)
    assert value[group[rater] == 1].mean() == pytest.approx(value[group[rater] == 0].mean(), abs=0.02)
    told = votes(DeclaredWorld(), 2)
    assert [97, 4761, 2695] == [int(told[0].sum()), told[1].size, int(told[3].sum())]


def test_planted_items_part_the_groups() -> None:
    """With half of the items apart, half of them differ by 3 logits between the groups, the others by none."""
    group, rater, item, value = votes(DeclaredWorld(raters=4_000, items=10, apart=0.6, factions=0.5), 5)
    liked = [np.bincount(item[group[rater] == g], value[group[rater] == g], 10) for g in (0, 1)]
    cast = [np.bincount(item[group[rater] == g], minlength=10) for g in (0, 1)]
    odds = [np.log(yes / (all_ - yes)) for yes, all_ in zip(liked, cast, strict=True)]
    assert 6 == int((np.abs(odds[0] - odds[1]) > 1.5).sum())
    assert 4 == int((np.abs(odds[0] - odds[1]) < 0.4).sum())


def test_loud_accounts_repost_more_and_no_post_twice() -> None:
    """Forty accounts repost 25 posts each, the others 3; every pair comes once, and the tables hold as many rows."""
    group, account, post = reposts(LoudWorld(), 1)
    acts = np.bincount(account)
    assert ({25}, {3}) == (set(acts[group == 0].tolist()), set(acts[group == 1].tolist()))
    assert len(set(zip(account.tolist(), post.tolist(), strict=True))) == account.size
    assert (60 + account.size, 150) == tuple(make(LoudWorld(), 1)[name].num_rows for name in ("posts", "groups"))
