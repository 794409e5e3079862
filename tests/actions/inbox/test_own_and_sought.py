"""Whoever took talks sees first who waits in them, and what a line of the list shows is found by its words."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.threading import assign
from zhanggui.actions.house import House
from zhanggui.actions.inbox import listing
from zhanggui.actions.inbox.listing import Inbox, InboxAsked, InboxView, inbox
from zhanggui.core.chats.shapes import Who

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(house: House, people: Cast, buyer: str, text: str, at: datetime, who: Who = Who.BUYER) -> int:
    """Somebody writes in the talk with this buyer; its number."""
    message = Incoming(message_id=f"{buyer}{at:%H%M}", external_id=buyer, who=who, said=text, name=buyer if who is Who.BUYER else "小美", at=at)
    return take_message(house, people.mei, people.shop_id, message, at).thread_no


def seen(house: House, people: Cast, **asked: object) -> Inbox:
    return inbox(house, people.mei, InboxAsked(**asked), NOW + HOUR)  # type: ignore[arg-type]  # fields by name


def test_whoever_waits_longest_stands_among_ones_own_however_many_were_answered_since(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_SHOWN", 2)
    waiting = [said(house, people, f"等候{n}", f"在吗{n}", NOW - 5 * HOUR + n * HOUR) for n in range(3)]
    answered = [said(house, people, f"已复{n}", "收到了", NOW + n * timedelta(minutes=9)) for n in range(3)]
    for n, no in enumerate(answered):
        said(house, people, f"已复{n}", "好的", NOW + n * timedelta(minutes=9) + timedelta(minutes=1), Who.REP)
        assign(house, people.mei, people.shop_id, no, people.mei.person_id, NOW)

    for no in waiting[:1]:
        assign(house, people.mei, people.shop_id, no, people.mei.person_id, NOW)
    one = seen(house, people, view=InboxView.MINE)
    for no in waiting[1:]:
        assign(house, people.mei, people.shop_id, no, people.mei.person_id, NOW)
    all_three = seen(house, people, view=InboxView.MINE)

    assert ([row.thread_no for row in one.rows], one.left_over) == ([waiting[0], answered[2]], 0)
    assert (len(all_three.rows), {row.thread_no for row in all_three.rows} <= set(waiting), all_three.left_over) == (2, True, 1)


def test_a_talk_is_found_by_what_was_said_last_in_it(house: House, people: Cast) -> None:
    said(house, people, "快乐的鱼", "什么时候发货", NOW)
    answered = said(house, people, "快乐的鱼", "已为您登记补发", NOW + timedelta(minutes=1), Who.REP)
    said(house, people, "别的买家", "在吗", NOW)

    found = seen(house, people, words="补发")

    assert [(row.thread_no, row.text) for row in found.rows] == [(answered, "已为您登记补发")]
