"""Returned parcels as they were opened: one row for each case of a parcel, its pieces by goods and grade, its pictures."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import msgspec
from psycopg.rows import class_row

from zhanggui.core.facts import AftersaleFacts
from zhanggui.records.db import Tx

LARGEST = 2**62


class ReturnState(StrEnum):
    """What stands of a returned parcel."""

    COUNTED = "return_counted"
    WAIVED = "return_waived"
    """Its money may go, whatever came back, as a person decided."""
    NOBODYS = "return_nobodys"
    UNDONE = "return_undone"


class ReturnRow(msgspec.Struct, frozen=True, kw_only=True):
    """A return as it stands in the table."""

    shop_id: int
    return_no: int
    code: str
    order_no: str | None
    case_no: str | None
    state: str
    weight_g: int | None
    note: str
    troubles: list[str]
    complaint_no: int | None
    made_at: datetime
    made_by: int | None
    made_by_name: str | None = None
    version: int


class PieceRow(msgspec.Struct, frozen=True, kw_only=True):
    """So many pieces of one kind of goods in one condition."""

    return_no: int
    goods: str
    grade: str
    title: str
    pieces: int
    put_back: int = 0
    location: str = ""


class PhotoRow(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a return; `seq` is its entry of the vault."""

    return_no: int
    digest: bytes
    name: str
    media_type: str
    size: int
    seq: int | None


R = TypeVar("R", PieceRow, PhotoRow)


class AwaitedRow(msgspec.Struct, frozen=True):
    """A return that waits to be counted, and its place among the to-dos."""

    case_no: str
    band: int
    score: float
    due_at: datetime
    facts: str

    @property
    def case(self) -> AftersaleFacts:
        """The case itself."""
        return msgspec.json.decode(self.facts, type=AftersaleFacts)


INSERT = """
    insert into returns (shop_id, code, order_no, case_no, state, weight_g, note, troubles, made_at, made_by)
    values (%(shop_id)s, %(code)s, %(order_no)s, %(case_no)s, %(state)s, %(weight_g)s, %(note)s, %(troubles)s, %(made_at)s, %(made_by)s)
    returning return_no
"""
LOCK = """
    select shop_id, return_no, code, order_no, case_no, state, weight_g, note, troubles, complaint_no, made_at, made_by, version
    from returns where shop_id = %(shop_id)s and return_no = %(return_no)s for update
"""
SAVE = """
    update returns set order_no = %(order_no)s, case_no = %(case_no)s, state = %(state)s, weight_g = %(weight_g)s, note = %(note)s,
        troubles = %(troubles)s, complaint_no = %(complaint_no)s, version = version + 1
    where shop_id = %(shop_id)s and return_no = %(return_no)s and version = %(version)s
"""
UNDO = """
    update returns set state = 'return_undone', undone_at = %(at)s, undone_by = %(by)s, version = version + 1
    where shop_id = %(shop_id)s and return_no = %(no)s
"""
MATCH = "update returns set matched_at = %(at)s, matched_by = %(by)s where shop_id = %(shop_id)s and return_no = %(no)s"
# nobody's parcel is found by whoever counts it, at that very moment; one that lay in a parcel of several cases stays theirs until none of them has it
ADOPTED = """
    select adopted.return_no from returns as ours
    join returns as adopted on adopted.shop_id = ours.shop_id and adopted.matched_at = ours.made_at and adopted.matched_by is not distinct from ours.made_by
    where ours.shop_id = %(shop_id)s and ours.return_no = %(no)s and adopted.state = 'return_undone' and not exists (
        select 1 from returns as others
        where others.shop_id = %(shop_id)s and others.code = ours.code and others.made_at = ours.made_at and others.state = 'return_counted'
    )
"""
NOBODYS_AGAIN = """
    update returns set state = 'return_nobodys', undone_at = null, undone_by = null, matched_at = null, matched_by = null, version = version + 1
    where shop_id = %(shop_id)s and return_no = %(no)s
"""
ONE = """
    select returns.shop_id, return_no, code, order_no, case_no, state, weight_g, note, troubles, complaint_no, returns.made_at, made_by,
        people.display_name as made_by_name, version
    from returns left join people on people.person_id = returns.made_by
    where returns.shop_id = %(shop_id)s and return_no = %(return_no)s
"""
OF_CASES = """
    select returns.shop_id, return_no, code, order_no, case_no, state, weight_g, note, troubles, complaint_no, returns.made_at, made_by,
        people.display_name as made_by_name, version
    from returns left join people on people.person_id = returns.made_by
    where returns.shop_id = %(shop_id)s and case_no = any(%(case_nos)s) and state <> 'return_undone'
    order by return_no
"""
BY_CODE = """
    select returns.shop_id, return_no, code, order_no, case_no, state, weight_g, note, troubles, complaint_no, returns.made_at, made_by,
        people.display_name as made_by_name, version
    from returns left join people on people.person_id = returns.made_by
    where returns.shop_id = %(shop_id)s and code = any(%(codes)s) and state <> 'return_undone'
    order by return_no
"""
WITHOUT_CASE = """
    select returns.shop_id, return_no, code, order_no, case_no, state, weight_g, note, troubles, complaint_no, returns.made_at, made_by,
        people.display_name as made_by_name, version
    from returns left join people on people.person_id = returns.made_by
    where returns.shop_id = %(shop_id)s and order_no = any(%(order_nos)s) and case_no is null and state <> 'return_undone'
    order by return_no
"""
PAGE = """
    select found.*, people.display_name as made_by_name
    from (
        select shop_id, return_no, code, order_no, case_no, state, weight_g, note, troubles, complaint_no, made_at, made_by, version
        from returns
        where shop_id = %(shop_id)s and state = any(%(states)s) and return_no < %(before)s
        order by return_no desc
        limit %(limit)s
    ) as found
    left join people on people.person_id = found.made_by
    order by found.return_no desc
"""
PUT_PIECE = """
    insert into return_pieces (shop_id, return_no, goods, grade, title, pieces, put_back, location)
    values (%(shop_id)s, %(return_no)s, %(goods)s, %(grade)s, %(title)s, %(pieces)s, %(put_back)s, %(location)s)
"""
PIECES = """
    select return_no, goods, grade, title, pieces, put_back, location from return_pieces
    where shop_id = %(shop_id)s and return_no = any(%(return_nos)s)
    order by return_no, goods, grade
"""
PUT_PHOTO = """
    insert into return_photos (shop_id, return_no, digest, name, media_type, size, seq)
    values (%(shop_id)s, %(return_no)s, %(digest)s, %(name)s, %(media_type)s, %(size)s, %(seq)s)
    on conflict (shop_id, return_no, digest) do nothing
"""
PHOTOS = """
    select return_no, digest, name, media_type, size, seq from return_photos
    where shop_id = %(shop_id)s and return_no = any(%(return_nos)s)
    order by return_no, seq, name
"""
FILE_PHOTO = "update return_photos set seq = %(seq)s where shop_id = %(shop_id)s and return_no = %(return_no)s and digest = %(digest)s"
# a case by the number of its return parcel, of the parcel that went out, of the case or of its order
CASES_BY_CODE = """
    select case_no from aftersales where shop_id = %(shop_id)s and return_tracking_no = any(%(codes)s)
    union
    select case_no from aftersales where shop_id = %(shop_id)s and case_no = any(%(codes)s)
    union
    select case_no from aftersales where shop_id = %(shop_id)s and order_no = any(%(codes)s)
    order by 1
    limit 20
"""
ORDERS_BY_CODE = """
    select order_no from orders where shop_id = %(shop_id)s and order_no = any(%(codes)s)
    union
    select order_no from orders where shop_id = %(shop_id)s and tracking_no = any(%(codes)s)
    union
    select order_no from dispatches where shop_id = %(shop_id)s and tracking_no = any(%(codes)s)
    union
    select order_no from ship_parts where shop_id = %(shop_id)s and tracking_no = any(%(codes)s) and printed_at is not null
    union
    select order_no from parcels where shop_id = %(shop_id)s and tracking_no = any(%(codes)s)
    order by 1
    limit 20
"""
CASES_OF_PARCEL_OUT = """
    select case_no from aftersales where shop_id = %(shop_id)s and order_no = any(%(order_nos)s) order by case_no limit 20
"""
# returns on their way or here that nobody has counted, the most urgent first; ordered as the to-dos are, by their index. What was counted for an order
# without a case belongs to its return, where there is one only
AWAITED = """
    select deadlines.subject_no as case_no, deadlines.band, deadlines.score, deadlines.due_at, aftersales.facts::text as facts
    from deadlines
    join aftersales on aftersales.shop_id = deadlines.shop_id and aftersales.case_no = deadlines.subject_no
    where deadlines.shop_id = %(shop_id)s and deadlines.kind = 'inspect_return' and deadlines.band is not null
        and (deadlines.band > %(band)s or (deadlines.band = %(band)s and (deadlines.score, deadlines.subject_no) < (%(score)s, %(case_no)s)))
        and not exists (
            select 1 from returns
            where returns.shop_id = %(shop_id)s and returns.case_no = deadlines.subject_no and returns.state <> 'return_undone'
        )
        and not (
            aftersales.kind = 'return_and_refund'
            and exists (
                select 1 from returns
                where returns.shop_id = %(shop_id)s and returns.order_no = aftersales.order_no and returns.case_no is null and returns.state <> 'return_undone'
            )
            and not exists (
                select 1 from aftersales as others
                where others.shop_id = %(shop_id)s and others.order_no = aftersales.order_no and others.case_no <> aftersales.case_no
                    and others.kind = 'return_and_refund'
            )
        )
    order by deadlines.band, deadlines.score desc, deadlines.subject_no desc
    limit %(limit)s
"""
NOBODYS_FOUND = """
    select returns.return_no from returns
    join aftersales on aftersales.shop_id = returns.shop_id and aftersales.return_tracking_no = returns.code
    where returns.shop_id = %(shop_id)s and returns.state = 'return_nobodys'
"""


def insert(
    tx: Tx,
    shop_id: int,
    *,
    code: str,
    order_no: str | None,
    case_no: str | None,
    state: ReturnState,
    weight_g: int | None,
    note: str,
    troubles: Sequence[str],
    at: datetime,
    by: int | None,
) -> int:
    """The number of a new return."""
    slots = {
        "shop_id": shop_id,
        "code": code,
        "order_no": order_no,
        "case_no": case_no,
        "state": state.value,
        "weight_g": weight_g,
        "note": note,
        "troubles": list(troubles),
        "made_at": at,
        "made_by": by,
    }
    row = tx.execute(INSERT, slots).fetchone()
    assert row is not None
    return int(row[0])


def locked(tx: Tx, shop_id: int, return_no: int) -> ReturnRow | None:
    """The return, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(ReturnRow)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "return_no": return_no}).fetchone()


def save(tx: Tx, row: ReturnRow) -> bool:
    """Whether the return was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(row)).rowcount == 1


def undo(tx: Tx, shop_id: int, return_no: int, at: datetime, by: int | None) -> None:
    """The return counts for nothing any more."""
    tx.execute(UNDO, {"shop_id": shop_id, "no": return_no, "at": at, "by": by})


def matched(tx: Tx, shop_id: int, return_no: int, at: datetime, by: int | None) -> None:
    """Nobody's parcel found its order."""
    tx.execute(MATCH, {"shop_id": shop_id, "no": return_no, "at": at, "by": by})


def adopted(tx: Tx, shop_id: int, return_no: int) -> list[int]:
    """Nobody's parcels that were counted as this return, and that nothing else that stands was counted from."""
    return [no for (no,) in tx.execute(ADOPTED, {"shop_id": shop_id, "no": return_no})]


def nobodys_again(tx: Tx, shop_id: int, return_no: int) -> None:
    """The parcel is nobody's as before."""
    tx.execute(NOBODYS_AGAIN, {"shop_id": shop_id, "no": return_no})


def one(tx: Tx, shop_id: int, return_no: int) -> ReturnRow | None:
    """One return."""
    with tx.cursor(row_factory=class_row(ReturnRow)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "return_no": return_no}).fetchone()


def of_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> list[ReturnRow]:
    """What was received for these cases and stands, the oldest first."""
    if not case_nos:
        return []
    with tx.cursor(row_factory=class_row(ReturnRow)) as cursor:
        return cursor.execute(OF_CASES, {"shop_id": shop_id, "case_nos": list(case_nos)}).fetchall()


def without_case(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[ReturnRow]:
    """What was received for these orders before a case of them was known."""
    if not order_nos:
        return []
    with tx.cursor(row_factory=class_row(ReturnRow)) as cursor:
        return cursor.execute(WITHOUT_CASE, {"shop_id": shop_id, "order_nos": list(order_nos)}).fetchall()


def by_code(tx: Tx, shop_id: int, codes: Sequence[str]) -> list[ReturnRow]:
    """What was received under these numbers and stands."""
    with tx.cursor(row_factory=class_row(ReturnRow)) as cursor:
        return cursor.execute(BY_CODE, {"shop_id": shop_id, "codes": list(codes)}).fetchall()


def page(tx: Tx, shop_id: int, states: Sequence[ReturnState], before: int, limit: int) -> list[ReturnRow]:
    """A page of returns in these states, the newest first."""
    slots = {"shop_id": shop_id, "states": [state.value for state in states], "before": before, "limit": limit}
    with tx.cursor(row_factory=class_row(ReturnRow)) as cursor:
        return cursor.execute(PAGE, slots).fetchall()


def put_pieces(tx: Tx, shop_id: int, rows: Iterable[PieceRow]) -> None:
    """Writes down what lay in a parcel."""
    for row in rows:
        tx.execute(PUT_PIECE, {"shop_id": shop_id} | msgspec.structs.asdict(row))


def pieces(tx: Tx, shop_id: int, return_nos: Sequence[int]) -> dict[int, list[PieceRow]]:
    """What lay in these parcels."""
    with tx.cursor(row_factory=class_row(PieceRow)) as cursor:
        return _by_return(cursor.execute(PIECES, {"shop_id": shop_id, "return_nos": list(return_nos)}) if return_nos else ())


def put_photo(tx: Tx, shop_id: int, photo: PhotoRow) -> None:
    """Ties a picture to a return."""
    tx.execute(PUT_PHOTO, {"shop_id": shop_id} | msgspec.structs.asdict(photo))


def photos(tx: Tx, shop_id: int, return_nos: Sequence[int]) -> dict[int, list[PhotoRow]]:
    """The pictures of these returns."""
    with tx.cursor(row_factory=class_row(PhotoRow)) as cursor:
        return _by_return(cursor.execute(PHOTOS, {"shop_id": shop_id, "return_nos": list(return_nos)}) if return_nos else ())


def _by_return(rows: Iterable[R]) -> dict[int, list[R]]:
    """The rows, by return."""
    found: dict[int, list[R]] = {}
    for row in rows:
        found.setdefault(row.return_no, []).append(row)
    return found


def file_photo(tx: Tx, shop_id: int, return_no: int, digest: bytes, seq: int) -> None:
    """The picture has become an entry of the vault."""
    tx.execute(FILE_PHOTO, {"shop_id": shop_id, "return_no": return_no, "digest": digest, "seq": seq})


def cases_by_code(tx: Tx, shop_id: int, codes: Sequence[str]) -> list[str]:
    """The cases that a number means: of the return parcel, of the case, of the order."""
    return [no for (no,) in tx.execute(CASES_BY_CODE, {"shop_id": shop_id, "codes": list(codes)})]


def orders_by_code(tx: Tx, shop_id: int, codes: Sequence[str]) -> list[str]:
    """The orders that a number means: their own, or that of a parcel that went out."""
    return [no for (no,) in tx.execute(ORDERS_BY_CODE, {"shop_id": shop_id, "codes": list(codes)})]


def cases_of_orders(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[str]:
    """The cases of these orders."""
    return [no for (no,) in tx.execute(CASES_OF_PARCEL_OUT, {"shop_id": shop_id, "order_nos": list(order_nos)})] if order_nos else []


def awaited(tx: Tx, shop_id: int, after: tuple[int, float, str] | None, limit: int) -> list[AwaitedRow]:
    """The returns that nobody has counted, the most urgent first, after one of them."""
    band, score, case_no = after or (-1, 0.0, "")
    slots = {"shop_id": shop_id, "band": band, "score": score, "case_no": case_no, "limit": limit}
    with tx.cursor(row_factory=class_row(AwaitedRow)) as cursor:
        return cursor.execute(AWAITED, slots).fetchall()


def nobodys_found(tx: Tx, shop_id: int) -> set[int]:
    """Those of nobody's parcels whose number a case bears by now."""
    return {no for (no,) in tx.execute(NOBODYS_FOUND, {"shop_id": shop_id})}
