"""How do several tests become one, whatever ties them? Over the behaviours of an account, and over the accounts of a network.

An account is tested once for each behaviour: the smallest p-value times their number holds under any dependence (Bonferroni), and
loses little where one behaviour gives the account away. A network is found by looking: of all sets of accounts the one that stands
out. Its p-value must hold for every set at once. The harmonic mean does that: 1/p adds up over accounts, so that no set can have a
greater sum than all accounts have, and the sum over all has a known tail (Landau), which dependence hardly moves.

Limits: the tail is exact for independent accounts; ``strict`` holds whatever ties them, and is ten to twenty times greater.
Source: Wilson 2019, doi:10.1073/pnas.1814092116 (harmonic mean, all sets at one level); Vovk and Wang 2020,
doi:10.1093/biomet/asaa027, Proposition 6 (the factor that holds under any dependence).
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import landau

Floats = npt.NDArray[np.float64]

_SHIFT = 1 - np.euler_gamma + np.log(np.pi / 2)


def behaviours(p_values: Floats) -> Floats:
    """Give one p-value per account from those of its behaviours (behaviours, accounts), 1 where it took no part.

    >>> behaviours(np.array([[0.01, 1.0], [0.5, 1.0]])).tolist()
    [0.02, 1.0]
    """
    fused: Floats = np.minimum(1.0, len(p_values) * p_values.min(axis=0, initial=1.0))
    return fused


def network(p_values: Floats, tests: int) -> float:
    """Give the p-value of a set of accounts (members,) among ``tests`` accounts tested; it holds for all sets at once.

    The accounts outside add the least they can, 1 each. Source: Wilson 2019, equations 4 and 5.

    >>> network(np.full(20, 1e-6), 1000) < 0.001
    True
    """
    if tests < 1:
        return 1.0
    mean = (float(np.sum(1.0 / p_values)) + tests - p_values.size) / tests
    return float(landau.sf(mean, loc=np.log(tests) + _SHIFT, scale=np.pi / 2))


def strict(p_values: Floats, tests: int) -> float:
    """Give the p-value of a set of accounts as ``network`` does, valid under any dependence of the accounts."""
    if not p_values.size or tests < 2:
        return float(min(1.0, p_values.min(initial=1.0)))
    return float(min(1.0, _factor(tests) * tests / (float(np.sum(1.0 / p_values)) + tests - p_values.size)))


def _factor(tests: int) -> float:
    """Give the factor of the harmonic mean of ``tests`` p-values: (y + K)^2 / ((y + 1) K), y^2 = K ((y + 1) ln(y + 1) - y)."""
    if tests == 2:  # the equation has no root above 0; the factor is its limit
        return 2.0
    y = float(brentq(lambda y: y * y - tests * ((y + 1) * np.log1p(y) - y), 1e-6, 100.0 * tests * np.log(tests) + 100))
    return (y + tests) ** 2 / ((y + 1) * tests)
