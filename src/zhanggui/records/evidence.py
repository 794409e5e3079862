"""The vault: contents by their digest, and entries that are only ever added."""

from collections.abc import Iterator

from psycopg.rows import class_row

from zhanggui.core.evidence import EvidenceRow, Head
from zhanggui.records.db import Tx

CONTENT_PUT = """
    insert into evidence_contents (shop_id, digest, content) values (%(shop_id)s, %(digest)s, %(content)s)
    on conflict (shop_id, digest) do nothing
"""
CONTENT = "select content from evidence_contents where shop_id = %(shop_id)s and digest = %(digest)s"
CONTENT_DIGEST = "select sha256(content) from evidence_contents where shop_id = %(shop_id)s and digest = %(digest)s"
ADD = """
    insert into evidence (shop_id, seq, order_no, kind, name, media_type, size, content, reference, note, taken_at,
        made_by, made_by_name, made_at, previous, order_previous, digest)
    values (%(shop_id)s, %(seq)s, %(order_no)s, %(kind)s, %(name)s, %(media_type)s, %(size)s, %(content)s, %(reference)s, %(note)s, %(taken_at)s,
        %(made_by)s, %(made_by_name)s, %(made_at)s, %(previous)s, %(order_previous)s, %(digest)s)
"""
OF_ORDER = """
    select shop_id, seq, order_no, kind, name, media_type, size, content, reference, note, taken_at,
        made_by, made_by_name, made_at, previous, order_previous, digest
    from evidence where shop_id = %(shop_id)s and order_no = %(order_no)s order by seq limit %(limit)s
"""
OF_SHOP = """
    select shop_id, seq, order_no, kind, name, media_type, size, content, reference, note, taken_at,
        made_by, made_by_name, made_at, previous, order_previous, digest
    from evidence where shop_id = %(shop_id)s order by seq
"""
ONE = """
    select shop_id, seq, order_no, kind, name, media_type, size, content, reference, note, taken_at,
        made_by, made_by_name, made_at, previous, order_previous, digest
    from evidence where shop_id = %(shop_id)s and order_no = %(order_no)s and seq = %(seq)s
"""
LAST_OF_ORDER = "select digest from evidence where shop_id = %(shop_id)s and order_no = %(order_no)s order by seq desc limit 1"
COUNT_OF_ORDER = "select count(*) from evidence where shop_id = %(shop_id)s and order_no = %(order_no)s"
HEAD_BEGIN = """
    insert into chain_heads (shop_id, chain, seq, digest) values (%(shop_id)s, %(chain)s, 0, %(genesis)s)
    on conflict (shop_id, chain) do nothing
"""
HEAD_HOLD = "select seq, digest from chain_heads where shop_id = %(shop_id)s and chain = %(chain)s for update"
HEAD = "select seq, digest from chain_heads where shop_id = %(shop_id)s and chain = %(chain)s"
HEAD_SET = "update chain_heads set seq = %(seq)s, digest = %(digest)s where shop_id = %(shop_id)s and chain = %(chain)s"


def hold_head(tx: Tx, shop_id: int, chain: str) -> Head:
    """The end of the chain, which nobody else moves until this transaction ends."""
    tx.execute(HEAD_BEGIN, {"shop_id": shop_id, "chain": chain, "genesis": Head().digest})
    row = tx.execute(HEAD_HOLD, {"shop_id": shop_id, "chain": chain}).fetchone()
    assert row is not None
    return Head(row[0], row[1])


def head(tx: Tx, shop_id: int, chain: str) -> Head:
    """The end of the chain as it stands."""
    row = tx.execute(HEAD, {"shop_id": shop_id, "chain": chain}).fetchone()
    return Head(row[0], row[1]) if row else Head()


def set_head(tx: Tx, shop_id: int, chain: str, to: Head) -> None:
    """Moves the end of the chain."""
    tx.execute(HEAD_SET, {"shop_id": shop_id, "chain": chain, "seq": to.seq, "digest": to.digest})


def put_content(tx: Tx, shop_id: int, digest: bytes, content: bytes) -> None:
    """Keeps a content; the same content is kept once."""
    tx.execute(CONTENT_PUT, {"shop_id": shop_id, "digest": digest, "content": content})


def content(tx: Tx, shop_id: int, digest: bytes) -> bytes | None:
    """The content of that digest."""
    row = tx.execute(CONTENT, {"shop_id": shop_id, "digest": digest}).fetchone()
    return bytes(row[0]) if row else None


def digest_of_content(tx: Tx, shop_id: int, digest: bytes) -> bytes | None:
    """The digest that the content kept under this one really has, None where nothing is kept."""
    row = tx.execute(CONTENT_DIGEST, {"shop_id": shop_id, "digest": digest}).fetchone()
    return bytes(row[0]) if row else None


def add(tx: Tx, row: EvidenceRow) -> None:
    """Writes an entry."""
    tx.execute(ADD, {name: getattr(row, name) for name in row.__struct_fields__})


def last_of_order(tx: Tx, shop_id: int, order_no: str) -> bytes | None:
    """The digest of the order's newest entry."""
    row = tx.execute(LAST_OF_ORDER, {"shop_id": shop_id, "order_no": order_no}).fetchone()
    return bytes(row[0]) if row else None


def count_of_order(tx: Tx, shop_id: int, order_no: str) -> int:
    """How many entries the order has."""
    row = tx.execute(COUNT_OF_ORDER, {"shop_id": shop_id, "order_no": order_no}).fetchone()
    return int(row[0]) if row else 0


def of_order(tx: Tx, shop_id: int, order_no: str, limit: int) -> list[EvidenceRow]:
    """The entries of an order, the oldest first."""
    with tx.cursor(row_factory=class_row(EvidenceRow)) as cursor:
        return cursor.execute(OF_ORDER, {"shop_id": shop_id, "order_no": order_no, "limit": limit}).fetchall()


def one(tx: Tx, shop_id: int, order_no: str, seq: int) -> EvidenceRow | None:
    """One entry of an order."""
    with tx.cursor(row_factory=class_row(EvidenceRow)) as cursor:
        return cursor.execute(ONE, {"shop_id": shop_id, "order_no": order_no, "seq": seq}).fetchone()


def of_shop(tx: Tx, shop_id: int) -> Iterator[EvidenceRow]:
    """Every entry of the shop in its order, a little at a time. The transaction must stay open meanwhile."""
    with tx.cursor(name="evidence_of_shop", row_factory=class_row(EvidenceRow)) as cursor:
        cursor.itersize = 1000
        cursor.execute(OF_SHOP, {"shop_id": shop_id})
        yield from cursor
