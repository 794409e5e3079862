"""What to do next: the act fits where the goods and the money are, and comes with its reasons and a message."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.clocks import case_deadlines, conversation_deadlines, freshness_deadline, order_deadlines, review_deadlines
from zhanggui.core.clocks.cases import AGREED
from zhanggui.core.deadlines import Deadline, DeadlineKind
from zhanggui.core.decide import verdict
from zhanggui.core.disputes.seen import DisputeSeen
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.facts import (
    AftersaleFacts,
    AftersaleKind,
    AftersaleState,
    ClaimedReceipt,
    FactKind,
    MessageFacts,
    OrderFacts,
    OrderStage,
    RefundState,
    ReviewFacts,
    ScanFacts,
    ScanStage,
    ShippingKind,
    Speaker,
)
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act, Verdict

RULES, SCRIPTS = rulebook.load(), rulebook.scripts()
NOW = moment("2026-03-05 09:30:00")
TO_SHIP = OrderFacts(
    order_no="260304-1",
    stage=OrderStage.TO_SHIP,
    refund=RefundState.NONE,
    shipping_kind=ShippingKind.SPOT,
    group_formed_at=moment("2026-03-04 10:00:00"),
    title="短袖T恤",
    pay_amount=Fen(5990),
)
SHIPPED = msgspec.structs.replace(TO_SHIP, stage=OrderStage.SHIPPED, shipped_at=moment("2026-03-04 12:00:00"), tracking_no="YT1", carrier="圆通快递")
CASE = AftersaleFacts(
    case_no="A1",
    order_no="260304-1",
    kind=AftersaleKind.REFUND_ONLY,
    state=AftersaleState.SELLER_TO_ANSWER,
    applied_at=moment("2026-03-05 08:00:00"),
    refund_amount=Fen(5990),
)


def known(order: OrderFacts, **more: Any) -> OrderKnowledge:
    return OrderKnowledge(order=order, data_as_of=moment("2026-03-05 09:00:00"), **more)


def scan(at: str, stage: ScanStage, tracking_no: str = "YT1") -> ScanFacts:
    return ScanFacts(tracking_no=tracking_no, at=moment(at), text="", stage=stage)


WENT_HOME = (
    scan("2026-03-04 14:00:00", ScanStage.PICKED_UP),
    scan("2026-03-04 18:00:00", ScanStage.REFUSED),
    scan("2026-03-04 19:00:00", ScanStage.RETURN_TO_SENDER),
    scan("2026-03-05 08:00:00", ScanStage.DELIVERED),
)


def message(text: str, at: str = "2026-03-05 09:29:00") -> MessageFacts:
    return MessageFacts(message_no="M1", speaker=Speaker.BUYER, at=moment(at), text=text)


def given(deadline: Deadline, now: datetime = NOW, **around: Any) -> Verdict:
    facts: dict[str, Any] = {"order": None, "case": None, "messages": (), "review": None} | around
    return verdict(deadline, now=now, rulebook=RULES, scripts=SCRIPTS, **facts)


def on_order(order: OrderKnowledge, kind: DeadlineKind, now: datetime = NOW, **around: Any) -> Verdict:
    deadline = next(deadline for deadline in order_deadlines(order, RULES) if deadline.kind is kind)
    return given(deadline, now, order=order, **around)


def on_case(case: AftersaleFacts, order: OrderKnowledge | None, kind: DeadlineKind = DeadlineKind.ANSWER_REFUND) -> Verdict:
    deadline = next(deadline for deadline in case_deadlines(case, order, RULES) if deadline.kind is kind)
    return given(deadline, order=order, case=case)


def drafted(found: Verdict) -> str:
    assert found.message is not None
    return found.message.script


def test_it_ships_and_promises_the_last_full_hour() -> None:
    found = on_order(known(TO_SHIP), DeadlineKind.SHIP_BY)

    assert (found.act, drafted(found), found.until) == (Act.SHIP, "ship_soon", moment("2026-03-06 10:00:00"))
    assert found.message is not None
    assert "最晚3月6日10点前发出" in found.message.zh
    assert found.cites == ("pdd.ship_by.spot@2015-09-01", "pdd.compensation.late_shipment@2015-09-01")


def test_it_uploads_a_number_that_exists() -> None:
    found = on_order(known(msgspec.structs.replace(TO_SHIP, tracking_no="YT1")), DeadlineKind.SHIP_BY)

    assert (found.act, drafted(found)) == (Act.SHIP, "number_missing")


def test_it_apologises_once_the_moment_has_passed() -> None:
    found = on_order(known(TO_SHIP), DeadlineKind.SHIP_BY, moment("2026-03-06 10:00:01"))

    assert (found.act, drafted(found), found.until) == (Act.APOLOGISE_AND_PROMISE, "ship_late", None)
    assert found.message is not None
    assert "3月6日20点前发出" in found.message.zh


def test_it_does_not_ship_what_the_buyer_wants_back() -> None:
    order = known(msgspec.structs.replace(TO_SHIP, refund=RefundState.OPEN), cases=(CASE,))

    found = on_order(order, DeadlineKind.SHIP_BY)

    assert (found.act, drafted(found)) == (Act.CANCEL_SHIPPING_AND_REFUND, "refund_unshipped")


def test_it_destroys_the_waybill_first_where_one_was_printed() -> None:
    order = known(msgspec.structs.replace(TO_SHIP, refund=RefundState.OPEN, tracking_no="YT1"))

    found = on_order(order, DeadlineKind.SHIP_BY)

    assert (found.act, found.runner_up, drafted(found)) == (Act.DESTROY_WAYBILL_AND_REFUND, Act.INTERCEPT, "refund_unshipped")


@pytest.mark.parametrize(("hold", "cite"), [("under_review", "pdd.may_ship.under_review@2015-09-01"), ("on_hold", "pdd.may_ship.on_hold@2015-09-01")])
def test_it_holds_what_must_not_be_shipped(hold: str, cite: str) -> None:
    order = known(msgspec.structs.replace(TO_SHIP, **{hold: True}))

    found = on_order(order, DeadlineKind.SHIP_BY)

    assert (found.act, drafted(found)) == (Act.HOLD, "on_hold")
    assert cite in found.cites


def test_it_asks_a_person_about_a_status_it_does_not_know() -> None:
    order = known(msgspec.structs.replace(TO_SHIP, stage=OrderStage.UNKNOWN, status_text="待付尾款"))

    assert on_order(order, DeadlineKind.SHIP_BY).act is Act.LOOK


def test_it_verifies_a_pickup_that_files_cannot_show() -> None:
    found = on_order(known(SHIPPED), DeadlineKind.PICKUP_BY)

    assert (found.act, drafted(found)) == (Act.VERIFY_PICKUP, "shipped_notice")


def test_it_chases_a_pickup_that_the_tracking_text_lacks() -> None:
    found = on_order(known(SHIPPED, scans=(scan("2026-03-04 12:01:00", ScanStage.UNKNOWN),)), DeadlineKind.PICKUP_BY)

    assert (found.act, drafted(found)) == (Act.CHASE_PICKUP, "pickup_chase")
    assert "pdd.fix_number@2015-09-01" in found.cites


def test_it_weighs_stopping_a_parcel_under_way_against_letting_it_arrive() -> None:
    order = known(msgspec.structs.replace(SHIPPED, refund=RefundState.OPEN), cases=(CASE,))

    assert on_order(order, DeadlineKind.PICKUP_BY).act is Act.INTERCEPT
    found = on_case(CASE, order)
    assert {Act.INTERCEPT, Act.OFFER_RETURN} == {found.act, found.runner_up}


def test_it_chases_the_carrier_once_a_parcel_is_silent() -> None:
    order = known(SHIPPED, scans=(scan("2026-03-02 08:00:00", ScanStage.IN_TRANSIT),))

    found = on_order(order, DeadlineKind.PARCEL_MOVES)

    assert (found.act, drafted(found)) == (Act.CHASE_CARRIER, "parcel_stalled")
    assert "pdd.silence.instant_refund@2015-09-01" in found.cites


def test_it_leaves_a_moving_parcel_alone() -> None:
    order = known(SHIPPED, scans=(scan("2026-03-05 08:00:00", ScanStage.IN_TRANSIT),))

    found = on_order(order, DeadlineKind.PARCEL_MOVES)

    assert (found.act, found.confirm) == (Act.LOOK, False)


def test_it_asks_for_a_new_delivery_time_once_late() -> None:
    order = known(msgspec.structs.replace(SHIPPED, deliver_by=moment("2026-03-05 09:00:00")))

    found = on_order(order, DeadlineKind.DELIVER_BY)

    assert (found.act, drafted(found)) == (Act.CHASE_CARRIER, "delivery_late")


def test_it_asks_what_is_wrong_before_a_refund_without_return() -> None:
    order = known(msgspec.structs.replace(SHIPPED, stage=OrderStage.RECEIVED, received_at=moment("2026-03-05 07:00:00")))

    found = on_case(CASE, order)

    assert (found.act, found.runner_up, drafted(found)) == (Act.ASK_BUYER, Act.OFFER_RETURN, "refund_ask_problem")
    assert "cn.law.no_forced_refund_only@2026-02-01" in found.cites


def test_it_agrees_to_a_return_and_names_the_law() -> None:
    case = msgspec.structs.replace(CASE, kind=AftersaleKind.RETURN_AND_REFUND)

    found = on_case(case, known(SHIPPED))

    assert (found.act, drafted(found)) == (Act.AGREE_RETURN, "return_agree")
    assert "cn.law.no_reason_return@2014-03-15" in found.cites


@pytest.mark.parametrize("kind", [AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR])
def test_it_confirms_what_is_needed_where_goods_are_asked_for(kind: AftersaleKind) -> None:
    found = on_case(msgspec.structs.replace(CASE, kind=kind), known(SHIPPED))

    assert found.act in (Act.AGREE_EXCHANGE, Act.OFFER_PARTIAL)
    assert {Act.AGREE_EXCHANGE, Act.OFFER_PARTIAL} <= {each.act for each in found.weighed}


def test_it_asks_a_person_about_a_case_of_unknown_kind() -> None:
    assert on_case(msgspec.structs.replace(CASE, kind=AftersaleKind.UNKNOWN), None).act is Act.LOOK


def test_it_waits_for_the_buyer_to_send_back() -> None:
    case = msgspec.structs.replace(CASE, state=AftersaleState.BUYER_TO_SEND, agreed_at=moment("2026-03-05 08:30:00"))

    found = on_case(case, known(SHIPPED), DeadlineKind.BUYER_SENDS_BACK)

    assert (found.act, found.confirm, drafted(found)) == (Act.WAIT_FOR_BUYER, False, "return_reminder")


@pytest.mark.parametrize(("delivered", "script"), [("2026-03-05 09:00:00", "return_received"), (None, "return_on_way")])
def test_it_inspects_a_return_once_it_is_here(delivered: str | None, script: str) -> None:
    case = msgspec.structs.replace(
        CASE, kind=AftersaleKind.RETURN_AND_REFUND, state=AftersaleState.SELLER_TO_RECEIVE, return_sent_at=moment("2026-03-03 09:00:00")
    )
    case = msgspec.structs.replace(case, return_delivered_at=None if delivered is None else moment(delivered))

    found = on_case(case, known(SHIPPED), DeadlineKind.INSPECT_RETURN)

    assert (found.act, drafted(found)) == (Act.INSPECT_RETURN, script)


WITH_PLATFORM = msgspec.structs.replace(CASE, state=AftersaleState.PLATFORM_HANDLES, updated_at=moment("2026-03-05 08:30:00"), reason="不想要了")


def test_it_hands_in_evidence_with_the_course_of_events() -> None:
    scans = (scan("2026-03-04 20:00:00", ScanStage.PICKED_UP), scan("2026-03-05 07:00:00", ScanStage.DELIVERED))

    found = on_case(WITH_PLATFORM, known(SHIPPED, scans=scans), DeadlineKind.ANSWER_PLATFORM)

    assert (found.act, drafted(found)) == (Act.HAND_IN_EVIDENCE, "evidence_note")
    assert found.message is not None
    assert "2026-03-04 12:00发货，2026-03-04 20:00快递揽收，2026-03-05 07:00快递签收" in found.message.zh


def test_where_it_was_settled_with_the_buyer_it_wants_the_withdrawal_or_the_evidence() -> None:
    disputes = {"A1": DisputeSeen(DisputeState.AGREED, None)}

    found = on_case(WITH_PLATFORM, known(SHIPPED, disputes=disputes), DeadlineKind.ANSWER_PLATFORM)

    assert (found.act, found.headline) == (Act.HAND_IN_EVIDENCE, say("Make sure that the buyer withdraws, or hand in the evidence"))
    assert AGREED in found.because


@pytest.mark.parametrize(
    ("text", "order", "script"),
    [
        ("什么时候发货啊", TO_SHIP, "reply_ship_chase"),
        ("快递到哪了", SHIPPED, "reply_parcel_chase"),
        ("我要退款", SHIPPED, "reply_refund"),
        ("有大码吗", TO_SHIP, "reply_general"),
    ],
)
def test_it_answers_what_the_buyer_asks(text: str, order: OrderFacts, script: str) -> None:
    asked = message(text)
    deadline = conversation_deadlines("260304-1", [asked], RULES)[0]

    found = given(deadline, order=known(order), messages=(asked,))

    assert (found.act, drafted(found)) == (Act.REPLY, script)


@pytest.mark.parametrize(("paid_back", "script"), [(500, "reply_parcel_chase"), (5990, "reply_general")])
def test_a_part_paid_back_leaves_the_parcel_to_be_asked_for(paid_back: int, script: str) -> None:
    asked = message("快递到哪了")
    case = msgspec.structs.replace(CASE, state=AftersaleState.REFUNDED, refund_amount=Fen(paid_back))
    order = msgspec.structs.replace(SHIPPED, refund=RefundState.REFUNDED)

    found = given(conversation_deadlines("260304-1", [asked], RULES)[0], order=known(order, cases=(case,)), messages=(asked,))

    assert drafted(found) == script


@pytest.mark.parametrize("stage", [ScanStage.REFUSED, ScanStage.RETURN_TO_SENDER])
def test_a_part_paid_back_ends_the_order_whose_parcel_comes_back(stage: ScanStage) -> None:
    asked = message("快递到哪了")
    case = msgspec.structs.replace(CASE, state=AftersaleState.REFUNDED, refund_amount=Fen(500))
    order = msgspec.structs.replace(SHIPPED, refund=RefundState.REFUNDED)
    turned = (scan("2026-03-05 06:00:00", stage),)

    found = given(conversation_deadlines("260304-1", [asked], RULES)[0], order=known(order, cases=(case,), scans=turned), messages=(asked,))

    assert drafted(found) == "reply_general"


@pytest.mark.parametrize(("score", "script"), [(1, "review_bad"), (3, "review_middling")])
def test_it_answers_a_review_and_offers_nothing_for_it(score: int, script: str) -> None:
    review = ReviewFacts(review_no="R1", order_no="260304-1", score=score, text="一般", created_at=moment("2026-03-05 08:00:00"))
    deadline = review_deadlines(review, RULES)[0]

    found = given(deadline, review=review)

    assert (found.act, drafted(found)) == (Act.ANSWER_REVIEW, script)
    assert "cn.law.no_reward_for_praise@2024-09-01" in found.cites


def test_it_asks_for_a_new_export_without_a_message() -> None:
    deadline = freshness_deadline(FactKind.ORDER, moment("2026-03-04 20:00:00"), RULES)

    found = given(deadline)

    assert (found.act, found.message, found.confirm) == (Act.EXPORT_AGAIN, None, False)


def test_it_has_nothing_to_say_of_what_is_over() -> None:
    found = on_order(known(SHIPPED), DeadlineKind.SHIP_BY)

    assert (found.act, found.because, found.message) == (Act.LOOK, (), None)


def test_it_promises_the_due_moment_itself_within_the_last_hour() -> None:
    found = on_order(known(TO_SHIP), DeadlineKind.SHIP_BY, moment("2026-03-06 09:15:00"))

    assert found.message is not None
    assert "最晚3月6日10点前发出" in found.message.zh


def test_it_promises_a_presale_by_its_own_date() -> None:
    order = msgspec.structs.replace(TO_SHIP, shipping_kind=ShippingKind.PRESALE, presale_ship_at=moment("2026-03-25 18:00:00"))

    found = on_order(known(order), DeadlineKind.SHIP_BY)

    assert found.message is not None
    assert "最晚3月25日18点前发出" in found.message.zh


def test_it_promises_no_shipping_time_while_the_platform_holds_the_order() -> None:
    asked = message("什么时候发货")
    deadline = conversation_deadlines("260304-1", [asked], RULES)[0]

    found = given(deadline, order=known(msgspec.structs.replace(TO_SHIP, on_hold=True)), messages=(asked,))

    assert drafted(found) == "on_hold"


def test_it_does_not_ship_while_the_platform_decides_the_refund() -> None:
    order = known(TO_SHIP, cases=(msgspec.structs.replace(CASE, state=AftersaleState.PLATFORM_HANDLES),))

    found = on_order(order, DeadlineKind.SHIP_BY)

    assert (found.act, found.runner_up) == (Act.HOLD, Act.HAND_IN_EVIDENCE)


def test_it_never_names_shipping_as_the_second_choice_of_a_refund() -> None:
    order = known(msgspec.structs.replace(TO_SHIP, refund=RefundState.OPEN))

    assert on_order(order, DeadlineKind.SHIP_BY).runner_up is Act.LOOK


@pytest.mark.parametrize("kind", [AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR])
def test_it_stops_no_parcel_for_a_buyer_who_asks_for_goods(kind: AftersaleKind) -> None:
    case = msgspec.structs.replace(CASE, kind=kind)
    order = known(msgspec.structs.replace(SHIPPED, refund=RefundState.OPEN), cases=(case,))

    assert on_order(order, DeadlineKind.PICKUP_BY).act is Act.VERIFY_PICKUP


def test_it_stops_no_parcel_whose_return_is_agreed() -> None:
    case = msgspec.structs.replace(CASE, kind=AftersaleKind.RETURN_AND_REFUND, state=AftersaleState.BUYER_TO_SEND)
    order = known(msgspec.structs.replace(SHIPPED, refund=RefundState.OPEN), cases=(case,))

    assert on_order(order, DeadlineKind.PICKUP_BY).act is Act.VERIFY_PICKUP


def test_it_names_no_return_address_for_goods_that_never_left() -> None:
    case = msgspec.structs.replace(CASE, kind=AftersaleKind.RETURN_AND_REFUND, shipped=False)

    found = on_case(case, known(TO_SHIP))

    assert (found.act, drafted(found)) == (Act.CANCEL_SHIPPING_AND_REFUND, "refund_unshipped")


def test_it_keeps_nothing_from_shipping_that_the_buyer_has() -> None:
    returned = msgspec.structs.replace(CASE, kind=AftersaleKind.RETURN_AND_REFUND)
    received = msgspec.structs.replace(CASE, claimed_receipt=ClaimedReceipt.RECEIVED)
    broken = msgspec.structs.replace(CASE, reason="质量问题")

    found = [on_case(case, None).act for case in (returned, received, broken, CASE)]

    assert found == [Act.AGREE_RETURN, Act.ASK_BUYER, Act.OFFER_PARTIAL, Act.CANCEL_SHIPPING_AND_REFUND]


def test_it_does_not_claim_to_know_that_no_waybill_exists() -> None:
    found = on_case(CASE, None)

    assert "The order's own facts are missing: look whether a waybill was printed." in [say.text for say in found.because]


def test_it_promises_to_ship_by_the_ship_by_moment_whatever_falls_due_later() -> None:
    order = known(msgspec.structs.replace(TO_SHIP, deliver_by=moment("2026-03-09 20:00:00")))

    found = on_order(order, DeadlineKind.DELIVER_BY)

    assert found.message is not None
    assert "最晚3月6日10点前发出" in found.message.zh


def test_it_is_late_to_ship_before_the_delivery_is() -> None:
    order = known(msgspec.structs.replace(TO_SHIP, deliver_by=moment("2026-03-09 20:00:00")))

    found = on_order(order, DeadlineKind.DELIVER_BY, moment("2026-03-06 10:00:01"))

    assert (found.act, drafted(found)) == (Act.APOLOGISE_AND_PROMISE, "ship_late")
    assert found.message is not None
    assert "原定3月6日10点前发出" in found.message.zh


@pytest.mark.parametrize(
    "facts",
    [
        {"stage": OrderStage.CANCELLED},
        {"stage": OrderStage.FORMING},
        {"stage": OrderStage.UNKNOWN},
        {"refund": RefundState.REFUNDED},
        {"refund": RefundState.REFUNDING},
        {"refund": RefundState.OPEN},
    ],
)
def test_it_promises_no_shipping_time_for_what_is_not_to_be_shipped(facts: dict[str, Any]) -> None:
    asked = message("什么时候发货")
    deadline = conversation_deadlines("260304-1", [asked], RULES)[0]

    found = given(deadline, order=known(msgspec.structs.replace(TO_SHIP, **facts)), messages=(asked,))

    assert drafted(found) == "reply_general"


def test_it_promises_no_shipping_time_for_an_order_it_does_not_know() -> None:
    asked = message("什么时候发货")

    assert drafted(given(conversation_deadlines("260304-1", [asked], RULES)[0], messages=(asked,))) == "reply_general"


@pytest.mark.parametrize(("delivered", "script"), [("2026-03-05 09:00:00", "exchange_received"), (None, "exchange_on_way")])
def test_it_promises_no_refund_to_a_buyer_who_waits_for_an_exchange(delivered: str | None, script: str) -> None:
    case = msgspec.structs.replace(CASE, kind=AftersaleKind.EXCHANGE, state=AftersaleState.SELLER_TO_RECEIVE, return_sent_at=moment("2026-03-03 09:00:00"))
    case = msgspec.structs.replace(case, return_delivered_at=None if delivered is None else moment(delivered))

    found = on_case(case, known(SHIPPED), DeadlineKind.INSPECT_RETURN)

    assert drafted(found) == script
    assert found.message is not None
    assert "退款" not in found.message.zh


def test_it_says_that_the_term_pauses_where_the_shop_says_so() -> None:
    pause = {
        "id": "shop.pause", "question": "may_ship", "title": {"zh": "暂停", "en": "Pause"}, "effective_from": "2026-01-01", "scope": {"hold": ["on_hold"]},
        "clock_runs": False, "source": "the shop", "checked": "2026-01-01", "basis": "observed",
    }  # fmt: skip
    own = RULES.with_overrides([rulebook.rule_from_data(pause, "shop")])
    order = known(msgspec.structs.replace(TO_SHIP, on_hold=True))
    deadline = order_deadlines(order, own)[0]

    found = verdict(deadline, order=order, case=None, messages=(), review=None, now=NOW, rulebook=own, scripts=SCRIPTS)

    assert "By this rule the term pauses meanwhile." in [say.text for say in found.because]


@pytest.mark.parametrize(
    ("stage", "act", "script"),
    [
        (ScanStage.REFUSED, Act.LOOK, "reply_general"),
        (ScanStage.RETURN_TO_SENDER, Act.LOOK, "reply_general"),
        (ScanStage.READY_FOR_PICKUP, Act.WAIT_FOR_BUYER, "ready_for_pickup"),
    ],
)
def test_it_promises_no_delivery_of_what_is_not_under_way_to_the_buyer(stage: ScanStage, act: Act, script: str) -> None:
    order = known(msgspec.structs.replace(SHIPPED, deliver_by=moment("2026-03-05 09:00:00")), scans=(scan("2026-03-05 07:00:00", stage),))

    found = on_order(order, DeadlineKind.DELIVER_BY)

    assert (found.act, drafted(found)) == (act, script)


@pytest.mark.parametrize("order", [SHIPPED, msgspec.structs.replace(SHIPPED, refund=RefundState.OPEN)])
def test_it_settles_what_came_home_instead_of_having_it_stopped(order: OrderFacts) -> None:
    home = known(msgspec.structs.replace(order, deliver_by=moment("2026-03-05 09:00:00")), scans=WENT_HOME)

    found = on_order(home, DeadlineKind.DELIVER_BY)

    assert (found.act, drafted(found)) == (Act.LOOK, "reply_general")


def test_it_refunds_what_came_home_though_somebody_signed_for_it() -> None:
    found = on_case(CASE, known(msgspec.structs.replace(SHIPPED, refund=RefundState.OPEN), scans=WENT_HOME, cases=(CASE,)))

    assert found.act is Act.AGREE_REFUND


def test_the_note_to_the_platform_calls_a_confirmed_receipt_no_signature() -> None:
    case = msgspec.structs.replace(CASE, state=AftersaleState.PLATFORM_HANDLES, updated_at=moment("2026-03-05 08:30:00"), reason="不想要了")
    received = msgspec.structs.replace(SHIPPED, stage=OrderStage.RECEIVED, received_at=moment("2026-03-05 07:00:00"))

    found = on_case(case, known(received), DeadlineKind.ANSWER_PLATFORM)

    assert found.message is not None
    assert "2026-03-05 07:00确认收货" in found.message.zh
    assert "签收" not in found.message.zh


@pytest.mark.parametrize(("now", "asks"), [("2026-03-06 08:59:59", False), ("2026-03-06 09:00:01", True)])
def test_it_asks_whether_the_promise_can_be_kept_in_the_last_hour(now: str, asks: bool) -> None:
    found = on_order(known(TO_SHIP), DeadlineKind.SHIP_BY, moment(now))

    assert ("Can the promised time be kept? Change it in the message if not." in [say.text for say in found.check]) is asks
