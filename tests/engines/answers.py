"""What does each reduction read? Every query it makes, with the number of rows and the digest of the answer."""

import dataclasses
import json
import sys
from collections.abc import Mapping
from types import ModuleType

import pyarrow as pa

from agorascope.analyses import analyses
from agorascope.findings import table_digest
from agorascope.tables import Corpus

POSTS = 110_000
SEED = 20241122
REDUCING = {name: module for name, module in analyses().items() if hasattr(module, "_reduce")}


def answers(module: ModuleType, corpus: Corpus) -> list[list[object]]:
    """Run a reduction and note, for each query: text, parameters, rows, digest."""
    made: list[list[object]] = []

    def noted(sql: str, params: Mapping[str, object]) -> pa.Table:
        answer = corpus.execute(sql, params)
        made.append([sql, repr(params), answer.num_rows, table_digest(answer)])
        return answer

    module._reduce(dataclasses.replace(corpus, execute=noted), module.Params())
    return made


if __name__ == "__main__":
    import duckdb

    from agorascope.store.engines.duckdb import memory_corpus

    from .corpora import corpus_tables

    opened = memory_corpus(corpus_tables(POSTS, SEED), threads=2)
    found = {"version": duckdb.__version__, "answers": {n: answers(m, opened) for n, m in REDUCING.items()}}
    sys.stdout.write(json.dumps(found))
