"""A buyer is forgotten because somebody asked: everywhere, save what a clock still runs for and what the books need, which names nobody."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.texts.settling import number_digest
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.masking import storable
from zhanggui.core.privacy.retention import over_before
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, forgetting, forgetting_scans, journal, locks, retention
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.privacy import BuyerForgotten
from zhanggui.records.measures import touched

ASKED = "asked"
LONGEST_REASON = 200
MOST_ORDERS = 500
AT_ONCE = 200
LAST = datetime(9000, 1, 1, tzinfo=UTC)
_BYTES = 16


class Whom(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be forgotten: the buyer of an order, or whoever bears a name in talks or a telephone number for texts. One of them is told.

    A name or number is looked up by its keyed digest: nothing of the house holds it in clear.
    """

    order_no: str = ""
    name: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "Whom(…)"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Whom it leads to: the orders, and the talks where a name was told."""

    order_nos: tuple[str, ...]
    talks: tuple[int, ...] = ()
    talks_alone: int = 0
    """How many of the talks are about no order."""


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    erasure_no: int
    order_nos: tuple[str, ...]
    counts: dict[str, int]
    """Rows changed, by place."""
    talks_alone: int
    """Talks about no order that were among it."""
    pieces_kept: int
    """Pieces of the vault that stay until their term is over."""


def found_by(house: House, by: Person, shop_id: ShopId, whom: Whom, now: datetime) -> Found:
    """The orders and talks of the shop that would be forgotten. Raises Refused where nobody is told, or nothing is known."""
    by.need(Permission.PRIVACY_WRITE, shop_id)
    return transact(house.pool, lambda tx: _meant(tx, shop_id, whom, now)[0])


def forget_buyer(house: House, by: Person, shop_id: ShopId, whom: Whom, now: datetime, *, reason: str = "", with_evidence: bool = False) -> Forgotten:
    """Takes away what tells of a buyer: in rows, in what files told, in talks, notes and remarks. That it was done is kept, and nothing of what it was.

    Pieces of the vault stay until their term is over unless they are asked for too. Raises Refused while anything still runs for one of the orders.
    """
    by.need(Permission.PRIVACY_WRITE, shop_id)
    said = masked_said(storable(reason).strip())[:LONGEST_REASON]

    def work(tx: Tx) -> Forgotten:
        locks.hold_shop(tx, shop_id)
        found, subject = _meant(tx, shop_id, whom, now)
        order_nos = found.order_nos
        running = sorted(forgetting.with_open_clock(tx, shop_id, order_nos, now))
        if running:
            text = "Something still runs for {order_no}: a delivery, a case, a deadline or an answer that is owed. Forget this buyer once it has ended."
            raise Refused(say(text, order_no=running[0]))
        if forgetting.is_waiting(tx, shop_id, found.talks):
            raise Refused(say("The buyer waits for an answer in a talk. Forget this buyer once it was given."))
        erasure_no = forgetting.begin(tx, shop_id, at=now, by=by.person_id, cause=ASKED, subject=subject, orders=len(order_nos), reason=said)
        before = now if with_evidence else over_before("evidence", retention.own_terms(tx, shop_id), now)
        counts = forget_orders(tx, shop_id, order_nos, erasure_no, now, evidence_before=before)
        talked = retention.forget_talks(tx, shop_id, found.talks)
        counts |= {"talks": talked} if talked else {}
        forgetting.remember(tx, shop_id, order_nos, erasure_no, now)
        forgetting.end(tx, shop_id, erasure_no, counts)
        journal.write(tx, shop_id, BuyerForgotten(len(order_nos), sum(counts.values())), at=now, by=by.person_id)
        kept = forgetting.count_pieces(tx, shop_id, order_nos)
        return Forgotten(erasure_no=erasure_no, order_nos=order_nos, counts=counts, talks_alone=found.talks_alone, pieces_kept=kept)

    return transact(house.pool, work)


def forget_orders(tx: Tx, shop_id: ShopId, order_nos: Sequence[str], erasure_no: int, now: datetime, *, evidence_before: datetime) -> dict[str, int]:
    """Rows changed by place. The shop is held by the caller, who has seen that nothing runs for these orders."""
    counts = forgetting.forget_facts(tx, shop_id, order_nos) | forgetting.forget_beside(tx, shop_id, order_nos)
    scans = forget_scans(tx, shop_id, forgetting_scans.parcels_of(tx, shop_id, order_nos), now)
    parcels = forgetting_scans.forget_parcels(tx, shop_id, order_nos)
    pieces = forgetting.redact(tx, shop_id, forgetting.pieces(tx, shop_id, order_nos, evidence_before), erasure_no, now)
    # whose rating it was is read out of the facts anew
    touched.note(tx, shop_id, sorted(order_nos), [])
    return counts | {name: rows for name, rows in (("scans", scans), ("parcels", parcels), ("evidence", pieces)) if rows}


def forget_scans(tx: Tx, shop_id: ShopId, tracking_nos: Sequence[str], now: datetime, *, before: datetime = LAST) -> int:
    """How many tracking events of these parcels say no more than what happened; those of a parcel of which anything still runs stay as they are."""
    running = forgetting.with_open_clock(tx, shop_id, around.orders_of_parcels(tx, shop_id, tracking_nos), now)
    under_way = set(forgetting_scans.parcels_of(tx, shop_id, sorted(running))) if running else set()
    return forgetting_scans.forget(tx, shop_id, [no for no in tracking_nos if no not in under_way], before)


def forget_again(house: House, now: datetime) -> None:
    """What a file or the platform told anew of forgotten orders is forgotten once more."""
    for shop_id in every_shop(house):
        transact(house.pool, lambda tx, shop_id=shop_id: _forget_again(tx, shop_id, now))  # type: ignore[misc]  # bound at once


def _forget_again(tx: Tx, shop_id: ShopId, now: datetime) -> None:
    again = forgetting.told_again(tx, shop_id, AT_ONCE)
    if not again or not locks.try_shop(tx, shop_id):
        return
    for erasure_no, order_nos in again.items():
        running = forgetting.with_open_clock(tx, shop_id, order_nos, now)
        at_rest = [no for no in order_nos if no not in running]
        if at_rest:
            forget_orders(tx, shop_id, at_rest, erasure_no, now, evidence_before=over_before("evidence", retention.own_terms(tx, shop_id), now))


def _meant(tx: Tx, shop_id: ShopId, whom: Whom, now: datetime) -> tuple[Found, bytes]:
    """The orders and talks, and a keyed digest of what was told."""
    told = [word.strip() for word in (whom.order_no, whom.name, whom.phone) if word.strip()]
    if len(told) != 1:
        raise Refused(say("Tell one thing: an order number, the buyer's name as it stands in the talk, or the telephone number."))
    key = buyer_key(tx, shop_id, now)
    name = hmac.new(key, told[0].encode(), hashlib.sha256).digest()[:_BYTES]
    digest = number_digest(key, told[0]) if whom.phone.strip() else name
    is_order = bool(whom.order_no.strip())
    talks = {} if is_order else forgetting.talks_of_buyer(tx, shop_id, digest)
    order_nos = forgetting.known(tx, shop_id, told) if is_order else forgetting.orders_of_buyer(tx, shop_id, digest, talks)
    if not order_nos and not talks:
        raise Refused(say("The shop knows nobody by this. A masked name tells nobody apart: look for the order and tell its number."))
    if len(order_nos) > MOST_ORDERS:
        raise Refused(say("These are more than {most} orders: too many for one buyer.", most=MOST_ORDERS))
    return Found(order_nos=tuple(order_nos), talks=tuple(sorted(talks)), talks_alone=sum(talks.values())), digest
