"""The claims of a shop, the letter for each, what they brought; and the parcels silent for so long that they may be claimed as lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.chasing.gathering import hotline_of, still_beside
from zhanggui.actions.claims.making import limit_now, missing_evidence
from zhanggui.actions.claims.parcels import parcel_of_case, parcel_of_order
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.claims.evidence import Evidence, needed
from zhanggui.core.claims.limits import Limit
from zhanggui.core.claims.states import LIVE_CLAIMS, ClaimEvent, ClaimState, Leg, Loss, Worth, claim_events
from zhanggui.core.deadlines import Band
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question
from zhanggui.core.scripts import Both
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, claims, deadlines
from zhanggui.records.claims import ClaimRecord, Totals
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.rulebook import scripts
from zhanggui.rulebook.following import Hotline

LARGEST = 2**62
SILENT_SHOWN = 50
TOTALS_OF = timedelta(days=365)
_OPEN = LIVE_CLAIMS | {ClaimState.REFUSED}
RETURNS_LOOKED_AT = timedelta(days=60)
"""Return parcels of older cases are looked for no more."""
_WAITED_FOR = tuple(state.value for state in (AftersaleState.SELLER_TO_RECEIVE, AftersaleState.PLATFORM_HANDLES, AftersaleState.REFUNDED))


class ClaimRow(msgspec.Struct, frozen=True):
    """A claim as the page shows it."""

    claim: ClaimRecord
    state: ClaimState
    events: tuple[ClaimEvent, ...]
    title: str | None
    due_at: datetime | None
    limit: Limit
    needed: tuple[Evidence, ...]
    missing: tuple[Evidence, ...]
    letter: Draft | None
    hotline: Hotline | None


class LostParcel(msgspec.Struct, frozen=True):
    """A parcel silent for so long that it may be claimed as lost."""

    order_no: str
    tracking_no: str
    carrier: str | None
    title: str | None
    since: datetime
    value: Fen | None
    """None where its order went in several parcels, and nobody knows what lay in this one."""
    case_no: str | None = None
    """The case whose goods were to come back in it; None for a parcel that went out."""
    was_seen: bool = True
    """Whether the carrier ever told of it."""


class ClaimsPage(msgspec.Struct, frozen=True):
    """A page of claims, newest first; the parcels that may be claimed; what the claims of a year came to."""

    rows: tuple[ClaimRow, ...]
    next_cursor: str | None
    lost: tuple[LostParcel, ...]
    lost_rule: str | None
    lost_is_cut: bool
    """Whether more parcels are silent for so long than are listed."""
    totals: tuple[Totals, ...]


def claims_seen(house: House, by: Person, shop_id: ShopId, now: datetime, *, live: bool = True, cursor: str | None = None, limit: int = 30) -> ClaimsPage:
    """The claims that are not over, or those that are."""
    by.need(Permission.ORDERS_READ, shop_id)
    states = _OPEN if live else frozenset(ClaimState) - _OPEN
    before = cursors.read(cursor, int) if cursor else LARGEST
    with house.pool.connection() as tx:
        found = claims.page(tx, shop_id, sorted(state.value for state in states), before, limit + 1)
        shown = found[:limit]
        titles = {no: known.order.title for no, known in orders_known(tx, shop_id, sorted({claim.order_no for claim in shown})).items()}
        due = {row.subject_no: row for row in deadlines.of_subjects(tx, shop_id, "claim", [str(claim.claim_no) for claim in shown]) if row.band is not None}
        rows = tuple(_row(tx, house, shop_id, claim, titles, due) for claim in shown)
        lost, rule, is_cut = lost_parcels(tx, house, shop_id, now) if live and not cursor else ((), None, False)
        totals = tuple(claims.totals(tx, shop_id, now - TOTALS_OF))
    return ClaimsPage(rows, cursors.write_one(shown[-1].claim_no) if len(found) > limit else None, lost, rule, is_cut, totals)


def claims_of_case(house: House, by: Person, shop_id: ShopId, case: AftersaleFacts) -> tuple[ClaimRecord, ...]:
    """The claims for the return parcel of a case, for its page."""
    by.need(Permission.ORDERS_READ, shop_id)
    if case.order_no is None or case.return_tracking_no is None:
        return ()
    with house.pool.connection() as tx:
        return tuple(claim for claim in claims.of_orders(tx, shop_id, [case.order_no]) if claim.tracking_no == case.return_tracking_no)


def lost_parcels(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> tuple[tuple[LostParcel, ...], str | None, bool]:
    """The parcels that have been silent for so long that they count as lost and have no claim yet, longest silent first; the rule that says so; whether
    there are more."""
    rule = rulebook_in(tx, house, shop_id).in_force(Question.CLAIM_LOST, at=now)
    if rule is None or rule.term is None:
        return (), None, False
    before = now - rule.term.length
    found = claims.silent(tx, shop_id, before, [int(Band.OVERDUE), int(Band.SNOOZED)], SILENT_SHOWN)
    nos = [no for no, _ in found]
    known = orders_known(tx, shop_id, nos)
    lost = [
        LostParcel(no, order.tracking_no, order.carrier, order.title, since, parcel_of_order(known[no]).value)
        for no, since in found
        if no in known and (order := known[no].order).tracking_no
    ]
    beside = still_beside(tx, shop_id, before, now, SILENT_SHOWN)
    lost += [LostParcel(each.order_no, each.tracking_no, each.carrier or None, each.title, each.since, None) for each in beside]
    coming_back, is_cut = _lost_returns(tx, shop_id, before, now)
    is_cut = is_cut or max(len(found), len(beside)) >= SILENT_SHOWN
    return (*sorted(lost, key=lambda each: (each.since, each.tracking_no)), *coming_back), rule.cite, is_cut


def _lost_returns(tx: Tx, shop_id: ShopId, before: datetime, now: datetime) -> tuple[list[LostParcel], bool]:
    """The return parcels that have been silent for so long, of cases that still wait for them, or paid by time-out while they were on their way; whether
    there may be more."""
    nos = claims.returns_silent(tx, shop_id, _WAITED_FOR, now - RETURNS_LOOKED_AT, before, SILENT_SHOWN)
    cases = [known.facts for known in around.cases_by_no(tx, shop_id, nos).values()]
    known = orders_known(tx, shop_id, sorted({case.order_no for case in cases if case.order_no}))
    found = []
    for case in cases:
        order = known.get(case.order_no or "")
        if order is None or case.return_tracking_no is None:
            continue
        told = [scan.at for scan in order.scans if scan.tracking_no == case.return_tracking_no]
        since = max((*told, *(at for at in (case.return_sent_at, case.applied_at) if at)), default=None)
        if since is not None and since < before:
            parcel = parcel_of_case(tx, case, order)
            lost = LostParcel(
                order.order.order_no, parcel.tracking_no, parcel.carrier, order.order.title, since, parcel.value, case.case_no, was_seen=bool(told)
            )
            found.append(lost)
    return sorted(found, key=lambda each: (each.since, each.tracking_no)), len(nos) >= SILENT_SHOWN


def _row(tx: Tx, house: House, shop_id: ShopId, claim: ClaimRecord, titles: Mapping[str, str | None], due: Mapping[str, StoredDeadline]) -> ClaimRow:
    state, loss = ClaimState(claim.state), Loss(claim.loss)
    worth = Worth(goods_value=Fen(claim.goods_value), freight=_value(claim.freight), declared_value=_value(claim.declared_value))
    deadline = due.get(str(claim.claim_no))
    return ClaimRow(
        claim=claim,
        state=state,
        events=claim_events(state),
        title=titles.get(claim.order_no),
        due_at=None if deadline is None else deadline.due_at,
        limit=limit_now(tx, house, shop_id, loss, claim.carrier, worth, claim.made_at),
        needed=needed(loss, is_insured=claim.declared_value is not None),
        missing=missing_evidence(claim),
        letter=_letter(claim, loss) if state in LIVE_CLAIMS else None,
        hotline=hotline_of(claim.carrier),
    )


def _letter(claim: ClaimRecord, loss: Loss) -> Draft | None:
    return scripts().draft(
        "claim_letter_return" if claim.leg == Leg.RETURN else "claim_letter",
        carrier=claim.carrier or Both("贵司", "your company"),
        tracking_no=claim.tracking_no,
        loss=Both("丢失", "lost") if loss is Loss.LOST else Both("破损", "damaged"),
        value_fen=claim.goods_value,
        freight_fen=Both("见运单", "as on the waybill") if claim.freight is None else claim.freight,
        asked_fen=claim.asked,
    )


def _value(amount: int | None) -> Fen | None:
    return None if amount is None else Fen(amount)
