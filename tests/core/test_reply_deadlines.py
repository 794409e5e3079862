"""Until when a buyer is to be answered, where some of what was written needs no answer."""

from collections.abc import Sequence

import pytest

from tests.core.golden import moment
from zhanggui import rulebook
from zhanggui.core.clocks import conversation_deadlines
from zhanggui.core.facts import MessageFacts, Speaker

SPEAKERS = {"b": Speaker.BUYER, "r": Speaker.REP, "o": Speaker.BOT}


def said(letters: str) -> Sequence[MessageFacts]:
    """One message a minute: b the buyer, r a rep, o a robot."""
    return [
        MessageFacts(message_no=str(minute), speaker=SPEAKERS[letter], at=moment(f"2026-03-05 12:{minute:02}:00"), text=letter, order_no="O1")
        for minute, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "needing_none", "since", "state"),
    [
        ("b", "", 0, "open"),
        ("b", "0", 0, "waived"),
        ("bob", "02", 0, "waived"),
        ("bb", "0", 1, "open"),
        ("bbb", "01", 2, "open"),
        ("br", "0", 0, "met"),
        ("brb", "02", 2, "waived"),
        ("bbr", "0", 1, "met"),
        ("bbbbbbr", "", 0, "missed"),
        ("bbbbbbr", "0123", 4, "met"),
        ("booooor", "0", 0, "waived"),
        ("bobooooooor", "0", 2, "missed"),
        ("brbooooor", "0", 2, "missed"),
    ],
)
def test_it_counts_from_the_first_message_that_needs_an_answer(letters: str, needing_none: str, since: int, state: str) -> None:
    messages = said(letters)

    (found,) = conversation_deadlines("O1", messages, rulebook.load(), set(needing_none))

    assert (found.started_at, found.state.value, found.because is not None) == (messages[since].at, state, state == "waived")
