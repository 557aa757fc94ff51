"""What does a source decide for a whole file from its first rows? It is kept with the file, so that a retry reads it alike.

A retry does not have the first rows: of those that repeated what the case held nothing is kept.
"""

from dataclasses import replace

from agorascope.errors import BadValue
from agorascope.sources import source

from .probe import Plan


def decided(plan: Plan) -> Plan:
    """Store among a file's constants what its source decides (``decide(sample)``); what the user said of it stands.

    Raises BadValue where the user said of spaces in lists what nobody understands.
    """
    spaces = plan.sample.constants.get("spaces")
    if spaces not in (None, "between", "within"):
        raise BadValue(f'spaces is {spaces!r}; use "between" or "within"')
    decide = getattr(source(plan.source), "decide", None)
    if decide is None:
        return plan
    return replace(plan, sample=replace(plan.sample, constants={**decide(plan.sample), **plan.sample.constants}))
