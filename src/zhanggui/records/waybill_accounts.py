"""The accounts from which waybill numbers are taken, and what was left in them day by day."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.waybills import AccountState
from zhanggui.records.db import Tx


class StoredAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it stands in the table."""

    shop_id: int
    account_no: int
    carrier: str
    carrier_code: str
    branch_code: str
    branch_name: str
    state: str
    changed_at: datetime
    left_over: int | None
    used: int | None
    cancelled: int | None
    recycled: int | None
    told_at: datetime | None
    told_by: str | None
    used_at_first: int | None
    known_at_first: int | None
    known: int | None
    low_at: int | None
    sender: str | None
    addresses: str | None
    template_url: str | None
    template_name: str | None
    custom_url: str | None
    is_bulk: bool
    whitelist: str | None
    note: str

    @property
    def at(self) -> AccountState:
        """How far it has come."""
        return AccountState(self.state)


INSERT = """
    insert into waybill_accounts (shop_id, carrier, carrier_code, branch_code, branch_name, state, changed_at)
    values (%(shop_id)s, %(carrier)s, %(carrier_code)s, %(branch_code)s, %(branch_name)s, %(state)s, %(changed_at)s)
    on conflict (shop_id, carrier_code, branch_code) do nothing
    returning account_no
"""
OF_SHOP = """
    select waybill_accounts.*, sender::text as sender, addresses::text as addresses from waybill_accounts
    where shop_id = %(shop_id)s order by state = 'ended', account_no
"""
LOCKED = """
    select waybill_accounts.*, sender::text as sender, addresses::text as addresses from waybill_accounts
    where shop_id = %(shop_id)s and account_no = %(account_no)s
    for update
"""
ONE = """
    select waybill_accounts.*, sender::text as sender, addresses::text as addresses from waybill_accounts
    where shop_id = %(shop_id)s and account_no = %(account_no)s
"""
SAVE = """
    update waybill_accounts set branch_code = %(branch_code)s, branch_name = %(branch_name)s, state = %(state)s, changed_at = %(changed_at)s,
        left_over = %(left_over)s, used = %(used)s, cancelled = %(cancelled)s, recycled = %(recycled)s, told_at = %(told_at)s, told_by = %(told_by)s,
        used_at_first = %(used_at_first)s, known_at_first = %(known_at_first)s, known = %(known)s,
        low_at = %(low_at)s, sender = %(sender)s, addresses = %(addresses)s,
        template_url = %(template_url)s, template_name = %(template_name)s, custom_url = %(custom_url)s, is_bulk = %(is_bulk)s,
        whitelist = %(whitelist)s, note = %(note)s
    where shop_id = %(shop_id)s and account_no = %(account_no)s
"""
BALANCE = """
    insert into waybill_balances (shop_id, account_no, day, left_over, used, topped_up, told_at)
    values (%(shop_id)s, %(account_no)s, %(day)s, %(left_over)s, %(used)s, %(topped_up)s, %(told_at)s)
    on conflict (shop_id, account_no, day) do update
    set left_over = excluded.left_over, used = excluded.used, topped_up = waybill_balances.topped_up + excluded.topped_up, told_at = excluded.told_at
"""
BALANCES = """
    select day, left_over, used, topped_up from waybill_balances
    where shop_id = %(shop_id)s and account_no = %(account_no)s and day >= %(since)s order by day
"""
OLDEST_TOLD = "select min(told_at) from waybill_accounts where shop_id = %(shop_id)s and state = 'approved' and told_by = 'platform'"


def insert(tx: Tx, shop_id: int, *, carrier: str, carrier_code: str, branch_code: str, branch_name: str, state: AccountState, at: datetime) -> int | None:
    """The number of the new account; None where there is one at this branch."""
    slots = {
        "shop_id": shop_id,
        "carrier": carrier,
        "carrier_code": carrier_code,
        "branch_code": branch_code,
        "branch_name": branch_name,
        "state": state.value,
        "changed_at": at,
    }
    row = tx.execute(INSERT, slots).fetchone()
    return int(row[0]) if row else None


def of_shop(tx: Tx, shop_id: int) -> list[StoredAccount]:
    """The shop's accounts; those that ended last."""
    with tx.cursor(row_factory=class_row(StoredAccount)) as cursor:
        return cursor.execute(OF_SHOP, {"shop_id": shop_id}).fetchall()


def one(tx: Tx, shop_id: int, account_no: int) -> StoredAccount | None:
    """One account."""
    with tx.cursor(row_factory=class_row(StoredAccount)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "account_no": account_no}).fetchone()


def locked(tx: Tx, shop_id: int, account_no: int) -> StoredAccount | None:
    """One account, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(StoredAccount)) as cursor:
        return cursor.execute(LOCKED, {"shop_id": shop_id, "account_no": account_no}).fetchone()


def save(tx: Tx, account: StoredAccount) -> None:
    """Keeps a locked account as it now stands."""
    tx.execute(SAVE, msgspec.structs.asdict(account))


def keep_balance(tx: Tx, account: StoredAccount, day: date, left: int, used: int | None, told_at: datetime, topped_up: int = 0) -> None:
    """Keeps what is left at the end of the day, as far as it is known by now."""
    slots = {
        "shop_id": account.shop_id,
        "account_no": account.account_no,
        "day": day,
        "left_over": left,
        "used": used,
        "topped_up": topped_up,
        "told_at": told_at,
    }
    tx.execute(BALANCE, slots)


def balances(tx: Tx, shop_id: int, account_no: int, since: date) -> Sequence[tuple[date, int, int | None, int]]:
    """Day, numbers left, numbers used in all, topped up, since a day."""
    return tx.execute(BALANCES, {"shop_id": shop_id, "account_no": account_no, "since": since}).fetchall()


def oldest_told(tx: Tx, shop_id: int) -> datetime | None:
    """When the account the platform was asked about longest ago was asked about."""
    row = tx.execute(OLDEST_TOLD, {"shop_id": shop_id}).fetchone()
    return row[0] if row else None
