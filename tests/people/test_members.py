"""Inviting, moving and removing the people of a shop: by its owner alone, and never its last owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.cast import Cast
from zhanggui.actions.alerting.channels import add_channel, switch_channel
from zhanggui.actions.bridge_tokens import bearer_of, make_token
from zhanggui.actions.house import House
from zhanggui.actions.people import change_role, close_account, invite, people_of, remove_member, set_keeper, sign_out_member, withdraw_invitation
from zhanggui.actions.refused import Refused
from zhanggui.connectors.notify.ways import Typed
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say
from zhanggui.people import accounts, factors, members, sign_ins
from zhanggui.people.permissions import NotAllowed, Person, PersonId, Role, operator
from zhanggui.records import alert_channels

NOW = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
NEEDS_OWNER = say("A shop needs an owner. Make somebody else an owner first.")


def test_it_lists_the_members_and_the_waiting_invitations(house: House, people: Cast) -> None:
    invite(house, people.lin, people.shop_id, Role.FINANCE, "for the accountant", NOW)

    view = people_of(house, people.lin, people.shop_id, NOW)

    assert [(each.display_name, each.role) for each in view.members] == [("林", "owner"), ("小美", "rep"), ("老周", "warehouse")]
    assert [(each.role, each.note, each.made_by_name, each.ends_at) for each in view.invitations] == [
        (Role.FINANCE, "for the accountant", "林", NOW + timedelta(days=7))
    ]


def test_it_shows_the_people_only_to_those_who_may_see_them(house: House, people: Cast) -> None:
    for stranger in (people.mei, people.zhou, people.zheng):
        with pytest.raises(NotAllowed):
            people_of(house, stranger, people.shop_id, NOW)


def test_it_lets_nobody_but_an_owner_write(house: House, people: Cast) -> None:
    before = _everything(house)

    for stranger in (people.mei, people.zhou, people.zheng):
        for deed in (
            lambda by: invite(house, by, people.shop_id, Role.OWNER, "", NOW),
            lambda by: withdraw_invitation(house, by, people.shop_id, "x", NOW),
            lambda by: change_role(house, by, people.shop_id, _id(by), Role.OWNER, NOW),
            lambda by: remove_member(house, by, people.shop_id, _id(people.lin), NOW),
            lambda by: sign_out_member(house, by, people.shop_id, _id(people.lin), NOW),
        ):
            with pytest.raises(NotAllowed):
                deed(stranger)

    assert _everything(house) == before


def test_it_changes_a_role_at_once_and_says_so_in_the_journal(house: House, people: Cast) -> None:
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.AFTERSALES, NOW)

    assert _roles(house, people)["小美"] == "aftersales"
    assert _journal(house, people) == [("member_moved", _id(people.lin), {"name": "小美", "role": "aftersales"})]


def test_it_writes_nothing_when_the_role_is_the_same(house: House, people: Cast) -> None:
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.REP, NOW)

    assert _journal(house, people) == []


def test_it_removes_a_member_whose_account_stays(house: House, people: Cast) -> None:
    remove_member(house, people.lin, people.shop_id, _id(people.mei), NOW)

    assert "小美" not in _roles(house, people)
    assert _journal(house, people) == [("member_left", _id(people.lin), {"name": "小美"})]
    with house.pool.connection() as tx:
        mei = accounts.person(tx, _id(people.mei))
    assert mei is not None
    assert mei.roles == {}


def test_the_keeping_is_given_and_taken_and_somebody_always_has_it(house: House, people: Cast) -> None:
    set_keeper(house, operator(), "lin", NOW, keeps=True)
    with pytest.raises(Refused, match="Somebody has to keep the house"):
        set_keeper(house, operator(), "lin", NOW, keeps=False)
    with pytest.raises(Refused, match="Somebody has to keep the house"):
        close_account(house, operator(), "lin", NOW)
    set_keeper(house, operator(), "xiaomei", NOW, keeps=True)

    taken = set_keeper(house, operator(), "lin", NOW, keeps=False)
    set_keeper(house, operator(), "lin", NOW, keeps=False)

    assert taken.is_keeper is False
    assert [each.display_name for each in people_of(house, people.lin, people.shop_id, NOW).members if each.is_keeper] == ["小美"]
    assert [data for kind, _, data in _journal(house, people) if kind == "keeping_changed"] == [
        {"name": "林", "keeps": True}, {"name": "小美", "keeps": True}, {"name": "林", "keeps": False},
    ]  # fmt: skip


def test_nothing_opens_by_an_account_that_was_closed(house: House, people: Cast) -> None:
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.OWNER, NOW)
    owning = msgspec.structs.replace(people.mei, roles={people.shop_id: Role.OWNER})
    program = make_token(house, owning, people.shop_id, "账", [Scope.MONEY_READ], NOW, NOW).token
    channel_no = add_channel(house, owning, people.shop_id, "wecom", "自己的", Typed(address="a1b2c3d4-e5f6"), NOW, mine=True)
    with house.pool.connection() as tx:
        token, half = sign_ins.begin(tx, _id(people.mei), NOW), factors.begin_half(tx, _id(people.mei), NOW)

    close_account(house, operator(), "xiaomei", NOW)

    assert "小美" not in _roles(house, people)
    assert bearer_of(house, program, NOW) is None
    with house.pool.connection() as tx:
        assert (sign_ins.known(tx, token, NOW), factors.half(tx, half, NOW), accounts.by_login(tx, "xiaomei")) == (None, None, None)
        channel = alert_channels.locked(tx, people.shop_id, channel_no)
    assert channel is not None
    assert (bytes(channel.sealed), channel.is_on) == (b"", False)
    with pytest.raises(Refused, match="Nobody signs in"):
        close_account(house, operator(), "xiaomei", NOW)


def test_the_last_owner_of_a_shop_is_not_closed_and_nobody_but_the_operator_closes(house: House, people: Cast) -> None:
    with pytest.raises(Refused) as refused:
        close_account(house, operator(), "lin", NOW)
    for stranger in people.ours:
        with pytest.raises(NotAllowed):
            close_account(house, stranger, "laozhou", NOW)
        with pytest.raises(NotAllowed):
            set_keeper(house, stranger, "laozhou", NOW, keeps=True)

    assert refused.value.say == NEEDS_OWNER


def test_it_never_leaves_a_shop_without_an_owner(house: House, people: Cast) -> None:
    with pytest.raises(Refused) as demotion:
        change_role(house, people.lin, people.shop_id, _id(people.lin), Role.VIEWER, NOW)
    with pytest.raises(Refused) as removal:
        remove_member(house, people.lin, people.shop_id, _id(people.lin), NOW)

    assert [demotion.value.say, removal.value.say] == [NEEDS_OWNER] * 2

    assert _roles(house, people)["林"] == "owner"
    assert _journal(house, people) == []


def test_it_keeps_one_of_two_owners_who_remove_each_other_at_once(house: House, people: Cast) -> None:
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.OWNER, NOW)

    for _ in range(5):
        with house.pool.connection() as tx:
            members.admit(tx, people.shop_id, _id(people.lin), Role.OWNER, NOW)
            members.admit(tx, people.shop_id, _id(people.mei), Role.OWNER, NOW)
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda pair: _quietly_remove(house, people, *pair), [(people.lin, people.mei), (people.mei, people.lin)]))

        assert list(_roles(house, people).values()).count("owner") == 1


def test_it_knows_no_members_of_other_shops(house: House, people: Cast) -> None:
    for deed in (
        lambda: change_role(house, people.lin, people.shop_id, _id(people.zheng), Role.VIEWER, NOW),
        lambda: remove_member(house, people.lin, people.shop_id, _id(people.zheng), NOW),
        lambda: sign_out_member(house, people.lin, people.shop_id, _id(people.zheng), NOW),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_it_signs_a_member_out_everywhere(house: House, people: Cast) -> None:
    with house.pool.connection() as tx:
        tokens = [sign_ins.begin(tx, _id(people.mei), NOW) for _ in range(2)]

    assert sign_out_member(house, people.lin, people.shop_id, _id(people.mei), NOW) == 2

    with house.pool.connection() as tx:
        assert [sign_ins.known(tx, token, NOW) for token in tokens] == [None, None]
    assert _journal(house, people) == [("sign_ins_ended", _id(people.lin), {"name": "小美"})]


def test_it_takes_an_invitation_back(house: House, people: Cast) -> None:
    invite(house, people.lin, people.shop_id, Role.OWNER, "", NOW)
    number = people_of(house, people.lin, people.shop_id, NOW).invitations[0].number

    withdraw_invitation(house, people.lin, people.shop_id, number, NOW)
    withdraw_invitation(house, people.lin, people.shop_id, number, NOW)

    assert people_of(house, people.lin, people.shop_id, NOW).invitations == ()
    assert [kind for kind, _, _ in _journal(house, people)] == ["member_invited", "invitation_withdrawn"]


def _quietly_remove(house: House, people: Cast, by: Person, whom: Person) -> None:
    try:
        remove_member(house, by, people.shop_id, _id(whom), NOW)
    except (Refused, NotAllowed):
        return


def _id(person: Person) -> PersonId:
    assert person.person_id is not None
    return person.person_id


def _roles(house: House, people: Cast) -> dict[str, str]:
    with house.pool.connection() as tx:
        return {each.display_name: each.role for each in members.of_shop(tx, people.shop_id)}


def _journal(house: House, people: Cast) -> list[tuple[str, int, dict[str, str]]]:
    with house.pool.connection() as tx:
        return tx.execute("select kind, by_person, data from journal where shop_id = %s order by entry_no", (people.shop_id,)).fetchall()


def test_an_owner_who_becomes_a_rep_keeps_no_token(house: House, people: Cast) -> None:
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.OWNER, NOW)
    owning = msgspec.structs.replace(people.mei, roles={people.shop_id: Role.OWNER})
    token = make_token(house, owning, people.shop_id, "账", [Scope.MONEY_READ], NOW, NOW).token
    others = make_token(house, people.lin, people.shop_id, "别的", [Scope.MONEY_READ], NOW, NOW).token

    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.REP, NOW)

    assert bearer_of(house, token, NOW) is None
    assert bearer_of(house, others, NOW) is not None


def test_whoever_leaves_leaves_no_channel_that_opens_and_no_token(house: House, people: Cast) -> None:
    change_role(house, people.lin, people.shop_id, _id(people.mei), Role.OWNER, NOW)
    with house.pool.connection() as tx:
        mei = accounts.person(tx, _id(people.mei))
    assert mei is not None
    hers = make_token(house, mei, people.shop_id, "客服工具", tuple(Scope), NOW, NOW).token
    his = make_token(house, people.lin, people.shop_id, "另一个", tuple(Scope), NOW, NOW).token
    typed = Typed(address="https://open.feishu.cn/open-apis/bot/v2/hook/0123456789abcdef")
    channel_no = add_channel(house, mei, people.shop_id, "feishu", "自己的", typed, NOW, mine=True)

    remove_member(house, people.lin, people.shop_id, _id(people.mei), NOW)

    with house.pool.connection() as tx:
        row = alert_channels.locked(tx, people.shop_id, channel_no)
    assert row is not None
    assert (bytes(row.sealed), row.is_on) == (b"", False)
    assert (bearer_of(house, hers, NOW), bearer_of(house, his, NOW) is not None) == (None, True)
    with pytest.raises(Refused, match="wiped when its person left"):
        switch_channel(house, mei, people.shop_id, channel_no, NOW, is_on=True)


def _everything(house: House) -> list[tuple[object, ...]]:
    with house.pool.connection() as tx:
        return [tx.execute(f"select t::text from {table} t order by 1").fetchall() for table in ("memberships", "invitations", "sign_ins", "journal")]  # type: ignore[misc]  # rows of text
