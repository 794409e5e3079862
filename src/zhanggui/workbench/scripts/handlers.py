"""The Scripts page: its views, and one script with its versions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from zhanggui import clock, rulebook
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.drafting.settings import USUAL_CAP, drafting_seen
from zhanggui.actions.scripts.cards import product_cards
from zhanggui.actions.scripts.conceding import concessions_seen
from zhanggui.actions.scripts.replying import filled_replies
from zhanggui.actions.scripts.seeing import OneScript, library, one_script
from zhanggui.actions.scripts.versions import Tried
from zhanggui.core.say import Say, say
from zhanggui.core.scripting.checking import FIXED, Proposal
from zhanggui.core.scripting.situations import TITLES, Situation
from zhanggui.core.scripting.slots import OF_THE_SHOP, QUICK
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, Desk, shop_number
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.scripts.wording import CONCESSIONS, FITS, MARKS, ROOMS, editable, slot_name, stretches

HERE = "/scripts"
VIEWS = {
    "replies": say("Quick replies"),
    "drafts": say("Drafts of the house"),
    "cards": say("Product cards"),
    "room": say("Room to concede"),
    "outcomes": say("What came of them"),
    "shop": say("The shop and files"),
}
LISTS = Lists(HERE, Permission.CONVERSATIONS_READ, VIEWS)
DONE = {
    "kept": say("Kept."),
    "withdrawn": say("Withdrawn: what lies under it holds again."),
    "used": say("Written down as sent."),
    "conceded": say("Written down."),
    "back": say("Taken back."),
    "off": say("Taken away: the key is wiped."),
}
LONGEST_SEARCH = 60


@get(HERE, sync_to_thread=True)
def scripts_page(
    desk: AtDesk,
    view: FromQuery[str] = "replies",
    shop: FromQuery[str] = "",
    situation: FromQuery[str] = "",
    room: FromQuery[str] = "",
    q: FromQuery[str] = "",
    order_no: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """One view of one shop's library."""
    chosen = LISTS.opened(desk, view, shop)
    asked = {"situation": situation if situation in set(Situation) else "", "room": room, "q": q[:LONGEST_SEARCH].strip(), "order_no": order_no[:64].strip()}
    return scripts_template(desk, view, chosen, asked, done=DONE.get(done))


def scripts_template(desk: Desk, view: str, chosen: ShopInfo | None, asked: Mapping[str, str], *, done: Say | None = None, **more: Any) -> Template:
    """The page with this view."""
    return desk.page(
        "scripts/page.html",
        shops=desk.shops(LISTS.permission),
        shop=chosen,
        view=view,
        views=LISTS.tabs(chosen),
        asked=asked,
        done=done,
        may_write=chosen is not None and desk.by.may(Permission.SCRIPTS_WRITE, chosen.shop_id),
        may_set=chosen is not None and desk.by.may(Permission.SETTINGS_WRITE, chosen.shop_id),
        **_PIECES,
        **(({} if chosen is None else _SEEN[view](desk, chosen, asked)) | more),
    )


@get("/shops/{shop_id:int}/scripts/{script_id:str}", sync_to_thread=True)
def script_page(desk: AtDesk, shop_id: FromPath[int], script_id: FromPath[str], order_no: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """One script: how it reads, its words to be changed, and its versions."""
    shop = shop_number(shop_id)
    one = one_script(desk.house, desk.by, shop, script_id, desk.now, order_no=order_no[:64].strip() or None)
    if one is None:
        raise NotFoundException
    return script_template(desk, shop_id, one, order_no=order_no, done=DONE.get(done))


@get("/shops/{shop_id:int}/new_script", sync_to_thread=True)
def new_script_page(desk: AtDesk, shop_id: FromPath[int], situation: FromQuery[str] = "") -> Template:
    """A script of the shop's own, to be written."""
    desk.by.need(Permission.SCRIPTS_WRITE, shop_number(shop_id))
    return script_template(desk, shop_id, None, typed=Proposal(id="", situation=situation if situation in set(Situation) else "", zh="", when_zh=""))


def script_template(
    desk: Desk,
    shop_id: int,
    one: OneScript | None,
    *,
    typed: Proposal | None = None,
    owner: int | None = None,
    tried: Tried | None = None,
    order_no: str = "",
    done: Say | None = None,
) -> Template:
    """The page of one script, with what was typed and what speaks against it."""
    shop = shop_number(shop_id)
    in_force = one.row.script if one is not None else None
    told = typed or _proposal(one, desk.now)
    is_draft = in_force is not None and not in_force.situation
    return desk.page(
        "scripts/one.html",
        shop_id=shop,
        one=one,
        told=told,
        owner=owner if owner is not None else _owner(desk, one),
        members=one.members if one is not None else (),
        tried=tried,
        order_no=order_no,
        slots=tuple((slot_name(name), name) for name in sorted(_slots(one), key=slot_name)),
        situations=() if is_draft else tuple(TITLES.items()),
        fits=() if is_draft else tuple(FITS.items()),
        may_write=desk.by.may(Permission.SCRIPTS_WRITE, shop),
        done=done,
        **_PIECES,
    )


def _slots(one: OneScript | None) -> frozenset[str]:
    """The slots that are filled where this script is used."""
    along = one.comes_along if one is not None else None
    return along.slots if along is not None and not along.situation else QUICK


def _proposal(one: OneScript | None, now: datetime) -> Proposal:
    """The words that are shown, to be corrected; they begin when those do, and end with them unless they are over."""
    assert one is not None, "a page without a script shows what was typed"
    script = one.row.script
    version = one.row.version if script.version else None
    is_later = version is not None and version.from_at > now
    return Proposal(
        id=script.id,
        situation=script.situation,
        fits=script.fits,
        zh=script.zh,
        en="" if script.en == script.zh else script.en,
        when_zh=script.when_zh,
        when_en="" if script.when_en == script.when_zh else script.when_en,
        from_at=version.from_at if version is not None and is_later else None,
        until_at=version.until_at if version is not None and (is_later or one.row.holds) else None,
    )


def _owner(desk: Desk, one: OneScript | None) -> int | None:
    version = one.row.version if one is not None else None
    return version.owner if version is not None and version.owner is not None else desk.by.person_id


def _replies(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> dict[str, Any]:
    told = library(desk.house, desk.by, shop.shop_id, desk.now, situation=asked["situation"], search=asked["q"])
    filled = filled_replies(
        desk.house, desk.by, shop.shop_id, situation=asked["situation"], search=asked["q"], order_no=asked["order_no"] or None, now=desk.now
    )
    replies, rows = {reply.script_id: reply for reply in filled.replies}, {row.script.id: row for row in told.rows}
    order = list(replies) if asked["order_no"] else list(rows)  # those that can be sent first, where it is known to whom
    return {
        "told": told,
        "stands": filled.fit,
        "listed": tuple((rows[name], replies[name]) for name in order if name in rows and name in replies),
        "over": tuple(row for row in told.rows if row.script.situation and not row.holds),
    }


def _drafts(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> dict[str, Any]:
    told = library(desk.house, desk.by, shop.shop_id, desk.now, room=asked["room"], search=asked["q"])
    along = {script.room for script in rulebook.scripts().by_id.values() if not script.situation} - FIXED
    named = [room for room in ROOMS if room in along or room == "own"]
    rooms = tuple((room, ROOMS.get(room)) for room in (*named, *sorted(along - set(named))))
    return {"told": told, "rows": tuple(row for row in told.rows if not row.script.situation and row.script.room not in FIXED), "rooms": rooms}


def _cards(desk: Desk, shop: ShopInfo, asked: Mapping[str, str]) -> dict[str, Any]:
    return {"cards": product_cards(desk.house, desk.by, shop.shop_id, asked["q"], desk.now)}


def _room(desk: Desk, shop: ShopInfo, _: Mapping[str, str]) -> dict[str, Any]:
    return {"given": concessions_seen(desk.house, desk.by, shop.shop_id, desk.now), "kinds": tuple(CONCESSIONS.items())}


def _outcomes(desk: Desk, shop: ShopInfo, _: Mapping[str, str]) -> dict[str, Any]:
    told = library(desk.house, desk.by, shop.shop_id, desk.now, measured=True)
    used = sorted((row for row in told.rows if row.total is not None), key=lambda row: -row.total.uses if row.total else 0)
    return {"told": told, "used": tuple(used), "reps": tuple(sorted(told.reps.items(), key=lambda each: -each[1].uses))}


def _shop(desk: Desk, shop: ShopInfo, _: Mapping[str, str]) -> dict[str, Any]:
    told = library(desk.house, desk.by, shop.shop_id, desk.now, room="own")
    return {
        "own_facts": tuple((name, title, told.facts.get(name, "")) for name, title in OF_THE_SHOP.items()),
        "own_scripts": len(told.rows),
        "drafting": drafting_seen(desk.house, desk.by, shop.shop_id, clock.unwound()),
        "usual_cap": USUAL_CAP,
        "may_name": desk.by.is_keeper and desk.by.may(Permission.SETTINGS_WRITE, shop.shop_id),
        "brought": None,
        "drafted": None,
        "in_talk": False,
    }


_SEEN: Mapping[str, Callable[[Desk, ShopInfo, Mapping[str, str]], dict[str, Any]]] = {
    "replies": _replies,
    "drafts": _drafts,
    "cards": _cards,
    "room": _room,
    "outcomes": _outcomes,
    "shop": _shop,
}
_PIECES: dict[str, Any] = {
    "stretches": stretches,
    "editable": editable,
    "slot_name": slot_name,
    "titles": {situation.value: title for situation, title in TITLES.items()},
    "marks": MARKS,
    "fit_titles": FITS,
    "concessions": {kind.value: title for kind, title in CONCESSIONS.items()},
}
