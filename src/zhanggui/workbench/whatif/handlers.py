"""The page where open decisions are tried before they are taken."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from litestar import get
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions.refused import Refused
from zhanggui.actions.whatif.listing import OpenCase, open_things
from zhanggui.actions.whatif.trying import PAST_CASES, PAST_ORDERS, Outlook, what_if
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.say import say
from zhanggui.core.whatif.deciding import MOST_DECISIONS, Decision, Do, Every
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.whatif import whatif_terms
from zhanggui.workbench.desk import AtDesk, number_in
from zhanggui.workbench.places import case_path, order_path
from zhanggui.workbench.whatif.wording import of_text, value_text

HERE = "/whatif"
VIEWS = ((HERE, say("Decisions")), (f"{HERE}/notices", say("Notices of rules")))
CASES_SHOWN = 40
_OF_CASE = (Do.AGREE, Do.REFUSE, Do.LAPSE)
_OF_RULING = (Do.WIN, Do.LOSE)
_MOST_YUAN = 1_000_000


class Choice(NamedTuple):
    """One case of the list with what may be decided of it, and what is."""

    open: OpenCase
    dos: tuple[Do, ...]
    chosen: Do | None


@get(HERE, sync_to_thread=True)
def whatif_page(
    desk: AtDesk, shop: FromQuery[str] = "", cases: FromQuery[str] = "", kind: FromQuery[str] = "", most: FromQuery[str] = "", orders: FromQuery[str] = ""
) -> Template:
    """Open decisions of one shop, and what they come to if they are taken so. Nothing is kept: the address holds everything."""
    shops = tuple(each for each in desk.shops(Permission.ORDERS_READ) if desk.by.may(Permission.AFTERSALES_READ, each.shop_id))
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    if chosen is None:
        return desk.page("whatif/page.html", shops=shops, shop=None, tabs=())
    decided = decided_of(desk.request.query_params.getall("d", []))
    every = _every(cases, kind, most, orders)
    waiting = open_things(desk.house, desk.by, chosen.shop_id, desk.now, limit=CASES_SHOWN)
    decisions = (*(Decision(do=do, case=no) for no, do in decided.items()), *every)
    return desk.page(
        "whatif/page.html",
        shops=shops,
        shop=chosen,
        tabs=tuple((title, f"{href}?{urlencode({'shop': chosen.shop_id})}", href == HERE) for href, title in VIEWS),
        waiting=waiting,
        choices=tuple(_choices(waiting.cases, decided)),
        every={"cases": cases, "kind": kind, "most": most, "orders": orders},
        kinds=tuple(each for each in AftersaleKind if each is not AftersaleKind.UNKNOWN),
        outlook=_outlook(desk, chosen.shop_id, decisions),
        decided=len(decisions),
        terms=whatif_terms(),
        past_cases=PAST_CASES,
        past_orders=PAST_ORDERS,
        value_text=value_text,
        of_text=of_text,
        title_of=lambda formula: formula.title.zh if desk.words.language == "zh_Hans" else formula.title.en,
        named_of=lambda titled: titled.zh if desk.words.language == "zh_Hans" else titled.en,
        case_path=case_path,
        order_path=order_path,
    )


def decided_of(told: Sequence[str]) -> dict[str, Do]:
    """What was chosen of which case: `agree:123` each; blank is left to habit. Raises Refused for what is neither."""
    found: dict[str, Do] = {}
    for each in told[:MOST_DECISIONS]:
        do, _, no = each.partition(":")
        if not each:
            continue
        if do not in {one.value for one in (*_OF_CASE, *_OF_RULING)} or not no:
            raise Refused(say("{typed} is no decision.", typed=each[:40]))
        found[no] = Do(do)
    return found


def _outlook(desk: AtDesk, shop_id: int, decisions: Sequence[Decision]) -> Outlook | None:
    return what_if(desk.house, desk.by, shop_id, decisions, desk.now) if decisions else None  # type: ignore[arg-type]  # a number of a shop the desk found


def _every(cases: str, kind: str, most: str, orders: str) -> tuple[Decision, ...]:
    """What is decided of all open things of a sort."""
    found = []
    if cases in {do.value for do in _OF_CASE}:
        yuan = number_in(most)
        if most.strip() and (yuan is None or yuan > _MOST_YUAN):
            raise Refused(say("{typed} is not a whole number.", typed=most[:40]))
        of_kind = AftersaleKind(kind) if kind in set(AftersaleKind) else None
        found.append(Decision(do=Do(cases), every=Every.CASES, kind=of_kind, most_fen=None if yuan is None else yuan * 100))
    if orders in (Do.SHIP.value, Do.LEAVE.value):
        found.append(Decision(do=Do(orders), every=Every.ORDERS))
    return tuple(found)


def _choices(cases: Sequence[OpenCase], decided: dict[str, Do]) -> Iterator[Choice]:
    for each in cases:
        yield Choice(each, _OF_RULING if each.is_with_platform else _OF_CASE, decided.get(each.case.case_no))
