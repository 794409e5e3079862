"""What a proof hands back, and how it is written down."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

TREE = ("src", "proofs", "tests", "pyproject.toml", "requirements")
"""What a proof runs on."""

OPTIONS: dict[str, str] = {}
"""What was asked for with `--with NAME=VALUE`; each proof says which names it knows."""


@dataclass(frozen=True)
class Proof:
    """What was shown: one sentence, the counts, and what failed. It holds when nothing failed."""

    claim: str
    counts: Mapping[str, int | float | str]
    failures: Sequence[str] = ()
    notes: Sequence[str] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def as_page(name: str, proof: Proof, *, commit: str, seed: int, seconds: float) -> str:
    """The page docs/proof/NAME.md of a proof."""
    head = [f"# {name}", "", proof.claim, "", "| | |", "|---|---|"]
    where = {"commit": commit, "seed": seed, "machine": _machine(), "seconds": round(seconds, 1), "holds": "yes" if proof.holds else "NO"}
    rows = [f"| {key} | {value} |" for key, value in {**where, **proof.counts}.items()]
    failures = ["", "## What failed", "", *(f"- {failure}" for failure in proof.failures)] if proof.failures else []
    notes = ["", *proof.notes] if proof.notes else []
    return "\n".join([*head, *rows, *notes, *failures, ""])


def commit_at_hand() -> str:
    """The commit of the work tree, and plainly so where files beside it are changed or new; to be asked before anything is played."""
    told = _git("rev-parse", "--short", "HEAD")
    if not told:
        return "unknown"
    beside = len(_git("status", "--porcelain", "--", *TREE).splitlines())
    return told if not beside else f"{told}, and {beside} file{'s' if beside > 1 else ''} changed beside it that no commit holds"


def _git(*asked: str) -> str:
    return subprocess.run(["git", *asked], cwd=ROOT, check=False, capture_output=True, text=True).stdout.strip()  # noqa: S607 - git of the path


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
