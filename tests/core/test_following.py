"""Recalls, claims and changed numbers by their tables and rules: where each stands, what it may bring, when it is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.chasing.gathering import MOST_IN_A_MESSAGE, Stuck, branch_of, chase_message, gathered
from zhanggui.core.claims.clock import ClaimFacts, claim_deadlines
from zhanggui.core.claims.limits import limit_of
from zhanggui.core.claims.states import CLAIM_STEPS, LIVE_CLAIMS, ClaimEvent, ClaimState, Loss, Worth, claim_after, claim_events
from zhanggui.core.deadlines import DeadlineKind, DeadlineState
from zhanggui.core.facts import OrderFacts, OrderStage, RefundState, ScanFacts, ScanStage
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.recalls.advice import Ended, advice, chances
from zhanggui.core.recalls.clock import SIGNED_FOR, RecallFacts, recall_deadlines
from zhanggui.core.recalls.states import LIVE_RECALLS, RECALL_STEPS, RecallState, is_signed_for, recall_after, recall_stands
from zhanggui.core.renumbering.clock import RIGHT_LATE, RIGHT_NOW, RIGHT_UNKNOWN_WHEN, ChangeFacts, change_deadlines
from zhanggui.core.renumbering.states import ChangeState, change_stands
from zhanggui.core.say import Say
from zhanggui.core.steps import NotThatStep
from zhanggui.rulebook.following import hotlines, recall_terms

NOW = datetime(2026, 3, 6, 2, tzinfo=UTC)
BOOK = rulebook.load()


def scan(stage: ScanStage, hour: int = 0, text: str = "") -> ScanFacts:
    return ScanFacts(tracking_no="YT1", at=NOW + timedelta(hours=hour), text=text or stage.value, stage=stage)


@pytest.mark.parametrize(
    ("said", "stages", "stands"),
    [
        ("recall_asked", [], "recall_asked"),
        ("recall_told", ["in_transit", "arrived"], "recall_told"),
        ("recall_told", ["in_transit", "return_to_sender"], "recall_coming_back"),
        ("recall_asked", ["refused"], "recall_coming_back"),
        ("recall_agreed", ["out_for_delivery", "delivered"], "recall_failed"),
        ("recall_agreed", ["return_to_sender", "in_transit", "delivered"], "recall_back"),
        ("recall_agreed", ["refused", "return_to_sender", "delivered"], "recall_back"),
        ("recall_agreed", ["refused", "out_for_delivery", "delivered"], "recall_coming_back"),
        ("recall_agreed", ["delivered", "return_to_sender"], "recall_coming_back"),
        ("recall_failed", ["return_to_sender"], "recall_coming_back"),
        ("recall_back", ["delivered"], "recall_back"),
        ("recall_dropped", ["return_to_sender"], "recall_dropped"),
    ],
)
def test_it_puts_a_recall_where_the_tracking_events_show_it(said: str, stages: list[str], stands: str) -> None:
    scans = [scan(ScanStage(stage), hour) for hour, stage in enumerate(stages)]

    assert recall_stands(RecallState(said), scans) == stands


@pytest.mark.parametrize(
    ("stages", "stands"),
    [
        (["refused", "out_for_delivery", "delivered"], "recall_failed"),
        (["refused"], "recall_coming_back"),
        (["refused", "return_to_sender", "delivered"], "recall_back"),
    ],
)
def test_a_parcel_refused_once_and_delivered_all_the_same_is_not_back_once_the_buyer_has_it(stages: list[str], stands: str) -> None:
    scans = [scan(ScanStage(stage), hour) for hour, stage in enumerate(stages)]

    assert recall_stands(RecallState.AGREED, scans, is_received=True) == stands


@pytest.mark.parametrize(
    ("stages", "asks"),
    [
        (["refused", "delivered"], True),
        (["refused"], False),
        (["delivered", "refused"], False),
        (["refused", "return_to_sender", "in_transit"], False),
    ],
)
def test_who_signed_for_a_parcel_after_its_refusal_is_asked(stages: list[str], *, asks: bool) -> None:
    scans = [scan(ScanStage(stage), hour) for hour, stage in enumerate(stages)]
    state = recall_stands(RecallState.AGREED, scans)
    facts = RecallFacts(recall_no=1, order_no="O1", state=state, stepped_at=NOW, worth=Fen(100), is_signed_for=is_signed_for(state, scans))

    (deadline,) = recall_deadlines(facts, BOOK)

    assert state is RecallState.COMING_BACK
    assert (deadline.because == SIGNED_FOR) is asks


@pytest.mark.parametrize(
    ("said", "bears", "later", "stands"),
    [
        ("number_planned", "OLD", 0, "number_planned"),
        ("number_planned", "NEW", 0, "number_done"),
        ("number_said_done", "OLD", -1, "number_said_done"),
        ("number_said_done", "OLD", 1, "number_planned"),
        ("number_said_done", "NEW", 1, "number_done"),
        ("number_dropped", "NEW", 1, "number_dropped"),
    ],
)
def test_it_puts_a_change_where_the_order_shows_it(said: str, bears: str, later: int, stands: str) -> None:
    order = OrderFacts(order_no="1", tracking_no=bears)

    assert change_stands(ChangeState(said), NOW, "NEW", order, NOW + timedelta(hours=later)) == stands


@pytest.mark.parametrize(
    ("said_at", "done_at", "state", "is_known", "because"),
    [
        (None, 5, DeadlineState.MET, True, RIGHT_NOW),
        (None, 30, DeadlineState.MET, False, RIGHT_UNKNOWN_WHEN),
        (5, 5, DeadlineState.MET, True, RIGHT_NOW),
        (30, 30, DeadlineState.MISSED, True, RIGHT_LATE),
    ],
)
def test_a_number_was_put_right_late_only_where_somebody_says_so(
    said_at: int | None, done_at: int, state: DeadlineState, *, is_known: bool, because: Say
) -> None:
    said, done = (None if hour is None else NOW + timedelta(hours=hour) for hour in (said_at, done_at))
    change = ChangeFacts(change_no=1, order_no="1", state=ChangeState.DONE, uploaded_at=NOW, said_at=said, done_at=done)

    (found,) = change_deadlines(change, None, BOOK)

    assert (found.state, found.closed_at is not None, found.because) == (state, is_known, because)


@pytest.mark.parametrize("state", [ChangeState.PLANNED, ChangeState.SAID_DONE])
@pytest.mark.parametrize(
    ("order", "stands"),
    [
        (OrderFacts(order_no="1", stage=OrderStage.SHIPPED), DeadlineState.OPEN),
        (OrderFacts(order_no="1", stage=OrderStage.RECEIVED), DeadlineState.WAIVED),
        (OrderFacts(order_no="1", stage=OrderStage.SHIPPED, received_at=NOW), DeadlineState.WAIVED),
        (OrderFacts(order_no="1", stage=OrderStage.SHIPPED, refund=RefundState.REFUNDED), DeadlineState.WAIVED),
        (OrderFacts(order_no="1", stage=OrderStage.CANCELLED), DeadlineState.WAIVED),
    ],
)
def test_nobody_has_to_put_the_number_of_an_ended_order_right(state: ChangeState, order: OrderFacts, stands: DeadlineState) -> None:
    change = ChangeFacts(change_no=1, order_no="1", state=state, uploaded_at=NOW)

    (found,) = change_deadlines(change, OrderKnowledge(order=order, data_as_of=NOW), BOOK)

    assert (found.state, found.at_risk) == (stands, 500 if stands is DeadlineState.OPEN else 0)


def test_every_step_leads_on_from_a_live_state() -> None:
    assert {before for before, _ in CLAIM_STEPS} == LIVE_CLAIMS | {ClaimState.REFUSED, ClaimState.PAID}
    assert {before for before, _ in RECALL_STEPS} == LIVE_RECALLS | {RecallState.BACK}
    with pytest.raises(NotThatStep):
        claim_after(ClaimState.PAID, ClaimEvent.DROP)
    assert claim_events(ClaimState.TO_FILE) == (ClaimEvent.FILE, ClaimEvent.DROP)
    assert {recall_after(*step) for step in RECALL_STEPS} == set(RecallState) - {RecallState.ASKED, RecallState.COMING_BACK, RecallState.NEEDLESS}


@pytest.mark.parametrize(
    ("carrier", "freight", "declared", "value", "most", "rule"),
    [
        ("YTO", 350, None, 2990, 1750, "carrier.claim_limit@2018-05-01"),
        ("YTO", 350, None, 1000, 1000, "carrier.claim_limit@2018-05-01"),
        ("SF", 1200, None, 29900, 8400, "carrier.claim_limit.dearer@2018-05-01"),
        ("EMS", 800, None, 29900, 2400, "carrier.claim_limit.post@2018-05-01"),
        ("ZTO", 350, 20000, 29900, 20000, "carrier.claim_limit.insured@2018-05-01"),
        ("ZTO", None, None, 29900, None, "carrier.claim_limit@2018-05-01"),
        (None, 350, None, 29900, 1750, "carrier.claim_limit@2018-05-01"),
    ],
)
def test_it_reckons_what_the_carriers_terms_pay(
    carrier: str | None, freight: int | None, declared: int | None, value: int, most: int | None, rule: str
) -> None:
    worth = Worth(goods_value=Fen(value), freight=None if freight is None else Fen(freight), declared_value=None if declared is None else Fen(declared))

    limit = limit_of(Loss.LOST, carrier, worth, NOW, BOOK)

    assert (limit.fen, limit.rule) == (most, rule)


@pytest.mark.parametrize(
    ("loss", "state", "kind", "after", "rule"),
    [
        ("lost", "claim_to_file", "claim_by", timedelta(days=3), "house.claim_by.lost@2015-09-01"),
        ("damaged", "claim_to_file", "claim_by", timedelta(hours=48), "carrier.claim_by.damaged@2015-09-01"),
        ("lost", "claim_filed", "claim_answer", timedelta(days=7), "carrier.claim_answer@2018-05-01"),
        ("lost", "claim_complained", "claim_answer", timedelta(days=7), "house.claim_answer.later@2015-09-01"),
        ("lost", "claim_paid", None, None, None),
        ("lost", "claim_refused", None, None, None),
    ],
)
def test_it_sets_the_term_of_a_claim(loss: str, state: str, kind: str | None, after: timedelta | None, rule: str | None) -> None:
    claim = ClaimFacts(claim_no=7, order_no="1", loss=Loss(loss), state=ClaimState(state), noticed_at=NOW, stepped_at=NOW, asked=Fen(2990))

    found = [(each.kind.value, each.due_at - NOW, each.rule, each.at_risk) for each in claim_deadlines(claim, BOOK)]

    assert found == ([] if kind is None else [(kind, after, rule, 2990)])


def test_it_learns_how_often_recalls_work_without_forgetting_the_assumption() -> None:
    terms = recall_terms()
    ended = [Ended(timedelta(hours=1), came_back=True)] * 8 + [Ended(timedelta(hours=30), came_back=False)] * 24

    learnt = chances(ended, terms)

    assert [(each.chance, each.tried, each.came_back) for each in learnt] == [(0.9, 8, 8), (0.5, 0, 0), (0.0625, 24, 0), (0.1, 0, 0)]


@pytest.mark.parametrize(
    ("hours", "paid", "pays", "gain"), [(1, 2990, True, 1115), (1, 600, False, -32), (30, 2990, True, 348), (100, 2990, True, 139), (5, None, False, -200)]
)
def test_it_says_when_stopping_a_parcel_no_longer_pays(hours: int, paid: int | None, pays: bool, gain: int) -> None:
    terms = recall_terms()

    told = advice(timedelta(hours=hours), None if paid is None else Fen(paid), chances([], terms), terms)

    assert (told.pays, told.gain) == (pays, gain)


@given(st.floats(0, 10_000), st.integers(0, 10**9), st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=60))
def test_it_always_knows_a_chance_between_none_and_certain(hours: float, paid: int, past: list[tuple[int, bool]]) -> None:
    learnt = chances((Ended(timedelta(hours=after), came_back=back) for after, back in past), recall_terms())

    told = advice(timedelta(hours=hours), Fen(paid), learnt, recall_terms())

    assert 0 <= told.chance.chance <= 1
    assert sum(each.tried for each in learnt) == len(past)


def parcel(
    number: int, carrier: str | None = "圆通快递", branch: str | None = "上海转运中心", risk: int = 100, kind: DeadlineKind = DeadlineKind.PARCEL_MOVES
) -> Stuck:
    return Stuck(
        order_no=f"{number:03}", tracking_no=f"YT{number:013}", carrier=carrier, branch=branch, kind=kind, stage=ScanStage.IN_TRANSIT,
        last_at=NOW - timedelta(hours=50), due_at=NOW - timedelta(hours=2), at_risk=Fen(risk),
    )  # fmt: skip


def test_it_parts_messages_by_carrier_and_branch_and_by_what_one_can_read() -> None:
    parcels = [*(parcel(n) for n in range(60)), parcel(100, "YTO"), parcel(101, "中通", risk=9_000_000), parcel(102, branch=None)]

    found = gathered(parcels)

    assert [(each.carrier, each.branch, len(each.parcels)) for each in found] == [
        ("中通", "上海转运中心", 1),
        ("圆通快递", "上海转运中心", MOST_IN_A_MESSAGE),
        ("圆通快递", "上海转运中心", 11),
        ("圆通快递", None, 1),
    ]


def test_it_writes_to_the_branch_without_any_buyer_in_it() -> None:
    waiting = parcel(1, kind=DeadlineKind.PICKUP_BY)

    mixed = chase_message(gathered([parcel(2), waiting])[0], NOW, rulebook.scripts())
    pickup = chase_message(gathered([waiting])[0], NOW, rulebook.scripts())

    assert mixed is not None
    assert pickup is not None
    assert (mixed.script, pickup.script) == ("chase_branch", "chase_pickup")
    assert mixed.zh.splitlines()[1:3] == ["1. YT0000000000001：已交寄，没有揽收记录", "2. YT0000000000002：3月4日08:00起没有新记录（已 2 天）"]
    assert mixed.en.splitlines()[2] == "2. YT0000000000002: no event since 04 Mar 08:00 (2 days)"


def test_it_takes_the_branch_from_the_last_event_that_names_one() -> None:
    scans = [scan(ScanStage.PICKED_UP, 0, "【义乌网点】已揽收"), scan(ScanStage.ARRIVED, 1, "到达【上海转运中心】"), scan(ScanStage.IN_TRANSIT, 2, "运输中")]

    assert branch_of(scans) == "上海转运中心"
    assert branch_of([]) is None


def test_it_knows_whom_to_call() -> None:
    known = hotlines()

    assert known.by_code["YTO"].phone == "95554"
    assert known.authority.phone == "12305"
    assert all(line.source and line.site.startswith("http") for line in known.by_code.values())
