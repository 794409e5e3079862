"""Quick replies and other drafts go by the same facts as the tree: nothing is on its way that is in the house, and nothing arrived that came back."""

from typing import Any

import pytest

from tests.core.answers.golden import STANDS, TRACKING_NO, books, known, rules
from tests.core.golden import moment
from zhanggui.core.scripting.filling import fills, fit_of
from zhanggui.core.scripts import Fit

BACK = [
    {"at": "2026-11-17 18:00:00", "text": "已揽收", "stage": "picked_up"},
    {"at": "2026-11-18 06:00:00", "text": "快件退回中", "stage": "return_to_sender"},
    {"at": "2026-11-20 06:00:00", "text": "已签收", "stage": "delivered"},
]

PART = {"kind": "refund_only", "state": "refunded", "refund_amount": 500}


@pytest.mark.parametrize(
    ("stand", "data", "fit"),
    [
        ("moving", {}, Fit.ON_ITS_WAY),
        ("said_shipped", {}, Fit.ON_ITS_WAY),
        ("received", {}, Fit.ARRIVED),
        ("shown_but_here", {}, Fit.UNCLEAR),
        ("shown_but_here", {"dispatch": {"state": "recalled"}}, Fit.UNCLEAR),
        ("turned_back", {}, Fit.UNCLEAR),
        ("turned_back", {"scans": BACK}, Fit.UNCLEAR),
        ("late", {}, Fit.LATE),
        ("printed", {}, Fit.TO_SHIP),
        ("handed_without_number", {}, Fit.ON_ITS_WAY),
        ("handed_unknown_number", {}, Fit.ON_ITS_WAY),
        ("scanned_without_number", {"dispatch": {"state": "handed_over"}}, Fit.ON_ITS_WAY),
        ("scanned_without_number", {"dispatch": {"state": "recalled"}}, Fit.TO_SHIP),
        ("to_ship", {"order": {"picked_up_at": "2026-11-20 13:30:00"}}, Fit.ON_ITS_WAY),
        ("to_ship", {"scans": BACK[:1]}, Fit.ON_ITS_WAY),
        ("moving", {"order": {"refund": "refunded"}, "cases": [PART]}, Fit.ON_ITS_WAY),
        ("moving", {"order": {"refund": "refunded"}}, Fit.ENDED),
        ("to_ship", {"order": {"refund": "refunded"}, "cases": [PART]}, Fit.ENDED),
    ],
)
def test_an_order_stands_as_the_facts_say(stand: str, data: dict[str, Any], fit: Fit) -> None:
    now = moment(STANDS["now"]["at"])

    assert fit_of(known(STANDS[stand], data, now), rules(), now) is fit


def test_what_was_handed_over_is_named_as_the_label_names_it() -> None:
    now = moment(STANDS["now"]["at"])

    found = fills(known(STANDS["handed_without_number"], {}, now), None, {}, rules(), now)

    assert (found["carrier"], found["tracking_no"], "ship_by" in found) == ("中通快递", TRACKING_NO, False)


@pytest.mark.parametrize("reply", ["refund_how", "address_before", "chase_in_time", "order_card"])
def test_nobody_is_told_that_what_was_handed_over_is_still_here(reply: str) -> None:
    now = moment(STANDS["now"]["at"])

    stand = fit_of(known(STANDS["handed_without_number"], {}, now), rules(), now)

    assert stand not in books().scripts.by_id[reply].fits


@pytest.mark.parametrize("refund", ["refunding", "refunded"])
def test_no_buyer_is_told_that_money_has_arrived_that_may_be_on_its_way(refund: str) -> None:
    now = moment(STANDS["now"]["at"])
    order = known(STANDS["refunded"], {"order": {"refund": refund, "refund_amount": 2990}}, now)

    draft = books().scripts.draft("refund_done", **fills(order, None, {}, rules(), now))

    assert fit_of(order, rules(), now) is Fit.ENDED
    assert draft is not None
    assert draft.zh.startswith("退款29.90元按原路退回，到账时间看支付渠道")
