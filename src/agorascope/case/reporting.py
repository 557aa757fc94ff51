"""How does a case become a report? Gather what the report needs to know of it, and write one file."""

from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from agorascope import report as pages
from agorascope import store
from agorascope.analyses import analyses
from agorascope.errors import BadValue, CaseError
from agorascope.findings import Finding
from agorascope.texts import LANGUAGES

from . import naming, running
from .leaving import check_place

FORMATS = (".html", ".md", ".json")


def report(folder: Path, config: Mapping[str, Any], lang: str, *, out: Path | None, identities: bool, now: str) -> Path:
    """Write the report of the stored findings. Raises BadValue for a language or ending nobody has, CaseError without findings."""
    if lang not in LANGUAGES:
        raise BadValue(f"language is {lang!r}; use one of {', '.join(LANGUAGES)}")
    target = out or folder / "reports" / f"report.{lang}.html"
    if target.suffix not in FORMATS:
        raise BadValue(f"cannot write a report as {target.suffix or target.name!r}; end the name in one of {', '.join(FORMATS)}")
    if out is not None:
        check_place(folder, out)
    findings = running.stored(folder, [])
    if not findings:
        raise CaseError(f"nothing was run on {folder} yet; run: agorascope run {folder}")
    if identities:
        store.note(folder, now, f"report with identities: {target.name}")
    else:
        findings = naming.unnamed(findings, store.snapshot(folder), config)
    render = {".html": pages.html, ".md": pages.markdown, ".json": pages.json_report}[target.suffix]
    page = render(findings, lang=lang, case=view(folder, config, findings, identities=identities), identities=identities)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    temporary.write_bytes(page if isinstance(page, bytes) else str(page).encode())
    temporary.replace(target)
    return target


def view(folder: Path, config: Mapping[str, Any], findings: Sequence[Finding], *, identities: bool) -> pages.CaseView:
    """Describe the case to the report: names and counts, and nothing quoted from refused records unless ``identities``.

    Of the analyses without a finding it says why they cannot be asked.
    """
    refused = store.quarantine_reasons(folder)
    corpus = store.snapshot(folder)
    events = corpus.query("SELECT at_us, label FROM events ORDER BY at_us NULLS FIRST, label NULLS FIRST").to_pylist()
    files = corpus.query(
        "SELECT name, source, records, accepted, duplicates, quarantined FROM files ORDER BY name NULLS FIRST, file_id NULLS FIRST"
    )
    asked = {one.analysis for one in findings}
    others = [name for name in analyses() if name not in asked]
    excluded = {name: reason for name in others if (reason := running.missing(name, corpus)) is not None}
    return pages.CaseView(
        title=config["title"],
        name=partial(pages.pseudonym, salt=config["salt"]),
        created=config.get("created") or None,
        files=files.to_pylist(),
        rows={n: c for n, c in corpus.rows.items() if c and n not in ("files", "quarantined")},
        events=[(e["at_us"], e["label"]) for e in events],
        corpus_digest=corpus.digest,
        code_version=version("agorascope"),
        excluded=excluded,
        quarantine=refused if identities else pages.unquoted(refused),
        needs=running.needs(findings),
    )
