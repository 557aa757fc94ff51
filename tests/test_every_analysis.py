"""Is every analysis whole? These tests walk the folder: an analysis that is not named here is tested all the same.

Spark gives the same digests: ``tests/engines`` walks the same folder there.
"""

import ast
import inspect
import json
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import msgspec
import numpy as np
import pyarrow as pa
import pytest

from agorascope import new_case
from agorascope.analyses import analyses
from agorascope.findings import Finding, digest, from_data, to_data, to_json
from agorascope.store.engines.duckdb import memory_corpus
from agorascope.tables import Corpus
from agorascope.texts import LANGUAGES, Message, catalogue, say
from agorascope.worlds.null import NullWorld, make

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCHEMA = DOCS / "finding.schema.json"
NAMES = sorted(analyses())
every = pytest.mark.parametrize("name", NAMES)


def settings(module: ModuleType) -> Any:
    """Give default parameters; those without a default come from the module's example."""
    words = shlex.split(module.EXAMPLE)
    given = dict(words[i + 1].split("=", 1) for i, word in enumerate(words) if word == "-p")
    required = {f.name for f in msgspec.structs.fields(module.Params) if f.required}
    return msgspec.convert({k: v for k, v in given.items() if k in required}, module.Params, strict=False)


@cache
def world() -> dict[str, pa.Table]:
    """Make a small world with posts, counts, objects, accounts, counters and groups."""
    return make(NullWorld(days=56, posts=2_000, authors=150), seed=7)


def answer(name: str, change: Callable[[pa.Table], pa.Table] = lambda table: table) -> Finding:
    """Run one analysis on the small world, its rows changed first."""
    module = analyses()[name]
    corpus = memory_corpus({table: change(rows) for table, rows in world().items()})
    needed = {f"{need}.{n}": t for need in getattr(module, "NEEDS", ()) for n, t in answer(need).tables.items()}
    finding = module.run(Corpus(corpus.rows, corpus.execute, corpus.digest, corpus.engine, needed), settings(module))
    assert isinstance(finding, Finding)
    return finding


@cache
def finding_of(name: str) -> Finding:
    """Give the finding of one analysis on the small world, made once."""
    return answer(name)


def shuffled(table: pa.Table) -> pa.Table:
    """Put rows into another order, the same on every machine."""
    return table.take(pa.array(np.random.default_rng(3).permutation(table.num_rows)))


@every
def test_it_exports_the_contract(name: str) -> None:
    """The module has an example that runs it, limits, parameters, a run of two arguments, and asks a question first."""
    module = analyses()[name]
    assert module.EXAMPLE.startswith(f"agorascope run my-case {name}")
    assert all(isinstance(limit, Message) for limit in module.LIMITS)
    assert module.LIMITS
    assert ["corpus", "params"] == list(inspect.signature(module.run).parameters)
    assert "?" in (inspect.getdoc(module) or "").partition("\n")[0]
    assert "Limits:" in (inspect.getdoc(module) or "")
    assert set(getattr(module, "NEEDS", ())) <= set(NAMES)


@every
@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_parameters_explain_themselves(name: str, lang: str) -> None:
    """Parameters are a frozen struct that refuses unknown names; the catalogue says what each is, and speaks of no other."""
    params = analyses()[name].Params
    assert params.__struct_config__.frozen
    assert params.__struct_config__.forbid_unknown_fields
    told = {key.removeprefix(f"{name}.params.") for key in catalogue(lang) if key.startswith(f"{name}.params.")}
    assert set(params.__struct_fields__) == told
    assert f"{name}.meaning" in catalogue(lang)


@every
@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_texts_are_there(name: str, lang: str) -> None:
    """Its question, its limits and everything its finding says can be said in the language."""
    finding = finding_of(name)
    assert f"{name}.question" in catalogue(lang)
    said = [finding.question, finding.claim, *finding.limits, *finding.notes, *(e.role for e in finding.evidence)]
    said += [r.statement for r in finding.rivals] + [r.missing for r in finding.rivals if r.missing]
    said += [f.title for f in finding.figures] + [f.note for f in finding.figures if f.note]
    assert all(say(text, lang).strip() for text in said)


def methods_in(tree: ast.Module, value: ast.expr) -> set[str]:
    """List the texts an expression may come to: its constants and those its names stand for; keys and conditions are none."""
    match value:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Name(id=name):
            given = [a.value for a in ast.walk(tree) if isinstance(a, ast.Assign) and ast.unparse(a.targets[0]) == name]
        case ast.IfExp(body=one, orelse=other):
            given = [one, other]
        case ast.Dict(values=given):
            pass
        case ast.Call(func=ast.Attribute(value=called, attr="get"), args=args):
            given = [called, *args[1:]]
        case _:
            given = []
    return {text for part in given for text in methods_in(tree, part)}


def methods_of(name: str) -> set[str]:
    """Read every method an analysis may name in an Estimate from its source."""
    found: set[str] = set()
    folder = Path(inspect.getfile(analyses()[name])).parent
    for file in (folder / f"{name}.py", *folder.glob(f"_{name}_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        calls = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and ast.unparse(c.func).endswith("stimate")]
        found |= {text for call in calls for k in call.keywords if k.arg == "method" for text in methods_in(tree, k.value)}
    return found


@every
@pytest.mark.parametrize("lang", LANGUAGES)
def test_its_methods_have_names(name: str, lang: str) -> None:
    """Every method an analysis can name has words for it in both languages."""
    assert methods_of(name) != set()
    assert {m for m in methods_of(name) if f"{name}.values.method.{m}" not in catalogue(lang)} == set()


@every
def test_its_page_names_parameters_and_tables(name: str) -> None:
    """Its page exists and names every parameter and every table it publishes."""
    page = (DOCS / "analyses" / f"{name}.md").read_text("utf-8")
    promised = [*analyses()[name].Params.__struct_fields__, *finding_of(name).tables, "units"]
    assert [] == [word for word in promised if f"`{word}`" not in page]


@every
def test_row_order_does_not_count(name: str) -> None:
    """The same rows in another order give the same digest."""
    assert digest(finding_of(name)) == digest(answer(name, shuffled))


@every
def test_running_again_gives_the_same(name: str) -> None:
    """The same rows and seed give the same digest."""
    assert digest(finding_of(name)) == digest(answer(name))


@every
def test_an_empty_case_is_insufficient(name: str, tmp_path: Path) -> None:
    """Asked of a case without rows, it says that the data cannot answer, and which are missing."""
    finding = new_case(tmp_path / "case").run(name)
    assert ("insufficient", name) == (finding.verdict, finding.analysis)
    assert finding.gate
    assert str(finding.claim)


@every
def test_its_json_round_trips_and_is_valid(name: str) -> None:
    """Its finding goes through JSON unchanged and is valid against the published schema."""
    finding = finding_of(name)
    data = json.loads(to_json(finding))
    jsonschema.validate(data, json.loads(SCHEMA.read_text("utf-8")))
    assert to_data(finding) == to_data(from_data(data, finding.tables))
    assert digest(finding) == digest(from_data(data, finding.tables))


@every
def test_its_numbers_carry_units_and_its_evidence_is_there(name: str) -> None:
    """An effect names its metric, unit and method; evidence points to rows that are there; figures draw published columns."""
    finding = finding_of(name)
    if finding.effect is not None:
        assert all((finding.effect.metric, finding.effect.unit, finding.effect.method))
    ids = set(world()["posts"].column("post_id").to_pylist())
    assert all(e.id in ids for e in finding.evidence if e.table == "posts")
    assert finding.evidence_total >= len(finding.evidence)
    counted = {e.role.args.get("counts") for e in finding.evidence if e.value is not None}
    assert all(key in catalogue(lang) for key in counted for lang in LANGUAGES)
    for figure in finding.figures:
        columns = {figure.x, *figure.y, *(figure.band or ()), figure.series or ""} - {""}
        assert columns <= set(finding.tables[figure.table].column_names), figure.name
