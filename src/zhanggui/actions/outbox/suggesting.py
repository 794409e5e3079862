"""An act that a rule of the shop suggests: a row that waits for a person, who confirms or stops it."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox.deciding import new_act
from zhanggui.actions.outbox.judging import facts_for, out_of_turn, over_the_count
from zhanggui.actions.outbox.kinds import held_limits
from zhanggui.actions.outbox.moving import write
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActLevel, ActState, Request
from zhanggui.core.acts.requests import KIND_OF
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import act_limits, outbox
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import ActMoved
from zhanggui.records.says import packed


def suggest(
    tx: Tx,
    house: House,
    shop_id: ShopId,
    request: Request,
    now: datetime,
    *,
    key: str | None = None,
    todo: DeadlineKind | None = None,
    because: Say | None = None,
) -> int:
    """The number of the act that now waits for a person; the one that stands already where there is one. Raises Refused as a decision does."""
    kind = KIND_OF[type(request)]
    switch = act_limits.hold_switch(tx)
    if not switch.is_open:
        raise Refused(say("Everything automatic is switched off for the whole house. A keeper of the house can switch it on again under Automatic handling."))
    if held_limits(tx, shop_id, kind, now).level is ActLevel.OFF:
        raise Refused(say("{act} is off in this shop. An owner can change that under Automatic handling.", act=kind))
    facts = facts_for(tx, shop_id, request)
    in_the_way = facts.in_the_way(request, by_itself=False) or over_the_count(tx, shop_id, request, facts, by_itself=False)
    if in_the_way := in_the_way or out_of_turn(tx, house, shop_id, request, facts, now):
        raise Refused(in_the_way)
    new = new_act(request, facts.grounds(request), operator(), now, None, switch.epoch, key=key, todo=todo, by_itself=True, state=ActState.PROPOSED)
    act_no = outbox.insert(tx, shop_id, new)
    if act_no is None:
        standing = outbox.of_key(tx, shop_id, new.key) or outbox.of_once(tx, shop_id, new.once)
        if standing is None:
            raise Refused(say("An act about the same thing has just ended. Look at it, and decide again."))
        return standing
    stored = outbox.locked(tx, shop_id, act_no)
    if stored is not None:
        outbox.save(tx, msgspec.structs.replace(stored, because=packed(because)))
        write(tx, stored, ActMoved(stored.kind, act_no, ActState.PROPOSED.value), now, None)
    return act_no
