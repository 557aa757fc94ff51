"""How much does a mean of dependent values vary? Long-run variance, and the first-order autocorrelation behind it."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# A longer memory is taken for changes of level: over tens or hundreds of points the two look alike (see benchmarks/tcpd.py).
HIGHEST = 0.8
FURTHEST = 0.95  # how far a drawn dependence may go beyond an estimated one
LOWEST = -0.5
_GAP = 1e-12


def autocorrelation(residuals: npt.ArrayLike, *, lost: int = 1) -> float:
    """Estimate the correlation of a value with the one before, corrected for the ``lost`` coefficients fitted before.

    Fitting makes residuals look less alike than the noise is: by about (p + (p + 2)·r)/n after p smooth coefficients, which is
    (1 + 3r)/n after a mean and (2 + 4r)/n after a line. Bounded to [-0.5, 0.8]. Cost O(n).

    Source: Kendall 1954, doi:10.1093/biomet/41.3-4.403; Marriott and Pope 1954, doi:10.1093/biomet/41.3-4.390.
    What we changed: one line through both cases, used for more coefficients too.
    """
    r = np.asarray(residuals, np.float64)
    return float(autocorrelations(r[None, :], lost=lost)[0])


def autocorrelations(residuals: Floats, *, lost: int = 1) -> Floats:
    """Estimate the same for every row. ``residuals``: (..., n); result: (...)."""
    squares = np.einsum("...n,...n->...", residuals, residuals)
    products = np.einsum("...n,...n->...", residuals[..., 1:], residuals[..., :-1])
    return corrected(products, squares, residuals.shape[-1], lost)


def corrected(products: Floats, squares: Floats, n: int, lost: int) -> Floats:
    """Estimate the same from sums over ``n`` residuals: of neighbours' products, and of squares."""
    raw = products / np.maximum(squares, _GAP * n)
    shrunk = 1 - (lost + 2) / n
    estimate = (raw + lost / n) / shrunk if shrunk > 0 else np.zeros_like(raw)
    return np.asarray(np.clip(estimate, LOWEST, HIGHEST))


def long_run_variance(residuals: npt.ArrayLike, *, lost: int = 1) -> float:
    """Estimate n times the variance of the mean of values like ``residuals``, whose ``lost`` coefficients were fitted.

    ``residuals``: shape (n,), finite, mean about 0. The first-order autocorrelation (corrected, see ``autocorrelation``) is taken
    out, a quadratic spectral kernel with automatic bandwidth is laid over what is left, and the autocorrelation put back in; sums
    of squares are divided by n - lost. Never below the variance of the whitened values recoloured times a quarter, so that a
    chance run of negative correlations cannot make an interval vanish. Raises ValueError for fewer than 4 values or as many
    coefficients. Cost O(n²), vectorised by lag.

    Source: Andrews and Monahan 1992, doi:10.2307/2951574; Andrews 1991, doi:10.2307/2938229, eq. 2.7 (kernel), 5.3, 6.4
    (bandwidth). What we changed: the correction of the autocorrelation, and the floor.

    >>> bool(abs(long_run_variance(np.random.default_rng(0).normal(size=4000)) - 1) < 0.15)
    True
    """
    r = np.asarray(residuals, np.float64)
    if r.ndim != 1 or r.size < 4 or r.size <= lost or not np.isfinite(r).all():
        raise ValueError(f"residuals have shape {r.shape} and {lost} coefficients; give 4 or more finite values, more than these")
    rho = autocorrelation(r, lost=lost)
    white = r[1:] - rho * r[:-1]
    scale = white.size / max(r.size - lost, 1)
    covariances = np.array([white[lag:] @ white[: white.size - lag] for lag in range(white.size)]) / white.size
    if covariances[0] <= 0:
        return 0.0
    left = float(np.clip(covariances[1] / covariances[0], -HIGHEST, HIGHEST))
    bandwidth = 1.3221 * (4 * left**2 / (1 - left) ** 4 * white.size) ** 0.2
    weights = _quadratic_spectral(np.arange(1, white.size) / max(bandwidth, 1e-9)) if bandwidth > 0 else np.zeros(white.size - 1)
    spectrum = covariances[0] + 2 * float(weights @ covariances[1:])
    return float(max(spectrum, covariances[0] / 4) * scale / (1 - rho) ** 2)


def _quadratic_spectral(x: Floats) -> Floats:
    """Weigh lags; 0 far beyond the bandwidth, where rounding would dominate."""
    z = 6 * np.pi * np.minimum(x, 1e6) / 5
    return np.asarray(25 / (12 * np.pi**2 * np.minimum(x, 1e6) ** 2) * (np.sin(z) / z - np.cos(z)))
