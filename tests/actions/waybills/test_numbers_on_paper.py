"""A number goes back only once nothing that bears it can leave, and nobody goes on with it afterwards."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from tests.actions.dispatching.warehouse import tell
from tests.actions.waybills.counter import WaybillCounter
from tests.actions.waybills.test_printing import begins, ends, state_of
from zhanggui.actions.dispatching import destroyed, handed_over, kept_after_all
from zhanggui.actions.interlock.stepping import MOST
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import batch_view
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.waybills import take_numbers
from zhanggui.actions.waybills import give_back, open_labels
from zhanggui.actions.waybills.seeing import counter as counter_page
from zhanggui.core.facts import RefundState
from zhanggui.core.waybills import EndedBecause
from zhanggui.records import around, waybills
from zhanggui.records.db import Tx
from zhanggui.records.waybills import StoredWaybill


def goes_back(counter: WaybillCounter) -> tuple[bool, str | None]:
    """Whether the first number went back, and why not."""
    told = give_back(counter.house, counter.by, counter.shop_id, [counter.rows()[0].waybill_id], EndedBecause.OTHER, counter.now, counter.wall)[0]
    return told.is_back, None if told.why is None else told.why.text


def test_a_number_goes_back_once_its_label_is_destroyed(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    counter.takes([order], counter.opened())
    run = begins(counter, [order])
    at_the_printer = goes_back(counter)
    ends(counter, run)
    on_paper = goes_back(counter)
    destroyed(counter.house, counter.by, counter.shop_id, [order], counter.now)

    after = goes_back(counter)

    assert at_the_printer == (False, "Its label may be coming out of the printer: say first what came out.")
    assert on_paper == (False, "A label with it is about: destroy that first, and say so.")
    assert after == (True, None)


def test_a_number_that_the_carrier_has_is_not_given_back_though_nobody_uploaded_it(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    counter.takes([order], counter.opened())
    ends(counter, begins(counter, [order]))
    handed_over(counter.house, counter.by, counter.shop_id, [order], counter.now)

    assert goes_back(counter) == (False, "The carrier has the parcel with it.")
    assert counter.given_back_there() == []


def test_a_batch_forgets_a_number_that_goes_back_and_takes_another(counter: WaybillCounter) -> None:
    account = counter.opened()
    order = counter.orders()[0]
    house, by, shop_id, now = counter.house, counter.by, counter.shop_id, counter.now
    batch_no = make_batch(house, by, shop_id, now, order_nos=[order])
    take_numbers(house, by, shop_id, batch_no, account.account_no, now, counter.wall)
    goes_back(counter)
    between = [line.batch_row.tracking_no for line in view.lines] if (view := batch_view(house, by, shop_id, batch_no, now)) else []

    taken, against = take_numbers(house, by, shop_id, batch_no, account.account_no, now, counter.wall)

    first, second = counter.taken_there()
    assert (between, taken, against) == ([None], 1, ())
    assert first != second


def test_what_an_earlier_run_left_open_stays_open_where_the_next_may_not_print(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    counter.takes([order], counter.opened())
    first = begins(counter, [order])
    counter.platform.do("buyer.asks", order_sn=order, kind=1)
    counter.settle_orders()

    again = begins(counter, [order])

    assert again.labels == ()
    assert [(each.run_no, each.state) for each in open_labels(counter.house, counter.by, counter.shop_id)] == [(first.run_no, "sent")]


def pays_back(counter: WaybillCounter, order_no: str) -> None:
    """The platform pays the buyer back at once, as its next word shows."""
    with counter.house.pool.connection() as tx:
        facts = around.orders(tx, counter.shop_id, [order_no])[order_no].facts
    tell(counter.house, counter.shop_id, [msgspec.structs.replace(facts, refund=RefundState.REFUNDED)], counter.now + timedelta(seconds=1))


def offered(counter: WaybillCounter) -> list[str | None]:
    """The numbers that the page offers to give back."""
    return [row.number for row in counter_page(counter.house, counter.by, counter.shop_id, counter.now).idle]


def test_a_number_on_the_destroy_list_goes_back_only_once_its_label_is_destroyed(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    counter.takes([order], counter.opened())
    ends(counter, begins(counter, [order]))
    pays_back(counter, order)
    on_the_list = state_of(counter, order), offered(counter), goes_back(counter)

    destroyed(counter.house, counter.by, counter.shop_id, [order], counter.now)

    assert on_the_list == ("to_destroy", [], (False, "A label with it is about: destroy that first, and say so."))
    assert (offered(counter), goes_back(counter)) == (counter.taken_there(), (True, None))


def test_a_label_whose_number_went_back_is_destroyed_for_good(counter: WaybillCounter) -> None:
    orders = counter.orders(2)
    counter.takes(orders, counter.opened())
    ends(counter, begins(counter, orders))
    destroyed(counter.house, counter.by, counter.shop_id, orders, counter.now)
    given, _ = goes_back(counter)
    gone = counter.rows()[0]

    outcomes = kept_after_all(counter.house, counter.by, counter.shop_id, orders, counter.now)

    why = {one.order_no: one.why and one.why.slots for one in outcomes}
    assert given
    assert why == {no: {"number": gone.number} if no in gone.order_nos else None for no in orders}
    assert {no: state_of(counter, no) for no in orders} == {no: "destroyed" if no in gone.order_nos else "printed" for no in orders}


def test_no_more_orders_are_kept_after_all_at_once_than_go_through_any_step(counter: WaybillCounter) -> None:
    with pytest.raises(Refused) as refusal:
        kept_after_all(counter.house, counter.by, counter.shop_id, [str(number) for number in range(MOST + 1)], counter.now)

    assert refusal.value.say.slots == {"most": MOST}


def test_what_became_of_the_numbers_of_many_orders_is_asked_once(counter: WaybillCounter, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = counter.orders(3)
    counter.takes(orders, counter.opened())
    ends(counter, begins(counter, orders))
    destroyed(counter.house, counter.by, counter.shop_id, orders, counter.now)
    asked: list[list[str]] = []
    of_orders = waybills.of_orders

    def noted(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[StoredWaybill]:
        asked.append(sorted(order_nos))
        return of_orders(tx, shop_id, order_nos)

    monkeypatch.setattr(waybills, "of_orders", noted)

    outcomes = kept_after_all(counter.house, counter.by, counter.shop_id, orders, counter.now)

    assert [one.done for one in outcomes] == [True] * 3
    assert asked == [sorted(orders)]
