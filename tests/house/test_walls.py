"""The walls of the house: who imports whom, who reads the clock, what no file may hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, calls, dotted, modules

READS_THE_TIME = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
REGISTRIES = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|unpkg\.com|jsdelivr\.net|cdnjs\.|--(extra-)?index-url|--find-links", re.IGNORECASE)
MOBILE = re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)")
KNOWN_NUMBERS = re.compile(r"1\d{2}0000\d{4}|1(\d)\1{9}|13800(00|13)\d{4}|1\d{2}12345678|1[3-9]\d0{4,}\d*")
"""Numbers nobody has: the middle digits zeroed, or the sample numbers every handbook uses."""
TEXTS = {".py", ".toml", ".md", ".html", ".css", ".js", ".po", ".sql", ".txt", ".in", ".sh", ".cfg", ".yaml", ".yml", ".json", ".jsonl", ".csv", ""}


def test_rooms_import_only_what_stands_below_them() -> None:
    # In a process of its own: it sets up logging for the whole process, which would silence our loggers in the tests that follow.
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_only_the_clock_reads_the_time() -> None:
    elsewhere = [
        f"{module.name}:{call.lineno} {dotted(call.func)}"
        for module in modules()
        if module.name not in {"clock.py", "emulator/clock.py"}
        for call in calls(module.tree)
        if dotted(call.func) in READS_THE_TIME
    ]

    assert elsewhere == []


def test_the_core_is_never_told_the_time_by_the_clock() -> None:
    pure = {"core", "rulebook", "estimates", "connectors", "records", "words"}
    readers = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        if module.room in pure and module.name != "records/migrate.py"
        for call in calls(module.tree)
        if dotted(call.func) in {"clock.now", "zhanggui.clock.now"}
    ]

    assert readers == []


def test_every_module_and_every_public_function_says_what_it_answers() -> None:
    silent = [
        f"{module.name}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', 'module')}"
        for module in modules()
        if not module.name.endswith(("__init__.py", "__main__.py"))
        for node in (module.tree, *module.tree.body)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and not getattr(node, "name", "").startswith("_") and not ast.get_docstring(node)
        if "overload" not in {dotted(mark) for mark in getattr(node, "decorator_list", ())}  # only another signature of the function that follows
    ]

    assert silent == []


def test_no_sentence_is_glued_together() -> None:
    glued = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for call in calls(module.tree)
        if dotted(call.func) == "say" and not (call.args and isinstance(call.args[0], ast.Constant | ast.Name | ast.Attribute))
    ]

    assert glued == []


def test_no_file_names_a_registry() -> None:
    ours = {Path(__file__).resolve()}
    named = [str(path.relative_to(ROOT)) for path in kept_files() if path not in ours and REGISTRIES.search(_text(path).replace("--no-emit-", "no-"))]

    assert named == []


def test_every_pinned_package_has_its_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        text = lock.read_text("utf-8")
        pins = [block for block in re.split(r"\n(?=[a-z0-9])", text) if "==" in block.split("\n")[0]]

        assert pins, lock.name
        assert [pin.split("\n")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_nobody_s_number_stands_in_a_file() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {number}"
        for path in kept_files()
        if path.suffix != ".txt"
        for number in MOBILE.findall(_text(path))
        if not KNOWN_NUMBERS.fullmatch(number)
    ]

    assert found == []


def kept_files() -> list[Path]:
    """The text files kept in the repository."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S607 - git of the path
    names = [name for name in told.stdout.split("\0") if name]
    if not names:
        pytest.skip("not a checkout")
    return [ROOT / name for name in names if Path(name).suffix in TEXTS and (ROOT / name).is_file()]


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")
