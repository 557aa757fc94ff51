"""How often do the tests of gaps see a hole where nothing is missing, in worlds like this corpus?"""

import numpy as np
import pyarrow as pa

from agorascope.calibration import nearest
from agorascope.findings import Calibration

from ._coverage_reduce import DAY_US
from ._coverage_series import series, span


def calibrated(tables: dict[str, pa.Table], min_posts: int) -> Calibration:
    """Look up the cell of worlds nearest to a corpus; empty where no gap could be tested."""
    about = descriptors(tables, min_posts)
    return nearest("coverage", **about) if about else Calibration()


def descriptors(tables: dict[str, pa.Table], min_posts: int) -> dict[str, float | str]:
    """Describe a corpus by what decides the tests: kind of data, accounts tested, their median posts, days."""
    opened, closed = span(tables)
    rows = tables["accounts"].to_pylist() if "accounts" in tables else []
    sizes = [float(r["timed"]) for r in rows if r["account_id"] is not None and r["timed"] >= min_posts]
    data = "posts"
    if not sizes:
        sizes, data = [float(account.counts.sum()) for account in series(tables).values()], "panels"
    if not sizes:
        return {}
    return {
        "data": data,
        "accounts": float(len(sizes)),
        "posts": float(np.median(sizes)),
        "days": (closed - opened) / DAY_US,
    }
