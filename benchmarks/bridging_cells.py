"""Which worlds is `bridging` measured on? Written down before the estimator was run on any of them.

``PLANTED``: two camps of 80 and 20, and of 90 and 10, with bridges; the claim is the area under the curve of the score for bridges
against all other items: .985 and .90. ``BRIDGING``: worlds where nothing bridges, for the rate of false alarms: no camps at all,
with lenient and stern raters; and camps without a single bridge. ``none-clickers`` (three raters in ten vote at random) was added
later, to question the rule for slopes; it was changed at the same time (see the page). ``polis-*`` were added when a reviewer found
that groups made from the votes, as an export of Polis holds them, were tested as if declared: votes on which nobody is of a camp,
groups by the side of their first component. ``beside-*`` came with the rule for it, when a later reviewer saw 27 of 30 items found
across a column of regions in the file of the votes: two camps at odds over every item, and groups dealt by lot, or those of the
camps with the odds that the name says (the rule first asked for a significant chi-square alone, which let 0.7 pass: something
was found in 16 of 20 worlds); the twin with bridges has groups made from the votes. ``beside-local-*`` came when another reviewer
saw that such groups may be a lesser division of the votes, by a few items about their region: an item counts only where it holds
in the camps found by the votes as well, since then. ``declared-*`` and ``acts-*`` were added when
another reviewer found that declared groups which differ only in leniency (l, in logits), and meet some items more often than the
other group (s), were seen as camps, and so were groups that only repost more or fewer posts (as many as the name says); written
down before the tests were mended, but for ``declared-lot``, added beside ``declared-factions`` when that one still gave alarms:
the same tastes without leniency.
``opposed-*`` were added then, before the test as it is was run on them: groups of one mind whose twins want the opposite, one
liking least what the other likes most, or passing on the posts of its own side.
``declared-loud-*`` were added when a third reviewer found that a small group of one mind with the others, whose members vote more
often (x3: so many times), was seen as a camp; written down before the test was mended: x1 are the same sizes, equally loud.
``acts-tail-*`` are accounts among many more posts, of which most are reposted seldom: written down before posts of fewer than
``least`` acts were let into the test for camps.
"""

import dataclasses

from agorascope.worlds.bridges import BridgesWorld
from agorascope.worlds.declared import DeclaredWorld, LoudWorld

PLANTED = {"80/20": BridgesWorld(minority=0.2), "90/10": BridgesWorld(minority=0.1), "65/35": BridgesWorld(minority=0.35)}
BRIDGING = {
    "none-small": BridgesWorld(raters=150, items=60, votes=20, camps=False),
    "none-dense": BridgesWorld(raters=300, items=60, votes=40, cold=0.0, camps=False),
    "none": BridgesWorld(raters=1_000, items=200, camps=False),
    "none-lenient": BridgesWorld(raters=1_000, items=200, lenient=1.5, camps=False),
    "none-cold": BridgesWorld(raters=1_000, items=200, votes=8, cold=0.5, camps=False),
    "none-clickers": BridgesWorld(raters=1_000, items=200, clickers=0.3, camps=False),
    "polis-none": BridgesWorld(raters=200, items=40, votes=30, cold=0.0, camps=False, labelled=True),
    "polis-none-lenient": BridgesWorld(raters=200, items=40, votes=30, lenient=1.5, cold=0.0, camps=False, labelled=True),
    "no-bridge-80/20": BridgesWorld(raters=1_000, items=200, minority=0.2, bridges=0.0),
    "no-bridge-90/10": BridgesWorld(raters=1_000, items=200, minority=0.1, bridges=0.0),
    "no-bridge-50/50": BridgesWorld(raters=1_000, items=200, minority=0.5, bridges=0.0),
    "no-bridge-selective": BridgesWorld(raters=1_000, items=200, minority=0.35, bridges=0.0, selective=1.0),
}
_OPPOSED = BridgesWorld(
    raters=240, items=30, votes=27, cold=0.0, minority=0.5, bridges=0.0, disliked_share=0.0, own=0.97, other=0.35
)
BRIDGING |= {
    f"beside-{name}": dataclasses.replace(_OPPOSED, labelled=True, matched=odds)
    for name, odds in (("lot", 0.5), ("0.6", 0.6), ("0.7", 0.7), ("0.8", 0.8), ("0.9", 0.9))
} | {
    f"beside-local-{local}": dataclasses.replace(
        _OPPOSED, items=30 + local, votes=27 + local, labelled=True, matched=0.5, local=local
    )
    for local in (4, 8, 16)
}
DECLARED = {
    f"declared-l{lenient:g}-s{selective:g}": DeclaredWorld(lenient=lenient, selective=selective)
    for lenient in (0.0, 0.3, 0.6, 1.0)
    for selective in (0.0, 0.3, 0.6)
} | {
    "declared-sparse": DeclaredWorld(raters=1_000, items=200, rate=0.1, lenient=0.6, selective=0.6),
    "declared-30/70": DeclaredWorld(minority=0.3, lenient=0.6, selective=0.6, spread=0.5),
    "declared-lenient": DeclaredWorld(lenient=0.6, selective=0.6, spread=1.5),
    "declared-factions": DeclaredWorld(lenient=0.6, selective=0.3, spread=0.5, factions=1.5),
    "declared-lot": DeclaredWorld(selective=0.3, spread=0.5, factions=1.5),
    "declared-loud-5%x1": DeclaredWorld(raters=400, items=60, rate=0.08, minority=0.05),
    "declared-loud-5%x4": DeclaredWorld(raters=400, items=60, rate=0.08, minority=0.05, louder=4.0),
    "declared-loud-5%x5-spread": DeclaredWorld(raters=400, items=50, rate=0.1, minority=0.05, louder=5.0, spread=1.0),
    "declared-loud-10%x1": DeclaredWorld(raters=200, items=40, rate=0.12, minority=0.1),
    "declared-loud-10%x5": DeclaredWorld(raters=200, items=40, rate=0.12, minority=0.1, louder=5.0),
    "declared-loud-10%x3-moderate": DeclaredWorld(raters=300, items=50, rate=0.25, minority=0.1, louder=3.0, spread=0.5),
    "declared-loud-20%x3": DeclaredWorld(raters=200, items=60, rate=0.1, minority=0.2, louder=3.0),
    "declared-loud-20%x4-spread": DeclaredWorld(raters=300, items=60, rate=0.07, minority=0.2, louder=4.0, spread=1.0),
    "declared-loud-10%x4-lenient": DeclaredWorld(raters=400, items=60, rate=0.1, minority=0.1, louder=4.0, lenient=0.6, spread=0.5),
    "declared-loud-10%x4-lot": DeclaredWorld(raters=400, items=60, rate=0.1, minority=0.1, louder=4.0, spread=0.5, factions=1.5),
}
ACTS = {
    f"acts-{loud}/{quiet}": LoudWorld(loud_acts=loud, quiet_acts=quiet)
    for loud, quiet in ((25, 3), (10, 3), (25, 20), (6, 3), (3, 3))
} | {
    f"acts-tail-{loud}/{quiet}": LoudWorld(accounts=800, posts=2_500, loud=200, loud_acts=loud, quiet_acts=quiet)
    for loud, quiet in ((2, 2), (6, 2), (20, 2), (6, 6))
}
OPPOSED: dict[str, DeclaredWorld | LoudWorld] = {
    f"opposed-{round(100 * (1 - minority))}/{round(100 * minority)}": DeclaredWorld(minority=minority, spread=0.5)
    for minority in (0.5, 0.3, 0.2)
} | {f"opposed-acts-{200 - loud}/{loud}": LoudWorld(accounts=200, loud=loud, loud_acts=8, quiet_acts=8) for loud in (100, 60, 40)}
