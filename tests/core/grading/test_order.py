"""What a rep says of an order is held only against what is known of it, and whoever says what the carrier shows contradicts nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.core.answers.golden import STANDS, TRACKING_NO, books, known, rules
from tests.core.golden import moment
from zhanggui.core.answers import Ground, answers
from zhanggui.core.grading.facing import SLACK, contradictions
from zhanggui.core.grading.order import order_known
from zhanggui.core.grading.talk import Party, Spoke
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.rulebook.quality import quality_book

NOW = moment(STANDS["now"]["at"])
SIGNED = {"at": "2026-11-20 09:00:00", "text": "已签收", "stage": "delivered"}
OUT = {"at": "2026-11-20 08:00:00", "text": "派送中", "stage": "out_for_delivery"}
MOVES = {"at": "2026-11-20 08:00:00", "text": "快件到达【杭州转运中心】", "stage": "in_transit"}
BEFORE = "2026-11-20 09:00:00"
SHIPPED = {"stage": "shipped", "shipped_at": "2026-11-18 15:00:00", "tracking_no": TRACKING_NO}
IS_SIGNED, IS_SHIPPED, IS_PAID, NOT_SHIPPED = "亲，物流显示已签收哦", "亲，已经给您发货了", "亲，已经给您退款了", "亲，还没有发货"


def against(told: dict[str, Any], said: str, at: datetime = NOW) -> list[str]:
    """What the order contradicts of it, known as far as the half hour after it."""
    order = order_known(known({"order": {}, "label_scans": told.get("label_scans", ())}, told, at + SLACK), NOW)
    return [because.text for because, _ in contradictions(Spoke(Party.REP, at, said, "小美"), order, quality_book())]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"order": SHIPPED, "scans": [SIGNED]}, IS_SIGNED),
        ({"order": SHIPPED, "label_scans": [{**SIGNED, "tracking_no": "YT2"}]}, IS_SIGNED),
        ({"order": SHIPPED}, IS_SIGNED),
        ({"order": SHIPPED, "scans": [OUT]}, IS_SIGNED),
        ({"order": SHIPPED, "scans": [{**OUT, "stage": "ready_for_pickup"}]}, IS_SIGNED),
        ({"order": {"stage": "to_ship"}, "as_of": BEFORE}, IS_SIGNED),
        ({"order": {"stage": "to_ship"}, "as_of": BEFORE}, IS_SHIPPED),
        ({"order": {"stage": "to_ship"}, "as_of": BEFORE}, IS_PAID),
        ({"order": SHIPPED, "scans": [{**OUT, "at": "2026-11-18 20:00:00"}]}, IS_SIGNED),
        ({"order": SHIPPED | {"received_at": "2026-11-21 09:00:00"}, "scans": [OUT]}, IS_SIGNED),
        ({"order": {"stage": "received"}}, IS_SIGNED),
        ({"order": {"stage": "received"}}, IS_SHIPPED),
        ({"order": {"stage": "shipped"}}, IS_SHIPPED),
        ({"order": {"stage": "to_ship"}, "scans": [{**OUT, "stage": "picked_up"}]}, IS_SHIPPED),
        ({"order": {"stage": "to_ship"}, "dispatch": {"state": "handed_over", "handed_at": "2026-11-20 13:00:00"}}, IS_SHIPPED),
        ({"order": {"stage": "cancelled", "refund": "refunded"}}, IS_PAID),
        ({"order": {"stage": "to_ship"}, "cases": [{"kind": "refund_only", "state": "refunded"}]}, IS_PAID),
        ({"order": SHIPPED, "dispatch": {"state": "packed", "tracking_no": TRACKING_NO}}, NOT_SHIPPED),
        ({"order": SHIPPED, "dispatch": {"state": "handed_over", "tracking_no": TRACKING_NO, "handed_at": "2026-11-20 18:00:00"}}, NOT_SHIPPED),
        ({"order": SHIPPED, "cases": [{"return_tracking_no": "SF1002003004005"}]}, "您寄回的SF1002003004005收到了"),
        ({"order": SHIPPED, "cases": [{"case_no": "10002000300040"}]}, "售后单10002000300040在处理"),
        ({"order": SHIPPED, "dispatch": {"state": "recalled", "tracking_no": "YT1234567890123"}}, "面单YT1234567890123已经作废"),
    ],
)
def test_who_tells_the_truth_or_what_nobody_can_tell_contradicts_nothing(told: dict[str, Any], said: str) -> None:
    assert against(told, said) == []


@pytest.mark.parametrize(
    ("told", "said", "because"),
    [
        ({"order": SHIPPED, "scans": [MOVES]}, IS_SIGNED, "The parcel had not been signed for."),
        ({"order": SHIPPED, "scans": [{**SIGNED, "at": "2026-11-20 16:00:00"}]}, IS_SIGNED, "The parcel had not been signed for."),
        ({"order": {"stage": "to_ship"}}, IS_SIGNED, "The parcel had not been signed for."),
        ({"order": {"stage": "to_ship"}}, IS_SHIPPED, "The order had not been shipped."),
        ({"order": SHIPPED}, IS_PAID, "No money had been paid back."),
        ({"order": SHIPPED}, NOT_SHIPPED, "The order had been shipped."),
        ({"order": SHIPPED}, "单号YT1234567890123", "The order has another tracking number."),
    ],
)
def test_what_the_order_contradicts_is_still_told(told: dict[str, Any], said: str, because: str) -> None:
    assert against(told, said) == [because]


@pytest.mark.parametrize(("kind", "said"), [("order", IS_SHIPPED), ("order", IS_PAID), ("aftersale", IS_PAID)])
def test_what_was_read_on_without_news_of_the_order_is_known_once_the_half_hour_to_do_it_has_been_read(kind: str, said: str) -> None:
    old = known({"order": {"stage": "to_ship"}}, {"as_of": BEFORE}, NOW)
    spoken = Spoke(Party.REP, NOW, said, "小美")

    found = [[*contradictions(spoken, order_known(old, NOW, {kind: to}), quality_book())] for to in (NOW + SLACK - timedelta(minutes=1), NOW + SLACK)]

    assert [len(each) for each in found] == [0, 1]


@pytest.mark.parametrize("stand", sorted(name for name in STANDS if name not in ("now", "base")))
def test_no_draft_of_the_house_contradicts_the_order_it_was_made_of(stand: str) -> None:
    order = known(STANDS[stand], {}, NOW)
    ground = Ground(known=order, rulebook=rules(), now=NOW)

    drafts = [each.draft.zh for intent in Intent for each in answers([Wanted(intent, 0.9, sure=True)], ground, books()) if each.draft is not None]

    said = [Spoke(Party.REP, NOW + timedelta(minutes=1), draft, "小美") for draft in drafts]
    assert [(because.text, each.text) for each in said for because, _ in contradictions(each, order_known(order, NOW), quality_book())] == []
