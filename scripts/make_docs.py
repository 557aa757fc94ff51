"""Which pages follow from the code? The command line, the records, and the lists of the index; written by ``make docs``."""

import inspect
from pathlib import Path
from types import ModuleType

import typer

from agorascope import records as canonical
from agorascope.analyses import analyses
from agorascope.cli.app import app
from agorascope.sources import sources

DOCS = Path(__file__).resolve().parents[1] / "docs"
MADE = "<!-- Made by `make docs`; change the code instead. -->\n"


def pages() -> dict[str, str]:
    """Give every page made from the code: name in ``docs/`` -> text."""
    return {"cli.md": cli(), "records.md": records(), "index.md": index((DOCS / "index.md").read_text("utf-8"))}


def cli() -> str:
    """Describe every command, its arguments, its options and an example."""
    group = typer.main.get_command(app)
    parts = [f"{MADE}\n# What can be typed?\n\n{group.help}\n", EXITS]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        context = typer.Context(command, info_name=f"agorascope {name}")
        usage = " ".join([f"agorascope {name}", *command.collect_usage_pieces(context)])
        parts.append(f"\n## {name}\n\n{command.help}\n\n```text\n{usage}\n```\n")
        rows = [record for p in command.params if (record := p.get_help_record(context))]
        if rows:
            parts.append("\n" + _row("", "") + _row("---", "---") + "".join(_row(f"`{left}`", right) for left, right in rows))
        if command.epilog:
            label, _, example = command.epilog.partition(": ")
            parts.append(f"\n{label}: `{example}`\n")
    return "".join(parts)


EXITS = """
Exit codes: 0 when the command did its work, whatever the verdict of an analysis; 2 for a wrong call, an unreadable
file or a folder that is no case (one line on standard error says what to do); 1 for a fault of ours, or a finding that
`verify` could not reproduce; 141 when what reads the output stopped reading, as `head` does.

Every command speaks English and French: `--lang fr`, or once for all `AGORASCOPE_LANG=fr` in the environment, which is then the
default of `--lang`. What scripts read is the same in both languages: JSON, paths, and the lines of `verify`, whose first word is
`same`, `rows_changed` (other rows than those the finding was made from), `code_changed` (another version of Agorascope made it),
`refused` (the analysis no longer takes its parameters) or `differs`. Refusals of a wrong call or of a file nobody can read are in
English, and so is `--help`.

`agorascope --install-completion` sets up completion for your shell; `agorascope --version` prints the version.
"""


def records() -> str:
    """Describe the canonical tables: column, type, unit, what null means."""
    parts = [f"{MADE}\n# {_title(canonical)}\n\n{_rest(canonical)}\n"]
    for table, struct in canonical.TABLES.items():
        head = _row("column", "type", "what it is", "unit", "null means") + _row(*["---"] * 5)
        rows = [_row(f"`{c.name}`", str(c.type), c.doc.what, c.doc.unit, c.doc.null) for c in canonical.columns(table)]
        parts += [f"\n## {table}\n\n{inspect.getdoc(struct)}\n\n", head, *rows]
    return "".join(parts)


def index(page: str) -> str:
    """Renew the lists of analyses and formats in the index, between their markers."""
    asked = "".join(f"- [{name}](analyses/{name}.md): {_title(module)}\n" for name, module in sorted(analyses().items()))
    read = "".join(f"- [{name}](sources/{name}.md): {_title(module)}\n" for name, module in sorted(sources().items()))
    return _between(_between(page, "analyses", asked), "sources", read)


def _between(page: str, mark: str, text: str) -> str:
    begin, end = f"<!-- {mark}:begin -->\n", f"<!-- {mark}:end -->"
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"docs/index.md lacks {begin.strip()} ... {end}; put them back")
    return before + begin + text + end + after


def _title(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[0]


def _rest(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[2].strip().replace("``", "`")


def _row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")
        print(f"docs/{name}")
