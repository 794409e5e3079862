"""What buyers and the shop wrote to each other, brought message by message as a service tool would bring it."""

from datetime import datetime

from zhanggui import clock
from zhanggui.actions.conversations.bridging import Incoming, take_messages
from zhanggui.actions.house import House
from zhanggui.core.chats.shapes import Who
from zhanggui.core.moments import from_shanghai
from zhanggui.demo.story_data import MessageTold, story
from zhanggui.demo.world import world
from zhanggui.people.permissions import Person, ShopId


def bring_talks(house: House, by: Person, shop_id: ShopId, since: datetime | None, until: datetime, rep: str) -> None:
    """What was written after `since`, up to `until`, by clocks in Shanghai. Brought again, it changes nothing."""
    messages = enumerate(story().heard.messages, start=1)
    told = [_incoming(number, message, rep) for number, message in messages if (since is None or message.at > since) and message.at <= until]
    if told:
        take_messages(house, by, shop_id, told, clock.now())


def _incoming(number: int, message: MessageTold, rep: str) -> Incoming:
    return Incoming(
        message_id=f"m{number:04d}",
        external_id=f"demo:{message.buyer}",
        who=Who(message.speaker),
        name=message.buyer if message.speaker == Who.BUYER else rep,
        buyer=message.buyer,
        said=message.text,
        at=from_shanghai(message.at),
        order_no=None if message.order is None else world().told[message.order].order_no,
    )
