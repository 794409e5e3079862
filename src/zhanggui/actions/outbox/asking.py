"""An act whose answer was lost: the platform is asked what happened, and until that is known nothing is sent."""

from datetime import datetime, timedelta

import msgspec
from psycopg import errors

from zhanggui.actions.house import House
from zhanggui.actions.outbox.judging import shown
from zhanggui.actions.outbox.kinds import terms_of
from zhanggui.actions.outbox.moving import kept, moved
from zhanggui.actions.outbox.patience import LEASE, backed_off
from zhanggui.actions.outbox.reading import read_facts
from zhanggui.actions.outbox.stumbling import STUMBLED, tell_of_stumble
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.core.acts import ActEvent, ActState, Asks
from zhanggui.core.acts.happened import Happened
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import outbox
from zhanggui.records.db import AWAY, Tx, transact
from zhanggui.records.outbox import StoredAct

UNCLEAR_FOR = timedelta(hours=2)
"""So long after the read lag the facts may stay unclear before a person is asked."""


def ask_after(house: House, shop_id: ShopId, watch: Watch, holder: str) -> bool:
    """Asks after the next act nobody is sure of; whether there was one."""
    act = transact(house.pool, lambda tx: doubted(tx, shop_id, watch, holder))
    if act is None:
        return False
    if act.at is not ActState.UNSURE:
        return True
    asked_at = watch.wall
    try:
        was_read = _read(house, act, watch)
        transact(house.pool, lambda tx: concluded(tx, act, asked_at, watch, was_read=was_read))
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one act over which the program stumbles must not keep the others of the shop from being asked after
        tell_of_stumble(act, error)
        transact(house.pool, lambda tx: _stumbled(tx, act, watch))
    return True


def doubted(tx: Tx, shop_id: ShopId, watch: Watch, holder: str) -> StoredAct | None:
    """The next act to ask after, ours for a while. One that was on its way when its sender died is unsure from now on."""
    act_no = outbox.next_uncertain(tx, shop_id, watch.wall)
    act = None if act_no is None else outbox.locked(tx, shop_id, act_no)
    if act is None:
        return None
    terms = terms_of(act.act_kind)
    if act.at is ActState.SENDING:
        died = say("Whoever sent it died before the answer was kept; nobody knows whether it arrived.")
        act = moved(tx, act, ActEvent.ANSWER_LOST, watch.now, because=died, sure_after=watch.wall + terms.lag, tries=0)
    if terms.harmless_twice and not act.is_halted:
        again = say("The answer was lost, and nobody tells what became of it. Saying it twice does no harm, so it is said again.")
        return moved(tx, act, ActEvent.FOUND_NOT_DONE, watch.now, because=again, look_at=watch.wall + backed_off(act.attempts))
    if terms.asks is Asks.NOTHING:
        return moved(tx, act, ActEvent.GIVE_UP, watch.now, because=say("The platform does not tell whether it happened. Look it up in the back office."))
    # the lease is the next look itself: if we die, another asks then
    return kept(tx, msgspec.structs.replace(act, holder=holder, look_at=watch.wall + LEASE))


def concluded(tx: Tx, act: StoredAct, asked_at: datetime, watch: Watch, *, was_read: bool) -> None:
    """What the facts show decides: it happened; it did not, and what was read is late enough to be believed; or it is asked again."""
    held = outbox.locked(tx, act.shop_id, act.act_no)
    if held is None or held.at is not ActState.UNSURE or held.holder != act.holder:
        return
    is_late_enough = held.sure_after is not None and asked_at >= held.sure_after
    finding = shown(tx, held) if was_read else Happened.UNCLEAR
    match finding:
        case Happened.YES:
            moved(tx, held, ActEvent.FOUND_DONE, watch.now, because=say("The answer was lost; the platform shows that it happened."))
        case Happened.OTHERWISE if is_late_enough:
            otherwise = say("Something else was done meanwhile, so that it makes no sense any more.")
            moved(tx, held, ActEvent.FOUND_OTHERWISE, watch.now, because=otherwise)
        case Happened.NO if is_late_enough and held.is_halted:
            moved(tx, held, ActEvent.STOP, watch.now, because=say("It did not happen, and is not sent again, since it was stopped."))
        case Happened.NO if is_late_enough:
            not_done = say("The answer was lost; the platform shows that it did not happen, so that it is sent once more.")
            moved(tx, held, ActEvent.FOUND_NOT_DONE, watch.now, because=not_done, tries=0)
        case _:
            _later(tx, held, watch, _why(held, was_read=was_read))


def _later(tx: Tx, act: StoredAct, watch: Watch, because: Say | None) -> None:
    """Asked again later; at the end of the read lag in any case, and by a person once it has been unclear for hours."""
    sure_after = act.sure_after or watch.wall
    if watch.wall > sure_after + UNCLEAR_FOR:
        moved(tx, act, ActEvent.GIVE_UP, watch.now, because=say("Nobody can find out whether it happened. Look it up in the back office."))
        return
    look_at = watch.wall + backed_off(act.tries + 2)
    if watch.wall < sure_after < look_at:
        look_at = sure_after
    kept(tx, msgspec.structs.replace(act, holder=None, look_at=look_at, tries=act.tries + 1, because=outbox.because(because)))


def _stumbled(tx: Tx, act: StoredAct, watch: Watch) -> None:
    held = outbox.locked(tx, act.shop_id, act.act_no)
    if held is not None and held.at is ActState.UNSURE and held.holder == act.holder:
        _later(tx, held, watch, STUMBLED)


def _why(act: StoredAct, *, was_read: bool) -> Say | None:
    return act.reason if was_read else say("The answer was lost, and the platform cannot be asked at the moment; it is asked again by itself.")


def _read(house: House, act: StoredAct, watch: Watch) -> bool:
    try:
        return read_facts(house, act, watch.now, watch.wall)
    except (PlatformError, Refused, errors.LockNotAvailable):
        return False
