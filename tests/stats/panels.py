"""What panel shall a test draw? Accounts by periods of autoregressive noise, with gaps, or of a world of audiences."""

import numpy as np

from agorascope.worlds.audience import Audience, AudienceWorld, make


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


def gapped(seed: int, accounts: int = 9, periods: int = 20, *, missing: float = 0.1) -> np.ndarray:
    """Draw noise with account and period effects; one cell in ten is lost."""
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(accounts, periods)) + rng.normal(size=(accounts, 1)) * 3 + rng.normal(size=periods)
    return np.where(rng.random(y.shape) < missing, np.nan, y)


def first(accounts: int, many: int = 1) -> np.ndarray:
    """Mark the first accounts."""
    return np.arange(accounts) < many


def since(periods: int, at: int) -> np.ndarray:
    """Mark the periods from one on."""
    return np.arange(periods) >= at


def reach(world: AudienceWorld, seed: int) -> tuple[np.ndarray, Audience]:
    """Make one world and the log of its views per post, nan where unknown."""
    made = make(world, seed)
    known = np.isfinite(made.views) & (made.views > 0) & (made.posts > 0)
    return np.log(np.where(known, made.views, np.nan) / np.where(known, made.posts, 1.0)), made
