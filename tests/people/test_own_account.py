"""One's own account: the password, the name, and where one is signed in."""

from datetime import UTC, datetime

import pytest

from tests.cast import Cast
from zhanggui.actions import own_account
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people import accounts, sign_ins
from zhanggui.people.admission import throttle_key
from zhanggui.people.permissions import NotAllowed, Person, PersonId, operator
from zhanggui.people.throttle import Throttle

NOW = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
GOOD = "七号仓库 今天 发货 吗"
BETTER = "八号仓库 明天 发货 吧"


def test_it_changes_the_password_and_ends_every_other_sign_in(house: House, people: Cast) -> None:
    tokens = _with_password(house, people.lin, GOOD)

    _change(house, people.lin, GOOD, BETTER, keep=sign_ins.digest_of(tokens[0]))

    assert _running(house, tokens) == [True, False]
    with house.pool.connection() as tx:
        assert accounts.check_password(tx, _id(people.lin), BETTER) is True
        assert accounts.check_password(tx, _id(people.lin), GOOD) is False
        assert tx.execute("select kind, by_person, data from journal").fetchall() == [("password_changed", _id(people.lin), {"name": "林"})]


def test_it_asks_for_the_present_password(house: House, people: Cast) -> None:
    tokens = _with_password(house, people.lin, GOOD)

    with pytest.raises(Refused) as refusal:
        _change(house, people.lin, "wrong", BETTER)

    assert refusal.value.say == say("The present password is not right.")
    assert _running(house, tokens) == [True, True]


def test_it_locks_whoever_guesses_the_present_password_at_an_open_desk(house: House, people: Cast) -> None:
    _with_password(house, people.lin, GOOD)
    for _ in range(10):
        with pytest.raises(Refused):
            _change(house, people.lin, "wrong", BETTER)

    with pytest.raises(Refused) as refusal:
        _change(house, people.lin, GOOD, BETTER)

    assert refusal.value.say.text == "There were too many tries. Please try again at {again_at}."


def test_it_keeps_the_old_password_when_the_new_one_is_too_weak(house: House, people: Cast) -> None:
    tokens = _with_password(house, people.lin, GOOD)

    with pytest.raises(Refused):
        _change(house, people.lin, GOOD, "short")

    assert _running(house, tokens) == [True, True]


def test_it_lets_the_operator_give_a_new_password_to_somebody_locked_out(house: House, people: Cast) -> None:
    tokens = _with_password(house, people.mei, GOOD)

    guard = Throttle(house.pool, lambda: NOW)
    for _ in range(11):
        guard.wait(account=throttle_key("xiaomei"), address=None)

    own_account.reset_password(house, operator(), guard, "XiaoMei", BETTER, NOW)

    assert guard.wait(account=throttle_key("xiaomei"), address=None) is None
    assert _running(house, tokens) == [False, False]
    with house.pool.connection() as tx:
        assert accounts.check_password(tx, _id(people.mei), BETTER) is True


def test_it_lets_nobody_else_give_passwords(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        own_account.reset_password(house, people.lin, None, "xiaomei", BETTER, NOW)


def test_it_signs_out_everywhere_else(house: House, people: Cast) -> None:
    tokens = _with_password(house, people.lin, GOOD)

    assert own_account.end_other_sign_ins(house, people.lin, NOW, but=sign_ins.digest_of(tokens[1])) == 1

    assert _running(house, tokens) == [False, True]


def test_it_lists_where_one_is_signed_in(house: House, people: Cast) -> None:
    tokens = _with_password(house, people.lin, GOOD)

    listed = own_account.own_sign_ins(house, people.lin, NOW, this=sign_ins.digest_of(tokens[0]))

    assert sorted(each.is_this_one for each in listed) == [False, True]


def test_it_changes_name_and_language(house: House, people: Cast) -> None:
    own_account.rename_self(house, people.lin, "  林  老板\x00 ", NOW)
    own_account.set_own_language(house, people.lin, "en")

    account = own_account.own_account(house, people.lin)
    assert (account.display_name, account.language) == ("林 老板", "en")
    with house.pool.connection() as tx:
        assert tx.execute("select kind, data from journal").fetchall() == [("name_changed", {"before": "林", "after": "林 老板"})]


def test_it_refuses_an_empty_name(house: House, people: Cast) -> None:
    with pytest.raises(Refused):
        own_account.rename_self(house, people.lin, " \n ", NOW)

    assert own_account.own_account(house, people.lin).display_name == "林"


def _with_password(house: House, person: Person, password: str) -> list[str]:
    with house.pool.connection() as tx:
        accounts.set_password(tx, _id(person), password)
        return [sign_ins.begin(tx, _id(person), NOW) for _ in range(2)]


def _change(house: House, by: Person, present: str, new: str, keep: bytes | None = None) -> None:
    throttle = Throttle(house.pool, lambda: NOW)
    own_account.change_own_password(house, by, throttle, present=present, new=new, address=None, now=NOW, real_now=NOW, keep=keep)


def _running(house: House, tokens: list[str]) -> list[bool]:
    with house.pool.connection() as tx:
        return [sign_ins.known(tx, token, NOW) is not None for token in tokens]


def _id(person: Person) -> PersonId:
    assert person.person_id is not None
    return person.person_id
