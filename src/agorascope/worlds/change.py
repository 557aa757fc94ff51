"""What does a conversation look like when one language takes more of the room, from a given day on?

One row is one post, as in ``null``; from ``change_day`` on each post of an author of ``language`` is kept ``ratio`` times as often
as before, others as ever. The share of the language therefore grows by a little less than ``ratio``.

Limits: the change comes at once, and every author of the language takes part in it.
Source: as ``null``; the planted factor is ours.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .null import DAY_US, START_US, NullWorld
from .null import make as make_null


@dataclass(frozen=True, kw_only=True)
class ChangeWorld(NullWorld):
    """Describe a world in which ``language`` is written ``ratio`` times as much from day ``change_day`` on."""

    language: str = "fr"
    change_day: int = 45
    ratio: float = 2.0


def make(params: ChangeWorld, seed: int) -> dict[str, pa.Table]:
    """Make the canonical tables of a world in which one language grows, by thinning it before the change. Cost O(posts)."""
    world = make_null(params, seed)
    posts = world["posts"]
    early = pc.less(posts["created_at_us"], START_US + params.change_day * DAY_US)
    thinned = pc.and_(early, pc.equal(posts["language"], params.language)).to_numpy(zero_copy_only=False)
    lost = thinned & (np.random.default_rng([seed, 1]).random(posts.num_rows) >= 1 / params.ratio)
    kept = posts["post_id"].filter(pa.array(~lost))
    return world | {
        name: world[name].filter(pc.is_in(world[name]["post_id"], kept)) for name in ("posts", "post_metrics", "post_objects")
    }
