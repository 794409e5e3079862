"""Applications of the platform the house calls as: one for many shops, or one for each. Their secrets are sealed and never shown again."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import seal, unseal
from zhanggui.connectors.pdd.doors import App, Doors, production_doors
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import apps, connections, journal
from zhanggui.records.apps import AppRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import ApplicationNamed

LONGEST = 200


class ApplicationInfo(msgspec.Struct, frozen=True):
    """What may be told of an application: never its secret."""

    app_id: int
    client_id: str
    is_of_house: bool
    """Whether every shop of the house may be connected through it."""
    doors: Doors


class NewApplication(msgspec.Struct, frozen=True, kw_only=True):
    """An application as a person names it."""

    client_id: str
    client_secret: str
    doors: Doors | None = None
    """None: the platform's own addresses."""
    for_all_shops: bool = False

    def __repr__(self) -> str:
        return f"NewApplication({self.client_id!r})"


def applications(house: House, by: Person, shop_id: ShopId) -> tuple[ApplicationInfo, ...]:
    """The applications the shop may be connected through: its own and those of the whole house."""
    by.need(Permission.SETTINGS_READ, shop_id)
    with house.pool.connection() as tx:
        return tuple(info_of(row) for row in apps.open_to(tx, shop_id))


def connect_app(house: House, by: Person, shop_id: ShopId, app: NewApplication, now: datetime) -> int:
    """Keeps the application and has the shop go by it; the number it is kept under. Only keepers may name one for all shops, or other addresses than the
    platform's own: the house calls them. Raises Refused while the shop is connected through another."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    if (app.for_all_shops or app.doors is not None) and not by.is_keeper:
        raise NotAllowed(Permission.SETTINGS_WRITE.value)
    client_id, secret = app.client_id.strip(), app.client_secret.strip()
    if not client_id or not secret:
        raise Refused(say("An application has a client_id and a client_secret; both stand on its page at open.pinduoduo.com."))
    if max(len(client_id), len(secret)) > LONGEST:
        raise Refused(say("A client_id and a client_secret have at most {longest} characters.", longest=LONGEST))
    doors = msgspec.json.encode(app.doors or production_doors()).decode()
    sealed = seal(house, secret)

    def work(tx: Tx) -> int:
        connections.begun(tx, shop_id, now)
        app_id = apps.put(tx, client_id, None if app.for_all_shops else shop_id, sealed, doors, by.person_id, now)
        go_by(tx, shop_id, app_id, now)
        journal.write(tx, shop_id, ApplicationNamed(client_id), at=now, by=by.person_id)
        return app_id

    return transact(house.pool, work)


def choose_app(house: House, by: Person, shop_id: ShopId, app_id: int, now: datetime) -> None:
    """Has the shop go by an application that is known already. Raises NotAllowed for one that is another shop's own."""
    by.need(Permission.SETTINGS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = apps.one(tx, app_id)
        if row is None or row.for_shop not in (None, shop_id):
            raise NotAllowed(Permission.SETTINGS_WRITE.value)
        connections.begun(tx, shop_id, now)
        go_by(tx, shop_id, app_id, now)
        journal.write(tx, shop_id, ApplicationNamed(row.client_id), at=now, by=by.person_id)

    transact(house.pool, work)


def go_by(tx: Tx, shop_id: int, app_id: int, now: datetime) -> None:
    """Names the application on the shop's connection, which is held. Raises Refused where tokens of another are kept."""
    row = connections.begun(tx, shop_id, now)
    if row.app_id not in (None, app_id) and row.tokens is not None:
        raise Refused(say("The shop is connected through another application. Disconnect it first."))
    connections.put(tx, msgspec.structs.replace(row, app_id=app_id, changed_at=now))


def opened_app(house: House, row: AppRecord) -> App:
    """The application with its secret opened. Raises VaultShut."""
    return App(client_id=row.client_id, client_secret=unseal(house, row.secret), doors=doors_in(row))


def info_of(row: AppRecord) -> ApplicationInfo:
    """What may be told of the application."""
    return ApplicationInfo(row.app_id, row.client_id, row.for_shop is None, doors_in(row))


def doors_in(row: AppRecord) -> Doors:
    """The addresses the application is reached by."""
    return msgspec.json.decode(row.doors, type=Doors)
