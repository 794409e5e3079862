"""A typist: a process that has read the whole program once and forks for every command, so that a hundred commands cost one reading of it.

A fork is a process of its own as a started program is one: its own memory, streams, environment and end. What differs is that the modules are read
already. Whoever wants them read anew types with `Terminal.start`, or on a terminal that `reads_anew`.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import zhanggui.cli
from zhanggui.cli.desk import LANGUAGES
from zhanggui.words import load

SECONDS = 120
"""As long as a command may take."""

_CALL = b"."
"""What asks for a command; four open files come with it: what is told of it (JSON), its stdin, stdout and stderr."""


class Typist:
    """The side that asks, one command at a time."""

    def __init__(self) -> None:
        """Start one; it ends when this process does."""
        self._ours, theirs = socket.socketpair()
        self._ours.settimeout(SECONDS)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.typist", str(number)], pass_fds=[number], stdin=subprocess.DEVNULL, start_new_session=True
            )

    def type(self, words: Sequence[str], environment: Mapping[str, str], stdin: bytes) -> tuple[int, bytes, bytes]:
        """How a command ended, and what it wrote on stdout and stderr."""
        told = {"words": list(words), "environment": dict(environment), "folder": str(Path.cwd())}
        with ExitStack() as opened:
            files = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
            for file, text in zip(files, (json.dumps(told).encode(), stdin), strict=False):
                file.write(text)
                file.seek(0)
            try:
                socket.send_fds(self._ours, [_CALL], [file.fileno() for file in files])
                code = int(self._ours.recv(16))
            except (OSError, ValueError) as error:
                raise AssertionError(f"no end of {list(words)} within {SECONDS} s: {[_whole(file) for file in files[2:]]}") from error
            return code, _whole(files[2]), _whole(files[3])

    def leave(self) -> None:
        """End it and what it typed."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def read_program() -> None:
    """Read every module that a command may need, and the words of both languages, without doing anything."""
    for module in pkgutil.iter_modules(zhanggui.cli.__path__, "zhanggui.cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for language in LANGUAGES.values():
        load(language)
    gc.freeze()  # what was read is shared by every fork, and looked over by none


def answer(calls: socket.socket) -> None:
    """Fork for every call; in the fork this returns, with the command's words, folder, environment and streams in place."""
    while True:
        call, files, _, _ = socket.recv_fds(calls, len(_CALL), 4)
        if not call:
            sys.exit(0)
        child = os.fork()
        if child == 0:
            calls.close()
            return _sit_down(*files)
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        calls.send(str(os.waitstatus_to_exitcode(status)).encode())


def _sit_down(about: int, *streams: int) -> None:
    with open(about, "rb") as file:
        told: dict[str, Any] = json.load(file)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    sys.argv = ["zhanggui", *told["words"]]


if __name__ == "__main__":
    read_program()
    answer(socket.socket(fileno=int(sys.argv[1])))
    from zhanggui.cli.main import main

    sys.exit(main())
