"""The endpoint of a shop as a person sees and sets it. The key is sealed and never shown again."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import seal
from zhanggui.connectors.drafting.asking import Endpoint
from zhanggui.connectors.pdd.doors import UnsafeDoor
from zhanggui.core.moments import shanghai_day
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import drafting, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.scripts import DraftingSet
from zhanggui.records.says import unpacked

LONGEST = 200
USUAL_CAP, LARGEST_CAP = 500, 100_000


class DraftingView(msgspec.Struct, frozen=True, kw_only=True):
    """How the endpoint stands. It holds no secret."""

    address: str
    model: str
    has_key: bool
    is_on: bool
    daily_cap: int
    calls_today: int
    problem: Say | None
    problem_at: datetime | None


class NewDrafting(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as a person names it. An empty key leaves the one that is kept for this very address; `without_key` says that the server wants none."""

    address: str
    model: str
    key: str = ""
    without_key: bool = False
    is_on: bool = False
    daily_cap: int = USUAL_CAP

    def __repr__(self) -> str:
        return f"NewDrafting({self.address!r}, {self.model!r})"


def drafting_seen(house: House, by: Person, shop_id: ShopId, wall: datetime) -> DraftingView | None:
    """The endpoint of the shop, None where none is named."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        row = drafting.of_shop(tx, shop_id)
    if row is None:
        return None
    return DraftingView(
        address=row.address,
        model=row.model,
        has_key=row.secret is not None,
        is_on=row.is_on,
        daily_cap=row.daily_cap,
        calls_today=row.calls if row.day == shanghai_day(wall) else 0,
        problem=None if row.problem is None else unpacked(row.problem),
        problem_at=row.problem_at,
    )


def keep_drafting(house: House, by: Person, shop_id: ShopId, new: NewDrafting, now: datetime) -> None:
    """Keeps the endpoint. Only keepers of the house may: the house itself calls the address. Raises Refused."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if not by.is_keeper:
        raise NotAllowed(Permission.SETTINGS_WRITE.value)
    host = _check(new)
    sealed = seal(house, new.key) if new.key else None

    def work(tx: Tx) -> None:
        before = drafting.of_shop(tx, shop_id)
        secret = sealed
        if secret is None and not new.without_key:
            if before is None or before.secret is None or before.address != new.address:
                raise Refused(say("Give the key as well; it is kept for one address only. A server that wants none is told so by its tick."))
            secret = before.secret
        drafting.keep(tx, shop_id, address=new.address, model=new.model, secret=secret, is_on=new.is_on, daily_cap=new.daily_cap, by=by.person_id, at=now)
        journal.write(tx, shop_id, DraftingSet(host, new.is_on), at=now, by=by.person_id)

    transact(house.pool, work)


def take_drafting_away(house: House, by: Person, shop_id: ShopId, now: datetime) -> None:
    """Wipes the endpoint with its key. Raises Refused where there is none."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        if not drafting.remove(tx, shop_id):
            raise Refused(say("There is no endpoint to take away."))
        journal.write(tx, shop_id, DraftingSet("", is_on=False), at=now, by=by.person_id)

    transact(house.pool, work)


def _check(new: NewDrafting) -> str:
    """The host that is asked. Raises Refused."""
    if not 1 <= len(new.model) <= LONGEST or len(new.key) > LONGEST or not new.key.isascii() or not new.key.isprintable():
        raise Refused(say("An endpoint has an address, a model, and a key of at most {longest} characters.", longest=LONGEST))
    if not 1 <= new.daily_cap <= LARGEST_CAP:
        raise Refused(say("At most how many questions a day? Give a number from 1 to {largest}.", largest=LARGEST_CAP))
    try:
        return Endpoint(new.address, new.model, new.key).url.split("/")[2]
    except UnsafeDoor as unsafe:
        raise Refused(unsafe.say) from None
