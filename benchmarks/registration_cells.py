"""Which worlds are `registration` and `purge` calibrated on? Written down before either estimates anything."""

from agorascope.worlds.followers import FollowersWorld
from agorascope.worlds.registrations import RegistrationWorld

REGISTRATION = {
    "n400-steady": RegistrationWorld(accounts=400, slow=0.0),
    "n400-busy": RegistrationWorld(accounts=400, slow=0.5),
    "n2000-steady": RegistrationWorld(accounts=2_000, slow=0.0),
    "n2000-busy": RegistrationWorld(accounts=2_000, slow=0.3),
    "n2000-restless": RegistrationWorld(accounts=2_000, slow=0.6),
    "n2000-boom": RegistrationWorld(accounts=2_000, slow=0.3, boom=0.7),
    "n2000-short": RegistrationWorld(accounts=2_000, slow=0.3, days=800),
    "n1000-reference": RegistrationWorld(accounts=1_000, slow=0.6, boom=0.7, reference=1_000),
}
PURGE = {
    "a60-calm": FollowersWorld(accounts=60, mood=0.0),
    "a60-moody": FollowersWorld(accounts=60, mood=0.4),
    "a300-calm": FollowersWorld(accounts=300, mood=0.0),
    "a300-moody": FollowersWorld(accounts=300, mood=0.4),
    "a300-seldom": FollowersWorld(accounts=300, mood=0.3, seen=0.3),
}
