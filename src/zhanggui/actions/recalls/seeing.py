"""The recalls of a shop: how each stands, whether it still pays, whom to tell and in which words; and how well recalls went so far."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.chasing.gathering import hotline_of
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.core.dispatch import DispatchState
from zhanggui.core.dispatch.parcels import awaited_with, has_reached
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.money import Fen
from zhanggui.core.recalls.advice import Advice, Chance, Ended, advice, chances
from zhanggui.core.recalls.needing import scans_under
from zhanggui.core.recalls.states import LIVE_RECALLS, RecallEvent, RecallState, is_signed_for, recall_events
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Both
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import deadlines, recalls
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.recalls import RecallRecord
from zhanggui.rulebook import scripts
from zhanggui.rulebook.following import Hotline, recall_terms

LEARNT_FROM = 2000
"""So many of the last recalls are learnt from."""
FINISHED = (RecallState.BACK, RecallState.FAILED)
LARGEST = 2**62
_TO_STOP = frozenset({RecallState.ASKED, RecallState.TOLD, RecallState.AGREED})


class RecallRow(msgspec.Struct, frozen=True):
    """A recall as the page shows it."""

    recall: RecallRecord
    state: RecallState
    events: tuple[RecallEvent, ...]
    title: str | None
    due_at: datetime | None
    advice: Advice | None
    """Only while the carrier has not agreed: after that the advice would come too late."""
    to_carrier: Draft | None
    to_buyer: Draft | None
    hotline: Hotline | None
    is_unsaid: bool = False
    """Whether its events alone tell that it is here again, so that the order comes back into the house only once a person says so."""
    waits_for: tuple[Say, ...] = ()
    """Of what is here again: which other parcels the order waits for before it is back in the house."""


class RecallsPage(msgspec.Struct, frozen=True):
    """A page of recalls, newest first, and how well they went by the hours since the parcel had left."""

    rows: tuple[RecallRow, ...]
    next_cursor: str | None
    chances: tuple[Chance, ...]


def recalls_seen(house: House, by: Person, shop_id: ShopId, now: datetime, *, live: bool = True, cursor: str | None = None, limit: int = 30) -> RecallsPage:
    """The recalls under way, with what is here again and has still to be said so; or those that are over."""
    by.need(Permission.ORDERS_READ, shop_id)
    states = LIVE_RECALLS if live else frozenset(RecallState) - LIVE_RECALLS
    before = cursors.read(cursor, int) if cursor else LARGEST
    with house.pool.connection() as tx:
        found = recalls.page(tx, shop_id, sorted(state.value for state in states), before, limit + 1, unsaid_too=live)
        shown = found[:limit]
        learnt = learnt_chances(tx, shop_id)
        order_nos = sorted({recall.order_no for recall in shown})
        known = orders_known(tx, shop_id, order_nos)
        due = {row.subject_no: row for row in deadlines.of_subjects(tx, shop_id, "recall", [str(recall.recall_no) for recall in shown])}
    rows = tuple(_row(recall, known, due, learnt, now) for recall in shown)
    return RecallsPage(rows, cursors.write_one(shown[-1].recall_no) if len(found) > limit else None, learnt)


def learnt_chances(tx: Tx, shop_id: ShopId) -> tuple[Chance, ...]:
    """The chance of success by the hours since the parcel left, by this shop's own recalls."""
    ended = recalls.ended(tx, shop_id, [state.value for state in FINISHED], LEARNT_FROM)
    return chances((Ended(after, state == RecallState.BACK) for state, after in ended), recall_terms())


def _row(recall: RecallRecord, known: Mapping[str, OrderKnowledge], due: Mapping[str, StoredDeadline], learnt: Sequence[Chance], now: datetime) -> RecallRow:
    state = RecallState(recall.state)
    about = known.get(recall.order_no)
    order = None if about is None else about.order
    scans = scans_under(recall.tracking_no, about)
    deadline = due.get(str(recall.recall_no))
    is_unsaid = state is RecallState.BACK and recall.said != RecallState.BACK and _is_out(recall, about)
    offered = {RecallEvent.SIGN: is_signed_for(state, scans), RecallEvent.RECEIVE: state is not RecallState.BACK or is_unsaid}
    is_early = state in (RecallState.ASKED, RecallState.TOLD) and recall.needless is None
    paid = None if order is None else order.pay_amount or order.receive_amount
    fills = {
        "carrier": recall.carrier or Both("贵司", "your company"),
        "tracking_no": recall.tracking_no,
        "title": (order.title if order is not None else None) or Both("商品", "what you ordered"),
        "promise": next_sure_hour(now),
    }
    return RecallRow(
        recall=recall,
        state=state,
        events=tuple(event for event in recall_events(state) if event not in offered or offered[event]),
        title=None if order is None else order.title,
        due_at=None if deadline is None or deadline.band is None else deadline.due_at,
        advice=advice(now - recall.left_at, None if paid is None else Fen(paid), learnt, recall_terms()) if is_early and recall.left_at else None,
        to_carrier=scripts().draft("recall_request", **fills) if state in _TO_STOP and recall.needless is None else None,
        to_buyer=scripts().draft("recall_refuse", **fills) if state is RecallState.FAILED else None,
        hotline=hotline_of(recall.carrier),
        is_unsaid=is_unsaid,
        waits_for=_waits_for(recall, about) if state is RecallState.BACK else (),
    )


def _is_out(recall: RecallRecord, about: OrderKnowledge | None) -> bool:
    """Whether the order counts as with the carrier, under this very number among others."""
    dispatch = None if about is None else about.dispatch
    return dispatch is not None and dispatch.state is DispatchState.HANDED_OVER and recall.tracking_no in dispatch.numbers


def _waits_for(recall: RecallRecord, about: OrderKnowledge | None) -> tuple[Say, ...]:
    if about is None or about.dispatch is None or not _is_out(recall, about):
        return ()
    others = (number for number in awaited_with(recall.tracking_no, about.dispatch, about) if not has_reached(number, about))
    return tuple(say("Parcel {number} of the order is not here yet.", number=number) for number in others)
