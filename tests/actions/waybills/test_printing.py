"""Labels on their way to the printer: none against a refund, none to an old address, printed again from what the platform tells."""

from datetime import timedelta

import msgspec
import pytest

from tests.actions.waybills.counter import WaybillCounter
from zhanggui.actions.dispatching import dispatches
from zhanggui.actions.shipdesk.batching import make_batch
from zhanggui.actions.shipdesk.splitting import add_part
from zhanggui.actions.shipdesk.waybills import take_numbers
from zhanggui.actions.waybills import PrintResult, begin_print, end_print, open_labels, sweep_waybills
from zhanggui.actions.waybills.shapes import PrintRun

PRINTER = "掌柜热敏打印机"


def begins(counter: WaybillCounter, orders: list[str]) -> PrintRun:
    """Somebody sends labels to the printer."""
    return begin_print(counter.house, counter.by, counter.shop_id, orders, PRINTER, counter.now, counter.wall)


def ends(counter: WaybillCounter, run: PrintRun, status: str = "success") -> list[str | None]:
    """The component says the same of every label; what has to be done about each."""
    results = [PrintResult(label.document_id, status) for label in run.labels]
    told = end_print(counter.house, counter.by, counter.shop_id, run.run_no or 0, results, counter.now)
    return [None if end.why is None else end.why.text for end in told]


def state_of(counter: WaybillCounter, order_no: str) -> str | None:
    """How far the order is on its way out."""
    with counter.house.pool.connection() as tx:
        found = dispatches(tx, counter.shop_id, [order_no]).get(order_no)
    return None if found is None or found.state is None else found.state.value


def test_a_refund_that_came_after_the_number_keeps_the_label_from_the_printer(counter: WaybillCounter) -> None:
    refunded, other = orders = counter.orders(2)
    counter.takes(orders, counter.opened())
    counter.platform.do("buyer.asks", order_sn=refunded, kind=1)

    run = begins(counter, orders)
    ends(counter, run)

    assert [label.order_nos for label in run.labels] == [(other,)]
    assert [each.order_no for each in run.refused] == [refunded]
    assert (state_of(counter, refunded), state_of(counter, other)) == (None, "printed")


def test_a_refund_while_the_label_came_out_puts_it_on_the_destroy_list(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    counter.takes([order], counter.opened())
    run = begins(counter, [order])
    counter.platform.do("buyer.asks", order_sn=order, kind=1)
    counter.settle_orders()

    why = ends(counter, run)

    assert (state_of(counter, order), len(why)) == ("to_destroy", 1)
    assert why[0] is not None


def test_a_buyer_who_has_moved_gets_the_label_with_the_new_address(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    before = counter.takes([order], counter.opened())[0].print_data
    counter.platform.do("buyer.moves", order_sn=order)
    counter.settle_orders()

    run = begins(counter, [order])

    assert len(counter.platform.ledger(effect="waybill.updated")) == 1
    assert msgspec.json.decode(run.labels[0].contents[0])["encryptedData"] != msgspec.json.decode(before or "{}")["encryptedData"]
    assert len(counter.taken_there()) == 1


def test_what_the_component_needs_is_wiped_and_told_again_for_another_print(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    counter.takes([order], counter.opened())
    first = begins(counter, [order])
    ends(counter, first)
    wiped = counter.rows()[0].print_data

    second = begins(counter, [order])

    assert wiped is None
    assert second.labels[0].contents == first.labels[0].contents
    assert second.labels[0].task_id != first.labels[0].task_id


def test_a_label_that_failed_leaves_the_order_free_and_one_unanswered_stays_open(counter: WaybillCounter) -> None:
    failed, unanswered = orders = counter.orders(2)
    counter.takes(orders, counter.opened())
    run = begins(counter, orders)
    of = {label.order_nos[0]: label.document_id for label in run.labels}

    end_print(counter.house, counter.by, counter.shop_id, run.run_no or 0, [PrintResult(of[failed], "failed", "缺纸")], counter.now)

    assert [each.number for each in open_labels(counter.house, counter.by, counter.shop_id)] == [of[unanswered]]
    assert state_of(counter, failed) is None


def test_a_number_whose_order_has_left_is_used_and_not_offered_to_go_back(counter: WaybillCounter) -> None:
    order = counter.orders()[0]
    taken = counter.takes([order], counter.opened())[0]
    counter.platform.ship(order, taken.waybill_no or "")
    counter.settle_orders()

    sweep_waybills(counter.house, counter.now)

    assert [row.state for row in counter.rows()] == ["used"]


def test_nobody_is_asked_for_what_nobody_asked_the_platform_for(counter: WaybillCounter) -> None:
    account = counter.opened()
    orders = counter.orders(2)
    counter.platform.mood(name="failing", server_error=1.0)

    outcomes = counter.takes(orders, account)
    counter.platform.mood(name="fair")
    counter.wait(timedelta(minutes=11))
    worked = counter.works()

    assert [each.waybill_no for each in outcomes] == [None, None]
    assert {row.state for row in counter.rows()} <= {"not_taken", "held"}
    assert (worked, counter.taken_there()) == (False, [])


def two_labels(counter: WaybillCounter) -> tuple[str, PrintRun]:
    """An order in two parcels, whose labels go to the printer."""
    account, order_no = counter.opened(), counter.orders()[0]
    who = (counter.house, counter.by, counter.shop_id)
    batch_no = make_batch(*who, counter.now, order_nos=[order_no], carrier="圆通快递")
    add_part(*who, order_no, counter.now)
    take_numbers(*who, batch_no, account.account_no, counter.now, counter.wall)
    return order_no, begins(counter, [order_no])


def tells(counter: WaybillCounter, run: PrintRun, *told: str) -> None:
    """The component says this of the first label, of the second; of one that it does not speak of, nothing."""
    results = [PrintResult(label.document_id, status) for label, status in zip(run.labels, told, strict=False) if status]
    end_print(counter.house, counter.by, counter.shop_id, run.run_no or 0, results, counter.now)


def may_be_on_paper(counter: WaybillCounter, order_no: str) -> bool:
    with counter.house.pool.connection() as tx:
        return any(found.may_be_on_paper for found in dispatches(tx, counter.shop_id, [order_no]).values())


@pytest.mark.parametrize("other", ["", "whatever"])
def test_a_label_that_jams_frees_no_order_of_which_another_may_be_coming_out(counter: WaybillCounter, other: str) -> None:
    order, run = two_labels(counter)

    tells(counter, run, "failed", other)
    jammed = may_be_on_paper(counter, order)
    counter.platform.do("buyer.asks", order_sn=order, kind=1)
    counter.settle_orders()
    halted = state_of(counter, order)
    tells(counter, run, "", "failed")

    assert (len(run.labels), jammed, halted) == (2, True, "to_destroy")
    assert (may_be_on_paper(counter, order), state_of(counter, order)) == (False, None)


def test_an_order_is_free_once_both_its_labels_jammed(counter: WaybillCounter) -> None:
    order, run = two_labels(counter)

    tells(counter, run, "failed", "failed")

    assert (may_be_on_paper(counter, order), state_of(counter, order)) == (False, None)
