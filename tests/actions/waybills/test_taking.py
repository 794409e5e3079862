"""Numbers for orders: one each, the same when asked twice, none for what must not leave."""

from tests.actions.waybills.counter import WaybillCounter


def test_it_takes_one_number_for_each_order(counter: WaybillCounter) -> None:
    account = counter.opened()
    orders = counter.orders(23)

    outcomes = counter.takes(orders, account)

    assert [each.order_no for each in outcomes] == orders
    assert sorted(each.waybill_no or "" for each in outcomes) == sorted(counter.taken_there())
    assert all(each.why is None and each.print_data for each in outcomes)
    assert len(counter.platform.ledger(method="pdd.waybill.get")) == 3
