"""How are rows kept? One Delta table per canonical table, written by appending, read at a given version.

No column statistics are written: they would repeat texts and ids in the log, where ``forget`` could not reach them.
"""

import re
import shutil
from pathlib import Path

import pyarrow as pa
from deltalake import ColumnProperties, DeltaTable, WriterProperties, write_deltalake

from agorascope.errors import CaseError

_CODES = ("platform", "kind", "created_at_source", "language", "views_kind", "account_type", "metric", "network", "layer")
"""Columns of few different words. The others hold ids, texts, numbers and hashes: a dictionary of them is work for nothing."""
_PACKED = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    statistics_truncate_length=1,
    default_column_properties=ColumnProperties(dictionary_enabled=False),
    column_properties={name: ColumnProperties(dictionary_enabled=True) for name in _CODES},
)
_UNFIT = re.compile(r"[\[\]|^\\]|%[0-9A-Fa-f]{2}")
_CONFIGURATION = {"delta.dataSkippingNumIndexedCols": "0", "delta.checkpointInterval": "1000000"}


def append(folder: Path, rows: pa.Table, version: int | None) -> int:
    """Append rows to the table as it was at ``version`` (None = not yet made); return the new version.

    What a killed writer left past ``version`` is rolled back first; columns the table did not know are added to it. Raises
    CaseError for a folder Delta cannot name.
    """
    unfit = next((found[0] for part in folder.resolve().parts[1:] if (found := _UNFIT.search(part))), None)
    if unfit is not None:
        raise CaseError(f"{folder} has {unfit} in its path, which the table format cannot name; rename the folder")
    if version is None:
        shutil.rmtree(folder, ignore_errors=True)
        write_deltalake(str(folder), rows, mode="error", configuration=_CONFIGURATION, writer_properties=_PACKED)
        return 0
    table = DeltaTable(str(folder))
    if table.version() != version:
        table.restore(version)
    write_deltalake(table, rows, mode="append", schema_mode="merge", writer_properties=_PACKED)
    return table.version()


def files(folder: Path, version: int) -> list[str]:
    """List the Parquet files that make up the table at a version.

    Delta gives addresses in which spaces and accents of the folder are escaped; the names of the files need none.
    """
    return sorted(str(folder / uri.rpartition("/")[2]) for uri in DeltaTable(str(folder), version=version).file_uris())
