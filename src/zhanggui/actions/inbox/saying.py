"""A rep gives an answer: it goes to the tool that brought the buyer, or was sent by hand; a use of a script is noted beside it."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.conversations.bridging import answered
from zhanggui.actions.conversations.handing import is_listening, release
from zhanggui.actions.conversations.threading import held_thread, thread_of
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts import used
from zhanggui.core.chats.single import LONGEST_MESSAGE, read_single
from zhanggui.core.clocks.shipping import ship_due
from zhanggui.core.facts import OrderStage
from zhanggui.core.speech import Finding, check
from zhanggui.core.speech.checking import SHIP_WITHIN, time_to_ship
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import threads, wakes
from zhanggui.records.db import Tx, transact
from zhanggui.records.threads import ThreadRecord
from zhanggui.rulebook.speech import speech_book


class Given(msgspec.Struct, frozen=True):
    """What became of an answer: whether the tool has it; or why it was neither kept nor given to it."""

    by_tool: bool
    held: tuple[Finding, ...] = ()
    """What must not be said in it."""
    is_starred: bool = False
    """Whether the buyer would read stars."""
    is_other_way: bool = False
    """Whether it would go another way than the person was told."""

    @property
    def is_given(self) -> bool:
        """Whether it was kept, or given to the tool."""
        return not (self.held or self.is_starred or self.is_other_way)


def is_sent_by_tool(house: House, by: Person, thread: ThreadRecord, wall: datetime) -> bool:
    """Whether an answer given here is sent by the tool that brought the thread: one that looks for answers just now."""
    return thread.external_id is not None and is_listening(house, by, ShopId(thread.shop_id), wall)


def findings_in(house: House, by: Person, shop_id: ShopId, said: str, now: datetime, *, order_no: str | None = None) -> tuple[Finding, ...]:
    """What a rep's own words should not say, by the clauses in force now; promises are held against the limit of the order itself where it is known."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    return check(said, speech_book(), now, ship_within=_left_to_ship(house, shop_id, order_no, now)) if said.strip() else ()


def _left_to_ship(house: House, shop_id: ShopId, order_no: str | None, now: datetime) -> timedelta | None:
    """How long the order may still take to leave; None where it has left."""
    if order_no is None:
        return SHIP_WITHIN
    with house.pool.connection() as tx:
        known = orders_known(tx, shop_id, [order_no]).get(order_no)
        due = None if known is None else ship_due(known, rulebook_in(tx, house, shop_id))
    if known is not None and (known.order.shipped_at is not None or known.order.stage in (OrderStage.SHIPPED, OrderStage.RECEIVED)):
        return None
    return time_to_ship(None if due is None else due.due_at, now)


def words_mark(said: str) -> str:
    """By what these very words are known again: who has read what must not be said in them has read it of no others."""
    return hashlib.sha256(" ".join(said.split()).encode()).hexdigest()[:16]


def is_starred(said: str) -> bool:
    """Whether a rep's own words could not be kept as they are, so that a tool would be given stars."""
    return read_single(said[:LONGEST_MESSAGE]).is_starred


def give_answer(
    house: House,
    by: Person,
    shop_id: ShopId,
    thread_no: int,
    said: str,
    script_id: str,
    now: datetime,
    wall: datetime,
    *,
    despite: str = "",
    expects_tool: bool | None = None,
) -> Given:
    """Gives the answer to the tool, else keeps it as said, once; `script_id` names the script its words were taken from, changed or not.

    Whoever answers has the talk from now on, unless somebody has it already. What must not be said is not given to a tool, unless the person has read that and
    says so (`despite`, the mark of these words), and never what the buyer would read with stars in it; what was sent by hand is kept as it was sent. Where the
    person was told of another way than the answer would go now (`expects_tool`), nothing is done. Raises Refused where nothing was said.
    """
    thread = thread_of(house, by, shop_id, thread_no)
    by_tool = is_sent_by_tool(house, by, thread, wall)
    if expects_tool is not None and expects_tool is not by_tool:
        return Given(by_tool, is_other_way=True)
    held = findings_in(house, by, shop_id, said, now, order_no=thread.order_no) if by_tool and despite != words_mark(said) else ()
    if held or (by_tool and is_starred(said)):
        return Given(by_tool, held, is_starred(said))
    taken = (release if by_tool else answered)(house, by, shop_id, thread_no, said, now)

    def note(tx: Tx) -> None:
        held_now = held_thread(tx, shop_id, thread_no)
        if held_now.owner is None and by.person_id is not None:
            threads.save(tx, msgspec.structs.replace(held_now, owner=by.person_id, owned_at=now))
            wakes.wake_threads(tx, shop_id)
        if script_id and taken.is_new:
            used(tx, by, shop_id, script_id, thread_no=thread_no, order_no=taken.order_no, now=now)

    transact(house.pool, note)
    return Given(by_tool)
