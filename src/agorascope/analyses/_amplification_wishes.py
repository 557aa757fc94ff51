"""Which datum would take an audit further? One sentence each; of accounts to compare with, how many it takes."""

from agorascope.stats.placebo import needed
from agorascope.texts import Message, message

LEVEL = 0.05


def wish(name: str, treated: int) -> Message:
    """Ask for a datum, for an audit of so many accounts."""
    if name == "controls":
        return message("amplification.missing.controls", needed=needed(max(treated, 1), LEVEL), treated=treated)
    return message(f"amplification.missing.{name}")
