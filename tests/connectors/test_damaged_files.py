"""Damaged files: none crashes the reading, none is read by half, and each refusal names its place and its cause."""

import re
from pathlib import Path

import msgspec
import pytest

from tests.makers.damage import Damaged, damaged
from zhanggui.connectors.files import Refused, Unreadable, read, survey
from zhanggui.core.facts import key_of
from zhanggui.core.say import Say

SEEDS = 1000
_PERSONAL = re.compile(r"(?<!\d)139\d{4}4321(?!\d)|(?<!\d)138\d{4}5678(?!\d)|33010619900101\d{3}X|欧阳小美")
_SWAPPED = {"swapped columns"}
"""Whoever writes 收货人 over the column of titles makes a name a title; no reader can know."""
_EQUAL = {"the same key twice": {0, 1}}
"""Where the change fell into a column that is not read, the second row is equal to the first and is passed over."""


@pytest.mark.parametrize("block", range(10))
def test_it_survives_damage_and_says_what_is_wrong(tmp_path: Path, block: int) -> None:
    for seed in range(block * SEEDS // 10, (block + 1) * SEEDS // 10):
        case = damaged(seed)
        path = tmp_path / f"{seed}"
        path.write_bytes(case.data)

        check(path, case, seed)


def check(path: Path, case: Damaged, seed: int) -> str:
    """Reads one damaged file. Returns what became of it: unreadable, refused in part, or taken."""
    about = f"seed {seed}, {case.what}"
    try:
        found = survey(path)
    except Unreadable as problem:
        _check_reason(problem.say, about)
        return "unreadable"
    for table in found.tables:
        if table.refused or table.kind is None:
            assert table.note is not None, about
            _check_reason(table.note, about)
    told = list(read(path, found))
    refused = [one for one in told if isinstance(one, Refused)]
    for refusal in refused:
        assert refusal.place.file, about
        assert refusal.place.row, about
        _check_reason(refusal.reason, about)
    taken = [one for one in told if not isinstance(one, Refused)]
    rows = sum(table.rows for table in found.tables if table.kind is not None)
    assert rows - len(told) in _EQUAL.get(case.what, {0}), about  # every row that was counted comes out, as a fact or as a refusal
    assert all("\0" not in key_of(one.facts) for one in taken), about
    assert "\\u0000" not in msgspec.json.encode((told, found)).decode(), about  # no database takes it
    if case.what not in _SWAPPED:
        assert _PERSONAL.search(repr(told) + repr(found)) is None, about
    return "refused in part" if refused or any(table.refused for table in found.tables) else "taken"


def _check_reason(reason: Say, about: str) -> None:
    assert reason.text, about
    assert "Traceback" not in reason.text.format_map(dict(reason.slots)), about
