"""An explanation tells the way to the due moment step by step, and is worded whole in both languages."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

import zhanggui
from tests.core.golden import Golden, explained, goldens, moment
from zhanggui import rulebook
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.explain import explain_case, explain_conversation, explain_order
from zhanggui.core.facts import (
    AftersaleFacts,
    AftersaleKind,
    AftersaleState,
    MessageFacts,
    OrderFacts,
    OrderStage,
    ScanFacts,
    ScanStage,
    ShippingKind,
    Speaker,
)
from zhanggui.core.knowledge import CasePast, OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.words import load

CORE = Path(zhanggui.__file__).parent / "core"
_SLOT = re.compile(r"{\w+}")


def test_it_tells_the_whole_way_of_a_spot_order() -> None:
    order = OrderFacts(
        order_no="O1",
        stage=OrderStage.TO_SHIP,
        shipping_kind=ShippingKind.SPOT,
        group_formed_at=moment("2026-03-03 21:14:05"),
        under_review=True,
        receive_amount=Fen(6000),
    )
    as_of = moment("2026-03-05 08:00:00")

    told = explain_order(OrderKnowledge(order=order, data_as_of=as_of), rulebook.load(), as_of + timedelta(minutes=90))

    source = rulebook.load().by_cite("pdd.ship_by.spot@2015-09-01").source
    assert [(load("en").render(step.say), step.cites) for step in told[0].steps] == [
        ("It counts from group formed: 2026-03-03 21:14:05.", "pdd.ship_start@2023-04-01"),
        ("The goods are shipped as spot goods.", None),
        ("Neither the platform, nor the shop, nor other orders of the product give a term; the rulebook decides.", "pdd.ship_by.spot@2015-09-01"),
        (f"The rule rests on: {source} (grade B, published; checked 2026-11-21).", "pdd.ship_by.spot@2015-09-01"),
        ("2026-03-03 21:14:05 + 48 h = 2026-03-05 21:14:05.", "pdd.ship_by.spot@2015-09-01"),
        (
            "under review: it must not be shipped. No source says that the term pauses, so it runs on.",
            "pdd.may_ship.under_review@2015-09-01",
        ),
        ("Two things end it: the number uploaded, and the carrier's pickup scan, both by then.", "pdd.ship_ends@2025-05-15"),
        ("Nothing we know has ended it: it is open.", None),
        ("No suspension and no exemption from late shipment applies.", None),
        ("At that moment late shipment costs by this rule.", "pdd.compensation.late_shipment@2015-09-01"),
        ("A fixed sum: ¥3.00.", "pdd.compensation.late_shipment@2015-09-01"),
        ("Taken together, this moment is published.", "pdd.ship_by.spot@2015-09-01"),
        ("The facts are from 2026-03-05 08:00, 1 h 30 min ago.", None),
    ]


def test_it_speaks_of_several_pickups_on_the_way_out_alone() -> None:
    order = OrderFacts(order_no="O1", stage=OrderStage.SHIPPED, tracking_no="YT1", shipped_at=moment("2026-03-03 20:00:00"))
    stages = (ScanStage.PICKED_UP, ScanStage.PICKED_UP, ScanStage.REFUSED, ScanStage.PICKED_UP)
    scans = tuple(ScanFacts(tracking_no="YT1", at=moment(f"2026-03-0{day} 08:00:00"), text="", stage=stage) for day, stage in enumerate(stages, 4))
    as_of = moment("2026-03-08 08:00:00")

    (told,) = (
        each
        for each in explain_order(OrderKnowledge(order=order, data_as_of=as_of, scans=scans), rulebook.load(), as_of)
        if each.deadline.kind is DeadlineKind.PICKUP_BY
    )

    steps = [load("en").render(step.say) for step in told.steps]
    assert "There are 2 pickup scans; the last one counts: 2026-03-05 08:00." in steps


def test_it_says_from_where_a_request_made_again_and_a_return_told_by_a_word_count() -> None:
    again = AftersaleFacts(
        case_no="S1", order_no="O1", kind=AftersaleKind.REFUND_ONLY, state=AftersaleState.SELLER_TO_ANSWER, shipped=True,
        applied_at=moment("2026-03-01 09:00:00"),
    )  # fmt: skip
    here = AftersaleFacts(
        case_no="S2", order_no="O1", kind=AftersaleKind.RETURN_AND_REFUND, state=AftersaleState.SELLER_TO_RECEIVE, return_state_text="已签收",
        return_sent_at=moment("2026-03-01 09:00:00"),
    )  # fmt: skip
    past = {"S1": CasePast(elsewhere_at=moment("2026-03-05 09:00:00")), "S2": CasePast(here_at=moment("2026-03-04 09:00:00"))}
    as_of = moment("2026-03-06 09:00:00")
    known = OrderKnowledge(order=OrderFacts(order_no="O1", stage=OrderStage.SHIPPED), data_as_of=as_of, cases=(again, here), cases_past=past)

    answer, inspect = (
        [load("en").render(step.say) for told in explain_case(case, known, rulebook.load(), as_of) if told.deadline.kind is kind for step in told.steps]
        for case, kind in ((again, DeadlineKind.ANSWER_REFUND), (here, DeadlineKind.INSPECT_RETURN))
    )

    assert any(text.startswith("The request was made again: it counts from 2026-03-05 09:00") for text in answer)
    assert any(text.endswith("no later than the data that first showed it, so it counts from those.") for text in inspect)


def test_it_counts_a_buyer_who_asks_at_night_by_every_period_of_the_day() -> None:
    hours = {
        "id": "shop.hours", "question": "reply_buyer", "title": {"zh": "本店", "en": "Ours"}, "effective_from": "2026-01-01", "term": {"minutes": 3},
        "hours_of_day": [["09:00", "12:00"], ["14:00", "22:00"]], "source": "the shop", "checked": "2026-01-01", "basis": "observed",
    }  # fmt: skip
    book = rulebook.load().with_overrides([rulebook.rule_from_data(hours, "shop")])
    asked = MessageFacts(message_no="M1", speaker=Speaker.BUYER, at=moment("2026-03-05 11:59:00"), text="在吗")

    told = explain_conversation("O1", [asked], book, moment("2026-03-05 12:00:00"))

    sentences = [load("en").render(step.say) for step in told[0].steps]
    assert "What is asked at these times of the day counts at once, anything else from when they begin again: 09:00–12:00, 14:00–22:00." in sentences
    assert "2026-03-05 11:59, 3 min counted so: 2026-03-05 12:02." in sentences


@pytest.mark.parametrize("golden", [golden for golden in goldens() if golden.sort != "lookup"], ids=lambda golden: golden.name)
def test_it_leaves_no_slot_open_and_no_sentence_unworded(golden: Golden) -> None:
    chinese, english = load("zh_Hans"), load("en")

    for explanation in explained(golden).values():
        assert explanation.steps
        for step in explanation.steps:
            assert not _SLOT.search(english.render(step.say))
            assert chinese.gettext(step.say.text) != step.say.text
            if step.cites is not None and not step.cites.startswith("shop."):
                rulebook.load().by_cite(step.cites)


def test_it_has_every_sentence_of_the_core_in_chinese_with_the_same_slots() -> None:
    chinese = load("zh_Hans")
    said = {
        node.args[0].value
        for path in CORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and isinstance(node.args[0], ast.Constant)
    }

    unworded = {text for text in said if isinstance(text, str) and set(_SLOT.findall(chinese.gettext(text))) != set(_SLOT.findall(text))}
    untranslated = {text for text in said if isinstance(text, str) and chinese.gettext(text) == text}

    assert (unworded, untranslated) == (set(), set())
