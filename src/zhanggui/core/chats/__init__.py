"""Pasted conversations: who said what when, what it names, and what was promised; a line that is not understood is kept and named."""

from zhanggui.core.chats.reading import read_chat
from zhanggui.core.chats.shapes import Chat, ChatLine, Mark, Message, Part, Sending, Speaking, Unread, Via, When, Who, Why

__all__ = ["Chat", "ChatLine", "Mark", "Message", "Part", "Sending", "Speaking", "Unread", "Via", "When", "Who", "Why", "read_chat"]
