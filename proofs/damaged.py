"""No damaged export file crashes the reading or is read by half, and each refusal names its place and its cause."""

import tempfile
from collections import Counter
from pathlib import Path

from proofs.support import Proof
from tests.connectors.test_damaged_files import check
from tests.makers.damage import damaged

QUICK_FILES, FILES = 500, 20_000


def prove(seed: int, *, quick: bool) -> Proof:
    """Damage files in every way we know, read each, and look at what came out."""
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    files = QUICK_FILES if quick else FILES
    with tempfile.TemporaryDirectory(prefix="zg-damaged-") as folder:
        path = Path(folder) / "export"
        for number in range(files):
            case = damaged(seed * 1_000_000 + number)
            path.write_bytes(case.data)
            try:
                outcome = check(path, case, number)
            except Exception as problem:  # noqa: BLE001 - whatever it is, it is what this proof looks for
                failures.append(f"file {number}, {case.what}: {type(problem).__name__}: {problem}")
                outcome = "failed"
            outcomes[f"{case.what}: {outcome}"] += 1
    return Proof(
        claim="Export files are damaged at random. None crashes the reading, none is read by half, nobody's name or number comes out in clear, "
        "and whatever is refused is refused with its place and its cause. Files counted as taken were damaged where no reader can tell: "
        "a changed digit in an amount, a column nobody uses, a title cut short.",
        counts={"files": files, **dict(sorted(outcomes.items()))},
        failures=failures,
    )
