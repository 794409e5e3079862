"""What a paste would become, before anything of it is taken in."""

from datetime import datetime

import msgspec

from zhanggui.actions.conversations.reading import Judged, judged
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.chats import Chat, Message, read_chat
from zhanggui.core.chats.reading import LONGEST_PASTE
from zhanggui.core.say import say
from zhanggui.people import members
from zhanggui.people.permissions import Permission, Person, ShopId


class PasteRead(msgspec.Struct, frozen=True):
    """A paste as it is read: every message with what it wants and what it should not have said."""

    chat: Chat
    messages: tuple[tuple[Message, Judged], ...]


def read_paste(house: House, by: Person, shop_id: ShopId, text: str, now: datetime) -> PasteRead:
    """The conversation as the house reads it, masked; nothing is stored. Raises Refused where the text is too long."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    if len(text) > LONGEST_PASTE:
        raise Refused(say("The text is longer than {longest} characters. Paste one conversation alone.", longest=LONGEST_PASTE))
    with house.pool.connection() as tx:
        names = {member.display_name for member in members.of_shop(tx, shop_id)}
    chat = read_chat(text, now, reps=names)
    return PasteRead(chat, tuple(zip(chat.messages, judged(chat, now), strict=True)))
