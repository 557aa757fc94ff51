"""Are followers read between an account's own readings, and nowhere far beyond them?"""

import numpy as np

from agorascope.analyses._amplification_cast import Cast
from agorascope.analyses._amplification_followers import followers
from agorascope.records import AccountCounter, to_arrow
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus

DAY_US = 86_400_000_000


def corpus_of(*readings: tuple[str, int, int]) -> Corpus:
    """Make a corpus of readings (account, day, followers)."""
    rows = [AccountCounter("x", name, day * DAY_US, None, many) for name, day, many in readings]
    return memory_corpus({"account_counters": to_arrow("account_counters", rows)})


def test_readings_are_joined_on_the_log_and_end_with_them() -> None:
    """Half way between 100 and 400 stands 200; one period beyond the last reading the last, farther nothing; strangers nothing."""
    corpus = corpus_of(("b", 4, 400), ("a", 1, 7), ("b", 0, 100), ("stranger", 0, 1), ("stranger", 9, 9))
    cast = Cast("x", ["a", "b"], frozenset(), {}, [])
    found = followers(corpus, cast, np.arange(0, 12, 2) * DAY_US + DAY_US, 2 * DAY_US)
    assert found is not None
    assert np.isnan(found[0]).all()
    assert [200, 400, 400] == np.round(found[1, :3]).tolist()
    assert np.isnan(found[1, 3:]).all()


def test_one_reading_an_account_is_none() -> None:
    """Without two readings of any account nothing is known over time."""
    assert followers(corpus_of(("a", 1, 7)), Cast("x", ["a"], frozenset(), {}, []), np.array([0, DAY_US]), DAY_US) is None
