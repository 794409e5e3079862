"""What advice rests on beside the facts: terms by version, findings by case, standing, buyers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.advice.case import Buyer, Standing
from zhanggui.core.advice.seat import Beside
from zhanggui.core.facts import AftersaleFacts
from zhanggui.records.db import Tx


class TermsRow(msgspec.Struct, frozen=True):
    """One version of the shop's own terms."""

    version_no: int
    terms: str
    from_at: datetime
    made_at: datetime
    made_by_name: str | None


class PastCase(msgspec.Struct, frozen=True):
    """A case of the past as it stands."""

    case_no: str
    order_no: str | None
    facts: str

    @property
    def case(self) -> AftersaleFacts:
        """The case itself."""
        return msgspec.json.decode(self.facts, type=AftersaleFacts)


class Placed(msgspec.Struct, frozen=True):
    """By what the buyer of an order is told from others."""

    order_no: str
    receiver: str | None
    province: str | None
    city: str | None
    district: str | None


TERMS_NOW = """
    select terms::text from advice_terms
    where shop_id = %(shop_id)s and from_at <= %(now)s
    order by from_at desc, version_no desc
    limit 1
"""
VERSIONS = """
    select listed.version_no, listed.terms::text as terms, listed.from_at, listed.made_at, people.display_name as made_by_name
    from (
        select version_no, terms, from_at, made_at, made_by from advice_terms
        where shop_id = %(shop_id)s
        order by from_at desc, version_no desc
        limit %(limit)s
    ) as listed
    left join people on people.person_id = listed.made_by
    order by listed.from_at desc, listed.version_no desc
"""
KEEP_TERMS = "insert into advice_terms (shop_id, terms, from_at, made_at, made_by) values (%(shop_id)s, %(terms)s, %(from_at)s, %(at)s, %(by)s)"
FINDINGS = "select case_no, findings::text from advice_findings where shop_id = %(shop_id)s and case_no = any(%(case_nos)s)"
KEEP_FINDINGS = """
    insert into advice_findings (shop_id, case_no, findings, made_at, made_by) values (%(shop_id)s, %(case_no)s, %(findings)s, %(at)s, %(by)s)
    on conflict (shop_id, case_no) do update set findings = excluded.findings, made_at = excluded.made_at, made_by = excluded.made_by
"""
STANDING = "select standing::text from advice_standing where shop_id = %(shop_id)s"
KEEP_STANDING = """
    insert into advice_standing (shop_id, standing, made_at) values (%(shop_id)s, %(standing)s, %(at)s)
    on conflict (shop_id) do update set standing = excluded.standing, made_at = excluded.made_at
"""
BUYERS = "select buyer, orders, refunds, kept from advice_buyers where shop_id = %(shop_id)s and buyer = any(%(buyers)s)"
FORGET_BUYERS = "delete from advice_buyers where shop_id = %(shop_id)s"
COPY_BUYERS = "copy advice_buyers (shop_id, buyer, orders, refunds, kept) from stdin"
FORMED = """
    select coalesce(sum(orders), 0)::bigint from order_totals
    where shop_id = %(shop_id)s and stage <> 'forming'
        and day > (%(since)s::timestamptz at time zone 'Asia/Shanghai')::date and day <= (%(until)s::timestamptz at time zone 'Asia/Shanghai')::date
"""
CASES_SINCE = """
    select case_no, order_no, facts::text as facts from aftersales
    where shop_id = %(shop_id)s and listed_at >= %(since)s
    order by listed_at desc, case_no desc
    limit %(limit)s
"""
CASE = "select case_no, order_no, facts::text as facts from aftersales where shop_id = %(shop_id)s and case_no = %(case_no)s"
BUYERS_OF_ORDERS = """
    select order_no, facts->>'receiver_masked' as receiver, facts->>'province' as province, facts->>'city' as city, facts->>'district' as district
    from orders where shop_id = %(shop_id)s and listed_at >= %(since)s
"""
ASKED = """
    select asked.case_no from (
        select case_no, findings::jsonb as told from advice_findings as found where found.shop_id = %(shop_id)s and made_at >= %(since)s
    ) as asked
    where (asked.told->>'asked_at')::timestamptz <= %(until)s
"""


def terms(tx: Tx, shop_id: int, now: datetime) -> str | None:
    """What differs from the defaults at this moment, as JSON; None where nothing was ever changed."""
    row = tx.execute(TERMS_NOW, {"shop_id": shop_id, "now": now}).fetchone()
    return None if row is None else str(row[0])


def versions(tx: Tx, shop_id: int, limit: int) -> list[TermsRow]:
    """The versions of the shop's own terms, the newest first."""
    with tx.cursor(row_factory=class_row(TermsRow)) as cursor:
        return cursor.execute(VERSIONS, {"shop_id": shop_id, "limit": limit}).fetchall()


def keep_terms(tx: Tx, shop_id: int, terms: str, from_at: datetime, at: datetime, by: int | None) -> None:
    """One more version."""
    tx.execute(KEEP_TERMS, {"shop_id": shop_id, "terms": terms, "from_at": from_at, "at": at, "by": by})


def findings(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> dict[str, Beside]:
    """What people found out, by case."""
    rows = tx.execute(FINDINGS, {"shop_id": shop_id, "case_nos": list(case_nos)})
    return {case_no: msgspec.json.decode(text, type=Beside) for case_no, text in rows}


def keep_findings(tx: Tx, shop_id: int, case_no: str, found: Beside, at: datetime, by: int | None) -> None:
    """What was found out about a case, in the place of what was known before."""
    tx.execute(KEEP_FINDINGS, {"shop_id": shop_id, "case_no": case_no, "findings": msgspec.json.encode(found).decode(), "at": at, "by": by})


def standing(tx: Tx, shop_id: int) -> Standing | None:
    """The counts of the last thirty days, as they were learnt last."""
    row = tx.execute(STANDING, {"shop_id": shop_id}).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=Standing)


def keep_standing(tx: Tx, shop_id: int, standing: Standing, at: datetime) -> None:
    """The counts as they are now."""
    tx.execute(KEEP_STANDING, {"shop_id": shop_id, "standing": msgspec.json.encode(standing).decode(), "at": at})


def buyers(tx: Tx, shop_id: int, digests: Iterable[bytes]) -> dict[bytes, Buyer]:
    """What is known of these buyers."""
    rows = tx.execute(BUYERS, {"shop_id": shop_id, "buyers": list(digests)})
    return {bytes(buyer): Buyer(orders=orders, refunds=refunds, kept_goods=kept) for buyer, orders, refunds, kept in rows}


def put_buyers(tx: Tx, shop_id: int, found: Mapping[bytes, Buyer]) -> None:
    """The buyers in the place of all that were known before."""
    tx.execute(FORGET_BUYERS, {"shop_id": shop_id})
    with tx.cursor().copy(COPY_BUYERS) as copy:
        for digest, buyer in found.items():
            copy.write_row((shop_id, digest, buyer.orders, buyer.refunds, buyer.kept_goods))


def formed(tx: Tx, shop_id: int, since: datetime, until: datetime) -> int:
    """How many orders' groups formed, from the Shanghai day after `since` to that of `until`."""
    row = tx.execute(FORMED, {"shop_id": shop_id, "since": since, "until": until}).fetchone()
    return int(row[0]) if row else 0


def cases_since(tx: Tx, shop_id: int, since: datetime, limit: int) -> list[PastCase]:
    """The cases since a moment, the newest first."""
    with tx.cursor(row_factory=class_row(PastCase)) as cursor:
        return cursor.execute(CASES_SINCE, {"shop_id": shop_id, "since": since, "limit": limit}).fetchall()


def case(tx: Tx, shop_id: int, case_no: str) -> PastCase | None:
    """One case."""
    with tx.cursor(row_factory=class_row(PastCase)) as cursor:
        return cursor.execute(CASE, {"shop_id": shop_id, "case_no": case_no}).fetchone()


def placed_since(tx: Tx, shop_id: int, since: datetime) -> Iterator[Placed]:
    """By what the buyers of the shop's orders since a moment are told from others."""
    with tx.cursor(row_factory=class_row(Placed)) as cursor:
        yield from cursor.execute(BUYERS_OF_ORDERS, {"shop_id": shop_id, "since": since})


def asked(tx: Tx, shop_id: int, since: datetime, until: datetime) -> set[str]:
    """The cases whose buyers were asked what is wrong, not later than `until`."""
    return {case_no for (case_no,) in tx.execute(ASKED, {"shop_id": shop_id, "since": since, "until": until})}
