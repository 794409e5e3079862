"""People have the last word: an act is stopped, sent on, or settled by whoever looked in the back office; kinds are set; the one switch is thrown."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox.kinds import held_limits, right_to_send, terms_of
from zhanggui.actions.outbox.moving import kept, moved, write
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActEvent, ActKind, ActLevel, ActState, Limits
from zhanggui.core.acts.moves import STOPPABLE
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import act_limits, journal, outbox, shops
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import ActHalted, ActLimitsSet, DoorSwitched, Entry
from zhanggui.records.outbox import StoredAct
from zhanggui.records.rousing import rouse

LONGEST_WAIT_MINUTES = 7 * 24 * 60
MOST_A_DAY = 100_000
MOST_FEN = 100_000_000


class Stopped(StrEnum):
    """What a stop brought about."""

    STOPPED = "stopped"
    """It is not sent."""
    HALTED = "halted"
    """It had left already; it is not sent again."""


def stop(house: House, by: Person, shop_id: ShopId, act_no: int, now: datetime, *, told: Entry | None = None) -> Stopped:
    """Stops an act for good; one that has left already is only kept from being sent again. Raises Refused where nothing is left to stop.

    `told` is what the journal is told beside it, such as which program did it.
    """
    by.need(Permission.ACTS_STOP, shop_id)

    def work(tx: Tx) -> Stopped:
        act = _held(tx, shop_id, act_no, Permission.ACTS_STOP)
        if act.at not in STOPPABLE:
            raise Refused(say("Nothing is left to stop: it is {state}.", state=act.at))
        _tell(tx, shop_id, told, now)
        return _stopped(tx, act, by.person_id, now, say("Somebody stopped it."), for_good=True)

    return transact(house.pool, work)


def confirm(house: House, by: Person, shop_id: ShopId, act_no: int, now: datetime, *, told: Entry | None = None) -> None:
    """Sends an act that waited for a person; `told` as for `stop`. Raises Refused where the switch or the level is against it."""
    by.need(Permission.ACTS_STOP, shop_id)  # what each kind needs beyond that is asked once the act is read

    def work(tx: Tx) -> None:
        switch = act_limits.hold_switch(tx)
        before = outbox.one(tx, shop_id, act_no)
        limits = held_limits(tx, shop_id, before.act_kind, now) if before else None
        act = _held(tx, shop_id, act_no, Permission.ACTS_SEND)
        by.need(right_to_send(act.act_kind), shop_id)
        if act.at is not ActState.PROPOSED:
            raise Refused(say("It does not wait for a person: it is {state}.", state=act.at))
        if not switch.is_open or limits is None or limits.level is ActLevel.OFF:
            raise Refused(say("Nothing of this kind leaves at the moment. See the switch and the levels under Automatic handling."))
        moved(tx, act, ActEvent.CONFIRM, now, by=by.person_id, by_itself=False, decided_by=by.person_id, send_at=now, epoch=switch.epoch)
        _tell(tx, shop_id, told, now)
        rouse(tx, "door")

    transact(house.pool, work)


def _tell(tx: Tx, shop_id: ShopId, told: Entry | None, now: datetime) -> None:
    if told is not None:
        journal.write(tx, shop_id, told, at=now, by=None)


def resolve(house: House, by: Person, shop_id: ShopId, act_no: int, now: datetime, *, has_happened: bool) -> None:
    """Keeps what a person found in the back office about an act that nobody here could be sure of."""
    by.need(Permission.ACTS_STOP, shop_id)

    def work(tx: Tx) -> None:
        act = _held(tx, shop_id, act_no, Permission.ACTS_SEND)
        by.need(right_to_send(act.act_kind), shop_id)
        if act.at is not ActState.NEEDS_PERSON:
            raise Refused(say("Nobody has to look after it: it is {state}.", state=act.at))
        event = ActEvent.SAID_DONE if has_happened else ActEvent.SAID_NOT_DONE
        moved(tx, act, event, now, by=by.person_id, because=say("A person looked it up in the back office."), is_halted=True)

    transact(house.pool, work)


def set_limits(house: House, by: Person, shop_id: ShopId, kind: ActKind, limits: Limits, now: datetime) -> None:
    """Keeps how far the house goes by itself with a kind of act. What was announced and may not go any more is stopped, or waits for a person."""
    by.need(Permission.ACTS_WRITE, shop_id)
    _check(kind, limits)

    def work(tx: Tx) -> None:
        act_limits.set_level(tx, shop_id, kind.value, limits, by.person_id, now)
        journal.write(tx, shop_id, ActLimitsSet(kind.value, limits.level.value), at=now, by=by.person_id)
        if limits.level is not ActLevel.ACT:
            _sweep(tx, shop_id, [kind], by.person_id, now, say("Acts of this kind were switched off."), is_off=limits.level is ActLevel.OFF)

    transact(house.pool, work)


def stop_shop(house: House, by: Person, shop_id: ShopId, now: datetime) -> None:
    """Puts every kind of this shop to off, and stops what was announced."""
    by.need(Permission.ACTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        for kind in ActKind:
            limits = msgspec.structs.replace(held_limits(tx, shop_id, kind, now), level=ActLevel.OFF)
            act_limits.set_level(tx, shop_id, kind.value, limits, by.person_id, now)
            journal.write(tx, shop_id, ActLimitsSet(kind.value, limits.level.value), at=now, by=by.person_id)
        _sweep(tx, shop_id, list(ActKind), by.person_id, now, say("Acts of this kind were switched off."), is_off=True)

    transact(house.pool, work)


def throw_switch(house: House, by: Person, now: datetime) -> int:
    """Switches everything off for the whole house: once this returns nothing is sent, and nothing that was announced ever will be. How many that stopped.

    The switch itself is one short transaction. The acts are marked as stopped after it, shop by shop; even if that is cut off, none of them gets through.
    """
    _need_keeper(by)
    if not transact(house.pool, lambda tx: act_limits.throw_switch(tx, by.person_id, now)):
        return sweep_closed(house, by, now)
    for shop_id in _every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: journal.write(tx, shop_id, DoorSwitched(is_open=False), at=now, by=by.person_id))  # type: ignore[misc]  # bound now
    return sweep_closed(house, by, now)


def sweep_closed(house: House, by: Person, now: datetime) -> int:
    """Marks as stopped what the switch stopped; how many."""
    why = say("Everything automatic was switched off.")
    done = 0
    for shop_id in _every_shop(house):
        done += transact(house.pool, lambda tx, shop_id=shop_id: _sweep(tx, shop_id, list(ActKind), by.person_id, now, why, is_off=True))  # type: ignore[misc]  # bound now
    return done


def open_switch(house: House, by: Person, now: datetime) -> None:
    """Lets acts leave again. What was announced before the switch was thrown stays stopped."""
    _need_keeper(by)
    if not transact(house.pool, lambda tx: act_limits.open_switch(tx, by.person_id, now)):
        return
    for shop_id in _every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: journal.write(tx, shop_id, DoorSwitched(is_open=True), at=now, by=by.person_id))  # type: ignore[misc]  # bound now


def _sweep(tx: Tx, shop_id: ShopId, kinds: Sequence[ActKind], by: int | None, now: datetime, why: Say, *, is_off: bool) -> int:
    """Stops what may not leave any more; where a kind is only suggested now, what the house announced waits for a person instead."""
    done = 0
    for act_no in outbox.alive_of_kinds(tx, shop_id, [kind.value for kind in kinds]):
        act = outbox.locked(tx, shop_id, act_no)
        if act is None or act.at not in STOPPABLE:
            continue
        if is_off:
            _stopped(tx, act, by, now, why, for_good=False)
            done += 1
        elif act.by_itself and act.at is ActState.ANNOUNCED:
            moved(tx, act, ActEvent.HOLD_BACK, now, by=by, because=say("Acts of this kind are only suggested now; a person has to send it."))
            done += 1
    return done


def _stopped(tx: Tx, act: StoredAct, by: int | None, now: datetime, because: Say, *, for_good: bool) -> Stopped:
    """The act at rest, or kept from being sent again. `for_good`: the house never announces anything of the kind about this thing by itself any more."""
    if act.at in (ActState.SENDING, ActState.UNSURE):
        if not act.is_halted:
            kept(tx, msgspec.structs.replace(act, is_halted=True))
            write(tx, act, ActHalted(act.kind, act.act_no), now, by)
        return Stopped.HALTED
    moved(tx, act, ActEvent.STOP, now, by=by, because=because, is_halted=for_good or act.is_halted)
    return Stopped.STOPPED


def _held(tx: Tx, shop_id: ShopId, act_no: int, right: Permission) -> StoredAct:
    act = outbox.locked(tx, shop_id, act_no)
    if act is None:
        raise NotAllowed(right.value)
    return act


def _check(kind: ActKind, limits: Limits) -> None:
    money = terms_of(kind).moves_money
    if not 0 <= limits.wait_minutes <= LONGEST_WAIT_MINUTES:
        raise Refused(say("The wait lies between 0 and {most} minutes.", most=LONGEST_WAIT_MINUTES))
    if not 0 <= limits.daily_cap <= MOST_A_DAY:
        raise Refused(say("The number a day lies between 0 and {most}.", most=MOST_A_DAY))
    if money and not (0 <= limits.most_money <= MOST_FEN and 0 < limits.daily_money <= MOST_FEN):
        raise Refused(say("The sum of money lies between {least_fen} and {most_fen}.", least_fen=0, most_fen=MOST_FEN))
    if limits.level is ActLevel.ACT and not terms_of(kind).may_go_alone:
        raise Refused(say("{act} always needs a person: it can be off or suggested.", act=kind))


def _need_keeper(by: Person) -> None:
    if not by.is_keeper:
        raise NotAllowed("door:switch")


def _every_shop(house: House) -> tuple[ShopId, ...]:
    with house.pool.connection() as tx:
        return tuple(ShopId(shop.shop_id) for shop in shops.every(tx))
