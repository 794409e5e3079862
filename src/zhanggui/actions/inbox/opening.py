"""One buyer's talk opened: what was said and wanted, the answers there are, and all that is known around it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.access import shops_with
from zhanggui.actions.answers import answers_for
from zhanggui.actions.house import House
from zhanggui.actions.inbox.saying import is_sent_by_tool
from zhanggui.actions.order_page import order
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.views import OrderView
from zhanggui.core.answers.shapes import Answer
from zhanggui.core.chats.shapes import Mark, Sending, Who
from zhanggui.core.inbox.marking import Piece, marked
from zhanggui.core.inbox.urgency import Urgency, urgency
from zhanggui.core.intents.kinds import Said, Speaker, Wanted
from zhanggui.core.speech import Finding, check
from zhanggui.estimates.intents import intents_of
from zhanggui.people import members
from zhanggui.people.members import Member
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import inbox as records
from zhanggui.records import threads
from zhanggui.records.conversations import MessageRow
from zhanggui.records.inbox import ListedThread
from zhanggui.records.promises import PromiseRecord
from zhanggui.records.threads import ThreadRecord
from zhanggui.rulebook.speech import speech_book

MOST_MESSAGES = 60
"""The last messages of a talk that are shown at first."""
ALL_MESSAGES = 1000
_MOST_OTHERS = 5
_BEFORE = 6
"""So many messages that went before bear on what one means."""
_OF_THE_SHOP = frozenset({Who.REP, Who.BOT})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it is shown."""

    message: MessageRow
    pieces: tuple[Piece, ...]
    """Its text, with the words that decided what is wanted."""
    waits: bool = False
    """Whether it is one that nobody has answered."""
    wants: tuple[Wanted, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_recalled(self) -> bool:
        """Whether only the trace of a message that was taken back is left."""
        return Mark.RECALLED.value in self.message.marks


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One thread with all around it."""

    shop_name: str
    thread: ThreadRecord
    waiting: Urgency | None
    owner_name: str
    people: tuple[Member, ...]
    """Who may be given the thread."""
    lines: tuple[Line, ...]
    has_more: bool
    """Whether older messages are left out."""
    answers: tuple[Answer, ...]
    order: OrderView | None
    """None without an order, and for those who may not see orders."""
    promises: tuple[PromiseRecord, ...]
    is_sent_by_tool: bool
    """Whether an answer given here goes out through the tool that brought the thread."""
    others: tuple[ListedThread, ...]
    """Other talks about the same order."""


def opened(house: House, by: Person, shop_id: ShopId, thread_no: int, now: datetime, wall: datetime, *, whole: bool = False) -> Opened | None:
    """The thread; None where the shop has none of this number. Raises NotAllowed."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    most = ALL_MESSAGES if whole else MOST_MESSAGES
    with house.pool.connection() as tx:
        thread = threads.one(tx, shop_id, thread_no)
        if thread is None:
            return None
        shop = shops_with(tx, by, Permission.CONVERSATIONS_READ, [shop_id])[shop_id]
        people = members.of_shop(tx, shop_id)
        messages = threads.messages_of(tx, shop_id, thread_no, most + 1)
        since = thread.waiting_since
        waiting = None if since is None else urgency(since, thread.waiting_known, rulebook_in(tx, house, shop_id), now)
        promised = records.promises_of_thread(tx, shop_id, thread_no)
        others = [] if thread.order_no is None else records.of_orders(tx, shop_id, [thread.order_no], _MOST_OTHERS + 1)
    order_no = thread.order_no
    return Opened(
        shop_name=shop.name,
        thread=thread,
        waiting=waiting,
        owner_name=next((member.display_name for member in people if member.person_id == thread.owner), ""),
        people=people,
        lines=_lines(messages[-most:], now, is_waiting=waiting is not None),
        has_more=len(messages) > most,
        answers=answers_for(house, by, shop_id, now, thread_no=thread_no, wants=thread.wanted) if since is not None else (),
        order=None if order_no is None or not by.may(Permission.ORDERS_READ, shop_id) else order(house, by, shop_id, order_no, now),
        promises=tuple(promised),
        is_sent_by_tool=by.may(Permission.CONVERSATIONS_WRITE, shop_id) and is_sent_by_tool(house, by, thread, wall),
        others=tuple(other for other in others if other.thread_no != thread_no),
    )


def _lines(messages: Sequence[MessageRow], now: datetime, *, is_waiting: bool) -> tuple[Line, ...]:
    """What the buyer wants is told of what nobody has answered; what must not be said, of every message of the shop."""
    first = _first_waiting(messages) if is_waiting else len(messages)
    book = speech_book()
    lines: list[Line] = []
    for place, message in enumerate(messages):
        waits = place >= first and message.who == Who.BUYER
        wants = _wants(message, messages[max(0, place - _BEFORE) : place]) if waits else ()
        findings = check(message.said, book, message.at or now) if message.who in _OF_THE_SHOP else ()
        spans = [(span.start, span.end) for want in wants for span in want.words]
        lines.append(Line(message=message, pieces=marked(message.said, spans), waits=waits, wants=wants, findings=findings))
    return tuple(lines)


def _first_waiting(messages: Sequence[MessageRow]) -> int:
    """The place after the last message that a person of the shop sent."""
    return next((place + 1 for place in range(len(messages) - 1, -1, -1) if messages[place].who == Who.REP and messages[place].sending == Sending.NOT), 0)


def _wants(message: MessageRow, before: Sequence[MessageRow]) -> tuple[Wanted, ...]:
    if not message.said.strip() or Mark.RECALLED.value in message.marks:
        return ()
    said = [Said(each.said, Speaker.BUYER if each.who == Who.BUYER else Speaker.REP) for each in before]
    return tuple(intents_of(message.said, said, vectors=False))
