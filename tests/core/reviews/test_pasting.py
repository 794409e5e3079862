"""Reviews are read out of what a person copied; nothing is guessed, and what buyers wrote is masked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.core.reviews.pasting import read_pasted

NOW = datetime(2026, 11, 22, tzinfo=UTC)
A, B = "261101-123456789012345", "261102-123456789012345"
LIST = f"""评价管理
订单编号：{A}  评价时间：2026-11-20 10:20:30
用户：张小明  规格：黑色 L
描述相符 2分 物流服务 4分 服务态度：5星
评价内容：质量一般，
穿两天就开线了，打我电话13812345678
追评：更差了  追评时间：11-21 12:00
商家回复：抱歉
订单编号：{B} | ★★★★★
评价内容：很好
订单编号：没有
评价内容：哈哈
"""


def test_it_reads_labels_with_their_values() -> None:
    first, second = read_pasted(LIST, NOW).reviews

    assert (first.order_no, first.score, first.shipping_score, first.service_score, first.spec) == (A, 2, 4, 5, "黑色 L")
    assert (first.text, first.buyer_masked, first.reply) == ("质量一般\n穿两天就开线了，打我电话138****5678", "张*明", "抱歉")
    assert (first.created_at, first.follow_up) == (datetime(2026, 11, 20, 2, 20, 30, tzinfo=UTC), "更差了")
    assert first.follow_up_at == datetime(2026, 11, 21, 4, tzinfo=UTC)
    assert (second.order_no, second.score, second.text, second.line) == (B, 5, "很好", 9)


def test_it_gives_back_what_it_does_not_understand() -> None:
    unread = read_pasted(LIST, NOW).unread

    assert [(each.line, each.text) for each in unread] == [(1, "评价管理"), (11, "没有 哈哈")]


@pytest.mark.parametrize("between", ["\t", ","])
def test_it_reads_a_table_by_its_headings(between: str) -> None:
    rows = [
        ["订单编号", "评价编号", "评价内容", "描述相符", "评价时间", "店铺"],
        [A, "r1", "不错", "5", "2026-11-20 10:00", "甲"],
        [B, "r2", "一般", "3", "", ""],
    ]

    read = read_pasted("\n".join(between.join(row) for row in rows), NOW)

    assert [(each.order_no, each.review_no, each.text, each.score) for each in read.reviews] == [(A, "r1", "不错", 5), (B, "r2", "一般", 3)]
    assert read.unread == ()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("订单编号：评价内容描述相符分星★ \n\t,|261101-123456789012345abc，。"), max_size=200))
def test_it_reads_anything_without_falling_over(text: str) -> None:
    for each in read_pasted(text, NOW).reviews:
        assert each.order_no in text
        assert each.score is None or 1 <= each.score <= 5


def test_nothing_of_a_buyer_stays_clear_in_the_shop_s_answer_or_the_variant() -> None:
    read = read_pasted("订单编号：260301-111111111111119 评分：2分 规格：打13812345678\n商家回复：收货人：李小明 13812345678，已补寄", NOW)

    assert [(each.reply, each.spec) for each in read.reviews] == [("收货人：李*明 138****5678，已补寄", "打138****5678")]


def test_a_moment_still_to_come_is_none() -> None:
    read = read_pasted("订单编号：260301-111111111111119 评分：2分 评价时间：2099-12-31 10:00", NOW)

    assert [(each.score, each.created_at) for each in read.reviews] == [(2, None)]
