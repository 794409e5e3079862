"""What a pasted conversation becomes."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.promises import Promise
from zhanggui.core.say import Say


class Who(StrEnum):
    """Who wrote a message. What cannot be told stays unknown."""

    BUYER = "buyer"
    REP = "rep"
    BOT = "bot"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class When(StrEnum):
    """How the moment of a message is known."""

    WRITTEN = "written"
    """Day and time stand with the message."""
    RECKONED = "reckoned"
    """The day, or the time, was taken from a line above or counted from the moment of reading (yesterday, Wednesday)."""
    ASSUMED = "assumed"
    """A time without any day: the last such time before the moment of reading."""
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """What a message holds beside words."""

    PICTURE = "picture"
    VIDEO = "video"
    VOICE = "voice"
    STICKER = "sticker"
    FILE = "file"
    LINK = "link"
    GOODS = "goods"
    ORDER = "order"
    COUPON = "coupon"
    TRANSFER = "transfer"
    RECALLED = "recalled"


class Via(StrEnum):
    """By which way a message came into the house."""

    PASTE = "paste"
    BRIDGE = "bridge"
    """A service tool brought it."""
    DESK = "desk"
    """A rep said it here."""


class Sending(StrEnum):
    """Where an answer stands that the tool is to send. Only what is sent answers a buyer."""

    NOT = ""
    """Nothing is to be sent: it came in as said."""
    WAITS = "sending_waits"
    TAKEN = "sending_taken"
    """The tool took it and has not said yet what became of it."""
    FAILED = "sending_failed"


class Part(StrEnum):
    """What became of one line of the paste."""

    BLANK = "blank"
    HEAD = "head"
    """It says who or when, and perhaps what."""
    TIME = "time"
    """A moment that stands alone."""
    TEXT = "text"
    CARD = "card"
    """A line of an order's or a product's card."""
    SYSTEM = "system"
    PAGE = "page"
    """A word of the page it was copied from: read, sent, show more."""
    UNREAD = "unread"


class Why(StrEnum):
    """Why a line was not understood."""

    NO_SPEAKER = "no_speaker"
    """Nothing above says who wrote it; the paste begins in the middle of a message."""
    SHORT_ROW = "short_row"
    """A row of a table with too few cells."""


class ChatLine(msgspec.Struct, frozen=True):
    """One line of the paste, by its number from 1, and what became of it."""

    no: int
    part: Part


class Speaking(msgspec.Struct, frozen=True):
    """Somebody who speaks: the name as far as it may be shown, who that is, and what says so."""

    name: str
    who: Who
    is_sure: bool
    because: Say
    key: str = ""
    """A digest of the whole name, where the caller has the house's key for it; the name itself is never kept."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message. `speaker` is its place in the list of those who speak."""

    no: int
    who: Who
    speaker: int | None
    at: datetime | None
    when: When
    text: str
    lines: tuple[int, ...]
    marks: tuple[Mark, ...] = ()
    order_nos: tuple[str, ...] = ()
    tracking_nos: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()

    @property
    def is_recalled(self) -> bool:
        """Whether only the trace of a message that was taken back is left."""
        return Mark.RECALLED in self.marks


class Unread(msgspec.Struct, frozen=True):
    """A line that was not understood, as far as it may be shown, and why."""

    line: int
    text: str
    why: Why


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation read from a paste. Every line of it is in `lines` once."""

    speakers: tuple[Speaking, ...]
    messages: tuple[Message, ...]
    unread: tuple[Unread, ...]
    lines: tuple[ChatLine, ...]
    masked: tuple[str, ...]
    """What was masked: phone, citizen, address, name."""

    @property
    def order_nos(self) -> tuple[str, ...]:
        """The orders that are named, in the order in which they come up."""
        return tuple(dict.fromkeys(no for message in self.messages for no in message.order_nos))

    @property
    def tracking_nos(self) -> tuple[str, ...]:
        """The tracking numbers that are named."""
        return tuple(dict.fromkeys(no for message in self.messages for no in message.tracking_nos))
