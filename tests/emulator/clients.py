"""Real third-party clients, installed unmodified from the registries into a throw-away folder and kept there between runs."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PYTHON_CLIENTS = ("pdd-sdk==1.0.8", "pddsdk==0.1.15", "mcp-cn-commerce==0.1.6", "kdniao==0.1.3")
NODE_CLIENTS = ("pdd-sdk@1.0.13", "ec-print@1.0.1", "ws@8")


def folder() -> Path:
    """Where the clients of this list live; another list lives elsewhere."""
    named = hashlib.sha256(" ".join((*PYTHON_CLIENTS, *NODE_CLIENTS, sys.version)).encode()).hexdigest()[:12]
    return Path(os.environ.get("ZHANGGUI_CLIENTS", tempfile.gettempdir())) / f"zhanggui-clients-{named}"


def python_clients() -> Path:
    """The interpreter of an environment with the Python clients in it, made when it is not there."""
    home = folder() / "python"
    ready = home / "ready"
    with _one_at_a_time():
        if not ready.exists():
            shutil.rmtree(home, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(home)])
            _run([str(home / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", *PYTHON_CLIENTS])
            ready.touch()
    return home / "bin" / "python"


def node_clients() -> Path:
    """A folder with the Node clients in it, made when it is not there."""
    home = folder() / "node"
    ready = home / "ready"
    with _one_at_a_time():
        if not ready.exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            (home / "package.json").write_text('{"private": true}', "utf-8")
            _run(["npm", "install", "--no-audit", "--no-fund", "--silent", *NODE_CLIENTS], cwd=home)
            ready.touch()
    return home


def python_says(script: str, facts: dict[str, Any]) -> Any:
    """What a script prints as JSON on its last line; the facts are its first argument."""
    return _last_line(_run([str(python_clients()), "-c", script, json.dumps(facts)]))


def node_says(script: str, facts: dict[str, Any]) -> Any:
    """The same for a Node script."""
    return _last_line(_run(["node", "-e", script, json.dumps(facts)], cwd=node_clients()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Only one of the processes of a test run installs; the others wait and find it done."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _last_line(said: str) -> Any:
    """The last line as JSON: some clients print on their own before it."""
    return json.loads(said.strip().splitlines()[-1])


def _run(command: list[str], cwd: Path | None = None) -> str:
    """What a command printed; its errors when it failed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=cwd, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}\n{done.stderr}"
    return done.stdout
