"""Texts to telephones: a shop's doors and templates, the numbers it gave for a while, who wants none, and every text."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.records.db import Tx


class WayRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A door as the shop set it. `secret` is sealed."""

    shop_id: int
    way: str
    sign: str
    key_id: str
    secret: bytes | None
    is_on: bool
    rests_until: datetime | None
    problem: str | None
    problem_at: datetime | None

    def __repr__(self) -> str:
        return f"WayRecord({self.way!r})"


class TemplateRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A template as it was approved by a door."""

    kind: str
    way: str
    code: str
    content: str


class NumberRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A number that the shop gave, sealed."""

    order_no: str
    sealed: bytes
    is_cipher: bool = False
    """The platform's own ciphertext, not a number that the shop gave."""
    digest: bytes
    may_advertise: bool
    brought_at: datetime
    ends_at: datetime

    def __repr__(self) -> str:
        return f"NumberRecord({self.order_no!r})"


class NewText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that was just decided."""

    once: str
    kind: str
    way: str
    order_no: str
    digest: bytes | None
    sign: str
    code: str
    filling: str
    said: str
    parts: int
    cost_li: int
    state: str
    send_at: datetime
    look_at: datetime | None
    decided_at: datetime
    decided_by: int | None


class TextRecord(NewText, frozen=True, kw_only=True):
    """A text as it stands."""

    shop_id: int
    text_no: int
    sealed: bytes | None
    tried_at: datetime | None
    receipt: str
    answer: str | None
    sent_at: datetime | None
    version: int

    def __repr__(self) -> str:
        return f"TextRecord({self.text_no}, {self.state!r})"


TERMS = "select terms::text from text_terms where shop_id = %(shop_id)s"
KEEP_TERMS = """
    insert into text_terms (shop_id, terms, made_by, made_at) values (%(shop_id)s, %(terms)s::json, %(made_by)s, %(made_at)s)
    on conflict (shop_id) do update set terms = excluded.terms, made_by = excluded.made_by, made_at = excluded.made_at
"""
WAYS = """
    select shop_id, way, sign, key_id, secret, is_on, rests_until, problem::text as problem, problem_at from text_ways
    where shop_id = %(shop_id)s order by way
"""
KEEP_WAY = """
    insert into text_ways (shop_id, way, sign, key_id, secret, is_on, made_by, made_at)
    values (%(shop_id)s, %(way)s, %(sign)s, %(key_id)s, %(secret)s, %(is_on)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, way) do update set sign = excluded.sign, key_id = excluded.key_id, secret = coalesce(excluded.secret, text_ways.secret),
        is_on = excluded.is_on, rests_until = null, problem = null, problem_at = null, made_by = excluded.made_by, made_at = excluded.made_at
"""
NOTE_PROBLEM = """
    update text_ways set problem = %(problem)s::json, problem_at = %(at)s, rests_until = coalesce(%(rests_until)s, rests_until)
    where shop_id = %(shop_id)s and way = %(way)s
"""
TEMPLATES = "select kind, way, code, content from text_templates where shop_id = %(shop_id)s order by kind, way"
KEEP_TEMPLATE = """
    insert into text_templates (shop_id, kind, way, code, content, made_by, made_at)
    values (%(shop_id)s, %(kind)s, %(way)s, %(code)s, %(content)s, %(made_by)s, %(made_at)s)
    on conflict (shop_id, kind, way) do update set code = excluded.code, content = excluded.content, made_by = excluded.made_by, made_at = excluded.made_at
"""
DROP_TEMPLATE = "delete from text_templates where shop_id = %(shop_id)s and kind = %(kind)s and way = %(way)s"
PUT_NUMBER = """
    insert into text_numbers (shop_id, order_no, sealed, is_cipher, digest, may_advertise, brought_at, brought_by, ends_at)
    values (%(shop_id)s, %(order_no)s, %(sealed)s, %(is_cipher)s, %(digest)s, %(may_advertise)s, %(brought_at)s, %(brought_by)s, %(ends_at)s)
    on conflict (shop_id, order_no) do update set sealed = excluded.sealed, is_cipher = excluded.is_cipher, digest = excluded.digest,
        may_advertise = excluded.may_advertise,
        brought_at = excluded.brought_at, brought_by = excluded.brought_by, ends_at = excluded.ends_at
"""
NUMBERS = """
    select order_no, sealed, is_cipher, digest, may_advertise, brought_at, ends_at from text_numbers
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and ends_at > %(now)s
"""
TO_GREET = """
    select distinct on (digest) order_no from text_numbers
    where shop_id = %(shop_id)s and may_advertise and not is_cipher and ends_at > %(now)s
        and not exists (select 1 from texts where texts.shop_id = text_numbers.shop_id and texts.once = %(greeting)s || encode(text_numbers.digest, 'hex'))
        and not exists (select 1 from text_refusals as no where no.shop_id = text_numbers.shop_id and no.digest = text_numbers.digest)
    order by digest, brought_at desc
    limit %(limit)s
"""
COUNT_NUMBERS = """
    select count(*), count(*) filter (where may_advertise) from text_numbers where shop_id = %(shop_id)s and ends_at > %(now)s and not is_cipher
"""
WITHOUT_CIPHER = """
    select order_no from orders
    where shop_id = %(shop_id)s and stage = 'to_ship' and refund = 'none' and listed_at >= %(since)s
        and not exists (select 1 from text_numbers where text_numbers.shop_id = orders.shop_id and text_numbers.order_no = orders.order_no)
    order by listed_at, order_no limit %(limit)s
"""
FORGET_NUMBERS = "delete from text_numbers where shop_id = %(shop_id)s and ends_at <= %(now)s"
REFUSE = """
    insert into text_refusals (shop_id, digest, said_at, said_by) values (%(shop_id)s, %(digest)s, %(said_at)s, %(said_by)s)
    on conflict (shop_id, digest) do nothing
"""
REFUSING = "select digest from text_refusals where shop_id = %(shop_id)s and digest = any(%(digests)s)"
SHIPPED = """
    select order_no from parcels
    where shop_id = %(shop_id)s and shipped_at >= %(since)s and shipped_at <= %(now)s
        and exists (select 1 from text_numbers as n where n.shop_id = parcels.shop_id and n.order_no = parcels.order_no and n.ends_at > %(now)s)
        and not exists (select 1 from texts where texts.shop_id = parcels.shop_id and texts.once = %(kind)s || ':' || parcels.order_no)
    group by order_no order by min(shipped_at), order_no limit %(limit)s
"""
DELIVERED = """
    select order_no from parcels
    where shop_id = %(shop_id)s and state = 'arrived_home' and shipped_at >= %(shipped_since)s and delivered_at >= %(since)s and delivered_at <= %(now)s
        and exists (select 1 from text_numbers as n where n.shop_id = parcels.shop_id and n.order_no = parcels.order_no and n.ends_at > %(now)s)
        and not exists (select 1 from texts where texts.shop_id = parcels.shop_id and texts.once = %(kind)s || ':' || parcels.order_no)
    group by order_no order by min(delivered_at), order_no limit %(limit)s
"""
PUT = """
    insert into texts (shop_id, once, kind, way, order_no, digest, sign, code, filling, said, parts, cost_li, state, send_at, look_at, decided_at, decided_by)
    values (%(shop_id)s, %(once)s, %(kind)s, %(way)s, %(order_no)s, %(digest)s, %(sign)s, %(code)s, %(filling)s::json, %(said)s, %(parts)s, %(cost_li)s,
        %(state)s, %(send_at)s, %(look_at)s, %(decided_at)s, %(decided_by)s)
    on conflict (shop_id, once) do nothing
    returning text_no
"""
HAD = """
    select digest, coalesce(sent_at, tried_at, send_at) from texts
    where shop_id = %(shop_id)s and digest = any(%(digests)s) and decided_at >= %(since)s and state not in ('text_failed', 'text_stopped')
"""
SPENT = """
    select coalesce(sum(cost_li), 0)::bigint from texts
    where shop_id = %(shop_id)s and decided_at >= %(since)s and state not in ('text_failed', 'text_stopped')
"""
HOLD_TERMS = "select pg_advisory_xact_lock(hashtextextended('texts', %(shop_id)s))"
DUE = """
    select text_no from texts where shop_id = %(shop_id)s and look_at <= %(wall)s and (state <> 'text_waits' or send_at <= %(now)s)
    order by look_at, text_no limit %(limit)s
"""
MEND = "update texts set look_at = %(wall)s where shop_id = %(shop_id)s and look_at > %(beyond)s"
LOCK = """
    select once, kind, way, order_no, digest, sign, code, filling::text as filling, said, parts, cost_li, state, send_at, look_at, decided_at, decided_by,
        shop_id, text_no, sealed, tried_at, receipt, answer::text as answer, sent_at, version
    from texts where shop_id = %(shop_id)s and text_no = %(text_no)s for update
"""
NEWEST = """
    select once, kind, way, order_no, digest, sign, code, filling::text as filling, said, parts, cost_li, state, send_at, look_at, decided_at, decided_by,
        shop_id, text_no, sealed, tried_at, receipt, answer::text as answer, sent_at, version
    from texts where shop_id = %(shop_id)s and text_no < %(before)s order by text_no desc limit %(limit)s
"""
SAVE = """
    update texts set state = %(state)s, send_at = %(send_at)s, look_at = %(look_at)s, sealed = %(sealed)s, tried_at = %(tried_at)s, receipt = %(receipt)s,
        answer = %(answer)s::json, sent_at = %(sent_at)s, version = version + 1
    where shop_id = %(shop_id)s and text_no = %(text_no)s and version = %(version)s
"""


def terms(tx: Tx, shop_id: int) -> str | None:
    """The shop's own bounds, as JSON."""
    row = tx.execute(TERMS, {"shop_id": shop_id}).fetchone()
    return None if row is None else str(row[0])


def keep_terms(tx: Tx, shop_id: int, told: str, made_by: int | None, made_at: datetime) -> None:
    """Keeps the shop's own bounds."""
    tx.execute(KEEP_TERMS, {"shop_id": shop_id, "terms": told, "made_by": made_by, "made_at": made_at})


def ways(tx: Tx, shop_id: int) -> list[WayRecord]:
    """The shop's doors."""
    with tx.cursor(row_factory=class_row(WayRecord)) as cursor:
        return cursor.execute(WAYS, {"shop_id": shop_id}).fetchall()


def keep_way(tx: Tx, shop_id: int, way: str, *, sign: str, key_id: str, secret: bytes | None, is_on: bool, made_by: int | None, made_at: datetime) -> None:
    """Keeps a door; without a secret the one that is there stays."""
    slots = {"sign": sign, "key_id": key_id, "secret": secret, "is_on": is_on, "made_by": made_by, "made_at": made_at}
    tx.execute(KEEP_WAY, {"shop_id": shop_id, "way": way, **slots})


def note_problem(tx: Tx, shop_id: int, way: str, problem: str, at: datetime, rests_until: datetime | None) -> None:
    """Keeps the last trouble of a door, and until when nothing goes through it."""
    tx.execute(NOTE_PROBLEM, {"shop_id": shop_id, "way": way, "problem": problem, "at": at, "rests_until": rests_until})


def templates(tx: Tx, shop_id: int) -> list[TemplateRecord]:
    """The shop's templates."""
    with tx.cursor(row_factory=class_row(TemplateRecord)) as cursor:
        return cursor.execute(TEMPLATES, {"shop_id": shop_id}).fetchall()


def keep_template(tx: Tx, shop_id: int, template: TemplateRecord, made_by: int | None, made_at: datetime) -> None:
    """Keeps a template; one without a code is dropped."""
    slots = {"shop_id": shop_id, **msgspec.structs.asdict(template), "made_by": made_by, "made_at": made_at}
    tx.execute(KEEP_TEMPLATE if template.code else DROP_TEMPLATE, slots)


def put_numbers(tx: Tx, shop_id: int, rows: Sequence[NumberRecord], brought_by: int | None) -> None:
    """Keeps numbers; a newer one of an order takes the older one's place."""
    with tx.cursor() as cursor:
        cursor.executemany(PUT_NUMBER, [{"shop_id": shop_id, **msgspec.structs.asdict(row), "brought_by": brought_by} for row in rows])


def numbers(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime) -> dict[str, NumberRecord]:
    """The numbers of these orders that have not ended."""
    with tx.cursor(row_factory=class_row(NumberRecord)) as cursor:
        return {row.order_no: row for row in cursor.execute(NUMBERS, {"shop_id": shop_id, "nos": list(order_nos), "now": now})}


def to_greet(tx: Tx, shop_id: int, greeting: str, now: datetime, limit: int) -> list[str]:
    """An order of each buyer who agreed to advertising, refuses no texts, and of whom no such greeting was decided."""
    return [no for (no,) in tx.execute(TO_GREET, {"shop_id": shop_id, "greeting": greeting, "now": now, "limit": limit})]


def count_numbers(tx: Tx, shop_id: int, now: datetime) -> tuple[int, int]:
    """How many numbers are kept, and of how many the buyer agreed to advertising."""
    row = tx.execute(COUNT_NUMBERS, {"shop_id": shop_id, "now": now}).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def without_cipher(tx: Tx, shop_id: int, since: datetime, limit: int) -> list[str]:
    """Orders to ship, not older than that, of which no number is kept."""
    return [no for (no,) in tx.execute(WITHOUT_CIPHER, {"shop_id": shop_id, "since": since, "limit": limit})]


def forget_numbers(tx: Tx, shop_id: int, now: datetime) -> int:
    """How many numbers were forgotten, their time being over."""
    return tx.execute(FORGET_NUMBERS, {"shop_id": shop_id, "now": now}).rowcount


def refuse(tx: Tx, shop_id: int, digest: bytes, said_at: datetime, said_by: int | None) -> None:
    """Notes that this buyer wants no texts."""
    tx.execute(REFUSE, {"shop_id": shop_id, "digest": digest, "said_at": said_at, "said_by": said_by})


def refusing(tx: Tx, shop_id: int, digests: Sequence[bytes]) -> set[bytes]:
    """Those of these that want no texts."""
    return {bytes(digest) for (digest,) in tx.execute(REFUSING, {"shop_id": shop_id, "digests": list(digests)})}


def shipped(tx: Tx, shop_id: int, kind: str, since: datetime, now: datetime, limit: int) -> list[str]:
    """Orders shipped since then of which a number is kept and no such text was decided."""
    return [no for (no,) in tx.execute(SHIPPED, {"shop_id": shop_id, "kind": kind, "since": since, "now": now, "limit": limit})]


def delivered(tx: Tx, shop_id: int, kind: str, shipped_since: datetime, since: datetime, now: datetime, limit: int) -> list[str]:
    """Orders delivered since then of which a number is kept and no such text was decided."""
    slots = {"shop_id": shop_id, "kind": kind, "shipped_since": shipped_since, "since": since, "now": now, "limit": limit}
    return [no for (no,) in tx.execute(DELIVERED, slots)]


def hold_shop(tx: Tx, shop_id: int) -> None:
    """Lets nobody else decide texts of the shop until the transaction ends, so that caps hold."""
    tx.execute(HOLD_TERMS, {"shop_id": shop_id})


def put(tx: Tx, shop_id: int, new: NewText) -> int | None:
    """The number of a text; None where it was decided before."""
    row = tx.execute(PUT, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone()
    return None if row is None else int(row[0])


def had(tx: Tx, shop_id: int, digests: Sequence[bytes], since: datetime) -> dict[bytes, list[datetime]]:
    """When each of these had texts since then, those under way and unsure ones counted."""
    found: dict[bytes, list[datetime]] = {}
    for digest, at in tx.execute(HAD, {"shop_id": shop_id, "digests": list(digests), "since": since}):
        found.setdefault(bytes(digest), []).append(at)
    return found


def spent(tx: Tx, shop_id: int, since: datetime) -> int:
    """What texts cost since then, in tenths of a fen."""
    row = tx.execute(SPENT, {"shop_id": shop_id, "since": since}).fetchone()
    return 0 if row is None else int(row[0])


def due(tx: Tx, shop_id: int, now: datetime, wall: datetime, limit: int) -> list[int]:
    """The texts that are to be looked at."""
    return [int(no) for (no,) in tx.execute(DUE, {"shop_id": shop_id, "now": now, "wall": wall, "limit": limit})]


def mend(tx: Tx, shop_id: int, wall: datetime, beyond: datetime) -> None:
    """Has texts looked at now that wait for a moment beyond any wait there is."""
    tx.execute(MEND, {"shop_id": shop_id, "wall": wall, "beyond": beyond})


def locked(tx: Tx, shop_id: int, text_no: int) -> TextRecord | None:
    """A text, held until the transaction ends."""
    with tx.cursor(row_factory=class_row(TextRecord)) as cursor:
        return cursor.execute(LOCK, {"shop_id": shop_id, "text_no": text_no}).fetchone()


def newest(tx: Tx, shop_id: int, before: int, limit: int) -> list[TextRecord]:
    """The texts before one of them, the newest first."""
    with tx.cursor(row_factory=class_row(TextRecord)) as cursor:
        return cursor.execute(NEWEST, {"shop_id": shop_id, "before": before, "limit": limit}).fetchall()


def save(tx: Tx, text: TextRecord) -> bool:
    """Whether the text was stored as it now is; not where somebody changed it meanwhile."""
    return tx.execute(SAVE, msgspec.structs.asdict(text)).rowcount == 1
