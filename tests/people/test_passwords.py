"""Passwords: what is stored, what is refused, and how long a wrong name takes."""

import time
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from tests.conftest import HASHER
from zhanggui.core.say import say
from zhanggui.people import passwords

GOOD = "七号仓库 今天 发货 吗"


@pytest.fixture(autouse=True)
def slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed here as they are outside the tests."""
    monkeypatch.setattr(passwords, "_hasher", HASHER)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def test_it_stores_argon2id_and_never_the_password() -> None:
    stored = passwords.hashed(GOOD)

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in stored


def test_it_knows_the_right_password_from_a_wrong_one() -> None:
    stored = passwords.hashed(GOOD)

    assert passwords.matches(stored, GOOD) is True
    assert passwords.matches(stored, GOOD + " ") is False


@pytest.mark.parametrize("broken", ["!", "", "$argon2id$nonsense"])
def test_it_lets_nobody_in_by_a_hash_that_is_none(broken: str) -> None:
    assert passwords.matches(broken, "") is False
    assert passwords.matches(broken, "nobody has this password") is False


def test_it_finds_hashes_made_with_weaker_parameters() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)

    assert passwords.is_outdated(weak) is True
    assert passwords.is_outdated(passwords.hashed(GOOD)) is False


@pytest.mark.parametrize(
    ("password", "objection"),
    [
        ("123456789", say("The password needs at least {fewest} characters.", fewest=10)),
        ("x" * 257, say("The password may have at most {most} characters.", most=256)),
        ("linjijianguo", say("The password must not be the sign-in name.")),
        ("LinJiJianGuo2024", say("The password must not be the sign-in name.")),
        ("1212121212", say("The password needs at least {fewest} different characters.", fewest=5)),
        ("1234567890", None),
        (GOOD, None),
    ],
)
def test_it_refuses_passwords_that_are_easily_guessed(password: str, objection: object) -> None:
    assert passwords.objection(password, login="linjijianguo") == objection


def test_it_takes_as_long_for_an_unknown_name_as_for_a_wrong_password() -> None:
    stored = passwords.hashed(GOOD)

    known, unknown = _fastest(stored), _fastest(None)

    assert 0.5 < unknown / known < 2.0


def _fastest(stored: str | None) -> float:
    """The fastest of several, since other work on the machine only ever slows."""
    spans = []
    for _ in range(5):
        began = time.perf_counter()
        passwords.matches(stored, "wrong password")
        spans.append(time.perf_counter() - began)
    return min(spans)
