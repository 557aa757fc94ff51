"""What is the effect under one specification? One fit of a panel, and the same fit for every other set of treated accounts."""

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_TIE = 1e-9


def fit(
    sums: Floats, posts: Floats, treated: Bools, part: Floats, dealt: Bools, says: dict[str, str]
) -> tuple[float, float, float]:
    """Give ratio, effect in the metric's unit per post, and p-value. ``part`` (periods,) is the share after the date.

    ``dealt`` (deals, accounts) are sets of treated accounts, the true one first.
    """
    y, weight, after, account, time = _rows(sums, posts, part, says)
    line = says["trends"] == "own"
    if says["effects"] == "groups":
        effects, error, free = _groups(y, weight, after, account, time, dealt, line=line)
    else:
        effects, error, free = _accounts(y, weight, after, account, time, dealt, line=line)
    effect = float(effects[0])
    if says["errors"] == "draws":
        p_value = float((np.abs(effects) >= abs(effect) - _TIE * abs(effect)).mean())
    else:
        p_value = float(2 * stats.t.sf(abs(effect) / error, free)) if error > 0 else 1.0
    reached = treated[account] & (after == 1)
    if says["scale"] == "log":
        mean = float(np.exp(np.average(y[reached], weights=weight[reached])))
        return float(np.exp(effect)), mean * (1 - float(np.exp(-effect))), p_value
    mean = float(np.average(y[reached], weights=weight[reached]))
    otherwise = mean - effect
    return mean / otherwise if otherwise > 0 else float("nan"), effect, p_value


def _rows(
    sums: Floats, posts: Floats, part: Floats, says: dict[str, str]
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give one row per known cell, two for a cell split by the date: value, weight, after, account, period."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums / np.where(posts > 0, posts, np.nan)
        y = np.log(np.where(mean > 0, mean, np.nan)) if says["scale"] == "log" else mean
    account, time = np.nonzero(np.isfinite(y) & np.isfinite(part)[None, :])
    values = y[account, time]
    weight = posts[account, time] if says["weight"] == "posts" else np.ones(values.size)
    share = part[time]
    rows = [(keep, after, size) for keep, after, size in ((share < 1, 0.0, 1 - share), (share > 0, 1.0, share))]
    return (
        np.concatenate([values[keep] for keep, _, _ in rows]),
        np.concatenate([(weight * size)[keep] for keep, _, size in rows]),
        np.concatenate([np.full(int(keep.sum()), after) for keep, after, _ in rows]),
        np.concatenate([account[keep] for keep, _, _ in rows]),
        np.concatenate([time[keep] for keep, _, _ in rows]),
    )


def _groups(
    y: Floats,
    weight: Floats,
    after: Floats,
    account: npt.NDArray[np.int64],
    time: npt.NDArray[np.int64],
    dealt: Bools,
    *,
    line: bool,
) -> tuple[Floats, float, int]:
    """Fit constant, after and perhaps a line in each of two groups; the effect is the difference of the two ``after``.

    The normal equations of a group are sums of its accounts', so that all deals are solved at once.
    """
    centred = (time - time.mean()) / max(float(time.std()), 1.0)
    design = np.column_stack([np.ones(y.size), after, *([centred] if line else [])])
    q, n = design.shape[1], dealt.shape[1]
    products, shown = np.zeros((n, q, q)), np.zeros((n, q))
    np.add.at(products, account, weight[:, None, None] * design[:, :, None] * design[:, None, :])
    np.add.at(shown, account, (weight * y)[:, None] * design)
    deals = dealt.astype(np.float64)
    inverse = [np.linalg.pinv(np.einsum("da,aij->dij", side, products), hermitian=True) for side in (deals, 1 - deals)]
    right = [side @ shown for side in (deals, 1 - deals)]
    beta = [np.einsum("dij,dj->di", a, b) for a, b in zip(inverse, right, strict=True)]
    left = float((weight * y**2).sum()) - sum(float(b[0] @ r[0]) for b, r in zip(beta, right, strict=True))
    free = y.size - 2 * q
    error = np.sqrt(max(left, 0.0) / free * (inverse[0][0, 1, 1] + inverse[1][0, 1, 1]))
    return beta[0][:, 1] - beta[1][:, 1], float(error), free


def _accounts(
    y: Floats,
    weight: Floats,
    after: Floats,
    account: npt.NDArray[np.int64],
    time: npt.NDArray[np.int64],
    dealt: Bools,
    *,
    line: bool,
) -> tuple[Floats, float, int]:
    """Fit one effect per account and per period, perhaps a line per account; the effect is that of treated x after.

    The nuisance does not depend on who is treated: what is left of each account's ``after`` is found once
    (Frisch and Waugh 1933, doi:10.2307/1907330). The two halves of a split period count as two periods.
    """
    n = dealt.shape[1]
    who = account[:, None] == np.arange(n)
    moment = np.unique(2 * time + after.astype(np.int64), return_inverse=True)[1]
    centred = (time - time.mean()) / max(float(time.std()), 1.0)
    columns = [who.astype(np.float64), (moment[:, None] == np.arange(moment.max() + 1)).astype(np.float64)]
    if line:
        columns.append(who * centred[:, None])
    root = np.sqrt(weight)
    nuisance = root[:, None] * np.column_stack(columns)
    basis, sizes, _ = np.linalg.svd(nuisance, full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes[0]]
    wanted = root[:, None] * np.column_stack([who * after[:, None], y])
    rest = wanted - basis @ (basis.T @ wanted)
    gram = rest.T @ rest
    deals = dealt.astype(np.float64)
    power = np.einsum("da,ab,db->d", deals, gram[:n, :n], deals)
    effects = np.where(power > 1e-9 * max(float(power.max()), 1e-300), deals @ gram[:n, n] / np.maximum(power, 1e-300), 0.0)
    free = y.size - basis.shape[1] - 1
    error = np.sqrt(max(float(gram[n, n] - effects[0] ** 2 * power[0]), 0.0) / free / max(float(power[0]), 1e-300))
    return np.asarray(effects), float(error), free
