"""郑 owns another shop of the same house: every action on ours is refused, nothing happens, and no list shows anything of ours."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import ONE, orders_csv, row
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import aftersales, importing, journal, measures, notes, orders, rules, scans, shops, today
from zhanggui.actions.house import House
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, Person, ShopId

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ORDER = Subject(SubjectKind.ORDER, ONE)

Deed = Callable[[House, Person, ShopId], object]
DEEDS: dict[str, Deed] = {
    "rename the shop": lambda house, by, shop: shops.rename_shop(house, by, shop, "mine", NOW),
    "read settings": shops.shop_settings,
    "change a setting": lambda house, by, shop: shops.set_shop_setting(house, by, shop, "category", "tea", NOW),
    "read promised hours": shops.promised_hours,
    "enter promised hours": lambda house, by, shop: shops.set_promised_hours(house, by, shop, "901", 24, NOW),
    "preview": lambda house, by, shop: importing.preview(house, by, shop, [Path("orders.csv")], NOW),
    "confirm": lambda house, by, shop: importing.confirm(house, by, shop, 1, NOW),
    "drop": lambda house, by, shop: importing.drop(house, by, shop, 1, NOW),
    "undo": lambda house, by, shop: importing.undo(house, by, shop, 1, NOW),
    "list imports": lambda house, by, shop: importing.batches(house, by, [shop]),
    "read an import": lambda house, by, shop: importing.batch(house, by, shop, 1),
    "read the quarantine": lambda house, by, shop: importing.quarantine(house, by, shop, 1),
    "mend": lambda house, by, shop: importing.mend(house, by, shop, 1, 1, {}, NOW),
    "discard": lambda house, by, shop: importing.discard(house, by, shop, 1, 1, NOW),
    "see today": lambda house, by, shop: today.today(house, by, NOW, shop_ids=[shop]),
    "see to-dos": lambda house, by, shop: today.todo(house, by, shop, NOW, 10),
    "see the ranked list": lambda house, by, shop: today.ranked(house, by, NOW, shop_ids=[shop]),
    "see a to-do": lambda house, by, shop: today.todo_item(house, by, shop, ORDER, DeadlineKind.SHIP_BY, NOW),
    "list orders": lambda house, by, shop: orders.orders(house, by, NOW, shop_ids=[shop]),
    "see an order": lambda house, by, shop: orders.order(house, by, shop, ONE, NOW),
    "count states": lambda house, by, shop: orders.state_counts(house, by, [shop]),
    "see the month": lambda house, by, shop: orders.last_month(house, by, [shop], NOW),
    "list cases": lambda house, by, shop: aftersales.cases(house, by, NOW, shop_ids=[shop]),
    "leave a note": lambda house, by, shop: notes.add_note(house, by, shop, ORDER, "hello", NOW),
    "paste scans": lambda house, by, shop: scans.paste_scans(house, by, shop, ONE, "2026-03-01 20:00:00 已揽收", NOW),
    "read own rules": rules.overrides,
    "make a rule": lambda house, by, shop: rules.add_override(house, by, shop, {}, NOW),
    "remove a rule": lambda house, by, shop: rules.remove_override(house, by, shop, "shop.ship_by@2026-01-01", NOW),
    "measure": lambda house, by, shop: measures.measures(house, by, shop, NOW),
    "read the journal": lambda house, by, shop: journal.journal(house, by, [shop]),
}


@pytest.fixture
def ours(house: House, people: Cast, tmp_path: Path) -> House:
    """One order of ours."""
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row(ONE), row("260301-9", 订单成交时间="soon")])], NOW)
    importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)
    return house


@pytest.mark.parametrize("deed", DEEDS)
def test_it_is_refused_and_nothing_happens(ours: House, people: Cast, deed: str) -> None:
    before = contents(ours.pool)

    with pytest.raises(NotAllowed):
        DEEDS[deed](ours, people.zheng, people.shop_id)

    assert contents(ours.pool) == before


def test_no_list_shows_anything_of_ours(ours: House, people: Cast) -> None:
    zheng = people.zheng

    assert [shop.shop_id for shop in shops.shops_seen(ours, zheng)] == [people.other_shop_id]
    assert orders.orders(ours, zheng, NOW).rows == ()
    assert orders.orders(ours, zheng, NOW, query=ONE).rows == ()
    assert orders.find(ours, zheng, ONE) == ()
    assert orders.state_counts(ours, zheng) == ()
    assert [day for day in orders.last_month(ours, zheng, None, NOW) if day.orders] == []
    assert [item for _, group in today.today(ours, zheng, NOW).groups for item in group] == []
    assert [total for total in today.today(ours, zheng, NOW).sums if total.deadlines] == []
    assert today.today(ours, zheng, NOW).ages == ()
    assert aftersales.cases(ours, zheng, NOW).rows == ()
    assert importing.batches(ours, zheng) == ()
    assert journal.journal(ours, zheng).entries == ()


def test_the_same_order_number_in_both_shops_stays_two_orders(ours: House, people: Cast, tmp_path: Path) -> None:
    theirs = orders_csv(tmp_path / "b.csv", [row(ONE, 商品="龙井")])
    previewed = importing.preview(ours, people.zheng, people.other_shop_id, [theirs], NOW)
    importing.confirm(ours, people.zheng, people.other_shop_id, previewed.batch_id, NOW)

    assert [listed.order.title for listed in orders.orders(ours, people.zheng, NOW).rows] == ["龙井"]
    assert [listed.order.title for listed in orders.orders(ours, people.lin, NOW).rows] == ["坚果礼盒"]

    importing.undo(ours, people.zheng, people.other_shop_id, previewed.batch_id, NOW)
    assert [listed.order.order_no for listed in orders.orders(ours, people.lin, NOW).rows] == [ONE]
