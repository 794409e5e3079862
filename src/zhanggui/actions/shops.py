"""Shops, their settings, and the hours their products promise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from zhanggui.actions.access import ShopInfo, shops_with
from zhanggui.actions.house import House
from zhanggui.actions.intake.learning import learn_hours, recompute_waiting
from zhanggui.actions.links import DEFAULT_LINKS
from zhanggui.actions.reckoning import Reckoning
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal, locks, promised, settings, shops
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import PromisedHoursSet, SettingChanged, ShopCreated
from zhanggui.records.settings import Value

LATE_COUPON = "late_coupon"
"""The setting that names the coupon, in yuan, for whoever has waited beyond the term."""
LARGEST_COUPON = Fen(10_000)
SETTINGS: dict[str, Value] = {"category": None, LATE_COUPON: None, **{f"link.{name}": address for name, address in DEFAULT_LINKS.items()}}
"""Every setting a shop has, with its default: what it sells, the coupon for whoever waited too long, and the deep links to the platform's own pages."""

LONGEST_NAME, LONGEST_SETTING, LONGEST_NUMBER = 100, 1000, 128


class NameTaken(Refused):
    """Another shop of the house bears this name."""


class Promise(msgspec.Struct, frozen=True):
    """The hours one product promises to ship within, and where that is known from."""

    goods_id: str
    hours: int
    source: Literal["entered", "learnt"]
    seen: int
    """From how many orders it was learnt."""


def create_shop(house: House, by: Person, name: str, now: datetime) -> ShopId:
    """A new shop, owned by whoever makes it, or by the keepers of the house where the operator does. Only keepers may make shops. Raises NameTaken."""
    if not by.is_keeper:
        raise NotAllowed("shops:write")
    name = _tidy(name)

    def work(tx: Tx) -> ShopId:
        row = shops.insert(tx, name, now)
        if row is None:
            raise NameTaken(_taken(name))
        if by.person_id is not None:
            shops.add_owner(tx, row.shop_id, by.person_id, now)
        else:
            # made at the command line: without this nobody could open it in the pages
            shops.add_keepers(tx, row.shop_id, now)
        journal.write(tx, row.shop_id, ShopCreated(name), at=now, by=by.person_id)
        return ShopId(row.shop_id)

    return transact(house.pool, work)


def rename_shop(house: House, by: Person, shop_id: ShopId, name: str, now: datetime) -> None:
    """Gives the shop another name. Raises NameTaken, or Refused for what is no name."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    name = _tidy(name)

    def work(tx: Tx) -> None:
        if not shops.rename(tx, shop_id, name):
            raise NameTaken(_taken(name))
        journal.write(tx, shop_id, SettingChanged("name"), at=now, by=by.person_id)

    transact(house.pool, work)


def shop_named(house: House, by: Person, name: str) -> ShopId:
    """The number of the shop of this name, where this person has a part in it. Raises NotAllowed otherwise."""
    with house.pool.connection() as tx:
        row = shops.of_name(tx, name)
    if row is None:
        raise NotAllowed(Permission.ORDERS_READ.value)
    return by.need(Permission.ORDERS_READ, ShopId(row.shop_id))


def shops_seen(house: House, by: Person) -> tuple[ShopInfo, ...]:
    """The shops in which this person has a part."""
    with house.pool.connection() as tx:
        return tuple(shops_with(tx, by, Permission.ORDERS_READ, None).values())


def shop_settings(house: House, by: Person, shop_id: ShopId) -> dict[str, Value]:
    """Every setting of the shop, defaults filled in."""
    by.need(Permission.SETTINGS_READ, shop_id)
    with house.pool.connection() as tx:
        return settings_of(tx, shop_id)


def settings_of(tx: Tx, shop_id: ShopId) -> dict[str, Value]:
    """The shop's settings over the house's over the defaults."""
    # only what is a setting of a shop: the house keeps its own secrets in the same place
    told = {**settings.of_house(tx), **settings.of_shop(tx, shop_id)}
    return {name: told.get(name, default) for name, default in SETTINGS.items()}


def set_shop_setting(house: House, by: Person, shop_id: ShopId, name: str, value: Value, now: datetime) -> None:
    """Keeps a setting of the shop; None brings the default back. Raises Refused for a name that is no setting."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if name not in SETTINGS:
        raise Refused(say("There is no setting named {name}.", name=name))
    if name.startswith("link.") and value is not None and not str(value).startswith("https://"):
        raise Refused(say("A link has to begin with https://."))
    if name == LATE_COUPON and value is not None and not 0 < late_coupon_of({name: value}) <= LARGEST_COUPON:
        raise Refused(say("A coupon is a sum in yuan, up to {most_fen}.", most_fen=LARGEST_COUPON))
    if len(str(value)) > LONGEST_SETTING:
        raise Refused(say("A setting has at most {longest} characters.", longest=LONGEST_SETTING))

    def work(tx: Tx) -> None:
        settings.set_of_shop(tx, shop_id, name, value)
        journal.write(tx, shop_id, SettingChanged(name), at=now, by=by.person_id)

    transact(house.pool, work)


def late_coupon_of(told: Mapping[str, Value]) -> Fen:
    """The coupon of these settings, 0 where they name none."""
    try:
        return fen_from_yuan(str(told.get(LATE_COUPON) or "0"))
    except NotMoney:
        return Fen(0)


def promised_hours(house: House, by: Person, shop_id: ShopId, *, limit: int = 1000) -> tuple[Promise, ...]:
    """The promised hours known in the shop, entered and learnt."""
    by.need(Permission.RULES_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(Promise(row.goods_id, row.hours, row.source, row.seen) for row in promised.of_shop(tx, shop_id, limit))


def set_promised_hours(house: House, by: Person, shop_id: ShopId, goods_id: str, hours: int | None, now: datetime) -> None:
    """Keeps the hours a product promises, entered by hand; None forgets them, so that learnt ones hold again. Running deadlines of its orders follow."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if hours is not None and not 1 <= hours <= 24 * 30:
        raise Refused(say("Promised hours lie between 1 and {most}.", most=24 * 30))
    if len(goods_id) > LONGEST_NUMBER:
        raise Refused(say("The id of a product has at most {longest} characters.", longest=LONGEST_NUMBER))

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        if hours is None:
            promised.forget_entered(tx, shop_id, goods_id)
        else:
            promised.enter(tx, shop_id, goods_id, hours, now)
        reckoning = Reckoning(tx, shop_id, rulebook_in(tx, house, shop_id), now)
        learn_hours(tx, shop_id, [goods_id], reckoning, now)
        recompute_waiting(tx, shop_id, [goods_id], reckoning)
        reckoning.finish()
        journal.write(tx, shop_id, PromisedHoursSet(goods_id, hours), at=now, by=by.person_id)

    transact(house.pool, work)


def _tidy(name: str) -> str:
    """The name without blanks around it. Raises Refused for none at all, and for one that no page has room for."""
    tidied = name.strip()
    if not tidied:
        raise Refused(say("A shop needs a name."))
    if len(tidied) > LONGEST_NAME:
        raise Refused(say("The name of a shop has at most {longest} characters.", longest=LONGEST_NAME))
    return tidied


def _taken(name: str) -> Say:
    return say("A shop named {name} exists already.", name=name)


def shop_of_token(house: House, by: Person, shop_id: ShopId) -> ShopInfo:
    """The shop that a program sees."""
    with house.pool.connection() as tx:
        return shops_with(tx, by, Permission.TODO_READ, [shop_id])[shop_id]
