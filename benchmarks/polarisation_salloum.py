"""Do the measures tell controversial networks from others? 128 labelled networks of Salloum et al., raw and beside their nulls.

Each measure's AUC (area under the ROC curve: 0.5, no better than chance) beside that of ``our_scores_2026.csv``, an earlier
computation on the same networks. Two nulls: ``erased``, the configuration model as published (loops, double edges and small pieces
dropped), which that file used; and ``rewired``, ours (simple, connected, the same degrees), chosen before any AUC was computed,
because an observed largest piece is exchangeable with it. Intervals are 95 % percentile bootstraps over topics:
``_p1``, ``_p2``, ``_p3`` of a topic stay together. Mean degree alone, and the AUC within terciles of it, stand beside: nothing here
may be read as skill that is mean degree's. Labels enter the AUC only; no score was fitted. A partition by METIS hangs on its seed:
three seeds stand side by side, and the last columns are of the mean of their scores.

Three tables of docs/performance.md say how far AUCs move by the seed of METIS alone (``LUCK`` seeds, one null), how far by the
order in which METIS is given the nodes (of network and nulls alike; beside it how many networks are cut as in the earlier
computation, whose order is not known, to judge by their E-I index), and how a score fares that is chosen without its own topic:
for each topic the measure that tells the other topics' networks apart best (normalised or z, rewired null, mean of the seeds),
and as score of a network the share of those others that lie below it. Degree is none of them.
Two more were written down before they were computed, once each: all measures (normalised) with equal weights, by rank, in which
nothing is fitted; and a ridge logistic regression on them, fitted without the topic, its penalty chosen without it as well.

Run: ``nice -n 5 python benchmarks/polarisation_salloum.py [SHARED]``; SHARED is the folder of reference data (AGORASCOPE_SHARED).
"""

import csv
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from scipy.special import expit
from scipy.stats import rankdata

from agorascope.stats.division import bisection
from agorascope.stats.graphs import Graph, erased, rewired, simple
from agorascope.stats.polarisation import APART, MEASURES, measured
from agorascope.stats.polarisation_null import NULLS, Division, against_null
from measure import write_table

NAMED = {"ei": "EI", "aei": "AEI", "modularity": "Q", "rwc": "RWC", "arwc": "ARWC", "boundary": "BP", "dipole": "DP"}
RESAMPLES = 2_000
SEEDS = 3
LUCK = 40
PENALTIES = (1.0, 10.0, 100.0)
BESIDE = "ARWC_n"  # the best normalised random-walk score of the earlier computation: what is to be beaten

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def main() -> None:
    """Print the tables."""
    shared = sys.argv[1] if len(sys.argv) > 1 else os.environ["AGORASCOPE_SHARED"]
    folder = Path(shared) / "networks" / "salloum"
    known = {row["name"]: row for row in csv.DictReader((folder / "our_scores_2026.csv").open(encoding="utf-8"))}
    graphs = read(folder / "edges.parquet")
    names = list(graphs)
    label = np.array([known[name]["c"] == "1" for name in names])
    topic = np.unique([re.sub(r"_p\d+$", "", name) for name in names], return_inverse=True)[1]
    degree = np.array([2 * graph.edges / graph.nodes for graph in graphs.values()])
    print(f"{len(names)} networks, {label.sum()} controversial, {topic.max() + 1} topics, {NULLS} nulls")
    found: dict[tuple[str, int], list[Division]] = {}
    for how, drawing in (("erased", erased), ("rewired", rewired)):
        for seed in range(SEEDS):
            start = time.process_time()
            found[how, seed] = [against_null(graph, drawing=drawing, seed=seed) for graph in graphs.values()]
            print(f"{how}, seed {seed}: {time.process_time() - start:.1f} CPU s for all")
    picks = resamples(label, topic)
    print(f"mean degree alone (higher, more controversial): {auc(degree, label):.3f} {interval(degree, label, picks)}\n")
    print(
        "| measure | value | earlier | erased, seeds | rewired, seeds | mean of seeds | rewired - earlier, paired | degree thirds |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for measure in MEASURES:
        for value in ("raw", "normalised", "z"):
            print(line(measure, value, found, known, names, label, degree, picks))
    for how in ("erased", "rewired"):
        print(f"{how}: alarm at 5 % (together): ", [round(float(np.mean([d.together <= 0.05 for d in found[how, 0]])), 3)])
    score = np.array([-d.together for d in found["rewired", 0]])
    print(f"p of all measures together, rewired: AUC {auc(score, label):.3f} {interval(score, label, picks)}")
    lucky(list(graphs.values()), found["erased", 0], known, names, label)
    ordered(folder / "edges.parquet", graphs, known, names, label)
    nested(found, np.array([float(known[name][BESIDE]) for name in names]), topic, label, degree, picks)


def lucky(graphs: list[Graph], nulls: list[Division], known: dict[str, dict[str, str]], names: list[str], label: Bools) -> None:
    """Write how far the AUCs of random-walk scores move when METIS cuts the same networks with other seeds, the null kept."""
    some = ("rwc", "arwc")
    how = {"k": 10, "share": 0.01, "condition": "end", "only": some}
    cuts = [[bisection(graph, seed=seed) for graph in graphs] for seed in range(LUCK)]
    told = [[list(measured(graph, side, **how).values()) for graph, side in zip(graphs, cut, strict=True)] for cut in cuts]
    values = np.array(told)  # (seeds, networks, measures)
    usual = np.array([[d.measures[MEASURES.index(name)].null_mean for name in some] for d in nulls])
    rows = []
    for column, name in enumerate(some):
        for value, taken, ending in (("raw", values, ""), ("minus null", values - usual, "_n")):
            every = [auc(one[:, column], label) for one in taken]
            listed = auc(np.array([float(known[n][NAMED[name] + ending]) for n in names]), label)
            rows.append((name, value, f"{listed:.3f}", f"{np.mean(every):.3f}", f"{min(every):.3f}", f"{max(every):.3f}"))
    write_table(
        "labelled networks: the seed of METIS",
        ("measure", "value", "listed", f"mean of {LUCK} seeds", "least", "most"),
        rows,
        "AUC on 128 networks labelled controversial or not (Salloum et al. 2022), cut in two by METIS with seeds that differ, less "
        "the same mean of 15 networks of the usual configuration model. Listed: one earlier computation, whose order of nodes, on "
        "which METIS hangs too, is not known.",
    )
    print(*rows, sep="\n")


def ordered(file: Path, graphs: dict[str, Graph], known: dict[str, dict[str, str]], names: list[str], label: Bools) -> None:
    """Write how far the AUCs of random-walk scores move when METIS is given the nodes in other orders."""
    some, pairs, rows = ("ei", "rwc", "arwc"), ties(file), []
    listed = np.array([[float(known[name][NAMED[measure]]) for measure in some] for name in names])
    for order in ("by number", "by number as text", "as they come, pair by pair", "as they come, sources first"):
        moved = [in_order(graphs[name], order, *pairs[name]) for name in names]
        told = [against_null(graph, drawing=erased, only=some) for graph in moved]
        raw, less = (np.array([[getattr(m, value) for m in d.measures] for d in told]) for value in ("raw", "normalised"))
        same = int((np.abs(raw[:, 0] + listed[:, 0]) < 2e-6).sum())  # listed to six digits, with the other sign
        rows.append((order, f"{same} of {len(names)}", *(f"{auc(one[:, i], label):.3f}" for i in (1, 2) for one in (raw, less))))
    write_table(
        "labelled networks: the order of nodes",
        ("order of nodes", "cut as listed", "rwc raw (.617)", "rwc minus null (.781)", "arwc raw (.771)", "arwc minus null (.813)"),
        rows,
        "AUC as above, METIS's own seed, 15 networks of the usual configuration model in the same order. In brackets: listed. "
        "Cut as listed: the same E-I index to six digits. With recursive bisection, or another ufactor, fewer networks are.",
    )
    print(*rows, sep="\n")


def in_order(graph: Graph, order: str, source: Ints, target: Ints) -> Graph:
    """Give the nodes of a network in another order."""
    rank = {int(name): i for i, name in enumerate(graph.name)}
    if order == "by number as text":
        rank = {name: i for i, name in enumerate(sorted(rank, key=str))}
    elif order != "by number":
        ends = np.column_stack((source, target)).ravel() if order.endswith("pair") else np.concatenate((source, target))
        rank = {name: i for i, name in enumerate(dict.fromkeys(ends.tolist()))}
    place = np.argsort([rank[int(name)] for name in graph.name])
    return Graph(graph.adjacency[place][:, place], graph.degree[place], graph.name[place])


def nested(
    found: dict[tuple[str, int], list[Division]],
    beaten: Floats,
    topic: Ints,
    label: Bools,
    degree: Floats,
    picks: list[Ints],
) -> None:
    """Write the AUC of a score chosen without the topic it is asked of, paired with the earlier one."""
    candidates = {
        (measure, value): np.mean([
            APART[measure] * np.array([getattr(d.measures[MEASURES.index(measure)], value) for d in found["rewired", seed]])
            for seed in range(SEEDS)
        ], axis=0)
        for measure in MEASURES for value in ("normalised", "z")
    }  # fmt: skip
    score, chosen = np.zeros(label.size), []
    for one in np.unique(topic):
        others = topic != one
        name = max(candidates, key=lambda c: auc(candidates[c][others], label[others]))
        chosen.append(" ".join(name))
        held = candidates[name]
        score[~others] = [(held[others] < held[i]).mean() for i in np.flatnonzero(~others)]
    features = np.array([value for (_, kind), value in candidates.items() if kind == "normalised"]).T
    three = {
        "chosen without the topic": score,
        "all measures with equal weights": np.mean([rankdata(column) for column in features.T], axis=0),
        "regression fitted without the topic": regressed(features, label, topic),
    }
    third = np.searchsorted(np.quantile(degree, [1 / 3, 2 / 3]), degree)
    rows = [(name, *told(one, beaten, label, third, picks)) for name, one in three.items()]
    rows += [("mean degree alone", *told(degree, beaten, label, third, picks)), (f"earlier {BESIDE}",
             f"{auc(beaten, label):.3f} {interval(beaten, label, picks)}", "", "")]  # fmt: skip
    often = ", ".join(f"{name} ({chosen.count(name)})" for name in sorted(set(chosen), key=chosen.count, reverse=True))
    write_table(
        "labelled networks: a score chosen without their topic",
        ("score", "AUC, 95 % interval", "difference from the earlier", "within thirds of mean degree"),
        rows,
        f"128 networks of {np.unique(topic).size} topics; rewired null, mean of {SEEDS} seeds of METIS; bootstrap over topics, "
        f"{RESAMPLES} draws. Chosen (times): {often}.",
    )
    print(*rows, often, sep="\n")


def told(score: Floats, beaten: Floats, label: Bools, third: Ints, picks: list[Ints]) -> tuple[str, str, str]:
    """Tell the AUC of a score, its paired difference from the one to be beaten, and the AUC within thirds of mean degree."""
    gain = [auc(score[pick], label[pick]) - auc(beaten[pick], label[pick]) for pick in picks]
    more = f"{auc(score, label) - auc(beaten, label):+.3f} [{np.quantile(gain, 0.025):+.3f}, {np.quantile(gain, 0.975):+.3f}]"
    inside = " ".join(f"{auc(score[third == part], label[third == part]):.2f}" for part in range(3))
    return f"{auc(score, label):.3f} {interval(score, label, picks)}", more, inside


def regressed(features: Floats, label: Bools, topic: Ints) -> Floats:
    """Score every topic's networks by a ridge logistic regression of the others', as the share of those that score lower."""
    score = np.zeros(label.size)
    for one in np.unique(topic):
        others = topic != one

        def inner(penalty: float, others: Bools = others) -> float:
            held = np.zeros(label.size)
            for two in np.unique(topic[others]):
                kept = others & (topic != two)
                held[topic == two] = logistic(features[kept], label[kept], penalty)(features[topic == two])
            return auc(held[others], label[others])

        fitted = logistic(features[others], label[others], max(PENALTIES, key=inner))
        known = fitted(features[others])
        score[~others] = [(known < value).mean() for value in fitted(features[~others])]
    return score


def logistic(features: Floats, label: Bools, penalty: float) -> Callable[[Floats], Floats]:
    """Fit a ridge logistic regression on standardised features; give its linear predictor."""
    mean, sd = features.mean(axis=0), features.std(axis=0)
    x = np.column_stack((np.ones(label.size), (features - mean) / sd))
    ridge = penalty * np.diag(np.append(0.0, np.ones(features.shape[1])))
    at = np.zeros(x.shape[1])
    for _ in range(30):
        p = expit(x @ at)
        at += np.linalg.solve((x.T * (p * (1 - p))) @ x + ridge, x.T @ (label - p) - ridge @ at)
    return lambda values: np.asarray(np.column_stack((np.ones(values.shape[0]), (values - mean) / sd)) @ at)


def read(file: Path) -> dict[str, Graph]:
    """Read every network, by name."""
    return {name: simple(source, target) for name, (source, target) in ties(file).items()}


def ties(file: Path) -> dict[str, tuple[Ints, Ints]]:
    """Read the ties of every network, by name."""
    table = pq.read_table(file)
    network = table["network"].to_numpy(zero_copy_only=False)
    source, target = (table[name].to_numpy().astype(np.int64) for name in ("source", "target"))
    return {str(name): (source[network == name], target[network == name]) for name in np.unique(network)}


def line(
    measure: str,
    value: str,
    found: dict[tuple[str, int], list[Division]],
    known: dict[str, dict[str, str]],
    names: list[str],
    label: Bools,
    degree: Floats,
    picks: list[Ints],
) -> str:
    """Write the row of one measure and value."""
    score = {
        key: APART[measure] * np.array([getattr(d.measures[MEASURES.index(measure)], value) for d in divisions])
        for key, divisions in found.items()
    }
    ours = np.mean([score["rewired", seed] for seed in range(SEEDS)], axis=0)
    seeds = {how: " ".join(f"{auc(score[how, seed], label):.3f}" for seed in range(SEEDS)) for how in ("erased", "rewired")}
    earlier, paired = "", ""
    if measure in NAMED:
        column = NAMED[measure] + {"raw": "", "normalised": "_n", "z": "_z"}[value]
        theirs = np.array([float(known[name][column]) for name in names])
        earlier = f"{auc(theirs, label):.3f}"
        gain = [auc(ours[pick], label[pick]) - auc(theirs[pick], label[pick]) for pick in picks]
        paired = f"{auc(ours, label) - auc(theirs, label):+.3f} [{np.quantile(gain, 0.025):+.3f}, {np.quantile(gain, 0.975):+.3f}]"
    third = np.searchsorted(np.quantile(degree, [1 / 3, 2 / 3]), degree)
    terciles = " ".join(f"{auc(ours[third == one], label[third == one]):.2f}" for one in range(3))
    ours_told = f"{auc(ours, label):.3f} {interval(ours, label, picks)}"
    cells = (measure, value, earlier, seeds["erased"], seeds["rewired"], ours_told, paired, terciles)
    return f"| {' | '.join(cells)} |"


def auc(score: Floats, label: Bools) -> float:
    """Give the chance that a labelled network scores above another, ties half."""
    ranks, ones = rankdata(score), int(label.sum())
    return float((ranks[label].sum() - ones * (ones + 1) / 2) / (ones * (label.size - ones)))


def resamples(label: Bools, topic: Ints) -> list[Ints]:
    """Draw topics with replacement; keep draws with both labels."""
    rng = np.random.default_rng(0)
    members = [np.flatnonzero(topic == one) for one in range(int(topic.max()) + 1)]
    drawn = (np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))]) for _ in range(RESAMPLES))
    return [pick for pick in drawn if 0 < label[pick].sum() < pick.size]


def interval(score: Floats, label: Bools, picks: list[Ints]) -> str:
    """Give the 95 % interval of an AUC."""
    low, high = np.quantile([auc(score[pick], label[pick]) for pick in picks], [0.025, 0.975])
    return f"[{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
