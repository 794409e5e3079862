"""What after-sales cost beside the refund: written down once, taken back, added up by order, cause, SKU and buyer.

Whose cost it was is kept as a keyed digest of the masked receiver, for a limited time. Two receivers with the same mask at the same place are one to it, so
that what is said of a buyer is a hint and never a reason by itself.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from zhanggui.actions.buyer_digests import buyer_digest, buyer_key
from zhanggui.actions.house import House
from zhanggui.actions.once import Once, need_first
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.ledger.costs import REWARDS, Cost, CostCause, CostKind, Spent, speaks_of_ratings
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, bill_entries, costs, journal
from zhanggui.records.costs import CostGroup, CostRecord
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.money import CostNoted, CostTakenBack, MoneySettingsSet
from zhanggui.rulebook.money import money_terms

MOST_FEN = 100_000_000
MOST_NOTE = 500
MOST_DAYS = 90
_LAST = (datetime(9999, 1, 1, tzinfo=UTC), 0)
_SKUS_SHOWN = 20
_BUYERS_SHOWN = 20


class CostsView(msgspec.Struct, frozen=True, kw_only=True):
    """What after-sales cost in a time, and the entries, newest first."""

    fen: Fen
    entries: int
    causes: tuple[CostGroup, ...]
    kinds: tuple[CostGroup, ...]
    skus: tuple[CostGroup, ...]
    buyers_over: tuple[CostGroup, ...]
    """Each named by one of the buyer's orders."""
    cap: Fen | None
    own_days: int | None
    """After how many days an order's money can be used, where the shop says so itself."""
    buyer_days: int
    rows: tuple[CostRecord, ...]
    next_row: tuple[datetime, int] | None


def record_cost(tx: Tx, by: Person, shop_id: ShopId, cost: Cost, now: datetime) -> int:
    """Writes down what was given for an order; the number of the entry, the standing one where it was written down `once` before.

    Raises Refused for a sum that is none, an order nobody knows, and a note that ties it to a rating. What writes itself rests on a case or a parcel that
    names its order: there the order may come in later.
    """
    by.need(Permission.COSTS_WRITE, shop_id)
    _check(cost)
    known = around.orders(tx, shop_id, [cost.order_no]).get(cost.order_no)
    if known is None and cost.once is None:
        raise Refused(say("The shop has no such order."))
    buyer = None if known is None else buyer_digest(buyer_key(tx, shop_id, now), known.facts)
    forget = timedelta(days=money_terms().costs.buyer_forget_days)
    slots: dict[str, object] = {
        "order_no": cost.order_no,
        "case_no": cost.case_no,
        "kind": cost.kind.value,
        "cause": cost.cause.value,
        "sku": cost.sku or (None if known is None else known.facts.sku_id),
        "fen": cost.fen,
        "at": now,
        "note": remark(cost.note),
        "once": cost.once,
        "buyer": buyer,
        "buyer_until": None if buyer is None else now + forget,
        "made_by": by.person_id,
    }
    cost_no = costs.insert(tx, shop_id, slots)
    if cost_no is None:
        standing = costs.by_once(tx, shop_id, cost.once or "")
        assert standing is not None  # only that name can stand in the way
        return standing
    told = CostNoted(cost.kind.value, cost.cause.value, cost.fen)
    journal.write(tx, shop_id, told, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=cost.order_no)
    return cost_no


def note_cost(house: House, by: Person, shop_id: ShopId, cost: Cost, now: datetime, *, once: Once | None = None) -> Spent:
    """Writes it down in a transaction of its own; what the order and its buyer have cost then. Raises DoneBefore for a form that did it already."""

    def work(tx: Tx) -> Spent:
        need_first(tx, once)
        record_cost(tx, by, shop_id, cost, now)
        return spent_on(tx, shop_id, cost.order_no, now)

    return transact(house.pool, work)


def take_cost_back(house: House, by: Person, shop_id: ShopId, cost_no: int, now: datetime) -> None:
    """Takes an entry back; it stays visible as taken back. Raises Refused where it does not stand."""
    by.need(Permission.COSTS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        gone = costs.void(tx, shop_id, cost_no, by.person_id, now)
        if gone is None:
            raise Refused(say("That entry does not stand any more."))
        order_no, kind, fen = gone
        journal.write(tx, shop_id, CostTakenBack(kind, fen), at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)


def spent_on(tx: Tx, shop_id: ShopId, order_no: str, now: datetime) -> Spent:
    """What the order has cost so far, and what its buyer has lately over all orders of the shop."""
    kinds = costs.by_kind(tx, shop_id, order_no)
    cap, _ = costs.settings(tx, shop_id)
    days = money_terms().costs.buyer_days
    key = costs.known_buyer_key(tx, shop_id)
    known = around.orders(tx, shop_id, [order_no]).get(order_no)
    digest = None if known is None else buyer_digest(key or b"", known.facts)
    buyer: tuple[int | None, int] = (None, 0)
    if digest is not None:
        buyer = (0, 0) if key is None else costs.of_buyer(tx, shop_id, digest, now - timedelta(days=days))
    return Spent(
        fen=Fen(sum(fen for _, fen, _ in kinds)),
        by_kind={CostKind(kind): Fen(fen) for kind, fen, _ in kinds},
        entries=sum(entries for _, _, entries in kinds),
        buyer_fen=None if buyer[0] is None else Fen(buyer[0]),
        buyer_orders=buyer[1],
        buyer_days=days,
        cap=None if cap is None else Fen(cap),
    )


def costs_view(
    house: House, by: Person, shop_id: ShopId, since: datetime, until: datetime, now: datetime, *, before: tuple[datetime, int] | None = None, limit: int = 50
) -> CostsView:
    """What after-sales cost in a time, by cause, kind and SKU, and which buyers passed the cap."""
    by.need(Permission.MONEY_READ, shop_id)
    days = money_terms().costs.buyer_days
    with house.pool.connection() as tx:
        cap, own_days = costs.settings(tx, shop_id)
        causes = costs.by_cause(tx, shop_id, since, until)
        rows = costs.page(tx, shop_id, before or _LAST, limit + 1)
        over = [] if cap is None else costs.buyers_over(tx, shop_id, now - timedelta(days=days), cap, _BUYERS_SHOWN)
        return CostsView(
            fen=Fen(sum(group.fen for group in causes)),
            entries=sum(group.entries for group in causes),
            causes=tuple(causes),
            kinds=tuple(costs.by_kinds(tx, shop_id, since, until)),
            skus=tuple(costs.by_sku(tx, shop_id, since, until, _SKUS_SHOWN)),
            buyers_over=tuple(over),
            cap=None if cap is None else Fen(cap),
            own_days=own_days,
            buyer_days=days,
            rows=tuple(rows[:limit]),
            next_row=(rows[limit - 1].at, rows[limit - 1].cost_no) if len(rows) > limit else None,
        )


def set_money_settings(house: House, by: Person, shop_id: ShopId, cap: Fen | None, received_after_days: int | None, now: datetime) -> None:
    """Keeps the cap for one buyer, and after how many days an order's money can be used; None: no cap, and the rulebook's days."""
    by.need(Permission.MONEY_WRITE, shop_id)
    if cap is not None and not 0 < cap <= MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))
    if received_after_days is not None and not 0 <= received_after_days <= MOST_DAYS:
        raise Refused(say("Give a whole number of days from {least} to {most}.", least=0, most=MOST_DAYS))

    def work(tx: Tx) -> None:
        costs.set_settings(tx, shop_id, cap, received_after_days, by.person_id, now)
        journal.write(tx, shop_id, MoneySettingsSet(), at=now, by=by.person_id)

    transact(house.pool, work)


def forget_buyers(house: House, now: datetime) -> None:
    """Lets entries forget whose cost they were, once their time is over."""
    with house.pool.connection() as tx:
        for shop_id in bill_entries.every_shop(tx):
            costs.forget_buyers(tx, shop_id, now)


def _check(cost: Cost) -> None:
    if not 0 < cost.fen <= MOST_FEN:
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))
    if len(cost.note) > MOST_NOTE:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_NOTE))
    word = speaks_of_ratings(cost.note, money_terms().costs.never_for)
    if cost.cause is CostCause.REVIEW_REWARD and not (cost.once or "").startswith(REWARDS):
        raise Refused(say("What reviewers get is written down by the campaign on the Activities page alone, since it must not depend on the stars."))
    if word is not None:
        raise Refused(say("Nothing may be given for a rating, so nothing is written down for one ({word}). Say what was wrong instead.", word=word))
