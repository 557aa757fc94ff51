"""What would CooRTweet, or coordination-network-toolkit, draw here? Their edges to the last one, which have no error rate."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from agorascope.errors import BadValue
from agorascope.findings import Estimate, Figure, Finding, insufficient
from agorascope.stats import parity
from agorascope.stats.together import shuffled
from agorascope.stats.windows import bins
from agorascope.tables import Corpus
from agorascope.texts import Message, message

from ._coordination_reduce import KINDS, pooled, present, reduce
from ._coordination_scope import fits, step, too_short, unused

SECOND_US = 1_000_000
USUAL = {"coortweet": 10, "cnt": 60}
"""Window (s) where none is given: CooRTweet's own, and that of the toolkit's documentation."""
MESSAGES = 2
"""Least weight of the toolkit where ``edge_weight`` is left at its default, a quantile."""
FIRST = ("share", "repost", "url", "text", "hashtag", "reply", "media", "domain")
EDGES = pa.schema(
    [("source", pa.string()), ("target", pa.string()), ("source_platform", pa.string()), ("target_platform", pa.string()),
     ("weight", pa.int64()), ("directed", pa.bool_())]
)  # fmt: skip
ACCOUNTS = pa.schema(
    [("platform", pa.string()), ("account_id", pa.string()), ("p_value", pa.float64()), ("q_value", pa.float64()),
     ("in_network", pa.bool_()), ("network", pa.string())]
)  # fmt: skip


def run(
    corpus: Corpus, params: Any, window: int | None, question: Message, limits: tuple[Message, ...], settings: dict[str, Any]
) -> Finding:
    """Draw the edges by the rule asked for, here and in a shuffled copy. The verdict is ``insufficient``: a rule is no test."""
    kind = _kind(corpus, params.object)
    acts = reduce(corpus, kind) if kind != "any" else pooled([reduce(corpus, k) for k in present(corpus) if k in KINDS[:7]])
    if not acts.account.size:
        claim = message("coordination.claim.nothing")
        return insufficient("coordination", question, claim, limits, gate="acts", params=settings)
    if window is not None and window < step(acts):
        raise too_short(window, step(acts))
    if window is not None:
        fits(window, [acts])
    seconds = window if window is not None else USUAL[params.compat]
    usual = params.compat == "cnt" and params.edge_weight == type(params)().edge_weight
    least = float(MESSAGES if usual else params.edge_weight)
    at, content = acts.at_us // SECOND_US, np.asarray(pc.index_in(acts.post, pc.unique(acts.post)), np.int64)
    try:
        source, target, weights, kept = _edges(params, kind, acts.account, acts.obj, content, at, seconds, least)
        author, obj, when = shuffled(acts.account, acts.obj, at, bin_length=bins(seconds), seed=params.seed)
        copied = _edges(params, kind, author, obj, np.arange(author.size), when, seconds, least)
    except parity.OverBudget as error:
        raise BadValue(str(error)) from error
    ids, platforms = acts.accounts["account_id"], acts.accounts["platform"]
    edges = pa.table(
        {
            "source": ids.take(pa.array(source[kept])),
            "target": ids.take(pa.array(target[kept])),
            "source_platform": platforms.take(pa.array(source[kept])),
            "target_platform": platforms.take(pa.array(target[kept])),
            "weight": pa.array(weights[kept]),
            "directed": pa.repeat(params.compat == "cnt", int(kept.sum())),
        },
        schema=EDGES,
    ).combine_chunks()
    inside = np.zeros(len(ids), np.bool_)
    inside[source[kept]] = inside[target[kept]] = True
    nothing = pa.nulls(len(ids), pa.float64())
    accounts = pa.table(
        {"platform": platforms, "account_id": ids, "p_value": nothing, "q_value": nothing, "in_network": pa.array(inside),
         "network": pa.nulls(len(ids), pa.string())}, schema=ACCOUNTS,
    ).combine_chunks()  # fmt: skip
    counted = {"n": int(inside.sum()), "edges": edges.num_rows, "copy": int(copied[3].sum()), "window": seconds}
    rows = [
        {"rule": params.compat, "behaviour": kind, "window_s": seconds, "edge_weight": least, "edges": edges.num_rows,
         "edges_copy": counted["copy"], "accounts": counted["n"], "all_edges": int(source.size)}
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows)
    return Finding(
        analysis="coordination",
        question=question,
        verdict="insufficient",
        gate="uncalibrated",
        claim=message(f"coordination.claim.{params.compat}", behaviour=f"coordination.values.behaviour.{kind}", **counted),
        effect=Estimate(metric="edges", value=float(edges.num_rows), unit="edges", method=params.compat),
        limits=limits,
        figures=(
            Figure(name="rule", kind="table", table="rule", title=message("coordination.figure.rule"), y=tuple(table.column_names)),
        ),
        notes=tuple(unused([acts])),
        params=settings,
        tables={"edges": edges, "accounts": accounts, "rule": table},
    )


def _kind(corpus: Corpus, asked: str) -> str:
    """Choose what is shared: what was asked, else the first there is, shared objects first."""
    if asked != "auto":
        return asked
    there = present(corpus)
    return next((kind for kind in FIRST if kind in there), "share")


def _edges(
    params: Any, kind: str, author: np.ndarray, obj: np.ndarray, content: np.ndarray, at: np.ndarray, window: int, weight: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    if params.compat == "coortweet":
        if weight > 1:
            raise BadValue(f"edge_weight is {weight:g}; with compat=coortweet it is a quantile of the weights, from 0 to 1")
        drawn = parity.coortweet(
            author, obj, content, at, np.zeros(author.size, np.bool_), window=window,
            min_participation=params.min_participation, quantile=weight, memory_gb=params.memory_gb,
        )  # fmt: skip
        return drawn.source, drawn.target, drawn.weight, drawn.above
    if weight < 1 or weight != int(weight):
        raise BadValue(f"edge_weight is {weight:g}; with compat=cnt it is a number of messages such as 2")
    several = kind in ("url", "domain", "hashtag", "media", "share")
    edges = parity.toolkit(author, obj, content, at, window=window, least=int(weight), several=several, memory_gb=params.memory_gb)
    return edges.source, edges.target, edges.weight, np.ones(edges.source.size, np.bool_)
