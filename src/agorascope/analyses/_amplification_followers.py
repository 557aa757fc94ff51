"""How many followed an account in each period? Readings of its own counter, taken to the middle of the periods."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from agorascope.tables import Corpus

from ._amplification_cast import Cast

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOLLOWERS = """
    SELECT account_id, at_us, followers FROM account_counters
    WHERE platform = :platform AND followers > 0 AND at_us IS NOT NULL ORDER BY account_id NULLS FIRST, at_us NULLS FIRST,
    followers NULLS FIRST"""


def followers(corpus: Corpus, cast: Cast, starts: Ints, length: int) -> Floats | None:
    """Read followers between two readings on a line of their logarithms, beyond them for one period at most. (accounts, periods).

    None where no account has two readings. Cost O(readings + accounts x periods): readings come sorted by account.
    """
    rows = corpus.query(FOLLOWERS, platform=cast.platform) if corpus.has("account_counters") else None
    if rows is None or not rows.num_rows:
        return None
    place = {name: i for i, name in enumerate(cast.accounts)}
    row = np.array([place.get(name, -1) for name in rows["account_id"].to_pylist()], dtype=np.int64)
    at, logs = rows["at_us"].to_numpy(), np.log(np.asarray(rows["followers"].cast(pa.float64()).to_numpy(), dtype=np.float64))
    edges = np.concatenate([[0], np.flatnonzero(np.diff(row)) + 1, [row.size]])
    middle = starts + length // 2
    found = np.full((len(cast.accounts), starts.size), np.nan)
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if row[first] >= 0 and last - first >= 2:
            own = at[first:last]
            near = (middle >= own[0] - length) & (middle <= own[-1] + length)
            found[row[first]] = np.where(near, np.exp(np.interp(middle, own, logs[first:last])), np.nan)
    return found if np.isfinite(found).any() else None
