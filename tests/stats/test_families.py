"""Do adjusted p-values equal those worked by hand?"""

import numpy as np
import pytest

from agorascope.stats.families import benjamini_hochberg, holm


def test_holm_is_holm() -> None:
    """Adjusted p-values are those worked by hand; none is below one that was smaller before, none above 1."""
    assert [0.03, 0.06, 0.06] == pytest.approx(holm([0.01, 0.04, 0.03]))
    assert [1.0, 1.0] == holm([0.9, 0.8])
    assert [] == holm([])


def test_benjamini_hochberg_is_that_worked_by_hand() -> None:
    """Adjusted p-values are those worked by hand, in the order given, never above 1."""
    assert [0.04, 0.16 / 3, 0.16 / 3, 0.9] == pytest.approx(benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.9])).tolist())
    assert 0 == benjamini_hochberg(np.empty(0)).size
