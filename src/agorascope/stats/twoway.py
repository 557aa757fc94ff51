"""By how much did some accounts move apart from the others? Least squares with account and period effects, gaps allowed.

``y`` (accounts, periods) holds logarithms, nan where unknown; ``after`` (periods,) marks the new regime. The model is

    y[a, t] = alpha[a] (+ trend[a] t) + gamma[t] + tau treated[a] after[t] + error,

every known cell with equal weight. One pass prepares all that any choice of treated accounts needs, so that a randomisation over
thousands of choices costs little more than one fit.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_TINY = 1e-9


class Freed(NamedTuple):
    """Hold what no date changes: ``known`` cells, the accounts' ``basis``, the periods' ``inner`` inverse, the ``residual``."""

    known: Bools
    basis: Floats
    inner: Floats
    residual: Floats


class Shifts(NamedTuple):
    """Hold what every choice of treated accounts needs: ``own`` (accounts,), ``gram`` (accounts, accounts), ``usable`` (accounts,).

    ``own`` is the covariance of the data with each account's own step, both freed of the effects; ``gram`` the inner products of
    those steps; an account without known periods on both sides is not ``usable``: its own step cannot be told from its level.
    """

    own: Floats
    gram: Floats
    usable: Bools


def free(y: Floats, *, trends: bool = False) -> Freed:
    """Free the data of account and period effects (and of each account's line, with ``trends``); unknown cells are 0.

    Frisch, Waugh and Lovell: within-account projections, then one solve of size (periods,). Cost O(accounts x periods^2).
    """
    known = np.isfinite(y)
    basis = _bases(known, trends=trends)
    inner = _normal(known, basis)
    return Freed(known, basis, inner, _net(_within(np.where(known, y, 0.0), known, basis), known, basis, inner))


def prepare(y: Floats, after: Bools, *, trends: bool = False, freed: Freed | None = None) -> Shifts:
    """Free the accounts' steps at one date as the data are; ``freed`` saves the work on the data where many dates are tried.

    Cost O(accounts x periods^2).
    """
    known, basis, inner, residual = free(y, trends=trends) if freed is None else freed
    steps = _within(np.where(known & after, 1.0, 0.0), known, basis)
    gram = np.diag((steps**2).sum(axis=1)) - steps @ inner @ steps.T
    usable = np.diag(gram) > _TINY * max(y.shape[1], 1)
    return Shifts((steps * residual).sum(axis=1), gram, usable)


def shift(prepared: Shifts, treated: Bools) -> Floats:
    """Give tau for each choice of treated accounts (choices, accounts). Shape (choices,), nan where not identified."""
    chosen = treated.astype(np.float64)
    size = ((chosen @ prepared.gram) * chosen).sum(axis=1)
    identified = size > _TINY * max(chosen.shape[1], 1)
    return np.asarray(np.where(identified, chosen @ prepared.own / np.where(identified, size, 1.0), np.nan))


def effect(y: Floats, treated: Bools, after: Bools, *, trends: bool = False) -> float:
    """Give tau of one choice of treated accounts (accounts,).

    >>> y = np.array([[0.0, 0, 1, 1], [0, 0, 0, 0], [2, 2, 2, np.nan]])
    >>> round(effect(y, np.array([True, False, False]), np.array([False, False, True, True])), 6)
    1.0
    """
    return float(shift(prepare(y, after, trends=trends), treated[None, :])[0])


def residuals(y: Floats, *, trends: bool = False) -> Floats:
    """Free y of account and period effects; nan where y is. Cost O(accounts x periods^2)."""
    freed = free(y, trends=trends)
    return np.asarray(np.where(freed.known, freed.residual, np.nan))


def noise(y: Floats, after: Bools) -> Floats:
    """Free y of account and period effects before and after apart, so that no account's step is left in. nan where unknown."""
    left = np.empty_like(y)
    for side in (after, ~after):
        left[:, side] = residuals(y[:, side])
    return left


def _bases(known: Bools, *, trends: bool) -> Floats:
    """Give each account an orthonormal basis of its level (and line) over its known periods: (accounts, periods, 1 or 2)."""
    ones = known / np.sqrt(np.maximum(known.sum(axis=1, keepdims=True), 1))
    if not trends:
        return np.asarray(ones[:, :, None])
    at = np.where(known, np.arange(known.shape[1], dtype=np.float64), 0.0)
    line = at - ones * (at * ones).sum(axis=1, keepdims=True)
    length = np.sqrt((line**2).sum(axis=1, keepdims=True))
    line = np.where(length > _TINY, line / np.where(length > _TINY, length, 1.0), 0.0)
    return np.stack([ones, line], axis=2)


def _within(x: Floats, known: Bools, basis: Floats) -> Floats:
    """Take each account's basis out of its row."""
    return np.asarray(known * (x - np.einsum("atq,aq->at", basis, np.einsum("atq,at->aq", basis, x))))


def _normal(known: Bools, basis: Floats) -> Floats:
    """Give the generalised inverse of the period dummies' inner products, accounts' effects taken out. (periods, periods).

    Without gaps the inner products are a projection times the number of accounts, so that nothing need be inverted.
    """
    if known.all():
        return np.asarray((np.eye(known.shape[1]) - basis[0] @ basis[0].T) / known.shape[0])
    inner = np.diag(known.sum(axis=0).astype(np.float64)) - np.einsum("atq,asq->ts", basis, basis)
    return np.asarray(np.linalg.pinv(inner, rcond=1e-10, hermitian=True))


def _net(freed: Floats, known: Bools, basis: Floats, inner: Floats) -> Floats:
    """Take the period effects out of rows already freed of the accounts'."""
    period = inner @ freed.sum(axis=0)
    return np.asarray(freed - _within(np.broadcast_to(period, freed.shape), known, basis))
