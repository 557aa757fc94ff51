"""How is a second core used? A worker is this Python again, fed tasks through a pipe.

Not ``multiprocessing``: its spawn runs the caller's main module again, which breaks scripts without a
``__main__`` guard and notebooks; its fork breaks with the threads of Arrow.
"""

import io
import os
import pickle
import struct
import subprocess
import sys
from typing import Any

from agorascope.pieces import Mapped

from .task import Task, run

_SIZE = 8
_PIPE_BYTES = 1 << 20
"""Room in a pipe where the system lets it be chosen: fewer turns between the two ends."""
_START = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from {__name__} import serve; serve()"
"""Ctrl-C is for the parent, which then closes the pipe."""


class Worker:
    """Run tasks in another process, one at a time."""

    def __init__(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE, pipesize=_PIPE_BYTES
        )

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
    """Write a value: how many parts, the size of each, the parts. Columns of Arrow go as they lie in memory, not copied."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(head), *(buffer.raw() for buffer in buffers)]
    pipe.write(struct.pack(f"<{len(parts) + 1}Q", len(parts), *(part.nbytes for part in parts)))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def _receive(pipe: Any) -> Any:
    (count,) = struct.unpack("<Q", _exactly(pipe, _SIZE))
    sizes = struct.unpack(f"<{count}Q", _exactly(pipe, _SIZE * count))
    head, *buffers = [_exactly(pipe, size) for size in sizes]
    return pickle.loads(head, buffers=buffers)  # both ends are this program


def _exactly(pipe: Any, size: int) -> bytes:
    part: bytes = pipe.read(size)
    if len(part) < size:
        raise RuntimeError("a reading process ended before its work was done; is memory short?")
    return part


def serve() -> None:
    """Answer tasks from standard input until it closes, then leave at once: nothing is left to put away."""
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
    os._exit(0)
