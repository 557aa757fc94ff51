"""Which arguments and options do several commands share? Their types, with the help each one shows."""

from pathlib import Path
from typing import Annotated

import typer

from . import steps

Dir = Annotated[Path, typer.Argument(help="The case folder.", show_default=False)]
Files = Annotated[
    list[Path],
    typer.Argument(help="Files of collected posts: CSV, TSV, JSON lines, Parquet; gz and zst as they are.", show_default=False),
]
MoreFiles = Annotated[
    list[Path] | None,
    typer.Argument(help="Files of collected posts: CSV, TSV, JSON lines, Parquet; gz and zst as they are.", show_default=False),
]
Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        envvar="AGORASCOPE_LANG",
        callback=steps.check_language,
        help="Language of what is printed and of the report: en or fr.",
    ),
]
Format = Annotated[
    str | None, typer.Option("--format", help="Read the files as this format (agorascope sources) instead of finding it.")
]
Columns = Annotated[
    Path | None, typer.Option("--columns", help='TOML file that maps canonical names to your columns: text = "Message".')
]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "-p",
        "--param",
        metavar="[ANALYSIS.]NAME=VALUE",
        help="Set a parameter, of every analysis that takes the value unless one is named; may be repeated.",
    ),
]
Engine = Annotated[str, typer.Option("--engine", help="duckdb; or spark, where the extra of that name is installed.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON array of findings and nothing else.")]
Identities = Annotated[
    bool, typer.Option("--identities", help="Name accounts instead of giving pseudonyms; this is logged in the case.")
]
Members = Annotated[
    bool, typer.Option("--identities", help="Name accounts in findings about networks, not pseudonyms; this is logged in the case.")
]
Groups = Annotated[
    Path | None, typer.Option("--groups", help="CSV account_id,group (or handle): parties, communities, treated accounts.")
]
Events = Annotated[Path | None, typer.Option("--events", help="CSV at,label (ISO dates): marks on every time line.")]
