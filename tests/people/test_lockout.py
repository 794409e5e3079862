"""The lock-out after too many tries: per account, per address, over restarts and under a burst."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from tests.cast import Cast
from tests.conftest import HASHER
from zhanggui.core.say import say
from zhanggui.people import accounts, admission, passwords, sign_ins, throttle
from zhanggui.people.admission import EntryRefused
from zhanggui.people.entries import Came
from zhanggui.people.throttle import Throttle, network_of
from zhanggui.records.db import Pool

NOW = datetime(2025, 6, 1, 4, 0, 30, tzinfo=UTC)
GOOD = "七号仓库 今天 发货 吗"
BETTER = "八号仓库 明天 发货 吧"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_it_locks_an_account_after_ten_tries_and_says_how_long(pool: Pool) -> None:
    guard = Throttle(pool, Clock())

    waits = [guard.wait(account="lin", address=None) for _ in range(11)]

    assert waits[:10] == [None] * 10
    assert waits[10] == timedelta(minutes=15)


def test_it_locks_one_account_and_not_the_others(pool: Pool) -> None:
    guard = Throttle(pool, Clock())
    for _ in range(11):
        guard.wait(account="lin", address="192.168.1.7")

    assert guard.wait(account="xiaomei", address="192.168.1.7") is None


def test_it_locks_an_address_that_tries_many_accounts(pool: Pool) -> None:
    guard = Throttle(pool, Clock())

    waits = [guard.wait(account=f"guess {number}", address="192.168.1.7") for number in range(61)]

    assert waits[59:] == [None, timedelta(minutes=15)]


def test_it_opens_again_when_the_time_is_over(pool: Pool) -> None:
    clock = Clock()
    guard = Throttle(pool, clock)
    for _ in range(11):
        guard.wait(account="lin", address=None)

    clock.now += timedelta(minutes=14, seconds=59)
    still = guard.wait(account="lin", address=None)
    clock.now += timedelta(seconds=1)

    assert still == timedelta(seconds=1)
    assert guard.wait(account="lin", address=None) is None


def test_it_locks_nobody_out_until_a_moment_that_a_wrong_clock_has_set(pool: Pool) -> None:
    clock = Clock()
    guard = Throttle(pool, clock)
    clock.now += timedelta(days=1)
    for _ in range(11):
        guard.wait(account="lin", address=None)

    clock.now = NOW
    first, others = guard.wait(account="lin", address=None), [guard.wait(account="lin", address=None) for _ in range(10)]

    assert first is None
    assert others == [None] * 9 + [timedelta(minutes=15)], "from then on it counts as ever"


def test_it_forgives_nobody_by_a_restart(pool: Pool) -> None:
    for _ in range(10):
        Throttle(pool, Clock()).wait(account="lin", address=None)

    assert Throttle(pool, Clock()).wait(account="lin", address=None) is not None


def test_it_counts_every_try_of_a_burst(pool: Pool) -> None:
    guard = Throttle(pool, Clock())

    with ThreadPoolExecutor(8) as burst:
        waits = list(burst.map(lambda _: guard.wait(account="lin", address=None), range(40)))

    assert waits.count(None) == 10


def test_it_stores_nothing_of_what_was_typed(pool: Pool) -> None:
    Throttle(pool, Clock()).wait(account="my secret password", address=None)

    with pool.connection() as tx:
        stored = tx.execute("select t::text from throttle t").fetchall()
    assert len(stored) == 1
    assert "secret" not in stored[0][0]


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.168.1.7", "192.168.1.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"), ("testclient", "testclient")],
)
def test_it_takes_a_subscriber_for_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_it_forgets_lockouts_that_are_over(pool: Pool) -> None:
    clock = Clock()
    Throttle(pool, clock).wait(account="lin", address="192.168.1.7")

    with pool.connection() as tx:
        assert throttle.sweep(tx, NOW + timedelta(minutes=14)) == 0
        assert throttle.sweep(tx, NOW + timedelta(minutes=15)) == 2


def test_it_lets_the_right_password_in_and_forgives_the_wrong_ones(pool: Pool, people: Cast) -> None:
    guard = _guarded(pool, people)
    for _ in range(9):
        _try(pool, guard, "wrong")

    token = _try(pool, guard, GOOD)

    with pool.connection() as tx:
        known = sign_ins.known(tx, token or "", NOW)
    assert known is not None
    assert known.person.display_name == "林"
    assert [_try(pool, guard, "wrong") for _ in range(9)] == [None] * 9
    assert _try(pool, guard, GOOD) is not None


def test_it_keeps_the_right_password_out_while_the_account_is_locked(pool: Pool, people: Cast) -> None:
    guard = _guarded(pool, people)
    for _ in range(10):
        _try(pool, guard, "wrong")

    with pytest.raises(EntryRefused) as refusal:
        admission.enter(pool, guard, login="lin", password=GOOD, came=Came(), now=NOW)

    assert refusal.value.reason == say("There were too many tries. Please try again at {again_at}.", again_at=NOW.replace(minute=16, second=0))
    assert refusal.value.wait == timedelta(minutes=15)


def test_it_says_the_same_of_an_unknown_name_and_a_wrong_password(pool: Pool, people: Cast) -> None:
    guard = _guarded(pool, people)

    said = []
    for login in ("lin", "nobody", "laozhou"):
        with pytest.raises(EntryRefused) as refusal:
            admission.enter(pool, guard, login=login, password="wrong", came=Came(), now=NOW)
        said.append(refusal.value.reason)

    assert said == [say("The sign-in name or the password is not right.")] * 3


def test_it_hashes_again_when_the_parameters_have_grown(pool: Pool, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", HASHER)
    guard = _guarded(pool, people)
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    assert people.lin.person_id is not None
    with pool.connection() as tx:
        accounts.store_hash(tx, people.lin.person_id, weak)

    assert _try(pool, guard, GOOD) is not None

    with pool.connection() as tx:
        stored = accounts.password_hash_of(tx, "lin")
    assert stored is not None
    assert stored[1].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert _try(pool, guard, GOOD) is not None


def test_it_lets_nobody_in_by_a_password_that_is_changed_while_it_is_looked_at(pool: Pool, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = _guarded(pool, people)
    monkeypatch.setattr(passwords, "is_outdated", lambda _: _changed(pool, people, BETTER))

    token = _try(pool, guard, GOOD)

    assert token is None
    with pool.connection() as tx:
        assert tx.execute("select count(*) from sign_ins").fetchone() == (0,)


def test_it_hashes_no_password_again_that_was_changed_meanwhile(pool: Pool, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = _guarded(pool, people)
    monkeypatch.setattr(passwords, "is_outdated", lambda _: not _changed(pool, people, BETTER))

    token = _try(pool, guard, GOOD)

    assert token is None
    monkeypatch.undo()
    assert _try(pool, guard, BETTER) is not None


def test_it_lets_two_in_whose_hash_has_to_be_made_anew_at_the_same_moment(pool: Pool, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = _guarded(pool, people)
    outdated = iter((True, False))
    monkeypatch.setattr(passwords, "is_outdated", lambda _: next(outdated) and not _changed(pool, people, GOOD))

    assert _try(pool, guard, GOOD) is not None


def _changed(pool: Pool, people: Cast, password: str) -> bool:
    """Gives 林 this password; that it makes no other hash outdated."""
    assert people.lin.person_id is not None
    with pool.connection() as tx:
        accounts.set_password(tx, people.lin.person_id, password)
    return False


def _guarded(pool: Pool, people: Cast) -> Throttle:
    assert people.lin.person_id is not None
    with pool.connection() as tx:
        accounts.set_password(tx, people.lin.person_id, GOOD)
    return Throttle(pool, Clock())


def _try(pool: Pool, guard: Throttle, password: str) -> str | None:
    try:
        return admission.enter(pool, guard, login="lin", password=password, came=Came(), now=NOW).token
    except EntryRefused:
        return None
