"""Numbers that come to an end are a to-do: by the forecast of the shop's own use, by the number it has named, gone once they are bought."""

from datetime import datetime, timedelta

from tests.cast import Cast
from tests.parcels import order, tell
from tests.workbench.conftest import NOW
from zhanggui.actions.house import House
from zhanggui.actions.waybills import sweep_waybills
from zhanggui.actions.waybills.accounts import NewAccount, Settings, accounts_of, add_account, set_account, tell_balance
from zhanggui.core.clocks.topping_up import top_up_deadline
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.waybills import AccountState, Use, forecast
from zhanggui.records import deadlines
from zhanggui.records.deadlines import StoredDeadline

SETTINGS = Settings(low_at=50)


def todo(house: House, people: Cast, account_no: int, at: datetime = NOW) -> StoredDeadline | None:
    sweep_waybills(house, at)
    with house.pool.connection() as tx:
        row = deadlines.one(tx, people.shop_id, Subject(SubjectKind.WAYBILL_ACCOUNT, str(account_no)), DeadlineKind.TOP_UP)
    return row if row is not None and row.band is not None else None


def test_an_account_that_is_low_is_a_to_do_until_numbers_are_bought(house: House, people: Cast) -> None:
    who = (house, people.lin, people.shop_id)
    account_no = add_account(*who, NewAccount(carrier="圆通快递", branch="义乌北苑网点", state=AccountState.APPROVED), NOW)
    set_account(*who, account_no, SETTINGS, NOW)
    tell_balance(*who, account_no, NOW, left=200)
    enough = todo(house, people, account_no)

    tell_balance(*who, account_no, NOW, left=40)
    low = todo(house, people, account_no)
    later = todo(house, people, account_no, at=NOW + timedelta(days=2))
    tell_balance(*who, account_no, NOW, left=0)
    empty = todo(house, people, account_no)
    tell_balance(*who, account_no, NOW, bought=1000)
    bought = todo(house, people, account_no)

    assert (enough, bought) == (None, None)
    assert low is not None
    assert low.rule == "house.top_up@2015-09-01"
    assert low.due_at == NOW.replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    assert later is not None
    assert later.due_at == low.due_at
    assert empty is not None
    assert empty.due_at == NOW


def test_what_lasts_less_than_the_rule_asks_for_is_due_when_it_ends(house: House) -> None:
    today = NOW.date()
    uses = [Use(today - timedelta(days=ago), 100) for ago in range(1, 8)]

    soon, later = (top_up_deadline(1, "圆通快递", forecast(left, uses, today), NOW, NOW, house.rulebook) for left in (250, 320))

    assert soon is not None
    assert soon.due_at == (NOW + timedelta(days=2.5)).replace(minute=0, second=0, microsecond=0)
    assert later is None


def test_orders_shipped_are_taken_from_no_account_where_several_have_their_carrier(house: House, people: Cast) -> None:
    who = (house, people.lin, people.shop_id)
    before = NOW - timedelta(days=1)
    first = add_account(*who, NewAccount(carrier="圆通快递", branch="义乌北苑网点", state=AccountState.APPROVED), before)
    tell_balance(*who, first, before, left=100)
    tell(house, people.lin, people.shop_id, [order(f"YT76000000000{number:02d}", NOW - timedelta(hours=5)) for number in range(3)], NOW)
    alone = [each.left for each in accounts_of(*who, NOW)]

    second = add_account(*who, NewAccount(carrier="圆通快递", branch="义乌稠城网点", state=AccountState.APPROVED), before)
    tell_balance(*who, second, before, left=200)

    assert alone == [97]
    assert sorted(each.left or 0 for each in accounts_of(*who, NOW)) == [100, 200]
