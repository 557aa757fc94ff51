"""Give the store tests small files of posts and a way to read what a case holds."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from agorascope import Case, new_case

HEADER = ("post_id", "author", "created_at", "text", "likes")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Make an empty case."""
    return new_case(tmp_path / "case", salt="test")


@pytest.fixture
def posts(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV file of posts with ids first..last, told apart by author and text."""

    def write(name: str, first: int, last: int, *, ids: bool = True) -> Path:
        draw = random.Random(7)
        header = HEADER if ids else HEADER[1:]
        file = tmp_path / name
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(header)
            for i in range(first, last):
                row = (
                    f"p{i}",
                    f"user{i % 50}",
                    f"2024-03-{1 + i % 28:02d}T10:{i % 60:02d}:00Z",
                    f"post number {i} é",
                    draw.randrange(100),
                )
                writer.writerow(row if ids else row[1:])
        return file

    return write
