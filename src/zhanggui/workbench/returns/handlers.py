"""The page of returns, and what is done on it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.evidence import LARGEST, NewFile
from zhanggui.actions.intake.files import plain_name
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.receiving import Opened, Piece, Share, receive, undo_return, waive
from zhanggui.actions.returns.seeing import Found, FoundCase, awaited, find, photo_of, received, seen
from zhanggui.core.batches.packing import weight_in
from zhanggui.core.returns.grades import Grade
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.evidence.handlers import SHOWN_IN_PLACE, handed_over, media_type
from zhanggui.workbench.lists import Lists
from zhanggui.workbench.places import case_path, complaint_path, order_path
from zhanggui.workbench.returns.wording import DONE, OTHERS, OURS, STATES, VIEWS, WHAT_TO_DO, headline_of, may_be_waived, tone_of

HERE = "/returns"
LISTS = Lists(HERE, Permission.AFTERSALES_READ, VIEWS)
ALL_AS_NEW, EMPTY = "as_new", "empty"


class CountForm(msgspec.Struct):
    """A parcel as it was opened. `what` and `pieces` go side by side: case or order, grade and goods, and how many of them."""

    code: str = ""
    adopts: str = ""
    shares: list[str] | str = ""
    """The cases and orders that the parcel belongs to."""
    what: list[str] | str = ""
    pieces: list[str] | str = ""
    other_of: list[str] | str = ""
    other: list[str] | str = ""
    other_grade: list[str] | str = ""
    other_pieces: list[str] | str = ""
    all: str = ""
    """Everything is back as new; or the parcel is empty."""
    weight: str = ""
    note: str = ""
    photos: list[Any] = msgspec.field(default_factory=list)


class WaiveForm(msgspec.Struct, frozen=True):
    """Why the money goes without the goods."""

    case_no: str = ""
    note: str = ""


@get(HERE, sync_to_thread=True)
def returns_page(
    desk: AtDesk,
    view: FromQuery[str] = "awaited",
    shop: FromQuery[str] = "",
    code: FromQuery[str] = "",
    kept: FromQuery[str] = "",
    adopts: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """A list of returns; or, after a scan, the parcel on the bench."""
    chosen = LISTS.opened(desk, view, shop)
    found = find(desk.house, desk.by, chosen.shop_id, code) if chosen and code.strip() else None
    numbers = [number for text in kept.split(",")[:20] if (number := number_in(text)) is not None]
    just_kept = seen(desk.house, desk.by, chosen.shop_id, numbers) if chosen and numbers else ()
    return _page(desk, chosen, view, found=found, just_kept=just_kept, adopts=number_in(adopts), after=after, done=DONE.get(done))


@post("/shops/{shop_id:int}/returns", opt={"upload": True}, sync_to_thread=True)
def put_return(desk: AtDesk, shop_id: FromPath[int], data: MultipartBody[CountForm]) -> Redirect:
    """The parcel was opened and counted."""
    shop = desk.by.need(Permission.RETURNS_WRITE, shop_number(shop_id))
    photos = tuple(_read(upload) for upload in data.photos if isinstance(upload, UploadFile) and upload.filename)
    shares = _shares(desk, shop, data)
    weight = data.weight.strip()
    grams = weight_in(weight) or number_in(weight) if weight else None
    if weight and not grams:
        raise Refused(say("{typed} is no weight. Write it like 530 g or 0.53 kg.", typed=weight[:40]))
    opened = Opened(code=data.code, shares=shares, weight_g=grams, note=data.note, photos=photos, adopts=number_in(data.adopts))
    numbers = receive(desk.house, desk.by, shop, opened, desk.now)
    return back_to(HERE, shop=shop, kept=",".join(str(number) for number in numbers))


@post("/shops/{shop_id:int}/returns/{return_no:int}/undo", sync_to_thread=True)
def put_undo(desk: AtDesk, shop_id: FromPath[int], return_no: FromPath[int]) -> Redirect:
    """The count was wrong."""
    undo_return(desk.house, desk.by, shop_number(shop_id), return_no, desk.now)
    return back_to(HERE, shop=shop_id, done="undone")


@post("/shops/{shop_id:int}/returns/waived", sync_to_thread=True)
def put_waiver(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[WaiveForm]) -> Redirect:
    """The money goes without the goods."""
    waive(desk.house, desk.by, shop_number(shop_id), data.case_no, data.note, desk.now)
    return back_to(HERE, shop=shop_id, done="waived")


@get("/shops/{shop_id:int}/returns/{return_no:int}/photos/{digest:str}", sync_to_thread=True)
def return_photo(desk: AtDesk, shop_id: FromPath[int], return_no: FromPath[int], digest: FromPath[str]) -> Response[bytes]:
    """A picture, byte for byte."""
    try:
        bare = bytes.fromhex(digest)
    except ValueError:
        raise NotFoundException from None
    photo, content = photo_of(desk.house, desk.by, shop_number(shop_id), return_no, bare)
    is_drawn = photo.media_type in SHOWN_IN_PLACE
    return handed_over(content, photo.media_type if is_drawn else "application/octet-stream", f"{return_no}-{photo.name}", in_place=is_drawn)


def _page(desk: Desk, shop: ShopInfo | None, view: str, *, found: Found | None, after: str, **more: Any) -> Template:
    listed: dict[str, Any] = {"waiting": None, "opened": None}
    if shop is not None and found is None:
        if view == "awaited":
            listed["waiting"] = awaited(desk.house, desk.by, shop.shop_id, cursor=after or None)
        else:
            listed["opened"] = received(desk.house, desk.by, shop.shop_id, STATES[view], cursor=after or None)
    page = listed["waiting"] or listed["opened"]
    return desk.page(
        "returns/page.html",
        shops=desk.shops(LISTS.permission),
        shop=shop,
        view=view,
        views=LISTS.tabs(shop),
        found=found,
        ours=OURS,
        others=OTHERS,
        may_count=shop is not None and desk.by.may(Permission.RETURNS_WRITE, shop.shop_id),
        may_waive=shop is not None and desk.by.may(Permission.ACTS_SEND, shop.shop_id),
        may_see_photos=shop is not None and desk.by.may(Permission.EVIDENCE_READ, shop.shop_id),
        order_path=order_path,
        case_path=case_path,
        complaint_path=complaint_path,
        drawn=SHOWN_IN_PLACE,
        what_to_do=WHAT_TO_DO,
        headline_of=headline_of,
        may_be_waived=may_be_waived,
        tone_of=tone_of,
        next_href=LISTS.next_of(view, shop, page.next_cursor) if shop and page else None,
        **listed,
        **more,
    )


def _shares(desk: Desk, shop: ShopId, data: CountForm) -> tuple[Share, ...]:
    """What was counted, case by case; nothing where the parcel is nobody's."""
    chosen = _listed(data.shares)
    counted: dict[str, list[Piece]] = {name: [] for name in chosen}
    for what, many in zip(_column(data.what), _column(data.pieces), strict=False):
        pieces = _number(many)
        if not pieces:
            continue
        name, grade, goods = _parts(what)
        if name in counted:
            counted[name].append(Piece(goods, grade, pieces))
    others = zip(_column(data.other_of), _column(data.other), _column(data.other_grade), _column(data.other_pieces), strict=False)
    for name, goods, grade_text, many in others:
        pieces = _number(many) or (1 if goods.strip() else 0)
        if pieces and name in counted:
            counted[name].append(Piece(goods.strip() or "?", _grade(grade_text), pieces))
    if data.all == ALL_AS_NEW:
        counted = _all_as_new(desk, shop, data.code, chosen)
    elif data.all == EMPTY:
        counted = {name: [] for name in chosen}
    elif chosen and not any(counted.values()):
        raise Refused(say("Nothing is counted yet. Enter how many pieces came back, or press that the parcel is empty."))
    return tuple(_share(name, pieces) for name, pieces in counted.items())


def _all_as_new(desk: Desk, shop: ShopId, code: str, chosen: Sequence[str]) -> dict[str, list[Piece]]:
    found: dict[str, FoundCase] = {case.name: case for case in find(desk.house, desk.by, shop, code).cases}
    counted = {name: [Piece(goods.key, Grade.AS_NEW, goods.quantity) for goods in found[name].goods] for name in chosen if name in found}
    if not counted or not all(counted.values()):
        raise Refused(say("What was sent is not known, so that it cannot be all of it. Count the pieces."))
    return counted


def _share(name: str, pieces: Sequence[Piece]) -> Share:
    kind, _, number = name.partition("/")
    if kind == "case":
        return Share(None, number, tuple(pieces))
    return Share(number, None, tuple(pieces))


def _parts(what: str) -> tuple[str, Grade, str]:
    """The case, the grade and the goods that a count is of."""
    parts = what.split("|", 2)
    if len(parts) != len(("case", "grade", "goods")):
        raise Refused(say("The form was not complete. Scan the parcel again."))
    return parts[1], _grade(parts[0]), parts[2]


def _grade(text: str) -> Grade:
    found = next((grade for grade in Grade if grade.value == text), None)
    if found is None:
        raise Refused(say("The form was not complete. Scan the parcel again."))
    return found


def _number(text: str) -> int:
    """The pieces typed; nothing is none of them."""
    if not text.strip():
        return 0
    number = number_in(text.strip())
    if number is None:
        raise Refused(say("{typed} is no whole number of pieces.", typed=text[:40]))
    return number


def _column(told: list[str] | str) -> list[str]:
    """One field or several of a name, empty ones too."""
    return told if isinstance(told, list) else [told]


def _listed(told: list[str] | str) -> list[str]:
    """The same without the empty ones."""
    return [text for text in _column(told) if text]


def _read(upload: UploadFile) -> NewFile:
    upload.file.seek(0)
    content = upload.file.read(LARGEST + 1)
    return NewFile(name=plain_name(upload.filename), media_type=media_type(content), content=content)
