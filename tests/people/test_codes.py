"""Codes: those of an app against the examples of RFC 6238, and recovery codes."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from zhanggui.people import codes

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2025, 6, 1, 4, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130")],
)
def test_it_takes_the_codes_of_the_standards_own_examples(seconds: int, eight_digits: str) -> None:
    assert codes.step_of(SECRET, eight_digits[2:], datetime.fromtimestamp(seconds, UTC)) == seconds // 30


def test_it_takes_the_code_of_a_phone_half_a_minute_ahead_or_behind_and_none_older() -> None:
    code = _code(NOW)

    found = [codes.step_of(SECRET, code, NOW + timedelta(seconds=30 * steps)) for steps in (-2, -1, 0, 1, 2)]

    step = int(NOW.timestamp()) // 30
    assert found == [None, step, step, step, None]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "０００００１", "x" * 5000])
def test_it_takes_nothing_else(typed: str) -> None:
    assert codes.step_of(SECRET, typed, NOW) is None


def test_it_takes_a_code_as_people_write_it() -> None:
    code = _code(NOW)

    assert codes.step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW) is not None


def test_recovery_codes_are_ten_that_differ_and_are_told_apart_from_an_apps() -> None:
    fresh = codes.new_recovery_codes()

    assert len(set(fresh)) == 10
    assert all(codes.looks_like_recovery(code) and len(code) == 19 for code in fresh)
    assert not codes.looks_like_recovery("123 456")


def test_a_recovery_code_is_known_however_it_is_typed_and_only_of_its_person() -> None:
    assert codes.recovery_digest(1, "ABCD efgh-jkmn pqrs") == codes.recovery_digest(1, "abcd-efgh-jkmn-pqrs")
    assert codes.recovery_digest(1, "abcd-efgh-jkmn-pqrs") != codes.recovery_digest(2, "abcd-efgh-jkmn-pqrs")


def _code(now: datetime) -> str:
    return pyotp.TOTP(SECRET).at(now)
