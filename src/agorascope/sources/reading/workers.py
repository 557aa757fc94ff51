"""How is a second core used? A worker is this Python again, fed tasks through a pipe.

Not ``multiprocessing``: its spawn runs the caller's main module again, which breaks scripts without a
``__main__`` guard and notebooks; its fork breaks with the threads of Arrow.
"""

import io
import os
import pickle
import subprocess
import sys
from typing import Any

from agorascope.pieces import Mapped

from .task import Task, run

_SIZE = 8
_START = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from {__name__} import serve; serve()"
"""Ctrl-C is for the parent, which then closes the pipe."""


class Worker:
    """Run tasks in another process, one at a time."""

    def __init__(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen([sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, task: Task) -> Mapped:
        """Send a task and wait for its result. Raises RuntimeError when the process died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        _send(self._process.stdin, task)
        answer: Mapped | BaseException = _receive(self._process.stdout)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _send(pipe: Any, value: Any) -> None:
    data = pickle.dumps(value, protocol=5)
    pipe.write(len(data).to_bytes(_SIZE, "little"))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: Any) -> Any:
    size = pipe.read(_SIZE)
    if len(size) < _SIZE:
        raise RuntimeError("a reading process ended before its work was done; is memory short?")
    return pickle.loads(pipe.read(int.from_bytes(size, "little")))  # both ends are this program


def serve() -> None:
    """Answer tasks from standard input until it closes: the worker's side."""
    pipe_in = io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))
    pipe_out = sys.stdout.buffer
    sys.stdout = sys.stderr
    while pipe_in.peek(1):
        task = _receive(pipe_in)
        try:
            answer: Any = run(task)
        except Exception as error:  # any fault travels to the parent, which raises it
            answer = error
        try:
            _send(pipe_out, answer)
        except BrokenPipeError:  # the parent was killed; nobody is left to tell
            os._exit(1)
