"""Orders taken into a batch, given their numbers, printed, packed, handed over, told."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import START, Warehouse
from tests.cast import Cast
from zhanggui import clock
from zhanggui.actions.dispatching import handed_over, packed
from zhanggui.actions.house import House
from zhanggui.actions.papers.making import Wanted
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import batch_view
from zhanggui.actions.shipdesk.batching import make_batch, put_back
from zhanggui.actions.shipdesk.desk import Due, Filter, View, desk, orders_of
from zhanggui.actions.shipdesk.numbering import write_in_order, write_numbers
from zhanggui.actions.shipdesk.printing import mark_printed, print_batch
from zhanggui.actions.shipdesk.telling import file_for_platform
from zhanggui.connectors.files.bulk_shipping import SheetForm
from zhanggui.core.numbers import Verdict
from zhanggui.people.permissions import NotAllowed

A, B, C, REFUND = "260301-100000000000001", "260301-100000000000002", "260302-100000000000003", "260301-100000000000005"
YTO = "圆通快递"


@pytest.fixture
def bare(house: House, people: Cast) -> Warehouse:
    """A shop without orders."""
    return Warehouse(house, people)


@pytest.fixture
def shop(bare: Warehouse) -> Warehouse:
    """Four orders: three to be shipped, one with a refund asked for."""
    bare.comes(A, ship_by=START + timedelta(hours=2), title="坚果礼盒", receiver_masked="李**", city="杭州市")
    bare.comes(B, ship_by=START + timedelta(hours=1), title="坚果礼盒", receiver_masked="王**", city="杭州市")
    bare.comes(C, ship_by=START + timedelta(hours=40), title="坚果礼盒", receiver_masked="赵**", city="杭州市")
    bare.comes(REFUND, ship_by=START + timedelta(hours=3))
    bare.asks_back(REFUND)
    return bare


def listed(shop: Warehouse, view: View, **more: object) -> list[str]:
    found = desk(shop.house, shop.by, shop.shop_id, Filter(view=view, **more), shop.now)  # type: ignore[arg-type]  # the fields of a filter
    return [row.row.order_no for row in found.rows]


def batch(shop: Warehouse, *order_nos: str, carrier: str | None = YTO) -> int:
    return make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=order_nos, carrier=carrier)


def gives_numbers(shop: Warehouse, batch_no: int, *numbers: str) -> None:
    write_in_order(shop.house, shop.by, shop.shop_id, batch_no, None, numbers, shop.now)


def test_what_is_to_be_printed_stands_most_urgent_first_and_what_is_asked_back_apart(shop: Warehouse) -> None:
    tabs = desk(shop.house, shop.by, shop.shop_id, Filter(), shop.now).tabs

    assert listed(shop, View.PRINT) == [B, A, C]
    assert listed(shop, View.PRINT, due=Due.TODAY) == [B, A]
    assert listed(shop, View.KEPT) == [REFUND]
    assert [(tab.view.value, tab.orders, tab.urgent) for tab in tabs if tab.orders] == [("print", 3, 2), ("kept", 1, 1)]


def test_a_number_on_a_label_is_not_given_to_another_receiver(shop: Warehouse) -> None:
    mark_printed(shop.house, shop.by, shop.shop_id, _numbered(shop, A, "YT7351946208153"), shop.now, clock.unwound())

    other = batch_view(shop.house, shop.by, shop.shop_id, _numbered(shop, B, "YT7351946208153"), shop.now)

    assert other is not None
    assert other.lines[0].check is not None
    assert other.lines[0].check.verdict is Verdict.BLOCK


def _numbered(shop: Warehouse, order_no: str, number: str) -> int:
    batch_no = batch(shop, order_no)
    gives_numbers(shop, batch_no, number)
    return batch_no


def test_orders_of_one_door_with_numbers_of_their_own_get_a_label_each(bare: Warehouse) -> None:
    bare.comes(A, B, ship_by=START + timedelta(hours=2), combine_key="door-1", title="坚果礼盒", receiver_masked="李**", city="杭州市")
    batch_no = batch(bare, A, B)
    write_numbers(bare.house, bare.by, bare.shop_id, batch_no, YTO, {A: "YT7351946208153", B: "YT8823719045526"}, bare.now)

    made = print_batch(bare.house, bare.by, bare.shop_id, batch_no, Wanted(), bare.now, clock.unwound())

    assert made.made is not None
    assert sorted(each.order_no for each in made.made.orders) == [A, B]


def test_a_batch_goes_from_number_to_paper_to_parcel_to_carrier_to_file(shop: Warehouse) -> None:
    batch_no = batch(shop, A, B)
    gives_numbers(shop, batch_no, "YT7351946208153", "YT8823719045526")

    made = print_batch(shop.house, shop.by, shop.shop_id, batch_no, Wanted(), shop.now, clock.unwound())

    assert made.refused == ()
    assert made.made is not None
    assert made.made.content.startswith(b"%PDF")
    assert listed(shop, View.PACK) == [B, A]
    assert [outcome.done for no in (A, B) for outcome in packed(shop.house, shop.by, shop.shop_id, no, None, shop.now)] == [True, True]
    assert listed(shop, View.HAND_OVER) == [B, A]
    assert [outcome.done for outcome in handed_over(shop.house, shop.by, shop.shop_id, ["YT7351946208153", B], shop.now)] == [True, True]
    told = orders_of(shop.house, shop.by, shop.shop_id, Filter(view=View.TELL), shop.now)
    assert told == [B, A]
    file = file_for_platform(shop.house, shop.by, shop.shop_id, told, SheetForm.CSV, shop.now)
    assert b"YT8823719045526" in file.content
    assert listed(shop, View.TELL) == []
    assert listed(shop, View.TELL, with_filed=True) == [B, A]


def test_orders_of_one_door_share_a_parcel_and_its_number(bare: Warehouse) -> None:
    bare.comes(A, ship_by=START + timedelta(hours=2), combine_key="door-1")
    bare.comes(B, ship_by=START + timedelta(hours=1), combine_key="door-2")
    bare.comes(C, ship_by=START + timedelta(hours=40), combine_key="door-1")

    batch_no = batch(bare, A, B)
    write_numbers(bare.house, bare.by, bare.shop_id, batch_no, YTO, {A: "YT7351946208153"}, bare.now)

    view = batch_view(bare.house, bare.by, bare.shop_id, batch_no, bare.now)
    assert view is not None
    assert [(line.batch_row.order_no, line.batch_row.parcel, line.batch_row.tracking_no) for line in view.lines] == [
        (A, 1, "YT7351946208153"),
        (C, 1, "YT7351946208153"),
        (B, 2, None),
    ]


def test_what_was_put_back_can_be_taken_again_and_what_was_printed_cannot(shop: Warehouse) -> None:
    first = batch(shop, A, B)
    write_numbers(shop.house, shop.by, shop.shop_id, first, YTO, {A: "YT7351946208153"}, shop.now)
    mark_printed(shop.house, shop.by, shop.shop_id, first, shop.now, clock.unwound())

    assert put_back(shop.house, shop.by, shop.shop_id, [A, B], shop.now) == 1
    assert listed(shop, View.PRINT) == [B, C]
    with pytest.raises(Refused, match="None of these orders waits"):
        batch(shop, A)


def test_a_refund_that_comes_while_it_waits_in_a_batch_keeps_it_from_the_printer(shop: Warehouse) -> None:
    batch_no = batch(shop, A, B)
    gives_numbers(shop, batch_no, "YT7351946208153", "YT8823719045526")
    shop.asks_back(A)

    made = print_batch(shop.house, shop.by, shop.shop_id, batch_no, Wanted(), shop.now, clock.unwound())

    assert made.made is not None
    assert [each.order_no for each in made.made.orders] == [B]
    assert listed(shop, View.KEPT) == [A, REFUND]
    assert listed(shop, View.PACK) == [B]


def test_a_refund_that_comes_after_the_printing_puts_it_on_the_destroy_list(shop: Warehouse) -> None:
    batch_no = batch(shop, A)
    gives_numbers(shop, batch_no, "YT7351946208153")
    mark_printed(shop.house, shop.by, shop.shop_id, batch_no, shop.now, clock.unwound())

    shop.asks_back(A)

    assert (listed(shop, View.PACK), listed(shop, View.DESTROY)) == ([], [A])
    shop.gives_up(A)
    assert (listed(shop, View.PACK), listed(shop, View.DESTROY)) == ([A], [])


def test_more_numbers_than_parcels_are_refused(shop: Warehouse) -> None:
    batch_no = batch(shop, A)

    with pytest.raises(Refused, match="parcels have none"):
        gives_numbers(shop, batch_no, "YT7351946208153", "YT8823719045526")


def test_another_shop_sees_and_does_nothing(shop: Warehouse) -> None:
    zheng = shop.people.zheng

    with pytest.raises(NotAllowed):
        desk(shop.house, zheng, shop.shop_id, Filter(), shop.now)
    with pytest.raises(NotAllowed):
        make_batch(shop.house, zheng, shop.shop_id, shop.now, order_nos=[A])
    assert listed(shop, View.PRINT) == [B, A, C]
