"""What pictures of the vault look like, and which of them show the same."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class Print(msgspec.Struct, frozen=True):
    """A picture by its hashes; `sketch` only where it was asked for."""

    digest: bytes
    prints: bytes


class Pair(msgspec.Struct, frozen=True):
    """Two pictures that show the same, and the entry of the vault that brought one of them."""

    shop_id: int
    digest: bytes
    other_shop_id: int
    other_digest: bytes
    likeness: int
    found_at: datetime


class Place(msgspec.Struct, frozen=True):
    """Where a picture stands in the vault."""

    order_no: str
    seq: int
    name: str
    made_at: datetime


MARK = "select seq from photo_marks where shop_id = %(shop_id)s"
SET_MARK = "insert into photo_marks (shop_id, seq) values (%(shop_id)s, %(seq)s) on conflict (shop_id) do update set seq = excluded.seq"
NEW = """
    select seq, order_no, content from evidence
    where shop_id = %(shop_id)s and seq > %(after)s and content is not null and media_type like 'image/%%'
    order by seq
    limit %(limit)s
"""
PUT = """
    insert into photo_prints (shop_id, digest, state, width, height, prints, sketch, made_at)
    values (%(shop_id)s, %(digest)s, %(state)s, %(width)s, %(height)s, %(prints)s, %(sketch)s, %(at)s)
    on conflict (shop_id, digest) do nothing
"""
IS_KNOWN = "select 1 from photo_prints where shop_id = %(shop_id)s and digest = %(digest)s"
PRINTS = """
    select digest, prints from photo_prints
    where shop_id = %(shop_id)s and state = 'read'
    order by made_at desc
    limit %(limit)s
"""
SKETCHES = "select digest, sketch from photo_prints where shop_id = %(shop_id)s and digest = any(%(digests)s)"
PAIR = """
    insert into photo_likenesses (shop_id, digest, other_shop_id, other_digest, likeness, found_at)
    values (%(shop_id)s, %(digest)s, %(other_shop_id)s, %(other_digest)s, %(likeness)s, %(at)s)
    on conflict (shop_id, digest, other_shop_id, other_digest) do update set likeness = greatest(photo_likenesses.likeness, excluded.likeness)
"""
PAIRS = """
    select shop_id, digest, other_shop_id, other_digest, likeness, found_at from photo_likenesses
    where shop_id = %(shop_id)s
    order by found_at desc
    limit %(limit)s
"""
PAIRS_OF = """
    select shop_id, digest, other_shop_id, other_digest, likeness, found_at from photo_likenesses
    where shop_id = %(shop_id)s and digest = any(%(digests)s)
    order by likeness desc
"""
PLACES = """
    select content, order_no, seq, name, made_at from evidence
    where shop_id = %(shop_id)s and content = any(%(digests)s)
    order by seq
"""
OF_ORDER = "select distinct content from evidence where shop_id = %(shop_id)s and order_no = %(order_no)s and content is not null"
ELSEWHERE = "select 1 from evidence where shop_id = %(shop_id)s and content = %(digest)s and order_no <> %(order_no)s limit 1"
UNREAD = "select state, count(*)::bigint from photo_prints where shop_id = %(shop_id)s and state <> 'read' group by state"


def mark(tx: Tx, shop_id: int) -> int:
    """The last entry of the vault that was looked at."""
    row = tx.execute(MARK, {"shop_id": shop_id}).fetchone()
    return int(row[0]) if row else 0


def set_mark(tx: Tx, shop_id: int, seq: int) -> None:
    """Entries up to this one were looked at."""
    tx.execute(SET_MARK, {"shop_id": shop_id, "seq": seq})


def new(tx: Tx, shop_id: int, after: int, limit: int) -> list[tuple[int, str, bytes]]:
    """The next pictures of the vault: entry, order, digest of the content."""
    return [(seq, order_no, bytes(digest)) for seq, order_no, digest in tx.execute(NEW, {"shop_id": shop_id, "after": after, "limit": limit})]


def is_known(tx: Tx, shop_id: int, digest: bytes) -> bool:
    """Whether the picture was looked at before."""
    return tx.execute(IS_KNOWN, {"shop_id": shop_id, "digest": digest}).fetchone() is not None


def put(tx: Tx, shop_id: int, digest: bytes, *, state: str, size: tuple[int, int], prints: bytes, sketch: bytes, at: datetime) -> None:
    """Keeps what a picture looks like."""
    slots = {"shop_id": shop_id, "digest": digest, "state": state, "width": size[0], "height": size[1], "prints": prints, "sketch": sketch, "at": at}
    tx.execute(PUT, slots)


def prints(tx: Tx, shop_id: int, limit: int) -> list[Print]:
    """The newest pictures of a shop by their hashes."""
    return [Print(bytes(digest), bytes(told)) for digest, told in tx.execute(PRINTS, {"shop_id": shop_id, "limit": limit})]


def sketches(tx: Tx, shop_id: int, digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """These pictures, very small."""
    return {bytes(digest): bytes(sketch) for digest, sketch in tx.execute(SKETCHES, {"shop_id": shop_id, "digests": list(digests)})}


def put_pair(tx: Tx, pair: Pair) -> None:
    """Keeps that two pictures show the same, as the shop of the first sees it."""
    tx.execute(PAIR, msgspec.structs.asdict(pair) | {"at": pair.found_at})


def pairs(tx: Tx, shop_id: int, limit: int) -> list[Pair]:
    """The newest pairs of a shop."""
    with tx.cursor(row_factory=class_row(Pair)) as cursor:
        return cursor.execute(PAIRS, {"shop_id": shop_id, "limit": limit}).fetchall()


def pairs_of(tx: Tx, shop_id: int, digests: Sequence[bytes]) -> list[Pair]:
    """The pairs of these pictures."""
    if not digests:
        return []
    with tx.cursor(row_factory=class_row(Pair)) as cursor:
        return cursor.execute(PAIRS_OF, {"shop_id": shop_id, "digests": list(digests)}).fetchall()


def places(tx: Tx, shop_id: int, digests: Sequence[bytes]) -> dict[bytes, list[Place]]:
    """Where these pictures stand in the vault of a shop."""
    found: dict[bytes, list[Place]] = {}
    for digest, order_no, seq, name, made_at in tx.execute(PLACES, {"shop_id": shop_id, "digests": list(digests)}):
        found.setdefault(bytes(digest), []).append(Place(order_no, seq, name, made_at))
    return found


def of_order(tx: Tx, shop_id: int, order_no: str) -> list[bytes]:
    """The contents kept of an order."""
    return [bytes(digest) for (digest,) in tx.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no})]


def is_elsewhere(tx: Tx, shop_id: int, digest: bytes, order_no: str) -> bool:
    """Whether the very same file is kept of another order too."""
    return tx.execute(ELSEWHERE, {"shop_id": shop_id, "digest": digest, "order_no": order_no}).fetchone() is not None


def unread(tx: Tx, shop_id: int) -> dict[str, int]:
    """How many pictures could not be compared, by why."""
    return {state: int(many) for state, many in tx.execute(UNREAD, {"shop_id": shop_id})}
