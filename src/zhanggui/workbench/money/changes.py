"""What is written down on the Money page."""

from contextlib import suppress
from typing import Any

import msgspec
from litestar import post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.money.cash import NewHold, end_hold, end_withdrawal, note_balance, note_hold, note_withdrawal
from zhanggui.actions.money.classing import classify
from zhanggui.actions.money.costs import note_cost, set_money_settings, take_cost_back
from zhanggui.actions.money.profit import put_goods_cost, take_cost_sheet
from zhanggui.actions.once import DoneBefore
from zhanggui.actions.refused import Refused
from zhanggui.core.bill import BillClass
from zhanggui.core.ledger.cash import HoldKind, HoldState, WithdrawalState
from zhanggui.core.ledger.costs import Cost, CostCause, CostKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.chase.money import fen_typed
from zhanggui.workbench.desk import AtDesk, back_to, number_in, own_path, shop_number
from zhanggui.workbench.imports.spool import put_down
from zhanggui.workbench.money.handlers import HERE, money_template
from zhanggui.workbench.once import once_of


class ClassForm(msgspec.Struct, frozen=True):
    """What a code of the bill is; blank: the shop says so no more."""

    code: str = ""
    bill_class: str = ""


class BalanceForm(msgspec.Struct, frozen=True):
    """A balance in yuan as it was read; blank moment: just now."""

    balance: str = ""
    at: str = ""


class WithdrawalForm(msgspec.Struct, frozen=True):
    """A withdrawal in yuan, and what the shop calls the account."""

    amount: str = ""
    account: str = ""
    at: str = ""
    once: str = ""


class StepForm(msgspec.Struct, frozen=True):
    """What became of it; `lost` in yuan where some of it was taken."""

    stand: str = ""
    lost: str = ""


class HoldForm(msgspec.Struct, frozen=True):
    """A sum that was bound."""

    kind: HoldKind = HoldKind.OTHER
    amount: str = ""
    reason: str = ""
    free_at: str = ""
    once: str = ""


class CostForm(msgspec.Struct, frozen=True):
    """What was given to a buyer; sums in yuan."""

    order_no: str = ""
    kind: CostKind = CostKind.OTHER
    cause: CostCause = CostCause.OTHER
    amount: str = ""
    sku: str = ""
    note: str = ""
    back: str = ""
    once: str = ""


class BackForm(msgspec.Struct, frozen=True):
    """Where to go afterwards."""

    back: str = ""


class SettingsForm(msgspec.Struct, frozen=True):
    """The cap for one buyer in yuan, and the days until an order's money can be used; blank: none, and the usual."""

    cap: str = ""
    days: str = ""


class GoodsCostForm(msgspec.Struct, frozen=True):
    """What a piece of a SKU costs, in yuan."""

    sku: str = ""
    cost: str = ""
    from_day: str = ""


class CostSheetForm(msgspec.Struct):
    """The sheet, and the day from which it holds."""

    from_day: str = ""
    files: list[Any] = msgspec.field(default_factory=list)
    """One UploadFile; where no file was chosen, browsers send an empty text."""


@post("/shops/{shop_id:int}/bill_classes", sync_to_thread=True)
def put_bill_class(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ClassForm]) -> Redirect:
    """Says what an unknown code is."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    chosen = next((each for each in BillClass if each.value == data.bill_class), None)
    if data.bill_class and chosen is None:
        raise Refused(say("Choose what the lines of this code are."))
    classify(desk.house, desk.by, shop, data.code, chosen, desk.now)
    return back_to(HERE, view="bill", shop=shop_id, done="classed")


@post("/shops/{shop_id:int}/balances", sync_to_thread=True)
def put_balance_read(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[BalanceForm]) -> Redirect:
    """Keeps a balance that was read in the back office."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    at = desk.moment(data.at) if data.at.strip() else desk.now
    note_balance(desk.house, desk.by, shop, _sum(data.balance), at, desk.now)
    return _back(shop_id, "cash")


@post("/shops/{shop_id:int}/withdrawals", sync_to_thread=True)
def put_withdrawal(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[WithdrawalForm]) -> Redirect:
    """Writes a withdrawal down."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    at = desk.moment(data.at) if data.at.strip() else desk.now
    with suppress(DoneBefore):
        note_withdrawal(desk.house, desk.by, shop, _sum(data.amount), data.account, at, desk.now, once=once_of(desk, data))
    return _back(shop_id, "cash")


@post("/shops/{shop_id:int}/withdrawals/{withdrawal_no:int}/step", sync_to_thread=True)
def step_withdrawal(desk: AtDesk, shop_id: FromPath[int], withdrawal_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """It arrived, failed, or neither after all."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    end_withdrawal(desk.house, desk.by, shop, withdrawal_no, _state(WithdrawalState, data.stand), desk.now)
    return _back(shop_id, "cash")


@post("/shops/{shop_id:int}/holds", sync_to_thread=True)
def put_hold(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[HoldForm]) -> Redirect:
    """Writes a bound sum down."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    free_at = desk.moment(data.free_at) if data.free_at.strip() else None
    hold = NewHold(kind=data.kind, fen=_sum(data.amount), from_at=desk.now, free_at=free_at, reason=data.reason)
    with suppress(DoneBefore):
        note_hold(desk.house, desk.by, shop, hold, desk.now, once=once_of(desk, data))
    return _back(shop_id, "cash")


@post("/shops/{shop_id:int}/holds/{hold_no:int}/step", sync_to_thread=True)
def step_hold(desk: AtDesk, shop_id: FromPath[int], hold_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """It came free, was taken, or is bound after all."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    end_hold(desk.house, desk.by, shop, hold_no, _state(HoldState, data.stand), desk.now, lost=fen_typed(data.lost))
    return _back(shop_id, "cash")


@post("/shops/{shop_id:int}/costs", sync_to_thread=True)
def put_cost(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[CostForm]) -> Redirect:
    """Writes down what was given to a buyer."""
    shop = desk.by.need(Permission.COSTS_WRITE, shop_number(shop_id))
    cost = Cost(order_no=data.order_no.strip(), kind=data.kind, cause=data.cause, fen=_sum(data.amount), sku=data.sku.strip()[:100] or None, note=data.note)
    is_over = False
    with suppress(DoneBefore):
        is_over = note_cost(desk.house, desk.by, shop, cost, desk.now, once=once_of(desk, data)).is_over
    here = own_path(data.back, "")
    return back_to(f"{here}?over=1#costs" if is_over else f"{here}#costs") if here else _back(shop_id, "costs")


@post("/shops/{shop_id:int}/costs/{cost_no:int}/back", sync_to_thread=True)
def put_cost_back(desk: AtDesk, shop_id: FromPath[int], cost_no: FromPath[int], data: URLEncodedBody[BackForm]) -> Redirect:
    """Takes an entry back."""
    shop = desk.by.need(Permission.COSTS_WRITE, shop_number(shop_id))
    take_cost_back(desk.house, desk.by, shop, cost_no, desk.now)
    here = own_path(data.back, "")
    return back_to(f"{here}#costs") if here else back_to(HERE, view="costs", shop=shop_id, done="back")


@post("/shops/{shop_id:int}/money_settings", sync_to_thread=True)
def put_money_settings(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[SettingsForm]) -> Redirect:
    """Keeps the shop's cap and days."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    days = number_in(data.days.strip())
    if data.days.strip() and days is None:
        raise Refused(say("Give a whole number of days from {least} to {most}.", least=0, most=90))
    set_money_settings(desk.house, desk.by, shop, fen_typed(data.cap), days, desk.now)
    return _back(shop_id, "costs")


@post("/shops/{shop_id:int}/goods_costs", sync_to_thread=True)
def put_cost_of_goods(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[GoodsCostForm]) -> Redirect:
    """Keeps what a piece of a SKU costs."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    from_day = shanghai_day(desk.moment(data.from_day)) if data.from_day.strip() else desk.today
    put_goods_cost(desk.house, desk.by, shop, data.sku, fen_typed(data.cost), from_day, desk.now)
    return _back(shop_id, "profit")


@post("/shops/{shop_id:int}/cost_sheets", opt={"upload": True}, sync_to_thread=True, status_code=200)
def put_cost_sheet(desk: AtDesk, shop_id: FromPath[int], data: MultipartBody[CostSheetForm]) -> Template:
    """Takes a sheet of costs in and tells what it brought."""
    shop = desk.by.need(Permission.MONEY_WRITE, shop_number(shop_id))
    uploads = [upload for upload in data.files if isinstance(upload, UploadFile) and upload.filename]
    if len(uploads) != 1:
        raise Refused(say("Choose the sheet first: one file."))
    from_day = shanghai_day(desk.moment(data.from_day)) if data.from_day.strip() else desk.today
    with put_down(desk.house.home, uploads) as paths:
        taken = take_cost_sheet(desk.house, desk.by, shop, paths[0], from_day, desk.now)
    return money_template(desk, "profit", desk.chosen(desk.shops(Permission.MONEY_READ), str(shop)), taken=taken)


def _sum(typed: str) -> Fen:
    """The sum that was typed. Raises Refused for none."""
    fen = fen_typed(typed)
    if fen is None:
        raise Refused(say("Enter the sum of money."))
    return fen


def _state(kind: Any, typed: str) -> Any:
    """The state that was chosen. Raises Refused for none of them."""
    found = next((each for each in kind if each.value == typed), None)
    if found is None:
        raise Refused(say("Choose what became of it."))
    return found


def _back(shop_id: int, view: str) -> Redirect:
    return back_to(HERE, view=view, shop=shop_id, done="kept")
