"""Are accounts dealt among those who write their language, and is a small language no place to hide?"""

import numpy as np
import pyarrow as pa

from agorascope.analyses._coordination_strata import languages, strata
from agorascope.records import schema
from agorascope.store.engines.duckdb import memory_corpus


def accounts(number: int, platform: str = "x") -> pa.Table:
    """List accounts a0, a1, ..."""
    return pa.table({"platform": [platform] * number, "account_id": [f"a{n}" for n in range(number)]})


def test_the_language_of_most_posts_is_the_account_s() -> None:
    """Two posts in French and one in German make French; no language makes none."""
    said = [("a0", "fr"), ("a0", "de"), ("a0", "fr"), ("a1", None)]
    posts = [
        {"platform": "x", "post_id": f"p{n}", "account_id": who, "language": language, "kind": "original"}
        for n, (who, language) in enumerate(said)
    ]
    corpus = memory_corpus({"posts": pa.Table.from_pylist(posts, schema("posts"))})
    assert languages(corpus) == {("x", "a0"): "fr"}


def test_common_languages_are_apart_and_rare_ones_are_not() -> None:
    """Of 500 French, 300 Arabic and 40 Basque accounts, the Basque ones are dealt with the French."""
    spoken = {("x", f"a{n}"): "fr" if n < 500 else "ar" if n < 800 else "eu" for n in range(840)}
    codes = strata(accounts(840), spoken)
    assert np.unique(codes).size == 2
    assert (codes[:500] == codes[800]).all()
    assert (codes[500:800] != codes[0]).all()


def test_platforms_are_apart_where_nobody_says_a_language() -> None:
    """Without any language every platform is one stratum."""
    codes = strata(pa.concat_tables([accounts(3), accounts(2, "y")]), {})
    assert codes.tolist() == [0, 0, 0, 1, 1]
