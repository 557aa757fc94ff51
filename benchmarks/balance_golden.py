"""What does Meta's ``balance`` say? Its raking, post-stratification, trimming, distances and design effect, kept as golden numbers.

Run in an environment of its own, which has ``balance`` (0.23.0) and not Agorascope: ``python benchmarks/balance_golden.py``.
Writes ``tests/golden/balance.json``: the table of respondents, the margins, and what balance made of them. The respondents are
drawn here, with a seed; none is a person.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from balance.adjustment import trim_weights
from balance.stats_and_plots.weights_stats import design_effect
from balance.weighting_methods.poststratify import poststratify
from balance.weighting_methods.rake import rake

FILE = Path(__file__).resolve().parents[1] / "tests/golden/balance.json"
MARGINS = {
    "age": {"18-34": 0.28, "35-59": 0.42, "60+": 0.30},
    "gender": {"f": 0.52, "m": 0.48},
    "language": {"de": 0.05, "en": 0.30, "fr": 0.65},
}
PEOPLE, POPULATION, RATIO = 240, 10_000, 2.0


def main() -> None:
    """Draw respondents, ask balance, write."""
    rng = np.random.default_rng(5)
    young = rng.random(PEOPLE)
    frame = pd.DataFrame(
        {
            "id": [str(i) for i in range(PEOPLE)],
            "age": np.where(young < 0.62, "18-34", np.where(young < 0.9, "35-59", "60+")),
            "gender": np.where(rng.random(PEOPLE) < np.where(young < 0.62, 0.3, 0.45), "f", "m"),
            "language": rng.choice(["de", "en", "fr"], PEOPLE, p=[0.1, 0.55, 0.35]),
        }
    )
    people = population()
    variables = list(MARGINS)
    ones, all_ones = pd.Series(np.ones(PEOPLE)), pd.Series(np.ones(POPULATION))
    asked = {"transformations": None, "na_action": "drop"}
    raked = rake(
        frame[variables], ones, people[variables], all_ones, max_iteration=1000, convergence_rate=1e-13, rate_tolerance=0.0, **asked
    )["weight"]
    one = poststratify(frame[["age"]], ones, people[["age"]], all_ones, **asked)["weight"]
    trimmed = trim_weights(raked, weight_trimming_mean_ratio=RATIO, keep_sum_of_weights=True)
    given = {
        "made_by": f"benchmarks/balance_golden.py, balance {version('balance')}",
        "margins": MARGINS,
        "respondents": {v: frame[v].tolist() for v in variables},
        "raked": (raked / raked.mean()).tolist(),
        "poststratified_age": (one / one.mean()).tolist(),
        "ratio": RATIO,
        "trimmed": (trimmed / trimmed.mean()).tolist(),
        "design_effect": float(design_effect(raked)),
        "design_effect_trimmed": float(design_effect(trimmed)),
        "asmd": asmd(frame, people, None),
        "asmd_raked_then_trimmed": asmd(frame, people, trimmed),
    }
    FILE.write_text(json.dumps(given, indent=1) + "\n", "utf-8")


def population() -> pd.DataFrame:
    """Make people whose shares are the margins, each variable in an order of its own."""
    rng = np.random.default_rng(6)
    columns = {
        name: rng.permutation(np.repeat(list(shares), [round(s * POPULATION) for s in shares.values()]))
        for name, shares in MARGINS.items()
    }
    return pd.DataFrame({"id": [f"p{i}" for i in range(POPULATION)], **columns})


def asmd(frame: pd.DataFrame, people: pd.DataFrame, weights: pd.Series | None) -> dict[str, float]:
    """Give balance's distance of every category from the target."""
    from balance.stats_and_plots.weighted_comparisons_stats import asmd as distance

    names = list(MARGINS)
    mine = pd.get_dummies(frame[names], dtype=float, prefix_sep="=")
    theirs = pd.get_dummies(people[names], dtype=float, prefix_sep="=")
    found = distance(mine, theirs, weights, None, std_type="target")
    return {name: float(value) for name, value in found.items() if "=" in name}


if __name__ == "__main__":
    main()
