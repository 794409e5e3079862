"""Expert reviews: found, entered, reported step by step."""

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.experts import ExpertTold, ReportTold, experts_seen, forget_expert, keep_expert, step_expert
from zhanggui.core.reviews.experts import ExpertEvent, ExpertState
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, shop_number
from zhanggui.workbench.reviews.handlers import DONE, page_of
from zhanggui.workbench.reviews.wording import EXPERT_EVENTS, EXPERT_STATES

HERE = "/reviews/experts"
_MOST_DIGITS = 10


class ExpertForm(msgspec.Struct, frozen=True):
    """An expert review as it is entered; the moment as a wall clock of Shanghai."""

    goods_id: str = ""
    title: str = ""
    author: str = ""
    said: str = ""
    placed_at: str = ""


class ExpertStepForm(msgspec.Struct, frozen=True):
    """What is done about one; the pieces as numbers parted by blanks or commas."""

    event: str
    reason: str = ""
    report: str = ""
    order_no: str = ""
    pieces: str = ""
    note: str = ""


@get(HERE, sync_to_thread=True)
def experts_page(
    desk: AtDesk,
    shop: FromQuery[str] = "",
    stands: FromQuery[str] = "",
    goods: FromQuery[str] = "",
    q: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """Those found."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    asked = {"stands": stands, "goods": goods.strip(), "q": q.strip()[:60]}
    if chosen is None:
        return page_of(desk, "experts", None, done=None)
    page = experts_seen(desk.house, desk.by, chosen.shop_id, desk.now, state=stands, goods_id=goods, words=asked["q"], cursor=after or None)
    return page_of(
        desk,
        "experts",
        chosen,
        done=DONE.get(done),
        page=page,
        asked=asked,
        states=tuple(ExpertState),
        expert_states=EXPERT_STATES,
        expert_events=EXPERT_EVENTS,
        next_cursor=page.next_cursor,
    )


@post("/shops/{shop_id:int}/experts", sync_to_thread=True)
def put_expert(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ExpertForm]) -> Redirect:
    """An expert review is entered."""
    shop = desk.by.need(Permission.REVIEWS_WRITE, shop_number(shop_id))
    placed_at = desk.moment(data.placed_at) if data.placed_at.strip() else None
    told = ExpertTold(goods_id=data.goods_id, said=data.said, title=data.title, author=data.author, placed_at=placed_at)
    number = keep_expert(desk.house, desk.by, shop, told, desk.now)
    return back_to(f"{HERE}?shop={shop_id}&done=kept#expert-{number}")


@post("/shops/{shop_id:int}/experts/{expert_no:int}", sync_to_thread=True)
def put_expert_step(desk: AtDesk, shop_id: FromPath[int], expert_no: FromPath[int], data: URLEncodedBody[ExpertStepForm]) -> Redirect:
    """Something is done about one, or it is taken off the list."""
    shop = desk.by.need(Permission.REVIEWS_WRITE, shop_number(shop_id))
    if data.event == "forget":
        forget_expert(desk.house, desk.by, shop, expert_no)
        return back_to(HERE, shop=shop_id, done="forgotten")
    event = _event(data.event)
    told = ReportTold(reason=data.reason, report=data.report, order_no=data.order_no, pieces=_numbers(data.pieces), note=data.note)
    step_expert(desk.house, desk.by, shop, expert_no, event, desk.now, told)
    return back_to(f"{HERE}?shop={shop_id}&done=kept#expert-{expert_no}")


def _event(word: str) -> ExpertEvent:
    try:
        return ExpertEvent(word)
    except ValueError:
        raise NotFoundException from None


def _numbers(typed: str) -> tuple[int, ...]:
    """The numbers that were typed. Raises Refused for what is none."""
    parts = typed.replace("，", " ").replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() and len(part) < _MOST_DIGITS for part in parts):
        raise Refused(say("Write the numbers of the pieces as they stand in the vault, such as 1 3."))
    return tuple(map(int, parts))
