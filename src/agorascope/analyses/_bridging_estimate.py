"""What does every item score in every camp, how sure is it, and what would it score without camps? Arrays in, estimates out."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from agorascope.stats.across import consensus, counted, least_share, minimum
from agorascope.stats.declared_camps import Margins, acts_beyond_chance, declared_beyond_chance, drawn_acts, margins
from agorascope.stats.families import benjamini_hochberg, holm
from agorascope.stats.no_camps import Habits, camps_beyond_chance, dealt, habits, ordered
from agorascope.stats.one_factor import Fit, fit, ratings
from agorascope.stats.opinion_groups import looseness, opinion_groups

FEWEST = 10
LOOSEST = 2.0
"""Groups beside votes that spread up to so many times as much as those k-means makes: five exports of Polis have 1.01 to 1.10."""
MOST_CAMPS = 6
CHANCE_EVERY = 5  # the score without camps is the mean of every fifth as many draws: each finds its camps anew
WARM_STEPS = 8
TOGETHER = 2  # an item that one account acts on says nothing of camps
LEVEL = (0.025, 0.975)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Camps(NamedTuple):
    """Hold the camp of every rater (raters,), -1 for none; sizes, largest first; names where declared; raters in camps too
    small; ``made``: declared beside the votes and made from them, as Polis's are; ``apart``: name and size of those left out since
    they voted on nothing together with the others.
    """

    camp: Ints
    sizes: list[int]
    names: list[str]
    small: int
    made: bool = False
    apart: tuple[tuple[str, int], ...] = ()


class Scores(NamedTuple):
    """Hold what every item (items,) scores by each method, and the counts by camp (camps, items) behind it."""

    minimum: Floats
    consensus: Floats
    intercept: Floats | None
    agree: Floats
    votes: Floats


class Answer(NamedTuple):
    """Hold scores, their intervals, the same without camps, tests, and the chance of such camps (``p_value``).

    ``share`` is the share of items that hold in every camp with its interval, ``sure`` how many items are shown to and how many
    not to, all at once; ``against`` (items,) marks the latter. Where groups stand beside the votes an item holds only if it does in
    the camps found by the votes, too, of sizes ``beside``: ``agree`` and ``cast`` (camps, items) are of both, and ``q_named``
    (items,) of the groups alone.
    """

    scores: Scores
    low: Floats
    high: Floats
    chance: Floats
    q_value: Floats
    share: tuple[float, float, float]
    sure: tuple[int, int]
    p_value: float | None
    settled: bool
    shown: Mask
    against: Mask
    agree: Floats
    cast: Floats
    q_named: Floats
    beside: list[int]


class Votes(NamedTuple):
    """Hold votes (n,) in 0 to 1, whether each approves, and the numbers of raters and items; ``acts``: approving only;
    ``rated``: from a table of votes, not from posts.
    """

    rater: Ints
    item: Ints
    value: Floats
    approves: Floats
    raters: int
    items: int
    acts: bool
    rated: bool = True


def declared(said: Ints, names: list[str], *, made: bool = False) -> Camps:
    """Take declared camps of ten raters or more, the six largest; ``made``: they were made from the votes."""
    return _numbered(said, names)._replace(made=made)


def voted(votes: Votes) -> Camps:
    """Find camps by the votes, as Polis does."""
    return _numbered(_grouped(votes, votes.value), [])


def follow(votes: Votes, given: Camps) -> bool:
    """Say whether groups beside votes may have been made from such votes: on their two components they are nearly as tight.

    A column of groups that has little to do with the votes names no camps of theirs, whatever else it says of raters: of camps at
    odds over every item, much is approved by most of either region. Export and votes need not agree in all: statements may have
    been moderated out since, or votes come in.
    """
    told = opinion_groups(votes.rater, votes.item, 2 * votes.value - 1, raters=votes.raters, items=votes.items)
    both = (given.camp >= 0) & (told.group >= 0)
    return np.unique(given.camp[both]).size > 1 and looseness(told.place[both], given.camp[both]) <= LOOSEST


def estimate(votes: Votes, camps: Camps, *, score: str, least: int, draws: int, seed: int) -> Answer:
    """Score every item, with Bayesian bootstrap intervals over raters, and test camps and items.

    An item is judged by the camps that voted on it, and shown where two did: who voted is taken as given, so that its tests and
    those of all items at once (Holm) hold whatever each camp met. Of acts every camp counts on every item.
    """
    fitted = None
    if not votes.acts:
        given = ratings(votes.rater, votes.item, votes.value, raters=votes.raters, items=votes.items)
        fitted = fit(given, seed=seed)
    scores = _scores(votes, camps.camp, len(camps.sizes), fitted)
    met: Mask = scores.votes > 0
    shown: Mask = (np.bincount(votes.item, minlength=votes.items) >= least) & (met.sum(axis=0) > 1)
    mean = scores.agree.sum(axis=1) / np.maximum(scores.votes.max(axis=1) * votes.items, 1)
    usual = mean if votes.acts else np.full(len(camps.sizes), 0.5)
    agree, cast, beside = scores.agree, scores.votes, list[int]()
    if camps.made:
        found = voted(votes)
        also, beside = _counts(votes, found.camp, len(found.sizes), votes.approves), found.sizes
        agree, cast = np.vstack((agree, also[0])), np.vstack((cast, also[1]))
        usual = np.full(agree.shape[0], 0.5)
    # in every camp that voted on it: Berger 1982
    each, told = binom.sf(agree - 1, cast, usual[:, None]), cast > 0
    p_item = np.where(told, each, 0.0).max(axis=0)
    against = np.minimum(1.0, told.sum(axis=0) * binom.cdf(agree, cast, usual[:, None]).min(axis=0))
    q_value, q_named = np.ones(votes.items), np.ones(votes.items)
    q_value[shown] = benjamini_hochberg(p_item[shown])
    q_named[shown] = benjamini_hochberg(np.where(met, each[: met.shape[0]], 0.0).max(axis=0)[shown])
    drawn = _bootstrap(votes, camps, fitted, score=score, draws=draws, seed=seed)
    p_value, how = tested(votes, camps, shown, draws=draws, seed=seed)
    sure = settled_items(p_item[shown], against[shown])
    shown_against = shown.copy()
    shown_against[shown] = _all_at_once(against[shown])
    bounds = sure[0] / int(shown.sum()), 1 - sure[1] / int(shown.sum())
    everywhere = np.asarray(((agree > usual[:, None] * cast) | ~told).all(axis=0))
    share = float(everywhere[shown].mean())
    low, high = np.quantile(drawn, LEVEL, axis=0)
    return Answer(
        scores,
        np.minimum(low, _chosen(scores, score)),
        np.maximum(high, _chosen(scores, score)),
        _without_camps(votes, camps, how, shown, score=score, draws=draws // CHANCE_EVERY, seed=seed),
        q_value,
        (min(max(share, bounds[0]), bounds[1]), *bounds),
        sure,
        p_value,
        fitted is None or fitted.settled,
        shown,
        shown_against,
        agree,
        cast,
        q_named,
        beside,
    )


def tested(votes: Votes, camps: Camps, shown: Mask, *, draws: int, seed: int) -> tuple[float | None, Habits | Margins]:
    """Give the chance of such camps, None where it cannot be told, and how raters vote or act but for camps."""
    cast = (votes.rater, votes.item, votes.value)
    if votes.acts:
        return _labels_matter(votes, camps, shown, draws, seed)
    if camps.names and not camps.made:
        how = habits(*cast, raters=votes.raters, items=votes.items, camp=camps.camp)
        return declared_beyond_chance(camps.camp, *cast, camps=len(camps.sizes), items=votes.items, draws=draws, seed=seed), how
    found, how = camps_beyond_chance(*cast, raters=votes.raters, items=votes.items, draws=draws, seed=seed)
    return None if found is None else found.p_value, how


def settled_items(p_for: Floats, p_against: Floats) -> tuple[int, int]:
    """Count the items shown to hold in every camp, and those shown not to, from p-values (items,) of either test.

    With 95 % confidence no item of either count is wrong (Holm, half of the error to each side), so the true share of items that
    hold lies between the first count and all but the second: a confidence interval of that share, the camps taken as given.
    """
    first, second = (int(_all_at_once(p).sum()) for p in (p_for, p_against))
    return first, second


def _all_at_once(p: Floats) -> Mask:
    return np.asarray(np.array(holm(p.tolist())) <= LEVEL[0])


def _numbered(label: Ints, names: list[str]) -> Camps:
    """Number camps from the largest; leave out those of fewer than ten raters, and those beyond six."""
    sizes = np.bincount(label[label >= 0], minlength=1)
    order = [int(c) for c in np.argsort(-sizes, kind="stable") if sizes[c] >= FEWEST][:MOST_CAMPS]
    new = np.full(sizes.size + 1, -1, np.int64)
    new[order] = np.arange(len(order))
    camp = new[label]
    return Camps(
        camp,
        [int(sizes[c]) for c in order],
        [names[c] for c in order] if names else [],
        int((label >= 0).sum() - (camp >= 0).sum()),
    )


def _grouped(votes: Votes, value: Floats) -> Ints:
    return opinion_groups(votes.rater, votes.item, 2 * value - 1, raters=votes.raters, items=votes.items).group


def _counts(votes: Votes, camp: Ints, camps: int, approves: Floats, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """Count approvals and votes by camp and item; where there are acts only, everybody active counts as having voted."""
    each = np.ones(votes.raters) if weight is None else weight
    of, by = camp[votes.rater], each[votes.rater]
    agree = counted(of, votes.item, approves, camps=camps, items=votes.items, weight=by)
    if votes.acts:
        active = np.bincount(camp[camp >= 0], each[camp >= 0], camps)
        return agree, np.broadcast_to(active[:, None], agree.shape)
    return agree, counted(of, votes.item, np.ones(of.size), camps=camps, items=votes.items, weight=by)


def _scores(votes: Votes, camp: Ints, camps: int, fitted: Fit | None) -> Scores:
    agree, seen = _counts(votes, camp, camps, votes.approves)
    return Scores(minimum(agree, seen), consensus(agree, seen), None if fitted is None else fitted.item, agree, seen)


def _chosen(scores: Scores, score: str) -> Floats:
    chosen = {"minimum": scores.minimum, "consensus": scores.consensus, "intercept": scores.intercept}[score]
    assert chosen is not None
    return chosen


def _bootstrap(votes: Votes, camps: Camps, fitted: Fit | None, *, score: str, draws: int, seed: int) -> npt.NDArray[np.float32]:
    """Weigh raters anew (Rubin 1981, doi:10.1214/aos/1176345338): scores (draws, items).

    The vote for and the vote against that shrink a share are raters too: of one camp and item alone this is the beta posterior.
    """
    rng, drawn, k = np.random.default_rng((seed, 1)), np.empty((draws, votes.items), np.float32), len(camps.sizes)
    given = None
    if score == "intercept":
        given = ratings(votes.rater, votes.item, votes.value, raters=votes.raters, items=votes.items)
    for i in range(draws):
        weight = rng.exponential(size=votes.raters)
        if given is not None:
            drawn[i] = fit(given, weight=weight * votes.raters / weight.sum(), start=fitted, most=WARM_STEPS).item
            continue
        agree, seen = _counts(votes, camps.camp, k, votes.approves, weight)
        two = rng.exponential(size=(2, *agree.shape))
        by_camp = (agree + two[0]) / (seen + two.sum(axis=0))
        drawn[i] = least_share(by_camp, seen > 0) if score == "minimum" else by_camp.prod(axis=0)
    return drawn


def _without_camps(votes: Votes, camps: Camps, how: Habits | Margins, shown: Mask, *, score: str, draws: int, seed: int) -> Floats:
    """Score every item where there are no camps: votes dealt within items, or acts on items shown drawn by what accounts and items
    have of them; mean of draws.
    """
    rng, total = np.random.default_rng((seed, 4)), np.zeros(votes.items)
    in_order, threshold = ordered(votes.item, votes.value), votes.value[votes.approves > 0].min(initial=np.inf)
    agree, seen = _counts(votes, camps.camp, len(camps.sizes), votes.approves)
    for _ in range(draws):
        camp, k = camps.camp, len(camps.sizes)
        if isinstance(how, Margins):
            agree[:, shown] = drawn_acts(camp, how, camps=k, rng=rng)
        else:
            value = dealt(votes.rater, votes.item, in_order, how, rng)
            if score == "intercept":
                given = ratings(votes.rater, votes.item, value, raters=votes.raters, items=votes.items)
                total += fit(given, most=3 * WARM_STEPS).item
                continue
            if not camps.names or camps.made:
                found = _numbered(_grouped(votes, value), [])
                camp, k = (found.camp, len(found.sizes)) if found.sizes else (np.zeros(votes.raters, np.int64), 1)
            agree, seen = _counts(votes, camp, k, (value >= threshold) * 1.0)
        total += minimum(agree, seen) if score == "minimum" else consensus(agree, seen)
    return total / max(draws, 1)


def _labels_matter(votes: Votes, camps: Camps, shown: Mask, draws: int, seed: int) -> tuple[float, Margins]:
    """Test whether declared camps act on different items, of those that ``TOGETHER`` accounts act on, however many acts they have.

    Also give the odds of acts on the items shown.
    """
    inside = camps.camp[votes.rater] >= 0
    told = shown | (np.bincount(votes.item[inside], minlength=votes.items) >= TOGETHER)
    place, on = np.cumsum(told) - 1, told[votes.item]
    rater, item, items = votes.rater[on], place[votes.item[on]], int(told.sum())
    how = margins(camps.camp, rater, item, items=items)
    p_value = acts_beyond_chance(camps.camp, rater, item, how, camps=len(camps.sizes), items=items, draws=draws, seed=seed)
    return p_value, how._replace(odds=how.odds[:, shown[told]])
