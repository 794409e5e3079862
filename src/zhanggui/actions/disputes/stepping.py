"""One step of a dispute: under the shop's lock, by the table of steps, with its journal entry and its deadlines."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.following import Followed
from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Reckoning, touch_orders
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.disputes.states import DisputeEvent, DisputeState, Mover, dispute_after, may_be_said
from zhanggui.core.say import say
from zhanggui.core.steps import NotThatStep
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import disputes, journal, locks
from zhanggui.records.db import Tx, transact
from zhanggui.records.disputes import DisputeRecord
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.complaints import DisputeMoved

Fields = dict[str, Any]
Doing = Callable[[Tx, DisputeRecord], tuple[Fields, tuple[Entry, ...]]]
"""What the step changes beside the state, and what else the journal says. Raises Refused."""


def step(house: House, by: Person, shop_id: ShopId, dispute_no: int, event: DisputeEvent, now: datetime, doing: Doing | None = None) -> DisputeState:
    """The state after the step. Raises Refused where the dispute is past it, NotAllowed where there is no such dispute."""
    return transact(house.pool, lambda tx: step_within(tx, house, by, shop_id, dispute_no, event, now, doing))


def step_within(
    tx: Tx, house: House, by: Person, shop_id: ShopId, dispute_no: int, event: DisputeEvent, now: datetime, doing: Doing | None = None, *, remark: str = ""
) -> DisputeState:
    """The same in the transaction of whoever records more with it; the journal keeps the remark."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)
    locks.share_shop(tx, shop_id)
    found = disputes.locked(tx, shop_id, [dispute_no])
    if not found:
        raise NotAllowed(Permission.COMPLAINTS_WRITE.value)
    dispute = found[0]
    state = _after(dispute, event)
    fields, entries = doing(tx, dispute) if doing else ({}, ())
    after = msgspec.structs.replace(dispute, **{"said": state.value, "said_at": now, "state": state.value, "stepped_at": now, **fields})
    if not disputes.save(tx, after):
        raise Refused(say("Somebody changed this meanwhile. Look at it again."))
    for entry in (DisputeMoved(dispute_no, after.case_no, state.value, remark), *entries):
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=after.order_no)
    keep_up(tx, house, shop_id, after, now)
    return state


def keep_up(tx: Tx, house: House, shop_id: ShopId, dispute: DisputeRecord, now: datetime) -> None:
    """Lets the deadlines of the dispute and of its case follow."""
    rulebook = rulebook_in(tx, house, shop_id)
    reckoning = Reckoning(tx, shop_id, rulebook, now)
    reckoning.recompute(touch_orders([dispute.order_no]))
    followed = Followed(tx, shop_id, rulebook, now)
    followed.by_number({SubjectKind.DISPUTE.value: [dispute.dispute_no]})
    reckoning.store(followed.computed, followed.subjects)
    reckoning.finish()


def _after(dispute: DisputeRecord, event: DisputeEvent) -> DisputeState:
    state = DisputeState(dispute.state)
    try:
        after = dispute_after(state, event, is_submitted=dispute.submitted_at is not None)
    except NotThatStep:
        raise Refused(say("The dispute is past that: {state}.", state=state.value)) from None
    if after.by is Mover.FACTS or not may_be_said(state, event, DisputeState(dispute.said)):
        raise Refused(say("The dispute is past that: {state}.", state=state.value))
    return after.to
