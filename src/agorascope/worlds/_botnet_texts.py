"""What do the posts of such a world say, and which words are another's?"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ._botnet_accounts import spelled
from ._botnet_draws import Bools, Ints
from .null import DAY_US, HOUR_US

if TYPE_CHECKING:
    from .botnet import BotnetWorld, Cast

VOCABULARY = 4_000
LONGEST, SHORTEST = 18, 8
BUTTON_SITES = 5


class Lifted(NamedTuple):
    """Name the posts whose text is another's: ``copy`` and ``source`` are post numbers. Shapes (lifted,)."""

    copy: Ints
    source: Ints
    exact: Bools


class Button(NamedTuple):
    """Hold the posts made with a share button: who posted which article when. Shapes (button posts,)."""

    author: Ints
    article: Ints
    at_us: Ints


def draw_lifted(world: "BotnetWorld", who: "Cast", published: Ints, seed: int) -> Lifted:
    """Draw which of the boosted account's texts are lifted, each from a post of the background of the three days before."""
    rng = np.random.default_rng([seed, 30])
    copy = who.campaign + np.flatnonzero(rng.random(world.campaign_posts) < world.lifted)
    order = np.argsort(published[: who.posts], kind="stable")
    at_us = published[order]
    last = np.searchsorted(at_us, published[copy] - HOUR_US)
    first = np.minimum(np.searchsorted(at_us, published[copy] - 3 * DAY_US), last - 1)
    source = order[first + (rng.random(copy.size) * (last - first)).astype(np.int64)]
    return Lifted(copy, source, rng.random(copy.size) < world.lifted_exact)


def texts(who: "Cast", lifted: Lifted, seed: int) -> pa.Array:
    """Write every post: words at random, some common; a near copy has one other word and an end. Shape (posts,)."""
    rng, copies = np.random.default_rng([seed, 31]), np.random.default_rng([seed, 32])
    common = 1 / (np.arange(VOCABULARY) + 20.0)
    word = rng.choice(VOCABULARY, (who.all_posts, LONGEST), p=common / common.sum())
    length = rng.integers(SHORTEST, LONGEST + 1, who.all_posts)
    word[lifted.copy], length[lifted.copy] = word[lifted.source], length[lifted.source]
    near = lifted.copy[~lifted.exact]
    place = (copies.random(near.size) * length[near]).astype(np.int64)
    word[near, place] = (word[near, place] + copies.integers(1, VOCABULARY, near.size)) % VOCABULARY
    words = spelled(np.arange(VOCABULARY) * 7 % 20**3, 3)
    columns = [pc.if_else(pa.array(length > k), words.take(pa.array(word[:, k])), None) for k in range(LONGEST)]
    end = pa.array(np.isin(np.arange(who.all_posts), near))
    return pc.binary_join_element_wise(*columns, pc.if_else(end, "!", None), " ", null_handling="skip")


def draw_button(world: "BotnetWorld", who: "Cast", seed: int, start_us: int) -> Button:
    """Draw who shares an article by its button: each in its own time, over days (exponential, mean two)."""
    rng = np.random.default_rng([seed, 33])
    article = np.repeat(np.arange(world.button_texts), rng.poisson(world.button_copies, world.button_texts))
    first = rng.integers(0, max(1, world.days - 10) * DAY_US, world.button_texts)
    at_us = start_us + first[article] + (2 * DAY_US * rng.exponential(1.0, article.size)).astype(np.int64)
    author = rng.integers(0, who.accounts, article.size)
    kept = at_us < start_us + world.days * DAY_US
    return Button(author[kept], article[kept], at_us[kept])


def button_addresses(article: Ints) -> tuple[pa.Array, pa.Array]:
    """Give the address of each article and the site it is on."""
    site = pc.binary_join_element_wise("news", pc.cast(pa.array(article % BUTTON_SITES), pa.string()), ".example", "")
    return pc.binary_join_element_wise("https://", site, "/article-", pc.cast(pa.array(article), pa.string()), ""), site


def button_text(article: Ints) -> pa.Array:
    """Give the text a share button proposes for each article: its title, its address, its site's name."""
    title = [spelled((article + 1) * (k * 1_117 + 331) % 20**3, 3) for k in range(7)]
    address, _ = button_addresses(article)
    return pc.binary_join_element_wise(*title, address, "via", pc.binary_join_element_wise("@news", _site(article), ""), " ")


def _site(article: Ints) -> pa.Array:
    return pc.cast(pa.array(article % BUTTON_SITES), pa.string())
