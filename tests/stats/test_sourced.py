"""Does a crowd on one source show, and only where chance does not give it?"""

import numpy as np
import pytest
from scipy.stats import binomtest

from agorascope.stats.lifting import repeats
from agorascope.stats.sourced import sourced


def everybody(
    rng: np.random.Generator, accounts: int = 40, texts: int = 10, lifts: int = 4, *, one: bool
) -> tuple[np.ndarray, ...]:
    """Let each account but the first lift as many texts, of the first one or of anybody; author, lifted and first texts."""
    author = np.repeat(np.arange(accounts), texts)
    lifted = np.concatenate([a * texts + np.arange(lifts) for a in range(1, accounts)])
    anybody = np.flatnonzero(~np.isin(np.arange(author.size), lifted))
    first = rng.integers(0, texts, lifted.size) if one else rng.choice(anybody, lifted.size)
    return author, lifted, first


def test_one_source_of_everybody_is_seen_where_dealing_lifters_is_blind() -> None:
    """All lift alike, from one account: dealing who lifts gives p near 1, dealing the sources the least p there is."""
    rng = np.random.default_rng(1)
    author, lifted, first = everybody(rng, lifts=8, one=True)
    one = np.zeros(author.size, np.int64)
    assert repeats(author, one, lifted, author[first], draws=199, rng=rng).p_value > 0.9
    found = sourced(author, one, lifted, first, fewest=10, draws=199, rng=rng)
    assert found is not None
    assert (0, 39, 39 * 8, 0.005) == (found.source, found.accounts, found.lifts.sum(), found.p_value)
    assert found.high <= 2


def test_sources_by_chance_make_no_crowd() -> None:
    """In 200 worlds where anybody is a source, a crowd of two accounts is as rare as its level says."""
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(200):
        author, lifted, first = everybody(rng, accounts=12, texts=8, one=False)
        found = sourced(author, np.zeros(author.size, np.int64), lifted, first, fewest=1, draws=99, rng=rng)
        alarms += found is not None and found.p_value <= 0.05
    assert binomtest(alarms, 200).proportion_ci(0.99, "exact").low <= 0.05


@pytest.mark.parametrize("fewest", [39, 40])
def test_too_few_accounts_are_no_crowd(fewest: int) -> None:
    """As many accounts as are asked for are one; one fewer gives no answer."""
    author, lifted, first = everybody(np.random.default_rng(3), one=True)
    found = sourced(author, author * 0, lifted, first, fewest=fewest, draws=99, rng=np.random.default_rng(0))
    assert (found is None) == (fewest > 39)


def test_a_busy_source_is_expected_to_be_drawn_on() -> None:
    """Where one account writes nearly all there is, everybody draws on it by chance."""
    author = np.concatenate([np.zeros(2_000, np.int64), np.repeat(np.arange(1, 31), 10)])
    lifted = 2_000 + np.concatenate([a * 10 + np.arange(5) for a in range(30)])
    first = np.random.default_rng(4).integers(0, 2_000, lifted.size)
    found = sourced(author, author * 0, lifted, first, fewest=10, draws=99, rng=np.random.default_rng(0))
    assert found is not None
    assert found.p_value > 0.2
