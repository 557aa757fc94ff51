"""Which worlds is `copying` calibrated on? Written down before the estimator met them.

``of`` says which question is asked: the whole corpus (``all``; accounts write again by chance alone, but for publishers) or a group
drawn at random (``asked``; accounts differ as they like).
"""

from agorascope.worlds.copying import CopyingWorld

COPYING = {
    "all-n2000": CopyingWorld(posts=2_000, accounts=200, again=0.15),
    "all-n6000": CopyingWorld(posts=6_000, accounts=400, again=0.10),
    "all-n6000-rare": CopyingWorld(posts=6_000, accounts=400, again=0.02),
    "all-n6000-often": CopyingWorld(posts=6_000, accounts=600, again=0.40, tail=2.5),
    "asked-n2000": CopyingWorld(posts=2_000, accounts=200, again=0.15, differing=1.0, group=20),
    "asked-n6000": CopyingWorld(posts=6_000, accounts=400, again=0.10, differing=1.0, group=40),
    "asked-n6000-alike": CopyingWorld(posts=6_000, accounts=400, again=0.10, group=40),
}
