"""Pictures that cases name, on their way into the vault."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.cases.pictures import Named
from zhanggui.core.say import Say
from zhanggui.records.db import Tx
from zhanggui.records.says import packed, unpacked

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Before every moment of the clock on the wall, by which pictures are fetched; whoever wants one knows the time of the house only."""


class CasePicture(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of a case."""

    case_no: str
    place: int
    address: str
    state: str
    attempts: int
    seq: int | None
    problem: str | None

    @property
    def why_not(self) -> Say | None:
        """Why it is not in the vault."""
        return None if self.problem is None else unpacked(self.problem)


# an address that was renewed is taken while the picture is not here yet
WANT = """
    insert into case_pictures (shop_id, case_no, place, address, state, look_at, made_at)
    select %(shop_id)s, told.case_no, told.place, told.address, 'picture_wanted', %(at_once)s, %(at)s
    from unnest(%(case_nos)s::text[], %(places)s::integer[], %(addresses)s::text[]) as told (case_no, place, address)
    order by told.case_no, told.place
    on conflict (shop_id, case_no, place) do update set address = excluded.address
    where case_pictures.state = 'picture_wanted' and case_pictures.address <> excluded.address
"""
DUE = """
    select case_no, place, address, state, attempts, seq, problem::text as problem from case_pictures
    where shop_id = %(shop_id)s and state = 'picture_wanted' and look_at <= %(wall)s
    order by look_at, case_no, place
    limit %(limit)s
"""
OF_CASES = """
    select case_no, place, address, state = 'picture_wanted' from case_pictures
    where shop_id = %(shop_id)s and case_no = any(%(case_nos)s)
    order by case_no, place
"""
OF_CASE = """
    select case_no, place, address, state, attempts, seq, problem::text as problem from case_pictures
    where shop_id = %(shop_id)s and case_no = %(case_no)s
    order by place
"""
HOLD = """
    select 1 from case_pictures
    where shop_id = %(shop_id)s and case_no = %(case_no)s and place = %(place)s and state = 'picture_wanted'
    for update
"""
KEEP = """
    update case_pictures set state = 'picture_kept', seq = %(seq)s, kept_at = %(at)s, attempts = attempts + 1, problem = null
    where shop_id = %(shop_id)s and case_no = %(case_no)s and place = %(place)s
"""
PUT_OFF = """
    update case_pictures set state = %(state)s, look_at = %(look_at)s, attempts = attempts + 1, problem = %(problem)s
    where shop_id = %(shop_id)s and case_no = %(case_no)s and place = %(place)s and state = 'picture_wanted'
"""
MEND = "update case_pictures set look_at = %(wall)s where shop_id = %(shop_id)s and state = 'picture_wanted' and look_at > %(beyond)s"
SAME = "select seq from evidence where shop_id = %(shop_id)s and order_no = %(order_no)s and content = %(digest)s order by seq limit 1"


def want(tx: Tx, shop_id: int, wanted: Sequence[tuple[str, int, str]], at: datetime) -> None:
    """Has these pictures fetched, by case, place and address; those that are known stay as they are."""
    if wanted:
        slots = {"case_nos": [no for no, _, _ in wanted], "places": [place for _, place, _ in wanted], "addresses": [address for _, _, address in wanted]}
        tx.execute(WANT, {"shop_id": shop_id, "at": at, "at_once": AT_ONCE} | slots)


def of_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> list[tuple[str, Named]]:
    """The pictures that these cases named so far, each with its case, in their order."""
    return [(no, Named(place, address, is_wanted)) for no, place, address, is_wanted in tx.execute(OF_CASES, {"shop_id": shop_id, "case_nos": list(case_nos)})]


def due(tx: Tx, shop_id: int, wall: datetime, limit: int) -> list[CasePicture]:
    """The pictures that are to be fetched now."""
    with tx.cursor(row_factory=class_row(CasePicture)) as cursor:
        return cursor.execute(DUE, {"shop_id": shop_id, "wall": wall, "limit": limit}).fetchall()


def of_case(tx: Tx, shop_id: int, case_no: str) -> list[CasePicture]:
    """The pictures of a case, in their order."""
    with tx.cursor(row_factory=class_row(CasePicture)) as cursor:
        return cursor.execute(OF_CASE, {"shop_id": shop_id, "case_no": case_no}).fetchall()


def hold(tx: Tx, shop_id: int, picture: CasePicture) -> bool:
    """Whether the picture is still wanted; it is held until the transaction ends."""
    return tx.execute(HOLD, {"shop_id": shop_id, "case_no": picture.case_no, "place": picture.place}).fetchone() is not None


def keep(tx: Tx, shop_id: int, picture: CasePicture, seq: int, at: datetime) -> None:
    """The picture is in the vault under this number."""
    tx.execute(KEEP, {"shop_id": shop_id, "case_no": picture.case_no, "place": picture.place, "seq": seq, "at": at})


def put_off(tx: Tx, shop_id: int, picture: CasePicture, state: str, look_at: datetime, problem: Say) -> None:
    """It could not be had this time, or never."""
    slots = {"shop_id": shop_id, "case_no": picture.case_no, "place": picture.place, "state": state, "look_at": look_at, "problem": packed(problem)}
    tx.execute(PUT_OFF, slots)


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Has pictures fetched now that wait for a moment beyond any wait there is."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def same(tx: Tx, shop_id: int, order_no: str, digest: bytes) -> int | None:
    """The number of the same content in the order's vault."""
    row = tx.execute(SAME, {"shop_id": shop_id, "order_no": order_no, "digest": digest}).fetchone()
    return None if row is None else int(row[0])
