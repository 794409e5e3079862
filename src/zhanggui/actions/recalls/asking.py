"""A parcel is to come back: one live recall each, written in the transaction of whoever decides it. Its deadline is the reckoning's work."""

from datetime import datetime

from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.recalls.advice import goods_worth
from zhanggui.core.recalls.states import RecallState
from zhanggui.core.say import Say
from zhanggui.people.permissions import PersonId
from zhanggui.records import around, journal, recalls
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries.chasing import RecallMoved
from zhanggui.records.says import packed
from zhanggui.rulebook.following import recall_terms


def recall_asked(
    tx: Tx,
    shop_id: int,
    order_no: str,
    carrier: str | None,
    tracking_no: str,
    now: datetime,
    because: Say,
    *,
    left_at: datetime | None = None,
    by: PersonId | None = None,
) -> int:
    """The number of the recall of this parcel, begun now unless one is under way."""
    known = around.orders(tx, shop_id, [order_no]).get(order_no)
    facts = None if known is None else known.facts
    recall_no = recalls.insert(
        tx,
        shop_id,
        order_no=order_no,
        tracking_no=tracking_no,
        carrier=carrier or (facts.carrier if facts else None),
        because=packed(because),
        worth=_worth(facts),
        left_at=left_at or (None if facts is None else facts.picked_up_at or facts.shipped_at),
        asked_at=now,
        asked_by=by,
        said=RecallState.ASKED.value,
    )
    if recall_no is None:
        standing = recalls.live_of_parcel(tx, shop_id, order_no, tracking_no)
        assert standing is not None  # the insert conflicts with nothing else
        if not recalls.revive(tx, shop_id, standing, packed(because), by, now):
            return standing
        recall_no = standing
    entry = RecallMoved(recall_no, tracking_no, RecallState.ASKED.value)
    journal.write(tx, shop_id, entry, at=now, by=by, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
    return recall_no


def _worth(order: OrderFacts | None) -> Fen:
    """What the goods are worth to the seller, as far as the order tells."""
    return goods_worth(None if order is None else order.pay_amount or order.receive_amount, recall_terms())
