"""Quick replies and other drafts go by the same facts as the tree: nothing is on its way that is in the house, and nothing arrived that came back."""

from typing import Any

import pytest

from tests.core.answers.golden import STANDS, known, rules
from tests.core.golden import moment
from zhanggui.core.scripting.filling import fit_of
from zhanggui.core.scripts import Fit

BACK = [
    {"at": "2026-11-17 18:00:00", "text": "已揽收", "stage": "picked_up"},
    {"at": "2026-11-18 06:00:00", "text": "快件退回中", "stage": "return_to_sender"},
    {"at": "2026-11-20 06:00:00", "text": "已签收", "stage": "delivered"},
]


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
    ],
)
def test_an_order_stands_as_the_facts_say(stand: str, data: dict[str, Any], fit: Fit) -> None:
    now = moment(STANDS["now"]["at"])

    assert fit_of(known(STANDS[stand], data, now), rules(), now) is fit
