"""A number that is only written down for another order, in another batch, counts as used."""

from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import START, YTO, Warehouse
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.numbers import check_number_in_shop
from zhanggui.actions.shipdesk.batches import batch_view
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.numbering import write_numbers
from zhanggui.core.numbers import Doubt, Verdict

A, B = "260301-100000000000001", "260301-100000000000002"
NUMBER, SWAPPED = "YT7351946208153", "YT7351946208513"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """Two orders, each in a batch of its own."""
    shop = Warehouse(house, people)
    shop.comes(A, ship_by=START + timedelta(hours=2), receiver_masked="李**", city="杭州市")
    shop.comes(B, ship_by=START + timedelta(hours=1), receiver_masked="王**", city="杭州市")
    for number, order_no in enumerate((A, B), 1):
        assert make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=(order_no,), carrier=YTO) == number
    write_numbers(shop.house, shop.by, shop.shop_id, 1, YTO, {A: NUMBER}, shop.now)
    return shop


def test_the_same_number_in_another_batch_is_blocked(shop: Warehouse) -> None:
    write_numbers(shop.house, shop.by, shop.shop_id, 2, YTO, {B: NUMBER}, shop.now)

    view = batch_view(shop.house, shop.by, shop.shop_id, 2, shop.now)

    assert view is not None
    check = view.lines[0].check
    assert check is not None
    assert check.verdict is Verdict.BLOCK
    assert check.reasons[0].slots == {"order_no": A}


def test_a_single_check_knows_it_too_and_the_one_that_two_swapped_digits_make_of_it(shop: Warehouse) -> None:
    same = check_number_in_shop(shop.house, shop.people.lin, shop.shop_id, NUMBER, YTO, shop.now, B)
    near = check_number_in_shop(shop.house, shop.people.lin, shop.shop_id, SWAPPED, YTO, shop.now, B)
    own = check_number_in_shop(shop.house, shop.people.lin, shop.shop_id, NUMBER, YTO, shop.now, A)

    assert [(reason.doubt, reason.order_no) for reason in same.reasons] == [(Doubt.USED_FOR_OTHER_RECEIVER, A)]
    assert [(reason.doubt, reason.order_no) for reason in near.reasons] == [(Doubt.TRANSPOSED, A)]
    assert own.reasons == ()
