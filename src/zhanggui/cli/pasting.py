"""`zhanggui paste`: a pasted conversation, read from stdin; nothing stored."""

import sys
from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc_or_none, wall
from zhanggui.core.chats import Chat, Message, read_chat
from zhanggui.core.chats.reading import LONGEST_PASTE
from zhanggui.core.promises import Promise


class SpeakerShape(msgspec.Struct, frozen=True):
    """Somebody who speaks; `sure` tells whether the name says who that is."""

    name: str
    who: str
    sure: bool
    because: str


class PromiseShape(msgspec.Struct, frozen=True):
    """A promise in a message; `exact` tells whether the hour was named."""

    kind: str
    words: str
    exact: bool
    exactness: str
    due_at: datetime | None


class MessageShape(msgspec.Struct, frozen=True):
    """One message; `speaker` is its place in `speakers`, from 0, and `lines` those of the paste, from 1."""

    no: int
    who: str
    speaker: int | None
    at: datetime | None
    when: str
    text: str
    lines: tuple[int, ...]
    marks: tuple[str, ...]
    order_nos: tuple[str, ...]
    tracking_nos: tuple[str, ...]
    promises: tuple[PromiseShape, ...]


class UnreadShape(msgspec.Struct, frozen=True):
    """A line that was not understood, and why."""

    line: int
    text: str
    why: str


class ChatShape(msgspec.Struct, frozen=True):
    """A pasted conversation; `lines` says of every line of it what became of it."""

    speakers: tuple[SpeakerShape, ...]
    messages: tuple[MessageShape, ...]
    unread: tuple[UnreadShape, ...]
    order_nos: tuple[str, ...]
    tracking_nos: tuple[str, ...]
    masked: tuple[str, ...]
    lines: tuple[str, ...]


@click.command("paste")
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Reckon yesterday and Wednesday from this moment instead of now.")
@click.option("--rep", "reps", multiple=True, metavar="NAME", help="A name that is the shop's; may be given several times.")
@with_desk
def paste(desk: Desk, at: datetime | None, reps: tuple[str, ...]) -> int:
    """Read a pasted conversation from stdin: who said what when, what it names, and what was promised."""
    text = sys.stdin.buffer.read(LONGEST_PASTE * 4).decode("utf-8", "replace")
    chat = read_chat(text, at or clock.now(), reps=reps)
    desk.document(_shape(desk, chat))
    for message in chat.messages:
        _show(desk, chat, message)
    for line in chat.unread:
        desk.line("Line {number} was not understood: {words}", number=line.line, words=line.text)
    return DONE if chat.messages else REFUSED


def _shape(desk: Desk, chat: Chat) -> ChatShape:
    return ChatShape(
        speakers=tuple(SpeakerShape(each.name, each.who.value, each.is_sure, desk.said(each.because)) for each in chat.speakers),
        messages=tuple(map(_message, chat.messages)),
        unread=tuple(UnreadShape(each.line, each.text, each.why.value) for each in chat.unread),
        order_nos=chat.order_nos,
        tracking_nos=chat.tracking_nos,
        masked=chat.masked,
        lines=tuple(line.part.value for line in chat.lines),
    )


def _message(message: Message) -> MessageShape:
    return MessageShape(
        no=message.no,
        who=message.who.value,
        speaker=message.speaker,
        at=utc_or_none(message.at),
        when=message.when.value,
        text=message.text,
        lines=message.lines,
        marks=tuple(mark.value for mark in message.marks),
        order_nos=message.order_nos,
        tracking_nos=message.tracking_nos,
        promises=tuple(map(_promise, message.promises)),
    )


def _promise(promise: Promise) -> PromiseShape:
    return PromiseShape(promise.kind.value, promise.words, promise.is_exact, promise.exactness.value, utc_or_none(promise.due_at))


def _show(desk: Desk, chat: Chat, message: Message) -> None:
    name = chat.speakers[message.speaker].name if message.speaker is not None else ""
    desk.lines([f"{wall(message.at) or '-':16}  {desk.catalog.word(message.who.value)}  {name}  {message.text}"])
    for promise in message.promises:
        desk.line("  promised: {words}, until {until}", words=promise.words, until=wall(promise.due_at) or "-")
