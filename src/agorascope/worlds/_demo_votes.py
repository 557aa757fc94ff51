"""What did the town vote? Two votes of the demo: a poll of volunteers, and proposals that some of them went on to judge.

One row is one vote. Of 60,000 inhabitants 65 % are for a free tram, and were twice as likely to vote; of the vote, about 79 % are.
The first ``JUDGES`` voters also judged ``PROPOSALS``, ``VOTES`` of them each on average: riders and drivers, two camps, like their
own proposals and not those of the others; ``BRIDGES`` please both, as the free tram does, on which the camps do not differ.
"""

import numpy as np

from .bridges import BridgesWorld, draw

POPULATION, FOR, ODDS, TURNOUT = 60_000, 0.65, 2.0, 0.04
ITEM = "tram_gratuit"
TOWN = "rivemont"
MARGINS = (("language", "fr", 0.75), ("language", "en", 0.25))
JUDGES, VOTES = 400, 20.0
BRIDGES = ("abris aux arrêts", "horaires affichés", "rampe de la gare", "tram de nuit", "vente à bord", "toilettes de la gare")
RIDERS_LIKE = (
    "voie de bus sur le pont", "centre à 30", "parkings payants", "quai sans voitures", "feux pour le tram", "ligne C au port",
    "pistes cyclables", "stationnement plus cher",
)  # fmt: skip
DRIVERS_LIKE = ("parking gratuit à la gare", "rocade sud", "pont à deux voies", "fin du péage", "places au marché")
DISLIKED = ("hausse du tarif", "publicité sonore", "fermeture en août")
PROPOSALS = (*BRIDGES, *RIDERS_LIKE, *DRIVERS_LIKE, *DISLIKED)
BRIDGE, OWN, OTHER = 0.8, 0.95, 0.08


def cast(seed: int) -> list[dict[str, str | float]]:
    """Draw the votes on the free tram, in no order of opinion, then those on the proposals."""
    rng = np.random.default_rng([seed, 82])
    yes = int(rng.binomial(round(POPULATION * FOR), TURNOUT * np.sqrt(ODDS)))
    no = int(rng.binomial(round(POPULATION * (1 - FOR)), TURNOUT / np.sqrt(ODDS)))
    values = rng.permutation(np.repeat([1.0, 0.0], [yes, no])).tolist()
    return [_vote(i, ITEM, value) for i, value in enumerate(values)] + _judged(seed)


def _judged(seed: int) -> list[dict[str, str | float]]:
    """Let the camps judge; the world deals the kinds of items in any order, and they are named by kind."""
    many = len(PROPOSALS)
    camps = BridgesWorld(
        raters=JUDGES,
        items=many,
        minority=len(DRIVERS_LIKE) / (len(RIDERS_LIKE) + len(DRIVERS_LIKE)),
        votes=VOTES,
        bridges=len(BRIDGES) / many,
        disliked_share=len(DISLIKED) / many,
        bridge=BRIDGE,
        own=OWN,
        other=OTHER,
        lenient=0.0,
        cold=0.1,
        quality=0.0,
    )
    votes, truth = draw(camps, seed)
    named = dict(zip(np.argsort(truth.kind, kind="stable").tolist(), PROPOSALS, strict=True))
    each = zip(votes.rater.tolist(), votes.item.tolist(), votes.value.tolist(), strict=True)
    return [_vote(rater, named[item], value) for rater, item, value in each]


def _vote(rater: int, item: str, value: float) -> dict[str, str | float]:
    return {"platform": "unknown", "rater": f"v{rater:05}", "item": item, "value": value}
