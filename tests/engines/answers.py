"""What does each reduction read? Every query it makes, with the number of rows and the digest of the answer."""

import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from types import ModuleType

import msgspec
import pyarrow as pa

from agorascope.analyses import analyses, counterfactual, timeline
from agorascope.findings import Finding, table_digest
from agorascope.tables import Corpus

POSTS = 110_000
SEED = 20241122
REDUCING = {name: module for name, module in analyses().items() if hasattr(module, "_reduce")}


def answers(module: ModuleType, corpus: Corpus) -> list[list[object]]:
    """Run a reduction and note, for each query: text, parameters, rows, digest."""
    return _noted(corpus, lambda noting: module._reduce(noting, settings(module)))


def settings(module: ModuleType) -> object:
    """Give default parameters; one without a default comes from the module's example."""
    words = module.EXAMPLE.split()
    given = dict(words[i + 1].split("=", 1) for i, word in enumerate(words) if word == "-p")
    required = {field.name for field in msgspec.structs.fields(module.Params) if field.required}
    return module.Params(**{name: given[name] for name in required})


def gathered(name: str, corpus: Corpus) -> list[list[object]]:
    """Run what ``timeline`` or ``counterfactual`` reads with networks in hand; its answers have no order, and are put in one."""
    return _noted(corpus, {"timeline": _timeline, "counterfactual": _counterfactual}[name], ordered=False)


def ran(module: ModuleType, corpus: Corpus, params: object) -> tuple[list[list[object]], Finding]:
    """Run a whole analysis and note every query it makes, as ``answers`` does; give the finding besides."""
    found: list[Finding] = []
    return _noted(corpus, lambda noting: found.append(module.run(noting, params))), found[0]


def _timeline(corpus: Corpus) -> None:
    timeline._gather(corpus, corpus.derived("coordination.acts"))


def _counterfactual(corpus: Corpus) -> None:
    params, ties = counterfactual.Params(), corpus.derived("coordination.acts")
    width_us = counterfactual.width(corpus, params.by)
    everyone = counterfactual.posted(corpus, width_us)
    chosen = counterfactual.member_positions(everyone, corpus.derived("coordination.accounts"))
    counterfactual._gather(corpus, params, everyone, chosen, ties, width_us)


def _noted(corpus: Corpus, read: Callable[[Corpus], object], *, ordered: bool = True) -> list[list[object]]:
    made: list[list[object]] = []

    def noted(sql: str, params: Mapping[str, object]) -> pa.Table:
        answer = corpus.execute(sql, params)
        rows = answer if ordered else answer.sort_by([(column, "ascending") for column in answer.column_names])
        made.append([sql, repr(params), answer.num_rows, table_digest(rows)])
        return answer

    read(dataclasses.replace(corpus, execute=noted))
    return made


if __name__ == "__main__":
    import duckdb

    from agorascope.store.engines.duckdb import memory_corpus

    from .corpora import corpus_tables

    opened = memory_corpus(corpus_tables(POSTS, SEED), threads=2)
    found = {"version": duckdb.__version__, "answers": {n: answers(m, opened) for n, m in REDUCING.items()}}
    sys.stdout.write(json.dumps(found))
