"""Where may what leaves a case be written? Outside its folder, or in the two places that ``forget`` clears."""

from pathlib import Path

from agorascope.errors import UsageError

KEPT = ("reports", "exports")


def check_place(folder: Path, out: Path) -> None:
    """Raise UsageError for a place inside the case where an account could outlive being forgotten."""
    case, place = folder.resolve(), out.resolve()
    if place.is_relative_to(case) and not any(place.is_relative_to(case / name) for name in KEPT):
        raise UsageError(
            f"{out} lies inside the case, where forget would leave it; "
            f"write to {folder / KEPT[0]} or {folder / KEPT[1]}, or outside {folder}"
        )
