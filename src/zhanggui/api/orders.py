"""Orders, each with its deadlines and how those came about."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response

from zhanggui.actions.notes import LONGEST, add_note
from zhanggui.actions.order_page import order as whole_order
from zhanggui.actions.orders import orders
from zhanggui.actions.views import OrderView
from zhanggui.api.asked import Asked, AtAsked, Cursor, Limit
from zhanggui.api.bearing import NEEDS
from zhanggui.api.deadlines import DeadlineOut, ExplainedOut, TodoOut, deadline_out, explained_out, todo_out
from zhanggui.api.units import At, Masked, MaybeAt, MaybeFen, NextCursor
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import Subject, SubjectKind
from zhanggui.core.facts import OrderFacts, OrderLineFacts, OrderStage, RefundState, ScanFacts


class OrderOut(msgspec.Struct, frozen=True, kw_only=True):
    """One order as its sources tell it. What nobody told is null."""

    order_no: str
    stage: str | None
    refund: str | None
    status_text: str | None
    created_at: MaybeAt
    paid_at: MaybeAt
    group_formed_at: MaybeAt
    ship_by: MaybeAt
    shipped_at: MaybeAt
    received_at: MaybeAt
    goods_amount_fen: MaybeFen
    pay_amount_fen: MaybeFen
    receive_amount_fen: MaybeFen
    refund_amount_fen: MaybeFen
    quantity: int | None
    title: str | None
    goods_id: str | None
    sku_id: str | None
    spec: str | None
    outer_sku: str | None
    carrier: str | None
    tracking_no: str | None
    receiver: Masked
    province: str | None
    city: str | None


class ListedOrder(msgspec.Struct, frozen=True):
    """An order and its most urgent open deadline."""

    order: OrderOut
    deadline: DeadlineOut | None


class OrdersOut(msgspec.Struct, frozen=True):
    """Orders, the newest first."""

    orders: tuple[ListedOrder, ...]
    next_cursor: NextCursor


class LineOut(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order that has several."""

    line_no: str
    goods_id: str | None
    sku_id: str | None
    title: str | None
    spec: str | None
    quantity: int | None
    price_fen: MaybeFen
    outer_sku: str | None
    is_gift: bool


class ScanOut(msgspec.Struct, frozen=True):
    """One tracking event; numbers of telephones in its words are masked."""

    tracking_no: str
    at: At
    text: str
    stage: str


class NoteOut(msgspec.Struct, frozen=True):
    """A note that somebody left."""

    note_no: int
    text: str
    made_by: str | None
    made_at: At


class WholeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of one order."""

    order: OrderOut
    as_of: At
    lines: tuple[LineOut, ...]
    case_nos: tuple[str, ...]
    review_nos: tuple[str, ...]
    scans: tuple[ScanOut, ...]
    todo: tuple[TodoOut, ...]
    explained: Annotated[tuple[ExplainedOut, ...], msgspec.Meta(description="Every deadline of the order, running or ended, and how it came about.")]
    notes: tuple[NoteOut, ...]


class NoteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note to leave."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]


class NoteMade(msgspec.Struct, frozen=True):
    """The note's number."""

    note_no: int


@get("/orders", sync_to_thread=True, opt={NEEDS: Scope.ORDERS_READ})
def list_orders(
    asked: AtAsked,
    stage: FromQuery[OrderStage | None] = None,
    refund: FromQuery[RefundState | None] = None,
    number: FromQuery[str] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response[OrdersOut]:
    """Orders, the newest first; `number` looks one up by order, parcel or case and stands alone."""
    page = orders(
        asked.house, asked.by, asked.now, shop_ids=[asked.shop_id], stage=stage, refund=refund, query=number or None, cursor=cursor or None, limit=limit
    )
    rows = tuple(ListedOrder(order_out(row.order), None if row.deadline is None else deadline_out(asked, row.deadline)) for row in page.rows)
    return asked.told(OrdersOut(rows, page.next_cursor))


@get("/orders/{order_no:str}", sync_to_thread=True, opt={NEEDS: Scope.ORDERS_READ})
def one_order(asked: AtAsked, order_no: FromPath[str]) -> Response[WholeOrder]:
    """Everything known of one order, with every deadline explained."""
    found = whole_order(asked.house, asked.by, asked.shop_id, order_no, asked.now)
    if found is None:
        raise NotFoundException
    return asked.told(_whole(asked, found))


@post("/orders/{order_no:str}/notes", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.NOTES_WRITE})
def put_note(asked: AtAsked, order_no: FromPath[str], data: JSONBody[NoteIn]) -> Response[NoteMade]:
    """Leaves a note on an order."""

    def work() -> NoteMade:
        return NoteMade(add_note(asked.house, asked.by, asked.shop_id, Subject(SubjectKind.ORDER, order_no), data.text, asked.now))

    return asked.once(data, work)


def order_out(order: OrderFacts) -> OrderOut:
    """The order for a program."""
    return OrderOut(
        order_no=order.order_no,
        stage=order.stage,
        refund=order.refund,
        status_text=order.status_text,
        created_at=order.created_at,
        paid_at=order.paid_at,
        group_formed_at=order.group_formed_at,
        ship_by=order.ship_by,
        shipped_at=order.shipped_at,
        received_at=order.received_at,
        goods_amount_fen=order.goods_amount,
        pay_amount_fen=order.pay_amount,
        receive_amount_fen=order.receive_amount,
        refund_amount_fen=order.refund_amount,
        quantity=order.quantity,
        title=order.title,
        goods_id=order.goods_id,
        sku_id=order.sku_id,
        spec=order.spec,
        outer_sku=order.outer_sku,
        carrier=order.carrier,
        tracking_no=order.tracking_no,
        receiver=order.receiver_masked,
        province=order.province,
        city=order.city,
    )


def scan_out(scan: ScanFacts) -> ScanOut:
    """The tracking event for a program."""
    return ScanOut(scan.tracking_no, scan.at, scan.text, scan.stage.value)


def _whole(asked: Asked, found: OrderView) -> WholeOrder:
    return WholeOrder(
        order=order_out(found.order),
        as_of=found.as_of,
        lines=tuple(map(_line, found.lines)),
        case_nos=tuple(case.case_no for case in found.cases),
        review_nos=tuple(review.review_no for review in found.reviews),
        scans=tuple(map(scan_out, found.scans)),
        todo=tuple(todo_out(asked, item) for item in found.todos),
        explained=tuple(explained_out(asked, each) for each in found.explanations),
        notes=tuple(NoteOut(note.note_id, masked_said(note.text), note.made_by_name, note.made_at) for note in found.notes),
    )


def _line(line: OrderLineFacts) -> LineOut:
    return LineOut(
        line_no=line.line_no,
        goods_id=line.goods_id,
        sku_id=line.sku_id,
        title=line.title,
        spec=line.spec,
        quantity=line.quantity,
        price_fen=line.price,
        outer_sku=line.outer_sku,
        is_gift=bool(line.is_gift),
    )


route_handlers = (list_orders, one_order, put_note)
