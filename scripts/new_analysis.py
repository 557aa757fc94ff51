"""How does a new question begin? With an analysis, its texts, its page and its test, all running: change them from there.

``python scripts/new_analysis.py NAME``, or ``make new-analysis NAME=x``.
"""

import re
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).resolve().parent / "new_analysis.d"
PLACES = {
    "analysis.py.txt": "src/agorascope/analyses/{name}.py",
    "en.toml.txt": "src/agorascope/texts/en/{name}.toml",
    "fr.toml.txt": "src/agorascope/texts/fr/{name}.toml",
    "page.md.txt": "docs/analyses/{name}.md",
    "test.py.txt": "tests/analyses/test_{name}.py",
}


def files(name: str) -> dict[Path, str]:
    """Give the files of a new analysis: path -> text. Raises ValueError for a name that cannot be one, or is taken."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f"name is {name!r}; use a noun in lower case, such as: make new-analysis NAME=cascades")
    made = {ROOT / place.format(name=name): template for template, place in PLACES.items()}
    taken = [str(path.relative_to(ROOT)) for path in made if path.exists()]
    if taken:
        raise ValueError(f"{', '.join(taken)}: there already; choose another name")
    return {path: Template((TEMPLATES / template).read_text("utf-8")).substitute(name=name) for path, template in made.items()}


def main() -> None:
    """Write the files of the analysis named on the command line."""
    try:
        made = files(" ".join(sys.argv[1:]))
    except ValueError as error:
        sys.exit(f"new-analysis: {error}")
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
