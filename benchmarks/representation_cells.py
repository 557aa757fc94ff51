"""In which worlds is `representation` measured? Written down before the estimator was run on any of them.

``rate-*``: all accounts write at one rate, and no more unequal voices than chance should be found; ``gap-*``: the loud use the
hashtag no more than the others, under light and heavy tails of activity, and no loudness gap should be found.
"""

from agorascope.worlds.loud import LoudWorld

REPRESENTATION = {
    f"rate-a{n}-m{rate:g}": LoudWorld(accounts=n, rate=rate) for n in (100, 1_000, 10_000) for rate in (0.3, 1.5, 8.0)
} | {f"gap-a{n}-tail{tail:g}": LoudWorld(accounts=n, rate=3.0, tail=tail) for n in (100, 1_000) for tail in (1.2, 1.5, 3.0)}
