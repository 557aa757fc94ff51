"""What does an analysis ask, what does a format read? In the reader's language; what is written for developers, in English only."""

import inspect
from types import ModuleType

from rich.markup import escape

from agorascope.analyses import analyses
from agorascope.case import settings
from agorascope.errors import UnknownName
from agorascope.sources import sources
from agorascope.texts import catalogue, message, say

from .show import console, said

_LISTS = ("COLUMNS", "METRICS", "NAMES", "FACEBOOK", "INSTAGRAM")  # what modules call the columns they know


def explain(name: str, lang: str) -> None:
    """Explain one analysis or one format. Raises UnknownName."""
    if name in analyses():
        _analysis(name, analyses()[name], lang)
    elif name in sources():
        _source(name, sources()[name], lang)
    else:
        raise UnknownName("analysis or format", name, [*analyses(), *sources()])


def columns(module: ModuleType) -> list[str]:
    """List the canonical names of the columns that a format of tables knows; none for a format of JSON values."""
    if module.CONTAINER != "table":
        return []
    return list(dict.fromkeys(name for listed in _LISTS for name in getattr(module, listed, ())))


def _analysis(name: str, module: ModuleType, lang: str) -> None:
    words = catalogue(lang)
    console().print(f"[bold]{escape(words[f'{name}.question'])}[/]\n\n{escape(words[f'{name}.meaning'])}")
    _head("parameters", lang)
    for parameter in settings.parameters(name):
        said("cli.explain.parameter", lang, **_parameter(name, parameter, lang))
    if rivals := [text for key, text in words.items() if key.startswith(f"{name}.rival.")]:
        _head("tests", lang)
        _list(rivals)
    _head("limits", lang)
    _list([say(limit, lang) for limit in module.LIMITS])
    _head("example", lang)
    console().print(f"  {escape(module.EXAMPLE)}")
    _rest(module, f"docs/analyses/{name}.md", lang)


def _source(name: str, module: ModuleType, lang: str) -> None:
    console().print(f"[bold]{escape(catalogue(lang)[f'sources.about.{name}'])}[/]")
    if known := columns(module):
        _head("columns", lang)
        console().print(f"  {escape(', '.join(known))}")
    _rest(module, f"docs/sources/{name}.md", lang)


def _parameter(name: str, parameter: str, lang: str) -> dict[str, str]:
    info = settings.parameters(name)[parameter]
    if info.required:
        default = message("cli.explain.required")
    elif info.default == "":
        default = message("cli.explain.empty")
    else:
        typed = str(info.default).lower() if isinstance(info.default, bool) else str(info.default)
        default = message("cli.explain.default", value=typed)
    what, takes = catalogue(lang)[f"{name}.params.{parameter}"], settings.choices(name, parameter, lang)
    return {"name": f"  {parameter}", "what": what, "takes": takes, "default": say(default, lang)}


def _rest(module: ModuleType, page: str, lang: str) -> None:
    """Give what is written for developers, where English is read, and name the page that says all."""
    told = (inspect.getdoc(module) or "").partition("\n")[2].strip()
    if lang == "en" and told:
        _head("method", lang)
        console().print(escape(told))
    console().print()
    said("cli.explain.page", lang, page=page)


def _head(key: str, lang: str) -> None:
    console().print(f"\n[bold]{escape(catalogue(lang)[f'cli.explain.{key}'])}[/]")


def _list(texts: list[str]) -> None:
    for text in texts:
        console().print(f"  - {escape(text)}")
