"""What marks would interest, a push, a loop or visitors leave? The true effects of each, period by period, before any noise.

Let L = log(``size``), s the share of posts on the event's topic, and t the period, counted from 0. Nothing moves before
``start``; with mechanism "none" nothing moves at all. Every effect is a difference of natural logarithms, planted less null, on
the treated accounts only. From ``start`` on:

push: a ranking shows every post of the account to more people, at once and for good. Views per post rise by L on all topics
from ``start`` on. Those added are less interested: conversion (likes per view) changes by log((1 + dilution x) / (1 + x)), x =
size - 1. Attention elsewhere and the second platform stay flat; followers follow slowly.

interest: an event draws people. Outside attention and conversion rise at ``start`` and halve every ``half_life`` periods. The
mean of views per post over all posts rises by L/2 at ``start``, by L one period later (the peak: ``size`` is the ratio of this
mean at its peak) and halves every ``half_life`` periods from there. Only posts on the topic carry it: their own ratio is
(exp(l) - 1 + s) / s where l is the log effect on the mean. Conversion over all posts rises by ``conversion_share`` L at
``start``, again carried by posts on the topic alone. Off the topic nothing moves. Followers grow faster, the second platform
rises by ``other_share`` of the reach.

loop: a small lasting rise of conversion, c = ``spark`` L, and of attention, a = ``attention_gain`` c, feeds a ranking that
looks at the period before: d_t = phi d_(t-1) + psi c_(t-1) + theta a_t with psi c = 0.8 (1 - phi) L and theta a = 0.2 (1 - phi)
L. So the effect d on views per post, on all topics, rises geometrically to L, the ratio ``size`` being its limit. The second
platform rises by c.

outsiders: something said elsewhere sends people who do not know the account, and they leave again. Views per post rise by L on all
topics at ``start`` and halve every ``half_life`` periods; conversion is diluted in every period as a push of the size of that
period would dilute it. Outside attention rises as under interest, the second platform by ``other_share`` of the reach. What tells
them from a push is the fading, and attention where it is given: conversion alone does not.

In all four the log of followers gains, each week, ``FOLLOWER_GAIN`` times the effect on reach of the period before.

Limits: nothing happens to the other accounts; one event, one topic; conversion under a loop is not diluted by the wider audience.
Interest is exact for an account of many posts; the mean of its log falls short by 0.004 at 200 posts a period, 0.02 at 60 and
0.04 at 10 (size 2, means over 600 accounts), because few posts hold the topic unevenly.
Source: Gravino, Lo Sardo & Brugnoli 2024, arXiv 2405.00008 (a change of ranking raises exposure, not interest); the equations are
ours.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mechanism = Literal["none", "interest", "push", "loop", "outsiders"]

MECHANISMS: tuple[Mechanism, ...] = ("none", "interest", "push", "loop", "outsiders")
FOLLOWER_GAIN = {"none": 0.0, "push": 0.002, "loop": 0.004, "interest": 0.006, "outsiders": 0.002}
ATTENTION_IN_LOOP = 0.2


@dataclass(frozen=True, kw_only=True)
class Switches:
    """Say what happens to the treated accounts: ``mechanism``, its ``size`` (a ratio; below 1 a demotion), from ``start`` on.

    ``start`` is the index of the first period of the new regime; ``topic_share`` the expected share of posts on the event's
    topic; ``dilution`` how interested the audience is that a push or outsiders add, 0 not at all, 1 as the usual one; ``half_life``
    in periods; ``attention_gain`` the log rise of outside attention for one unit of L (interest, outsiders) or of c (loop).
    """

    mechanism: Mechanism = "none"
    size: float = 1.5
    start: int = 27
    periods: int = 38
    period_days: int = 7
    topic_share: float = 0.3
    dilution: float = 0.4
    half_life: float = 8.0
    conversion_share: float = 0.4
    attention_gain: float = 1.5
    other_share: float = 0.6
    phi: float = 0.7
    spark: float = 0.25


class Effects(NamedTuple):
    """Hold the log effects on one treated account: shape (periods,), and (2, periods) for posts on the topic (0) and off it (1)."""

    reach: Floats
    conversion: Floats
    topic_reach: Floats
    topic_conversion: Floats
    followers: Floats
    attention: Floats
    other: Floats


def effects(switches: Switches) -> Effects:
    """Give the true log effects of the mechanism on each period. Raises ValueError on impossible switches. Cost O(periods)."""
    check(switches)
    since = np.arange(switches.periods) - switches.start
    on = since >= 0
    of = {"none": _none, "push": _push, "interest": _interest, "loop": _loop, "outsiders": _outsiders}[switches.mechanism]
    reach, conversion, attention, other = (np.where(on, part, 0.0) for part in of(switches, since))
    if switches.mechanism == "interest":
        share = switches.topic_share
        topic_reach = np.stack([_on_topic(reach, share), np.zeros(on.size)])
        viewed = share * np.exp(topic_reach[0] - reach)
        topic_conversion = np.stack([_on_topic(conversion, viewed), np.zeros(on.size)])
    else:
        topic_reach, topic_conversion = np.stack([reach, reach]), np.stack([conversion, conversion])
    gain = FOLLOWER_GAIN[switches.mechanism] * switches.period_days / 7
    followers = gain * np.concatenate([[0.0], np.cumsum(reach)[:-1]])
    return Effects(reach, conversion, topic_reach, topic_conversion, followers, attention, other)


def check(switches: Switches) -> None:
    """Raise ValueError, saying what to do, where the switches describe no world."""
    if switches.mechanism not in MECHANISMS:
        raise ValueError(f"mechanism is {switches.mechanism!r}; use one of: {', '.join(MECHANISMS)}")
    if switches.size <= 0:
        raise ValueError(f"size is {switches.size}; use a ratio above 0, 1 for no effect")
    if not 0 < switches.start < switches.periods:
        raise ValueError(f"start is {switches.start}; use an index from 1 to {switches.periods - 1}")
    if not 0 < switches.topic_share < 1:
        raise ValueError(f"topic_share is {switches.topic_share}; use a share between 0 and 1")
    if switches.mechanism == "interest" and switches.size <= 1 - switches.topic_share:
        raise ValueError(f"size is {switches.size}; the topic alone cannot take the mean to {1 - switches.topic_share:g} or below")


def _none(_: Switches, since: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    flat = np.zeros(since.size)
    return flat, flat, flat, flat


def _push(switches: Switches, since: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    flat, reach = np.zeros(since.size), np.full(since.size, np.log(switches.size))
    return reach, _diluted(reach, switches.dilution), flat, flat


def _outsiders(switches: Switches, since: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    reach = np.log(switches.size) * 0.5 ** (np.maximum(since, 0) / switches.half_life)
    return reach, _diluted(reach, switches.dilution), switches.attention_gain * reach, switches.other_share * reach


def _interest(switches: Switches, since: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    full = np.log(switches.size)
    demand = 0.5 ** (np.maximum(since, 0) / switches.half_life)
    reach = full * np.where(since == 0, 0.5, 0.5 ** (np.maximum(since - 1, 0) / switches.half_life))
    return reach, switches.conversion_share * full * demand, switches.attention_gain * full * demand, switches.other_share * reach


def _loop(switches: Switches, since: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    full, phi = np.log(switches.size), switches.phi
    spark = switches.spark * full
    reach = np.zeros(since.size)
    for t in np.flatnonzero(since >= 0).tolist():
        fed = ATTENTION_IN_LOOP + (1 - ATTENTION_IN_LOOP) * (since[t] > 0)
        reach[t] = phi * reach[t - 1] + (1 - phi) * full * fed
    one = np.ones(since.size)
    return reach, spark * one, switches.attention_gain * spark * one, spark * one


def _diluted(reach: Floats, dilution: float) -> Floats:
    """Give the log change of conversion where the audience that reach adds is ``dilution`` times as interested as the usual one."""
    added = np.expm1(reach)
    return np.asarray(np.log((1 + dilution * added) / (1 + added)))


def _on_topic(mean: Floats, share: float | Floats) -> Floats:
    """Give the log effect on the topic's posts that makes this log effect on the mean of all, weight ``share`` being theirs."""
    return np.asarray(np.log((np.expm1(mean) + share) / share), dtype=np.float64)
