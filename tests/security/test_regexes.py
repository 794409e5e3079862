"""No text makes an expression of ours think for long: the time grows with the text, not with its square or worse."""

import re
from datetime import UTC, datetime
from time import process_time

import pytest

from tests.security.pumped import hardest, patterns, written_in_calls
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.chats.stamps import stamps_in
from zhanggui.core.promises.times import spoken_times

LONGEST = 4_000
"""The longest message there is; whatever reads longer texts cuts them into lines first."""
HALF = LONGEST // 2
PATIENCE = 0.3
"""Seconds of this process for one text of half that length: a hundred times what most need, and a hundredth of what a bad expression takes."""
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


def test_every_expression_of_the_house_reads_the_hardest_texts_at_once() -> None:
    asked = {**patterns(), **{place: (pattern, True) for place, pattern in written_in_calls()}}

    slow = [found for place, (pattern, anywhere) in asked.items() if (found := _slow(place, pattern, anywhere=anywhere))]

    assert len(asked) > 200
    assert slow == []


@pytest.mark.parametrize(
    ("start", "pump"), [("1", " "), ("", "路"), ("", "一一区一路"), ("北京一市", "-"), ("1-1", " "), ("地址:", "1"), ("", "1 "), ("", "今天")]
)
def test_a_message_made_to_be_hard_is_read_at_once(start: str, pump: str) -> None:
    text = start + pump * (LONGEST // len(pump))

    began = process_time()
    masked_said(text)
    list(spoken_times(text, NOW))
    stamps_in(text, NOW)

    assert process_time() - began < 4 * PATIENCE


def _slow(place: str, pattern: re.Pattern[str], *, anywhere: bool) -> str | None:
    for text in hardest(pattern, HALF):
        began = process_time()
        pattern.search(text) if anywhere else pattern.match(text)
        if (took := process_time() - began) > PATIENCE:
            return f"{place} took {took:.2f} s for {text[:12]!r}… {text[-4:]!r}"
    return None
