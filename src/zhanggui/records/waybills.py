"""Waybill numbers: one row each from before it is asked for to its end, and the orders it is for. Leases and looks go by the wall clock.

Every change of a row names the version it saw, so that of two who move the same number only one does.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.say import Say
from zhanggui.core.waybills import ALIVE, NumberState, ReceiverKey
from zhanggui.records.db import Tx
from zhanggui.records.says import revived


class NewWaybill(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is going to be asked for."""

    account_no: int
    carrier: str
    carrier_code: str
    object_id: str
    part: int
    order_nos: tuple[str, ...]
    taken_by: int | None
    made_at: datetime
    holder: str
    leased_until: datetime


class StoredWaybill(msgspec.Struct, frozen=True, kw_only=True):
    """A number as it stands in the table, with the orders it is for."""

    shop_id: int
    waybill_id: int
    account_no: int
    carrier: str
    carrier_code: str
    object_id: str
    part: int
    state: str
    number: str | None
    print_data: bytes | None
    receiver: str | None
    taken_by: int | None
    made_at: datetime
    asked_times: int
    tries: int
    told_at: datetime | None
    holder: str | None
    leased_until: datetime | None
    look_at: datetime | None
    because: str | None
    printed_at: datetime | None
    printed: int
    ended_because: str | None
    ended_at: datetime | None
    version: int
    order_nos: list[str]

    def __repr__(self) -> str:
        return f"StoredWaybill({self.waybill_id}, {self.state}, {self.number})"

    @property
    def at(self) -> NumberState:
        """How it stands with it."""
        return NumberState(self.state)

    @property
    def reason(self) -> Say | None:
        """Why it is where it is."""
        return None if self.because is None else revived(msgspec.json.decode(self.because, type=Say))

    @property
    def goes_to(self) -> ReceiverKey | None:
        """By what one sees that the receiver has moved."""
        return None if self.receiver is None else msgspec.json.decode(self.receiver, type=ReceiverKey)


_COLUMNS = ("state", "number", "print_data", "receiver", "asked_times", "tries", "told_at", "holder", "leased_until", "look_at", "because", "printed_at",
            "printed", "ended_because", "ended_at")  # fmt: skip

INSERT = """
    insert into waybills (shop_id, account_no, carrier, carrier_code, object_id, part, state, taken_by, made_at, holder, leased_until, look_at)
    values (%(shop_id)s, %(account_no)s, %(carrier)s, %(carrier_code)s, %(object_id)s, %(part)s, 'asked', %(taken_by)s, %(made_at)s, %(holder)s,
        %(leased_until)s, %(leased_until)s)
    returning waybill_id
"""
INSERT_STRAY = """
    insert into waybills (shop_id, account_no, carrier, carrier_code, object_id, part, state, number, made_at, asked_times, told_at, look_at, ended_because)
    values (%(shop_id)s, %(account_no)s, %(carrier)s, %(carrier_code)s, %(object_id)s, %(part)s, 'giving_back', %(number)s, %(at)s, 1, %(at)s, %(wall)s,
        'doubled')
    on conflict do nothing
    returning waybill_id
"""
INSERT_ORDERS = """
    insert into waybill_orders (shop_id, waybill_id, order_no, part, is_alive)
    select %(shop_id)s, %(waybill_id)s, order_no, %(part)s, true from unnest(%(order_nos)s::text[]) as told (order_no) order by order_no
    on conflict do nothing
    returning order_no
"""
DROP_ORDERS = "delete from waybill_orders where shop_id = %(shop_id)s and waybill_id = %(waybill_id)s"
DROP = "delete from waybills where shop_id = %(shop_id)s and waybill_id = %(waybill_id)s"
SAVE = """
    update waybills set state = %(state)s, number = %(number)s, print_data = %(print_data)s, receiver = %(receiver)s, asked_times = %(asked_times)s,
        tries = %(tries)s, told_at = %(told_at)s, holder = %(holder)s, leased_until = %(leased_until)s, look_at = %(look_at)s, because = %(because)s,
        printed_at = %(printed_at)s, printed = %(printed)s, ended_because = %(ended_because)s, ended_at = %(ended_at)s, version = version + 1
    where shop_id = %(shop_id)s and waybill_id = %(waybill_id)s and version = %(version)s
    returning waybill_id
"""
SAVE_ALIVE = "update waybill_orders set is_alive = %(is_alive)s where shop_id = %(shop_id)s and waybill_id = %(waybill_id)s and is_alive <> %(is_alive)s"
OF_IDS = """
    select waybills.*, receiver::text as receiver, because::text as because,
        array(select order_no from waybill_orders o where o.shop_id = %(shop_id)s and o.waybill_id = waybills.waybill_id order by order_no) as order_nos
    from waybills where shop_id = %(shop_id)s and waybill_id = any(%(ids)s) order by waybill_id
"""
LOCK_IDS = """
    select waybills.*, receiver::text as receiver, because::text as because,
        array(select order_no from waybill_orders o where o.shop_id = %(shop_id)s and o.waybill_id = waybills.waybill_id order by order_no) as order_nos
    from waybills where shop_id = %(shop_id)s and waybill_id = any(%(ids)s) order by waybill_id
    for update of waybills
"""
ALIVE_OF_ORDERS = """
    select order_no, waybill_id from waybill_orders
    where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and is_alive and (%(part)s::integer is null or part = %(part)s) order by order_no, part
"""
OF_ORDERS = """
    select distinct waybill_id from waybill_orders where shop_id = %(shop_id)s and order_no = any(%(order_nos)s)
"""
# how many numbers of these orders' parcel with this carrier were told and are over: the next one is for another object
OVER = """
    select count(*)::bigint from waybills
    where shop_id = %(shop_id)s and carrier_code = %(carrier_code)s and part = %(part)s and number is not null and state = 'given_back'
        and waybill_id in (select waybill_id from waybill_orders where shop_id = %(shop_id)s and order_no = any(%(order_nos)s))
"""
NUMBERS_KNOWN = """
    select number, waybill_id from waybills
    where shop_id = %(shop_id)s and carrier_code = %(carrier_code)s and number = any(%(numbers)s) and state <> 'given_back'
"""
DUE = """
    select waybill_id from waybills
    where shop_id = %(shop_id)s and state in ('asked', 'unsure', 'giving_back') and look_at <= %(wall)s
        and (leased_until is null or leased_until <= %(wall)s)
    order by look_at, waybill_id
    limit %(limit)s
    for update skip locked
"""
SHOPS_DUE = """
    select shop.shop_id from shop_homes as shop
    where shop.shop_id = any(%(shop_ids)s) and exists (
        select 1 from waybills where waybills.shop_id = shop.shop_id and waybills.state in ('asked', 'unsure', 'giving_back') and waybills.look_at <= %(wall)s
            and (waybills.leased_until is null or waybills.leased_until <= %(wall)s)
    )
"""
PAGE = """
    select waybills.*, receiver::text as receiver, because::text as because,
        array(select order_no from waybill_orders o where o.shop_id = %(shop_id)s and o.waybill_id = waybills.waybill_id order by order_no) as order_nos
    from waybills where shop_id = %(shop_id)s and waybill_id < %(before)s order by waybill_id desc limit %(limit)s
"""
PAGE_OF_STATE = """
    select waybills.*, receiver::text as receiver, because::text as because,
        array(select order_no from waybill_orders o where o.shop_id = %(shop_id)s and o.waybill_id = waybills.waybill_id order by order_no) as order_nos
    from waybills where shop_id = %(shop_id)s and state = %(state)s and waybill_id < %(before)s order by waybill_id desc limit %(limit)s
"""
# told and never printed, or printed, whose order is cancelled, refunded, or travels under another number; not while a label with it is about
IDLE = """
    select waybills.waybill_id
    from waybills
    join waybill_orders on waybill_orders.shop_id = waybills.shop_id and waybill_orders.waybill_id = waybills.waybill_id
    join orders on orders.shop_id = waybill_orders.shop_id and orders.order_no = waybill_orders.order_no
    left join dispatches on dispatches.shop_id = waybill_orders.shop_id and dispatches.order_no = waybill_orders.order_no
        and dispatches.tracking_no = waybills.number
    where waybills.shop_id = %(shop_id)s and waybills.state = 'held' and waybills.part = 1
    group by waybills.waybill_id
    having bool_and(
        orders.tracking_no is distinct from waybills.number
        and (orders.stage not in ('to_ship', 'forming') or orders.refund not in ('none', 'open'))
        and (dispatches.state is null or dispatches.state not in ('printed', 'packed', 'to_destroy', 'handed_over'))
    )
    order by waybills.waybill_id
    limit %(limit)s
"""
# numbers under which their orders travel by now
TRAVELLING = """
    select distinct waybills.waybill_id from waybills
    join waybill_orders on waybill_orders.shop_id = waybills.shop_id and waybill_orders.waybill_id = waybills.waybill_id
    join orders on orders.shop_id = waybill_orders.shop_id and orders.order_no = waybill_orders.order_no
    where waybills.shop_id = %(shop_id)s and waybills.state = 'held' and orders.stage in ('shipped', 'received')
        and (orders.tracking_no = waybills.number or (waybills.part > 1 and exists (
            select 1 from parcels
            where parcels.shop_id = %(shop_id)s and parcels.order_no = orders.order_no and parcels.tracking_no = waybills.number and parcels.last_at is not null
        )))
    order by waybills.waybill_id
    limit %(limit)s
"""
WASTED = """
    select carrier, ended_because, state, count(*)::bigint from waybills
    where shop_id = %(shop_id)s and state in ('given_back', 'lost') and ended_at >= %(since)s
    group by carrier, ended_because, state order by carrier, ended_because, state
"""
USED_BY_DAY = """
    select (told_at at time zone 'Asia/Shanghai')::date as day, count(*)::bigint from waybills
    where shop_id = %(shop_id)s and account_no = %(account_no)s and told_at >= %(since)s group by 1 order by 1
"""
# a shop without keys: what its orders themselves tell
SHIPPED_BY_DAY = """
    select (shipped_at at time zone 'Asia/Shanghai')::date as day, count(*)::bigint from orders
    where shop_id = %(shop_id)s and facts ->> 'carrier' = %(carrier)s and shipped_at >= %(since)s group by 1 order by 1
"""
TOLD = "select count(*)::bigint from waybills where shop_id = %(shop_id)s and account_no = %(account_no)s and number is not null"
COUNTS = """
    select state, count(*)::bigint from waybills where shop_id = %(shop_id)s and state in ('asked', 'unsure', 'giving_back', 'lost') group by state
"""
WIPE = """
    update waybills set print_data = null where shop_id = %(shop_id)s and print_data is not null and told_at < %(before)s
"""
MEND = """
    update waybills set look_at = least(look_at, %(wall)s), leased_until = null
    where shop_id = %(shop_id)s and state in ('asked', 'unsure', 'giving_back') and (look_at > %(beyond)s or leased_until > %(beyond)s)
"""


def insert(tx: Tx, shop_id: int, new: NewWaybill) -> int | None:
    """The id of the new row; None where one of its orders has a number, or somebody is just asking for one."""
    row = tx.execute(INSERT, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone()
    assert row is not None
    slots = {"shop_id": shop_id, "waybill_id": row[0], "part": new.part, "order_nos": list(new.order_nos)}
    if len(tx.execute(INSERT_ORDERS, slots).fetchall()) == len(new.order_nos):
        return int(row[0])
    tx.execute(DROP_ORDERS, slots)
    tx.execute(DROP, slots)
    return None


def save(tx: Tx, row: StoredWaybill) -> bool:
    """Whether the row now reads so; False where somebody changed it since it was read. Whether its orders may have another number goes with its state."""
    slots = {name: getattr(row, name) for name in _COLUMNS} | {"shop_id": row.shop_id, "waybill_id": row.waybill_id, "version": row.version}
    if tx.execute(SAVE, slots).fetchone() is None:
        return False
    tx.execute(SAVE_ALIVE, {"shop_id": row.shop_id, "waybill_id": row.waybill_id, "is_alive": row.at in ALIVE})
    return True


def insert_stray(tx: Tx, row: StoredWaybill, number: str, at: datetime, wall: datetime) -> int | None:
    """Keeps a second number that the platform named for an object that has one: of no order, and to be given back. None where it is known already."""
    slots = {"shop_id": row.shop_id, "account_no": row.account_no, "carrier": row.carrier, "carrier_code": row.carrier_code, "object_id": row.object_id,
             "part": row.part, "number": number, "at": at, "wall": wall}  # fmt: skip
    kept = tx.execute(INSERT_STRAY, slots).fetchone()
    return int(kept[0]) if kept else None


def of_ids(tx: Tx, shop_id: int, ids: Sequence[int]) -> list[StoredWaybill]:
    """These rows, by id."""
    return _rows(tx, OF_IDS, {"shop_id": shop_id, "ids": list(ids)})


def locked(tx: Tx, shop_id: int, ids: Sequence[int]) -> list[StoredWaybill]:
    """These rows, held until the transaction ends."""
    return _rows(tx, LOCK_IDS, {"shop_id": shop_id, "ids": list(ids)})


def alive_of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str], part: int | None = None) -> dict[str, StoredWaybill]:
    """The number that each of these orders has, or that is being asked for; of several parcels the first."""
    slots = {"shop_id": shop_id, "order_nos": list(order_nos), "part": part}
    found: dict[str, int] = {}
    for order_no, waybill_id in tx.execute(ALIVE_OF_ORDERS, slots):
        found.setdefault(order_no, waybill_id)
    rows = {row.waybill_id: row for row in of_ids(tx, shop_id, sorted(set(found.values())))}
    return {order_no: rows[waybill_id] for order_no, waybill_id in found.items()}


def alive_parts(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[StoredWaybill]:
    """Every number that these orders have, or that is being asked for: of each of their parcels, in the order of the parcels."""
    ids = [waybill_id for _, waybill_id in tx.execute(ALIVE_OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos), "part": None})]
    return sorted(of_ids(tx, shop_id, sorted(set(ids))), key=lambda row: row.part)


def of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[StoredWaybill]:
    """Every number that these orders ever had, or that was asked for."""
    ids = [row[0] for row in tx.execute(OF_ORDERS, {"shop_id": shop_id, "order_nos": list(order_nos)})]
    return of_ids(tx, shop_id, ids)


def over(tx: Tx, shop_id: int, order_nos: Sequence[str], carrier_code: str, part: int) -> int:
    """How many numbers of this parcel with this carrier were given back."""
    slots = {"shop_id": shop_id, "order_nos": list(order_nos), "carrier_code": carrier_code, "part": part}
    row = tx.execute(OVER, slots).fetchone()
    return int(row[0]) if row else 0


def known_numbers(tx: Tx, shop_id: int, carrier_code: str, numbers: Sequence[str]) -> dict[str, int]:
    """Which of these numbers are known already, and as which row's."""
    return dict(tx.execute(NUMBERS_KNOWN, {"shop_id": shop_id, "carrier_code": carrier_code, "numbers": list(numbers)}).fetchall())


def due(tx: Tx, shop_id: int, wall: datetime, limit: int) -> list[int]:
    """What has to be taken up again, held; what others hold is passed by."""
    return [row[0] for row in tx.execute(DUE, {"shop_id": shop_id, "wall": wall, "limit": limit})]


def shops_due(tx: Tx, shop_ids: Sequence[int], wall: datetime) -> list[int]:
    """The shops in which something has to be taken up again."""
    return [row[0] for row in tx.execute(SHOPS_DUE, {"shop_ids": list(shop_ids), "wall": wall})]


def page(tx: Tx, shop_id: int, before: int, limit: int, state: str | None = None) -> list[StoredWaybill]:
    """The newest rows before an id, of one state where it is named."""
    slots: dict[str, object] = {"shop_id": shop_id, "before": before, "limit": limit, "state": state}
    return _rows(tx, PAGE if state is None else PAGE_OF_STATE, slots)


def idle(tx: Tx, shop_id: int, limit: int) -> list[int]:
    """Numbers whose orders will never travel under them."""
    return [row[0] for row in tx.execute(IDLE, {"shop_id": shop_id, "limit": limit})]


def travelling(tx: Tx, shop_id: int, limit: int) -> list[int]:
    """Numbers under which their orders travel, and which stand as held still."""
    return [row[0] for row in tx.execute(TRAVELLING, {"shop_id": shop_id, "limit": limit})]


def wasted(tx: Tx, shop_id: int, since: datetime) -> list[tuple[str, str | None, str, int]]:
    """How many numbers came to nothing since, by carrier, why, and whether they went back."""
    return tx.execute(WASTED, {"shop_id": shop_id, "since": since}).fetchall()


def used_by_day(tx: Tx, shop_id: int, account_no: int, since: datetime) -> list[tuple[date, int]]:
    """How many numbers of the account were taken on each day."""
    return tx.execute(USED_BY_DAY, {"shop_id": shop_id, "account_no": account_no, "since": since}).fetchall()


def shipped_by_day(tx: Tx, shop_id: int, carrier: str, since: datetime) -> list[tuple[date, int]]:
    """How many orders were shipped with the carrier on each day."""
    return tx.execute(SHIPPED_BY_DAY, {"shop_id": shop_id, "carrier": carrier, "since": since}).fetchall()


def told(tx: Tx, shop_id: int, account_no: int) -> int:
    """How many numbers of the account this house has ever had."""
    row = tx.execute(TOLD, {"shop_id": shop_id, "account_no": account_no}).fetchone()
    return int(row[0]) if row else 0


def counts(tx: Tx, shop_id: int) -> dict[str, int]:
    """How many are open or lost, by state."""
    return dict(tx.execute(COUNTS, {"shop_id": shop_id}).fetchall())


def wipe(tx: Tx, shop_id: int, before: datetime) -> int:
    """Wipes what the print component needed of numbers told before a moment; how many."""
    return tx.execute(WIPE, {"shop_id": shop_id, "before": before}).rowcount


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Lets numbers go on that wait for a moment no wait is ever given."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def _rows(tx: Tx, statement: str, slots: dict[str, object]) -> list[StoredWaybill]:
    with tx.cursor(row_factory=class_row(StoredWaybill)) as cursor:
        return cursor.execute(statement, slots).fetchall()
