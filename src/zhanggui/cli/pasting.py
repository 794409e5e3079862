"""`zhanggui paste`: a pasted conversation, read from stdin; stored only where a shop is named."""

import sys
from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.conversations.reading import Judged, judged
from zhanggui.actions.conversations.taking import take_paste
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, REFUSED, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.chats import Chat, Message, read_chat
from zhanggui.core.chats.reading import LONGEST_PASTE
from zhanggui.core.promises import Promise
from zhanggui.core.say import say


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


class WantShape(msgspec.Struct, frozen=True):
    """What a buyer wants by a message, how surely, and the characters that decided."""

    intent: str
    confidence: float
    sure: bool
    words: tuple[str, ...]


class FoundShape(msgspec.Struct, frozen=True):
    """What the shop should not have said, and what to say instead."""

    rule: str
    words: str
    safe: str


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
    wants: tuple[WantShape, ...]
    findings: tuple[FoundShape, ...]


class UnreadShape(msgspec.Struct, frozen=True):
    """A line that was not understood, and why."""

    line: int
    text: str
    why: str


class StoredShape(msgspec.Struct, frozen=True):
    """What was stored of it: the conversation, the import that takes it back, whether it is new, its order, and its new promises."""

    conversation: int
    batch: int
    new: bool
    order_no: str | None
    promises: tuple[int, ...]


class ChatShape(msgspec.Struct, frozen=True, kw_only=True):
    """A pasted conversation; `lines` says of every line of it what became of it."""

    speakers: tuple[SpeakerShape, ...]
    messages: tuple[MessageShape, ...]
    unread: tuple[UnreadShape, ...]
    order_nos: tuple[str, ...]
    tracking_nos: tuple[str, ...]
    masked: tuple[str, ...]
    lines: tuple[str, ...]
    stored: StoredShape | None = None


@click.command("paste")
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Reckon yesterday and Wednesday from this moment instead of now.")
@click.option("--rep", "reps", multiple=True, metavar="NAME", help="A name that is the shop's; may be given several times.")
@click.option("--shop", "shop_name", metavar="NAME", help="Take the conversation in for this shop, masked, with its promises; once.")
@click.option("--order", "order_no", metavar="ORDER_NO", help="The order it is about; needs --shop. Without it the one order it names.")
@with_desk
def paste(desk: Desk, at: datetime | None, reps: tuple[str, ...], shop_name: str | None, order_no: str | None) -> int:
    """Read a pasted conversation from stdin: who said what when, what it names, and what was promised."""
    text = sys.stdin.buffer.read(LONGEST_PASTE * 4).decode("utf-8", "replace")
    now = at or clock.now()
    if shop_name is None:
        if order_no is not None:
            raise Refused(say("An order is looked up in a shop. Name it with --shop."))
        return _answer(desk, read_chat(text, now, reps=reps), None, now)
    with desk.house() as house:
        taken = take_paste(house, desk.by, shop_of(house, desk.by, shop_name), text, now, order_no=order_no, reps=reps)
    stored = StoredShape(taken.conversation_no, taken.batch_id, taken.is_new, taken.order_no, taken.promise_nos)
    return _answer(desk, taken.chat, stored, now)


def _answer(desk: Desk, chat: Chat, stored: StoredShape | None, now: datetime) -> int:
    every = judged(chat, now)
    desk.document(_shape(desk, chat, every, stored))
    for message, told in zip(chat.messages, every, strict=True):
        _show(desk, chat, message, told)
    for line in chat.unread:
        desk.line("Line {number} was not understood: {words}", number=line.line, words=line.text)
    if stored is not None:
        said = say("Stored as conversation no. {conversation}; undo it as import {batch}.", conversation=stored.conversation, batch=stored.batch)
        desk.lines(
            [desk.said(said if stored.new else say("This very conversation is stored already, as no. {conversation}.", conversation=stored.conversation))]
        )
    return DONE if chat.messages else REFUSED


def _shape(desk: Desk, chat: Chat, every: tuple[Judged, ...], stored: StoredShape | None) -> ChatShape:
    return ChatShape(
        speakers=tuple(SpeakerShape(each.name, each.who.value, each.is_sure, desk.said(each.because)) for each in chat.speakers),
        messages=tuple(_message(message, told) for message, told in zip(chat.messages, every, strict=True)),
        unread=tuple(UnreadShape(each.line, each.text, each.why.value) for each in chat.unread),
        order_nos=chat.order_nos,
        tracking_nos=chat.tracking_nos,
        masked=chat.masked,
        lines=tuple(line.part.value for line in chat.lines),
        stored=stored,
    )


def _message(message: Message, told: Judged) -> MessageShape:
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
        wants=tuple(WantShape(want.intent.value, want.confidence, want.sure, tuple(span.text for span in want.words)) for want in told.wants),
        findings=tuple(FoundShape(finding.rule.id, finding.words, finding.safe) for finding in told.findings),
    )


def _promise(promise: Promise) -> PromiseShape:
    return PromiseShape(promise.kind.value, promise.words, promise.is_exact, promise.exactness.value, utc_or_none(promise.due_at))


def _show(desk: Desk, chat: Chat, message: Message, told: Judged) -> None:
    name = chat.speakers[message.speaker].name if message.speaker is not None else ""
    desk.lines([f"{wall(message.at) or '-':16}  {desk.catalog.word(message.who.value)}  {name}  {message.text}"])
    for promise in message.promises:
        desk.line("  promised: {words}, until {until}", words=promise.words, until=wall(promise.due_at) or "-")
    for finding in told.findings:
        desk.line("  ! should not be said: {words}. Better: {safe}", words=finding.words, safe=finding.safe)
