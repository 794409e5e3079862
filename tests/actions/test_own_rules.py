"""A shop's own rules and promised hours move its running deadlines, and nobody else's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.actions.files import ONE, THREE, TWO, orders_csv, row
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import importing, rules, shops, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, DueSource, Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, Person, ShopId
from zhanggui.records import settings

NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
FORMED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
OWN: dict[str, Any] = {
    "id": "shop.ship_by",
    "question": "ship_by",
    "title": {"zh": "本店 20 小时内发货", "en": "We ship within 20 hours"},
    "effective_from": "2026-01-01",
    "counts_from": ["group_formed_at"],
    "term": {"hours": 20},
    "source": "the shop",
    "checked": "2026-01-01",
    "basis": "observed",
}


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """One order to ship in each shop, without the platform's own ship-by."""
    for number, (person, shop_id) in enumerate(((people.lin, people.shop_id), (people.zheng, people.other_shop_id))):
        _bring(house, person, shop_id, orders_csv(tmp_path / f"{number}.csv", [row(ONE)], leaving=["承诺发货时间"]))
    return house


def test_it_computes_running_deadlines_again(shop: House, people: Cast) -> None:
    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=48)

    rule = rules.add_override(shop, people.lin, people.shop_id, OWN, NOW)

    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=20)
    assert _due(shop, people.zheng, people.other_shop_id) == FORMED + timedelta(hours=48)
    assert [one.cite for one in rules.overrides(shop, people.lin, people.shop_id)] == [rule.cite] == ["shop.ship_by@2026-01-01"]

    rules.remove_override(shop, people.lin, people.shop_id, rule.cite, NOW)
    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=48)


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": ""},
        {"term": {"hours": -1}},
        {"term": {"field": "applied_at"}},
        {"question": "nothing"},
        {"basis": "hearsay"},
        {"id": "pdd.ship_by.spot", "effective_from": "2015-09-01"},
    ],
)
def test_it_refuses_a_rule_that_cannot_stand(shop: House, people: Cast, wrong: dict[str, Any]) -> None:
    before = contents(shop.pool)

    with pytest.raises(Refused):
        rules.add_override(shop, people.lin, people.shop_id, {**OWN, **wrong}, NOW)

    assert contents(shop.pool) == before


def test_a_rep_may_not_make_rules(shop: House, people: Cast) -> None:
    before = contents(shop.pool)

    with pytest.raises(NotAllowed):
        rules.add_override(shop, people.mei, people.shop_id, OWN, NOW)

    assert contents(shop.pool) == before


def test_entered_hours_move_the_orders_that_rest_on_them(shop: House, people: Cast) -> None:
    shops.set_promised_hours(shop, people.lin, people.shop_id, "901", 24, NOW)
    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=24)
    assert _source(shop, people) is DueSource.SHOP

    shops.set_promised_hours(shop, people.lin, people.shop_id, "901", None, NOW)
    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=48)


def test_hours_are_learnt_from_orders_that_carry_them_and_unlearnt_when_these_go(shop: House, people: Cast, tmp_path: Path) -> None:
    teaching = orders_csv(tmp_path / "teaching.csv", [row(TWO, 承诺发货时间="2026-03-02 10:00:00")])

    batch_id = _bring(shop, people.lin, people.shop_id, teaching)

    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=24)
    assert _source(shop, people) is DueSource.LEARNT
    (promise,) = shops.promised_hours(shop, people.lin, people.shop_id)
    assert (promise.goods_id, promise.hours, promise.source, promise.seen) == ("901", 24, "learnt", 1)

    importing.undo(shop, people.lin, people.shop_id, batch_id, NOW)
    assert _due(shop, people.lin, people.shop_id) == FORMED + timedelta(hours=48)
    assert shops.promised_hours(shop, people.lin, people.shop_id) == ()


def test_it_learns_the_least_of_the_newest_hours_since_one_of_them_may_have_been_sold_ahead(shop: House, people: Cast, tmp_path: Path) -> None:
    plain = row(TWO, 承诺发货时间="2026-03-03 09:00:00", 订单成交时间="2026-03-01 09:00:00")
    sold_ahead = row(THREE, 承诺发货时间="2026-03-16 11:00:00", 订单成交时间="2026-03-01 11:00:00")

    _bring(shop, people.lin, people.shop_id, orders_csv(tmp_path / "teaching.csv", [plain, sold_ahead]))

    (promise,) = shops.promised_hours(shop, people.lin, people.shop_id)
    assert (promise.hours, promise.seen) == (48, 2)


def test_links_follow_the_shops_settings(shop: House, people: Cast) -> None:
    shops.set_shop_setting(shop, people.lin, people.shop_id, "link.order", "https://example.test/find?no={order_no}", NOW)

    item = today.todo_item(shop, people.lin, people.shop_id, Subject(SubjectKind.ORDER, ONE), DeadlineKind.SHIP_BY, NOW)

    assert item is not None
    assert item.link == f"https://example.test/find?no={ONE}"


def test_the_settings_of_a_shop_tell_nothing_of_the_house(shop: House, people: Cast) -> None:
    with shop.pool.connection() as tx:
        settings.set_of_house(tx, "secret", "do not tell")
        settings.set_of_house(tx, "link.review", "https://example.test/reviews")

    told = shops.shop_settings(shop, people.lin, people.shop_id)

    assert set(told) == set(shops.SETTINGS)
    assert told["link.review"] == "https://example.test/reviews"


@pytest.mark.parametrize(("name", "value"), [("link.order", "javascript:alert(1)"), ("no.such.setting", "x")])
def test_it_refuses_settings_that_cannot_be(shop: House, people: Cast, name: str, value: str) -> None:
    before = contents(shop.pool)

    with pytest.raises(Refused):
        shops.set_shop_setting(shop, people.lin, people.shop_id, name, value, NOW)

    assert contents(shop.pool) == before


def _bring(house: House, by: Person, shop_id: ShopId, path: Path) -> int:
    previewed = importing.preview(house, by, shop_id, [path], NOW)
    return importing.confirm(house, by, shop_id, previewed.batch_id, NOW).batch_id


def _due(shop: House, by: Person, shop_id: ShopId) -> datetime:
    item = today.todo_item(shop, by, shop_id, Subject(SubjectKind.ORDER, ONE), DeadlineKind.SHIP_BY, NOW)
    assert item is not None
    return item.deadline.due_at


def _source(shop: House, people: Cast) -> DueSource:
    item = today.todo_item(shop, people.lin, people.shop_id, Subject(SubjectKind.ORDER, ONE), DeadlineKind.SHIP_BY, NOW)
    assert item is not None
    return item.deadline.due_source
