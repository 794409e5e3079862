"""Coming to the house: as its first, by an invitation, by the operator's hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.joining import accept, accept_anew, first_owner, invitation, make_person, nobody_yet
from zhanggui.actions.people import change_role, invite, remove_member
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import create_shop, shops_seen
from zhanggui.core.say import say
from zhanggui.people import accounts
from zhanggui.people.permissions import NotAllowed, Person, PersonId, Role, operator
from zhanggui.people.sign_ins import digest_of

NOW = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
GOOD = "七号仓库 今天 发货 吗"
OVER = say("This invitation was used or is over. Ask for a new one.")


def test_it_makes_the_first_person_owner_of_a_new_shop(house: House) -> None:
    account = first_owner(house, login="lin", password=GOOD, name="林", shop_name="林记坚果", now=NOW)

    lin = _person(house, account.login)
    assert [(shop.name, lin.roles[shop.shop_id]) for shop in shops_seen(house, lin)] == [("林记坚果", Role.OWNER)]
    assert lin.is_keeper is True
    assert nobody_yet(house) is False


def test_it_makes_the_first_person_owner_of_the_shops_already_there(house: House) -> None:
    create_shop(house, operator(), "林记坚果", NOW)

    account = first_owner(house, login="lin", password=GOOD, name="林", shop_name="", now=NOW)

    lin = _person(house, account.login)
    assert [(shop.name, lin.roles[shop.shop_id]) for shop in shops_seen(house, lin)] == [("林记坚果", Role.OWNER)]


def test_it_makes_nothing_when_the_password_is_too_weak(house: House) -> None:
    with pytest.raises(Refused) as refusal:
        first_owner(house, login="lin", password="short", name="林", shop_name="林记坚果", now=NOW)

    assert refusal.value.say == say("The password needs at least {fewest} characters.", fewest=10)
    assert nobody_yet(house) is True
    assert shops_seen(house, operator()) == ()


def test_it_lets_a_new_person_in_by_an_invitation(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.REP)

    account = accept_anew(house, people.shop_id, token, login="xiaohong", password=GOOD, name="小红", now=NOW)

    assert _person(house, account.login).roles == {people.shop_id: Role.REP}
    assert _person(house, account.login).is_keeper is False
    assert invitation(house, people.shop_id, token, NOW) is None


def test_it_lets_a_known_person_in_by_an_invitation(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.VIEWER)

    accept(house, people.zheng, people.shop_id, token, NOW)

    assert _person(house, "zheng").roles == {people.other_shop_id: Role.OWNER, people.shop_id: Role.VIEWER}


def test_it_changes_no_role_of_a_member_by_an_invitation(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.OWNER)

    with pytest.raises(Refused):
        accept(house, people.mei, people.shop_id, token, NOW)

    assert _person(house, "xiaomei").roles == {people.shop_id: Role.REP}
    assert invitation(house, people.shop_id, token, NOW) is not None


def test_it_lets_one_in_when_two_use_the_same_invitation_at_once(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.REP)

    with ThreadPoolExecutor(4) as crowd:
        came = list(crowd.map(lambda number: _comes(house, people, token, f"guest{number}"), range(4)))

    assert came.count(True) == 1
    with house.pool.connection() as tx:
        assert len([each for each in accounts.every(tx) if each.login.startswith("guest")]) == 1


def test_it_refuses_an_invitation_that_is_over(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.REP)
    later = NOW + timedelta(days=7)

    assert invitation(house, people.shop_id, token, later - timedelta(seconds=1)) is not None
    with pytest.raises(Refused) as refusal:
        accept_anew(house, people.shop_id, token, login="xiaohong", password=GOOD, name="", now=later)

    assert refusal.value.say == OVER
    with house.pool.connection() as tx:
        assert accounts.by_login(tx, "xiaohong") is None


@pytest.mark.parametrize("becomes", [None, Role.VIEWER])
def test_it_lets_nobody_in_by_an_invitation_of_somebody_who_may_invite_no_more(house: House, people: Cast, becomes: Role | None) -> None:
    token = _invited(house, people, Role.OWNER)
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.OWNER, NOW)
    if becomes is None:
        remove_member(house, people.lin, people.shop_id, _id(people.lin), NOW)
    else:
        change_role(house, people.lin, people.shop_id, _id(people.lin), becomes, NOW)

    with pytest.raises(Refused) as refusal:
        accept_anew(house, people.shop_id, token, login="xiaohong", password=GOOD, name="", now=NOW)
    with pytest.raises(Refused):
        accept(house, people.zheng, people.shop_id, token, NOW)

    assert refusal.value.say == OVER
    assert invitation(house, people.shop_id, token, NOW) is None


def test_it_opens_no_other_shop_with_an_invitation(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.OWNER)

    with pytest.raises(Refused):
        accept_anew(house, people.other_shop_id, token, login="xiaohong", password=GOOD, name="", now=NOW)

    assert invitation(house, people.other_shop_id, token, NOW) is None


def test_it_keeps_an_invitation_when_the_new_account_is_refused(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.REP)

    with pytest.raises(Refused):
        accept_anew(house, people.shop_id, token, login="lin", password=GOOD, name="", now=NOW)

    assert invitation(house, people.shop_id, token, NOW) is not None


def test_it_stores_no_token_of_an_invitation(house: House, people: Cast) -> None:
    token = _invited(house, people, Role.REP)

    with house.pool.connection() as tx:
        stored = tx.execute("select i::text from invitations i").fetchall()[0][0]
    assert token not in stored
    assert digest_of(token).hex() in stored


def test_it_lets_only_the_operator_make_accounts_by_hand(house: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        make_person(house, people.lin, login="xiaohong", password=GOOD, name="", now=NOW)

    made = make_person(house, operator(), login="xiaohong", password=GOOD, name="小红", now=NOW, roles={people.shop_id: Role.FINANCE})

    assert _person(house, made.login).roles == {people.shop_id: Role.FINANCE}


def _invited(house: House, people: Cast, role: Role) -> str:
    return invite(house, people.lin, people.shop_id, role, "", NOW).rpartition("/")[2]


def _id(person: Person) -> PersonId:
    assert person.person_id is not None
    return person.person_id


def _comes(house: House, people: Cast, token: str, login: str) -> bool:
    try:
        accept_anew(house, people.shop_id, token, login=login, password=GOOD, name="", now=NOW)
    except Refused:
        return False
    return True


def _person(house: House, login: str) -> Person:
    with house.pool.connection() as tx:
        account = accounts.by_login(tx, login)
        assert account is not None
        person = accounts.person(tx, account.person_id)
    assert person is not None
    return person
