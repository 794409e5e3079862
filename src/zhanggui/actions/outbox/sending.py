"""Acts whose time has come leave the house: checked, let through the door by one short transaction, sent once, and the answer kept.

The order of things is what makes it safe. First the facts are read again; a process that dies there has sent nothing. Then one transaction looks at the
switch, the level, the cap, the verdict and the act itself, holds them all, and notes that the act is on its way; whoever stops it or throws the switch comes
either before that, and it is not sent, or after, and is told so. Then it is sent. If the answer is kept, good; if the process or the line dies, the act
stands as being on its way, nobody sends it again, and the platform is asked what happened.
"""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from psycopg import errors

from zhanggui.actions import hints
from zhanggui.actions.house import House
from zhanggui.actions.interlock.holding import hold_order
from zhanggui.actions.outbox.announcing import announce_due
from zhanggui.actions.outbox.asking import ask_after
from zhanggui.actions.outbox.calling import CannotBeSent, call_of, completed
from zhanggui.actions.outbox.judging import objection, shown
from zhanggui.actions.outbox.kinds import held_limits, terms_of
from zhanggui.actions.outbox.moving import kept, moved, passed
from zhanggui.actions.outbox.patience import LEASE, backed_off
from zhanggui.actions.outbox.reading import read_facts
from zhanggui.actions.outbox.stumbling import STUMBLED, tell_of_stumble
from zhanggui.actions.outbox.watch import Watch, running
from zhanggui.actions.platform import Access, access_to, called
from zhanggui.actions.refreshing import refreshed
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.calls import Done
from zhanggui.connectors.pdd.errors import OF_THE_THING, PlatformError, Trouble
from zhanggui.core.acts import ActEvent, ActLevel, ActState, Asks, Limits, Request
from zhanggui.core.acts.happened import Happened
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import act_limits, outbox, shops
from zhanggui.records.act_limits import Switch
from zhanggui.records.db import AWAY, Tx, transact
from zhanggui.records.outbox import Answer, StoredAct

HESITATION = timedelta(seconds=20)
"""A process that was asleep for so long between the door and the call does not make it any more."""
MOST_ATTEMPTS = 30
"""After so many sendings that brought nothing a person has to look."""
UNTIL_MENDED = timedelta(minutes=1)
"""So long at least an act waits that was refused for no fault of its own."""


def shops_with_acts_due(house: House, now: datetime, wall: datetime) -> tuple[ShopId, ...]:
    """The shops in which the door has something to do."""
    with house.pool.connection() as tx:
        every = [shop.shop_id for shop in shops.every(tx)]
        return tuple(ShopId(shop_id) for shop_id in outbox.shops_due(tx, every, now, wall))


def send_due(house: House, shop_id: ShopId, now: datetime, wall: datetime, holder: str, limit: int = 10) -> int:
    """How many acts of the shop came a step further: asked after, sent, put off, or newly announced."""
    watch = Watch(now, wall)
    done = 0
    while done < limit and ask_after(house, shop_id, watch, _token(holder)):
        done += 1
    while done < limit and send_next(house, shop_id, watch, _token(holder)):
        done += 1
    return done + announce_due(house, shop_id, watch.now, watch.wall)


def send_next(house: House, shop_id: ShopId, watch: Watch, holder: str) -> bool:
    """Takes the next act whose time has come as far as it goes; whether to go on with the one after it: not where the platform does not answer."""
    act = transact(house.pool, lambda tx: claimed(tx, shop_id, watch, holder))
    if act is None:
        return False
    try:
        ready = prepared(house, act, watch)
        if ready is None:
            return False
        access, request = ready
        began = running()
        through = _through_the_door(house, act, request, watch)
        if through is not None:
            carry_out(house, through, access, request, watch, began)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one act over which the program stumbles must not keep the others of the shop in
        tell_of_stumble(act, error)
        _put_off(house, act, watch, STUMBLED)
    return True


def _through_the_door(house: House, act: StoredAct, request: Request, watch: Watch) -> StoredAct | None:
    try:
        return transact(house.pool, lambda tx: let_through(tx, house, act, request, watch))
    except errors.LockNotAvailable:
        _put_off(house, act, watch, say("An import is just being stored; it is sent after that."))
        return None


def claimed(tx: Tx, shop_id: ShopId, watch: Watch, holder: str) -> StoredAct | None:
    """The next act whose time has come, ours for a while. It may still be stopped, and if we die it is simply taken up by another."""
    act_no = outbox.next_announced(tx, shop_id, watch.now, watch.wall)
    act = None if act_no is None else outbox.locked(tx, shop_id, act_no)
    if act is None:
        return None
    return kept(tx, msgspec.structs.replace(act, holder=holder, leased_until=watch.wall + LEASE))


def prepared(house: House, act: StoredAct, watch: Watch) -> tuple[Access, Request] | None:
    """The facts read again, in whose name the act goes out, and the request complete; None where it has to wait, which is then noted."""
    shop_id = ShopId(act.shop_id)
    try:
        access_to(house, shop_id, watch.now)
        if not read_facts(house, act, watch.now, watch.wall):
            _put_off(house, act, watch, say("The facts could not be read from the platform; nothing is sent before they are."))
            return None
        return access_to(house, shop_id, watch.now), completed(house, shop_id, act.asked, watch.now, watch.wall)
    except PlatformError as problem:
        _put_off(house, act, watch, problem.say, at_least=problem.wait)
    except CannotBeSent as refusal:
        _end(house, act, watch, ActEvent.GIVE_UP, refusal.say)
    except Refused as refusal:
        _put_off(house, act, watch, refusal.say)
    except errors.LockNotAvailable:
        _put_off(house, act, watch, say("An import is just being stored; it is sent after that."))
    return None


def let_through(tx: Tx, house: House, act: StoredAct, request: Request, watch: Watch) -> StoredAct | None:
    """The act on its way out, or None: stopped, off, closed, over the cap, or no longer right. Everything it depends on is held until this commits:

    also the order on its way out of the house, so that no label of it is printed and no parcel leaves while its money is let go.
    """
    now = watch.now
    hold_order(tx, act.shop_id, act.order_no)
    switch = act_limits.hold_switch(tx)
    limits = held_limits(tx, act.shop_id, act.act_kind, now)
    held = outbox.locked(tx, act.shop_id, act.act_no)
    if held is None or held.at is not ActState.ANNOUNCED or held.holder != act.holder or held.send_at is None or held.send_at > now:
        return None
    if stopping := barred(held, switch, limits):
        event, why = stopping
        moved(tx, held, event, now, because=why)
        return None
    if why_not := objection(tx, house, held, now):
        moved(tx, held, ActEvent.WITHDRAW, now, because=why_not)
        return None
    if held.attempts >= MOST_ATTEMPTS:
        moved(tx, held, ActEvent.GIVE_UP, now, because=held.reason)
        return None
    day = shanghai_day(now)
    if not act_limits.take_place(tx, held.shop_id, held.kind, day, held.money, limits, most_alone=_most_alone(held)):
        tomorrow = start_of_day(day + timedelta(days=1))
        full = say("What may leave in a day is reached; it is looked at again at {at}.", at=tomorrow)
        kept(tx, msgspec.structs.replace(held, send_at=tomorrow, holder=None, leased_until=None, because=outbox.because(full)))
        return None
    until = watch.wall + LEASE
    return passed(tx, held, now, day=day, request=msgspec.json.encode(request).decode(), holder=act.holder, leased_until=until, look_at=until, answer=None)


def _most_alone(act: StoredAct) -> int | None:
    """How many of this kind may leave in a day by themselves; None where a person decided this one, or nothing bounds them."""
    return terms_of(act.act_kind).alone_a_day if act.by_itself else None


def barred(act: StoredAct, switch: Switch, limits: Limits) -> tuple[ActEvent, Say] | None:
    """What keeps the act in, as things stand: the switch, the level, or more money than may move without a person."""
    if not switch.is_open or switch.epoch != act.epoch:
        return ActEvent.STOP, say("Everything automatic was switched off.")
    if limits.level is ActLevel.OFF:
        return ActEvent.STOP, say("Acts of this kind were switched off in this shop.")
    if act.by_itself and limits.level is ActLevel.SUGGEST:
        return ActEvent.HOLD_BACK, say("Acts of this kind are only suggested now; a person has to send it.")
    if act.by_itself and act.money > limits.most_money:
        return ActEvent.HOLD_BACK, say("It moves more money than it may without a person.")
    return None


def carry_out(house: House, act: StoredAct, access: Access, request: Request, watch: Watch, began: float) -> None:
    """Sends the act once and keeps what came of it."""
    shop_id = ShopId(act.shop_id)
    if running() - began > HESITATION.total_seconds():
        _settle(house, act, watch, ActEvent.NOT_TAKEN, say("The machine was asleep when it was to be sent."))
        return
    try:
        answer = called(house, shop_id, access, call_of(request, watch.now), watch.now)
    except PlatformError as problem:
        _failed(house, act, access, problem, watch)
    except Exception as error:  # noqa: BLE001 - whatever broke may have broken after the call: nobody knows, so the platform is asked
        tell_of_stumble(act, error, "broke off")
        _settle(house, act, watch, ActEvent.ANSWER_LOST, say("Sending it broke off; nobody knows whether it arrived."))
    else:
        _succeeded(house, act, answer, watch)


def _succeeded(house: House, act: StoredAct, answer: Done, watch: Watch) -> None:
    _settle(house, act, watch, ActEvent.ANSWERED_YES, None, Answer(text=answer.text, request_id=answer.request_id))
    _freshen(house, act, watch)


def _failed(house: House, act: StoredAct, access: Access, problem: PlatformError, watch: Watch) -> None:
    """Lost, refused for now, or refused for good. A refusal may only mean that somebody has done it: the facts tell."""
    told = Answer(str(problem.code or ""), problem.text, problem.sub_code, problem.sub_text, problem.request_id)
    if problem.may_have_acted:
        _settle(house, act, watch, ActEvent.ANSWER_LOST, problem.say, told)
    elif problem.trouble is Trouble.TOKEN:
        refreshed(house, ShopId(act.shop_id), access.access_token, problem, watch.now, watch.wall)
        _settle(house, act, watch, ActEvent.NOT_TAKEN, problem.say, told, at_least=problem.wait)
    elif problem.trouble in (Trouble.RETRY, Trouble.SLOW_DOWN):
        _settle(house, act, watch, ActEvent.NOT_TAKEN, problem.say, told, at_least=problem.wait)
    elif problem.do not in OF_THE_THING:
        # our clock, our secret, our permissions: the act itself was not judged, and goes once that is mended
        _settle(house, act, watch, ActEvent.NOT_TAKEN, problem.say, told, at_least=max(problem.wait, UNTIL_MENDED))
    elif _is_done(house, act, watch):
        # an earlier sending whose answer was lost may have been it; else somebody was quicker
        event = ActEvent.DONE_BY_OTHERS if act.sure_after is None else ActEvent.ANSWERED_YES
        _settle(house, act, watch, event, say("It is done already: somebody else did it, as the platform shows."), told)
    else:
        _settle(house, act, watch, ActEvent.ANSWERED_NO, problem.say, told)


def _is_done(house: House, act: StoredAct, watch: Watch) -> bool:
    try:
        if not read_facts(house, act, watch.now, watch.wall):
            return False
    except (PlatformError, Refused, errors.LockNotAvailable):
        return False
    with house.pool.connection() as tx:
        return shown(tx, act) is Happened.YES


def _settle(
    house: House, act: StoredAct, watch: Watch, event: ActEvent, because: Say | None, answer: Answer | None = None, *, at_least: timedelta = timedelta(0)
) -> None:
    """Keeps what came of this very sending. Where somebody has begun to ask meanwhile, a clear answer still counts, and a lost one tells nothing new."""

    def work(tx: Tx) -> None:
        held = outbox.locked(tx, act.shop_id, act.act_no)
        if held is None or held.attempts != act.attempts or held.at not in (ActState.SENDING, ActState.UNSURE):
            return
        if event is ActEvent.ANSWER_LOST:
            if held.at is ActState.SENDING:
                sure_after = watch.wall + terms_of(act.act_kind).lag
                moved(tx, held, event, watch.now, because=because, answer=answer, sure_after=sure_after, look_at=watch.wall + backed_off(0), tries=0)
            return
        if event is ActEvent.NOT_TAKEN and held.is_halted:
            moved(tx, held, ActEvent.STOP, watch.now, because=because, answer=answer)
            return
        again = max(at_least, backed_off(held.tries)) if event is ActEvent.NOT_TAKEN else None
        look_at = None if again is None else watch.wall + again
        moved(tx, held, event, watch.now, because=because, answer=answer, look_at=look_at, tries=held.tries + 1)

    transact(house.pool, work)


def _put_off(house: House, act: StoredAct, watch: Watch, because: Say, *, at_least: timedelta = timedelta(0)) -> None:
    """Nothing was sent; it is tried again later, longer each time."""

    def work(tx: Tx) -> None:
        held = outbox.locked(tx, act.shop_id, act.act_no)
        if held is None or held.at is not ActState.ANNOUNCED or held.holder != act.holder:
            return
        later = watch.wall + max(at_least, backed_off(held.tries))
        told = outbox.because(because)
        kept(tx, msgspec.structs.replace(held, holder=None, leased_until=None, look_at=later, tries=held.tries + 1, because=told))

    transact(house.pool, work)


def _end(house: House, act: StoredAct, watch: Watch, event: ActEvent, because: Say) -> None:
    """Nothing was sent, and nothing will be as things are."""

    def work(tx: Tx) -> None:
        held = outbox.locked(tx, act.shop_id, act.act_no)
        if held is not None and held.at is ActState.ANNOUNCED and held.holder == act.holder:
            moved(tx, held, event, watch.now, because=because)

    transact(house.pool, work)


def _freshen(house: House, act: StoredAct, watch: Watch) -> None:
    """Has the facts read again at once and once more when the platform's reads no longer lag, so that the to-do goes by itself."""
    if terms_of(act.act_kind).asks is Asks.GOODS:
        with suppress(PlatformError, Refused, errors.LockNotAvailable):  # else the walk through the details tells it
            read_facts(house, act, watch.now, watch.wall)
        return
    case = terms_of(act.act_kind).asks is Asks.CASE
    with house.pool.connection() as tx:
        for what, no in [("order", act.order_no), ("case", act.subject_no if case else None)]:
            if no is not None:
                hints.note(tx, ShopId(act.shop_id), "case" if what == "case" else "order", no, watch.wall, "act", order_no=act.order_no)


def _token(holder: str) -> str:
    """A name for one handling of one act: a lease that ran out is never mistaken for a new one of the same worker."""
    return f"{holder}/{secrets.token_hex(8)}"
