"""What does a command cost? Seconds, CPU seconds and peak memory of a process and its children; the table that says so."""

import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
AGORASCOPE = (sys.executable, "-c", "from agorascope.cli import main; main()")
_SAMPLE_S = 0.05
_HEAD = """# Performance

Written by `make bench`; `benchmarks/README.md` says what each number is and how to take it again.
"""


@dataclass(frozen=True)
class Cost:
    """Hold what one run cost. ``memory_mb`` is the greatest sum of resident memory over the processes, in 10^6 bytes."""

    seconds: float
    cpu_s: float
    memory_mb: float


def cost(command: Sequence[str]) -> Cost:
    """Run a command to its end and measure it with its children (Linux). Raises RuntimeError with its errors when it fails."""
    with tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        peak = [0]
        sampler = threading.Thread(target=_sample, args=(process.pid, peak), daemon=True)
        sampler.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.join()
        if process.returncode:
            errors.seek(0)
            raise RuntimeError(
                f"{' '.join(command)} ended with {process.returncode}: {errors.read().decode(errors='replace')[-2000:]}"
            )
    return Cost(seconds, used.ru_utime + used.ru_stime, max(peak[0], used.ru_maxrss * 1024) / 1e6)


def write_table(name: str, header: Sequence[str], rows: Sequence[Sequence[object]], said: str) -> str:
    """Put a table and a sentence between the markers of ``name`` in docs/performance.md; return what was written."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *(f"| {' | '.join(map(str, row))} |" for row in rows)]
    block = "\n".join([*lines, "", said, "", f"Measured on {machine()}."])
    first, last = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8") if PAGE.is_file() else _HEAD
    if first not in page:
        page += f"\n## {name.capitalize()}\n\n{first}\n{last}\n"
    before, _, rest = page.partition(first)
    PAGE.write_text(f"{before}{first}\n{block}\n{last}{rest.partition(last)[2]}", "utf-8")
    return block


def machine() -> str:
    """Describe the machine: cores, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "deltalake", "msgspec"))
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.machine()}, Python {platform.python_version()}, {versions}"


def _sample(pid: int, peak: list[int]) -> None:
    """Keep the greatest sum of resident memory of a process and its descendants until it ends."""
    page = os.sysconf("SC_PAGE_SIZE")
    while Path(f"/proc/{pid}/statm").exists():
        peak[0] = max(peak[0], page * sum(_pages(p) for p in _family(pid)))
        time.sleep(_SAMPLE_S)


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found
