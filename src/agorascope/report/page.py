"""How does the report become one page? Template, style, script and data in one file that needs no network and runs nothing else.

The page forbids itself everything but its own script and style, named by their hashes: a post that slipped markup in
could neither run nor load anything.
"""

import base64
import functools
import hashlib
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from agorascope.findings import Finding

from .cells import word
from .hostile import plain, script_json
from .outline import outline
from .view import CaseView, FindingView


def html(findings: Sequence[Finding], *, lang: str, case: CaseView, identities: bool = False) -> str:
    """Write the report as one self-contained HTML page; the same findings give the same bytes.

    Accounts bear the pseudonyms of ``case.name`` unless ``identities``.
    """
    shown = outline(findings, lang=lang, case=case, identities=identities)
    style, script = _static("report.css"), _static("charts.js")
    page: str = _template().render(
        shown=shown,
        case=case,
        lang=lang,
        text=functools.partial(_text, lang),
        policy=_policy(style, script),
        style=style,
        script=script,
        data=script_json({"lang": lang, "charts": _charts(shown.sections)}),
    )
    return page


def _policy(style: str, script: str) -> str:
    """Allow our own style and script by their hashes, and nothing else: no network, no frame, no form, no plug-in."""
    own = f"script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    return f"default-src 'none'; {own}; img-src data:; base-uri 'none'; form-action 'none'"


def _charts(sections: Sequence[FindingView]) -> dict[str, Any]:
    return {figure.anchor: figure.chart for section in sections for figure in section.figures if figure.chart is not None}


def _text(lang: str, key: str, **args: Any) -> str:
    return word(f"report.{key}", lang, **args)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _static(name: str) -> str:
    return resources.files(__package__).joinpath("static", name).read_text("utf-8")


def _finalize(value: Any) -> Any:
    """Make every text of a case harmless before it is escaped; our own markup passes."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _told(value: str) -> Markup:
    """Set a sentence of ours: what stands between ` is code, and a French question is not broken at its hyphens.

    >>> str(_told("Qui parle-t-il ? `above`, <b>"))
    'Qui <span class="whole">parle-t-il</span> ? <code>above</code>, &lt;b&gt;'
    """
    said = re.sub(r"`([\w=…:.-]+)`", r"<code>\1</code>", str(escape(plain(value))))
    return Markup(re.sub(r"(?<!\w)\w{1,30}(?:-t)?-(?:ils?|elles?|on)\b", r'<span class="whole">\g<0></span>', said))  # noqa: S704  # escaped above


@functools.cache
def _template() -> Any:
    jinja = Environment(
        loader=PackageLoader("agorascope.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
        keep_trailing_newline=True,
    )
    jinja.filters["told"] = _told
    return jinja.get_template("report.html.j2")
