"""What the shop's totals and deadlines must be, counted and computed from its facts alone."""

from collections import Counter
from datetime import datetime
from typing import Any

import msgspec

from tests.actions.money.recount import money_differences
from zhanggui.actions.authorisation import granted
from zhanggui.actions.conversations.needing import needing_none
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known, pasts_alone
from zhanggui.actions.placing import standing
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks import authorisation_deadline, case_deadlines, conversation_deadlines, order_deadlines, review_deadlines
from zhanggui.core.deadlines import Band, Deadline
from zhanggui.core.facts import AftersaleFacts, OrderFacts, OrderStage, RefundState, ReviewFacts
from zhanggui.core.moments import shanghai_day
from zhanggui.core.parcels import parcels_of
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, connections, deadlines, marks, parcels
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.facts.orders import listed_at
from zhanggui.records.marks import MarkRecord

Todo = tuple[str, str, str]

_COUNTED = """
    select band, kind, count(*), sum(at_risk)::bigint, sum(worth)::bigint from deadlines
    where shop_id = %s and band is not null group by band, kind order by band, kind
"""
_TOTALS = "select band, kind, deadlines, at_risk, worth from deadline_totals where shop_id = %s order by band, kind"
_SUBJECTS = "select distinct subject_kind, subject_no from deadlines where shop_id = %s and subject_kind not in ('source', 'sku')"
BY_HAND = (Band.SNOOZED, Band.SAID_DONE, Band.NOT_OURS)


def differences(house: House, shop_id: ShopId, now: datetime) -> list[Any]:
    """Everything stored that is not what a recount says; empty where all is well."""
    with house.pool.connection() as tx:
        book = rulebook_in(tx, house, shop_id)
        stored, computed = _stored(tx, shop_id), _computed(tx, shop_id, book)
        said = marks.latest(tx, shop_id, sorted(stored))
        found: list[Any] = [
            *_totals(tx, shop_id),
            *_order_totals(tx, shop_id),
            *_parcels(tx, shop_id, book),
            *money_differences(tx, shop_id),
            *(("only on one side", todo) for todo in stored.keys() ^ computed.keys()),
        ]
        for todo in stored.keys() & computed.keys():
            deadline, as_of = computed[todo]
            found += [(todo, *how) for how in _one(stored[todo], deadline, as_of, said.get(todo), now, book)]
        return found


def _totals(tx: Tx, shop_id: ShopId) -> list[Any]:
    counted, told = tx.execute(_COUNTED, (shop_id,)).fetchall(), tx.execute(_TOTALS, (shop_id,)).fetchall()
    return [] if counted == told else [("deadline totals", told, counted)]


def _order_totals(tx: Tx, shop_id: ShopId) -> list[Any]:
    counted: dict[tuple[Any, str, str], tuple[int, int]] = {}
    sold: dict[tuple[Any, str, str], tuple[int, int, int]] = {}
    for (text,) in tx.execute("select facts::text from orders where shop_id = %s", (shop_id,)):
        order = msgspec.json.decode(text, type=OrderFacts)
        day, money = shanghai_day(listed_at(order)), order.pay_amount or 0
        place = (day, (order.stage or OrderStage.UNKNOWN).value, (order.refund or RefundState.NONE).value)
        orders, paid = counted.get(place, (0, 0))
        counted[place] = orders + 1, paid + money
        variant = (day, order.goods_id or "", (order.spec or "")[:200])
        orders, refunded, paid = sold.get(variant, (0, 0, 0))
        sold[variant] = orders + 1, refunded + (order.refund is RefundState.REFUNDED), paid + money
    rows = tx.execute("select day, stage, refund, orders, paid from order_totals where shop_id = %s", (shop_id,))
    told = {(day, stage, refund): (orders, paid) for day, stage, refund, orders, paid in rows}
    rows = tx.execute("select day, goods_id, spec, orders, refunded, paid from goods_totals where shop_id = %s", (shop_id,))
    told_sold = {(day, goods, spec): (orders, refunded, paid) for day, goods, spec, orders, refunded, paid in rows}
    found: list[Any] = [] if counted == told else [("order totals", told, counted)]
    return found if sold == told_sold else [*found, ("goods totals", told_sold, sold)]


def _parcels(tx: Tx, shop_id: ShopId, book: Rulebook) -> list[Any]:
    """The rows of parcels, their anomalies and their totals against those computed from the facts alone."""
    nos = [no for (no,) in tx.execute("select order_no from orders where shop_id = %s order by order_no", (shop_id,))]
    wanted = {(parcel.order_no, parcel.tracking_no): parcel for known in orders_known(tx, shop_id, nos).values() for parcel in parcels_of(known, book)}
    found: list[Any] = []
    held = tx.execute("select order_no, tracking_no, facts::text, abnormal_at, state from parcels where shop_id = %s", (shop_id,)).fetchall()
    stored = {(row[0], row[1]): row[2:] for row in held}
    expected = {key: (parcels.encoded(parcel), parcel.abnormal_at, parcel.state.value) for key, parcel in wanted.items()}
    if stored != expected:
        found.append(("parcels", stored, expected))
    rows = tx.execute("select order_no, kind, at, is_open from parcel_anomalies where shop_id = %s", (shop_id,)).fetchall()
    told = {(parcel.order_no, one.kind.value, one.at, parcel.is_open(one)) for parcel in wanted.values() for one in parcel.anomalies}
    if set(rows) != told or len(rows) != sum(len(parcel.anomalies) for parcel in wanted.values()):
        found.append(("parcel anomalies", sorted(rows), sorted(told)))
    counted = Counter((shanghai_day(parcel.shipped_at), parcel.carrier, parcel.province, parcel.state.value) for parcel in wanted.values())
    totals = tx.execute("select day, carrier, province, state, parcels from parcel_totals where shop_id = %s", (shop_id,)).fetchall()
    if {tuple(row[:4]): row[4] for row in totals} != dict(counted):
        found.append(("parcel totals", totals, counted))
    return found


def _stored(tx: Tx, shop_id: ShopId) -> dict[Todo, StoredDeadline]:
    found: dict[Todo, StoredDeadline] = {}
    for kind, no in tx.execute(_SUBJECTS, (shop_id,)).fetchall():
        found |= {(row.subject_kind, row.subject_no, row.kind): row for row in deadlines.of_subjects(tx, shop_id, kind, [no])}
    return found


def _computed(tx: Tx, shop_id: ShopId, book: Rulebook) -> dict[Todo, tuple[Deadline, datetime]]:
    """Every deadline of the shop by today's facts and rules, with the age of what it rests on."""
    nos = [no for (no,) in tx.execute("select order_no from orders where shop_id = %s order by order_no", (shop_id,))]
    known = orders_known(tx, shop_id, nos)
    made = [(deadline, one.data_as_of) for one in known.values() for deadline in order_deadlines(one, book)]
    for text, as_of in tx.execute("select facts::text, as_of from aftersales where shop_id = %s", (shop_id,)).fetchall():
        case = msgspec.json.decode(text, type=AftersaleFacts)
        past = pasts_alone(tx, shop_id, [case], known).get(case.case_no)
        made += [(deadline, as_of) for deadline in case_deadlines(case, known.get(case.order_no or ""), book, past)]
    for text, as_of in tx.execute("select facts::text, as_of from reviews where shop_id = %s", (shop_id,)).fetchall():
        made += [(deadline, as_of) for deadline in review_deadlines(msgspec.json.decode(text, type=ReviewFacts), book)]
    asked = [no for (no,) in tx.execute("select distinct order_no from messages where shop_id = %s and order_no is not null", (shop_id,))]
    for no, told in around.messages(tx, shop_id, asked).items():
        as_of, messages = max(one.as_of for one in told), [one.facts for one in told]
        made += [(deadline, as_of) for deadline in conversation_deadlines(no, messages, book, needing_none(tx, shop_id, [messages]))]
    connection = connections.one(tx, shop_id)
    held = None if connection is None else granted(connection)
    if connection is not None and held is not None:
        made.append((authorisation_deadline(held, book), connection.changed_at))
    return {(deadline.subject.kind.value, deadline.subject.no, deadline.kind.value): (deadline, as_of) for deadline, as_of in made}


def _one(row: StoredDeadline, deadline: Deadline, as_of: datetime, mark: MarkRecord | None, now: datetime, book: Rulebook) -> list[Any]:
    place = standing(deadline, now, book.weights)
    if row.band is None or place.band is None:
        return [] if row.band == place.band and row.state == deadline.state else [("closed", row.state, deadline.state)]
    if row.deadline() != deadline or row.data_as_of != as_of:
        return [("facts", row.deadline(), deadline, row.data_as_of, as_of)]
    by_hand = _by_hand(mark, as_of, now)
    if by_hand is not None or row.band in BY_HAND:
        return [] if row.band == by_hand else [("mark", row.band, by_hand)]
    return [] if (row.band, row.look_at, row.score) == (place.band, place.look_at, place.score) else [("place", row.band, place)]


def _by_hand(mark: MarkRecord | None, as_of: datetime, now: datetime) -> Band | None:
    """The band a person's word puts a running to-do in, as long as it holds."""
    match mark.mark if mark is not None else None:
        case "not_ours":
            return Band.NOT_OURS
        case "done" if mark is not None and as_of <= mark.made_at:
            return Band.SAID_DONE
        case "snoozed" if mark is not None and mark.until is not None and mark.until > now:
            return Band.SNOOZED
        case _:
            return None
