"""How many are deceived, what do camps see, who makes it, and which replies come first? Arrays in, numbers out."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

from agorascope.stats.illusion import Illusion, Whom, illusion, whom
from agorascope.stats.loudfew import LoudFew, loud_few

from ._majority_illusion_reduce import Replies, Seen

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FIRST = 3
FEWEST_THREADS = 10


class Loud(NamedTuple):
    """Hold the loud few: how many, the share of all accounts, of all that is seen, and of all posts (nan without posts)."""

    few: LoudFew
    accounts: float
    seen: float
    posts: float


class First(NamedTuple):
    """Hold the share of bearers among all replies with a rank and among the first, over threads, and the two-sided p."""

    threads: int
    all: float
    first: float
    p_value: float


def deceived(seen: Seen, *, draws: int, seed: int) -> Illusion:
    """Tell how many are deceived, beside both comparisons."""
    camp = seen.camps.of if seen.camps.names else None
    return illusion(seen.shown, seen.bears, can=seen.can, platform=seen.platform, camp=camp, draws=draws, seed=seed)


def asked(seen: Seen) -> Whom:
    """Tell which viewers can be deceived: they see anything, on a platform where it is borne by few."""
    return whom(seen.shown, seen.bears, seen.can, seen.platform)


def loud(seen: Seen, found: Illusion) -> Loud:
    """Find the loud few whose removal brings the share deceived down to what chance reaches once in twenty."""
    few = loud_few((diags_array(found.asked.astype(np.float64)) @ seen.shown).tocsr(), seen.bears, down_to=found.placed.high)
    visible = np.asarray(seen.shown.sum(axis=0))
    posts = float(seen.posts.sum())
    return Loud(
        few,
        few.accounts.size / seen.bears.size,
        float(visible[few.accounts].sum() / seen.all_seen),
        float(seen.posts[few.accounts].sum()) / posts if posts else float("nan"),
    )


def without(seen: Seen, taken: Bools, *, draws: int, seed: int) -> Illusion | None:
    """Tell it again with the posts of some accounts (accounts,) taken away; None where nobody sees anything then."""
    shown: csr_array = (seen.shown @ diags_array((~taken).astype(np.float64))).tocsr()
    shown.eliminate_zeros()
    kept = np.flatnonzero(~taken)
    part = shown[kept][:, kept].tocsr()
    bears, can, platform = seen.bears[kept], seen.can[kept], seen.platform[kept]
    if not 0 < int(bears.sum()) < int(can.sum()) or not whom(part, bears, can, platform).asked.any():
        return None
    return illusion(part, bears, can=can, platform=platform, draws=draws, seed=seed)


def first(replies: Replies, *, draws: int, seed: int) -> First | None:
    """Compare the first ``FIRST`` replies of threads that have more with all of them; ranks are dealt anew within threads."""
    size = np.bincount(replies.thread)
    used = size[replies.thread] > FIRST
    if int((size > FIRST).sum()) < FEWEST_THREADS:
        return None
    thread, bears = replies.thread[used], replies.bears[used].astype(np.float64)
    _, thread = np.unique(thread, return_inverse=True)
    order = np.argsort(thread, kind="stable")
    thread, bears = thread[order], bears[order]
    start = np.concatenate(([0], np.flatnonzero(np.diff(thread)) + 1))
    top = np.arange(thread.size) - start[thread] < FIRST
    share = np.bincount(thread, bears) / np.bincount(thread)

    def gap(shown: Floats) -> float:
        return float((np.bincount(thread[top], shown[top]) / FIRST - share).mean())

    rng = np.random.default_rng((seed, 11))
    seen = gap(bears)
    drawn = np.array([gap(bears[np.argsort(thread + rng.random(thread.size))]) for _ in range(draws)])
    p = (1 + int((np.abs(drawn) >= abs(seen) - 1e-12).sum())) / (1 + draws)
    return First(int(share.size), float(share.mean()), float(share.mean()) + seen, p)
