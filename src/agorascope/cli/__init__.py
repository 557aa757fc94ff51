"""What does a person type? The command line: parse, call the case, show; no arithmetic.

``main`` turns our errors into one clear line on standard error and an exit code: 2 for a wrong call or unreadable
input, 1 for a fault of ours, 141 and no word where nobody reads what is printed.
"""

import os
import sys
import traceback

import typer

from agorascope.errors import CaseError, InputError, UsageError
from agorascope.report.hostile import plain

from .app import app

_INTERRUPTED = 130
_UNHEARD = 141  # as of a program that a closed pipe ends: what was asked may not all have been said


def main() -> None:
    """Run the command line."""
    try:
        code = _run()
        if code == _INTERRUPTED:  # typer turns Ctrl-C into a code
            raise KeyboardInterrupt
        sys.exit(code if isinstance(code, int) else 0)
    except typer.TyperException as error:
        _refuse(error)
    except (UsageError, InputError, CaseError) as error:
        _complain(str(error))
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        print("agorascope: interrupted; what was committed is kept, run the same command again to go on", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError as error:
        if _reading(error):
            _complain("a reading process ended before its work was done; is memory short? run the same command again to go on")
            sys.exit(1)
        _hush()
        sys.exit(_UNHEARD)
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        _complain(f"cannot read or write{place}: {error.strerror or error}; check the path, its permissions and the space left")
        sys.exit(2)
    except Exception as error:
        if os.environ.get("AGORASCOPE_TRACEBACK"):
            raise
        print(
            f"agorascope: a fault of ours, please report it: {type(error).__name__}: {error}\n"
            "set AGORASCOPE_TRACEBACK=1 to see where",
            file=sys.stderr,
        )
        sys.exit(1)


def _run() -> object:
    """Run the command typed. Raises BrokenPipeError where nobody reads any more: typer and rich would make it exit 1."""
    try:
        code = app(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as done:
        if isinstance(done.__context__, BrokenPipeError):
            raise done.__context__ from None
        raise
    return code


def _reading(error: BaseException) -> bool:
    """Say whether the pipe that closed led to a process of ours that reads files."""
    return any(frame.f_globals["__name__"].startswith("agorascope.sources") for frame, _ in traceback.walk_tb(error.__traceback__))


def _hush() -> None:
    """Send what is still to be written nowhere, so that nothing complains when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())


def _complain(said: str) -> None:
    """Print one line on standard error; what a file or its name holds cannot reach the terminal as an order."""
    print(f"agorascope: {plain(' '.join(said.splitlines()))}", file=sys.stderr)


def _refuse(error: typer.TyperException) -> None:
    """Say in one line what was typed wrongly; a command alone that needs more shows its help."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "agorascope"
    said = getattr(error, "format_message", lambda: str(error))()
    if type(error).__name__ == "NoArgsIsHelpError":
        print(said, end="")
    else:
        print(f"agorascope: {said.rstrip('.')}; see: {path} --help", file=sys.stderr)
    sys.exit(2)
