"""What a buyer is told at each step, by a table a merchant could check; and that no message says what must not be said."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.golden import facts, moment
from zhanggui import rulebook
from zhanggui.core.abnormal.states import Abnormal, AbnormalState
from zhanggui.core.dispatch.shapes import Dispatch
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ScanFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.notices.deciding import notice
from zhanggui.core.notices.estimating import CUSHION, SLACK, full_hour_after, ready_at, ship_estimate, transit_of
from zhanggui.core.notices.shapes import Notice, NoticeGround, NotNow, ShipEstimate, Transit
from zhanggui.core.notices.steps import NoticeStep, is_quiet
from zhanggui.core.parcels.parcel import parcel_of
from zhanggui.core.planning.hours import OpenHours, WorkLine
from zhanggui.core.planning.terms import PlanTerms
from zhanggui.core.promises.reading import promises_in
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.say import say
from zhanggui.core.speech import check
from zhanggui.rulebook.speech import speech_book

TABLE = tomllib.loads((Path(__file__).parent / "notices.toml").read_text("utf-8"))
CASES = [(NoticeStep(f"notice_{step}"), case) for step, cases in TABLE.items() for case in cases]
RULES, SCRIPTS = rulebook.load(), rulebook.scripts()
USUAL = {"stage": "to_ship", "title": "坚果礼盒", "pay_amount": Fen(5000), "group_formed_at": "2026-03-01 10:00:00", "ship_by": "2026-03-03 10:00:00"}


def ground_of(case: dict[str, Any]) -> NoticeGround:
    told = USUAL | case.get("order", {})
    order = facts({"order_no": "O1", **told}, OrderFacts)
    dispatch = facts({"order_no": "O1", **case["dispatch"]}, Dispatch) if "dispatch" in case else None
    suspected = case.get("abnormal")
    known = OrderKnowledge(
        order=order,
        data_as_of=moment("2026-03-01 12:00:00"),
        scans=tuple(facts(scan, ScanFacts) for scan in case.get("scans", ())),
        cases=tuple(facts({"case_no": "S1", "order_no": "O1", **each}, AftersaleFacts) for each in case.get("cases", ())),
        dispatch=dispatch,
        no_trace_at=moment(case["no_trace"]) if "no_trace" in case else None,
        abnormal=Abnormal(order_no="O1", state=AbnormalState(suspected), found_at=moment("2026-03-01 11:00:00"), moved_at=moment("2026-03-01 11:00:00"))
        if suspected
        else None,
    )
    estimate = moment(case["estimate"]) if "estimate" in case else None
    return NoticeGround(
        known=known,
        ship_by=order.ship_by,
        estimate=None if estimate is None else ShipEstimate(estimate, estimate, "YTO", say("So the plan says.")),
        is_short=case.get("short", False),
        transit=Transit(case["transit_hours"], 50, say("So parcels took.")) if "transit_hours" in case else None,
        parcel=parcel_of(known, RULES),
        origin=case.get("origin", ""),
        has_review=case.get("reviewed", False),
        kept_promise=case.get("kept", False),
        broken_promise=case.get("broken", False),
    )


def now_of(case: dict[str, Any]) -> datetime:
    return moment(case.get("now", "2026-03-01 12:00:00"))


@pytest.mark.parametrize(("step", "case"), CASES, ids=[f"{step.value}: {case['name']}" for step, case in CASES])
def test_it_tells_what_the_facts_ask_for(step: NoticeStep, case: dict[str, Any]) -> None:
    told = notice(step, ground_of(case), SCRIPTS, now_of(case))

    if isinstance(told, NotNow):
        assert told.because.text == case["because"]
        return
    assert told.draft.script == case.get("script"), told
    assert told.promise_at == (moment(case["promise"]) if "promise" in case else None)
    assert told.arrives_on == case.get("arrives")
    assert case.get("says", "") in told.draft.zh


def written() -> Iterator[tuple[NoticeStep, dict[str, Any], Notice]]:
    for step, case in CASES:
        told = notice(step, ground_of(case), SCRIPTS, now_of(case))
        if isinstance(told, Notice):
            yield step, case, told


def test_it_has_a_case_for_every_script_of_the_room() -> None:
    of_the_room = {name for name in SCRIPTS.by_id if name.startswith("notice_") and not name.startswith("notice_money")}

    assert {told.draft.script for _, _, told in written()} == of_the_room


def test_it_says_nothing_that_must_not_be_said() -> None:
    for step, case, told in written():
        left = None if step is NoticeStep.DELAYED else timedelta(hours=48)

        assert check(told.draft.zh, speech_book(), now_of(case), ship_within=left) == (), told.draft.zh


def test_it_promises_shipping_to_an_hour_that_the_ledger_reads_back() -> None:
    for _, case, told in written():
        if told.draft.script not in ("notice_formed", "notice_printed", "notice_delayed"):
            continue

        found = [(each.due_at, each.is_exact) for each in promises_in(told.draft.zh, now_of(case)) if each.kind is PromiseKind.SHIP]

        assert found == [(told.promise_at, True)], told.draft.zh


@given(
    hours=st.integers(min_value=-30, max_value=80),
    estimate=st.one_of(st.none(), st.integers(min_value=-5, max_value=200)),
    short=st.booleans(),
    refund=st.sampled_from([None, "none", "open", "refunded"]),
    dispatch=st.sampled_from([None, "printed", "packed", "handed_over", "to_destroy"]),
    shipped=st.booleans(),
)
def test_no_promise_to_ship_breaks_the_limit_or_speaks_of_what_has_gone(
    hours: int, estimate: int | None, short: bool, refund: str | None, dispatch: str | None, shipped: bool
) -> None:
    now = moment("2026-03-03 10:00:00") - timedelta(hours=hours)
    case: dict[str, Any] = {"short": short, "order": {"refund": refund} if refund else {}}
    if estimate is not None:
        case["estimate"] = f"{datetime(2026, 3, 1, 18, tzinfo=UTC) + timedelta(hours=estimate):%Y-%m-%d %H:%M:%S}"
    if dispatch is not None:
        case["dispatch"] = {"state": dispatch, "printed_at": "2026-03-02 10:00:00", "handed_at": "2026-03-02 11:00:00", "tracking_no": "YT1"}
    if shipped:
        case["order"] |= {"stage": "shipped", "shipped_at": "2026-03-02 10:30:00", "tracking_no": "YT1"}
    ground = ground_of(case)

    told = {step: notice(step, ground, SCRIPTS, now) for step in (NoticeStep.FORMED, NoticeStep.PRINTED, NoticeStep.DELAYED)}

    said = {step: each for step, each in told.items() if isinstance(each, Notice)}
    assert not (NoticeStep.FORMED in said and NoticeStep.DELAYED in said)
    assert not said or refund in (None, "none")
    assert not (shipped and (NoticeStep.FORMED in said or NoticeStep.DELAYED in said))
    if NoticeStep.FORMED in said:
        assert ground.ship_by is not None
        assert (said[NoticeStep.FORMED].promise_at or ground.ship_by) <= ground.ship_by
    if NoticeStep.PRINTED in said and said[NoticeStep.PRINTED].draft.script == "notice_left":
        assert dispatch == "handed_over"


LINE = WorkLine(OpenHours("09:00", "18:00").windows(date(2026, 3, 1), 8))
TERMS = PlanTerms(people=1, pack_seconds=60, setup_minutes=10)


@pytest.mark.parametrize(
    ("at", "ahead", "visits", "due", "promised"),
    [
        ("2026-03-01 10:00:00", 40, ["2026-03-01 11:00:00", "2026-03-01 17:00:00"], "2026-03-03 10:00:00", "2026-03-01 18:00:00"),
        ("2026-03-01 10:00:00", 30, ["2026-03-01 11:00:00", "2026-03-01 17:00:00"], "2026-03-03 10:00:00", "2026-03-01 12:00:00"),
        ("2026-03-01 17:50:00", 5, ["2026-03-01 18:00:00", "2026-03-02 11:00:00"], "2026-03-03 10:00:00", "2026-03-02 12:00:00"),
        ("2026-03-01 23:00:00", 1, ["2026-03-02 00:30:00", "2026-03-02 11:00:00"], "2026-03-03 10:00:00", "2026-03-02 12:00:00"),
        ("2026-03-01 10:00:00", 1, ["2026-03-01 17:00:00"], "2026-03-01 17:20:00", "2026-03-01 17:20:00"),
        ("2026-03-01 10:00:00", 1, ["2026-03-01 17:00:00"], "2026-03-01 16:00:00", "2026-03-01 18:00:00"),
        ("2026-03-01 10:00:00", 1, ["2026-03-01 17:30:00"], None, "2026-03-01 18:00:00"),
    ],
    ids=["the first pickup is too soon", "it is just not", "the next day", "at night", "the limit ends the hour", "past the limit", "on the half hour"],
)
def test_it_promises_the_first_pickup_that_what_goes_before_leaves_room_for(at: str, ahead: int, visits: list[str], due: str | None, promised: str) -> None:
    ready = ready_at(LINE, TERMS, moment(at), ahead=ahead)

    assert ready is not None
    found = ship_estimate(ready, [moment(visit) for visit in visits], "YTO", None if due is None else moment(due), ahead=ahead)
    assert found is not None
    assert found.at == moment(promised)


@given(minutes=st.integers(min_value=0, max_value=5 * 24 * 60), ahead=st.integers(min_value=1, max_value=2000))
def test_it_never_promises_sooner_than_the_packing_and_the_pickup_can_be(minutes: int, ahead: int) -> None:
    now = moment("2026-03-01 00:00:00") + timedelta(minutes=minutes)
    visits = [moment("2026-03-01 11:00:00") + timedelta(hours=6 * number) for number in range(60)]

    ready = ready_at(LINE, TERMS, now, ahead=ahead)

    found = None if ready is None else ship_estimate(ready, visits, "YTO", None, ahead=ahead)
    if found is not None:
        assert found.at >= found.leaves_at + SLACK
        assert LINE.place(found.leaves_at) - LINE.place(now) >= round((TERMS.shop.setup + ahead * TERMS.each) * CUSHION)
        assert found.at.minute == 0


def test_it_tells_nobody_how_long_parcels_take_from_too_few_of_them() -> None:
    assert transit_of(40.0, 19, "广东") is None
    assert transit_of(None, 500, "广东") is None
    known = transit_of(40.0, 20, "广东")
    assert known is not None
    assert known.hours == 40.0


def test_it_keeps_the_night() -> None:
    night = [moment(f"2026-03-01 {clock}") for clock in ("22:00:00", "23:59:00", "00:00:00", "07:59:59")]
    day = [moment(f"2026-03-01 {clock}") for clock in ("08:00:00", "12:00:00", "21:59:59")]

    assert [is_quiet(at) for at in (*night, *day)] == [True] * 4 + [False] * 3


def test_a_full_hour_is_its_own_next_one() -> None:
    whole = datetime(2026, 3, 1, 10, tzinfo=UTC)

    assert full_hour_after(whole) == whole
    assert full_hour_after(whole + timedelta(seconds=1)) == whole + timedelta(hours=1)
