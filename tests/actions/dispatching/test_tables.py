"""The tables of steps: whole, reachable, and the same in the docs."""

from pathlib import Path

from tests.actions.dispatching.warehouse import START
from zhanggui.core.abnormal import STEPS
from zhanggui.core.acts import ActKind, AgreeRefund, CancelSending, CannotHold, Ship
from zhanggui.core.dispatch import MOVES, Dispatch, DispatchEvent, DispatchState
from zhanggui.core.dispatch.acting import not_to_send, reason_not_held
from zhanggui.core.facts import OrderFacts, OrderStage
from zhanggui.core.money import Fen

PAGE = Path(__file__).resolve().parents[3] / "docs" / "dispatch.md"
NO = "260302-100000000000001"
REFUND, HELD, SHIP = (
    AgreeRefund(order_no=NO, case_no="1", amount=Fen(1)),
    CancelSending(order_no=NO, case_no="1", amount=Fen(1)),
    Ship(order_no=NO, tracking_no="YT1"),
)


def test_every_state_and_event_of_the_way_out_is_in_the_table_once() -> None:
    assert {move.after for move in MOVES} == {*DispatchState, None}
    assert {move.event for move in MOVES} == set(DispatchEvent)
    assert len({(move.before, move.event) for move in MOVES}) == len(MOVES)


def test_the_docs_tell_every_step() -> None:
    page = PAGE.read_text("utf-8")
    rows = [f"| {_cell(move.before)} | `{move.event.value}` | {_cell(move.after)} | {', '.join(by.value for by in move.by)} |" for move in MOVES]
    rows += [f"| {_cell(step.before)} | `{step.event.value}` | `{step.after.value}` | {', '.join(by.value for by in step.by)} |" for step in STEPS]

    assert [row for row in rows if row not in page] == []


def test_money_goes_back_by_itself_only_where_nothing_can_leave() -> None:
    held = {state: not_to_send(REFUND, Dispatch(order_no=NO, state=state), by_itself=True) is not None for state in (None, *DispatchState)}

    assert held == {
        None: False,
        DispatchState.PRINTED: True,
        DispatchState.PACKED: True,
        DispatchState.HANDED_OVER: True,
        DispatchState.TO_DESTROY: True,
        DispatchState.DESTROYED: False,
        DispatchState.RECALLED: False,
    }


def test_nobody_says_that_a_parcel_was_held_back_that_has_left() -> None:
    left = Dispatch(order_no=NO, state=DispatchState.HANDED_OVER)

    assert not_to_send(HELD, left, by_itself=False) is not None
    assert not_to_send(REFUND, left, by_itself=False) is None


def test_no_number_of_a_destroyed_label_is_uploaded() -> None:
    gone = (DispatchState.TO_DESTROY, DispatchState.DESTROYED, DispatchState.RECALLED)

    assert [state for state in DispatchState if not_to_send(SHIP, Dispatch(order_no=NO, state=state), by_itself=False)] == list(gone)


def test_no_number_is_uploaded_but_the_one_on_the_label() -> None:
    printed = [Dispatch(order_no=NO, state=DispatchState.PACKED, tracking_no=number, printed_at=START) for number in ("yt1", "YT2", None)]

    assert [not_to_send(SHIP, each, by_itself=False) is not None for each in printed] == [False, True, False]


def test_the_platform_is_told_the_reason_that_holds() -> None:
    waits, shipped = OrderFacts(order_no=NO, stage=OrderStage.TO_SHIP), OrderFacts(order_no=NO, stage=OrderStage.SHIPPED)
    reasons = {state: reason_not_held(waits, Dispatch(order_no=NO, state=state)) for state in DispatchState}

    assert reasons[DispatchState.HANDED_OVER] == 1002
    assert {reasons[state] for state in (DispatchState.PRINTED, DispatchState.PACKED, DispatchState.TO_DESTROY)} == {1003}
    assert {reasons[state] for state in (DispatchState.DESTROYED, DispatchState.RECALLED)} == {None}
    assert reason_not_held(shipped, None) == 1002
    assert reason_not_held(waits, None) is None
    assert not_to_send(CannotHold(order_no=NO, case_no="1", reason=1003), Dispatch(order_no=NO, state=DispatchState.DESTROYED), by_itself=True) is not None
    assert ActKind.SENDING_GOES_ON.value == "sending.goes_on"


def _cell(state: DispatchState | object) -> str:
    return f"`{state.value}`" if isinstance(state, DispatchState) or hasattr(state, "value") else "—"
