"""The page of threats keeps up: every test it names is there, and every file of tests of this room stands on it."""

import re
from pathlib import Path

from zhanggui.site.paces import PACES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)(?:::(test_[a-z0-9_]+))?`")


def test_every_test_that_the_page_names_is_there() -> None:
    named = NAMED.findall(PAGE)

    missing = [f"{file}::{name}" for file, name in named if not (ROOT / file).exists() or (name and f"def {name}(" not in (ROOT / file).read_text("utf-8"))]

    assert len(named) > 30
    assert missing == []


def test_every_test_of_the_room_stands_on_the_page() -> None:
    here = {f"tests/security/{file.name}" for file in Path(__file__).parent.glob("test_*.py")} - {f"tests/security/{Path(__file__).name}"}

    assert here - {file for file, _ in NAMED.findall(PAGE)} == set()


def test_the_rates_on_the_page_are_those_that_are_kept() -> None:
    told = [f"{pace.a_minute} a minute, {pace.at_once} at once" for pace in PACES.values()]

    assert [rate for rate in told if rate not in PAGE] == []
