"""A rep gives an answer: it goes to the tool that brought the buyer, or was sent by hand; a use of a script is noted beside it."""

from datetime import datetime

import msgspec

from zhanggui.actions.conversations.bridging import answered
from zhanggui.actions.conversations.handing import is_listening, release
from zhanggui.actions.conversations.threading import held_thread, thread_of
from zhanggui.actions.house import House
from zhanggui.actions.scripts import used
from zhanggui.core.chats.single import LONGEST_MESSAGE, read_single
from zhanggui.core.speech import Finding, check
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import threads, wakes
from zhanggui.records.db import Tx, transact
from zhanggui.records.threads import ThreadRecord
from zhanggui.rulebook.speech import speech_book


class Given(msgspec.Struct, frozen=True):
    """What became of an answer: whether the tool has it; or it was held back for what it says, or since the buyer would read stars."""

    by_tool: bool
    held: tuple[Finding, ...] = ()
    is_starred: bool = False


def is_sent_by_tool(house: House, by: Person, thread: ThreadRecord, wall: datetime) -> bool:
    """Whether an answer given here is sent by the tool that brought the thread: one that looks for answers just now."""
    return thread.external_id is not None and is_listening(house, by, ShopId(thread.shop_id), wall)


def findings_in(by: Person, shop_id: ShopId, said: str, now: datetime) -> tuple[Finding, ...]:
    """What a rep's own words should not say, by the clauses in force now."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    return check(said, speech_book(), now) if said.strip() else ()


def is_starred(said: str) -> bool:
    """Whether a rep's own words could not be kept as they are, so that a tool would be given stars."""
    return read_single(said[:LONGEST_MESSAGE]).is_starred


def give_answer(
    house: House, by: Person, shop_id: ShopId, thread_no: int, said: str, script_id: str, now: datetime, wall: datetime, *, despite: bool = False
) -> Given:
    """Gives the answer to the tool, else keeps it as said, once; `script_id` names the script its words were taken from, changed or not.

    Whoever answers has the talk from now on, unless somebody has it already. What must not be said is not given to a tool, unless the person has read that and
    says so (`despite`), and never what the buyer would read with stars in it; what was sent by hand is kept as it was sent. Raises Refused where nothing was
    said.
    """
    thread = thread_of(house, by, shop_id, thread_no)
    by_tool = is_sent_by_tool(house, by, thread, wall)
    held = findings_in(by, shop_id, said, now) if by_tool and not despite else ()
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
