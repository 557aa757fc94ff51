"""Which worlds is `coordination` calibrated on? Written down before the test is run on them."""

from agorascope.worlds.botnet import BotnetWorld
from agorascope.worlds.reacting import ReactingWorld

NULL = {
    "e20k-fans": BotnetWorld(events=20_000, bots=0, community_size=100),
    "e60k-fans": BotnetWorld(events=60_000, bots=0),
    "e60k-no-fans": BotnetWorld(events=60_000, bots=0, homes=0.0),
    "e60k-devoted": BotnetWorld(events=60_000, bots=0, homes=0.8, cohesion=0.9, superfans=0.05),
    "e60k-viral": BotnetWorld(events=60_000, bots=0, popularity_shape=1.1, largest=6_000),
    "e200k-fans": BotnetWorld(events=200_000, bots=0),
}
"""Worlds in which nobody acts together, by size and by how devoted fans are."""
WORLDS = {"e20k-fans": 200, "e60k-fans": 200, "e60k-no-fans": 100, "e60k-devoted": 200, "e60k-viral": 100, "e200k-fans": 40}
FIRST_SEED = 410_000
SQUAD = 50
POWER_WORLDS = 20

REACTING = {
    "live-subject": ReactingWorld(),
    "live-subject-quick": ReactingWorld(member_delay_s=300, member_sigma=1.2),
    "notified-fans": ReactingWorld(own=40, part=0.4, part_most=1, member_delay_s=150, member_sigma=0.9, outsiders=8),
    "punctual-fans": ReactingWorld(own=40, part=0.4, part_most=1, member_delay_s=120, member_sigma=0.8),
    "match": ReactingWorld(
        members=80, own=150, part=0.12, part_most=1, member_delay_s=200, member_sigma=0.8, sessions=6, outsiders=3
    ),
    "show-and-leave": ReactingWorld(members=80, own=120, part=0.15, member_delay_s=900, member_sigma=1.0, sessions=6, leave=True),
    "noon-hour": ReactingWorld(awake_s=3_600),
    "fans-to-the-minute": ReactingWorld(own=40, part=0.4, part_most=1, member_delay_s=150, member_sigma=0.9, step_s=60),
    "match-to-the-minute": ReactingWorld(
        members=80, own=150, part=0.12, part_most=1, member_delay_s=200, member_sigma=0.8, sessions=6, step_s=60
    ),
    "live-subject-to-the-minute": ReactingWorld(member_delay_s=600, member_sigma=1.5, step_s=60),
    "commuters": ReactingWorld(commute_s=900),
    "two-steps": ReactingWorld(part_most=1, member_delay_s=300, steps=2),
    "without-memory-to-the-minute": ReactingWorld(own=40, part=0.4, part_most=1, member_delay_s=60, steps=1, step_s=60),
    "waking-hours": ReactingWorld(awake_s=28_800, member_delay_s=3_000),
}
"""Worlds of people who react, each for themselves, to posts of their own: none of them should count."""
ORDERED = {
    "own-20-minutes": ReactingWorld(members=50, own=25, part=0.8, ordered_s=1_200, lag_s=600),
    "own-few-acts": ReactingWorld(members=50, own=60, part=0.2, ordered_s=1_200),
    "own-jitter": ReactingWorld(members=50, own=60, part=0.2, ordered_s=1_800, jitter=True),
    "popular-10-minutes": ReactingWorld(members=20, own=40, part=0.4, ordered_s=600, lag_s=600, borrowed=True),
    "small-squad": ReactingWorld(members=15, own=12, part=0.7, ordered_s=300),
    "own-to-the-minute": ReactingWorld(members=50, own=60, part=0.2, ordered_s=1_200, step_s=60),
    "own-5-percent-late": ReactingWorld(members=50, own=60, part=0.2, ordered_s=600, late=0.05),
    "own-three-waves": ReactingWorld(members=50, own=60, part=0.2, ordered_s=60, waves=3),
    "own-3-hours": ReactingWorld(members=50, own=60, part=0.2, ordered_s=10_800),
}
"""The same with orders: how much of the squad counts is its power."""
REACTING_WORLDS = 50
ORDERED_WORLDS = 20
REACTING_SEED = 430_000
CELLS = [*NULL, *REACTING, *ORDERED]
