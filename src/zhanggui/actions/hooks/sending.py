"""Events leave: the earliest of each thing first, signed, until each is taken; after a day in vain a person is asked to look.

An event whose answer is missing is sent again under the same id: it arrives at least once.
"""

import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions.alerting import Matter, raise_alert
from zhanggui.actions.alerting.sending import allowed_hosts
from zhanggui.actions.backing_off import wait_after
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.lanes import FARTHEST
from zhanggui.actions.vault import VaultShut, unseal
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.hooks import HookWay, heard_from_hook, is_gone, to_hook
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.people import factors, members
from zhanggui.people.permissions import Permission, PersonId, ShopId
from zhanggui.records import hook_events, hooks, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.hook_events import DueDelivery, EventRecord
from zhanggui.records.hooks import StoredHook
from zhanggui.records.journal_entries.hooks import HookMoved
from zhanggui.records.says import packed

LEASE = timedelta(minutes=5)
AT_ONCE = 20
LONGEST_ROUND = 60.0
"""Seconds; what was claimed and not sent by then is left to the next round, well before its lease ends."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
LONGEST_REST = timedelta(minutes=15)
"""A hook that does not answer is tried with one event at a time, so often at least."""
RESTS_AFTER = 3
"""So many failures in a row were the program's, not those of one event."""
GIVEN_UP_AFTER = timedelta(days=1)
NOBODY_ANSWERS = say("Whoever made this hook, or opened it last, sets nothing in the shop any more. Look where it leads, then resume or remove it.")

WITHHELD = say(
    "Whoever made this hook, or opened it last, lacks the second factor that the shop asks of them. Once they have one, or by another owner, resume it."
)


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent, as Standard Webhooks lays it out."""

    type: str
    timestamp: datetime
    data: "Data"


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to what. `place` counts up in the shop; of one thing a higher place happened later."""

    shop_id: int
    place: int
    subject: str
    no: str
    order_no: str | None
    what: msgspec.Raw


class _Came(msgspec.Struct, frozen=True):
    """What came of one sending."""

    problem: NotifyError | None
    status: int | None
    took_ms: int
    is_gone: bool = False


def shops_with_hooks_due(house: House, _now: datetime, wall: datetime) -> Sequence[ShopId]:
    """The shops in which an event can leave."""
    every = every_shop(house)
    with house.pool.connection() as tx:
        return [ShopId(shop_id) for shop_id in hook_events.shops_due(tx, every, wall, wall + FARTHEST)]


def send_events(house: House, shop_id: ShopId, now: datetime, wall: datetime, _holder: str) -> bool:
    """Sends some events of one hook of the shop; whether there was anything to do."""
    with house.pool.connection() as tx:
        due = hook_events.due_hooks(tx, shop_id, wall, wall + FARTHEST)
    for hook_no in due:
        hook, claimed = transact(house.pool, lambda tx, hook_no=hook_no: _claimed(tx, shop_id, hook_no, now, wall))  # type: ignore[misc]  # bound now, not later
        if hook is not None and claimed:
            _send(house, hook, claimed, wall + LEASE, now, wall)
            return True
    return False


def event_id(event: EventRecord) -> str:
    """The id of an event, the same however often it is sent."""
    return f"evt_{event.shop_id}_{event.place}"


def body_of(event: EventRecord) -> bytes:
    """What is sent of an event."""
    data = Data(
        shop_id=event.shop_id,
        place=event.place,
        subject=event.subject_kind,
        no=event.subject_no,
        order_no=event.order_no,
        what=msgspec.Raw(event.what.encode()),
    )
    return msgspec.json.encode(Body(type=event.kind, timestamp=event.at.astimezone(UTC), data=data))


def carried(house: House, sealed: bytes, named: str, body: bytes, wall: datetime, allowed: Collection[str]) -> _Came:
    """Sends one event; what came of it."""
    began, status, is_over = time.monotonic(), None, False
    try:
        way = msgspec.json.decode(unseal(house, sealed), type=HookWay)
        answer = house.notifier.carry(to_hook(way, named, body, wall, allowed), allowed=allowed)
        status, is_over = answer.status, is_gone(answer)
        heard_from_hook(answer)
        problem = None
    except NotifyError as trouble:
        problem = trouble
    except (VaultShut, msgspec.DecodeError):
        problem = NotifyError(Trouble.PERSON, "shut")
    return _Came(problem, status, round((time.monotonic() - began) * 1000), is_over)


def _claimed(tx: Tx, shop_id: ShopId, hook_no: int, now: datetime, wall: datetime) -> tuple[StoredHook | None, list[DueDelivery]]:
    hook = hooks.one(tx, shop_id, hook_no, lock=True)
    if hook is None or not hook.is_on or hook.paused_at is not None:
        return None, []
    why = None if hook.made_by is None else _nobody_answers(tx, shop_id, PersonId(hook.made_by))
    if why is not None:
        hooks.troubled(tx, shop_id, hook_no, packed(why), None, wall)
        _pause(tx, hook, why, now, wall)
        return None, []
    return hook, hook_events.claim(tx, shop_id, hook_no, wall, wall + LEASE, 1 if hook.failures else AT_ONCE)


def _nobody_answers(tx: Tx, shop_id: ShopId, person_id: PersonId) -> Say | None:
    if not members.still_may(tx, shop_id, person_id, Permission.SETTINGS_WRITE):
        return NOBODY_ANSWERS
    return WITHHELD if person_id in factors.withheld_in(tx, shop_id) else None


def _send(house: House, hook: StoredHook, claimed: Sequence[DueDelivery], until: datetime, now: datetime, wall: datetime) -> None:
    began, allowed, failed = time.monotonic(), allowed_hosts(), 0
    for event in claimed:
        if failed >= RESTS_AFTER or time.monotonic() - began > LONGEST_ROUND:
            transact(house.pool, lambda tx, event=event: _put_back(tx, hook, event, until, wall))  # type: ignore[misc]  # bound now, not later
            continue
        came = carried(house, hook.sealed, event_id(event), body_of(event), wall, allowed)
        failed = 0 if came.problem is None else failed + 1
        transact(house.pool, lambda tx, event=event, came=came: _kept(tx, hook, event, came, until, now, wall))  # type: ignore[misc]  # bound now


def _put_back(tx: Tx, hook: StoredHook, event: DueDelivery, until: datetime, wall: datetime) -> None:
    hook_events.end(tx, hook.shop_id, hook.hook_no, event.place, until, state="waiting", look_at=wall, status=None, took_ms=0, answer=None)


def _kept(tx: Tx, hook: StoredHook, event: DueDelivery, came: _Came, until: datetime, now: datetime, wall: datetime) -> None:
    """What came of one event. A hook that was removed meanwhile has taken its line along."""
    row = hooks.one(tx, hook.shop_id, hook.hook_no, lock=True)
    if row is None:
        return
    if came.problem is None:
        _end(tx, row, event, came, until, "taken", wall)
        hooks.well(tx, row.shop_id, row.hook_no, wall)
        return
    began = event.first_at or wall
    is_poor = wall - began >= GIVEN_UP_AFTER and row.well_at is not None and row.well_at > began
    _end(tx, row, event, came, until, "given_up" if is_poor else "waiting", wall)
    rest = wait_after(row.failures + 1, FIRST_WAIT, LONGEST_REST) if row.failures + 1 >= RESTS_AFTER else timedelta(0)
    rest = max(rest, came.problem.wait)
    hooks.troubled(tx, row.shop_id, row.hook_no, packed(came.problem.say), wall + rest if rest else None, wall)
    if came.is_gone or wall - (row.failing_since or wall) >= GIVEN_UP_AFTER:
        _pause(tx, row, came.problem.say, now, wall)


def _end(tx: Tx, hook: StoredHook, event: DueDelivery, came: _Came, until: datetime, state: str, wall: datetime) -> None:
    wait = timedelta(0) if came.problem is None else max(came.problem.wait, wait_after(event.attempts, FIRST_WAIT, LONGEST_WAIT))
    answer = None if came.problem is None else came.problem.reason
    hook_events.end(
        tx, hook.shop_id, hook.hook_no, event.place, until, state=state, look_at=wall + wait, status=came.status, took_ms=came.took_ms, answer=answer
    )


def _pause(tx: Tx, hook: StoredHook, why: Say, now: datetime, wall: datetime) -> None:
    if not hooks.pause(tx, hook.shop_id, hook.hook_no, wall):
        return
    journal.write(tx, hook.shop_id, HookMoved(hook.hook_no, hook.name, "hook_paused"), at=now, by=None)
    matter = Matter(
        kind=DeadlineKind.MEND_HOOK,
        subject=Subject(SubjectKind.HOOK, str(hook.hook_no)),
        act=say("Mend the hook {name}, then resume it: what waits is sent then.", name=hook.name),
        because=why,
        due_at=now,
        money=Fen(0),
    )
    raise_alert(tx, ShopId(hook.shop_id), matter, now)
