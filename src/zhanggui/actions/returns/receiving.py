"""A returned parcel is counted, photographed and graded in one go: pieces that are as new go back in stock, and everything is kept as proof.

Whoever counts holds the shop, and so does whatever lets money go: the two never pass each other unseen.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.complaints.stepping import drop_unfiled
from zhanggui.actions.evidence.adding import NewFile, add_file_within, check_file
from zhanggui.actions.goods.changing import LONGEST_REASON, MOST_PIECES, change_within, under_lock
from zhanggui.actions.goods.following import USUAL_PLACE, follow_orders
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT
from zhanggui.actions.refused import Refused
from zhanggui.actions.returns.judging import cases_of, judge, judge_around
from zhanggui.actions.returns.known import ceiling_for, goods_of
from zhanggui.core.batches.packing import HEAVIEST_G
from zhanggui.core.evidence import digest_of
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.numbers import as_number
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.returns.grades import TABLE, Grade
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, dispatches, evidence, items, journal, returns, stock
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.returns import NobodysReturn, ReturnCounted, ReturnUndone, ReturnWaived
from zhanggui.records.returns import PhotoRow, PieceRow, ReturnRow, ReturnState
from zhanggui.records.wakes import wake

LONGEST_CODE = 64
MOST_PHOTOS = 20
MOST_SHARES = 20


class Piece(msgspec.Struct, frozen=True):
    """So many pieces of goods in one condition; `goods` is a key of the order's goods, or a name typed for what is none of them."""

    goods: str
    grade: Grade
    pieces: int


class Share(msgspec.Struct, frozen=True):
    """What of a parcel belongs to one case (or to an order of which no case is known)."""

    order_no: str | None
    case_no: str | None
    pieces: tuple[Piece, ...] = ()


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel as it was opened. Without shares it is nobody's yet; `adopts` is the number it was kept under as nobody's."""

    code: str
    shares: tuple[Share, ...] = ()
    weight_g: int | None = None
    note: str = ""
    photos: tuple[NewFile, ...] = ()
    adopts: int | None = None


def receive(house: House, by: Person, shop_id: ShopId, opened: Opened, now: datetime) -> tuple[int, ...]:
    """The numbers under which the parcel is kept, one for each share. Raises Refused where it was counted already, and then nothing is kept."""
    by.need(Permission.RETURNS_WRITE, shop_id)
    opened = _checked(opened)

    def work(tx: Tx) -> tuple[int, ...]:
        receiving = _Receiving(tx, house, by, shop_id, opened, now)
        return receiving.all() if opened.shares else (receiving.nobodys(),)

    return under_lock(house, shop_id, work)


def waive(house: House, by: Person, shop_id: ShopId, case_no: str, note: str, now: datetime) -> int:
    """The number under which it is kept that the money of a case may go without its goods. Only for whoever may send the money."""
    by.need(Permission.RETURNS_WRITE, shop_id)
    by.need(Permission.ACTS_SEND, shop_id)
    _check_note(note)

    def work(tx: Tx) -> int:
        known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
        if known is None:
            raise NotAllowed(Permission.RETURNS_WRITE.value)
        if known.facts.kind is not AftersaleKind.RETURN_AND_REFUND:
            raise Refused(say("No goods have to come back in this case."))
        standing = next((row for row in returns.of_cases(tx, shop_id, [case_no]) if row.state == ReturnState.WAIVED), None)
        if standing is not None:
            return standing.return_no
        order_no, code = known.facts.order_no, known.facts.return_tracking_no or case_no
        return_no = returns.insert(
            tx, shop_id, code=code[:LONGEST_CODE], order_no=order_no, case_no=case_no, state=ReturnState.WAIVED, weight_g=None, note=remark(note),
            troubles=(), at=now, by=by.person_id,
        )  # fmt: skip
        judge(tx, house, by, shop_id, known.facts, now)
        _tell(tx, by, shop_id, order_no, ReturnWaived(return_no), now)
        return return_no

    return under_lock(house, shop_id, work)


def undo_return(house: House, by: Person, shop_id: ShopId, return_no: int, now: datetime) -> None:
    """Takes a count back: the pieces leave the stock again, nobody's parcel is nobody's again, and what was to be complained about is not.

    Raises Refused once the money is on its way or gone.
    """
    by.need(Permission.RETURNS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = returns.locked(tx, shop_id, return_no)
        if row is None:
            raise NotAllowed(Permission.RETURNS_WRITE.value)
        if row.state == ReturnState.UNDONE:
            return
        _refuse_paid(tx, shop_id, row)
        pieces = returns.pieces(tx, shop_id, [return_no]).get(return_no, [])
        taken: dict[tuple[str, str], int] = {}
        for piece in pieces:
            if piece.put_back:
                taken[piece.goods, piece.location] = taken.get((piece.goods, piece.location), 0) - piece.put_back
        returns.undo(tx, shop_id, return_no, now, by.person_id)
        follow_orders(tx, shop_id, [] if row.order_no is None else [row.order_no], now, by.person_id)
        change_within(tx, house, by, shop_id, taken, now, reason=row.code)
        if row.complaint_no is not None:
            drop_unfiled(tx, house, by, shop_id, row.complaint_no, now)
        for case in cases_of(tx, shop_id, row):
            judge(tx, house, by, shop_id, case, now)
        _tell(tx, by, shop_id, row.order_no, ReturnUndone(return_no), now)
        for nobodys in returns.adopted(tx, shop_id, return_no):
            returns.nobodys_again(tx, shop_id, nobodys)
            _tell(tx, by, shop_id, None, NobodysReturn(nobodys), now)

    under_lock(house, shop_id, work)


class _Receiving:
    """One parcel being put down, in the transaction that holds the shop."""

    def __init__(self, tx: Tx, house: House, by: Person, shop_id: ShopId, opened: Opened, now: datetime) -> None:
        self._tx, self._house, self._by, self._shop_id, self._opened, self._now = tx, house, by, shop_id, opened, now
        self._back: dict[tuple[str, str], int] = {}
        """Pieces that go back in stock, by SKU and place."""
        self._kept: set[int] = set()
        """The shares of this parcel that are kept already."""
        self._orders: set[str] = set()
        """The orders of which something is counted: what they take from the shelves may hang on that."""

    def nobodys(self) -> int:
        """Keeps a parcel of which nobody knows the order, with its pictures."""
        return_no = self._insert(None, None, ReturnState.NOBODYS)
        for photo in self._opened.photos:
            digest = digest_of(photo.content)
            evidence.put_content(self._tx, self._shop_id, digest, photo.content)
            row = PhotoRow(return_no=return_no, digest=digest, name=photo.name, media_type=photo.media_type, size=len(photo.content), seq=None)
            returns.put_photo(self._tx, self._shop_id, row)
        _tell(self._tx, self._by, self._shop_id, None, NobodysReturn(return_no), self._now)
        return return_no

    def all(self) -> tuple[int, ...]:
        """Keeps what belongs to each case."""
        kept = tuple(self._share(share) for share in self._opened.shares)
        follow_orders(self._tx, self._shop_id, sorted(self._orders), self._now, self._by.person_id)
        change_within(self._tx, self._house, self._by, self._shop_id, self._back, self._now, reason=self._opened.code[:LONGEST_REASON])
        if self._opened.adopts is not None:
            self._adopt(self._opened.adopts, kept)
        return kept

    def _share(self, share: Share) -> int:
        case = self._case(share)
        order_no = (case.order_no if case else None) or share.order_no
        self._refuse_twice(order_no, share.case_no, case)
        return_no = self._insert(order_no, share.case_no, ReturnState.COUNTED)
        self._orders |= set() if order_no is None else {order_no}
        self._kept.add(return_no)
        rows = self._pieces(return_no, order_no, share)
        returns.put_pieces(self._tx, self._shop_id, rows)
        if order_no is not None and order_no in around.orders(self._tx, self._shop_id, [order_no]):
            for photo in self._opened.photos:
                self._file(return_no, order_no, photo)
        ceiling = ceiling_for(self._tx, self._shop_id, case) if case is not None else None
        self._judge(return_no)
        counted = ReturnCounted(return_no, sum(row.pieces for row in rows), None if ceiling is None else ceiling.fen)
        _tell(self._tx, self._by, self._shop_id, order_no, counted, self._now)
        return return_no

    def _case(self, share: Share) -> AftersaleFacts | None:
        if share.case_no is None:
            if share.order_no is None or share.order_no not in around.orders(self._tx, self._shop_id, [share.order_no]):
                raise NotAllowed(Permission.RETURNS_WRITE.value)
            return None
        known = around.cases_by_no(self._tx, self._shop_id, [share.case_no]).get(share.case_no)
        if known is None:
            raise NotAllowed(Permission.RETURNS_WRITE.value)
        return known.facts

    def _refuse_twice(self, order_no: str | None, case_no: str | None, case: AftersaleFacts | None) -> None:
        """A parcel is counted once for a case, however its number was typed, and whether or not the case was known at the time."""
        names = self._names(order_no, case_no, case)
        for row in self._counted_before(order_no, case_no):
            if row.state == ReturnState.COUNTED and as_number(row.code) in names:
                raise Refused(say("This parcel was counted already, as return {return_no}. Take that count back first.", return_no=row.return_no))

    def _names(self, order_no: str | None, case_no: str | None, case: AftersaleFacts | None) -> set[str]:
        """Every number that means the parcel: where it was named by its case or order, that of any parcel; of the only one the other way round, too."""
        code, called = as_number(self._opened.code), _numbers(order_no, case_no)
        parcels = self._parcels(order_no, None if case is None else case.return_tracking_no)
        if code in called:
            return called.union(*parcels)
        return next((parcel if len(parcels) > 1 else called | parcel for parcel in parcels if code in parcel), {code})

    def _parcels(self, order_no: str | None, back: str | None) -> list[set[str]]:
        """The numbers of each parcel that may come back. What left in one comes back once: refused, under its own number, or under that of the return."""
        if order_no is None:
            return [_numbers(back)]
        known = around.orders(self._tx, self._shop_id, [order_no]).get(order_no)
        dispatch = dispatches.of_orders(self._tx, self._shop_id, [order_no]).get(order_no)
        out = _numbers(known.facts.tracking_no if known else None, dispatch.tracking_no if dispatch else None)
        beside = [*(dispatch.further if dispatch else ()), *((known.facts.further_parcels or ()) if known else ())]
        further = _numbers(*(parcel.tracking_no for parcel in beside)) - out
        return [_numbers(back), out, *({number} for number in sorted(further))] if further else [out | _numbers(back)]

    def _counted_before(self, order_no: str | None, case_no: str | None) -> list[ReturnRow]:
        """What was counted for the case, and for its order while nobody knew of a case; one parcel may bring both at once."""
        orders = [] if order_no is None else [order_no]
        cases = returns.cases_of_orders(self._tx, self._shop_id, orders) if case_no is None else [case_no]
        found = [*returns.without_case(self._tx, self._shop_id, orders), *returns.of_cases(self._tx, self._shop_id, cases)]
        return [row for row in found if row.case_no == case_no or row.return_no not in self._kept]

    def _insert(self, order_no: str | None, case_no: str | None, state: ReturnState) -> int:
        opened = self._opened
        return returns.insert(
            self._tx, self._shop_id, code=opened.code, order_no=order_no, case_no=case_no, state=state, weight_g=opened.weight_g, note=opened.note,
            troubles=(), at=self._now, by=self._by.person_id,
        )  # fmt: skip

    def _pieces(self, return_no: int, order_no: str | None, share: Share) -> list[PieceRow]:
        """The pieces as rows; those as new of goods that are counted in this shop go back to where they lie."""
        goods = {one.key: one for one in goods_of(self._tx, self._shop_id, order_no)} if order_no else {}
        found: dict[tuple[str, Grade], PieceRow] = {}
        for piece in share.pieces:
            if not piece.pieces:
                continue
            known = goods.get(piece.goods)
            if TABLE[piece.grade].is_ours and known is None and goods:
                raise Refused(say("{goods} was not sent with this order; count it as wrong goods.", goods=piece.goods[:80]))
            title = " ".join(text for text in (known.title, known.spec) if text) if known else piece.goods
            place = self._place(known.sku) if known is not None and known.sku is not None and TABLE[piece.grade].is_stock else None
            earlier = found.get((piece.goods, piece.grade))
            many = piece.pieces + (earlier.pieces if earlier else 0)
            found[piece.goods, piece.grade] = PieceRow(
                return_no=return_no, goods=piece.goods, grade=piece.grade.value, title=title[:200], pieces=many,
                put_back=0 if place is None else many, location=place or USUAL_PLACE,
            )  # fmt: skip
        for row in found.values():
            if row.put_back:
                self._back[row.goods, row.location] = self._back.get((row.goods, row.location), 0) + row.put_back
        return list(found.values())

    def _place(self, sku: str) -> str | None:
        """Where this SKU goes back to; None where it was never counted, so that no stock of it is kept."""
        places = {level.location for level in stock.levels(self._tx, self._shop_id, [sku])}
        item = items.of_skus(self._tx, self._shop_id, [sku]).get(sku)
        if not places or item is None:
            return None
        return item.location if item.location in places else min(places)

    def _file(self, return_no: int, order_no: str, photo: NewFile) -> None:
        seq = add_file_within(self._tx, self._by, self._shop_id, order_no, photo, self._now)
        digest = digest_of(photo.content)
        row = PhotoRow(return_no=return_no, digest=digest, name=photo.name, media_type=photo.media_type, size=len(photo.content), seq=seq)
        returns.put_photo(self._tx, self._shop_id, row)

    def _judge(self, return_no: int) -> None:
        """Puts what is wrong onto the list of what is to be complained about; what an earlier parcel of the case lacked may be here now."""
        row = returns.locked(self._tx, self._shop_id, return_no)
        if row is not None:
            judge_around(self._tx, self._house, self._by, self._shop_id, row, self._now)

    def _adopt(self, nobodys: int, kept: Sequence[int]) -> None:
        """What was kept as nobody's is somebody's now: its pictures go into the vault of the order."""
        row = returns.locked(self._tx, self._shop_id, nobodys)
        if row is None or row.state != ReturnState.NOBODYS:
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        for photo in returns.photos(self._tx, self._shop_id, [nobodys]).get(nobodys, []):
            content = evidence.content(self._tx, self._shop_id, photo.digest)
            for return_no in kept:
                ours = returns.one(self._tx, self._shop_id, return_no)
                if content is not None and ours is not None and ours.order_no is not None:
                    self._file(return_no, ours.order_no, NewFile(name=photo.name, media_type=photo.media_type, content=content))
        returns.undo(self._tx, self._shop_id, nobodys, self._now, self._by.person_id)
        returns.matched(self._tx, self._shop_id, nobodys, self._now, self._by.person_id)


def _numbers(*told: str | None) -> set[str]:
    """Those of these numbers that there are, as they are compared."""
    return {as_number(number) for number in told if number}


def _refuse_paid(tx: Tx, shop_id: int, row: ReturnRow) -> None:
    cases = cases_of(tx, shop_id, row)
    # a case may have come to know its order after it was counted, and money goes by the order
    order_nos = sorted({no for no in (row.order_no, *(case.order_no for case in cases)) if no is not None})
    if order_nos and dispatches.paying_back(tx, shop_id, order_nos):
        raise Refused(say("The money for it is on its way or gone, so that the count stays as it is."))
    if any(case.state is AftersaleState.REFUNDED for case in cases):
        raise Refused(say("The money for it is on its way or gone, so that the count stays as it is."))


def _checked(opened: Opened) -> Opened:
    """The parcel with its texts trimmed. Raises Refused for what cannot be kept."""
    code = opened.code.strip()
    if not code or len(code) > LONGEST_CODE:
        raise Refused(say("Scan or type the number of the parcel, at most {most} characters.", most=LONGEST_CODE))
    _check_note(opened.note)
    if len(opened.photos) > MOST_PHOTOS:
        raise Refused(say("At most {most} pictures of a parcel are kept at once.", most=MOST_PHOTOS))
    if len(opened.shares) > MOST_SHARES:
        raise Refused(say("A parcel belongs to at most {most} cases.", most=MOST_SHARES))
    if opened.weight_g is not None and not 0 < opened.weight_g <= HEAVIEST_G:
        raise Refused(say("No parcel weighs {grams} g.", grams=opened.weight_g))
    for share in opened.shares:
        for piece in share.pieces:
            if not 0 <= piece.pieces <= MOST_PIECES:
                raise Refused(say("Give a whole number of pieces from {least} to {most}.", least=0, most=MOST_PIECES))
    for photo in opened.photos:
        check_file(photo)
    return msgspec.structs.replace(opened, code=code, note=remark(opened.note))


def _check_note(note: str) -> None:
    if len(note) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))


def _tell(tx: Tx, by: Person, shop_id: ShopId, order_no: str | None, entry: Entry, now: datetime) -> None:
    kind = None if order_no is None else "order"
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=kind, subject_no=order_no)
    wake(tx, shop_id, [order_no] if order_no else [])
