"""Makes the sample data of a release: `python -m tests.running.make_release NAME COMMIT`, run by hand once for each release.

The release itself, out of the repository's history, imports three small export files of makers and does its chores for a few seconds; its database is kept
as text that any later PostgreSQL reads, beside what it said of its to-dos. test_upgrades.py brings every one of them up to date.
"""

import csv
import json
import lzma
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from proofs.chaos_house_support import free_port

from tests.makers.exports import Export, aftersales, bill, orders
from zhanggui.server import OwnServer
from zhanggui.server.binaries import find_binaries, plain_environment

HERE = Path(__file__).parent / "releases"
SHOP = "林记坚果"
WORKS_SECONDS = 12


def main(name: str, commit: str) -> None:
    """Make NAME.sql.xz and NAME.json."""
    with tempfile.TemporaryDirectory(prefix="zg-release-") as folder:
        tree, home = Path(folder) / "tree", Path(folder) / "home"
        _git("worktree", "add", "--detach", "--quiet", str(tree), commit)
        try:
            told = _lived(tree, home, Path(folder))
        finally:
            _git("worktree", "remove", "--force", str(tree))
    HERE.mkdir(exist_ok=True)
    (HERE / f"{name}.sql.xz").write_bytes(lzma.compress(told.pop("dump").encode("utf-8"), preset=9))
    lines = ",\n".join(json.dumps(each) for each in told["todo"])
    head = json.dumps({"commit": commit, "at": told["at"]})[:-1]
    (HERE / f"{name}.json").write_text(f'{head}, "todo": [\n{lines}\n]}}\n', "utf-8")


def _lived(tree: Path, home: Path, folder: Path) -> dict[str, Any]:
    exports = {"orders": orders(count=24), "cases": aftersales(count=8), "bill": bill(count=12)}
    files = [_written(folder / f"{what}.csv", export) for what, export in exports.items()]
    _said(tree, home, "import", *map(str, files), "--shop", SHOP, "--create", "--yes", "--json")
    worker = _started(tree, home, "up", "--port", str(free_port()))
    time.sleep(WORKS_SECONDS)
    told = json.loads(_said(tree, home, "todo", "--shop", SHOP, "--limit", "500", "--json"))
    dump = _dumped(home)
    worker.send_signal(signal.SIGTERM)
    worker.wait(60)
    return {"dump": dump, "at": told["at"], "todo": [[each["deadline"][name] for name in ("kind", "no", "due_at")] for each in told["todo"]]}


def _written(path: Path, export: Export) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([export.headers, *export.rows])
    return path


def _command(tree: Path, home: Path, *words: str) -> tuple[list[str], dict[str, str]]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI") and name not in {"DATABASE_URL", "PORT"}}
    return [sys.executable, "-m", "zhanggui.cli", "--home", str(home), *words], bare | {"PYTHONPATH": str(tree / "src"), "LANG": "en_US.UTF-8"}


def _said(tree: Path, home: Path, *words: str) -> str:
    line, environment = _command(tree, home, *words)
    done = subprocess.run(line, check=False, capture_output=True, text=True, env=environment, cwd=tree)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def _started(tree: Path, home: Path, *words: str) -> subprocess.Popen[bytes]:
    line, environment = _command(tree, home, *words)
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=tree)


def _dumped(home: Path) -> str:
    """The whole database as statements, without what only psql understands."""
    with OwnServer(home) as server:
        line = [find_binaries().program("pg_dump"), f"--dbname={server.conninfo}", "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges"]
        text = subprocess.run(line, check=True, capture_output=True, text=True, env=plain_environment()).stdout
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(("\\", "--"))) + "\n"


def _git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, cwd=Path(__file__).parents[2])  # noqa: S607 - git of the path


if __name__ == "__main__":
    main(*sys.argv[1:])
