"""What is wanted is read out of the whole talk: said once, in pieces, and spoken on of without being named again."""

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.actions.conversations.wanting import wants_of
from zhanggui.core.chats.shapes import When, Who
from zhanggui.core.chats.waiting import Spoken, standing_of
from zhanggui.core.intents.kinds import Intent

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
WHICH = "rep: 您好，麻烦您把订单编号或者订单卡片发给我，我马上帮您看。"
MEANT = "rep: 您好，我想先确认一下，您是想问退款吗？您说一声，我马上帮您看。"


def wanted(*lines: str, apart: timedelta = timedelta(minutes=1)) -> list[tuple[Intent, bool]]:
    spoken = [
        Spoken(who=Who.REP if line.startswith("rep: ") else Who.BUYER, placed_at=NOW + place * apart, when=When.WRITTEN, text=line.removeprefix("rep: "))
        for place, line in enumerate(lines)
    ]
    return [(want.intent, want.sure) for want in wants_of(standing_of(spoken, None))]


@pytest.mark.parametrize(
    ("lines", "sure"),
    [
        (("物流2天没动了 是不是丢了", WHICH, "[订单]", "就这个订单"), [Intent.CHASE_DELIVERY]),
        (("什么时候发货", WHICH, "[订单]", "rep: 您好，仓库正在安排。", "尽快是多快"), [Intent.CHASE_SHIPPING]),
        (("什么时候发货", "rep: 您好，仓库正在安排。", "在吗"), [Intent.CHASE_SHIPPING]),
        (("怎么选不了小号", "没货了？", "说话呀"), [Intent.ORDER_PAYMENT, Intent.STOCK]),
        (("用了几天不亮了", "能修吗", "快点", "人呢？"), [Intent.REPAIR]),
        (("买多了一个 想退掉", MEANT, "是的"), [Intent.REFUND]),
        (("买多了一个 想退掉", MEANT, "嗯嗯"), [Intent.REFUND]),
        (("什么时候发货", "rep: 今天18点前发。", "钱什么时候退我"), [Intent.CHASE_REFUND]),
        (("什么时候发货", "rep: 今天18点前发。", "好的谢谢"), [Intent.THANKS]),
        (("能退吗", WHICH, "[订单]", "就这个订单", "怎么不回话"), [Intent.RETURN]),
        (("您好", "能不能今天给我发", WHICH, "[订单]", "这单 你看下"), [Intent.CHASE_SHIPPING]),
    ],
)
def test_it_is_sure_of_what_was_said_somewhere(lines: tuple[str, ...], sure: list[Intent]) -> None:
    assert wanted(*lines) == [(intent, True) for intent in sure]


@pytest.mark.parametrize(
    "lines",
    [
        ("在吗",),
        ("买多了一个 想退掉",),
        ("买多了一个 想退掉", MEANT, "在吗"),
        ("什么时候发货", "rep: 今天18点前发。", "这个怎么洗"),
    ],
)
def test_what_nobody_is_sure_of_stays_so(lines: tuple[str, ...]) -> None:
    assert not any(is_sure and intent is not Intent.OTHER for intent, is_sure in wanted(*lines))


def test_after_some_hours_it_is_a_new_matter() -> None:
    assert wanted("什么时候发货", "rep: 今天18点前发。", "在吗", apart=timedelta(hours=3)) == [(Intent.OTHER, True)]
