"""How do tests type a command? In this process, from a folder, with standard output and error kept apart."""

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from agorascope.cli import main

POSTS = """post_id,account,created_at,text,likes
1,ann,2024-03-01T10:00:00Z,hello,3
2,bob,2024-03-02T11:00:00Z,=HYPERLINK("http://a.example"),4
3,ann,2024-03-03T12:00:00Z,bye,
"""


@dataclass(frozen=True)
class Typed:
    """Hold what a command answered."""

    code: int
    out: str
    err: str


def type_in(folder: Path, *words: str) -> Typed:
    """Run ``agorascope WORDS`` from a folder, as a shell would, without starting a process."""
    out, err = _stream(), _stream()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.chdir(folder))
        stack.enter_context(mock.patch.object(sys, "argv", ["agorascope", *words]))
        stack.enter_context(mock.patch.dict("os.environ", {"COLUMNS": "200", "NO_COLOR": "1"}))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        code = _code()
    return Typed(code, _text(out), _text(err))


def refused(typed: Typed) -> str:
    """Check that a command was refused as wrong usage: exit 2, nothing on standard output, no traceback; give the words."""
    assert (typed.code, typed.out) == (2, "")
    assert "Traceback" not in typed.err
    assert typed.err.startswith("agorascope: ")
    assert typed.err.count("\n") == 1
    return typed.err


def _code() -> int:
    try:
        main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    return 0


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()
