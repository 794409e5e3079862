"""A terminal: the real command in a process of its own, on a home of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.cli.declared import fits
from tests.cli.typist import SECONDS, Typist


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        assert self.out.count(b"\n") == 1, f"stdout holds more than one line: {self.out!r}"
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """What a person reads."""
        return self.out.decode("utf-8")


@dataclass(frozen=True)
class Terminal:
    """Where commands are typed."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """Commands that were not waited for."""
    reads_anew: bool = False
    """Whether every command starts the interpreter and reads the program, as a person's does, instead of being forked by a typist."""

    def run(self, *words: str, stdin: str = "") -> Answer:
        """Type a command and wait for it to end."""
        code, out, err = self._typed(words, stdin.encode())
        if "--json" in words:
            assert code in {0, 1, 2}, err
            assert fits(words, out), f"not what `zhanggui schema` says of {words}: {out[:2000]!r}"
        return Answer(code, out, err.decode("utf-8"))

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Type a command and do not wait."""
        running = subprocess.Popen(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.all_environment)
        self.started.append(running)
        return running

    def leave(self) -> None:
        """End whatever still runs: a test that failed may have left something behind."""
        for running in self.started:
            running.kill()
            running.communicate()

    def command(self, *words: str) -> list[str]:
        """The command as it is typed."""
        return [sys.executable, "-m", "zhanggui.cli", "--home", str(self.home), *words]

    def _typed(self, words: tuple[str, ...], stdin: bytes) -> tuple[int, bytes, bytes]:
        if self.reads_anew or not hasattr(os, "fork"):
            done = subprocess.run(self.command(*words), check=False, input=stdin, capture_output=True, env=self.all_environment, timeout=SECONDS)
            return done.returncode, done.stdout, done.stderr
        try:
            return _typist().type(["--home", str(self.home), *words], self.all_environment, stdin)
        except AssertionError:
            _typist().leave()
            _typist.cache_clear()
            raise

    @property
    def all_environment(self) -> dict[str, str]:
        """The environment of the command: ours without anything of ours, then what the test wants."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI") and name not in {"DATABASE_URL", "PORT", "LC_ALL", "LANG"}}
        return bare | {"LANG": "en_US.UTF-8"} | dict(self.environment)


@cache
def _typist() -> Typist:
    """The one typist of this test process."""
    return Typist()
