"""The Waybills page and its forms: accounts, numbers taken and given back."""

from collections.abc import Sequence

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.platform_carriers import carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.actions.waybills import Account, BackOutcome, WaybillOutcome, accounts_of, get_waybills, give_back, refresh_accounts
from zhanggui.actions.waybills.accounts import (
    WHITELIST,
    NewAccount,
    Settings,
    add_account,
    is_connected,
    move_account,
    set_account,
    set_sender_of_others,
    tell_balance,
    templates_of,
)
from zhanggui.actions.waybills.sampling import choose_template
from zhanggui.actions.waybills.seeing import counter, next_to_ship
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.waybill import Address
from zhanggui.connectors.pdd.waybill import Template as Standard
from zhanggui.core.say import say
from zhanggui.core.waybills import ACCOUNT_MOVES, AccountEvent, AccountState, EndedBecause, NumberState
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.records.print_runs import StoredDocument
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.places import order_path
from zhanggui.workbench.waybills.component import component_panel

HERE = "/waybills"
_BIG = ("ZTO", "YTO", "YUNDA", "STO", "JTSD", "SF", "YZXB", "EMS", "JD", "DB")
_BY_PEOPLE = (AccountEvent.APPLY, AccountEvent.APPROVE, AccountEvent.REFUSE, AccountEvent.END)
_REASONS = tuple(reason for reason in EndedBecause if reason is not EndedBecause.DOUBLED)
_DONE = {
    "account": say("The account is recorded."),
    "step": say("Kept."),
    "balance": say("Kept."),
    "label": say("Kept."),
    "template": say("The template is kept. Try it with a test label before the next batch."),
    "told": say("The platform was asked."),
    "back": say("The numbers went back to the account."),
    "looked": say("Kept what you saw at the printer."),
}


class AccountForm(msgspec.Struct, frozen=True):
    """An account that people know of."""

    carrier: str
    branch: str = ""
    state: AccountState = AccountState.WISHED


class StepForm(msgspec.Struct, frozen=True):
    """A step somebody made in the back office."""

    event: AccountEvent


class BalanceForm(msgspec.Struct, frozen=True):
    """How many numbers are left, or were bought."""

    left: str = ""
    bought: str = ""


class LabelForm(msgspec.Struct, frozen=True):
    """Who sends, which template, and when the account counts as low."""

    name: str = ""
    mobile: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""
    template_url: str = ""
    custom_url: str = ""
    low_at: str = ""
    is_bulk: str = ""
    whitelist: str = ""
    note: str = ""
    for_all: str = ""

    def __repr__(self) -> str:
        return "LabelForm(***)"


class TemplateForm(msgspec.Struct, frozen=True):
    """The template chosen, by its address."""

    template: str = ""


class TakeForm(msgspec.Struct, frozen=True):
    """Orders, or how many of the most urgent, and the account."""

    account: str
    order_nos: list[str] | str = ""
    urgent: str = ""


class ReturnForm(msgspec.Struct, frozen=True):
    """Numbers to give back, and why."""

    reason: EndedBecause
    waybill: list[str] | str = ""


@get(HERE, sync_to_thread=True)
def waybills_page(desk: AtDesk, shop: FromQuery[str] = "", stands: FromQuery[str] = "", before: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """Accounts, numbers and labels of a shop."""
    shops = desk.shops(Permission.WAYBILLS_TAKE)
    return _page(desk, desk.chosen(shops, shop) or (shops[0] if shops else None), (), state=stands, before=before, done=done)


@post("/shops/{shop_id:int}/waybill_accounts", sync_to_thread=True)
def new_account(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[AccountForm]) -> Redirect:
    """Records an account."""
    add_account(desk.house, desk.by, shop_number(shop_id), NewAccount(carrier=data.carrier, branch=data.branch, state=data.state), desk.now)
    return back_to(HERE, shop=shop_id, done="account")


@post("/shops/{shop_id:int}/waybill_accounts/{account_no:int}/step", sync_to_thread=True)
def step_account(desk: AtDesk, shop_id: FromPath[int], account_no: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """Records a step of an account."""
    if data.event not in _BY_PEOPLE:
        raise Refused(say("There is no such step."))
    move_account(desk.house, desk.by, shop_number(shop_id), account_no, data.event, desk.now)
    return back_to(HERE, shop=shop_id, done="step")


@post("/shops/{shop_id:int}/waybill_accounts/{account_no:int}/balance", sync_to_thread=True)
def put_balance(desk: AtDesk, shop_id: FromPath[int], account_no: FromPath[int], data: URLEncodedBody[BalanceForm]) -> Redirect:
    """Records what is left in an account, or what was bought."""
    left = _number(data.left)
    tell_balance(desk.house, desk.by, shop_number(shop_id), account_no, desk.now, left=left, bought=_number(data.bought) or 0)
    return back_to(HERE, shop=shop_id, done="balance")


@post("/shops/{shop_id:int}/waybill_accounts/{account_no:int}/label", sync_to_thread=True)
def put_label(desk: AtDesk, shop_id: FromPath[int], account_no: FromPath[int], data: URLEncodedBody[LabelForm]) -> Redirect:
    """Keeps what stands on the labels of an account."""
    settings = Settings(
        sender_name=data.name,
        sender_mobile=data.mobile,
        address=Address(data.province.strip(), data.city.strip(), data.district.strip(), "", data.detail.strip()),
        template_url=data.template_url.strip(),
        custom_url=data.custom_url.strip(),
        low_at=_number(data.low_at),
        is_bulk=bool(data.is_bulk),
        whitelist=data.whitelist,
        note=data.note,
    )
    if data.for_all:
        set_sender_of_others(desk.house, desk.by, shop_number(shop_id), account_no, settings, desk.now)
    set_account(desk.house, desk.by, shop_number(shop_id), account_no, settings, desk.now)
    return back_to(HERE, shop=shop_id, done="label")


@get("/shops/{shop_id:int}/waybill_accounts/{account_no:int}/templates", sync_to_thread=True)
def templates_page(desk: AtDesk, shop_id: FromPath[int], account_no: FromPath[int]) -> Template:
    """The templates that the platform offers for an account's labels."""
    shop, account = _account(desk, shop_id, account_no)
    return desk.page("waybills/templates.html", shop=shop, account=account, templates=_templates(desk, shop.shop_id, account), here="waybills")


@post("/shops/{shop_id:int}/waybill_accounts/{account_no:int}/template", sync_to_thread=True)
def put_template(desk: AtDesk, shop_id: FromPath[int], account_no: FromPath[int], data: URLEncodedBody[TemplateForm]) -> Redirect:
    """Keeps the template chosen, where the platform still offers it."""
    shop, account = _account(desk, shop_id, account_no)
    chosen = next((each for each in _templates(desk, shop.shop_id, account) if each.url == data.template), None)
    if chosen is None:
        raise Refused(say("The platform does not offer this template for {carrier}. Choose again.", carrier=account.carrier))
    choose_template(desk.house, desk.by, shop.shop_id, account_no, chosen, desk.now)
    return back_to(HERE, shop=shop_id, done="template")


@post("/shops/{shop_id:int}/waybill_balances", sync_to_thread=True)
def ask_balances(desk: AtDesk, shop_id: FromPath[int]) -> Redirect:
    """Asks the platform for the accounts and what is left in them."""
    shop = desk.by.need(Permission.WAYBILLS_TAKE, shop_number(shop_id))
    try:
        refresh_accounts(desk.house, shop, desk.now, clock.unwound())
    except PlatformError as problem:
        raise Refused(problem.say) from None
    return back_to(HERE, shop=shop_id, done="told")


@post("/shops/{shop_id:int}/waybills", sync_to_thread=True, status_code=200)
def take_waybills(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[TakeForm]) -> Template:
    """Takes numbers, and shows what came of it."""
    shop = shop_number(shop_id)
    account_no = number_in(data.account)
    if account_no is None:
        raise Refused(say("Choose the account that the numbers are taken from."))
    nos = orders_in(data.order_nos)
    urgent = _number(data.urgent) or 0
    if not nos and urgent:
        nos = tuple(next_to_ship(desk.house, desk.by, shop, min(urgent, 500)))
    if not nos:
        raise Refused(say("Name the orders, or how many of the most urgent ones."))
    outcomes = get_waybills(desk.house, desk.by, shop, nos, account_no, desk.now, clock.unwound())
    return _page(desk, desk.chosen(desk.shops(Permission.WAYBILLS_TAKE), str(shop_id)), outcomes)


@post("/shops/{shop_id:int}/waybill_returns", sync_to_thread=True, status_code=200)
def return_waybills(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ReturnForm]) -> Template | Redirect:
    """Gives numbers back; where some did not go, it shows why."""
    named = [data.waybill] if isinstance(data.waybill, str) else data.waybill
    ids = [number for each in named if (number := number_in(each)) is not None]
    if not ids:
        raise Refused(say("Tick the numbers that go back."))
    if data.reason not in _REASONS:
        raise Refused(say("Say why the numbers go back."))
    outcomes = give_back(desk.house, desk.by, shop_number(shop_id), ids, data.reason, desk.now, clock.unwound())
    kept = tuple(each for each in outcomes if each.why is not None and not each.is_back)
    if kept:
        return _page(desk, desk.chosen(desk.shops(Permission.WAYBILLS_TAKE), str(shop_id)), (), kept=kept)
    return back_to(HERE, shop=shop_id, done="back")


def _account(desk: Desk, shop_id: int, account_no: int) -> tuple[ShopInfo, Account]:
    shop = desk.by.need(Permission.WAYBILLS_WRITE, shop_number(shop_id))
    account = next((each for each in accounts_of(desk.house, desk.by, shop, desk.now) if each.account_no == account_no), None)
    info = desk.chosen(desk.shops(Permission.WAYBILLS_WRITE), str(shop))
    if account is None or info is None:
        raise NotFoundException
    return info, account


def _templates(desk: Desk, shop: ShopId, account: Account) -> tuple[Standard, ...]:
    try:
        return templates_of(desk.house, desk.by, shop, account.carrier_code, desk.now, clock.unwound())
    except PlatformError as problem:
        raise Refused(problem.say) from None


def orders_in(told: list[str] | str) -> tuple[str, ...]:
    """The order numbers in a text or in several, each once."""
    text = told if isinstance(told, str) else " ".join(told)
    return tuple(dict.fromkeys(text.replace(",", " ").replace("，", " ").split()))


def _page(
    desk: Desk,
    shop: ShopInfo | None,
    outcomes: tuple[WaybillOutcome, ...],
    *,
    kept: tuple[BackOutcome, ...] = (),
    state: str = "",
    before: str = "",
    done: str = "",
) -> Template:
    shops = desk.shops(Permission.WAYBILLS_TAKE)
    wanted = NumberState(state) if state in list(NumberState) else None
    shown = None if shop is None else counter(desk.house, desk.by, shop.shop_id, desk.now, state=wanted, before=number_in(before))
    return desk.page(
        "waybills/page.html",
        shops=shops,
        shop=shop,
        shown=shown,
        state=wanted,
        states=tuple(NumberState),
        outcomes=outcomes,
        kept=kept,
        done=_DONE.get(done),
        is_connected=shop is not None and shown is not None and is_connected(desk.house, shop.shop_id, desk.now),
        may_write=shop is not None and desk.by.may(Permission.WAYBILLS_WRITE, shop.shop_id),
        carriers=_carriers(carriers_now(desk.house)),
        steps=_steps,
        account_states=tuple(AccountState),
        whitelist=WHITELIST,
        reasons=_REASONS,
        order_path=order_path,
        runs=_runs(shop.shop_id, shown.open_labels) if shop and shown else [],
        component=component_panel(desk, shop.shop_id) if shop else None,
    )


def _carriers(known: Carriers) -> list[str]:
    """The names of the carriers that parcels may be sent with, those first that carry nearly everything."""
    first = [known.by_code[code].name for code in _BIG if known.offers(code)]
    return first + sorted({carrier.name for carrier in known.by_code.values() if carrier.is_available} - set(first))


def _steps(state: AccountState) -> tuple[AccountEvent, ...]:
    """The steps a person can record from here."""
    return tuple(move.event for move in ACCOUNT_MOVES if move.before is state and move.event in _BY_PEOPLE)


def _runs(shop_id: ShopId, documents: Sequence[StoredDocument]) -> list[dict[str, object]]:
    """The open labels as the script asks the component about them: by run and bundle."""
    runs: dict[int, dict[str, list[str]]] = {}
    for document in documents:
        runs.setdefault(document.run_no, {}).setdefault(document.task, []).append(document.number)
    return [
        {"results_path": f"/shops/{shop_id}/print_runs/{run_no}/results", "tasks": [{"task_id": task, "documents": named} for task, named in tasks.items()]}
        for run_no, tasks in runs.items()
    ]


def _number(typed: str) -> int | None:
    if not typed.strip():
        return None
    number = number_in(typed.strip())
    if number is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    return number
