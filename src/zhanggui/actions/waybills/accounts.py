"""The accounts numbers are taken from: recorded by hand step by step, or told by the platform; what is left in them, and how long that lasts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.platform import NotConnected, access_to, connected_shops
from zhanggui.actions.platform_carriers import carriers_in, carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills.calling import answered
from zhanggui.actions.waybills.shapes import Account
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.waybill import Address, Branch, Sender, Template, accounts, templates
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import AccountEvent, AccountState, Forecast, NotThatStep, Use, account_after, forecast
from zhanggui.core.waybills.forecast import LOOKS_BACK
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import connections, journal, waybill_accounts, waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.waybills import WaybillAccountMoved, WaybillAccountSet, WaybillAccountToppedUp
from zhanggui.records.waybill_accounts import StoredAccount

LOOKED_AT_EVERY = timedelta(minutes=30)
"""So old what the platform told of the accounts may grow before it is asked again."""
_MOST_NUMBERS = 10**9
_LONGEST = 200
WHITELIST = ("", "applied", "approved", "refused")


class ReadyAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account from which numbers can be taken now, with all that is sent along."""

    account_no: int
    carrier: str
    carrier_code: str
    sender: Sender
    template_url: str
    shop_key: str


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account that people know of."""

    carrier: str
    branch: str = ""
    state: AccountState = AccountState.WISHED


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the labels of an account, and when it counts as low."""

    sender_name: str = ""
    sender_mobile: str = ""
    address: Address = Address()
    template_url: str = ""
    template_name: str = ""
    custom_url: str = ""
    low_at: int | None = None
    is_bulk: bool = False
    whitelist: str = ""
    note: str = ""


def accounts_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[Account, ...]:
    """The shop's accounts, with how long they last."""
    by.need(Permission.WAYBILLS_TAKE, shop_id)
    connected = is_connected(house, shop_id, now)
    with house.pool.connection() as tx:
        return tuple(_shown(tx, row, now, is_connected=connected) for row in waybill_accounts.of_shop(tx, shop_id))


def account_for(house: House, by: Person, shop_id: ShopId, carrier: str, now: datetime) -> Account | None:
    """The account to take numbers of this carrier from: of several the one that is ready and has most left. The carrier by name or code."""
    named = carriers_now(house).named(carrier)
    fit = [each for each in accounts_of(house, by, shop_id, now) if carrier in (each.carrier, each.carrier_code) or (named and each.carrier_code == named.code)]
    return max(fit, key=lambda each: (each.is_ready, each.left or 0), default=None)


def ready_account(house: House, shop_id: ShopId, account_no: int, now: datetime) -> ReadyAccount:
    """The account with all that is sent along. Raises NotConnected, VaultShut, and Refused with what is missing."""
    access = access_to(house, shop_id, now)
    with house.pool.connection() as tx:
        row = waybill_accounts.one(tx, shop_id, account_no)
    if row is None:
        raise NotAllowed(Permission.WAYBILLS_TAKE.value)
    why = _missing(row)
    sender = _sender(row)
    if why is not None or sender is None:
        raise Refused(why or _NO_SENDER)
    return ReadyAccount(
        account_no=account_no,
        carrier=row.carrier,
        carrier_code=row.carrier_code,
        sender=sender,
        template_url=row.template_url or "",
        shop_key=access.owner_id,
    )


def add_account(house: House, by: Person, shop_id: ShopId, new: NewAccount, now: datetime) -> int:
    """Records an account that people know of; its number. Raises Refused where it is known, or its carrier is not."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)
    carrier = carriers_now(house).named(new.carrier.strip())
    if carrier is None:
        raise Refused(say("There is no carrier {carrier}. Choose one of the list.", carrier=new.carrier[:40]))

    def work(tx: Tx) -> int:
        branch = new.branch.strip()[:_LONGEST]
        # without keys nobody knows the branch's code; its name tells two branches apart as well
        account_no = waybill_accounts.insert(
            tx, shop_id, carrier=carrier.name, carrier_code=carrier.code, branch_code=branch, branch_name=branch, state=new.state, at=now
        )
        if account_no is None:
            raise Refused(say("The account with {carrier} ({branch}) is recorded already.", carrier=carrier.name, branch=branch or "—"))
        journal.write(tx, shop_id, WaybillAccountMoved(carrier.name, branch or "—", f"account.{new.state.value}"), at=now, by=by.person_id)
        return account_no

    return transact(house.pool, work)


def move_account(house: House, by: Person, shop_id: ShopId, account_no: int, event: AccountEvent, now: datetime) -> None:
    """Records a step that somebody made in the back office. Raises Refused where the table has no such step."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = _held(tx, shop_id, account_no)
        try:
            state = account_after(row.at, event)
        except NotThatStep:
            raise Refused(say("The account is {state}; that step does not follow from there.", state=f"account.{row.state}")) from None
        waybill_accounts.save(tx, msgspec.structs.replace(row, state=state.value, changed_at=now))
        journal.write(tx, shop_id, WaybillAccountMoved(row.carrier, row.branch_name or "—", f"account.{state.value}"), at=now, by=by.person_id)

    transact(house.pool, work)


def tell_balance(house: House, by: Person, shop_id: ShopId, account_no: int, now: datetime, *, left: int | None = None, bought: int = 0) -> None:
    """Records by hand how many numbers are left, or how many were bought on top of that."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)
    if not (0 <= (left or 0) <= _MOST_NUMBERS and 0 <= bought <= _MOST_NUMBERS) or (left is None and bought == 0):
        raise Refused(say("Say how many numbers are left, or how many were bought: between 0 and {most}.", most=_MOST_NUMBERS))

    def work(tx: Tx) -> None:
        row = _held(tx, shop_id, account_no)
        before = left if left is not None else (_left_now(tx, row, now) or 0)
        after = before + bought
        told = msgspec.structs.replace(row, left_over=after, told_at=now, told_by="person")
        waybill_accounts.save(tx, told)
        waybill_accounts.keep_balance(tx, told, shanghai_day(now), after, row.used, now, topped_up=bought)
        journal.write(tx, shop_id, WaybillAccountToppedUp(row.carrier, row.branch_name or "—", bought, after), at=now, by=by.person_id)

    transact(house.pool, work)


def set_account(house: House, by: Person, shop_id: ShopId, account_no: int, settings: Settings, now: datetime) -> None:
    """Keeps what stands on the labels of the account. Raises Refused for what cannot be sent."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)
    _check(settings)

    def work(tx: Tx) -> None:
        row = _held(tx, shop_id, account_no)
        sender = Sender(settings.sender_name.strip(), settings.sender_mobile.strip(), settings.address)
        waybill_accounts.save(tx, msgspec.structs.replace(row, sender=_json(sender), **_kept(settings)))
        journal.write(tx, shop_id, WaybillAccountSet(row.carrier, row.branch_name or "—"), at=now, by=by.person_id)

    transact(house.pool, work)


def set_sender_of_others(house: House, by: Person, shop_id: ShopId, but: int, settings: Settings, now: datetime) -> None:
    """Keeps the sender for every other account that has none, so that nobody types it twice."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)
    _check(settings)
    sender = _json(Sender(settings.sender_name.strip(), settings.sender_mobile.strip(), settings.address))

    def work(tx: Tx) -> None:
        for row in waybill_accounts.of_shop(tx, shop_id):
            if row.account_no != but and row.sender is None:
                waybill_accounts.save(tx, msgspec.structs.replace(_held(tx, shop_id, row.account_no), sender=sender))
                journal.write(tx, shop_id, WaybillAccountSet(row.carrier, row.branch_name or "—"), at=now, by=by.person_id)

    transact(house.pool, work)


def refresh_accounts(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> int:
    """Asks the platform for the shop's accounts and what is left in them; how many it told. Raises PlatformError, NotConnected, VaultShut."""
    branches = answered(house, shop_id, accounts(), now, wall)
    usual = _usual_templates(house, shop_id, now, wall) if branches else {}
    transact(house.pool, lambda tx: _keep_told(tx, shop_id, branches, usual, now))
    return len(branches)


def refresh_due_accounts(house: House, now: datetime, wall: datetime) -> None:
    """Asks for the accounts of every connected shop that uses them, where it was long ago. For the worker's timetable."""
    for shop_id in connected_shops(house):
        with house.pool.connection() as tx:
            oldest = waybill_accounts.oldest_told(tx, shop_id)
        if oldest is None or oldest > now - LOOKED_AT_EVERY:
            continue
        try:
            refresh_accounts(house, shop_id, now, wall)
        except (PlatformError, Refused):
            continue  # the Settings page tells of it; the balance shows its age


def templates_of(house: House, by: Person, shop_id: ShopId, carrier_code: str, now: datetime, wall: datetime) -> tuple[Template, ...]:
    """The standard templates of a carrier."""
    by.need(Permission.WAYBILLS_WRITE, shop_id)
    return tuple(each for each in answered(house, shop_id, templates(carrier_code), now, wall) if each.carrier_code == carrier_code)


_NO_SENDER = say("It is not said who sends the parcels. An owner can enter the sender's name, telephone and address on the Waybills page.")


def _keep_told(tx: Tx, shop_id: ShopId, branches: Sequence[Branch], usual: dict[str, Template], now: datetime) -> None:
    carriers = carriers_in(tx)
    for told in branches:
        named = carriers.by_code.get(told.carrier_code.upper())
        carrier = named.name if named else told.carrier_code
        rows = [row for row in waybill_accounts.of_shop(tx, shop_id) if row.carrier_code == told.carrier_code]
        # what people recorded before the shop was connected bears the branch's name in place of its code
        same = [row for row in rows if row.branch_code == told.branch_code]
        row = next(iter(same + [row for row in rows if row.branch_code in ("", told.branch_name)]), None)
        if row is None:
            state = AccountState.APPROVED
            waybill_accounts.insert(
                tx, shop_id, carrier=carrier, carrier_code=told.carrier_code, branch_code=told.branch_code, branch_name=told.branch_name, state=state, at=now
            )
            rows = [row for row in waybill_accounts.of_shop(tx, shop_id) if row.carrier_code == told.carrier_code]
            row = next(row for row in rows if row.branch_code == told.branch_code)
        _keep_branch(tx, _held(tx, shop_id, row.account_no), told, usual.get(told.carrier_code), now)


def _keep_branch(tx: Tx, row: StoredAccount, told: Branch, usual: Template | None, now: datetime) -> None:
    after: dict[str, Any] = {
        "branch_code": told.branch_code,
        "branch_name": told.branch_name or row.branch_name,
        "left_over": told.left,
        "used": told.used,
        "cancelled": told.cancelled,
        "recycled": told.recycled,
        "told_at": now,
        "told_by": "platform",
        "addresses": _json(told.addresses) if told.addresses else row.addresses,
    }
    if row.at is not AccountState.APPROVED:
        after |= {"state": account_after(row.at, AccountEvent.TELL).value, "changed_at": now}
    if row.template_url is None and usual is not None:
        after |= {"template_url": usual.url, "template_name": usual.name}
    after["known"] = known = waybills.told(tx, row.shop_id, row.account_no)
    if row.used_at_first is None and told.used is not None:
        after |= {"used_at_first": told.used, "known_at_first": known}
    kept = msgspec.structs.replace(row, **after)
    waybill_accounts.save(tx, kept)
    if told.left is not None:
        waybill_accounts.keep_balance(tx, kept, shanghai_day(now), told.left, told.used, now)


def _usual_templates(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> dict[str, Template]:
    """The first standard template of each carrier; none where the platform does not tell, which a person can mend."""
    try:
        found = answered(house, shop_id, templates(), now, wall)
    except PlatformError:
        return {}
    return {each.carrier_code: each for each in reversed(found)}


def _shown(tx: Tx, row: StoredAccount, now: datetime, *, is_connected: bool) -> Account:
    left = _left_now(tx, row, now)
    return Account(
        account_no=row.account_no,
        carrier=row.carrier,
        carrier_code=row.carrier_code,
        branch=row.branch_name or row.branch_code,
        state=row.at,
        left=left,
        forecast=None if left is None else _forecast(tx, row, left, now, is_connected=is_connected),
        why_not=_missing(row) if is_connected else _BY_HAND,
        unknown=_unknown(row),
        sender=_sender(row),
        addresses=() if row.addresses is None else msgspec.json.decode(row.addresses, type=tuple[Address, ...]),
        row=row,
    )


def forecasts(tx: Tx, shop_id: ShopId, now: datetime) -> Iterator[tuple[StoredAccount, Forecast, datetime]]:
    """The open accounts of which it is known what is left, how long that lasts, and since when that is known."""
    is_told = bool(connections.connected(tx, [shop_id]))
    for row in waybill_accounts.of_shop(tx, shop_id):
        left = _left_now(tx, row, now)
        if left is not None and row.told_at is not None and row.at is AccountState.APPROVED:
            yield row, _forecast(tx, row, left, now, is_connected=is_told), row.told_at


_BY_HAND = say("The shop is not connected to the platform: numbers are taken with your printing tool, and counted here by the orders shipped.")


def _left_now(tx: Tx, row: StoredAccount, now: datetime) -> int | None:
    """What is left: as told, less what we know to have been used since."""
    if row.left_over is None or row.told_at is None:
        return None
    return max(0, row.left_over - sum(many for day, many in _uses(tx, row, row.told_at, now)))


def _uses(tx: Tx, row: StoredAccount, since: datetime, now: datetime) -> list[tuple[date, int]]:
    """Numbers taken here day by day; where none ever were, orders shipped with the carrier, as files tell of them, if no other account has it, too."""
    told: list[tuple[date, int]] = []
    if waybills.told(tx, row.shop_id, row.account_no):
        told = waybills.used_by_day(tx, row.shop_id, row.account_no, since)
    elif row.told_by != "platform" and not _is_one_of_several(tx, row):
        told = waybills.shipped_by_day(tx, row.shop_id, row.carrier, since)
    return [(day, many) for day, many in told if day <= shanghai_day(now)]


def _is_one_of_several(tx: Tx, row: StoredAccount) -> bool:
    """Whether nobody can tell from which of the shop's accounts a parcel of this carrier had its number."""
    alike = [each for each in waybill_accounts.of_shop(tx, row.shop_id) if each.at is AccountState.APPROVED and each.carrier == row.carrier]
    return len(alike) > 1


def _forecast(tx: Tx, row: StoredAccount, left: int, now: datetime, *, is_connected: bool) -> Forecast:
    """By the platform's own count of what was used where it has told on enough days, since other tools use the account too; else by what we know."""
    today = shanghai_day(now)
    since = today - timedelta(days=LOOKS_BACK)
    uses = _by_platform(waybill_accounts.balances(tx, row.shop_id, row.account_no, since - timedelta(days=1))) if is_connected else []
    if len(uses) < 3:
        uses = [Use(day, many) for day, many in _uses(tx, row, start_of_day(since), now)]
    return forecast(left, uses, today, low_at=row.low_at)


def _by_platform(days: Sequence[tuple[date, int, int | None, int]]) -> list[Use]:
    """What the account itself counted as used on each day of two that follow each other."""
    found = []
    for (day, _, before, _), (next_day, _, after, _) in pairwise(days):
        if before is not None and after is not None and after >= before and (next_day - day).days == 1:
            found.append(Use(next_day, after - before))
    return found


def _unknown(row: StoredAccount) -> int | None:
    """How many numbers the platform counted as used that this house did not take, since it first looked."""
    if row.used is None or row.used_at_first is None or row.known is None or row.known_at_first is None:
        return None
    return max(0, (row.used - row.used_at_first) - (row.known - row.known_at_first))


def _missing(row: StoredAccount) -> Say | None:
    """What is missing before a number can be taken from it."""
    sender = _sender(row)
    if row.at is not AccountState.APPROVED:
        return say("The account is {state}: numbers can be taken once it is approved.", state=f"account.{row.state}")
    if sender is None or not (sender.name and sender.mobile and sender.address.is_whole):
        return _NO_SENDER
    if not row.template_url:
        return say("No template is chosen for its labels. An owner can choose one on the Waybills page.")
    if row.is_bulk and row.whitelist != "approved":
        return say("Bulk goods go by freight; the account is not on the whitelist for them yet.")
    return None


def _sender(row: StoredAccount) -> Sender | None:
    return None if row.sender is None else msgspec.json.decode(row.sender, type=Sender)


def is_connected(house: House, shop_id: ShopId, now: datetime) -> bool:
    """Whether the platform can be asked in the shop's name."""
    try:
        access_to(house, shop_id, now)
    except NotConnected:
        return False
    except Refused:
        return True  # its key is missing: it is connected all the same
    return True


def _held(tx: Tx, shop_id: ShopId, account_no: int) -> StoredAccount:
    row = waybill_accounts.locked(tx, shop_id, account_no)
    if row is None:
        raise NotAllowed(Permission.WAYBILLS_WRITE.value)
    return row


def _check(settings: Settings) -> None:
    texts = (settings.sender_name, settings.sender_mobile, settings.template_name, settings.note, *msgspec.structs.astuple(settings.address))
    if any(len(text) > _LONGEST or not text.isprintable() for text in texts):
        raise Refused(say("At most {most} characters in one line each.", most=_LONGEST))
    for url in (settings.template_url, settings.custom_url):
        if url and (not url.startswith("https://") or len(url) > 500 or not url.isascii() or " " in url):
            raise Refused(say("A template is named by its address, which begins with https://."))
    if settings.low_at is not None and not 0 <= settings.low_at <= _MOST_NUMBERS:
        raise Refused(say("Say how many numbers are left, or how many were bought: between 0 and {most}.", most=_MOST_NUMBERS))
    if settings.whitelist not in WHITELIST:
        raise Refused(say("There is no such state of the whitelist."))


def _kept(settings: Settings) -> dict[str, Any]:
    return {
        "template_url": settings.template_url.strip() or None,
        "template_name": settings.template_name.strip() or None,
        "custom_url": settings.custom_url.strip() or None,
        "low_at": settings.low_at,
        "is_bulk": settings.is_bulk,
        "whitelist": settings.whitelist or None,
        "note": settings.note.strip(),
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
