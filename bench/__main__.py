"""Run every bench, or those named, each in a process of its own, and write what each told into its section of bench/report.md."""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPORT = HERE / "report.md"
HEAD = """# Bench report

Written by `script/bench`, bench by bench; each says at which commit and on which machine it ran. Both sides of a ratio were measured in the same run.
"""
Line = dict[str, Any]


def names() -> list[str]:
    """Every bench there is."""
    return sorted(file.stem.removeprefix("bench_") for file in HERE.glob("bench_*.py"))


def run(name: str, *, quick: bool) -> list[Line]:
    """The lines one bench printed; a bench that broke is a line too."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.bench_{name}", *(["--quick"] if quick else [])], cwd=HERE.parent, check=False, stdout=subprocess.PIPE, text=True
    )
    lines: list[Line] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode:
        lines.append({"name": f"bench {name} broke", "ok": False, "note": f"exit code {done.returncode}"})
    return lines


def section(name: str, lines: list[Line], seconds: float) -> str:
    """What one bench told, at which commit and on which machine, a table row for each figure."""
    rows = [" | ".join(_cells(line)) for line in lines]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    head = [f"## {name}", "", f"Commit {_commit()}, {machine}, {seconds:.0f} s.", ""]
    return "\n".join([*head, "| what | figure | against | ratio | target | met |", "|---|---:|---|---:|---|---|", *(f"| {row} |" for row in rows), ""])


def sections(report: str) -> dict[str, str]:
    """The sections of a report by the name of their bench."""
    parts = [f"## {part}" for part in f"\n{report}".split("\n## ")[1:]]
    return {part.removeprefix("## ").splitlines()[0]: part.rstrip("\n") + "\n" for part in parts}


def as_report(parts: dict[str, str]) -> str:
    """The whole report: every bench by its name, those that are no more left out."""
    return "\n".join([HEAD, *(parts[name] for name in names() if name in parts)])


def main() -> int:
    """Run what is asked for, each bench's section written as soon as it is there, unless only a quick look is asked for."""
    quick = "--quick" in sys.argv
    chosen = [name for name in sys.argv[1:] if not name.startswith("-")] or names()
    if strangers := set(chosen) - set(names()):
        print(f"no such bench: {', '.join(sorted(strangers))}; there are {', '.join(names())}")
        return 2

    is_well = True
    for name in chosen:
        began = time.monotonic()
        lines = run(name, quick=quick)
        told = section(name, lines, time.monotonic() - began)
        print(told, flush=True)
        is_well = is_well and all(line.get("ok", True) for line in lines)
        if not quick:
            before = REPORT.read_text("utf-8") if REPORT.exists() else ""
            REPORT.write_text(as_report(sections(before) | {name: told}), "utf-8")
    return 0 if is_well else 1


def _cells(line: Line) -> list[str]:
    name = line["name"] + (f" ({line['note']})" if line.get("note") else "")
    figure = f"{_short(line['value'])} {line.get('unit', '')}".strip() if line.get("value") is not None else ""
    ratio = f"{line['ratio']:.2f}" if line.get("ratio") is not None else ""
    return [name, figure, line.get("against", ""), ratio, line.get("target", ""), "yes" if line.get("ok", True) else "NO"]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, check=False, capture_output=True, text=True)  # noqa: S607 - git of the path
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
