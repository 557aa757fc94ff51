"""What panel shall a test draw? Accounts by periods of first-order autoregressive noise, with the sd asked for."""

import numpy as np


def ar_panel(
    rng: np.random.Generator, accounts: int, periods: int, *, rho: float, sd: float, tail: float = np.inf, spread: float = 1.0
) -> np.ndarray:
    """Draw noise of sd ``sd`` and autocorrelation ``rho`` round levels of sd ``spread``; Student t shocks if ``tail`` is finite."""
    shape = (accounts, periods + 50)
    shocks = rng.standard_normal(shape) if np.isinf(tail) else rng.standard_t(tail, shape) / np.sqrt(tail / (tail - 2))
    noise = np.empty(shape)
    noise[:, 0] = shocks[:, 0]
    for t in range(1, shape[1]):
        noise[:, t] = rho * noise[:, t - 1] + np.sqrt(1 - rho**2) * shocks[:, t]
    return sd * noise[:, 50:] + spread * rng.standard_normal((accounts, 1))
