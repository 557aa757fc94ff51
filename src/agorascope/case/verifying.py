"""Do the stored findings still follow from the stored records? Compute them again and compare digests."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec

from agorascope.errors import InvalidFinding, UsageError
from agorascope.findings import Finding, digest

from . import running
from .settings import needed


@dataclass(frozen=True)
class Checked:
    """Say for one finding whether the recomputed digest equals the stored one.

    ``status``: ``same``; ``rows_changed``, the rows are others than those it was made from; ``code_changed``, another
    version of Agorascope made it (``made_by``, where this is ``version``) from the same rows, or so it says: a version can
    be written by hand; ``refused``, the analysis takes these parameters no more on these rows (``why``), or nobody knows it;
    ``differs``, none of these explains it, or the file is no finding. ``only_version``: but for the version it names, the
    finding comes out the same. ``needs``: parameters without which it would not be made again.
    """

    analysis: str
    status: str
    stored: str
    computed: str
    made_by: str = ""
    version: str = ""
    only_version: bool = False
    needs: tuple[str, ...] = ()
    why: str = ""


def verify(folder: Path, *, threads: int) -> list[Checked]:
    """Recompute every stored finding, with its own parameters, and compare."""
    return [_checked(folder, name, threads) for name in running.made(folder)]


def _checked(folder: Path, name: str, threads: int) -> Checked:
    written = (folder / running.FINDINGS / name / "digest").read_text("ascii").strip()
    try:
        finding = running.load(folder, name)
    except (InvalidFinding, msgspec.MsgspecError):  # no longer what a finding is: somebody wrote into the file
        return Checked(name, "differs", written, "")
    try:
        again = running.recompute(folder, name, finding.params, threads=threads)
    except (UsageError, msgspec.ValidationError) as refusal:
        made_by, needs = finding.provenance.code_version, needed(name, finding.params)
        return Checked(name, "refused", written, "", made_by, version("agorascope"), needs=needs, why=str(refusal))
    computed, made, here = digest(again), finding.provenance, again.provenance
    intact = _intact(finding, written)
    if intact and computed == written:
        status = "same"
    elif (here.corpus_digest, here.rows) != (made.corpus_digest, made.rows):
        status = "rows_changed"
    elif intact and made.code_version and here.code_version != made.code_version:
        status = "code_changed"
    else:
        status = "differs"
    alike = status == "code_changed" and written == digest(_as_made_by(again, made.code_version))
    needs = needed(name, finding.params)
    return Checked(name, status, written, computed, made.code_version, here.code_version, alike, needs)


def _intact(finding: Finding, written: str) -> bool:
    """Tell whether a stored finding is the one its digest was written for; of one in the words of another version nobody can."""
    try:
        return written == digest(finding)
    except (KeyError, TypeError, ValueError):
        return finding.provenance.code_version != version("agorascope")


def _as_made_by(finding: Finding, version_: str) -> Finding:
    provenance = msgspec.structs.replace(finding.provenance, code_version=version_)
    return msgspec.structs.replace(finding, provenance=provenance)
