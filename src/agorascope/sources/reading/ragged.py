"""Is a row of fewer cells than the header a line that was cut? Not where the file is written that way.

Many programs leave empty cells out at the end of a row; a line cut in the middle lacks them too, and its last cell is not
what it was: an id of two digits, an account nobody has.

Limits: a line cut within its last cell, or in a file written without its empty cells, is not told from a whole one.
"""

from collections.abc import Mapping, Sequence

from agorascope.errors import BadValue

RAGGED_SHARE = 0.5
"""Short rows among the first ones above which they are taken for the way the file is written."""
_SHORT_ROWS = ("kept", "refused")


def ragged(rows: Sequence[Sequence[str]], width: int, constants: Mapping[str, str]) -> bool:
    """Say whether a file leaves empty cells out at the end of its rows, so that a short row is no line cut.

    Its first rows tell: more than one of them is short, and more than half. The constant ``short_rows`` says so
    outright: ``"kept"`` or ``"refused"``. Raises BadValue for another value.

    >>> ragged([["1", "a", "b"]] * 9 + [["2", "a"]], 3, {}), ragged([["1", "a", "b"], ["2", "a"], ["3"]], 3, {})
    (False, True)
    """
    check_short_rows(constants)
    said = constants.get("short_rows")
    if said is not None:
        return said == "kept"
    written = [row for row in rows if any(cell.strip() for cell in row)]
    short = sum(len(row) < width for row in written)
    return short > 1 and short > RAGGED_SHARE * len(written)


def check_short_rows(constants: Mapping[str, str]) -> None:
    """Raise BadValue where the constant ``short_rows`` is neither kept nor refused."""
    said = constants.get("short_rows")
    if said is not None and said not in _SHORT_ROWS:
        raise BadValue(f'short_rows is {said!r}; use "kept" or "refused"')
