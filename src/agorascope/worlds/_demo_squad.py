"""Who boosts whom in Rivemont? A squad of thirty accounts made within weeks, and the account they push.

From ``CAMPAIGN`` on the account ``PUSHED`` writes forty posts against the tram; each member of the squad reposts twelve of
them, within five minutes of the post. Before, half of the squad did the same for ``FORMER``. The members were created within
``MADE_DAYS``, all others over eight years. Half of the texts of ``PUSHED``, and all that sixteen members write, are those of
four columnists, taken without a word of credit hours later. On ``PURGE_DAY`` the platform removes accounts: of the hundred
accounts whose followers are read every day, four in ten lose two in a hundred.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._demo_calendar import CAMPAIGN, DAYS, EARLIER, PURGE_DAY, at
from .null import DAY_US

PLATFORM = "x"
MEMBERS = tuple(f"s{number:02d}" for number in range(30))
PUSHED, FORMER = "rivemont_autrement", "voix_du_port"
COLUMNISTS = ("carnet_de_quai", "plume_des_forges", "notes_de_gare", "chronique_b")
POSTS, SHARES, EARLIER_POSTS, EARLIER_SHARES = 40, 12, 20, 8
WITHIN_S = 300
MADE_DAYS = (-40, -19)
LIFTERS, LIFTS = 16, 4
READ = 100
LOSING, LOST = 0.4, 0.02

Row = dict[str, Any]

_WORDS = {
    "who": ("le conseil", "la régie", "un voisin", "la mairie", "le contrôleur", "une élue", "mon boulanger", "la doyenne"),
    "does": ("oublie", "promet", "compte", "repeint", "surveille", "défend", "découvre", "raconte"),
    "what": (
        "ses rails",
        "nos impôts",
        "les bancs",
        "la facture",
        "trois platanes",
        "un vieux plan",
        "les quais",
        "la rampe",
    ),
    "where": ("derrière la gare", "au quai des Brumes", "sous le pont", "devant le marché", "près des Forges", "rue des Forges"),
    "why": ("par habitude", "sans rire", "pour l’exemple", "depuis dix ans", "à nos frais", "avant les élections"),
    "end": ("et personne ne répond", "et le tram attend", "mais qui paiera", "voilà où nous en sommes", "on en reparlera jeudi"),
}


def squad(seed: int, panel: list[str]) -> tuple[list[Row], list[Row]]:
    """Write the posts of columnists and pushed accounts and the squad's reposts; read the followers of the ``panel`` day by day."""
    rng = np.random.default_rng([seed, 13])
    written, taken = _columns(rng)
    pushed = _pushed(PUSHED, CAMPAIGN, POSTS, taken, rng)
    former = _pushed(FORMER, EARLIER, EARLIER_POSTS, [], rng)
    rows = [*written, *pushed, *former]
    for number, member in enumerate(MEMBERS):
        rows += _reposts(member, pushed, SHARES, rng)
        if number % 2 == 0:
            rows += _reposts(member, former, EARLIER_SHARES, rng)
        if number < LIFTERS:
            rows += _lifted(member, taken, rng)
    return rows, _followers(panel, rng)


def created(accounts: Sequence[str], seed: int) -> list[int]:
    """Say when every account was created: the squad within weeks, all others over eight years."""
    rng = np.random.default_rng([seed, 17])
    first, last = MADE_DAYS
    days = [rng.uniform(first, last) if account in MEMBERS else rng.uniform(-8 * 365, -1) for account in accounts]
    return [at(0) + round(day * DAY_US) for day in days]


def _said(rng: np.random.Generator) -> str:
    words = [choices[int(rng.integers(len(choices)))] for choices in _WORDS.values()]
    return f"{words[0].capitalize()} {' '.join(words[1:5])}, {words[5]}, {int(rng.integers(2, 60))} semaines que cela dure."


def _columns(rng: np.random.Generator) -> tuple[list[Row], list[tuple[float, str]]]:
    """Let each columnist write three times a week; give (day, text) of those written before each post of the campaign."""
    rows, texts = [], []
    for columnist in COLUMNISTS:
        for number, day in enumerate(np.arange(0.3, DAYS, 7 / 3)):
            when, text = float(day + rng.uniform(0, 0.4)), _said(rng)
            rows.append(_row(columnist, f"{columnist[:5]}{number:02d}", when, text, rng))
            texts.append((when, text))
    return rows, sorted(texts)


def _pushed(account: str, days: tuple[int, int], posts: int, taken: list[tuple[float, str]], rng: np.random.Generator) -> list[Row]:
    """Publish by day; every other text, where there are some, is a columnist's of the two days before."""
    rows = []
    for number, day in enumerate(np.sort(rng.uniform(*days, posts)).tolist()):
        day = int(day) + 0.35 + 0.5 * (day % 1)
        before = [text for when, text in taken if day - 2 < when < day - 0.1]
        text = before[int(rng.integers(len(before)))] if before and number % 2 else _said(rng)
        rows.append(_row(account, f"{account[:5]}{number:02d}", day, text, rng))
    return rows


def _reposts(member: str, posts: list[Row], number: int, rng: np.random.Generator) -> list[Row]:
    chosen = np.sort(rng.choice(len(posts), number, replace=False)).tolist()
    return [_repost(member, posts[i], rng) for i in chosen]


def _repost(member: str, post: Row, rng: np.random.Generator) -> Row:
    at_us = post["at_us"] + round(rng.uniform(5, WITHIN_S) * 1e6)
    handle = handle_of(member)
    post_id = f"r{post['post_id']}{member}"
    text = f"RT @{post['handle']}: {post['text']}"[:280]
    return post | {
        "post_id": post_id, "account_id": member, "handle": handle, "at_us": at_us, "seen_us": at_us + 7 * DAY_US,
        "kind": "repost", "repost_of": post["post_id"], "text": text, "permalink": f"https://x.example.org/{handle}/{post_id}",
        "views": int(rng.lognormal(3, 0.8)), "likes": 0, "reposts": 0, "quotes": 0, "replies": 0,
    }  # fmt: skip


def _lifted(member: str, written: list[tuple[float, str]], rng: np.random.Generator) -> list[Row]:
    """Write some columns of the campaign's days again, hours after, as one's own."""
    there = [(when, text) for when, text in written if CAMPAIGN[0] - 10 < when < CAMPAIGN[1]]
    rows = []
    for number, i in enumerate(np.sort(rng.choice(len(there), LIFTS, replace=False)).tolist()):
        when, text = there[i]
        rows.append(_row(member, f"l{member}{number}", when + rng.uniform(0.1, 1.5), text, rng) | {"handle": handle_of(member)})
    return rows


def handle_of(member: str) -> str:
    """Give a member its handle: a first name and five digits, as free accounts have them."""
    number = int(member[1:])
    return f"{('marie', 'jean', 'luc', 'anna', 'eric')[number % 5]}{10_007 + 1_931 * number}"


def _row(account: str, post_id: str, day: float, text: str, rng: np.random.Generator) -> Row:
    at_us = at(int(day), 24 * (day % 1))
    views = int(rng.lognormal(6.5, 0.6))
    likes = int(rng.poisson(views * 0.01))
    return {
        "platform": PLATFORM, "post_id": post_id, "account_id": account, "handle": account, "at_us": at_us,
        "seen_us": at_us + 7 * DAY_US, "kind": "original", "language": "fr", "tag": None, "link": None, "text": text,
        "permalink": f"https://x.example.org/{account}/{post_id}", "views": views, "likes": likes, "reposts": likes // 4,
        "quotes": 0, "replies": likes // 6,
    }  # fmt: skip


def _followers(panel: list[str], rng: np.random.Generator) -> list[Row]:
    """Read a panel every day: followers grow a little, and on one day four accounts in ten lose two in a hundred."""
    rows = []
    for account in panel:
        followers, growth, hit = float(rng.lognormal(8, 0.7)) + 300, rng.normal(0.0005, 0.0004), rng.random() < LOSING
        for day in range(DAYS):
            followers *= float(np.exp(growth + rng.normal(0, 0.0025))) * (1 - LOST if hit and day == PURGE_DAY else 1)
            rows.append(
                {"platform": PLATFORM, "account_id": account, "at_us": at(day, 12), "posts": None, "followers": round(followers)}
            )
    return rows
