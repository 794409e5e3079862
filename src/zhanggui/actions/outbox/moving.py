"""One step of an act: by the table, with its journal entry, in the caller's transaction, by whoever holds the row."""

from datetime import date, datetime
from typing import Any

import msgspec

from zhanggui.actions.outbox.kinds import terms_of
from zhanggui.core.acts import ActEvent, ActState, advance
from zhanggui.core.acts.moves import AT_REST
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.say import Say
from zhanggui.records import act_limits, journal, outbox
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import ActMoved, Entry
from zhanggui.records.outbox import Answer, StoredAct

_TAKES_NO_PLACE = frozenset({ActEvent.ANSWERED_NO, ActEvent.DONE_BY_OTHERS, ActEvent.NOT_TAKEN, ActEvent.FOUND_NOT_DONE, ActEvent.STOP, ActEvent.SAID_NOT_DONE})
"""After these it is known that nothing left, so that the day has room for another."""


class Contested(Exception):
    """Somebody changed the act although we held it: nothing of this transaction may stay."""


def moved(
    tx: Tx, act: StoredAct, event: ActEvent, now: datetime, *, by: int | None = None, because: Say | None = None, answer: Answer | None = None, **fields: Any
) -> StoredAct:
    """The act after this event, stored. Raises NotThatWay where the table has no such step."""
    state = advance(act.at, event)
    told = {"holder": None, "leased_until": None, "look_at": None, **fields}
    if act.day is not None and event in _TAKES_NO_PLACE:
        act_limits.give_back(tx, act.shop_id, act.kind, act.day, act.money)
        told["day"] = None
    if state is ActState.CARRIED_OUT and terms_of(act.act_kind).may_happen_again:
        told["once"] = None
    if state in AT_REST:
        told["ended_at"] = now
    if answer is not None:
        told["answer"] = msgspec.json.encode(answer).decode()
    after = kept(tx, msgspec.structs.replace(act, state=state.value, because=outbox.because(because), **told))
    write(tx, after, ActMoved(act.kind, act.act_no, state.value), now, by)
    return after


def kept(tx: Tx, act: StoredAct) -> StoredAct:
    """The act as it now stands, without a step. Raises Contested."""
    if not outbox.save(tx, act):
        raise Contested
    return msgspec.structs.replace(act, version=act.version + 1)


def write(tx: Tx, act: StoredAct, entry: Entry, now: datetime, by: int | None) -> None:
    """Tells the journal, beside the order where there is one."""
    kind, no = (SubjectKind.ORDER.value, act.order_no) if act.order_no else (act.subject_kind, act.subject_no)
    journal.write(tx, act.shop_id, entry, at=now, by=by, subject_kind=kind, subject_no=no)


def passed(tx: Tx, act: StoredAct, now: datetime, *, day: date, **fields: Any) -> StoredAct:
    """The act on its way out: from here on it counts in its day."""
    return moved(tx, act, ActEvent.SEND, now, day=day, sent_at=now, attempts=act.attempts + 1, **fields)
