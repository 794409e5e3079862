"""Pages copied from the back office: what stands in them is read, and nothing else."""

from datetime import date
from fractions import Fraction

import pytest

from zhanggui.core.standing.pages import LONGEST, read_page
from zhanggui.rulebook.standing import standing_book

OTHERWISE = date(2026, 8, 1)
STARS = """即日起店铺领航员将升级为店铺综合体验星级，4.5星对应店铺领航员超过30%的商家。
店铺综合体验星级
统计时间：2026-07-31
5 星
拼多多App显示5.0星
领航员综合分行业排名 99 %
售后服务 近30天平台求助率 13.56 % 已达标
近30天3分钟人工回复率 52.17% 未达标（≥85.5%）
近30天在途订单退款时长 1.19 小时
近30天商家签收消费者退货订单后的平均退款时长 4.07 小时 已达标
近30天成团-签收时效 2.12 天
特色服务 消费者体验提升计划开通状态 未开通去开通 未达标"""
AFTERSALES = (
    "整体情况（统计时间：2026-08-01）纠纷退款数 4 -- 纠纷退款率 0.22 % 介入订单数 264 介入率 14.84 % 优于3%同行同层"
    " 品质退款率 2.19 % 平均退款时长 15.25 小时 优于98.90%同行同层"
)


def test_it_reads_the_stars_with_what_is_met_and_what_the_next_one_asks() -> None:
    read = read_page(STARS, standing_book(), OTHERWISE)

    told = {reading.figure: (reading.value, reading.is_met, reading.standard) for reading in read.readings}
    assert told == {
        "star_rating": (5, None, None),
        "navigator_rank": (99, None, None),
        "help_rate": (Fraction("13.56"), True, None),
        "reply_rate_3min": (Fraction("52.17"), False, Fraction("85.5")),
        "transit_refund_hours": (Fraction("1.19"), None, None),
        "returned_refund_hours": (Fraction("4.07"), True, None),
        "formed_to_signed_hours": (Fraction("2.12"), None, None),
        "special_service": (0, False, None),
    }
    assert (read.day, read.unread) == (date(2026, 7, 31), ())
    assert {reading.day for reading in read.readings} == {date(2026, 7, 31)}


def test_it_reads_the_page_of_after_sales_with_shares_of_peers_beside_their_own_figure() -> None:
    read = read_page(AFTERSALES, standing_book(), OTHERWISE)

    assert {reading.figure: (float(reading.value), reading.percentile) for reading in read.readings} == {
        "dispute_refund_rate": (0.22, None),
        "intervention_rate": (14.84, 3),
        "quality_refund_rate": (2.19, None),
    }


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("", ()),
        ("今天天气不错", ()),
        ("近30天平台求助率 --", ("近30天平台求助率",)),
        ("近30天平台求助率 130%", ("近30天平台求助率",)),
        ("近30天在途订单退款时长 3%", ("近30天在途订单退款时长",)),
        ("近30天平台求助率是重要指标，目标 3% 以内", ("近30天平台求助率",)),
        ("店铺综合体验星级，4.5星对应店铺领航员超过30%的商家", ("店铺综合体验星级",)),
    ],
)
def test_what_has_no_value_that_fits_is_named_and_not_guessed(text: str, unread: tuple[str, ...]) -> None:
    read = read_page(text, standing_book(), OTHERWISE)

    assert (read.readings, read.unread) == ((), unread)


def test_a_page_without_a_day_belongs_to_the_day_that_is_given_and_odd_days_are_none() -> None:
    assert read_page("统计时间 2026-02-31 品质退款率 2.19%", standing_book(), OTHERWISE).readings[0].day == OTHERWISE
    assert read_page("品质退款率 2.19%" * 3000, standing_book(), OTHERWISE).readings[0].value == Fraction("2.19")
    assert len("品质退款率 2.19%" * 3000) > LONGEST
