"""The built wheel holds all that runs, and works in an empty environment."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

from proofs.support import ROOT, Proof

_OURS = ROOT / "src" / "zhanggui"
_IMPORT = """
from pathlib import Path
import zhanggui
from zhanggui import rulebook
from zhanggui.records.migrate import migrations
assert "site-packages" in zhanggui.__file__, zhanggui.__file__
print(len(rulebook.load().all), len(migrations()))
"""
_ORDER = '{"fact": "order", "order_no": "250601-000000000000001", "stage": "to_ship", "group_formed_at": "2025-06-01 10:00:00", "pay_amount": 1990}\n'


def prove(_seed: int, *, quick: bool) -> Proof:
    """Build the wheel, look into it, install it into an empty environment and use it there; whole: with every dependency fetched anew."""
    with tempfile.TemporaryDirectory(prefix="zg-wheel-") as folder:
        here = Path(folder)
        wheel = _build(here / "dist")
        inside = {name for name in zipfile.ZipFile(wheel).namelist() if not name.endswith("/")}
        missing = sorted(_should_be_inside() - inside)
        python = _environment(here / "venv", wheel, whole=not quick)
        counts: dict[str, int | float | str] = {"files in the wheel": len(inside), "bytes": wheel.stat().st_size}
        failures = [f"not in the wheel: {name}" for name in missing] + _use(python, here, counts)
    return Proof(
        claim="The wheel is built from the checkout, holds every page, rule, migration and catalog, and works in an empty environment of its own.",
        counts=counts,
        failures=failures,
        notes=() if not quick else ("Dependencies were lent by the checkout's environment.",),
    )


def _build(target: Path) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)], cwd=ROOT, check=True, capture_output=True)
    return next(target.glob("*.whl"))


def _should_be_inside() -> set[str]:
    """Every file of the package that the repository keeps."""
    kept = subprocess.run(["git", "ls-files", "-z", "src/zhanggui"], cwd=ROOT, check=False, capture_output=True, text=True).stdout  # noqa: S607 - git of the path
    names = [name for name in kept.split("\0") if name and (ROOT / name).exists()]
    return {name.removeprefix("src/") for name in names} or {path.relative_to(_OURS.parent).as_posix() for path in _OURS.rglob("*.py")}


def _environment(folder: Path, wheel: Path, *, whole: bool) -> Path:
    """An empty environment with the wheel in it; its dependencies fetched, or lent by the environment that runs this."""
    subprocess.run([sys.executable, "-m", "venv", *([] if whole else ["--without-pip"]), str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not whole:
        packages = Path(
            subprocess.run([python, "-c", "import site; print(site.getsitepackages()[0])"], check=True, capture_output=True, text=True).stdout.strip()
        )
        (packages / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", "utf-8")
    # a wheel just built has no pinned hash; what it needs comes from the lock file
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"]
    if whole:
        subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements" / "base.txt")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", "--force-reinstall", str(wheel)], check=True)
    return python


def _use(python: Path, here: Path, counts: dict[str, int | float | str]) -> list[str]:
    """What went wrong in using the installed program."""
    program = shutil.which("zhanggui", path=str(python.parent))
    if program is None:
        return ["the wheel installs no command zhanggui"]

    orders = here / "orders.jsonl"
    orders.write_text(_ORDER, "utf-8")
    home = ["--home", str(here / "home")]
    steps = {
        "importing the package": [str(python), "-c", _IMPORT],
        "zhanggui --help": [program, "--help"],
        "zhanggui rules": [program, *home, "rules", "--json"],
        "zhanggui import": [program, *home, "import", str(orders), "--shop", "林记坚果", "--profile", "facts", "--create", "--yes", "--json"],
        "zhanggui todo": [program, *home, "todo", "--shop", "林记坚果", "--limit", "5", "--json"],
    }
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PYTHONPATH", "ZHANGGUI_HOME"}}
    failures = []
    for what, line in steps.items():
        done = subprocess.run(line, cwd=here, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            failures.append(f"{what}: exit code {done.returncode}: {(done.stderr or done.stdout).strip()[-400:]}")
    counts["steps"] = len(steps)
    return failures
