"""Accounts: the first person, names to sign in with, and who acts."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest

from tests.cast import Cast
from zhanggui.core.say import say
from zhanggui.people import accounts, members
from zhanggui.people.accounts import AccountRefused
from zhanggui.people.permissions import Permission, Role
from zhanggui.records.db import Pool

NOW = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
GOOD = "七号仓库 今天 发货 吗"


def test_it_makes_the_first_person_keeper_of_the_house(pool: Pool) -> None:
    with pool.connection() as tx:
        account = accounts.first_person(tx, " Lin ", GOOD, "林", NOW)

        assert (account.login, account.display_name, account.is_keeper, account.language) == ("lin", "林", True, "zh_Hans")
        assert accounts.nobody_yet(tx) is False


def test_it_makes_no_second_first_person(pool: Pool) -> None:
    with pool.connection() as tx:
        accounts.first_person(tx, "lin", GOOD, "林", NOW)

    with pytest.raises(AccountRefused) as refusal, pool.connection() as tx:
        accounts.first_person(tx, "zheng", GOOD, "郑", NOW)

    assert refusal.value.reason == say("This house has its first person already; sign in instead.")
    with pool.connection() as tx:
        assert [each.login for each in accounts.every(tx)] == ["lin"]


def test_who_keeps_the_house_is_held_still_without_holding_up_rows_that_name_them(pool: Pool) -> None:
    with pool.connection() as tx:
        keeper = accounts.first_person(tx, "lin", GOOD, "林", NOW).person_id
    with pool.connection() as tx, pool.connection() as other:
        held = accounts.keepers_locked(tx)
        other.execute("set local lock_timeout = '2s'")

        assert held == {keeper}
        assert other.execute("select 1 from people where person_id = %s for key share", (keeper,)).fetchone() == (1,)


def test_it_makes_one_first_person_when_two_come_at_once(pool: Pool) -> None:
    together, refused = Barrier(2), []

    def come(login: str) -> None:
        together.wait()
        try:
            with pool.connection() as tx:
                accounts.first_person(tx, login, GOOD, login, NOW)
        except AccountRefused:
            refused.append(login)

    threads = [Thread(target=come, args=(login,)) for login in ("lin", "zheng")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with pool.connection() as tx:
        assert len(accounts.every(tx)) == 1
    assert len(refused) == 1


@pytest.mark.parametrize("login", ["l", "with space", "x" * 61, "", "new\nline"])
def test_it_refuses_names_that_cannot_be_typed_again(pool: Pool, login: str) -> None:
    with pytest.raises(AccountRefused), pool.connection() as tx:
        accounts.make(tx, login=login, password=GOOD, now=NOW)


def test_it_takes_the_same_name_in_other_letters_for_the_same(pool: Pool) -> None:
    with pool.connection() as tx:
        accounts.make(tx, login="ｌｉｎ", password=GOOD, now=NOW)

        assert accounts.by_login(tx, "LIN") is not None
        with pytest.raises(AccountRefused):
            accounts.make(tx, login="Lin", password=GOOD, now=NOW)


def test_it_knows_every_role_of_a_person(pool: Pool, people: Cast) -> None:
    assert people.mei.person_id is not None
    with pool.connection() as tx:
        members.admit(tx, people.other_shop_id, people.mei.person_id, Role.VIEWER, NOW)

        mei = accounts.person(tx, people.mei.person_id)

    assert mei is not None
    assert mei.roles == {people.shop_id: Role.REP, people.other_shop_id: Role.VIEWER}
    assert mei.may(Permission.TODO_MARK, people.shop_id) is True
    assert mei.may(Permission.TODO_MARK, people.other_shop_id) is False


def test_it_gives_no_rights_for_a_role_it_does_not_know(pool: Pool, people: Cast) -> None:
    assert people.zhou.person_id is not None
    with pool.connection() as tx:
        tx.execute("update memberships set role = 'emperor' where person_id = %s", (people.zhou.person_id,))

        zhou = accounts.person(tx, people.zhou.person_id)

    assert zhou is not None
    assert zhou.roles == {}


def test_it_does_not_know_closed_accounts(pool: Pool, people: Cast) -> None:
    assert people.zhou.person_id is not None
    with pool.connection() as tx:
        tx.execute("update people set closed_at = %s where person_id = %s", (NOW, people.zhou.person_id))

        assert accounts.person(tx, people.zhou.person_id) is None
        assert accounts.by_login(tx, "laozhou") is None
