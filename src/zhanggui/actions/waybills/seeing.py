"""What the Waybills page shows: accounts, numbers newest first, what to give back, what was wasted, labels nobody knows the end of."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from zhanggui.actions.applications import doors_in
from zhanggui.actions.house import House
from zhanggui.actions.waybills.accounts import accounts_of
from zhanggui.actions.waybills.shapes import Account
from zhanggui.connectors.pdd.doors import production_doors
from zhanggui.core.waybills import NumberState
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import apps, connections, papers, print_runs, waybills
from zhanggui.records.print_runs import StoredDocument
from zhanggui.records.waybills import StoredWaybill

SHOWN = 50
MOST_IDLE = 200
WASTED_SINCE = timedelta(days=30)
FAILED_SINCE = timedelta(days=2)
_FIRST = 2**62


class Wasted(msgspec.Struct, frozen=True):
    """Numbers of a carrier that came to nothing: why, how many, and whether they went back to the account."""

    carrier: str
    because: str
    numbers: int
    is_back: bool


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows of one shop."""

    accounts: tuple[Account, ...]
    numbers: tuple[StoredWaybill, ...]
    next_before: int | None
    idle: tuple[StoredWaybill, ...]
    wasted: tuple[Wasted, ...]
    open_labels: tuple[StoredDocument, ...]
    failed_labels: tuple[StoredDocument, ...]
    counts: Mapping[str, int]
    order_of: Mapping[int, str]
    """The first order of each number shown among the labels."""


def counter(house: House, by: Person, shop_id: ShopId, now: datetime, *, state: NumberState | None = None, before: int | None = None) -> Counter:
    """The page of a shop."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    accounts = accounts_of(house, by, shop_id, now)
    with house.pool.connection() as tx:
        listed = waybills.page(tx, shop_id, before or _FIRST, SHOWN + 1, None if state is None else state.value)
        idle = waybills.of_ids(tx, shop_id, waybills.idle(tx, shop_id, MOST_IDLE))
        wasted = waybills.wasted(tx, shop_id, now - WASTED_SINCE)
        open_ones, failed = print_runs.still_open(tx, shop_id, SHOWN), print_runs.failed(tx, shop_id, now - FAILED_SINCE, SHOWN)
        named = waybills.of_ids(tx, shop_id, sorted({each.waybill_id for each in (*open_ones, *failed)}))
        counts = waybills.counts(tx, shop_id)
    return Counter(
        accounts=accounts,
        numbers=tuple(listed[:SHOWN]),
        next_before=listed[SHOWN - 1].waybill_id if len(listed) > SHOWN else None,
        idle=tuple(idle),
        wasted=tuple(Wasted(carrier, because or state_word, many, state_word == NumberState.GIVEN_BACK) for carrier, because, state_word, many in wasted),
        open_labels=tuple(open_ones),
        failed_labels=tuple(failed),
        counts=counts,
        order_of={row.waybill_id: row.order_nos[0] for row in named if row.order_nos},
    )


def next_to_ship(house: House, by: Person, shop_id: ShopId, limit: int) -> Sequence[str]:
    """The most urgent orders to ship that have no number yet."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    with house.pool.connection() as tx:
        urgent = papers.at_stage(tx, shop_id, "to_ship", limit * 3)
        have = waybills.alive_of_orders(tx, shop_id, urgent)
    return [no for no in urgent if no not in have][:limit]


def component_address(house: House, shop_id: ShopId) -> str:
    """Where an emulator's print component answers, for a shop that is connected to one; empty for the platform itself, whose component has its usual place."""
    with house.pool.connection() as tx:
        row = connections.one(tx, shop_id)
        app = None if row is None or row.app_id is None else apps.one(tx, row.app_id)
    if app is None:
        return ""
    router = doors_in(app).router
    if router == production_doors().router:
        return ""
    parts = urlsplit(router)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/print"
