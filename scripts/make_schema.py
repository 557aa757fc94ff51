"""What does a finding look like in JSON? Writes ``docs/finding.schema.json`` from ``findings.schema()``."""

import json
from pathlib import Path

from agorascope.findings import schema

TARGET = Path(__file__).resolve().parents[1] / "docs" / "finding.schema.json"


def text() -> str:
    """Give the published schema as it is written."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
    print(TARGET.relative_to(Path.cwd()) if TARGET.is_relative_to(Path.cwd()) else TARGET)
