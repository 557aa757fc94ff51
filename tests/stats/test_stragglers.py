"""Are the gaps between acts measured right, and are orders told from waiting?"""

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from agorascope.stats.stragglers import BRIEF, WAITING, gaps

Ints = npt.NDArray[np.int64]


def twin(obj: Ints, at: Ints, step: int) -> tuple[float, float]:
    """Interpolate the median gap and the share within three times it from a list of all gaps, told to the step."""
    found = [abs(int(at[i]) // step - int(at[j]) // step) for i, j in itertools.combinations(range(at.size), 2) if obj[i] == obj[j]]
    ends = np.array([0.0, *(np.arange(max(found) + 2) + 0.5)])
    share = np.array([0.0, *(np.mean([gap <= k for gap in found]) for k in range(max(found) + 2))])
    at_half = int(np.argmax(share >= 0.5))
    median = float(np.interp(0.5, share[at_half - 1 : at_half + 1], ends[at_half - 1 : at_half + 1]))
    return median * step, float(np.interp(3 * median, ends, share))


def test_gaps_are_those_of_all_pairs() -> None:
    """On small inputs with ties and repeats, median and share are those counted pair by pair, interpolated between steps."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        step = int(rng.choice([1, 60]))
        obj, at = rng.integers(0, 4, 25), rng.integers(0, 200, 25) * step
        told = gaps(obj, at, step)
        assert told is not None
        median, share = twin(obj, at, step)
        assert (told.median, told.steady) == (pytest.approx(median, abs=0.06), pytest.approx(share))
        assert told.low <= told.steady <= told.high + 1e-9


def test_times_told_to_the_minute_say_what_seconds_say() -> None:
    """Delays of two minutes in the median, told to the second or to the minute: the same median and the same share, nearly."""
    rng = np.random.default_rng(9)
    obj = np.repeat(np.arange(300), 12)
    at = obj * 1_000_000 + (150 * rng.lognormal(0, 0.9, obj.size)).astype(np.int64)
    fine, coarse = gaps(obj, at), gaps(obj, at // 60 * 60, 60)
    assert fine is not None
    assert coarse is not None
    assert coarse.median == pytest.approx(fine.median, rel=0.05)
    assert coarse.steady == pytest.approx(fine.steady, abs=0.01)


@pytest.mark.parametrize(("spread", "least", "most"), [
    ("even", 0.97, 1.0), ("bell", 0.93, 0.98), ("memoryless", 0.85, 0.9), ("waiting", 0.7, 0.82),
])  # fmt: skip
def test_orders_leave_few_stragglers(spread: str, least: float, most: float) -> None:
    """Orders sent out evenly or about a time lie above what waiting without memory gives; people who wait, below."""
    rng = np.random.default_rng(7)
    obj = np.repeat(np.arange(200), 10)
    drawn = {
        "even": rng.random(2_000),
        "bell": rng.normal(5, 1, 2_000),
        "memoryless": rng.exponential(1, 2_000),
        "waiting": rng.lognormal(0, 1.3, 2_000),
    }[spread]
    found = gaps(obj, obj * 1_000_000 + (drawn * 10_000).astype(np.int64))
    assert found is not None
    assert least < found.steady < most
    assert (found.low > WAITING) == (spread in ("even", "bell"))
    assert found.brief_low <= BRIEF or spread in ("memoryless", "waiting")


def test_the_bounds_are_what_waiting_gives() -> None:
    """Two waits one after the other reach ``WAITING``, one wait ``BRIEF``; of gaps with two humps the nearer one says so."""
    rng = np.random.default_rng(10)
    obj = np.arange(400_000) // 2
    two, one = (gaps(obj, (rng.gamma(k, 100_000, obj.size)).astype(np.int64)) for k in (2, 1))
    assert two is not None
    assert one is not None
    assert two.steady == pytest.approx(WAITING, abs=0.003)
    assert one.brief_low == pytest.approx(BRIEF, abs=0.005)
    twice = gaps(np.repeat(np.arange(300), 8), rng.integers(0, 4, 2_400) * 36_000 + rng.integers(0, 900, 2_400))
    assert twice is not None
    assert twice.low > WAITING
    assert twice.brief_low > BRIEF


def test_rounding_makes_no_clear_median() -> None:
    """A median of less than three steps of the times is one of rounding."""
    obj, late = np.repeat(np.arange(300), 8), np.random.default_rng(11).exponential(60, 2_400).astype(np.int64)
    fine, coarse = gaps(obj, late), gaps(obj, late // 60 * 60, 60)
    assert fine is not None
    assert coarse is not None
    assert (True, False) == (fine.clear, coarse.clear)


def test_who_is_sent_out_by_one_hand_is_there_in_the_same_seconds() -> None:
    """Most within four seconds, the others a day late: stragglers enough, but of the near pairs nearly all are instant."""
    rng = np.random.default_rng(8)
    obj = np.repeat(np.arange(100), 10)
    late = np.where(rng.random(1_000) < 0.8, rng.integers(0, 4, 1_000), rng.integers(0, 86_400, 1_000))
    found = gaps(obj, late)
    assert found is not None
    assert found.high < WAITING
    assert found.instant_low is not None
    assert found.instant_low > 0.95
    waiting = gaps(obj, (120 * rng.lognormal(0, 0.8, 1_000)).astype(np.int64))
    assert waiting is not None
    assert waiting.instant is not None
    assert 0.1 < waiting.instant < 0.3
    told = gaps(obj, late // 60 * 60, step=60)
    assert told is not None
    assert told.instant_low is not None
    assert told.instant_low > 0.9
    coarse = gaps(obj, late // 3_600 * 3_600, step=3_600)
    assert coarse is not None
    assert (None, None) == (coarse.instant, coarse.instant_low)


def test_acts_of_one_minute_are_near_and_their_gap_is_guessed() -> None:
    """Where all acts lie in one minute, half a step is all that is known of their gap, and no pair is late."""
    found = gaps(np.repeat(np.arange(5), 4), np.zeros(20, np.int64), step=60)
    assert found is not None
    assert (15.0, 1.0, 1.0) == (found.median, found.steady, round(found.high, 6))


def test_without_a_pair_there_is_no_gap() -> None:
    """One act on each object, or none at all, gives nothing."""
    assert gaps(np.arange(4), np.arange(4)) is None
    assert gaps(np.empty(0, np.int64), np.empty(0, np.int64)) is None
