"""Cases that were known otherwise before: by a file, or by an earlier reading of the same version."""

from typing import Any

import msgspec
import pytest

from tests.actions.syncing.seat import Seat
from tests.cast import Cast
from tests.emulator.caller import DAY, quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.intake.standing import Standing
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.syncing import read_again, sync_state
from zhanggui.connectors.pdd.aftersales import refund_detail
from zhanggui.core.facts import AftersaleFacts, AftersaleState, Place, Sighting
from zhanggui.records import locks


def told(case_no: str, order_no: str, state: AftersaleState, **as_of: object) -> Sighting[AftersaleFacts]:
    facts = AftersaleFacts(case_no=case_no, order_no=order_no, state=state)
    return Sighting(facts, frozenset({"case_no", "order_no", "state"}), Place("a file"), **as_of)  # type: ignore[arg-type]  # one field


def test_a_case_that_a_file_told_before_the_shop_was_connected_is_read_as_it_stands_now(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        (order_no,) = platform.new_orders()
        case_no = str(platform.do("buyer.asks", order_sn=order_no, kind=1)["after_sales_id"])
        seat = Seat(house, people.lin, people.shop_id, platform)
        with house.pool.connection() as tx:
            row = told(case_no, order_no, AftersaleState.BUYER_TO_SEND, as_of=seat.now)
            store_by_hand(house, tx, people.lin, people.shop_id, [row], seat.now, seat.now, profile="pdd")
        platform.step(DAY)
        seat.goes_back(orders=0.03, refunds=0.03)

        seat.work()

        assert seat.our_cases() == seat.their_cases()


def test_a_case_that_moved_twice_in_one_second_comes_right_by_the_next_window(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        (order_no,) = platform.new_orders()
        case_no = str(platform.do("buyer.asks", order_sn=order_no, kind=1)["after_sales_id"])
        read_again(seat.house, seat.shop_id, "case", f"{order_no}/{case_no}", seat.now, seat.wall)
        version = seat.our_cases()[case_no].updated_at
        with house.pool.connection() as tx:
            locks.hold_shop(tx, people.shop_id)
            before = told(case_no, order_no, AftersaleState.BUYER_TO_SEND, as_of=version)
            Standing(tx, people.shop_id, rulebook_in(tx, house, people.shop_id), seat.now).store([before], seat.now)  # type: ignore[list-item]  # a case is a fact
        platform.step(240)
        seat.planned_soon()

        seat.work()

        assert seat.our_cases() == seat.their_cases()


def test_a_case_whose_two_amounts_do_not_fit_together_is_named(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        (order_no,) = platform.new_orders()
        case_no = str(platform.do("buyer.asks", order_sn=order_no, kind=1)["after_sales_id"])
        platform.step(240)
        call = seat.house.line.call

        def in_another_unit(*told: Any, **named: Any) -> Any:
            answer = call(*told, **named)
            if told[1].method == "pdd.refund.information.get":
                case = msgspec.json.decode(answer)
                return msgspec.Raw(msgspec.json.encode(case | {"refund_amount": case["refund_amount"] * 100}))
            return answer

        seat.house.line.call = in_another_unit  # type: ignore[method-assign]  # the unit is the only thing that differs
        seat.work()

        state = sync_state(house, people.lin, people.shop_id, seat.now)
        ours = seat.our_cases()[case_no].refund_amount
        assert ours == seat.their_cases()[case_no].refund_amount
        assert [(one.no, one.reason.slots) for one in state.left_out] == [(case_no, {"number": case_no, "listed_fen": ours, "detailed_fen": (ours or 0) * 100})]


def test_a_case_of_which_the_platform_tells_nothing_keeps_no_other_waiting(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quiet()) as platform:
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        kept, foreign = (str(platform.do("buyer.asks", order_sn=order_no, kind=1)["after_sales_id"]) for order_no in platform.new_orders(2))
        elsewhere = "260101-123456789012345"
        monkeypatch.setattr(
            "zhanggui.actions.syncing.reading.refund_detail", lambda order_no, case_no: refund_detail(elsewhere if case_no == foreign else order_no, case_no)
        )

        platform.step(1500)
        seat.work()

        assert set(seat.our_cases()) == {kept}
