"""What may a post put into a report? Words only: never an order to the browser, to the layout or to the reading direction.

Jinja escapes every value; here is what escaping does not stop: characters that turn the reading direction round,
control characters, halves of surrogate pairs, links that are no web addresses, and text that ends a script block.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

_NAMED = {
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
_SHOWN = {code: f"⟨{name}⟩" for code, name in _NAMED.items()}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACK = re.compile(f"({_ACCENT}{{4}}){_ACCENT}+")
_JSON_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~&!])")


def plain(text: str) -> str:
    r"""Give the text with every direction override made visible, control characters replaced, stacks of accents cut at 4.

    >>> plain("abc\u202edef")
    'abc⟨RLO⟩def'
    """
    return _STACK.sub(r"\1", _CONTROL.sub("\ufffd", text)).translate(_SHOWN)


def web_address(link: str | None) -> str | None:
    """Give an http or https address back, anything else as None.

    >>> web_address("https://example.org/1"), web_address("javascript:alert(1)")
    ('https://example.org/1', None)
    """
    if link is None or _CONTROL.search(link) or any(c.isspace() for c in link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.netloc else None


def script_json(data: Any) -> str:
    r"""Write data as JSON that can stand inside a script element: it cannot end it.

    >>> script_json(["</script>"])
    '["\\u003c/script\\u003e"]'
    """
    return json.dumps(clean(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_JSON_ESCAPES)


def clean(data: Any) -> Any:
    """Apply ``plain`` to every text in plain JSON data."""
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, dict):
        return {plain(str(key)): clean(value) for key, value in data.items()}
    return [clean(item) for item in data] if isinstance(data, (list, tuple)) else data


def markdown_text(text: str) -> str:
    r"""Give the text with every character Markdown reads as an order escaped, on one line.

    >>> markdown_text("a|b [x](y)")
    'a\\|b \\[x\\](y)'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))
