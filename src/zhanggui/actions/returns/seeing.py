"""Returns as pages show them: what is awaited, what a scan means, what was counted and what came of it, and what is nobody's yet."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.returns.known import Goods, ceiling_for, goods_of, standing
from zhanggui.core.cases.arrival import return_delivered_at, says_delivered
from zhanggui.core.dispatch.shapes import has_not_gone
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.numbers import as_number
from zhanggui.core.returns.ceiling import Ceiling
from zhanggui.core.returns.grades import Grade
from zhanggui.core.returns.troubles import Trouble
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, deadlines, evidence, returns
from zhanggui.records.db import Tx
from zhanggui.records.returns import LARGEST, PhotoRow, PieceRow, ReturnRow, ReturnState

_STILL_OPEN = frozenset({AftersaleState.SELLER_TO_RECEIVE, AftersaleState.BUYER_TO_SEND, AftersaleState.SELLER_TO_ANSWER, AftersaleState.PLATFORM_HANDLES})


class Awaited(msgspec.Struct, frozen=True):
    """A return that waits to be counted."""

    case: AftersaleFacts
    due_at: datetime
    title: str | None
    is_here: bool
    """Its parcel was delivered, by what the tracking events or the case say."""
    delivered_at: datetime | None


class SeenReturn(msgspec.Struct, frozen=True):
    """What was received once."""

    row: ReturnRow
    state: ReturnState
    pieces: tuple[tuple[PieceRow, Grade], ...]
    photos: tuple[PhotoRow, ...]
    troubles: tuple[Trouble, ...]
    ceiling: Ceiling | None
    case: AftersaleFacts | None
    has_found: bool = False
    """Nobody's parcel whose number a case bears by now."""

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.state is ReturnState.COUNTED and not self.troubles


class FoundCase(msgspec.Struct, frozen=True):
    """A case (or an order without one) that a parcel may belong to."""

    order_no: str | None
    case: AftersaleFacts | None
    title: str | None
    goods: tuple[Goods, ...]
    due_at: datetime | None
    ceiling: Ceiling | None
    received: tuple[ReturnRow, ...]
    is_meant: bool
    """Whether the number is that of its return parcel, or nothing else is in question."""

    @property
    def name(self) -> str:
        """What a form calls it by."""
        return f"case/{self.case.case_no}" if self.case is not None else f"order/{self.order_no}"


class Found(msgspec.Struct, frozen=True):
    """What a scan means: the cases it may belong to; nobody's where there are none. `counted` are the parcels kept under that number."""

    code: str
    cases: tuple[FoundCase, ...]
    counted: tuple[SeenReturn, ...]
    has_come_back: bool = False
    """The number is of a parcel of ours, that went out: it was refused or called back."""


class AwaitedPage(msgspec.Struct, frozen=True):
    """A page of returns that wait to be counted."""

    rows: tuple[Awaited, ...]
    next_cursor: str | None


class ReturnsPage(msgspec.Struct, frozen=True):
    """A page of returns that were received."""

    rows: tuple[SeenReturn, ...]
    next_cursor: str | None


def awaited(house: House, by: Person, shop_id: ShopId, *, cursor: str | None = None, limit: int = 50) -> AwaitedPage:
    """The returns that nobody has counted yet, the most urgent first."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    after = cursors.read(cursor, tuple[int, float, str]) if cursor else None
    with house.pool.connection() as tx:
        found = returns.awaited(tx, shop_id, after, limit + 1)
        shown = [(row, row.case) for row in found[:limit]]
        known = orders_known(tx, shop_id, sorted({case.order_no for _, case in shown if case.order_no}))
    rows = []
    for row, case in shown:
        order = known.get(case.order_no or "")
        delivered_at = return_delivered_at(case, order)
        is_here = delivered_at is not None or says_delivered(case)
        rows.append(Awaited(case, row.due_at, order.order.title if order else None, is_here, delivered_at))
    last = found[limit - 1] if len(found) > limit else None
    return AwaitedPage(tuple(rows), None if last is None else cursors.write((last.band, last.score, last.case_no)))


def received(house: House, by: Person, shop_id: ShopId, states: Sequence[ReturnState], *, cursor: str | None = None, limit: int = 30) -> ReturnsPage:
    """What was received and stands in one of these states, the newest first."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    before = cursors.read(cursor, int) if cursor else LARGEST
    with house.pool.connection() as tx:
        found = returns.page(tx, shop_id, states, before, limit + 1)
        rows = _seen(tx, shop_id, found[:limit])
    return ReturnsPage(rows, cursors.write_one(found[limit - 1].return_no) if len(found) > limit else None)


def seen(house: House, by: Person, shop_id: ShopId, return_nos: Sequence[int]) -> tuple[SeenReturn, ...]:
    """These returns, those that the shop has."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        rows = [row for no in return_nos if (row := returns.one(tx, shop_id, no)) is not None]
        return _seen(tx, shop_id, rows)


def of_order(house: House, by: Person, shop_id: ShopId, order_no: str) -> tuple[SeenReturn, ...]:
    """What came back of an order and stands, the oldest first."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        rows = [*returns.of_cases(tx, shop_id, returns.cases_of_orders(tx, shop_id, [order_no])), *returns.without_case(tx, shop_id, [order_no])]
        return _seen(tx, shop_id, sorted(rows, key=lambda row: row.return_no)) if rows else ()


def find(house: House, by: Person, shop_id: ShopId, code: str) -> Found:
    """What this number means: of a return parcel, of a case, of an order, of a parcel that went out; any of them."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    told = code.strip()
    codes = sorted({told, as_number(told)} - {""})
    with house.pool.connection() as tx:
        order_nos = returns.orders_by_code(tx, shop_id, codes)
        case_nos = list(dict.fromkeys([*returns.cases_by_code(tx, shop_id, codes), *returns.cases_of_orders(tx, shop_id, order_nos)]))
        cases = [known.facts for known in around.cases_by_no(tx, shop_id, case_nos).values()]
        due = {row.subject_no: row.due_at for row in deadlines.of_subjects(tx, shop_id, "aftersale", case_nos) if row.band is not None}
        loose = [no for no in order_nos if not any(case.order_no == no for case in cases)]
        known = orders_known(tx, shop_id, sorted({*loose, *(case.order_no for case in cases if case.order_no)}))
        titles = {no: order.order.title for no, order in known.items()}
        meant = _meant(cases, codes)
        found = [
            _of_case(tx, shop_id, case, titles, due, meant)
            for case in sorted(cases, key=lambda case: (case.case_no not in meant, case.state is not AftersaleState.SELLER_TO_RECEIVE, case.case_no))
        ]
        found += [_of_order(tx, shop_id, no, titles, is_meant=not cases) for no in loose]
        counted = _seen(tx, shop_id, returns.by_code(tx, shop_id, codes))
    out = any(_sent(order).intersection(codes) for order in known.values())
    return Found(told, tuple(found), counted, has_come_back=out)


def photo_of(house: House, by: Person, shop_id: ShopId, return_no: int, digest: bytes) -> tuple[PhotoRow, bytes]:
    """A picture of a return and its bytes. Raises NotAllowed where there is none."""
    by.need(Permission.EVIDENCE_READ, shop_id)
    with house.pool.connection() as tx:
        photo = next((each for each in returns.photos(tx, shop_id, [return_no]).get(return_no, []) if each.digest == digest), None)
        content = evidence.content(tx, shop_id, digest) if photo is not None else None
    if photo is None or content is None:
        raise NotAllowed(Permission.EVIDENCE_READ.value)
    return photo, content


def _sent(order: OrderKnowledge) -> set[str | None]:
    """The numbers of all parcels in which the order left; a further one with a label may lie in the house still."""
    here = () if order.dispatch is None or has_not_gone(order.order, order.dispatch) else order.dispatch.further
    return {order.order.tracking_no, *(parcel.tracking_no for parcel in (*here, *(order.order.further_parcels or ())))}


def _meant(cases: Sequence[AftersaleFacts], codes: Sequence[str]) -> frozenset[str]:
    """The cases that the number points at: those whose return parcel bears it, or that are called so; else the only one that is not over."""
    pointed = [case.case_no for case in cases if case.return_tracking_no in codes or case.case_no in codes]
    if pointed:
        return frozenset(pointed)
    still_open = [case.case_no for case in cases if case.state in _STILL_OPEN]
    return frozenset(still_open) if len(still_open) == 1 else frozenset()


def _of_case(tx: Tx, shop_id: ShopId, case: AftersaleFacts, titles: dict[str, str | None], due: dict[str, datetime], meant: frozenset[str]) -> FoundCase:
    goods = goods_of(tx, shop_id, case.order_no) if case.order_no else ()
    ceiling = ceiling_for(tx, shop_id, case)
    rows = tuple(row for row in standing(tx, shop_id, case))
    return FoundCase(case.order_no, case, titles.get(case.order_no or ""), goods, due.get(case.case_no), ceiling, rows, is_meant=case.case_no in meant)


def _of_order(tx: Tx, shop_id: ShopId, order_no: str, titles: dict[str, str | None], *, is_meant: bool) -> FoundCase:
    rows = tuple(returns.without_case(tx, shop_id, [order_no]))
    return FoundCase(order_no, None, titles.get(order_no), goods_of(tx, shop_id, order_no), None, None, rows, is_meant=is_meant)


def _seen(tx: Tx, shop_id: ShopId, rows: Sequence[ReturnRow]) -> tuple[SeenReturn, ...]:
    numbers = [row.return_no for row in rows]
    pieces, photos = returns.pieces(tx, shop_id, numbers), returns.photos(tx, shop_id, numbers)
    cases = around.cases_by_no(tx, shop_id, sorted({row.case_no for row in rows if row.case_no}))
    is_nobodys = any(row.state == ReturnState.NOBODYS for row in rows)
    found = returns.nobodys_found(tx, shop_id) if is_nobodys else set()
    shown = []
    for row in rows:
        case = cases[row.case_no].facts if row.case_no in cases else None
        shown.append(
            SeenReturn(
                row=row,
                state=ReturnState(row.state),
                pieces=tuple((piece, Grade(piece.grade)) for piece in pieces.get(row.return_no, ())),
                photos=tuple(photos.get(row.return_no, ())),
                troubles=tuple(Trouble(trouble) for trouble in row.troubles),
                ceiling=ceiling_for(tx, shop_id, case) if case is not None else None,
                case=case,
                has_found=row.return_no in found,
            )
        )
    return tuple(shown)
