"""Nobody waits unseen because an answer was given to a tool that does not send it."""

from datetime import UTC, datetime, timedelta

from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.handing import release
from zhanggui.actions.house import House
from zhanggui.actions.inbox.listing import InboxAsked, inbox
from zhanggui.core.chats.shapes import Who

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def listed(house: House, people: Cast, now: datetime) -> list[str]:
    return [row.text for row in inbox(house, people.mei, InboxAsked(), now).rows]


def test_an_answer_that_no_tool_sends_hides_a_buyer_for_a_quarter_of_an_hour_at_most(house: House, people: Cast) -> None:
    for number, (buyer, minutes) in enumerate((("一", 0), ("二", 14))):
        at = NOW + minutes * MINUTE
        message = Incoming(message_id=f"m{number}", external_id=f"c{number}", who=Who.BUYER, said=f"{buyer}：什么时候发货", name=f"买家{buyer}", at=at)
        taken = take_message(house, people.mei, people.shop_id, message, at)
        if number == 0:
            release(house, people.mei, people.shop_id, taken.thread_no, "今天18点前发货", NOW + MINUTE)

    soon, late = (listed(house, people, NOW + minutes * MINUTE) for minutes in (14.5, 20))

    assert soon == ["二：什么时候发货", "一：什么时候发货"]
    assert late == ["一：什么时候发货", "二：什么时候发货"]
