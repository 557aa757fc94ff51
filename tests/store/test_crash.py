"""Does a case survive being killed while it adds? (The 50-kill run of 300,000 rows is ``benchmarks/crash.py``.)"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agorascope import new_case, open_case

Write = Callable[..., Path]
_ADD = (
    "import sys; from agorascope import open_case; import agorascope.store.ingest as i; "
    "i.BATCH_RECORDS = 2000; open_case(sys.argv[1]).add(sys.argv[2])"
)


def add_in_process(folder: Path, file: Path) -> subprocess.Popen[bytes]:
    """Start adding a file in another process, in small batches."""
    return subprocess.Popen([sys.executable, "-c", _ADD, str(folder), str(file)], start_new_session=True)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.95])
def test_killed_add_leaves_whole_batches_and_can_be_completed(tmp_path: Path, posts: Write, share: float) -> None:
    """Killed at any moment, the case opens with whole batches; adding again gives the undisturbed digest."""
    file = posts("a.csv", 0, 60_000)
    whole = new_case(tmp_path / "whole", salt="s")
    start = time.monotonic()
    assert add_in_process(whole.path, file).wait() == 0
    duration = time.monotonic() - start
    killed = new_case(tmp_path / "killed", salt="s")
    process = add_in_process(killed.path, file)
    try:
        process.wait(timeout=share * duration)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    reopened = open_case(killed.path)
    counted = sum(f["accepted"] + f["duplicates"] + f["quarantined"] for f in reopened.files())
    assert reopened.corpus().rows["posts"] == counted == sum(f["records"] for f in reopened.files())
    reopened.add(file)
    assert reopened.corpus().digest == whole.corpus().digest
