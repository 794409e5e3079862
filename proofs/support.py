"""What a proof hands back, and how it is written down."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

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


def as_page(name: str, proof: Proof, *, seed: int, seconds: float) -> str:
    """The page docs/proof/NAME.md of a proof."""
    head = [f"# {name}", "", proof.claim, "", "| | |", "|---|---|"]
    where = {"commit": _commit(), "seed": seed, "machine": _machine(), "seconds": round(seconds, 1), "holds": "yes" if proof.holds else "NO"}
    rows = [f"| {key} | {value} |" for key, value in {**where, **proof.counts}.items()]
    failures = ["", "## What failed", "", *(f"- {failure}" for failure in proof.failures)] if proof.failures else []
    notes = ["", *proof.notes] if proof.notes else []
    return "\n".join([*head, *rows, *notes, *failures, ""])


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S607 - git of the path
    return told.stdout.strip() or "unknown"


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
