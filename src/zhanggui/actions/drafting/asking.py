"""A draft by the endpoint: told masked words and facts, its text shown only where it passes what every draft passes."""

import os
from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.answers import answers_in
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts.replying import Filling, filling_of
from zhanggui.actions.vault import unseal
from zhanggui.connectors.drafting.asking import Endpoint, Prompt
from zhanggui.connectors.drafting.errors import DraftingError
from zhanggui.core.answers.shapes import Answer
from zhanggui.core.chats.masking import masked_chat
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.drafting.judging import Truth, judged
from zhanggui.core.drafting.known import known_pairs
from zhanggui.core.drafting.telling import LONGEST_SAID, MOST_SAID, Line, Side, told_of
from zhanggui.core.intents.kinds import Wanted
from zhanggui.core.moments import shanghai_day
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Draft
from zhanggui.estimates.intents import intents_of
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import drafting, threads
from zhanggui.records.db import Tx, transact
from zhanggui.records.drafting import DraftingRecord
from zhanggui.rulebook.speech import speech_book

HOSTS = "ZHANGGUI_DRAFTING_HOSTS"
SCRIPT = "model"
"""The name under which such a draft goes; it is no script."""


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoint wrote, or why it is not shown; and the answer by the scripts, which is always there to fall back on."""

    draft: Draft | None
    because: tuple[Say, ...]
    reference: Draft | None


class _Asked(msgspec.Struct, frozen=True):
    record: DraftingRecord
    filling: Filling
    answer: Answer | None
    talk: tuple[Line, ...]


def draft_reply(
    house: House, by: Person, shop_id: ShopId, now: datetime, wall: datetime, *, thread_no: int | None = None, order_no: str | None = None, said: str = ""
) -> Drafted:
    """A draft for a conversation, or for what a buyer of an order said. Raises Refused where no endpoint may draft for the shop, or none was asked for today.

    No transaction is open while the endpoint is waited for.
    """
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    asked = transact(house.pool, lambda tx: _gathered(tx, house, shop_id, now, wall, thread_no, order_no, said))
    key = unseal(house, asked.record.secret) if asked.record.secret is not None else ""
    reference = asked.answer.draft if asked.answer is not None else None
    told = told_of(asked.talk, asked.filling.fit, asked.filling.fills, reference.zh if reference is not None else "")
    try:
        text = house.drafter.ask(Endpoint(asked.record.address, asked.record.model, key), Prompt(told.system, told.user), allowed=allowed_hosts())
    except DraftingError as problem:
        trouble = problem.say
        transact(house.pool, lambda tx: drafting.note(tx, shop_id, trouble, now))
        return Drafted(draft=None, because=(trouble,), reference=reference)
    if asked.record.problem is not None:
        transact(house.pool, lambda tx: drafting.note(tx, shop_id, None, now))
    because = judged(text, _truth(asked, reference), speech_book(), now).because
    return Drafted(draft=None if because else Draft(script=SCRIPT, zh=text, en=text), because=because, reference=reference)


def allowed_hosts() -> frozenset[str]:
    """The hosts in a private network that whoever runs the house lets the endpoint be at, such as a server of one's own."""
    return frozenset(host.strip().lower() for host in os.environ.get(HOSTS, "").split(",") if host.strip())


def _gathered(tx: Tx, house: House, shop_id: ShopId, now: datetime, wall: datetime, thread_no: int | None, order_no: str | None, said: str) -> _Asked:
    record = drafting.of_shop(tx, shop_id)
    if record is None or not record.is_on:
        raise Refused(say("No endpoint drafts for this shop. It is set under Scripts, the shop and files; scripts answer without one."))
    talk, wants, about = _talk(tx, shop_id, thread_no, said)
    if not talk:
        raise Refused(say("There is nothing to answer yet."))
    if not drafting.count_call(tx, shop_id, shanghai_day(wall)):
        raise Refused(say("The endpoint was asked {cap} times today, as often as the shop lets it. Scripts answer without it.", cap=record.daily_cap))
    order = order_no or about
    found = answers_in(tx, house, shop_id, order, wants, now)
    return _Asked(record, filling_of(tx, house, shop_id, order, None, now), found[0] if found and found[0].is_sure else None, talk)


def _talk(tx: Tx, shop_id: ShopId, thread_no: int | None, said: str) -> tuple[tuple[Line, ...], Sequence[Wanted], str | None]:
    """The end of the talk, what the buyer wants by it, and the order it is about."""
    if thread_no is None:
        masked = masked_chat(said.strip()[:LONGEST_SAID]).text
        return ((Line(Side.BUYER, masked),) if masked else ()), intents_of(masked, (), vectors=False) if masked else (), None
    thread = threads.one(tx, shop_id, thread_no)
    if thread is None:
        raise Refused(say("There is no such conversation."))
    rows = [row for row in threads.messages_of(tx, shop_id, thread_no, MOST_SAID) if row.said.strip() and "recalled" not in row.marks]
    return tuple(Line(Side.BUYER if row.who == "buyer" else Side.SHOP, row.said) for row in rows), thread.wanted, thread.order_no


def _truth(asked: _Asked, reference: Draft | None) -> Truth:
    known, promise = asked.filling.known, asked.answer.promise if asked.answer is not None else None
    due = ship_due(known, asked.filling.rulebook) if known is not None else None
    return Truth(
        fit=asked.filling.fit,
        fills=asked.filling.fills,
        reference=reference.zh if reference is not None else "",
        known=known_pairs(script.zh for script in asked.filling.scripts.by_id.values()),
        ship_from=promise.until if promise is not None and promise.kind is PromiseKind.SHIP else None,
        ship_by=due.due_at if due is not None else None,
    )
