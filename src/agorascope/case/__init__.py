"""What is a case? A folder with everything: the collected records, the findings, the reports.

The only place where sources, store, analyses and report meet. A person can zip the folder, hand it over, and have its
findings verified elsewhere::

    case = agorascope.new_case("my-case")
    case.add("posts.csv")
    finding = case.run("conversation")
    case.report("fr")
"""

import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from agorascope import store
from agorascope.errors import CaseError, NotACase
from agorascope.findings import Finding
from agorascope.store import Added, Refusals
from agorascope.store.forget import Forgotten
from agorascope.store.quarantine import Row
from agorascope.tables import Corpus

from . import adding, asking, exporting, forgetting, naming, reporting, retrying, running, verifying
from .retrying import Retried
from .running import Excluded, Given
from .verifying import Checked

CONFIG = "case.toml"


@dataclass(frozen=True)
class Case:
    """Name a case folder; every method reads or writes that folder, none holds anything open."""

    path: Path

    @property
    def config(self) -> Mapping[str, Any]:
        """Read ``case.toml``: ``title``, ``created`` and the ``salt`` of the pseudonyms. Raises NotACase when it is damaged."""
        try:
            return tomllib.loads((self.path / CONFIG).read_text("utf-8"))
        except ValueError as error:
            raise NotACase(f"{self.path / CONFIG} is damaged: {error}; restore it from a copy") from error

    def add(
        self,
        *files: str | Path,
        format: str | None = None,
        columns: str | Path | None = None,
        on_progress: Callable[[str, int], None] | None = None,
    ) -> list[Added]:
        """Read files into the case. Adding again what is there changes nothing and says so.

        ``on_progress(file name, records read)`` is called as the work goes on. Raises InputError, Unrecognised, CaseBusy.
        """
        return adding.add(
            self.path, [Path(f) for f in files], format=format, columns=Path(columns) if columns else None, on_progress=on_progress
        )

    def run(self, analysis: str, *, engine: str = "duckdb", threads: int = 2, **params: object) -> Finding:
        """Run one analysis and store its finding. Raises UnknownName, BadValue."""
        given = [Given(analysis, name, value) for name, value in params.items()]
        return running.run(self.path, [analysis], given, engine=engine, threads=threads, salt=self.config["salt"])[0][0]

    def run_all(
        self, *analyses: str, params: Sequence[Given] = (), engine: str = "duckdb", threads: int = 2
    ) -> tuple[list[Finding], list[Excluded]]:
        """Run the analyses named, or all that the case's tables allow; say which were left out and why.

        Every parameter is judged before the first analysis runs. One that names no analysis goes to those that take its
        value. Raises UnknownName for a name nobody has, BadValue for a value nobody takes.
        """
        return running.run(self.path, list(analyses), params, engine=engine, threads=threads, salt=self.config["salt"])

    def findings(self, *analyses: str) -> list[Finding]:
        """Give the stored findings, strongest first. Raises CaseError when one named was never run."""
        return running.stored(self.path, list(analyses))

    def shown(self, findings: Sequence[Finding], *, identities: bool = False, now: str = "") -> list[Finding]:
        """Give findings as a terminal shows them: those about networks name accounts only with ``identities``, which is logged."""
        if not identities:
            return naming.members_unnamed(findings, self.config)
        named = [finding.analysis for finding in findings if naming.of_networks(finding)]
        if named:
            store.note(self.path, now, f"shown with identities: {', '.join(named)}")
        return list(findings)

    def stale(self, findings: Sequence[Finding]) -> list[str]:
        """Name the analyses among these findings that were run before the last change of the rows: to be run again."""
        if not findings:
            return []
        now = self.corpus().digest
        return [finding.analysis for finding in findings if finding.provenance.corpus_digest != now]

    def needs(self, findings: Sequence[Finding]) -> dict[str, tuple[str, ...]]:
        """Name, for each of these findings that has any, the parameters without which it would not be made again."""
        return running.needs(findings)

    def corpus(self, *, engine: str = "duckdb", threads: int = 2) -> Corpus:
        """Open the rows as they are now."""
        return store.snapshot(self.path, engine=engine, threads=threads)

    def query(self, sql: str, /, **params: object) -> pa.Table:
        """Answer one SELECT over the canonical tables, as an Arrow table. Raises UsageError for anything else."""
        return asking.answer(self.corpus(), sql, params)

    def table(self, name: str) -> pa.Table:
        """Give one canonical table as Arrow."""
        corpus = self.corpus()
        corpus.has(name)
        return corpus.query(f"SELECT * FROM {name}")

    def raw(self, file_id: int, record: int) -> bytes:
        """Give the raw record behind a row, by its ``file_id`` and ``record``."""
        return store.raw_record(self.path, file_id, record)

    def files(self) -> list[dict[str, Any]]:
        """Describe the files added, with their counts."""
        files: list[dict[str, Any]] = (
            self.corpus().query("SELECT * FROM files ORDER BY name NULLS FIRST, file_id NULLS FIRST").to_pylist()
        )
        return files

    @property
    def erasures(self) -> int:
        """Count how often accounts were forgotten here."""
        return store.erasures(self.path)

    def report(self, lang: str = "en", *, out: str | Path | None = None, identities: bool = False, now: str = "") -> Path:
        """Write the report of the stored findings; ``out`` ends in .html, .md or .json (default reports/report.LANG.html).

        Raises UsageError for an ``out`` inside the case but in neither ``reports`` nor ``exports``: ``forget`` would miss it.
        ``now`` dates the line in the case's log that says identities were shown.
        """
        return reporting.report(self.path, self.config, lang, out=Path(out) if out else None, identities=identities, now=now)

    def export(
        self,
        analysis: str,
        to: str,
        *,
        out: str | Path | None = None,
        identities: bool = False,
        force: bool = False,
        now: str = "",
    ) -> list[Path]:
        """Write the tables of a finding. Raises UsageError for a format that does not apply, a place in use or as in ``report``."""
        place = Path(out) if out else None
        return exporting.export(self.path, self.config, analysis, to, out=place, identities=identities, force=force, now=now)

    def quarantine(self) -> list[Row]:
        """List the records that could not be read; ``reason`` says why in English, ``say(row.message, lang)`` in a language."""
        return list(store.quarantine_rows(self.path))

    def refusals(self) -> list[Refusals]:
        """Count the quarantined records by kind of reason, most frequent first."""
        return store.quarantine_kinds(self.path)

    def retry(self, *, columns: str | Path | None = None) -> list[Retried]:
        """Map the quarantined records again; those that pass become rows. Say of each file what came of it.

        ``columns`` is for the files whose header has them; the others are left as they are. Raises BadValue for a column
        no file has.
        """
        return retrying.retry(self.path, columns=Path(columns) if columns else None)

    def verify(self, *, threads: int = 2) -> list[Checked]:
        """Recompute every stored finding and compare digests."""
        return verifying.verify(self.path, threads=threads)

    def forget(self, *accounts: str, now: str = "") -> Forgotten:
        """Erase accounts, by id or handle, with every byte that names them; findings and reports must be run again."""
        return forgetting.forget(self.path, self.path / CONFIG, accounts, now)


def new_case(path: str | Path, *, title: str | None = None, created: str = "", salt: str | None = None) -> Case:
    """Make an empty case in a new or empty folder. Raises CaseError when something is there."""
    folder = Path(path)
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise CaseError(f"{folder} is not empty; name a new folder, or add to the case in it with: agorascope add {folder} FILE")
    folder.mkdir(parents=True, exist_ok=True)
    lines = {"title": title or folder.resolve().name, "created": created, "salt": salt or secrets.token_hex(16)}
    text = "".join(f"{key} = {_toml(value)}\n" for key, value in lines.items())
    (folder / CONFIG).write_text(text, "utf-8")
    store.create(folder)
    return Case(folder)


def open_case(path: str | Path) -> Case:
    """Open the case in a folder. Raises NotACase when there is none."""
    folder = Path(path)
    if not (folder / CONFIG).is_file():
        raise NotACase(f"{folder} holds no case ({CONFIG} is missing); make one with: agorascope new {folder}")
    store.check(folder)
    return Case(folder)


def _toml(text: str) -> str:
    escaped = text.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


__all__ = ["Case", "Checked", "Excluded", "Given", "Retried", "new_case", "open_case"]
