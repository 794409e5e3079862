"""Hooks as people set them. What opens one is sealed; its secret is shown once."""

import base64
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.alerting import end_alert
from zhanggui.actions.alerting.sending import allowed_hosts
from zhanggui.actions.hooks.sending import LEASE, Body, Data, carried
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import seal, unseal
from zhanggui.connectors.notify.hooks import HookWay, address_of
from zhanggui.connectors.notify.ways import NoWay
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.hooks.kinds import TEST, kinds_of
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import hook_events, hooks, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.hooks import StoredHook
from zhanggui.records.journal_entries.hooks import HookMoved
from zhanggui.records.rousing import rouse

MOST_HOOKS = 10
LONGEST_NAME = 40
OLD_SIGNS_FOR = timedelta(days=1)
"""So long the secret before signs beside the new one."""
_BYTES = 32


class MadeHook(msgspec.Struct, frozen=True, kw_only=True):
    """A hook that was just made, or given another secret; `secret` is shown now and never again."""

    hook_no: int
    secret: str

    def __repr__(self) -> str:
        return f"MadeHook({self.hook_no})"


def add_hook(house: House, by: Person, shop_id: ShopId, name: str, address: str, kinds: Iterable[str], now: datetime) -> MadeHook:
    """A new hook. Raises Refused without a name, an address that may be sent to, or a kind of event; and past ten hooks."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise Refused(say("Give the hook a name of at most {longest} characters.", longest=LONGEST_NAME))
    chosen = _kinds(kinds)
    try:
        way = HookWay(url=address_of(address, allowed_hosts()), secret=_secret())
    except NoWay as problem:
        raise Refused(problem.say) from None
    sealed = seal(house, msgspec.json.encode(way).decode())

    def work(tx: Tx) -> int:
        if len(hooks.of_shop(tx, shop_id)) >= MOST_HOOKS:
            raise Refused(say("The shop has {most} hooks. Remove one that is not used any more.", most=MOST_HOOKS))
        number = hooks.insert(tx, shop_id, name=called, sealed=sealed, shown=way.host, kinds=chosen, by=by.person_id, now=now)
        journal.write(tx, shop_id, HookMoved(number, called, "hook_made"), at=now, by=by.person_id)
        return number

    return MadeHook(hook_no=transact(house.pool, work), secret=way.secret)


def change_secret(house: House, by: Person, shop_id: ShopId, hook_no: int, now: datetime, wall: datetime) -> MadeHook:
    """Another secret for the hook; for a day what is sent is signed by both."""
    fresh = _secret()

    def change(tx: Tx, row: StoredHook) -> None:
        way = msgspec.json.decode(unseal(house, row.sealed), type=HookWay)
        turned = HookWay(url=way.url, secret=fresh, old_secret=way.secret, old_until=wall + OLD_SIGNS_FOR)
        hooks.reseal(tx, shop_id, hook_no, seal(house, msgspec.json.encode(turned).decode()))
        journal.write(tx, shop_id, HookMoved(hook_no, row.name, "hook_secret_changed"), at=now, by=by.person_id)

    _changed(house, by, shop_id, hook_no, change)
    return MadeHook(hook_no=hook_no, secret=fresh)


def set_kinds(house: House, by: Person, shop_id: ShopId, hook_no: int, kinds: Iterable[str], now: datetime) -> None:
    """Keeps which events the hook is told of from now on."""
    chosen = _kinds(kinds)

    def change(tx: Tx, row: StoredHook) -> None:
        hooks.set_kinds(tx, shop_id, hook_no, chosen)
        journal.write(tx, shop_id, HookMoved(hook_no, row.name, "hook_kinds_changed"), at=now, by=by.person_id)

    _changed(house, by, shop_id, hook_no, change)


def switch_hook(house: House, by: Person, shop_id: ShopId, hook_no: int, now: datetime, *, is_on: bool) -> None:
    """Opens or closes the hook. While it is closed nothing is noted for it; what waits stays. Who opens it answers for it."""

    def change(tx: Tx, row: StoredHook) -> None:
        hooks.switch(tx, shop_id, hook_no, is_on=is_on)
        if is_on:
            hooks.answer_for(tx, shop_id, hook_no, by.person_id)
        journal.write(tx, shop_id, HookMoved(hook_no, row.name, "hook_opened" if is_on else "hook_closed"), at=now, by=by.person_id)
        rouse(tx, "hooks")

    _changed(house, by, shop_id, hook_no, change)


def resume_hook(house: House, by: Person, shop_id: ShopId, hook_no: int, now: datetime, wall: datetime) -> None:
    """The hook begins anew, whatever troubled it: what waits is sent at once, and given another day. Who resumes it answers for it."""

    def change(tx: Tx, row: StoredHook) -> None:
        hooks.resume(tx, shop_id, hook_no)
        hooks.answer_for(tx, shop_id, hook_no, by.person_id)
        hook_events.look_now(tx, shop_id, hook_no, wall, wall + LEASE)
        _calm(tx, shop_id, hook_no, now)
        if row.paused_at is not None:
            journal.write(tx, shop_id, HookMoved(hook_no, row.name, "hook_resumed"), at=now, by=by.person_id)
        rouse(tx, "hooks")

    _changed(house, by, shop_id, hook_no, change)


def remove_hook(house: House, by: Person, shop_id: ShopId, hook_no: int, now: datetime) -> None:
    """Wipes the hook, what opened it, and what was sent through it."""

    def change(tx: Tx, row: StoredHook) -> None:
        hooks.remove(tx, shop_id, hook_no)
        _calm(tx, shop_id, hook_no, now)
        journal.write(tx, shop_id, HookMoved(hook_no, row.name, "hook_removed"), at=now, by=by.person_id)

    _changed(house, by, shop_id, hook_no, change)


def try_hook(house: House, by: Person, shop_id: ShopId, hook_no: int, now: datetime, wall: datetime) -> int:
    """Sends a test through the hook at once; the milliseconds until it was taken. Raises Refused with what went wrong."""
    held: list[StoredHook] = []
    _changed(house, by, shop_id, hook_no, lambda _tx, row: held.append(row))
    data = Data(shop_id=shop_id, place=0, subject="hook", no=str(hook_no), order_no=None, what=msgspec.Raw(b"{}"))
    body = msgspec.json.encode(Body(type=TEST, timestamp=now, data=data))
    came = carried(house, held[0].sealed, f"test_{secrets.token_hex(8)}", body, wall, allowed_hosts())
    if came.problem is not None:
        raise Refused(came.problem.say)
    return came.took_ms


def send_again(house: House, by: Person, shop_id: ShopId, hook_no: int, place: int, wall: datetime) -> None:
    """Has one event sent once more. Raises Refused where the hook was never to be told of it, or it is forgotten."""

    def change(tx: Tx, _row: StoredHook) -> None:
        if not hook_events.again(tx, shop_id, hook_no, place, wall, wall + LEASE):
            raise Refused(say("Event no. {place} waits anyway, or is not kept for this hook any more.", place=str(place)))
        rouse(tx, "hooks")

    _changed(house, by, shop_id, hook_no, change)


def send_all_again(house: House, by: Person, shop_id: ShopId, hook_no: int, since: datetime, wall: datetime) -> int:
    """Has everything that happened since sent once more, in its order; how many events."""
    many: list[int] = []

    def change(tx: Tx, _row: StoredHook) -> None:
        many.append(hook_events.again_since(tx, shop_id, hook_no, since, wall))
        rouse(tx, "hooks")

    _changed(house, by, shop_id, hook_no, change)
    return many[-1]


def _changed(house: House, by: Person, shop_id: ShopId, hook_no: int, change: Callable[[Tx, StoredHook], None]) -> None:
    """Does something to a hook of the shop. One that is not there is as good as one that may not be changed."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = hooks.one(tx, shop_id, hook_no, lock=True)
        if row is None:
            raise NotAllowed(Permission.SETTINGS_WRITE.value)
        change(tx, row)

    transact(house.pool, work)


def _calm(tx: Tx, shop_id: ShopId, hook_no: int, now: datetime) -> None:
    end_alert(tx, shop_id, DeadlineKind.MEND_HOOK, Subject(SubjectKind.HOOK, str(hook_no)), now)


def _kinds(asked: Iterable[str]) -> list[str]:
    """Raises Refused."""
    try:
        chosen = kinds_of(asked)
    except ValueError:
        raise Refused(say("There is no such kind of event. docs/api.md lists them all.")) from None
    if not chosen:
        raise Refused(say("Choose what the program is to be told of."))
    return sorted(kind.value for kind in chosen)


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()
