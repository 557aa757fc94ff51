"""When does what happen in Rivemont? The days of the demo case, counted from 0, and what is planted on them."""

from .null import DAY_US, HOUR_US, START_US

DAYS = 91
FIRST_US = START_US + 91 * DAY_US  # Monday 1 April 2024
LIKES_DAY, LIKES_RATIO = 28, 2.0
BURST_DAY, BURST_DAYS, BURST_RATIO = 43, 2, 3.0
BOOST_DAY, BOOST_RATIO, BOOST_DILUTION = 56, 2.0, 0.4
GAP_DAYS = (65, 72)
EARLIER, CAMPAIGN = (2, 24), (32, 88)
CALL_DAY = 62
PURGE_DAY = 75
EVENTS = (
    (28, 0.0, "Bouton « J’aime » déplacé / Like button moved"),
    (43, 7.5, "Panne de la billetterie / Ticketing breakdown"),
    (45, 10.0, "Excuses de la régie / Operator apologises"),
    (46, 18.0, "Remboursement annoncé / Refund announced"),
    (56, 0.0, "Nouveau classement du fil / New ranking of the feed"),
    (80, 9.0, "Conseil municipal / City council"),
)


def at(day: int, hour: float = 0.0) -> int:
    """Give the time of a day of the story, counted from 0, and an hour, in µs UTC."""
    return FIRST_US + day * DAY_US + round(hour * HOUR_US)


def liked(at_us: int, likes: int) -> int:
    """Count the likes of a post that had ``likes`` with the button where it was: twice as many once it is moved."""
    return round(likes * LIKES_RATIO) if at_us >= at(LIKES_DAY) else likes


def boosted_conversion() -> float:
    """Give the ratio of likes per view of a boosted post: those added to its audience are less interested."""
    return (1 + BOOST_DILUTION * (BOOST_RATIO - 1)) / BOOST_RATIO
