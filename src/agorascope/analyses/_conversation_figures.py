"""Which charts and tables does the conversation analysis show? Those with rows, and counts that were given."""

import pyarrow as pa

from agorascope.findings import Figure
from agorascope.texts import Message, message

from ._conversation_reduce import Activity


def figures(activity: Activity, tables: dict[str, pa.Table], sides: Message) -> tuple[Figure, ...]:
    """Describe the charts of the published tables, leaving out those without rows; ``sides`` says what changes compare."""
    volume = "posts" if activity.metric == "posts" else "volume"
    made = [
        Figure(
            name="volume",
            kind="timeline",
            table="volume",
            title=message(f"conversation.figure.{volume}"),
            x="start_us",
            y=("posts", "expected"),
            band=("low", "high"),
            marks="episodes",
            note=message("conversation.figure.volume_note"),
        )
    ]
    measured = [name for name in ("authors", "engagement", "views") if _varies(tables["volume"], name)]
    if all(account is None for _, account in activity.authors):
        measured = [name for name in measured if name != "authors"]
    made += [
        Figure(
            name=name,
            kind="timeline",
            table="volume",
            title=message(f"conversation.figure.{name if name != 'views' or activity.measured else 'reach'}"),
            x="start_us",
            y=(name,),
            marks="episodes",
        )
        for name in measured
    ]
    for name in activity.dimensions:
        table = tables[f"by_{name}"]
        if len(table["category"].unique()) > 1:
            made.append(
                Figure(
                    name=f"by_{name}",
                    kind="timeline",
                    table=f"by_{name}",
                    title=message(f"conversation.figure.by_{name}"),
                    x="start_us",
                    y=("posts",),
                    series="category",
                )
            )
    made.append(
        Figure(
            name="changes",
            kind="bars",
            table="changes",
            title=message("conversation.figure.changes"),
            x="label",
            y=("ratio",),
            band=("low", "high"),
            log=True,
            note=message("conversation.figure.changes_note", sides=sides),
        )
    )
    shown = {
        "top_posts": ("account_id", "engagement", "views", "share", "text", "created_at_us", "kind", "permalink"),
        "top_objects": ("kind", "value", "posts", "authors", "share", "low", "high"),
        "top_authors": ("platform", "account_id", "posts", "share", "low", "high", "engagement", "views"),
        "concentration": ("of", "measure", "value", "low", "high", "authors"),
        "events_compared": ("measure", "event_a", "event_b", "a", "b", "ratio", "low", "high"),
    }
    made += [
        Figure(name=name, kind="table", table=name, title=message(f"conversation.figure.{name}"), y=columns)
        for name, columns in shown.items()
        if name in tables
    ]
    return tuple(figure for figure in made if tables[figure.table].num_rows)


def _varies(table: pa.Table, column: str) -> bool:
    values = table[column].drop_null()
    return len(values.unique()) > 1
