"""The table of an after-sales case: every state has a clock and a way on, and everything the platform shows finds its place."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.connectors.pdd.wording import state_word, words
from zhanggui.core.cases import CLOCKS, CLOSED_STATES, MOVES, OVER, PAYING, CaseEvent, CaseMover, CaseState, moves_between, moves_from, state_of, stepped
from zhanggui.core.cases.mapping import KIND_IN_DETAIL, KIND_IN_LIST, STATE_OF_CODE, TURN, code_of, export_word
from zhanggui.core.cases.stepping import Stand
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState, InstantRefund
from zhanggui.core.money import Fen

KINDS = tuple(kind for kind in AftersaleKind if kind is not AftersaleKind.UNKNOWN)
RUNNING = tuple(state for state in CaseState if state not in OVER | PAYING | {CaseState.UNKNOWN})
NOW = datetime(2026, 3, 5, tzinfo=UTC)


def case(**fields: object) -> AftersaleFacts:
    return AftersaleFacts(case_no="A1", **fields)  # type: ignore[arg-type]  # any of its fields


@pytest.mark.parametrize("state", RUNNING)
def test_every_running_state_is_left_by_its_clock(state: CaseState) -> None:
    leaving = [move for move in moves_from(state) if move.who in (CaseMover.CLOCK, CaseMover.BUYER) and move.after is not state]

    assert CLOCKS[state] is not None or state is CaseState.SENT_AGAIN
    assert any(move.who is CaseMover.CLOCK for move in leaving) or any(move.event is CaseEvent.CALL_PLATFORM for move in leaving)


def test_one_clock_belongs_to_a_state_however_it_was_reached() -> None:
    clocks = {(move.after, move.falls_due) for move in MOVES if move.after not in PAYING}

    assert len(clocks) == len({state for state, _ in clocks})


def test_every_state_but_the_unknown_can_be_reached_and_money_ends_everything() -> None:
    reached = {move.after for move in MOVES}

    assert set(CaseState) - reached == {CaseState.UNKNOWN, CaseState.CLOSED}
    assert {move.event for move in MOVES if move.before in PAYING} == {CaseEvent.PAY}
    assert moves_from(CaseState.REFUNDED) == ()


def test_money_goes_back_once() -> None:
    """No step leads from a paid or paying case to consent or to a second ruling."""
    assert [move for move in MOVES if move.before in PAYING and move.after is not CaseState.REFUNDED] == []


def test_it_names_each_step_once() -> None:
    keys = [(move.before, move.event, move.after, kind) for move in MOVES for kind in move.kinds]

    assert len(keys) == len(set(keys))


def test_it_cites_only_rules_that_there_are() -> None:
    known = {rule.id for rule in rulebook.load().all}

    assert {cite for move in MOVES for cite in move.cites} <= known
    assert [move for move in MOVES if move.falls_due is not None and not move.cites] == []


@pytest.mark.parametrize("code", sorted(words().after_sales_status))
def test_it_agrees_with_the_connector_on_whose_turn_a_number_means(code: int) -> None:
    for kind, sent_back in product(KINDS, (False, True)):
        number = "ZT9" if sent_back else None
        told = case(kind=kind, status_code=code, state=state_word(code, sent_back=sent_back).state, return_tracking_no=number)

        assert TURN[state_of(told)] is told.state


def test_it_knows_all_26_documented_numbers() -> None:
    assert sorted(STATE_OF_CODE) == [0, *range(2, 19), 21, 22, 24, 25, 27, 31, 32, 33]


def test_it_writes_kinds_in_both_codings() -> None:
    assert {kind: (KIND_IN_LIST[kind], KIND_IN_DETAIL[kind]) for kind in KINDS} == {
        AftersaleKind.REFUND_ONLY: (2, 1),
        AftersaleKind.RETURN_AND_REFUND: (3, 2),
        AftersaleKind.EXCHANGE: (4, 3),
        AftersaleKind.RESEND: (5, 4),
        AftersaleKind.REPAIR: (6, 5),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_written_as_a_number_is_read_as_itself(kind: AftersaleKind) -> None:
    states = {move.after for move in MOVES if kind in move.kinds} - {CaseState.BACK_HERE, CaseState.CLOSED}
    for state in states:
        code = code_of(state, kind)
        number = "ZT9" if state is CaseState.ON_WAY_BACK else None

        assert state_of(case(kind=kind, status_code=code, state=TURN[state], return_tracking_no=number)) is state


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_written_in_the_export_s_words_is_read_as_one_of_the_same_turn(kind: AftersaleKind) -> None:
    for state in CaseState:
        if export_word(state, kind) is not None and state is not CaseState.UNKNOWN:
            assert TURN[state_of(case(kind=kind, state=TURN[state]))] is TURN[state]


def test_an_old_number_does_not_speak_against_a_newer_word() -> None:
    assert state_of(case(kind=AftersaleKind.REFUND_ONLY, status_code=2, state=AftersaleState.REFUNDED)) is CaseState.REFUNDED
    assert state_of(case(kind=AftersaleKind.EXCHANGE, status_code=14, state=AftersaleState.CLOSED)) is CaseState.GOODS_FAILED


def test_it_sees_that_a_return_arrived() -> None:
    on_way = {"kind": AftersaleKind.RETURN_AND_REFUND, "status_code": 3, "state": AftersaleState.SELLER_TO_RECEIVE, "return_tracking_no": "ZT9"}

    assert state_of(case(**on_way)) is CaseState.ON_WAY_BACK
    assert state_of(case(**on_way, return_delivered_at=NOW)) is CaseState.BACK_HERE
    assert state_of(case(**on_way, return_state_text="已签收")) is CaseState.BACK_HERE


def test_a_case_of_a_kind_we_do_not_know_is_unknown_while_it_waits() -> None:
    assert state_of(case(kind=AftersaleKind.UNKNOWN, state=AftersaleState.SELLER_TO_ANSWER)) is CaseState.UNKNOWN
    assert state_of(case()) is CaseState.UNKNOWN


STANDS = st.builds(Stand, st.sampled_from(CaseState), st.sampled_from(AftersaleKind), st.none() | st.integers(1, 3).map(Fen))


@given(st.none() | STANDS, STANDS, st.none() | st.sampled_from(InstantRefund), st.none() | st.integers(0, 7))
def test_everything_seen_is_a_step_a_skip_or_a_jump_and_a_step_is_of_the_table(
    before: Stand | None, after: Stand, instant: InstantRefund | None, role: int | None
) -> None:
    step = stepped(before, after, case(kind=after.kind, instant_refund=instant, operator_role=role), NOW)

    if step is None:
        assert before == after
    elif step.event in (CaseEvent.SEEN, CaseEvent.SKIP, CaseEvent.JUMP, CaseEvent.CHANGE):
        assert step.is_sure is False or step.event is CaseEvent.CHANGE
    else:
        led = {(move.event, move.who) for move in moves_between(None if before is None else before.state, after.state, after.kind)}
        assert (step.event, step.who) in led
        assert step.steps == 1


def test_a_file_that_only_says_closed_may_mean_any_way_of_closing() -> None:
    after = Stand(CaseState.CLOSED, AftersaleKind.REFUND_ONLY, None)
    step = stepped(Stand(CaseState.REFUND_ASKED, AftersaleKind.REFUND_ONLY, None), after, case(), NOW)

    assert step is not None
    assert (step.event, step.steps) == (CaseEvent.SKIP, 1)
    assert CaseState.CLOSED in CLOSED_STATES
