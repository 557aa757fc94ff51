"""How does a case forget an account? The store erases it; what was derived goes too; the log says that it was done."""

from collections.abc import Sequence
from pathlib import Path

from agorascope import store
from agorascope.errors import BadValue
from agorascope.store.forget import Forgotten


def forget(folder: Path, accounts: Sequence[str], now: str) -> Forgotten:
    """Erase accounts by id or handle. Raises BadValue for an empty name."""
    if not accounts or any(not a.strip().removeprefix("@") for a in accounts):
        raise BadValue("no account named; give the id or handle of each account to forget")
    with store.lock(folder):
        done = store.forget(folder, [a.strip() for a in accounts])
        store.note(
            folder,
            now,
            f"forgot {len(accounts)} account(s): {done.rows} rows, {done.raw} raw records, {done.quarantined} quarantined records",
        )
    return done
