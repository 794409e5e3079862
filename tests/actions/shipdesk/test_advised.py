"""The carrier that is advised is taken by itself where the shop wants that: parcel by parcel, with its reason, and a person may take another."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import START, Warehouse
from tests.actions.waybills.counter import WaybillCounter
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.carrier_choice.settling import bring_prices, name_carrier
from zhanggui.actions.house import House
from zhanggui.actions.planning.settling import plan_terms
from zhanggui.actions.shipdesk.advised import apply_carriers
from zhanggui.actions.shipdesk.batches import BatchView, batch_view
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.numbering import write_numbers
from zhanggui.actions.shipdesk.waybills import take_numbers
from zhanggui.people.permissions import NotAllowed, operator

NEAR, FAR, TOO = "260301-100000000000001", "260301-100000000000002", "260301-100000000000003"
YTO, ZTO, STO = "圆通快递", "中通快递", "申通快递"
PRICES = f"快递,省份,价格\n{YTO},浙江,2.00\n{ZTO},浙江,6.00\n{YTO},新疆,30.00\n{ZTO},新疆,12.00\n"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Two carriers, each the cheaper one somewhere; two orders to one door near, one far away."""
    shop = Warehouse(house, people)
    for word in (YTO, ZTO):
        name_carrier(house, people.lin, shop.shop_id, word, shop.now, is_used=True)
    bring_prices(house, people.lin, shop.shop_id, PRICES, shop.now)
    apply_carriers(house, people.lin, shop.shop_id, shop.now, applies=True)
    due = START + timedelta(hours=30)
    shop.comes(NEAR, TOO, ship_by=due, province="浙江省", city="杭州市", combine_key="door-1", receiver_masked="李**")
    shop.comes(FAR, ship_by=due, province="新疆维吾尔自治区", city="乌鲁木齐市", receiver_masked="王**")
    return shop


def batched(shop: Warehouse, *, carrier: str | None = None) -> BatchView:
    batch_no = make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[NEAR, FAR], carrier=carrier)
    return seen(shop, batch_no)


def seen(shop: Warehouse, batch_no: int) -> BatchView:
    view = batch_view(shop.house, shop.by, shop.shop_id, batch_no, shop.now)
    assert view is not None
    return view


def carriers(view: BatchView) -> dict[str, str | None]:
    return {line.batch_row.order_no: line.batch_row.carrier for line in view.lines}


def test_every_parcel_goes_with_its_advised_carrier_and_says_why(shop: Warehouse) -> None:
    view = batched(shop)

    assert carriers(view) == {NEAR: YTO, TOO: YTO, FAR: ZTO}
    assert view.is_advised
    assert all(line.batch_row.advised is not None for line in view.lines)


def test_the_carrier_that_a_person_names_goes_before(shop: Warehouse) -> None:
    advised = batched(shop)
    write_numbers(shop.house, shop.by, shop.shop_id, advised.batch.batch_no, None, {NEAR: "77312345678901"}, shop.now, carriers={NEAR: STO, FAR: ZTO})

    after = seen(shop, advised.batch.batch_no)
    assert carriers(after) == {NEAR: STO, TOO: STO, FAR: ZTO}
    assert {line.batch_row.order_no: line.batch_row.advised is None for line in after.lines} == {NEAR: True, TOO: True, FAR: False}
    assert not batched(shop, carrier=STO).is_advised


def test_advice_is_only_told_until_an_owner_wants_more(shop: Warehouse, people: Cast) -> None:
    apply_carriers(shop.house, people.lin, shop.shop_id, shop.now, applies=False)

    with pytest.raises(NotAllowed):
        apply_carriers(shop.house, people.zhou, shop.shop_id, shop.now, applies=True)

    assert carriers(batched(shop)) == {NEAR: None, TOO: None, FAR: None}
    assert not plan_terms(shop.house, shop.by, shop.shop_id).applies_carrier


@pytest.fixture
def counter(house: House, people: Cast) -> Iterator[WaybillCounter]:
    with running(quiet()) as platform:
        yield WaybillCounter(house, people.lin, people.shop_id, platform)


def test_numbers_come_from_the_account_of_each_parcels_carrier(counter: WaybillCounter) -> None:
    who = (counter.house, operator(), counter.shop_id)
    counter.opened(YTO)
    counter.opened(ZTO)
    first, second = counter.orders(2)
    for word in (YTO, ZTO):
        name_carrier(*who, word, counter.now, is_used=True)
    apply_carriers(*who, counter.now, applies=True)
    batch_no = make_batch(*who, counter.now, order_nos=[first, second], combine=False)
    write_numbers(*who, batch_no, None, {}, counter.now, carriers={first: YTO, second: ZTO})

    taken, against = take_numbers(*who, batch_no, None, counter.now, counter.wall)

    view = batch_view(*who, batch_no, counter.now)
    assert view is not None
    assert (taken, against) == (2, ())
    assert {line.batch_row.order_no: (line.batch_row.carrier, line.batch_row.tracking_no is not None) for line in view.lines} == {
        first: (YTO, True),
        second: (ZTO, True),
    }
