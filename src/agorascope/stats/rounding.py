"""How many digits may leave a computation? As many as every machine agrees on.

Sums and exponentials differ in their last bits between processors. Rounded to nine digits before they are stored, results are the
same bytes everywhere, unless one lies within those bits of a rounding edge: odds of about one in a million a number.
"""

import math
from typing import Any

DIGITS = 9


def settle(value: Any) -> Any:
    """Round every float in a number, list, tuple or dict to nine significant digits; leave whole numbers and all else as they are.

    >>> settle({"ratio": 2 / 3, "views": 12345678901.0, "none": None})
    {'ratio': 0.666666667, 'views': 12345678901.0, 'none': None}
    """
    if isinstance(value, float):
        return value if value.is_integer() or not math.isfinite(value) else float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: settle(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(settle(v) for v in value)
    return value
