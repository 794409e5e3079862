"""Drafted messages: every slot filled or no message at all, exact to the hour, and never a forbidden word."""

from datetime import UTC, datetime

import pytest

from zhanggui import rulebook
from zhanggui.core.scripts import Script, Scripts

SCRIPTS = rulebook.scripts()
MOMENT = datetime(2026, 3, 5, 13, 0, tzinfo=UTC)
FORBIDDEN = ("好评返现", "返现", "红包", "微信", "加我", "五星", "好评", "修改退款原因", "改成", "支付宝转账", "亲亲", "跪求", "求求", "撤销介入")


def test_it_fills_the_slots_in_both_languages() -> None:
    draft = SCRIPTS.draft("ship_soon", title="短袖T恤", promise=MOMENT)

    assert draft is not None
    assert draft.zh == "您好，您拍下的短袖T恤已经在备货打包了，最晚3月5日21点前发出。发出后快递单号会更新在订单里，您随时可以查看。"
    assert draft.en == "Hello, 短袖T恤 is being packed and leaves by 05 Mar 21:00 at the latest. The tracking number will then stand in your order."


def test_it_writes_money_as_yuan() -> None:
    draft = SCRIPTS.draft("refund_unshipped", title="短袖T恤", refund_fen=123456)

    assert draft is not None
    assert "1,234.56元" in draft.zh
    assert "1,234.56 yuan" in draft.en


def test_it_drafts_nothing_with_a_hole() -> None:
    assert SCRIPTS.draft("ship_soon", title="短袖T恤") is None


@pytest.mark.parametrize("script", SCRIPTS.by_id.values(), ids=lambda script: script.id)
def test_it_says_the_same_in_both_languages_and_nothing_forbidden(script: Script) -> None:
    assert not [word for word in FORBIDDEN if word in script.zh]
    assert script.when_zh
    assert script.when_en
    assert Scripts.of([script]).by_id == {script.id: script}


def test_it_refuses_a_script_that_lacks_a_language() -> None:
    with pytest.raises(ValueError, match=r"scripts/own.toml: .*en"):
        Scripts.read('[hello]\nzh = "您好"\nwhen_zh = "问候"\nwhen_en = "greeting"\n', "own.toml")
