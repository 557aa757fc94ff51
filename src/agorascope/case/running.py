"""How does an analysis run on a case? Choose it, parse its parameters, give it the corpus, store what it found."""

import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from agorascope import store
from agorascope.analyses import analyses, analysis
from agorascope.errors import BadValue, CaseBusy, CaseError
from agorascope.findings import Finding, Provenance, digest, from_data, insufficient, strength, to_json
from agorascope.tables import Corpus
from agorascope.texts import Message, message, say

from . import naming
from .settings import Given, Untaken, needed, parameters, settle, whose

FINDINGS = "findings"
GATE = "coverage"  # what every report opens with: kept where another analysis had it made


@dataclass(frozen=True)
class Excluded:
    """Say which analysis was left out and why."""

    analysis: str
    reason: Message


def run(
    folder: Path, names: Sequence[str], given: Sequence[Given], *, engine: str, threads: int, salt: str
) -> tuple[list[Finding], list[Excluded]]:
    """Run the analyses named, or every one the case allows; store and return the findings, strongest first.

    Accounts may be given by the pseudonyms that this case's ``salt`` makes.
    """
    chosen = [analysis(n).__name__.rpartition(".")[2] for n in names] or list(analyses())
    settle(chosen, given)
    erasures = store.erasures(folder)
    corpus = store.snapshot(folder, engine=engine, threads=threads)
    settings, _ = settle(chosen, naming.identified(given, corpus, salt))
    results: dict[str, Finding] = {}
    excluded: list[Excluded] = []
    for name in chosen:
        missing = _missing(analysis(name), corpus, settings[name])
        if missing is not None and not names:
            excluded.append(Excluded(name, missing))
            continue
        try:
            results[name] = _answer(folder, name, corpus, settings[name], missing)
        except BadValue as refusal:
            if len(chosen) == 1 or not settings[name]:
                raise
            raise BadValue(whose(name, refusal, several=True)) from refusal
    if store.erasures(folder) != erasures:
        shutil.rmtree(folder / FINDINGS, ignore_errors=True)
        raise CaseBusy(f"an account was forgotten in {folder} meanwhile; the findings made from it were dropped, run again")
    return sorted(results.values(), key=strength), excluded


def stored(folder: Path, names: Sequence[str]) -> list[Finding]:
    """Read the stored findings, strongest first. Raises CaseError where none is stored, or one that cannot be said any more."""
    for name in names:
        if not (folder / FINDINGS / name / "finding.json").is_file():
            analysis(name)
            raise CaseError(f"{name} was not run on this case; run: agorascope run {folder} {name}")
    return sorted((_sayable(folder, load(folder, name)) for name in names or made(folder)), key=strength)


def made(folder: Path) -> list[str]:
    """Name the analyses whose findings are stored, in the order of the alphabet."""
    return [p.parent.name for p in sorted((folder / FINDINGS).glob("[!.]*/finding.json"))]


def asked(folder: Path) -> dict[str, dict[str, Any]]:
    """Give the parameters that each stored finding was made with; none of one that the case had no rows for."""
    return {name: msgspec.json.decode((folder / FINDINGS / name / "finding.json").read_bytes())["params"] for name in made(folder)}


def needs(findings: Sequence[Finding]) -> dict[str, tuple[str, ...]]:
    """Name, for each of these findings that has any, the parameters without which it would not be made again."""
    return {one.analysis: names for one in findings if (names := needed(one.analysis, one.params))}


def kept(folder: Path, findings: Sequence[Finding]) -> list[str]:
    """Name the analyses that could not be asked, so that their earlier findings stay."""
    params = asked(folder)
    return [one.analysis for one in findings if not one.params and params.get(one.analysis)]


def load(folder: Path, name: str) -> Finding:
    """Read one stored finding with its published tables."""
    place = folder / FINDINGS / name
    tables = {p.stem: pq.read_table(p) for p in sorted(place.glob("*.parquet"))}
    return from_data(msgspec.json.decode((place / "finding.json").read_bytes()), tables)


def _sayable(folder: Path, finding: Finding) -> Finding:
    """Give the finding back. Raises CaseError where another version made it, with sentences that this one cannot say."""
    try:
        for one in _messages(finding):
            say(one, "en")
    except (KeyError, TypeError, ValueError) as missing:  # a sentence or a value it lacks, or a value of another kind
        asked = "".join(f" -p {name}=…" for name in needs([finding]).get(finding.analysis, ()))
        raise CaseError(
            f"{finding.analysis} of {folder} was made by another version, whose sentences this one does not have ({missing}); "
            f"run again: agorascope run {folder} {finding.analysis}{asked}"
        ) from missing
    return finding


def _messages(part: object) -> Iterator[Message]:
    """Give every sentence that a finding holds, those within others by saying these."""
    if isinstance(part, Message):
        yield part
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _messages(getattr(part, name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _messages(one)


def recompute(folder: Path, name: str, params: Mapping[str, object], *, threads: int) -> Finding:
    """Run one analysis with given parameters and store nothing."""
    corpus = store.snapshot(folder, threads=threads)
    missing = _missing(analysis(name), corpus, dict(params))
    settings = None if missing else msgspec.convert(dict(params), analysis(name).Params, strict=False)
    return _compute(folder, name, corpus, settings, missing)


def missing(name: str, corpus: Corpus) -> Message | None:
    """Say why an analysis cannot run on these rows with default parameters; None when it can."""
    return _missing(analysis(name), corpus, {})


def untaken(names: Sequence[str], given: Sequence[Given]) -> list[Untaken]:
    """Say which of the analyses named, or of all, do not take a value that others of them take."""
    return settle(names or list(analyses()), given)[1]


def _missing(module: ModuleType, corpus: Corpus, settings: Mapping[str, object]) -> Message | None:
    """Say what an analysis lacks here: a required parameter, or all alternatives of its tables."""
    name = module.__name__.rpartition(".")[2]
    required = [f for f, info in parameters(name).items() if info.required and f not in settings]
    if required:
        return message("case.missing_parameter", names=required)
    alternatives: tuple[tuple[str, ...], ...] = getattr(module, "REQUIRES", ())
    stands_in = settings.keys() & set(getattr(module, "INSTEAD", ()))
    if alternatives and not stands_in and not any(corpus.has(*tables) for tables in alternatives):
        return message("case.missing_tables", names=[" + ".join(t) for t in alternatives])
    return None


def _answer(folder: Path, name: str, corpus: Corpus, given: Mapping[str, object], missing: Message | None) -> Finding:
    settings = None if missing else msgspec.convert(dict(given), analysis(name).Params, strict=False)
    finding = _compute(folder, name, corpus, settings, missing, keep=True)
    if missing is None or not _outlasts(folder, name, missing, corpus.digest):
        _save(folder, finding)
    return finding


def _outlasts(folder: Path, name: str, missing: Message, rows: str) -> bool:
    """Tell whether a stored finding outlasts a question that lacks a parameter, or rows where its own rows are the same."""
    if name not in made(folder) or not asked(folder)[name]:
        return False
    return missing.key == "case.missing_parameter" or load(folder, name).provenance.corpus_digest == rows


def _compute(folder: Path, name: str, corpus: Corpus, settings: Any, missing: Message | None, *, keep: bool = False) -> Finding:
    module = analysis(name)
    if missing is not None:
        limits = tuple(module.LIMITS)
        finding = insufficient(name, message(f"{name}.question"), missing, limits, gate="missing", params={})
    else:
        finding = module.run(_with_results(folder, module, corpus, settings, keep=keep), settings)
    seed = int(finding.params.get("seed", 0))
    rows = {table: count for table, count in sorted(corpus.rows.items()) if count and table != "files"}
    known = Provenance(corpus_digest=corpus.digest, code_version=version("agorascope"), engine=corpus.engine, seed=seed, rows=rows)
    tables = {n: rounded(t) for n, t in finding.tables.items()}
    return msgspec.structs.replace(_round(finding), provenance=known, tables=tables)


def _with_results(folder: Path, module: ModuleType, corpus: Corpus, settings: Any, *, keep: bool) -> Corpus:
    """Run what the analysis builds on, with default parameters and the same seed, unless already stored for these rows.

    With ``keep`` the gate is stored where the case has none, so that a report does not say that coverage was never checked.
    """
    results: dict[str, pa.Table] = {}
    of_use = corpus.has(*getattr(module, "NEEDS_WHERE", ())) and getattr(module, "needs", bool)(settings)
    for need in getattr(module, "NEEDS", ()) if of_use else ():
        seed = {"seed": settings.seed} if "seed" in parameters(need) and hasattr(settings, "seed") else {}
        finding = _cached(folder, need, corpus, seed)
        if finding is None and _missing(analysis(need), corpus, {}) is None:
            finding = _compute(folder, need, corpus, analysis(need).Params(**seed), None)
            if keep and need == GATE and not (folder / FINDINGS / need).exists():
                _save(folder, finding)
        if finding is not None:
            results |= {f"{need}.{n}": t for n, t in finding.tables.items()}
    return Corpus(corpus.rows, corpus.execute, corpus.digest, corpus.engine, results)


def _cached(folder: Path, name: str, corpus: Corpus, seed: Mapping[str, int]) -> Finding | None:
    if not (folder / FINDINGS / name / "finding.json").is_file():
        return None
    finding = load(folder, name)
    default = msgspec.to_builtins(analysis(name).Params(**seed))
    same = finding.provenance.corpus_digest == corpus.digest and finding.provenance.code_version == version("agorascope")
    return finding if same and msgspec.to_builtins(finding.params) == default else None


def _save(folder: Path, finding: Finding) -> None:
    """Write a finding beside the old one, then put it in its place."""
    place = folder / FINDINGS / finding.analysis
    temporary = folder / FINDINGS / f".{finding.analysis}.new"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    (temporary / "finding.json").write_bytes(to_json(finding))
    (temporary / "digest").write_text(digest(finding) + "\n", "ascii")
    for name, table in finding.tables.items():
        pq.write_table(table, temporary / f"{name}.parquet", compression="zstd")
    shutil.rmtree(place, ignore_errors=True)
    temporary.rename(place)


def rounded(table: pa.Table) -> pa.Table:
    """Round the floats of a published table to 12 significant digits, so that threads and machines agree."""
    for i, column in enumerate(table.schema):
        if pa.types.is_floating(column.type):
            values = [None if v is None or not math.isfinite(v) else float(f"{v:.12g}") for v in table.column(i).to_pylist()]
            table = table.set_column(i, column.name, pa.array(values, pa.float64()))
    return table


def _round(finding: Finding) -> Finding:
    return msgspec.structs.replace(
        finding,
        **{
            name: _rounded_value(getattr(finding, name))
            for name in ("effect", "units", "evidence", "rivals", "calibration", "claim", "notes")
        },
    )


def _rounded_value(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{n: _rounded_value(getattr(value, n)) for n in value.__struct_fields__})
    if isinstance(value, dict):
        return {k: _rounded_value(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_rounded_value(v) for v in value)
    return value


__all__ = [
    "Excluded",
    "Given",
    "asked",
    "load",
    "made",
    "missing",
    "parameters",
    "recompute",
    "rounded",
    "run",
    "stored",
    "untaken",
]
