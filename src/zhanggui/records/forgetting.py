"""What is known of the buyers of some orders is taken away, table by table. Sums, moments, states and numbers stay: they name nobody.

Every statement takes the shop and `nos`, its orders. Facts, pieces of the vault and open matters have functions of their own.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.facts import AftersaleFacts, F, Facts, MessageFacts, OrderFacts, ReviewFacts
from zhanggui.records import forgetting_imports
from zhanggui.records.db import Tx
from zhanggui.records.forgetting_scans import SAYS

OPEN_CLOCKS = """
    select order_no from deadlines where shop_id = %(shop_id)s and order_no = any(%(nos)s) and band is not null
    union select order_no from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s) and state not in ('refunded', 'closed', 'done', 'rejected')
    union select order_no from disputes where shop_id = %(shop_id)s and order_no = any(%(nos)s) and ended_at is null
    union select order_no from threads where shop_id = %(shop_id)s and order_no = any(%(nos)s) and waiting_since is not null
    union select order_no from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s) and stage in ('forming', 'to_ship', 'shipped', 'unknown')
        and listed_at > %(since)s
    union select order_no from acts where shop_id = %(shop_id)s and order_no = any(%(nos)s) and state in ('proposed', 'announced', 'sending', 'unsure')
    union select order_no from texts where shop_id = %(shop_id)s and order_no = any(%(nos)s) and look_at is not null
"""

TALK_MESSAGES = """
    update conversation_messages set said = '', name = case when who = 'buyer' then '' else name end
    where shop_id = %(shop_id)s and (said <> '' or (who = 'buyer' and name <> ''))
        and (order_no = any(%(nos)s) or (order_no is null and thread_no in (
            select thread_no from threads where threads.shop_id = %(shop_id)s and threads.order_no = any(%(nos)s)
        )))
"""
TALK_LINES = """
    update conversations set unread = '[]', buyer = null
    where shop_id = %(shop_id)s and (unread::text <> '[]' or buyer is not null)
        and (order_no = any(%(nos)s) or thread_no in (
            select thread_no from threads where threads.shop_id = %(shop_id)s and threads.order_no = any(%(nos)s)
        ))
"""
TALK_FAULTS = """
    update quality_faults set said = '', words = '', because = '[]'
    where shop_id = %(shop_id)s and said <> '' and thread_no in (
        select thread_no from threads where threads.shop_id = %(shop_id)s and threads.order_no = any(%(nos)s)
    )
"""
TALK_THREADS = """
    update threads set shown = '', waiting_text = '', wants = '[]', version = version + 1
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (shown <> '' or waiting_text <> '' or wants::text <> '[]')
"""
# while something else is said in the talk, about another order, its buyer can be found by it
TALK_BUYERS = """
    update threads set buyer = null, external_id = null, version = version + 1
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (buyer is not null or external_id is not null) and not exists (
        select 1 from conversation_messages
        where conversation_messages.shop_id = %(shop_id)s and conversation_messages.thread_no = threads.thread_no and conversation_messages.said <> ''
    )
"""
PROMISES = "update promises set words = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and words <> ''"
NOTES = """
    update notes set text = '' where shop_id = %(shop_id)s and text <> '' and (
        (subject_kind = 'order' and subject_no = any(%(nos)s)) or (subject_kind = 'aftersale' and subject_no in (
            select case_no from aftersales where aftersales.shop_id = %(shop_id)s and aftersales.order_no = any(%(nos)s)
        )))
"""
# a mark hangs on what its deadline is of: a review, a talk, a claim
MARKS = """
    update todo_marks set reason = '' where shop_id = %(shop_id)s and reason <> '' and (
        (subject_kind = 'order' and subject_no = any(%(nos)s)) or (subject_kind = 'aftersale' and subject_no in (
            select case_no from aftersales where aftersales.shop_id = %(shop_id)s and aftersales.order_no = any(%(nos)s)
        )) or exists (
            select 1 from deadlines where deadlines.shop_id = %(shop_id)s and deadlines.subject_kind = todo_marks.subject_kind
                and deadlines.subject_no = todo_marks.subject_no and deadlines.order_no = any(%(nos)s)
        ))
"""
FINDINGS = """
    delete from advice_findings where shop_id = %(shop_id)s and case_no in (
        select case_no from aftersales where aftersales.shop_id = %(shop_id)s and aftersales.order_no = any(%(nos)s)
    )
"""
RETURNS = "update returns set note = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and note <> ''"
CLAIMS = "update claims set note = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and note <> ''"
# a reason that somebody typed, and what it copies of a review, stand as slots of a sentence of the house's
COMPLAINTS = """
    update complaints set note = '',
        because = jsonb_set(jsonb_set(because::jsonb, '{slots,text}', '""', false), '{slots,words}', '""', false)::json
    where shop_id = %(shop_id)s and order_no = any(%(nos)s)
        and (note <> '' or coalesce(because #>> '{slots,text}', '') <> '' or coalesce(because #>> '{slots,words}', '') <> '')
"""
COMPLAINT_ALERTS = """
    update alerts set because = jsonb_set(jsonb_set(because::jsonb, '{slots,text}', '""', false), '{slots,words}', '""', false)::json
    where shop_id = %(shop_id)s and subject_kind = 'complaint'
        and (coalesce(because #>> '{slots,text}', '') <> '' or coalesce(because #>> '{slots,words}', '') <> '')
        and subject_no in (select complaint_no::text from complaints where complaints.shop_id = %(shop_id)s and complaints.order_no = any(%(nos)s))
"""
DISPUTES = """
    update disputes set note = '', remark = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (note <> '' or remark <> '')
"""
RECALLS = """
    update recalls set note = '', because = jsonb_set(because::jsonb, '{slots,text}', '""', false)::json
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (note <> '' or coalesce(because #>> '{slots,text}', '') <> '')
"""
COSTS = "update costs set note = '', buyer = null where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (note <> '' or buyer is not null)"
CONCESSIONS = "update concessions set note = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and note <> ''"
ABNORMAL = "update abnormal_orders set reason = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and reason <> ''"
NUMBER_CHANGES = "update number_changes set reason = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and reason <> ''"
STOCK = "update stock_changes set reason = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and reason <> ''"
STEPS = """
    update guided_steps set form = '', message = '', note = ''
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (form <> '' or message <> '' or note <> '')
"""
NOTICES = "update notices set said = '', gloss = '' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (said <> '' or gloss <> '')"
TEXTS = """
    update texts set said = '', filling = '{}', digest = null, sealed = null
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and (said <> '' or digest is not null or sealed is not null)
"""
NUMBERS = "delete from text_numbers where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
PURCHASES = "update purchases set buyer = null where shop_id = %(shop_id)s and order_no = any(%(nos)s) and buyer is not null"
REGULARS = "delete from regulars where shop_id = %(shop_id)s and last_order = any(%(nos)s)"
THANKS = "delete from buyer_thanks where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
REVIEWS = "update reviews set buyer = null where shop_id = %(shop_id)s and order_no = any(%(nos)s) and buyer is not null"
REPORTS = "update review_reports set words = '{}' where shop_id = %(shop_id)s and order_no = any(%(nos)s) and words <> '{}'"
PICTURES = """
    update case_pictures set address = '' where shop_id = %(shop_id)s and address <> '' and case_no in (
        select case_no from aftersales where aftersales.shop_id = %(shop_id)s and aftersales.order_no = any(%(nos)s)
    )
"""
WAYBILLS = """
    update waybills set receiver = null, print_data = null
    where shop_id = %(shop_id)s and (receiver is not null or print_data is not null) and waybill_id in (
        select waybill_id from waybill_orders where waybill_orders.shop_id = %(shop_id)s and waybill_orders.order_no = any(%(nos)s)
    )
"""
ACT_NOTES = """
    update acts set request = (request::jsonb || '{"note": ""}')::json
    where shop_id = %(shop_id)s and order_no = any(%(nos)s) and coalesce(request ->> 'note', '') <> ''
"""
# what was answered about the parcels of others too goes with its term
CHASES = """
    update chases set answer = '', version = version + 1
    where shop_id = %(shop_id)s and answer <> ''
        and chase_no in (select chase_no from chase_parcels where chase_parcels.shop_id = %(shop_id)s and chase_parcels.order_no = any(%(nos)s))
        and not exists (
            select 1 from chase_parcels as others
            where others.shop_id = %(shop_id)s and others.chase_no = chases.chase_no and not others.order_no = any(%(nos)s)
        )
"""
BESIDE = (
    ("conversation_messages", TALK_MESSAGES),
    ("conversations", TALK_LINES),
    ("quality_faults", TALK_FAULTS),
    ("promises", PROMISES),
    ("notes", NOTES),
    ("todo_marks", MARKS),
    ("advice_findings", FINDINGS),
    ("returns", RETURNS),
    ("claims", CLAIMS),
    ("complaints", COMPLAINTS),
    ("alerts", COMPLAINT_ALERTS),
    ("disputes", DISPUTES),
    ("recalls", RECALLS),
    ("chases", CHASES),
    ("costs", COSTS),
    ("concessions", CONCESSIONS),
    ("abnormal_orders", ABNORMAL),
    ("number_changes", NUMBER_CHANGES),
    ("stock_changes", STOCK),
    ("guided_steps", STEPS),
    ("notices", NOTICES),
    ("texts", TEXTS),
    ("text_numbers", NUMBERS),
    ("purchases", PURCHASES),
    ("regulars", REGULARS),
    ("buyer_thanks", THANKS),
    ("reviews", REVIEWS),
    ("review_reports", REPORTS),
    ("case_pictures", PICTURES),
    ("waybills", WAYBILLS),
    ("acts", ACT_NOTES),
    # last: by it the others find the talk
    ("threads", TALK_THREADS),
    ("threads.buyer", TALK_BUYERS),
)
"""Everything beside the facts, in the order in which it is gone through."""

ORDERS = "select order_no, facts::text from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
SET_ORDERS = """
    update orders set facts = told.facts::json from unnest(%(keys)s::text[], %(told)s::text[]) as told (key, facts)
    where orders.shop_id = %(shop_id)s and orders.order_no = told.key
"""
CASES = "select case_no, facts::text from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
SET_CASES = """
    update aftersales set facts = told.facts::json from unnest(%(keys)s::text[], %(told)s::text[]) as told (key, facts)
    where aftersales.shop_id = %(shop_id)s and aftersales.case_no = told.key
"""
REVIEWS_OF = "select review_no || '/' || order_no, facts::text from reviews where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
SET_REVIEWS = """
    update reviews set facts = told.facts::json from unnest(%(keys)s::text[], %(told)s::text[]) as told (key, facts)
    where reviews.shop_id = %(shop_id)s and reviews.order_no = any(%(nos)s) and reviews.review_no || '/' || reviews.order_no = told.key
"""
MESSAGES = "select message_no, facts::text from messages where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
SET_MESSAGES = """
    update messages set facts = told.facts::json from unnest(%(keys)s::text[], %(told)s::text[]) as told (key, facts)
    where messages.shop_id = %(shop_id)s and messages.message_no = told.key
"""
MESSAGES_TOLD = "select message_no, facts::text from messages where shop_id = %(shop_id)s and message_no = any(%(keys)s)"
CASES_TOLD = "select case_no, facts::text from aftersales where shop_id = %(shop_id)s and case_no = any(%(keys)s)"
PICTURES_TOLD = "update case_pictures set address = '' where shop_id = %(shop_id)s and address <> '' and case_no = any(%(keys)s)"
SIGHTINGS = """
    select key, batch_id, as_of::text, facts::text from sightings where shop_id = %(shop_id)s and kind = %(kind)s and key = any(%(keys)s)
"""
SET_SIGHTINGS = """
    update sightings set facts = told.facts::json
    from unnest(%(keys)s::text[], %(batches)s::bigint[], %(ages)s::text[], %(told)s::text[]) as told (key, batch_id, as_of, facts)
    where sightings.shop_id = %(shop_id)s and sightings.kind = %(kind)s and sightings.key = told.key and sightings.batch_id = told.batch_id
        and sightings.as_of = told.as_of::timestamptz
"""

THREADS_OF_BUYER = """
    select thread_no, order_no is null from threads where shop_id = %(shop_id)s and buyer = %(buyer)s
    union select thread_no, order_no is null from threads where shop_id = %(shop_id)s and thread_no in (
        select thread_no from conversations where conversations.shop_id = %(shop_id)s and conversations.buyer = %(buyer)s
    )
"""
# a talk is about one order after another; what was said about each knows its own
ORDERS_OF_THREADS = """
    select order_no from threads where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and order_no is not null
    union select order_no from conversations where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and order_no is not null
    union select order_no from conversation_messages where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and order_no is not null
"""
WAITS = "select count(*) from threads where shop_id = %(shop_id)s and thread_no = any(%(threads)s) and waiting_since is not null"
PURCHASES_OF_BUYER = "select order_no from purchases where shop_id = %(shop_id)s and buyer = %(buyer)s"
NUMBERS_OF_BUYER = "select order_no from text_numbers where shop_id = %(shop_id)s and digest = %(buyer)s"
# an export of cases or reviews may reach further back than any of orders
KNOWN = """
    select order_no from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)
    union select order_no from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s)
    union select order_no from reviews where shop_id = %(shop_id)s and order_no = any(%(nos)s)
    union select order_no from messages where shop_id = %(shop_id)s and order_no = any(%(nos)s)
"""
IMPORTED = "select order_no from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s)"
ADD_ERASURE = """
    insert into erasures (shop_id, at, by_person, cause, subject, orders, counts, reason)
    values (%(shop_id)s, %(at)s, %(by)s, %(cause)s, %(subject)s, %(orders)s, %(counts)s::json, %(reason)s)
    returning erasure_no
"""
DROP_EMPTY = "delete from erasures where shop_id = %(shop_id)s and erasure_no = %(no)s"
SET_COUNTS = "update erasures set counts = %(counts)s::json where shop_id = %(shop_id)s and erasure_no = %(no)s"
REMEMBER = """
    insert into forgotten_orders (shop_id, order_no, erasure_no, forgotten_at)
    select %(shop_id)s, no, %(erasure_no)s, %(at)s from unnest(%(nos)s::text[]) as no
    on conflict (shop_id, order_no) do update set erasure_no = excluded.erasure_no, forgotten_at = excluded.forgotten_at
"""
# a file or the platform told of a forgotten order again: every field that `forgotten` takes away, also where what is known did not change by it
TOLD_AGAIN = """
    select forgotten_orders.order_no, forgotten_orders.erasure_no from forgotten_orders
    where forgotten_orders.shop_id = %(shop_id)s and (
        exists (select 1 from (
                select orders.facts from orders where orders.shop_id = %(shop_id)s and orders.order_no = forgotten_orders.order_no
                union all select sightings.facts from sightings
                where sightings.shop_id = %(shop_id)s and sightings.kind = 'order' and sightings.key = forgotten_orders.order_no
            ) as told
            where coalesce(facts ->> 'receiver_masked', facts ->> 'buyer_note', facts ->> 'seller_note', facts ->> 'city', facts ->> 'district',
                facts ->> 'combine_key', facts ->> 'group_no') is not null)
        or exists (select 1 from (
                select aftersales.facts from aftersales where aftersales.shop_id = %(shop_id)s and aftersales.order_no = forgotten_orders.order_no
                union all select sightings.facts from aftersales
                join sightings on sightings.shop_id = %(shop_id)s and sightings.kind = 'aftersale' and sightings.key = aftersales.case_no
                where aftersales.shop_id = %(shop_id)s and aftersales.order_no = forgotten_orders.order_no
            ) as told
            where coalesce(facts ->> 'buyer_masked', facts ->> 'remark', facts ->> 'picture_addresses') is not null)
        or exists (select 1 from (
                select messages.facts from messages where messages.shop_id = %(shop_id)s and messages.order_no = forgotten_orders.order_no
                union all select sightings.facts from messages
                join sightings on sightings.shop_id = %(shop_id)s and sightings.kind = 'message' and sightings.key = messages.message_no
                where messages.shop_id = %(shop_id)s and messages.order_no = forgotten_orders.order_no
            ) as told
            where facts ->> 'text' <> '')
        or exists (select 1 from (
                select reviews.facts from reviews where reviews.shop_id = %(shop_id)s and reviews.order_no = forgotten_orders.order_no
                union all select sightings.facts from reviews
                join sightings on sightings.shop_id = %(shop_id)s and sightings.kind = 'review'
                    and sightings.key = reviews.review_no || '/' || reviews.order_no
                where reviews.shop_id = %(shop_id)s and reviews.order_no = forgotten_orders.order_no
            ) as told
            where coalesce(facts ->> 'title', facts ->> 'text', facts ->> 'follow_up', facts ->> 'reply', facts ->> 'report_text',
                facts ->> 'picture_addresses', facts ->> 'buyer_masked', facts ->> 'buyer') is not null)
        or exists (select 1 from parcels join scans on scans.shop_id = %(shop_id)s and scans.tracking_no = parcels.tracking_no
            where parcels.shop_id = %(shop_id)s and parcels.order_no = forgotten_orders.order_no and scans.text <> all(%(says)s)
                and not exists (select 1 from parcels as shared join deadlines on deadlines.shop_id = %(shop_id)s and deadlines.order_no = shared.order_no
                    where shared.shop_id = %(shop_id)s and shared.tracking_no = parcels.tracking_no and deadlines.state = 'open')))
    order by forgotten_orders.order_no limit %(limit)s
"""
OPEN_PIECES = """
    select seq, content, digest, made_at from evidence where shop_id = %(shop_id)s and order_no = any(%(nos)s) and made_at < %(before)s
        and not exists (select 1 from redactions where redactions.shop_id = %(shop_id)s and redactions.seq = evidence.seq)
    order by seq
"""
COUNT_PIECES = """
    select count(*) from evidence where shop_id = %(shop_id)s and order_no = any(%(nos)s)
        and not exists (select 1 from redactions where redactions.shop_id = %(shop_id)s and redactions.seq = evidence.seq)
"""
REDACT = "update evidence set name = '', reference = '', note = '' where shop_id = %(shop_id)s and seq = any(%(seqs)s)"
NOTE_REDACTED = """
    insert into redactions (shop_id, seq, erasure_no, digest, at)
    select %(shop_id)s, seq, %(erasure_no)s, digest, %(at)s from evidence where evidence.shop_id = %(shop_id)s and seq = any(%(seqs)s)
    on conflict (shop_id, seq) do nothing
"""
REMOVE_CONTENTS = """
    delete from evidence_contents where shop_id = %(shop_id)s and digest = any(%(digests)s) and not exists (
        select 1 from evidence left join redactions on redactions.shop_id = %(shop_id)s and redactions.seq = evidence.seq
        where evidence.shop_id = %(shop_id)s and evidence.content = evidence_contents.digest and redactions.seq is null
    )
"""
REMOVE_PRINTS = """
    delete from photo_prints where shop_id = %(shop_id)s and digest = any(%(digests)s)
        and not exists (select 1 from evidence_contents as kept where kept.shop_id = %(shop_id)s and kept.digest = photo_prints.digest)
"""
RETURN_PHOTOS = "update return_photos set name = '' where shop_id = %(shop_id)s and digest = any(%(digests)s)"
REDACTED = "select seq, digest from redactions where shop_id = %(shop_id)s"
REDACTED_AMONG = "select seq, digest from redactions where shop_id = %(shop_id)s and seq = any(%(seqs)s)"


DELIVERED_AFTER = timedelta(days=90)


class Piece(msgspec.Struct, frozen=True):
    """A piece of the vault as far as forgetting goes."""

    seq: int
    content: bytes | None


def forgotten(facts: Facts) -> Facts:
    """The facts without whatever tells of a person; those that tell of none as they are. Tracking events have a way of their own: their words are their key."""
    match facts:
        case OrderFacts():
            return msgspec.structs.replace(
                facts, receiver_masked=None, buyer_note=None, seller_note=None, city=None, district=None, combine_key=None, group_no=None
            )
        case AftersaleFacts():
            return msgspec.structs.replace(facts, buyer_masked=None, remark=None, picture_addresses=None)
        case ReviewFacts():
            return msgspec.structs.replace(
                facts, title=None, text=None, follow_up=None, reply=None, report_text=None, picture_addresses=None, buyer_masked=None, buyer=None
            )
        case MessageFacts():
            return msgspec.structs.replace(facts, text="")
    return facts


def with_open_clock(tx: Tx, shop_id: int, order_nos: Sequence[str], now: datetime) -> set[str]:
    """Those of the orders of which anything still runs: a deadline, a case, a dispute, somebody who waits, an act under way, or their delivery.

    A delivery of which nobody ever told that it arrived has ended after a quarter of a year.
    """
    return {str(no) for (no,) in tx.execute(OPEN_CLOCKS, {**_slots(shop_id, order_nos), "since": now - DELIVERED_AFTER})}


def known(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[str]:
    """Those of the orders of which the shop was told anything: themselves, a case, a review or a message."""
    return [str(no) for (no,) in tx.execute(KNOWN, _slots(shop_id, order_nos))]


def never_imported(tx: Tx, shop_id: int, order_nos: Collection[str]) -> list[str]:
    """Those of the orders that the shop does not have, whatever else was told of them."""
    imported = {str(no) for (no,) in tx.execute(IMPORTED, _slots(shop_id, sorted(order_nos)))} if order_nos else set()
    return sorted(set(order_nos) - imported)


def talks_of_buyer(tx: Tx, shop_id: int, buyer: bytes) -> dict[int, bool]:
    """The talks that a keyed digest of a name leads to, each with whether it is about no order."""
    return {int(no): bool(is_alone) for no, is_alone in tx.execute(THREADS_OF_BUYER, {"shop_id": shop_id, "buyer": buyer})}


def orders_of_buyer(tx: Tx, shop_id: int, buyer: bytes, talks: Collection[int]) -> list[str]:
    """The orders that these talks were ever about, and those that the keyed digest leads to by a telephone number, or by a receiver."""
    slots = {"shop_id": shop_id, "buyer": buyer, "threads": sorted(talks)}
    return sorted({str(no) for asked in (ORDERS_OF_THREADS, PURCHASES_OF_BUYER, NUMBERS_OF_BUYER) for (no,) in tx.execute(asked, slots)})


def is_waiting(tx: Tx, shop_id: int, talks: Collection[int]) -> bool:
    """Whether somebody waits for an answer in one of these talks."""
    row = tx.execute(WAITS, {"shop_id": shop_id, "threads": sorted(talks)}).fetchone()
    return bool(row and row[0])


def begin(tx: Tx, shop_id: int, *, at: datetime, by: int | None, cause: str, subject: bytes | None, orders: int, reason: str) -> int:
    """The number of a new erasure."""
    slots = {"shop_id": shop_id, "at": at, "by": by, "cause": cause, "subject": subject, "orders": orders, "counts": "{}", "reason": reason}
    row = tx.execute(ADD_ERASURE, slots).fetchone()
    assert row is not None
    return int(row[0])


def end(tx: Tx, shop_id: int, erasure_no: int, counts: dict[str, int]) -> None:
    """Keeps how many rows of each place it changed."""
    tx.execute(SET_COUNTS, {"shop_id": shop_id, "no": erasure_no, "counts": msgspec.json.encode(counts).decode()})


def drop_empty(tx: Tx, shop_id: int, erasure_no: int) -> None:
    """Takes back an erasure of which nothing came."""
    tx.execute(DROP_EMPTY, {"shop_id": shop_id, "no": erasure_no})


def remember(tx: Tx, shop_id: int, order_nos: Sequence[str], erasure_no: int, at: datetime) -> None:
    """Keeps that these orders were forgotten, so that they are once more when somebody tells of them again."""
    tx.execute(REMEMBER, {**_slots(shop_id, order_nos), "erasure_no": erasure_no, "at": at})


def told_again(tx: Tx, shop_id: int, limit: int) -> dict[int, list[str]]:
    """Forgotten orders of which something was told again, by their erasure."""
    found: dict[int, list[str]] = {}
    for no, erasure_no in tx.execute(TOLD_AGAIN, {"shop_id": shop_id, "limit": limit, "says": list(SAYS.values())}):
        found.setdefault(int(erasure_no), []).append(str(no))
    return found


def forget_beside(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, int]:
    """How many rows of each table changed."""
    return {name: rows for name, statement in BESIDE if (rows := tx.execute(statement, _slots(shop_id, order_nos)).rowcount) > 0}


def forget_facts(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> dict[str, int]:
    """The same of orders, cases, reviews and messages, and of everything that was ever told of them."""
    counts: dict[str, int] = {}
    keys: set[str] = set()
    for kind, facts, asked, kept in (
        ("order", OrderFacts, ORDERS, SET_ORDERS),
        ("aftersale", AftersaleFacts, CASES, SET_CASES),
        ("review", ReviewFacts, REVIEWS_OF, SET_REVIEWS),
        ("message", MessageFacts, MESSAGES, SET_MESSAGES),
    ):
        rows = tx.execute(asked, _slots(shop_id, order_nos)).fetchall()
        counts[f"{kind}s"] = _forget_known(tx, facts, kept, _slots(shop_id, order_nos), rows)
        counts[f"sightings.{kind}"] = _forget_told(tx, shop_id, kind, facts, [key for key, _ in rows])
        keys |= {key for key, _ in rows}
    counts |= forgetting_imports.forget(tx, shop_id, order_nos, keys)
    return {name: rows for name, rows in counts.items() if rows}


def forget_messages(tx: Tx, shop_id: int, message_nos: Sequence[str]) -> int:
    """How many of these messages lost their words."""
    rows = tx.execute(MESSAGES_TOLD, {"shop_id": shop_id, "keys": list(message_nos)}).fetchall() if message_nos else []
    _forget_told(tx, shop_id, "message", MessageFacts, [key for key, _ in rows])
    return _forget_known(tx, MessageFacts, SET_MESSAGES, {"shop_id": shop_id}, rows)


def forget_cases(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> int:
    """How many of these cases, of which no order is told, lost what tells of a person."""
    slots = {"shop_id": shop_id, "keys": list(case_nos)}
    rows = tx.execute(CASES_TOLD, slots).fetchall() if case_nos else []
    if not rows:
        return 0
    tx.execute(PICTURES_TOLD, slots)
    _forget_told(tx, shop_id, "aftersale", AftersaleFacts, [key for key, _ in rows])
    return _forget_known(tx, AftersaleFacts, SET_CASES, {"shop_id": shop_id}, rows)


def _forget_known(tx: Tx, facts: type[F], kept: str, slots: dict[str, object], rows: Sequence[tuple[str, str]]) -> int:
    anew = {key: text for key, before in rows if (text := _anew(before, facts)) != before}
    if anew:
        tx.execute(kept, {**slots, "keys": list(anew), "told": list(anew.values())})
    return len(anew)


def _forget_told(tx: Tx, shop_id: int, kind: str, facts: type[F], keys: Sequence[str]) -> int:
    told = tx.execute(SIGHTINGS, {"shop_id": shop_id, "kind": kind, "keys": list(keys)}).fetchall() if keys else []
    anew = [(key, batch, as_of, text) for key, batch, as_of, before in told if (text := _anew(before, facts)) != before]
    if anew:
        names, batches, ages, texts = (list(column) for column in zip(*anew, strict=True))
        tx.execute(SET_SIGHTINGS, {"shop_id": shop_id, "kind": kind, "keys": names, "batches": batches, "ages": ages, "told": texts})
    return len(anew)


def _anew(text: str, kind: type[F]) -> str:
    facts = msgspec.json.decode(text, type=kind)
    without = forgotten(facts)
    return text if without == facts else msgspec.json.encode(without).decode()


def pieces(tx: Tx, shop_id: int, order_nos: Sequence[str], before: datetime) -> list[Piece]:
    """Pieces of the vault brought before this moment of which nothing was taken away yet."""
    rows = tx.execute(OPEN_PIECES, {**_slots(shop_id, order_nos), "before": before}).fetchall()
    return [Piece(int(seq), None if content is None else bytes(content)) for seq, content, _, _ in rows]


def count_pieces(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> int:
    """How many pieces of the vault are still whole."""
    row = tx.execute(COUNT_PIECES, _slots(shop_id, order_nos)).fetchone()
    return int(row[0]) if row else 0


def redact(tx: Tx, shop_id: int, gone: Sequence[Piece], erasure_no: int, at: datetime) -> int:
    """Takes content, names and notes of these pieces away; that this was done stands beside the chain, which goes on by the digests."""
    if not gone:
        return 0
    seqs, digests = [piece.seq for piece in gone], [piece.content for piece in gone if piece.content is not None]
    slots = {"shop_id": shop_id, "seqs": seqs, "digests": digests, "erasure_no": erasure_no, "at": at}
    for statement in (NOTE_REDACTED, REDACT, REMOVE_CONTENTS, REMOVE_PRINTS, RETURN_PHOTOS):
        tx.execute(statement, slots)
    return len(seqs)


def redacted(tx: Tx, shop_id: int) -> dict[int, bytes]:
    """The pieces of which something was taken away, each with the digest it bore then."""
    return {int(seq): bytes(digest) for seq, digest in tx.execute(REDACTED, {"shop_id": shop_id})}


def redacted_among(tx: Tx, shop_id: int, seqs: Sequence[int]) -> dict[int, bytes]:
    """The same of these pieces alone."""
    return {int(seq): bytes(digest) for seq, digest in tx.execute(REDACTED_AMONG, {"shop_id": shop_id, "seqs": list(seqs)})}


def _slots(shop_id: int, order_nos: Sequence[str]) -> dict[str, object]:
    return {"shop_id": shop_id, "nos": list(order_nos)}
