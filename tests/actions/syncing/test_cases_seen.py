"""Cases that were known otherwise before: by a file, or by an earlier reading of the same version."""

from collections.abc import Callable
from typing import Any, NoReturn

import msgspec
import pytest

from tests.actions.syncing.seat import Seat, waiting_for_an_answer
from tests.cast import Cast
from tests.emulator.caller import DAY, quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.intake.standing import Standing
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.syncing import read_again, sync_state
from zhanggui.actions.syncing.reading import MOST_IN_A_ROW, SLIPS
from zhanggui.connectors.pdd.aftersales import DETAIL, LISTED, refund_detail
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.errors import strange
from zhanggui.core.facts import AftersaleFacts, AftersaleState, FactKind, Place, Sighting
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

        assert set(seat.our_cases()) == {kept, foreign}
        assert left_out(seat) == [(FactKind.AFTERSALE, foreign)]


@pytest.mark.parametrize("code", [50001, 52004, 21001, 12345])
def test_a_case_whose_detail_is_refused_is_stored_as_it_was_listed_and_holds_up_nothing(code: int, house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        (_, kept), (_, refused) = waiting_for_an_answer(platform, 2)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        platform.mood(refused_method=DETAIL, refused_code=code, refused_about=refused)
        platform.step(1500)

        seat.work()

        ours, theirs = seat.our_cases(), seat.their_cases()
        alone = ours[refused]
        assert ours[kept] == theirs[kept]
        assert (alone.state, alone.refund_amount, alone.applied_at) == (theirs[refused].state, theirs[refused].refund_amount, theirs[refused].applied_at)
        assert (alone.expire_at, ours[kept].expire_at is not None) == (None, True)
        assert left_out(seat) == [(FactKind.AFTERSALE, refused)]
        platform.mood(name="fair", refused_code=0)
        read_again(seat.house, seat.shop_id, "case", refused, seat.now, seat.wall)
        assert (seat.our_cases(), left_out(seat)) == (theirs, [])


def test_a_case_stored_as_it_was_listed_is_asked_for_again_by_the_recheck(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        ((_, case_no),) = waiting_for_an_answer(platform)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        platform.mood(refused_method=DETAIL, refused_code=50001, refused_about=case_no)
        platform.step(1500)
        seat.work()
        before = seat.our_cases()[case_no].expire_at
        platform.mood(name="fair", refused_code=0)
        seat.rechecked_soon()

        seat.work()

        assert (before, seat.our_cases(), left_out(seat)) == (None, seat.their_cases(), [])


def test_a_case_stored_as_it_was_listed_is_asked_for_again_while_its_minutes_are_read_again(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        ((order_no, case_no),) = waiting_for_an_answer(platform)
        agreed = {"order_sn": order_no, "after_sales_id": int(case_no), "operate_desc": "", "return_address_id": 1}
        platform.call("pdd.refund.returngoods.agree", request=agreed)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        platform.mood(refused_method=DETAIL, refused_code=50001, refused_about=case_no)
        platform.step(240)
        seat.work()
        before = seat.our_cases()[case_no].shipped
        platform.mood(name="fair", refused_code=0)
        platform.step(60)
        seat.planned_soon()

        seat.work()

        assert (before, seat.our_cases(), left_out(seat)) == (None, seat.their_cases(), [])


def unreadable(case_no: str, times: int) -> Callable[[str, str], Call[Any]]:
    """A detail that is told so often in a way nobody can read."""
    left = [times]

    def detail(order_no: str, asked: str) -> Call[Any]:
        call = refund_detail(order_no, asked)

        def decode(body: bytes) -> Any:
            left[0] -= asked == case_no
            return refuse() if asked == case_no and left[0] >= 0 else call.decode(body)

        return msgspec.structs.replace(call, decode=decode)

    def refuse() -> NoReturn:
        raise strange(DETAIL, "no id in it", is_act=False)

    return detail


@pytest.mark.parametrize(("times", "is_whole"), [(10, True), (10_000, False)])
def test_a_case_nobody_can_read_is_waited_for_a_while(times: int, is_whole: bool, house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quiet()) as platform:
        ((_, case_no),) = waiting_for_an_answer(platform)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        monkeypatch.setattr("zhanggui.actions.syncing.reading.refund_detail", unreadable(case_no, times))
        platform.step(1500)

        seat.work()

        assert (seat.our_cases()[case_no].expire_at is not None) is is_whole
        assert left_out(seat) == ([] if is_whole else [(FactKind.AFTERSALE, case_no)])


def test_of_several_cases_nobody_can_read_one_is_waited_for(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quiet()) as platform:
        numbers = {case_no for _, case_no in waiting_for_an_answer(platform, 3)}
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        asked: list[str] = []

        def detail(order_no: str, case_no: str) -> Call[Any]:
            asked.append(case_no)
            return unreadable(case_no, 10_000)(order_no, case_no)

        monkeypatch.setattr("zhanggui.actions.syncing.reading.refund_detail", detail)
        platform.step(1500)

        seat.work()

        # by the window of what changed, and by the re-check
        assert sorted(asked.count(case_no) for case_no in numbers) == [2, 2, 2 * SLIPS]
        assert {no for _, no in left_out(seat)} == set(seat.our_cases()) == numbers


@pytest.mark.parametrize(("code", "many"), [(10017, 1), (12345, MOST_IN_A_ROW + 2)])
def test_a_trouble_that_is_of_every_case_is_told_and_holds_the_window(code: int, many: int, house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        waiting_for_an_answer(platform, many)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        platform.mood(refused_method=DETAIL, refused_code=code)
        platform.step(1500)

        report = seat.sync()

        assert report.trouble is not None
        assert str(report.trouble.slots["reason"]).startswith(str(code))
        assert seat.our_cases() == {}
        platform.mood(name="fair", refused_code=0)
        seat.work()
        seat.rechecked_soon()
        seat.work()
        assert (seat.our_cases(), left_out(seat)) == (seat.their_cases(), [])


def test_an_order_whose_cases_are_not_told_is_named(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        (order_no,) = platform.new_orders()
        platform.do("buyer.asks", order_sn=order_no, kind=1)
        platform.step(DAY)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        platform.mood(refused_method=LISTED, refused_code=50001, refused_about=order_no)

        seat.work()

        assert (seat.our_cases(), left_out(seat)) == ({}, [(FactKind.ORDER, order_no)])


def test_a_case_that_changed_within_a_second_is_one_version_in_the_list_and_the_detail(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        waiting_for_an_answer(platform)
        seat = Seat(house, people.lin, people.shop_id, platform)
        seat.goes_back(orders=0.03, refunds=0.03)
        platform.mood(split_second=500)
        platform.step(240)
        seat.work()
        platform.step(60)
        seat.planned_soon()

        seat.work()

        assert seat.our_cases() == seat.their_cases()
        assert len(platform.ledger(method=DETAIL)) == 1


def left_out(seat: Seat) -> list[tuple[FactKind, str]]:
    """What the sync page says could not be read."""
    return [(one.kind, one.no) for one in sync_state(seat.house, seat.by, seat.shop_id, seat.now).left_out]
