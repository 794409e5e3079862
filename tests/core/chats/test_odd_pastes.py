"""Whatever is pasted: nothing is lost, nothing personal is kept, and it is read at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.chats.golden import pastes
from zhanggui.core.chats import Chat, Part, Who, read_chat
from zhanggui.core.chats.folding import lines_of
from zhanggui.core.chats.masking import masked_chat

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        *(
            "买家",
            "客服小美",
            "张**",
            "机器人",
            "系统消息",
            "好再来旗舰店:小美",
            "：",
            ":",
            "\t",
            "  ",
            "\n",
            "\r\n",
            "\r",
            "\n\n",
            "\u200b",
            "\ufeff",
            "\0",
            "\ud800",
        ),
        *("2026-11-21 10:32:15", "2026年2月30日 25:99", "昨天 10:32", "星期三", "10:32", "刚刚", "12-31 23:59"),
        *("[", "]", "(", ")", "【", "】", "-----"),
        *(
            "在吗",
            "今天18点前给您发货",
            "明天上午退款",
            "半小时内回复您",
            "撤回了一条消息",
            "[图片]",
            "已读",
            "未读",
            "查看订单",
            "商品ID：123",
            "尺码：L",
            '"',
            ",",
        ),
        *("261120-482910375610284", "YT1234567890123", "浙江省杭州市余杭区文一西路969号3幢", "收货人：王小明", "13812345678", "1" * 40, "29日前发"),
    ]
)
ODD = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map("".join)


@given(ODD)
@settings(max_examples=120, deadline=None)
def test_every_line_is_accounted_for_once(text: str) -> None:
    chat = read_chat(text, NOW)

    lines = lines_of(text)
    assert [line.no for line in chat.lines] == [line.no for line in lines]
    held = [no for message in chat.messages for no in message.lines] + [line.line for line in chat.unread]
    assert len(held) == len(set(held))
    assert {line.no for line in chat.lines if line.part in {Part.TEXT, Part.CARD, Part.SYSTEM, Part.UNREAD}} <= set(held) | _rows_too_short(chat)


@given(ODD)
@settings(max_examples=60, deadline=None)
def test_words_that_were_said_stand_in_a_message_or_are_named_as_not_understood(text: str) -> None:
    chat = read_chat(text, NOW)

    kept = {line.no: line.text for line in lines_of(text)}
    said = "\n".join([*(message.text for message in chat.messages), *(line.text for line in chat.unread)])
    whole = {Part.UNREAD} if "\t" in text or "," in text else {Part.UNREAD, Part.TEXT, Part.CARD, Part.SYSTEM}
    traces = {no for message in chat.messages if message.is_recalled for no in message.lines}  # of these the name stands with the speaker
    assert [line.no for line in chat.lines if line.part in whole and line.no not in traces and kept[line.no] not in said] == []


@given(ODD, st.sampled_from(["13812345678", "１３８１２３４５６７８", "138 1234 5678", "+86-138-1234-5678"]), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_no_telephone_number_comes_through(text: str, number: str, at: int) -> None:
    around = text.replace("13812345678", "")  # glued to other digits it is no telephone number

    chat = read_chat(f"{around[:at]} 电话{number} {around[at:]}", NOW)

    assert number not in repr(chat)


@given(ODD)
@settings(max_examples=60, deadline=None)
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    line = lines_of(text)[0].text

    assert masked_chat(line).text == line


@given(ODD, st.integers(0, 3650 * 24))
@settings(max_examples=60, deadline=None)
def test_nobody_but_the_shop_promises_and_no_promise_is_of_the_past(text: str, hours: int) -> None:
    chat = read_chat(text, datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours))

    promises = [(message, promise) for message in chat.messages for promise in message.promises]
    assert [message.no for message, _ in promises if message.who not in {Who.REP, Who.BOT}] == []
    assert [message.no for message, promise in promises if message.at is not None and promise.due_at is not None and promise.due_at <= message.at] == []


def test_a_line_end_of_another_system_changes_nothing() -> None:
    every = [(each.text.replace("\r\n", "\n").replace("\r", "\n"), each) for each in pastes()]

    windows = [read_chat(text.replace("\n", "\r\n"), each.now, reps=each.reps) for text, each in every]

    assert windows == [read_chat(text, each.now, reps=each.reps) for text, each in every]


@pytest.mark.parametrize("piece", ["路", "今天", "10:32 ", "浙江省", "买家", "撤回了", "1-", "您今天", "\t", "号"])
def test_a_line_without_end_is_read_like_any_other(piece: str) -> None:
    chat = read_chat(piece * 2000, NOW)

    assert [line.no for line in chat.lines] == [1]


def _rows_too_short(chat: Chat) -> set[int]:
    """A row of a table that takes several lines is named by its first."""
    unread = {line.line for line in chat.unread}
    return {line.no for line in chat.lines if line.part is Part.UNREAD} if unread else set()


def test_it_keeps_no_long_run_of_blanks_since_every_pattern_would_try_each_of_them() -> None:
    lines = lines_of("\n".join(f"姓名{blank * 300}x" for blank in (" ", "\t", "\u3000", "\u00a0")))

    assert [(len(line.text), len(line.half)) for line in lines] == [(67, 67)] * 4
