"""How sentences are worded: money, moments and words of ours in the reader's language."""

from datetime import UTC, datetime

import pytest

from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import OrderStage
from zhanggui.core.say import say
from zhanggui.records.says import packed, unpacked
from zhanggui.words import Language, load
from zhanggui.workbench.timeleft import time_left

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
CHINESE = load(Language.ZH_HANS)
ENGLISH = load(Language.EN)


def test_it_writes_money_and_moments_where_slots_hold_them() -> None:
    sentence = say("{amount_fen} by {due_at}", amount_fen=123456, due_at=datetime(2026, 11, 21, 16, 5, 9, tzinfo=UTC))

    assert CHINESE.render(sentence) == "¥1,234.56 by 2026-11-22 00:05:09"


def test_it_writes_negative_money_with_the_sign_first() -> None:
    assert ENGLISH.render(say("{left_fen}", left_fen=-300)) == "-¥3.00"


def test_it_words_our_own_names_also_after_a_trip_through_json() -> None:
    assert CHINESE.render(say("{stage}", stage=OrderStage.TO_SHIP)) == "待发货"
    assert CHINESE.render(say("{stage}", stage="to_ship")) == "待发货"
    assert ENGLISH.render(say("{kind}", kind=DeadlineKind.ANSWER_REFUND)) == "answer refund"


def test_it_reads_a_moment_that_came_back_as_text() -> None:
    assert ENGLISH.render(say("{at}", at="2026-11-21T06:30:00+00:00")) == "2026-11-21 14:30"
    assert ENGLISH.render(say("{at}", at="2026-11-21T06:30:00Z")) == "2026-11-21 14:30"


@pytest.mark.parametrize("text", ["2026-99-99T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "2026-11-21T06:30:60Z"])
def test_it_leaves_text_alone_that_only_looks_like_a_moment(text: str) -> None:
    stored = packed(say("{title} came", title=text))

    assert stored is not None
    assert CHINESE.render(say("{title} came", title=text)) == f"{text} came"
    assert ENGLISH.render(unpacked(stored)) == f"{text} came"


def test_it_falls_back_to_the_english_sentence() -> None:
    assert CHINESE.render(say("Nobody has translated {this}.", this="that")) == "Nobody has translated that."


def test_it_leaves_a_slot_alone_that_nobody_gave() -> None:
    assert CHINESE.fill("{one} and {other}", {"one": "1"}) == "1 and {other}"


def test_it_takes_the_form_that_fits_the_count() -> None:
    assert ENGLISH.ngettext("{n} order", "{n} orders", 1) == "{n} order"
    assert ENGLISH.ngettext("{n} order", "{n} orders", 2) == "{n} orders"
    assert CHINESE.ngettext("{n} order", "{n} orders", 2) == "{n} 单"


def test_it_gives_the_default_language_for_an_unknown_code() -> None:
    assert load("tlh").language is Language.ZH_HANS


@pytest.mark.parametrize(
    ("due_at", "chinese", "english"),
    [
        (datetime(2026, 11, 21, 8, 43, tzinfo=UTC), "剩 2 小时 13 分", "2 h 13 min left"),
        (datetime(2026, 11, 21, 8, 30, tzinfo=UTC), "剩 2 小时", "2 h left"),
        (datetime(2026, 11, 23, 6, 30, 59, tzinfo=UTC), "剩 2 天", "2 d left"),
        (datetime(2026, 11, 21, 6, 30, tzinfo=UTC), "剩 0 分钟", "0 min left"),
        (datetime(2026, 11, 21, 6, 29, tzinfo=UTC), "超 1 分钟", "1 min over"),
        (datetime(2026, 11, 18, 2, 0, tzinfo=UTC), "超 3 天 4 小时", "3 d 4 h over"),
    ],
)
def test_it_tells_the_time_left_in_the_two_largest_units(due_at: datetime, chinese: str, english: str) -> None:
    assert CHINESE.render(time_left(due_at, NOW)) == chinese
    assert ENGLISH.render(time_left(due_at, NOW)) == english
