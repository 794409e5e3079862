"""Words tell wants where they stand, and are taken back where they mean something else."""

import pytest

from zhanggui.core.intents.kinds import WANTS, Intent, Said, Speaker
from zhanggui.core.intents.reading import STRONG, topics, words_of
from zhanggui.core.intents.table import table


def strong(text: str) -> set[Intent]:
    return {intent for intent, hit in words_of(text).hits.items() if hit.strength == STRONG}


def test_it_has_words_for_every_want() -> None:
    assert tuple(cues.intent for cues in table().cues) == WANTS


def test_it_mends_only_slips_of_one_length() -> None:
    assert [slip for slip, meant in table().slips.items() if len(slip) != len(meant)] == []


@pytest.mark.parametrize(
    "text",
    [
        "在吗",
        "你好啊",
        "嗯嗯",
        "好的好的",
        "亲亲",
        "没有",
        "发你了",
        "转人工",
        "8.8元",
        "2311160001234567",
        "https://mobile.yangkeduo.com/goods.html",
        "XL码的",
        "?",
        "🌹",
        "昨天下午",
    ],
)
def test_it_knows_an_answer_that_asks_nothing(text: str) -> None:
    assert words_of(text).answers


@pytest.mark.parametrize("text", ["不要了", "没收到", "没有了", "怎么办", "多久", "没货", "有吗亲", "好用吗"])
def test_it_takes_no_want_for_an_answer(text: str) -> None:
    assert not words_of(text).answers


@pytest.mark.parametrize(
    ("text", "not_meant"),
    [
        ("我不是要投诉", Intent.COMPLAINT),
        ("顾客给差评怎么删除", Intent.REVIEW_THREAT),
        ("发票抬头改一下", Intent.ADDRESS_CHANGE),
        ("退货运费谁出", Intent.PRICE),
        ("漏水了", Intent.MISSING),
        ("货到付款可以吗", Intent.STOCK),
        ("好吃不贵 没问题", Intent.QUALITY),
    ],
)
def test_it_takes_words_back_where_they_mean_something_else(text: str, not_meant: Intent) -> None:
    assert not_meant not in strong(text)


def test_it_says_where_the_words_stand() -> None:
    (span,) = words_of("亲～ 快第到哪了").hits[Intent.CHASE_DELIVERY].spans

    assert (span.start, span.end, span.text) == (3, 8, "快第到哪了")


def test_it_hears_the_latest_topic_most_and_the_rep_less() -> None:
    spoken = topics([Said("发票开了吗"), Said("退货地址发我"), Said("亲，补货要三天", Speaker.REP)])

    assert spoken[Intent.RETURN] > spoken[Intent.INVOICE] > 0
    assert spoken[Intent.RETURN] > spoken[Intent.STOCK] > 0


@pytest.mark.parametrize("text", ["好" * 16, "好的" * 8 + "!", "嗯" * 500, "1." * 250 + "x", "在吗" * 200, "发货" * 250, "什么时候" * 120])
def test_it_comes_to_an_end_with_a_message_made_to_hold_it_up(text: str) -> None:
    assert words_of(text).clean.text
