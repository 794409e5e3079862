"""An act is proposed: it lies in the outbox and goes nowhere until a person sends it. A program may propose what the house itself would, and no more."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox.deciding import new_act
from zhanggui.actions.outbox.judging import called_for, facts_for, out_of_turn, over_the_count
from zhanggui.actions.outbox.kinds import held_limits
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel, ActState
from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.acts.requests import money_of
from zhanggui.core.deadlines import DeadlineKind, Subject
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import act_limits, deadlines, journal, outbox
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.proposals import ActProposed
from zhanggui.records.wakes import wake


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the outbox now. `is_new` is false where it, or another that does the same, lay there before; `state` says how far that has come."""

    act_no: int
    kind: ActKind
    state: str
    is_new: bool


def propose(house: House, by: Person, shop_id: ShopId, subject: Subject, kind: DeadlineKind, now: datetime, *, act: ActKind | None = None) -> Proposed:
    """Puts what a to-do calls for into the outbox, where it waits for a person; with `act`, that one of the acts its verdict leaves open.

    Raises Refused where the verdict calls for no such act, where the shop has it off, or where the facts are against it, and NotAllowed where there is no
    such to-do.
    """
    by.need(Permission.TODO_READ, shop_id)
    by.need(Permission.ACTS_READ, shop_id)

    def work(tx: Tx) -> Proposed:
        row = deadlines.one(tx, shop_id, subject, kind)
        if row is None:
            raise NotAllowed(Permission.TODO_READ.value)
        found = called_for(tx, house, shop_id, row, now)[1] if row.band is not None else ()
        chosen = next((each for each in found if act is None or each.kind is act), None)
        if chosen is None:
            raise Refused(say("This to-do calls for no such act on the platform. Its next step is for a person."))
        return _kept(tx, house, by, shop_id, chosen, kind, now)

    return transact(house.pool, work)


def _kept(tx: Tx, house: House, by: Person, shop_id: ShopId, chosen: Proposal, todo: DeadlineKind, now: datetime) -> Proposed:
    switch = act_limits.hold_switch(tx)
    limits = held_limits(tx, shop_id, chosen.kind, now)
    if limits.level is ActLevel.OFF:
        raise Refused(say("{act} is off in this shop. An owner can change that under Automatic handling.", act=chosen.kind))
    if switch.is_open and limits.level is ActLevel.ACT and chosen.by_itself and money_of(chosen.request) <= limits.most_money:
        # a proposal that waits for a person would stand in the way of what the house does by itself, in time
        raise Refused(say("The house does this by itself in this shop; nobody need propose it."))
    facts = facts_for(tx, shop_id, chosen.request)
    in_the_way = facts.in_the_way(chosen.request, by_itself=False) or over_the_count(tx, shop_id, chosen.request, facts, by_itself=False)
    if in_the_way := in_the_way or out_of_turn(tx, house, shop_id, chosen.request, facts, now):
        raise Refused(in_the_way)
    act = new_act(chosen.request, facts.grounds(chosen.request), by, now, None, switch.epoch, todo=todo, state=ActState.PROPOSED)
    act_no = outbox.insert(tx, shop_id, act)
    if act_no is None:
        standing = outbox.of_key(tx, shop_id, act.key) or outbox.of_once(tx, shop_id, act.once)
        stored = None if standing is None else outbox.one(tx, shop_id, standing)
        if stored is None:
            raise Refused(say("An act about the same thing has just ended. Look at it, and decide again."))
        return Proposed(act_no=stored.act_no, kind=stored.act_kind, state=stored.state, is_new=False)
    entry = ActProposed(act.kind, act_no, by.display_name)
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=act.subject_kind, subject_no=act.subject_no)
    wake(tx, shop_id, [act.order_no] if act.order_no else ())
    return Proposed(act_no=act_no, kind=chosen.kind, state=ActState.PROPOSED.value, is_new=True)
