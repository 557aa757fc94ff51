"""Which worlds are `counterfactual` and `timeline` calibrated on? Written down before either was counted on them."""

from agorascope.worlds.botnet import BotnetWorld

COUNTERFACTUAL = {
    "e10k-a50": BotnetWorld(events=10_000, bots=50),
    "e30k-a50": BotnetWorld(events=30_000, bots=50),
    "e30k-a200": BotnetWorld(events=30_000, bots=200),
}
TIMELINE = {
    "e10k-a50": BotnetWorld(events=10_000, bots=50, camouflaged=1.0, camouflage_shares=20.0),
    "e30k-a50": BotnetWorld(events=30_000, bots=50, camouflaged=1.0, camouflage_shares=20.0),
    "e30k-a200": BotnetWorld(events=30_000, bots=200, camouflaged=1.0, camouflage_shares=20.0),
}
