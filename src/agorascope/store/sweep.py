"""Which files belong to no table any more? What was written anew, and what a killed writer left: deleted for good."""

import shutil
from pathlib import Path

from . import delta, state


def sweep(folder: Path) -> bool:
    """Delete the files no table or segment refers to: the ones written anew, and what a killed writer left; say if any."""
    swept = False
    with state.connect(folder) as db:
        tables = {folder / r["folder"]: r["version"] for r in db.execute("SELECT folder, version FROM tables")}
        kept = {folder / r["path"] for r in db.execute("SELECT path FROM raw_segments")}
    for place in (folder / "tables").glob("*"):
        if place not in tables:
            shutil.rmtree(place, ignore_errors=True)
            swept = True
            continue
        current = set(delta.files(place, tables[place]))
        for file in place.glob("*.parquet"):
            if str(file) not in current:
                file.unlink()
                swept = True
    for file in (folder / "raw").glob("*/*"):
        if file not in kept:
            file.unlink()
            swept = True
    return swept
