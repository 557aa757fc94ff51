"""Does the test of acting together find a planted squad, and stay quiet where accounts only share what is popular?"""

import numpy as np
import pytest

from agorascope.stats._joining import join
from agorascope.stats._shuffle import Setting, shuffle
from agorascope.stats._sweep import Events
from agorascope.stats.together import Together, found, self_check, together
from agorascope.stats.windows import Tried, chosen

DAY = 86_400
USERS = 2_000


def world(seed: int, *, squad: int = 0, users: int = USERS, n: int = 10_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw sharing of popular objects by unequal accounts, and a squad of which each shares 12 of 60 posts within 20 minutes."""
    rng = np.random.default_rng(seed)
    weight, popular = rng.lognormal(0, 1.3, users), np.minimum(rng.pareto(1.2, 1_000) + 1, 100)
    author = rng.choice(users, n, p=weight / weight.sum())
    obj = rng.choice(1_000, n, p=popular / popular.sum())
    at = rng.integers(0, 30 * DAY, 1_000)[obj] + rng.lognormal(np.log(2700), 1.9, n).astype(np.int64)
    which = np.argsort(rng.random((squad, 60)), axis=1)[:, :12].ravel()
    told = rng.integers(10 * DAY, 20 * DAY, 60)[which] + rng.integers(0, 1200, which.size)
    return (
        np.concatenate((author, users + np.repeat(np.arange(squad), 12))),
        np.concatenate((obj, 1_000 + which)),
        np.concatenate((at, told)),
    )


def ask(seed: int, *, squad: int = 0, window: int = 300) -> Together:
    """Test one world."""
    return together(*world(seed, squad=squad), window=window, bin_length=7 * DAY, seed=seed)


def test_a_planted_squad_is_found() -> None:
    """Of 60 accounts that act together, at least nine in ten are found at q 0.05, eight at 0.01; of the found, 95 % are theirs."""
    seen = [ask(seed, squad=60) for seed in range(5)]
    for q, recall in ((0.05, 0.9), (0.01, 0.8)):
        marks = [(found(one, q=q), one.account >= USERS) for one in seen]
        hits = sum(int((mark & squad).sum()) for mark, squad in marks)
        assert hits >= recall * 5 * 60
        assert hits >= 0.95 * sum(int(mark.sum()) for mark, _ in marks)


def test_a_squad_of_the_most_active_is_not_lost_once_set_aside() -> None:
    """Twelve accounts busier than all others are found, though without them nobody is as active as they are."""
    author, obj, at = world(7, users=300, n=2_000)
    rng = np.random.default_rng(7)
    which = np.argsort(rng.random((12, 120)), axis=1)[:, :100].ravel()
    told = rng.integers(0, 30 * DAY, 120)[which] + rng.integers(0, 60, which.size)
    acts = (
        np.concatenate((author, USERS + np.repeat(np.arange(12), 100))),
        np.concatenate((obj, 2_000 + which)),
        np.concatenate((at, told)),
    )
    seen = together(*acts, window=300, bin_length=DAY, seed=7, draws=60)
    assert found(seen)[seen.account >= USERS].all()


def test_worlds_without_a_squad_stay_quiet() -> None:
    """In 40 worlds where nobody acts together at most 5 % have any account marked, and 1 % of accounts have p <= 0.01."""
    seen = [ask(seed) for seed in range(100, 140)]
    assert sum(found(one).any() for one in seen) <= 2
    assert np.mean(np.concatenate([one.p_value for one in seen]) <= 0.01) == pytest.approx(0.01, abs=0.002)


def test_ties_to_half_a_squad_give_away_the_other_half() -> None:
    """Held half of 40 accounts, the rest has p <= 0.003; of the others one in a hundred at most has p <= 0.01."""
    author, obj, at = world(3, squad=40)
    kept = np.unique(np.stack((obj, author)), axis=1, return_index=True)[1]
    events = Events(author[kept], obj[kept], at[kept], np.zeros(kept.size, np.int64))
    order = np.lexsort((events.at, events.obj))
    events = Events(*(column[order] for column in events))
    accounts = USERS + 40
    held = np.arange(accounts) >= USERS + 20
    how = Setting(accounts, 300, 7 * DAY, 8, np.random.default_rng(1), None, 2.0)
    p = join(events, held, np.bincount(events.author, minlength=accounts), how)
    assert np.median(p[USERS : USERS + 20]) <= 0.003
    assert (p[:USERS] <= 0.01).mean() <= 0.012
    assert (p[held] == 1).all()


def test_acts_a_shuffle_cannot_place_are_counted() -> None:
    """Forty accounts that all act on the same ten objects leave no room to deal them anew without giving one twice."""
    author, obj = (part.ravel() for part in np.meshgrid(np.arange(40), np.arange(10)))
    at = np.random.default_rng(0).integers(0, DAY, author.size)
    crowded = together(author, obj, at, window=300, bin_length=7 * DAY, seed=0)
    assert crowded.lost > 0.1 > 0.01 > ask(3).lost


def test_the_self_check_is_the_same_test_on_a_shuffled_copy() -> None:
    """A copy of the squad's own data, shuffled, has nobody in it to find."""
    author, obj, at = world(3, squad=60)
    checked = self_check(author, obj, at, window=300, bin_length=7 * DAY, seed=0)
    assert 0 == int(found(checked).sum())


def test_shuffling_keeps_what_the_null_promises() -> None:
    """Objects and times stay, no account is twice on an object, and each keeps nearly all of its events."""
    author, obj, at = world(5)
    kept = np.unique(np.stack((obj, author)), axis=1, return_index=True)[1]
    events = Events(author[kept], obj[kept], at[kept], np.zeros(kept.size, np.int64))
    copy = shuffle(events, Setting(USERS, 300, 40 * DAY, 1, np.random.default_rng(1), None, 2.0))
    assert copy.at.size == np.unique(np.stack((copy.obj, copy.author)), axis=1).shape[1] >= 0.99 * events.at.size
    lost = np.bincount(events.author, minlength=USERS) - np.bincount(copy.author, minlength=USERS)
    assert 0 <= lost.min() <= lost.max() <= 10


def test_the_order_of_rows_and_the_codes_do_not_matter() -> None:
    """The same events in another order, under other codes in the same order, give the same p-values."""
    author, obj, at = world(7, squad=40)
    order = np.random.default_rng(0).permutation(author.size)
    one = together(author, obj, at, window=300, bin_length=7 * DAY, seed=1)
    other = together(author[order] * 10**9, obj[order] + 5, at[order] + 77, window=300, bin_length=7 * DAY, seed=1)
    assert one.p_value.tolist() == other.p_value.tolist()


def test_surprise_is_that_worked_by_hand() -> None:
    """Two accounts, two objects together, two neighbours each of four in all: 2 ln 2 - 1."""
    two = np.array([1, 2, 1, 2])
    result = together(two, np.array([8, 8, 9, 9]), np.array([0, 1, 9, 9]), window=1, bin_length=2, seed=0)
    assert pytest.approx(2 * np.log(2) - 1) == result.surprise[0] == result.size[0]
    assert [1, 1] == result.partners.tolist()


def test_nothing_to_test_is_said_or_refused() -> None:
    """No event is no account; bins shorter than the window and an odd number of draws are refused."""
    none = np.empty(0, np.int64)
    assert 0 == together(none, none, none, window=1, bin_length=9, seed=0).p_value.size
    with pytest.raises(ValueError, match="bin_length is 5"):
        together(none, none, none, window=5, bin_length=5, seed=0)
    with pytest.raises(ValueError, match="draws is 3"):
        together(none, none, none, window=5, bin_length=9, seed=0, draws=3)


def test_a_window_that_holds_half_of_all_pairs_is_not_chosen() -> None:
    """The shortest window that shows about as much is chosen; of a day that holds most pairs nothing is learnt."""
    shown = [
        Tried(10, 0, 0, 0.0, 18.0, 12, 0.01),
        Tried(60, 0, 0, 0.0, 18.0, 20, 0.05),
        Tried(3_600, 0, 0, 0.0, 20.0, 21, 0.4),
        Tried(86_400, 0, 0, 0.0, 30.0, 35, 0.9),
    ]
    assert chosen(shown) == 60
    assert chosen(shown[3:]) == 86_400
    assert chosen([one._replace(found=0) for one in shown]) == 60
