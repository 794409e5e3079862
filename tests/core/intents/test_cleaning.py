"""A message is compared in its plain form, and every character still knows where it stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.core.intents.cleaning import LONGEST, clean
from zhanggui.core.intents.reading import words_of

SLIPS = {"发或": "发货", "貨": "货"}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("怎么还没发货！！！", "怎么还没发货!"),
        ("ＸＬ码有吗？", "xl码有吗?"),
        ("不要了 退钱", "不要了\n退钱"),
        ("170 130斤", "170130斤"),
        ("今天发或", "今天发货"),
        ("沒貨了", "沒货了"),
        ("好的[微笑]🌹", "好的"),
        ("12:30 到 3.5斤", "12:30到3.5斤"),
        ("", ""),
        ("。。。", ""),
    ],
)
def test_it_brings_a_message_into_its_plain_form(message: str, text: str) -> None:
    assert text == clean(message, SLIPS).text


def test_it_gives_back_the_very_characters_of_the_message() -> None:
    cleaned = clean("亲，今天能发 或吗？", {})

    place = cleaned.text.index("能发")

    assert cleaned.span(place, place + 2).text == "能发"


@settings(deadline=None)
@given(st.text(max_size=600))
def test_it_reads_whatever_is_typed(message: str) -> None:
    words = words_of(message)

    assert len(words.clean.text) == len(words.clean.places)
    assert all(hit.spans and all(span.text == message[:LONGEST][span.start : span.end] for span in hit.spans) for hit in words.hits.values())
