"""Rows of a batch that somebody sends from a page that was opened a while ago: what they changed is written down, what they left alone is nobody's business."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import START, YTO, Warehouse
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.shipdesk.batches import batch_view
from zhanggui.actions.shipdesk.batching import make_batch, put_back
from zhanggui.actions.shipdesk.numbering import WrittenRow, part_name, write_numbers, write_rows
from zhanggui.actions.shipdesk.splitting import add_part

A, B, C = "260301-100000000000001", "260301-100000000000002", "260302-100000000000003"
FIRST, SECOND, RIGHT, OTHER = "YT7351946208153", "YT8823719045526", "YT6409182736459", "YT7366152940871"
STO = "申通快递"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Three orders in a batch, two of them with a number."""
    shop = Warehouse(house, people)
    for no in (A, B, C):
        shop.comes(no, ship_by=START + timedelta(hours=2), title="坚果礼盒", receiver_masked="李**")
    assert make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[A, B, C], combine=False, carrier=YTO) == 1
    corrects(shop, **{A: FIRST, B: SECOND})
    return shop


def corrects(shop: Warehouse, **numbers: str) -> None:
    """A colleague writes numbers down meanwhile."""
    write_numbers(shop.house, shop.people.lin, shop.shop_id, 1, YTO, numbers, shop.now)


def opened(shop: Warehouse) -> dict[str, WrittenRow]:
    """The rows as the page shows them now."""
    view = batch_view(shop.house, shop.by, shop.shop_id, 1, shop.now)
    assert view is not None
    rows = {line.batch_row.order_no: (line.batch_row.tracking_no or "", line.batch_row.carrier or "") for line in view.lines}
    rows |= {part_name(each.row.order_no, each.row.part): (each.row.tracking_no or "", "") for line in view.lines for each in line.further}
    return {name: WrittenRow(number=number, number_was=number, carrier_was=carrier) for name, (number, carrier) in rows.items()}


def typed(rows: dict[str, WrittenRow], **numbers: str) -> dict[str, WrittenRow]:
    """The same page after somebody has typed into some rows."""
    return {name: WrittenRow(number=numbers.get(name, row.number), number_was=row.number_was, carrier_was=row.carrier_was) for name, row in rows.items()}


def sends(shop: Warehouse, rows: dict[str, WrittenRow]) -> tuple[int, list[tuple[str, object]]]:
    """How many were written, and which were not, with the number that stood there instead."""
    wrote, against = write_rows(shop.house, shop.by, shop.shop_id, 1, rows, shop.now)
    return wrote, [(no, why.slots.get("tracking_no")) for no, why in against]


def numbers(shop: Warehouse) -> dict[str, str]:
    return {name: row.number for name, row in opened(shop).items()}


def test_a_row_that_nobody_touched_keeps_what_a_colleague_put_right(shop: Warehouse) -> None:
    page = opened(shop)
    corrects(shop, **{A: RIGHT})

    told = sends(shop, typed(page, **{C: OTHER}))

    assert told == (1, [])
    assert numbers(shop) == {A: RIGHT, B: SECOND, C: OTHER}


def test_a_row_that_two_changed_is_left_out_and_the_others_are_written(shop: Warehouse) -> None:
    page = opened(shop)
    corrects(shop, **{A: RIGHT})

    told = sends(shop, typed(page, **{A: "yt 7366 1529 40000", B: OTHER}))

    assert told == (1, [(A, RIGHT)])
    assert numbers(shop) == {A: RIGHT, B: OTHER, C: ""}


def test_two_who_write_down_the_same_do_not_stand_in_each_others_way(shop: Warehouse) -> None:
    page = opened(shop)
    corrects(shop, **{A: RIGHT})

    told = sends(shop, typed(page, **{A: RIGHT}))

    assert told == (1, [])
    assert numbers(shop)[A] == RIGHT


def test_a_further_parcel_is_held_against_what_was_seen_like_any_other(shop: Warehouse) -> None:
    add_part(shop.house, shop.by, shop.shop_id, A, shop.now)
    second = part_name(A, 2)
    page = opened(shop)
    corrects(shop, **{second: RIGHT})

    stale = sends(shop, typed(page, **{second: OTHER}))
    untouched = sends(shop, page)
    fresh = sends(shop, typed(opened(shop), **{second: OTHER}))

    assert (stale, untouched, fresh) == ((0, [(A, RIGHT)]), (0, []), (1, []))
    assert numbers(shop)[second] == OTHER


def test_what_left_the_batch_meanwhile_is_said_and_nothing_is_written(shop: Warehouse) -> None:
    page = opened(shop)
    put_back(shop.house, shop.by, shop.shop_id, [A], shop.now)

    wrote, against = write_rows(shop.house, shop.by, shop.shop_id, 1, typed(page, **{A: OTHER}), shop.now)

    assert wrote == 0
    assert [(no, why.text.split(" any more")[0]) for no, why in against] == [(A, "It does not wait for its label in this batch")]


def test_the_carrier_of_a_row_is_treated_like_its_number(shop: Warehouse) -> None:
    row = WrittenRow(number=FIRST, number_was=FIRST, carrier=STO, carrier_was=YTO)

    first = write_rows(shop.house, shop.by, shop.shop_id, 1, {A: row}, shop.now)
    stale = WrittenRow(number=FIRST, number_was=FIRST, carrier="中通快递", carrier_was=YTO)
    second, against = write_rows(shop.house, shop.by, shop.shop_id, 1, {A: stale}, shop.now)

    view = batch_view(shop.house, shop.by, shop.shop_id, 1, shop.now)
    assert view is not None
    assert first == (1, ())
    assert (second, [(no, why.slots) for no, why in against]) == (0, [(A, {"carrier": STO})])
    assert {line.batch_row.order_no: line.batch_row.carrier for line in view.lines} == {A: STO, B: YTO, C: None}


def test_orders_in_one_parcel_follow_the_one_that_is_put_right_unless_they_have_a_number_of_their_own(house: House, people: Cast) -> None:
    shop = Warehouse(house, people)
    shop.comes(A, B, C, ship_by=START + timedelta(hours=2), combine_key="door-1")
    make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[A, B, C], carrier=YTO)
    corrects(shop, **{A: FIRST, B: FIRST, C: SECOND})

    sends(shop, typed(opened(shop), **{A: RIGHT}))

    assert numbers(shop) == {A: RIGHT, B: RIGHT, C: SECOND}
