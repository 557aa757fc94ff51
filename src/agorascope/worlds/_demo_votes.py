"""What did the town vote? A poll of volunteers in the demo: those for a free tram were twice as likely to vote.

One row is one vote. Of 60,000 inhabitants 65 % are for it; of the vote, about 79 %.
"""

import numpy as np

POPULATION, FOR, ODDS, TURNOUT = 60_000, 0.65, 2.0, 0.04
ITEM = "tram_gratuit"
TOWN = "rivemont"
MARGINS = (("language", "fr", 0.75), ("language", "en", 0.25))


def cast(seed: int) -> list[dict[str, str | float]]:
    """Draw the votes, in no order of opinion."""
    rng = np.random.default_rng([seed, 82])
    yes = int(rng.binomial(round(POPULATION * FOR), TURNOUT * np.sqrt(ODDS)))
    no = int(rng.binomial(round(POPULATION * (1 - FOR)), TURNOUT / np.sqrt(ODDS)))
    values = rng.permutation(np.repeat([1.0, 0.0], [yes, no])).tolist()
    return [{"platform": "unknown", "rater": f"v{i:05}", "item": ITEM, "value": value} for i, value in enumerate(values)]
