"""Which worlds is `coordination` calibrated on? Written down before the test is run on them."""

from agorascope.worlds.botnet import BotnetWorld

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
