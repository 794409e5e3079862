"""The page of the shop's own terms of advice: changed there, and tried on last month's cases before they are kept."""

from collections.abc import Mapping

from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.advice.terms import AIM, COUNTS, SUMS, Own, read, set_terms, shop_terms, versions
from zhanggui.actions.advice.trying import try_terms
from zhanggui.actions.refused import Refused
from zhanggui.core.advice.book import Aim
from zhanggui.core.money import Fen, NotMoney, fen_from_yuan
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number

TITLES: Mapping[str, tuple[Say, Say]] = {
    "small_sum": (say("Small sums"), say("Up to this much is agreed to without asking, where nothing speaks against it.")),
    "give_away_up_to": (say("Give away up to"), say("Up to this much the buyer may keep the goods and get the money.")),
    "alone_up_to": (say("Without a person up to"), say("Up to this much the house may answer by itself, where the level of the act allows it.")),
    "picture_above": (say("A picture above"), say("Above this much a complaint about the goods needs a picture before money is given away.")),
    "most_partial_percent": (say("Offer at most, percent"), say("The largest part of the money offered as compensation.")),
    "trusted_orders": (say("Trusted from, orders"), say("Buyers with so many orders and at most one refund have twice the limits.")),
    "repeat_refunds": (say("Repeat refunder from, refunds"), say("Nothing is given away to such a buyer, and a person always looks.")),
    "cost_percent": (say("Cost of goods, percent of the price"), say("Where the cost of the goods is not known.")),
    "freight_out": (say("Freight of a parcel"), say("What sending once more costs.")),
    "freight_back": (say("Freight of a return"), say("What the way back costs where the shop bears it.")),
    "handling": (say("Handling of a return"), say("Taking in, looking over and putting away.")),
    "contact": (say("Writing once"), say("A rep's time for one message.")),
    "negotiation": (say("Coming to terms"), say("A rep's time for an offer, an answer and the form.")),
    "dispute_work": (say("Handing in evidence"), say("Gathering and writing for one intervention.")),
    "ask_hours": (say("Ask only with hours left"), say("With fewer hours left the buyer is not asked first.")),
}
NAMES = tuple(TITLES)
AIM_TITLE = say("What the shop wants the least of")
AIMS: Mapping[Aim, Say] = {Aim.INDICATORS: say("Money and indicators"), Aim.MONEY: say("Bare money")}


@get("/shops/{shop_id:int}/aftersales/terms", sync_to_thread=True)
def terms_page(desk: AtDesk, shop_id: FromPath[int], done: FromQuery[int | None] = None) -> Template:
    """The terms that hold."""
    return _page(desk, shop_id, {}, done=done)


@post("/shops/{shop_id:int}/aftersales/terms", sync_to_thread=True)
def put_terms(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Template | Redirect:
    """Tries the terms on last month, or keeps them."""
    shop, own = shop_number(shop_id), _typed(data)
    if data.get("act") == "keep":
        set_terms(desk.house, desk.by, shop, own, desk.now)
        return back_to(f"/shops/{shop}/aftersales/terms", done=1)
    return _page(desk, shop_id, own)


def _page(desk: Desk, shop_id: int, own: Own, *, done: int | None = None) -> Template:
    shop = shop_number(shop_id)
    terms = shop_terms(desk.house, desk.by, shop, desk.now)
    return desk.page(
        "aftersales/terms.html",
        shop_id=shop,
        rows=tuple((name, *TITLES[name], _shown(name, own.get(name, getattr(terms, name))), name in SUMS) for name in NAMES),
        aim=own.get(AIM, terms.aim),
        aims=tuple((each, title, terms.aims[each]) for each, title in AIMS.items()),
        defaults={name: _shown(name, getattr(desk.house.rulebook.advice.terms, name)) for name in NAMES},
        trial=try_terms(desk.house, desk.by, shop, own, desk.now) if own else None,
        versions=tuple((each, _told(each.terms)) for each in versions(desk.house, desk.by, shop)),
        may_write=desk.by.may(Permission.SETTINGS_WRITE, shop),
        done=done,
    )


def _told(terms: str) -> tuple[tuple[Say, str | Say], ...]:
    """The terms of a version in words; what is no term any more is left out."""
    own = read(terms)
    aim = tuple((AIM_TITLE, AIMS[Aim(value)]) for name, value in own.items() if name == AIM and value in set(Aim))
    return (*aim, *((TITLES[name][0], _shown(name, value)) for name, value in own.items() if name in TITLES))


def _typed(data: Mapping[str, str]) -> dict[str, int | str]:
    """The terms as typed: sums in yuan, counts as they are."""
    own: dict[str, int | str] = {AIM: data[AIM]} if data.get(AIM) else {}
    for name in (*SUMS, *COUNTS):
        typed = data.get(name, "").strip()
        if typed and name in TITLES:
            own[name] = _sum(typed) if name in SUMS else _count(typed)
    return own


def _sum(typed: str) -> int:
    try:
        return fen_from_yuan(typed)
    except NotMoney:
        raise Refused(say("{typed} is not an amount of yuan with at most two decimals.", typed=typed[:40])) from None


def _count(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 6:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    return int(typed)


def _shown(name: str, value: int | str) -> str:
    if name not in SUMS or not isinstance(value, int):
        return str(value)
    fen = Fen(value)
    return f"{fen // 100}.{fen % 100:02d}"
