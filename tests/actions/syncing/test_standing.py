"""What the platform tells stands beside what files tell: folded by age, kept once, never listed among imports and never undone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.importing import batches, undo
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.intake.standing import Standing
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import AftersaleFacts, AftersaleState, Facts, OrderFacts, OrderStage, Place, Sighting
from zhanggui.records import around, locks

NO = "260302-000000000000001"
FIRST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOW = FIRST + timedelta(days=1)


def at(hours: int) -> datetime:
    return FIRST + timedelta(hours=hours)


def order(as_of: datetime, **fields: Any) -> Sighting[Facts]:
    return Sighting(OrderFacts(order_no=NO, **fields), frozenset(fields) | {"order_no"}, Place("pdd.order"), as_of)


def case(as_of: datetime, **fields: Any) -> Sighting[Facts]:
    return Sighting(AftersaleFacts(case_no="7", **fields), frozenset(fields) | {"case_no"}, Place("pdd.refund"), as_of)


def told(house: House, people: Cast, *sightings: Sighting[Facts]) -> int:
    with house.pool.connection() as tx:
        locks.hold_shop(tx, people.shop_id)
        standing = Standing(tx, people.shop_id, rulebook_in(tx, house, people.shop_id), NOW)
        standing.store(sightings, NOW)
        return standing.batch_id


def by_file(house: House, people: Cast, *sightings: Sighting[Facts]) -> int:
    with house.pool.connection() as tx:
        return store_by_hand(house, tx, people.lin, people.shop_id, sightings, NOW, NOW, profile="pdd")


def known(house: House, people: Cast) -> OrderFacts:
    with house.pool.connection() as tx:
        return around.orders(tx, people.shop_id, [NO])[NO].facts


def kept(house: House, people: Cast, batch_id: int) -> list[tuple[str, datetime]]:
    with house.pool.connection() as tx:
        return tx.execute("select key, as_of from sightings where shop_id = %s and batch_id = %s", (people.shop_id, batch_id)).fetchall()


def test_it_keeps_one_sighting_of_a_thing_however_often_it_is_told(house: House, people: Cast) -> None:
    for hours in range(5):
        batch_id = told(house, people, order(at(hours), stage=OrderStage.TO_SHIP, seller_note=f"note {hours}"))

    assert kept(house, people, batch_id) == [(NO, at(4))]
    assert known(house, people).seller_note == "note 4"


def test_it_writes_nothing_when_the_same_is_told_again(house: House, people: Cast) -> None:
    told(house, people, order(at(1), stage=OrderStage.TO_SHIP))
    with house.pool.connection() as tx:
        before = tx.execute("select xmin::text from sightings union all select xmin::text from orders").fetchall()

    told(house, people, order(at(1), stage=OrderStage.TO_SHIP))

    with house.pool.connection() as tx:
        assert tx.execute("select xmin::text from sightings union all select xmin::text from orders").fetchall() == before


def test_older_news_never_overwrites_newer(house: House, people: Cast) -> None:
    told(house, people, order(at(2), stage=OrderStage.SHIPPED, tracking_no="1"))

    batch_id = told(house, people, order(at(1), stage=OrderStage.TO_SHIP, tracking_no=None))

    assert known(house, people).stage is OrderStage.SHIPPED
    assert kept(house, people, batch_id) == [(NO, at(2))]


def test_of_equal_ages_the_later_told_holds(house: House, people: Cast) -> None:
    told(house, people, order(at(2), stage=OrderStage.SHIPPED, seller_note="before"))

    told(house, people, order(at(2), stage=OrderStage.SHIPPED, seller_note="after"))

    assert known(house, people).seller_note == "after"


def test_files_and_platform_fold_by_age(house: House, people: Cast) -> None:
    by_file(house, people, order(at(3), stage=OrderStage.TO_SHIP, province="广东"))
    told(house, people, order(at(2), stage=OrderStage.FORMING, seller_note="red"))
    told(house, people, order(at(4), stage=OrderStage.SHIPPED, seller_note="blue"))

    assert known(house, people) == OrderFacts(order_no=NO, stage=OrderStage.SHIPPED, seller_note="blue", province="广东")


def test_undoing_a_file_leaves_what_the_platform_told(house: House, people: Cast) -> None:
    told(house, people, order(at(2), stage=OrderStage.TO_SHIP, seller_note="red"))
    batch_id = by_file(house, people, order(at(3), stage=OrderStage.SHIPPED, province="广东"))

    undo(house, people.lin, people.shop_id, batch_id, NOW)

    assert known(house, people) == OrderFacts(order_no=NO, stage=OrderStage.TO_SHIP, seller_note="red")


def test_a_list_without_the_limit_does_not_wipe_out_that_of_the_detail(house: House, people: Cast) -> None:
    told(house, people, case(at(1), state=AftersaleState.SELLER_TO_ANSWER, expire_at=at(30)))

    told(house, people, case(at(1), state=AftersaleState.SELLER_TO_ANSWER, reason="不想要了"))

    with house.pool.connection() as tx:
        facts = around.cases_by_no(tx, people.shop_id, ["7"])["7"].facts
    assert (facts.expire_at, facts.reason) == (at(30), "不想要了")


def test_a_turn_that_passes_takes_its_limit_along(house: House, people: Cast) -> None:
    told(house, people, case(at(1), state=AftersaleState.SELLER_TO_ANSWER, expire_at=at(30)))

    told(house, people, case(at(2), state=AftersaleState.BUYER_TO_SEND, reason="不想要了"))

    with house.pool.connection() as tx:
        assert around.cases_by_no(tx, people.shop_id, ["7"])["7"].facts.expire_at is None


def test_it_is_never_listed_and_never_undone(house: House, people: Cast) -> None:
    batch_id = told(house, people, order(at(2), stage=OrderStage.TO_SHIP))

    assert batches(house, people.lin) == ()
    with pytest.raises(Refused):
        undo(house, people.lin, people.shop_id, batch_id, NOW)
    assert known(house, people).stage is OrderStage.TO_SHIP


def test_each_shop_has_one_of_its_own(house: House, people: Cast) -> None:
    ours = [told(house, people, order(at(hours), stage=OrderStage.TO_SHIP)) for hours in (1, 2)]

    with house.pool.connection() as tx:
        rows = tx.execute("select shop_id, batch_id, profile from batches where state = 'standing'").fetchall()
    assert rows == [(people.shop_id, ours[0], "pdd_api")]
    assert ours[0] == ours[1]
