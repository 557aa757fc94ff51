"""How does a case forget an account? The store erases it; what was derived goes too; the log says that it was done."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from agorascope import store
from agorascope.errors import BadValue
from agorascope.store.forget import Forgotten


def forget(folder: Path, config: Path, accounts: Sequence[str], now: str) -> Forgotten:
    """Erase accounts by id or handle, the case's title in ``config`` included. Raises BadValue for an empty name."""
    if not accounts or any(not a.strip().removeprefix("@") for a in accounts):
        raise BadValue("no account named; give the id or handle of each account to forget")
    with store.lock(folder):
        done = store.forget(folder, [a.strip() for a in accounts])
        _scrub_title(config, done.blank)
        store.note(
            folder,
            now,
            f"forgot {len(accounts)} account(s): {done.rows} rows, {done.raw} raw records, {done.quarantined} quarantined records",
        )
    return done


def _scrub_title(config: Path, blank: Callable[[str], str]) -> None:
    text = config.read_text("utf-8")
    cleaned = re.sub(r'(?m)^(title = ")(.*)(")$', lambda line: line[1] + blank(line[2]) + line[3], text)
    if cleaned != text:
        temporary = config.with_name(f".{config.name}.new")
        temporary.write_text(cleaned, "utf-8")
        temporary.replace(config)
