"""Run proofs by name: `python -m proofs kills [--seed N] [--quick] [--with NAME=VALUE]`; without a name, list them."""

import argparse
import importlib
import sys
import time
from pathlib import Path

from proofs.support import OPTIONS, ROOT, Proof, as_page, commit_at_hand

HELPERS = {"__init__", "__main__", "support"}


def names() -> list[str]:
    """Every proof there is."""
    return sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in HELPERS and not file.stem.endswith("_support"))


def run(name: str, *, seed: int, quick: bool) -> Proof:
    """The proof of that name, carried out."""
    proof = importlib.import_module(f"proofs.{name}").prove(seed, quick=quick)
    assert isinstance(proof, Proof)
    return proof


def main() -> int:
    """Carry out the named proofs and write each to docs/proof, unless only a quick look is asked for."""
    parser = argparse.ArgumentParser(prog="script/prove")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(names())}; or 'all'")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a small run, as the test run does; writes nothing")
    parser.add_argument("--with", dest="options", action="append", default=[], metavar="NAME=VALUE", help="a choice that the proof itself explains")
    asked = parser.parse_args()
    OPTIONS.update(option.split("=", 1) for option in asked.options)
    chosen = names() if asked.names == ["all"] else [name.replace("-", "_") for name in asked.names]
    if not chosen or set(chosen) - set(names()):
        parser.print_help()
        return 0 if not chosen else 2

    held = [_carry_out(name, seed=asked.seed, quick=asked.quick) for name in chosen]
    return 0 if all(held) else 1


def _carry_out(name: str, *, seed: int, quick: bool) -> bool:
    began, commit = time.monotonic(), commit_at_hand()
    proof = run(name, seed=seed, quick=quick)
    page = as_page(name, proof, commit=commit, seed=seed, seconds=time.monotonic() - began)
    print(page)
    if not quick:
        folder = ROOT / "docs" / "proof"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(page, "utf-8")
    return proof.holds


if __name__ == "__main__":
    sys.exit(main())
