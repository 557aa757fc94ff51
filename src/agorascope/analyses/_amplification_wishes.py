"""Which datum would take an audit further? One sentence each; of accounts to compare with, how many it takes."""

from agorascope.stats.placebo import needed
from agorascope.texts import Message, message


def wish(name: str, treated: int, alpha: float) -> Message:
    """Ask for a datum, for an audit of so many accounts, tested at ``alpha``."""
    if name == "controls":
        many = max(treated, 1)
        return message("amplification.missing.controls", needed=needed(many, alpha), treated=treated, level=alpha)
    return message(f"amplification.missing.{name}")
