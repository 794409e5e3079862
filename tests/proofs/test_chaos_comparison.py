"""What the proof under fire compares with: it finds nothing where both sides agree, and finds every kind of difference."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from proofs.chaos_records_support import act_differences, case_differences, limit_differences, order_differences

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.core.acts import ActKind, ActLevel


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        opened = Door(house, people.lin, people.shop_id, platform)
        opened.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
        opened.orders(2)
        yield opened


def found(door: Door) -> list[str]:
    told = (door.house, door.shop_id, door.platform)
    return [*order_differences(*told), *case_differences(*told), *limit_differences(*told), *act_differences(*told)]


def spoil(door: Door, statement: str, *values: object) -> None:
    with door.house.pool.connection() as tx:
        tx.execute(statement, (*values, door.shop_id))


def test_it_finds_nothing_where_both_sides_agree(door: Door) -> None:
    order_no, case_no = door.refund_asked()
    door.sends(case_no)
    door.works()
    door.reads(case_no, order_no)

    assert found(door) == []
    assert door.happened(ActKind.REFUND_AGREE, after_sales_id=case_no) == 1


def test_it_finds_a_field_that_differs(door: Door) -> None:
    order_no = door.platform.state("orders")[0]["order"]["order_sn"]

    spoil(door, """update orders set facts = (facts::jsonb || '{"pay_amount": 1}')::json where order_no = %s and shop_id = %s""", order_no)

    (told,) = found(door)
    assert told.startswith(f"order {order_no}: pay_amount is 1, not ")


def test_it_finds_a_case_and_an_order_that_are_missing(door: Door) -> None:
    _, case_no = door.refund_asked()
    (order_no,) = door.platform.new_orders()

    spoil(door, "delete from aftersales where case_no = %s and shop_id = %s", case_no)

    told = found(door)
    assert f"case {case_no}: only on their side" in told
    assert any(line.startswith(f"order {order_no}: only on their side") for line in told)


def test_it_finds_a_clock_that_ends_at_another_moment(door: Door) -> None:
    (order_no,) = door.orders()

    spoil(door, "update deadlines set due_at = due_at + interval '1 second' where kind = 'ship_by' and subject_no = %s and shop_id = %s", order_no)

    (told,) = found(door)
    assert told.startswith(f"limit ('ship_by', '{order_no}'): ours (ship_by) ends at ")


def test_it_finds_acts_that_were_lost_doubled_or_never_decided(door: Door) -> None:
    _, lost = door.refund_asked()
    number = door.sends(lost)
    door.works()
    order_no, stranger = door.refund_asked()
    door.platform.call("pdd.refund.agree", request={"order_sn": order_no, "after_sales_id": int(stranger), "operate_desc": "同意"})
    door.later(timedelta(minutes=1))
    for about in ((lost, door.acts()[0].order_no), (stranger, order_no)):
        door.reads(*about)  # type: ignore[arg-type]  # the act is about an order

    spoil(door, "update acts set state = 'stopped' where act_no = %s and shop_id = %s", number)

    assert found(door) == [f"refund.agreed:{stranger} happened, and nobody here decided it", f"refund.agreed:{lost} happened, and the outbox says stopped"]
