"""Do adjusted p-values equal those worked by hand?"""

import pytest

from agorascope.stats.families import holm


def test_holm_is_holm() -> None:
    """Adjusted p-values are those worked by hand; none is below one that was smaller before, none above 1."""
    assert [0.03, 0.06, 0.06] == pytest.approx(holm([0.01, 0.04, 0.03]))
    assert [1.0, 1.0] == holm([0.9, 0.8])
    assert [] == holm([])
