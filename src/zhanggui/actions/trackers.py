"""A shop's tracking service as a person sees and sets it. The key is sealed and never shown again."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.tracing import SERVICES
from zhanggui.actions.vault import seal
from zhanggui.connectors.carriers.asking import Account
from zhanggui.connectors.pdd.doors import UnsafeDoor
from zhanggui.core.moments import SHANGHAI
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal, trackers
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import TrackerNamed, TrackerTakenAway
from zhanggui.records.says import unpacked
from zhanggui.records.trackers import TrackerRecord

LONGEST = 200
USUAL_CAP, LARGEST_CAP = 500, 1_000_000


class TrackerView(msgspec.Struct, frozen=True, kw_only=True):
    """How an account with a tracking service stands. It holds no secret."""

    service: str
    name: str
    account: str
    address: str | None
    """None: the service's own."""
    is_of_house: bool
    daily_cap: int
    calls_today: int
    paused_until: datetime | None
    """A moment of the wall clock; None where nothing keeps it from being asked."""
    problem: Say | None
    problem_at: datetime | None


class NewTracker(msgspec.Struct, frozen=True, kw_only=True):
    """An account as a person names it. An empty key leaves the one that is kept."""

    service: str
    account: str
    key: str = ""
    daily_cap: int = USUAL_CAP
    address: str | None = None
    for_all_shops: bool = False

    def __repr__(self) -> str:
        return f"NewTracker({self.service!r})"


def trackers_seen(house: House, by: Person, shop_id: ShopId, wall: datetime) -> tuple[TrackerView, ...]:
    """The accounts open to the shop; the first is the one its parcels are asked about with, its own before the house's."""
    by.need(Permission.SETTINGS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(_seen(row, wall) for row in trackers.open_to(tx, shop_id))


def keep_tracker(house: House, by: Person, shop_id: ShopId, new: NewTracker, now: datetime) -> None:
    """Keeps the account for the shop, or for every shop of the house. Only keepers may do the latter, or name another address: the house calls it."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if (new.for_all_shops or new.address is not None) and not by.is_keeper:
        raise NotAllowed(Permission.SETTINGS_WRITE.value)
    _check(new)
    for_shop = None if new.for_all_shops else shop_id
    sealed = seal(house, new.key) if new.key else None

    def work(tx: Tx) -> None:
        secret = sealed or _kept_secret(tx, shop_id, for_shop, new)
        trackers.put(
            tx,
            for_shop,
            service=new.service,
            account=new.account,
            secret=secret,
            address=new.address,
            daily_cap=new.daily_cap,
            made_by=by.person_id,
            now=now,
        )
        journal.write(tx, shop_id, TrackerNamed(SERVICES[new.service].name, new.account, new.for_all_shops), at=now, by=by.person_id)

    transact(house.pool, work)


def take_tracker_away(house: House, by: Person, shop_id: ShopId, now: datetime, *, of_house: bool = False) -> None:
    """Wipes the shop's account, or the house's, which keepers alone may do. What was told stays. Raises Refused where there is none."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if of_house and not by.is_keeper:
        raise NotAllowed(Permission.SETTINGS_WRITE.value)

    def work(tx: Tx) -> None:
        service = trackers.remove(tx, None if of_house else shop_id)
        if service is None:
            raise Refused(say("There is no account with a tracking service to take away."))
        journal.write(tx, shop_id, TrackerTakenAway(SERVICES[service].name), at=now, by=by.person_id)

    transact(house.pool, work)


def _check(new: NewTracker) -> None:
    """Raises Refused."""
    if new.service not in SERVICES:
        raise Refused(say("There is no such tracking service."))
    if not new.account or max(len(new.account), len(new.key)) > LONGEST:
        raise Refused(say("An account has a name and a key of at most {longest} characters; both stand on the service's own page.", longest=LONGEST))
    if not 1 <= new.daily_cap <= LARGEST_CAP:
        raise Refused(say("At most how many questions a day? Give a number from 1 to {largest}.", largest=LARGEST_CAP))
    try:
        Account(new.account, new.key, new.address or SERVICES[new.service].address)
    except UnsafeDoor as unsafe:
        raise Refused(unsafe.say) from None


def _kept_secret(tx: Tx, shop_id: ShopId, for_shop: int | None, new: NewTracker) -> bytes:
    """The key that is kept of this very account at this very address: a key never goes where it was not meant for. Raises Refused."""
    for row in trackers.open_to(tx, shop_id):
        if (row.for_shop, row.service, row.account, row.address) == (for_shop, new.service, new.account, new.address):
            return row.secret
    raise Refused(say("Give the key as well; it is kept for one account at one address only."))


def _seen(row: TrackerRecord, wall: datetime) -> TrackerView:
    return TrackerView(
        service=row.service,
        name=SERVICES[row.service].name,
        account=row.account,
        address=row.address,
        is_of_house=row.for_shop is None,
        daily_cap=row.daily_cap,
        calls_today=row.calls if row.day == wall.astimezone(SHANGHAI).date() else 0,
        paused_until=row.paused_until if row.paused_until is not None and row.paused_until > wall else None,
        problem=None if row.problem is None else unpacked(row.problem),
        problem_at=row.problem_at,
    )
