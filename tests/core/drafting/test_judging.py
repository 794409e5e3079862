"""What a model wrote is shown only where it says nothing that the rules forbid or the facts do not say; a table of what it might write."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.drafting.judging import Truth, judged
from zhanggui.core.drafting.known import known_pairs, unknown_clauses
from zhanggui.core.drafting.telling import Line, Side, told_of
from zhanggui.core.scripts import Fit, type_of_fill
from zhanggui.rulebook.speech import speech_book

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""16:00 in Shanghai."""
BY = datetime(2026, 3, 3, 2, tzinfo=UTC)
"""3 March, 10:00."""
FILLS: dict[str, type_of_fill] = {"title": "坚果礼盒", "order_no": "260301-111111111111111", "paid_fen": 2990, "ship_by": BY}
WAITS = Truth(fit=Fit.TO_SHIP, fills=FILLS, ship_from=datetime(2026, 3, 2, 10, tzinfo=UTC), ship_by=BY)
MOVES = Truth(fit=Fit.ON_ITS_WAY, fills={**FILLS, "carrier": "圆通快递", "tracking_no": "YT1234567890123"})
ASKS = Truth(fit=Fit.NO_ORDER, fills={})
PAID = Truth(fit=Fit.ENDED, fills={**FILLS, "refund_fen": 2990}, reference="您好，退款29.90元已经按原路退回，到账时间看支付渠道。")


def is_shown(text: str, truth: Truth) -> bool:
    return judged(text, truth, speech_book(), NOW).may_be_shown


@pytest.mark.parametrize(
    ("truth", "text"),
    [
        (WAITS, "您好，坚果礼盒还没有发出，我去仓库核实后今天20点前回复您。"),
        (WAITS, "您好，您的订单待发货，3月2日18点前发出。"),
        (WAITS, "理解您着急，我确认是否已经发出，马上回复您。"),
        (WAITS, "您这单实付29.90元，订单号260301-111111111111111，我看着呢。"),
        (MOVES, "您好，坚果礼盒已经发出，圆通快递单号YT1234567890123，请留意物流。"),
        (MOVES, "包裹在路上，还没有签收，长时间不动我帮您催。"),
        (ASKS, "您好，尺码请对照商品页的尺码表，拿不准可以告诉我身高体重。"),
        (PAID, "您好，退款29.90元已经按原路退回，到账时间看支付渠道，请您留意。"),
    ],
)
def test_it_shows_what_the_facts_say(truth: Truth, text: str) -> None:
    assert judged(text, truth, speech_book(), NOW).because == ()


@pytest.mark.parametrize(
    ("truth", "text"),
    [
        (WAITS, "您好，您的包裹已经发出了，请耐心等待。"),
        (WAITS, "已为您发货，注意查收。"),
        (WAITS, "包裹在路上了。"),
        (WAITS, "您好，已经签收了。"),
        (WAITS, "您的退款已经成功退回。"),
        (WAITS, "马上给您退款。"),
        (WAITS, "今天18点前给您发出。"),
        (WAITS, "3月5日前发货。"),
        (WAITS, "尽快给您安排发出，最晚一周内发货。"),
        (WAITS, "明天上午发货。"),
        (WAITS, "给您一张5元优惠券。"),
        (WAITS, "补偿您10元。"),
        (WAITS, "单号SF9876543210123，请查收。"),
        (WAITS, "您的实付是39.90元。"),
        (WAITS, "给您打9折。"),
        (WAITS, "这款库存充足。"),
        (WAITS, "这款缺货了。"),
        (WAITS, "加我微信详聊。"),
        (WAITS, "亲，给五星好评返现5元。"),
        (WAITS, "退款原因请选七天无理由。"),
        (WAITS, "我的电话13812345678。"),
        (WAITS, "请看 https://evil.example/x"),
        (WAITS, "发邮件到 a@b.com"),
        (WAITS, "保证明天到货。"),
        (MOVES, "您的订单还没发货，正在打包。"),
        (MOVES, "单号YT1234567890124，请查收。"),
        (MOVES, "包裹已经签收，请查收。"),
        (ASKS, "这款有现货，今天拍今天发。"),
        (PAID, "您好，退款39.90元已经按原路退回。"),
        (WAITS, "Sure, it has been shipped."),
        (WAITS, ""),
        (WAITS, "好" * 301),
    ],
)
def test_it_shows_nothing_that_they_do_not(truth: Truth, text: str) -> None:
    assert not is_shown(text, truth)


@given(st.text(max_size=120), st.sampled_from([WAITS, MOVES, ASKS, PAID]))
@settings(max_examples=60, deadline=None)
def test_it_judges_whatever_comes(text: str, truth: Truth) -> None:
    assert isinstance(is_shown(text, truth), bool)


@given(
    st.sampled_from(["已经发出", "已发货了", "刚刚寄出", "在路上了", "发走了"]),
    st.sampled_from(["您好，", "您的宝贝", "亲爱的顾客，", ""]),
    st.sampled_from(["。", "，请放心", "！"]),
)
def test_it_never_lets_shipped_be_said_of_what_has_not_left(claim: str, before: str, after: str) -> None:
    assert not is_shown(before + claim + after, WAITS)
    assert is_shown(f"您好，{claim}{after}", MOVES)


def test_it_never_lets_a_promise_lie_outside_what_can_be_kept() -> None:
    shown = []
    for hours in range(-24, 96):
        wall = NOW + timedelta(hours=hours + 8)
        if is_shown(f"您好，{wall.month}月{wall.day}日{wall.hour}点前发出。", WAITS):
            shown.append(f"{wall:%d %H}")

    # eight in the morning reads as eight in the evening too, and nought o'clock as the end of the day: such hours are not shown
    assert shown == ["02 18", "02 19", "02 20", "02 21", "02 22", "02 23", "03 10"]


def test_it_tells_the_endpoint_facts_and_masked_words_alone() -> None:
    talk = [Line(Side.BUYER, "我叫王小明，电话 138 1234 5678，住浙江省杭州市西湖区文三路 99 号 3 幢 201，QQ 12345678"), Line(Side.SHOP, "好的")]

    told = told_of(talk, Fit.TO_SHIP, {**FILLS, "link": "https://x"}, "参考")

    for marker in ("王小明", "13812345678", "138 1234 5678", "文三路", "12345678", "https://x"):
        assert marker not in told.user
    assert "- 订单号：260301-111111111111111" in told.user
    assert "- 发货时间：3月3日10点" in told.user
    assert "买家：" in told.user
    assert "客服：好的" in told.user


SAID = tomllib.loads((Path(__file__).parent / "said.toml").read_text("utf-8"))
KNOWN = known_pairs(script.zh for script in rulebook.scripts().by_id.values())
_UNTIMED = {name: value for name, value in FILLS.items() if name != "ship_by"}
STANDS = {
    "waits": msgspec.structs.replace(WAITS, known=KNOWN, reference="您好，您拍下的坚果礼盒还没有发出，3月3日10点前发出。"),
    "late": Truth(fit=Fit.LATE, fills=_UNTIMED, known=KNOWN, ship_from=WAITS.ship_from, ship_by=NOW - timedelta(days=1)),
    "moves": msgspec.structs.replace(MOVES, known=KNOWN),
    "arrived": msgspec.structs.replace(MOVES, known=KNOWN, fit=Fit.ARRIVED),
    "asks": msgspec.structs.replace(ASKS, known=KNOWN),
    "refund": Truth(fit=Fit.REFUND_ASKED, fills=_UNTIMED, known=KNOWN),
}


@pytest.mark.parametrize("stands", SAID["untrue"])
def test_it_shows_none_of_what_is_not_so(stands: str) -> None:
    assert [text for text in SAID["untrue"][stands] if is_shown(text, STANDS[stands])] == []


def test_it_shows_nine_in_ten_of_what_is_so() -> None:
    refused = [text for stands, texts in SAID["true"].items() for text in texts if not is_shown(text, STANDS[stands])]

    assert sum(map(len, SAID["true"].values())) == 63
    assert len(refused) == 4


def test_it_does_not_know_words_that_no_script_uses() -> None:
    assert list(unknown_clauses("您好，请稍等，嗯，外星人把包裹带去火星", KNOWN, "")) == ["外星人把包裹带去火星"]
    assert list(unknown_clauses("外星人把包裹带去火星", KNOWN, "外星人把包裹带去火星了")) == []
