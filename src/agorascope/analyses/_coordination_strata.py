"""Among whom could chance have dealt an act? Accounts of one platform and, where posts say it, of one main language.

Those who write one language share what those who write another never see: dealt together, all of a smaller language would seem to
act together. A language of fewer than ``COMMON`` accounts is dealt with the most common one of its platform: so few could be a
squad, which dealt within itself would never be found.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.tables import Corpus

Ints = npt.NDArray[np.int64]

COMMON = 250
"""Chosen on two invented cases: a squad of 30 is lost among 222 accounts of its language (the demo), and found among 284."""
SPOKEN = (
    "SELECT platform, account_id, language, COUNT(*) AS n FROM posts "
    "WHERE account_id IS NOT NULL AND language IS NOT NULL GROUP BY platform, account_id, language"
)


def languages(corpus: Corpus) -> dict[tuple[str, str], str]:
    """Give the main language of each account (platform, account_id) that has one: that of most of its posts, else the first."""
    most: dict[tuple[str, str], tuple[int, str]] = {}
    for row in corpus.query(SPOKEN).to_pylist():
        key, said = (row["platform"], row["account_id"]), (-row["n"], row["language"])
        most[key] = min(most.get(key, said), said)
    return {key: language for key, (_, language) in most.items()}


def strata(accounts: pa.Table, spoken: dict[tuple[str, str], str]) -> Ints:
    """Number the stratum of each of the ``accounts`` (``platform, account_id``): platform and main language."""
    names = list(zip(accounts["platform"].to_pylist(), accounts["account_id"].to_pylist(), strict=True))
    said = [(name[0], spoken.get(name, "")) for name in names]
    count = Counter(said)
    usual = {platform: max((n, lang) for (p, lang), n in count.items() if p == platform)[1] for platform in {p for p, _ in said}}
    dealt = [one if count[one] >= COMMON else (one[0], usual[one[0]]) for one in said]
    order = {one: number for number, one in enumerate(sorted(set(dealt), key=str))}
    return np.array([order[one] for one in dealt], np.int64)
