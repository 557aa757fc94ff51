"""Do the stored findings still follow from the stored records? Compute them again and compare digests."""

from dataclasses import dataclass
from pathlib import Path

from agorascope.findings import digest

from . import running


@dataclass(frozen=True)
class Checked:
    """Say for one finding whether the recomputed digest equals the stored one. ``status``: same, rows_changed, differs."""

    analysis: str
    status: str
    stored: str
    computed: str


def verify(folder: Path, *, threads: int) -> list[Checked]:
    """Recompute every stored finding, with its own parameters, and compare."""
    checked = []
    for finding in running.stored(folder, []):
        written = (folder / running.FINDINGS / finding.analysis / "digest").read_text("ascii").strip()
        again = running.recompute(folder, finding.analysis, finding.params, threads=threads)
        computed, kept = digest(again), digest(finding)
        status = "same" if computed == written == kept else "differs"
        if status == "differs" and again.provenance.corpus_digest != finding.provenance.corpus_digest:
            status = "rows_changed"
        checked.append(Checked(finding.analysis, status, written, computed))
    return checked
