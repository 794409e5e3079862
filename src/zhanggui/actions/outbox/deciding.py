"""An act is decided: a row in the transaction of the decision, which is sent after it, or waits for its announced moment."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox.judging import crossing, facts_for, out_of_turn, over_the_count
from zhanggui.actions.outbox.kinds import held_limits, right_to_send, terms_of
from zhanggui.actions.outbox.moving import moved, write
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActEvent, ActKind, ActLevel, ActState, Limits, Request
from zhanggui.core.acts.grounds import Grounds
from zhanggui.core.acts.moves import AT_REST
from zhanggui.core.acts.requests import KIND_OF, money_of, target_of
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import act_limits, outbox
from zhanggui.records.act_limits import Switch
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import ActAnnounced
from zhanggui.records.outbox import NewAct
from zhanggui.records.rousing import rouse

_REQUEST = msgspec.json.Encoder(order="deterministic")


def decide(
    tx: Tx,
    house: House,
    by: Person,
    shop_id: ShopId,
    request: Request,
    now: datetime,
    *,
    key: str | None = None,
    todo: DeadlineKind | None = None,
    by_itself: bool = False,
) -> int:
    """The number of the act that carries this decision out; the same decision twice is one act, and so are two decisions to do the same thing.

    With a `key` it is one decision for good, whatever became of its act. Without one, what came to its end may be decided anew on the same facts: a product
    taken off the shelf a second time, a number sent after it was stopped.

    What a person decides is sent at once; what the house decides `by_itself` is announced, needs the level `act`, and is not what a person stopped before.
    Raises Refused where the switch, the level or the money is against it, and then nothing is decided.
    """
    kind = KIND_OF[type(request)]
    if not by_itself:
        by.need(right_to_send(kind), shop_id)
    switch = act_limits.hold_switch(tx)
    limits = held_limits(tx, shop_id, kind, now)
    _may_be_decided(kind, request, switch, limits, by_itself=by_itself)
    if by_itself:
        _not_stopped_before(tx, shop_id, kind, request)
    facts = facts_for(tx, shop_id, request)
    in_the_way = facts.in_the_way(request, by_itself=by_itself) or over_the_count(tx, shop_id, request, facts, by_itself=by_itself)
    in_the_way = in_the_way or out_of_turn(tx, house, shop_id, request, facts, now)
    # a person is told so at the door; what the house decides would be withdrawn there and announced again, round after round
    if in_the_way := in_the_way or (crossing(tx, shop_id, request, facts) if by_itself else None):
        raise Refused(in_the_way)
    if by_itself:
        _make_way(tx, shop_id, target_of(request).once, now)
    grounds = facts.grounds(request)
    send_at = now + timedelta(minutes=limits.wait_minutes) if by_itself else now
    act = new_act(request, grounds, by, now, send_at, switch.epoch, key=key, todo=todo, by_itself=by_itself)
    return _kept(tx, shop_id, act, may_come_again=key is None)


def key_of(request: Request, grounds: Grounds) -> str:
    """The decision's own key: what is to be done, and the facts it rests on. Once those change, it is another decision."""
    told = _REQUEST.encode((request, grounds))
    return f"{target_of(request).once}/{hashlib.sha256(told).hexdigest()[:24]}"


def _may_be_decided(kind: ActKind, request: Request, switch: Switch, limits: Limits, *, by_itself: bool) -> None:
    if not switch.is_open:
        raise Refused(say("Everything automatic is switched off for the whole house. A keeper of the house can switch it on again under Automatic handling."))
    if limits.level is ActLevel.OFF:
        raise Refused(say("{act} is off in this shop. An owner can change that under Automatic handling.", act=kind))
    if by_itself and limits.level is not ActLevel.ACT:
        raise Refused(say("{act} is only suggested in this shop; a person has to send it.", act=kind))
    if by_itself and money_of(request) > limits.most_money:
        raise Refused(say("{money_fen} is more than {act} may move without a person.", money_fen=money_of(request), act=kind))


def _not_stopped_before(tx: Tx, shop_id: ShopId, kind: ActKind, request: Request) -> None:
    """Raises Refused where a person stopped an act of this kind about the thing; what only tells of something done here is told of each anew."""
    stopped = None if terms_of(kind).follows else outbox.stopped_by_somebody(tx, shop_id, kind.value, target_of(request).subject)
    if stopped is not None:
        raise Refused(say("Somebody stopped this here before (no. {act_no}), so that only a person sends it.", act_no=stopped))


def _make_way(tx: Tx, shop_id: ShopId, once: str, now: datetime) -> None:
    """What was proposed while the house did not do this by itself gives way to what it decides now. What a person decided stands."""
    standing = outbox.of_once(tx, shop_id, once)
    held = None if standing is None else outbox.locked(tx, shop_id, standing)
    if held is not None and held.is_left_open:
        moved(tx, held, ActEvent.WITHDRAW, now, because=say("The house does this by itself by now, and has announced it anew."))


def new_act(
    request: Request,
    grounds: Grounds,
    by: Person,
    now: datetime,
    send_at: datetime | None,
    epoch: int,
    *,
    key: str | None = None,
    todo: DeadlineKind | None,
    by_itself: bool = False,
    state: ActState = ActState.ANNOUNCED,
) -> NewAct:
    """The act as it is decided, with a key of its own where none is given."""
    target = target_of(request)
    return NewAct(
        key=key or key_of(request, grounds),
        once=target.once,
        kind=KIND_OF[type(request)].value,
        subject_kind=target.subject.kind.value,
        subject_no=target.subject.no,
        order_no=target.order_no,
        deadline_kind=None if todo is None else todo.value,
        request=_REQUEST.encode(request).decode(),
        grounds=_REQUEST.encode(grounds).decode(),
        money=money_of(request),
        state=state.value,
        by_itself=by_itself,
        decided_by=None if by_itself else by.person_id,
        decided_at=now,
        epoch=epoch,
        send_at=send_at,
    )


def _kept(tx: Tx, shop_id: ShopId, act: NewAct, *, may_come_again: bool) -> int:
    decision = act.key
    while (act_no := outbox.insert(tx, shop_id, act)) is None and (before := outbox.of_key(tx, shop_id, act.key)) is not None:
        ended = outbox.one(tx, shop_id, before) if may_come_again else None
        if ended is None or ended.at not in AT_REST:
            break
        act = msgspec.structs.replace(act, key=f"{decision}/{before}")
    if act_no is None:
        standing = outbox.of_key(tx, shop_id, act.key) or outbox.of_once(tx, shop_id, act.once)
        if standing is None:  # it came to its end just now; whoever asks again finds the way free
            raise Refused(say("An act about the same thing has just ended. Look at it, and decide again."))
        _take_up(tx, shop_id, standing, act)
        return standing
    stored = outbox.one(tx, shop_id, act_no)
    if stored is not None and act.send_at is not None:
        write(tx, stored, ActAnnounced(act.kind, act_no, act.send_at, act.by_itself), act.decided_at, act.decided_by)
    rouse(tx, "door")
    return act_no


def _take_up(tx: Tx, shop_id: ShopId, standing: int, act: NewAct) -> None:
    """What lay there proposed is what the person decides now: it is sent. Raises Refused where other words or another sum were proposed."""
    held = outbox.locked(tx, shop_id, standing)
    if held is None or held.at is not ActState.PROPOSED or act.by_itself:
        return
    if held.request != act.request:
        raise Refused(say("Something else was proposed here and waits for a person. Send or stop it under Automatic handling first."))
    moved(tx, held, ActEvent.CONFIRM, act.decided_at, by=act.decided_by, by_itself=False, decided_by=act.decided_by, send_at=act.send_at, epoch=act.epoch)
    rouse(tx, "door")
