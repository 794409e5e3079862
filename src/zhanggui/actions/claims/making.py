"""A claim is begun, its particulars entered, and moved on step by step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from zhanggui.actions.claims.parcels import ClaimedParcel, parcel_named
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT, kept_up
from zhanggui.actions.refused import Refused, need_seen
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chasing.gathering import carrier_key
from zhanggui.core.claims.evidence import Evidence, needed
from zhanggui.core.claims.limits import Limit, limit_of
from zhanggui.core.claims.states import LIVE_CLAIMS, ClaimEvent, ClaimState, Loss, Worth, claim_after
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.privacy.remarks import remark, ticket
from zhanggui.core.say import say
from zhanggui.core.steps import NotThatStep
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import claims, journal
from zhanggui.records.claims import ClaimRecord, NewClaim
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.chasing import ClaimChanged, ClaimMoved

MOST_FEN = 100_000_000


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    """What a person enters of a claim. None leaves what stands; what is not known after all is named in `unknown`."""

    goods_value: Fen | None = None
    freight: Fen | None = None
    declared_value: Fen | None = None
    asked: Fen | None = None
    evidence: tuple[Evidence, ...] | None = None
    ticket: str | None = None
    note: str | None = None
    unknown: tuple[Literal["freight", "declared_value"], ...] = ()


def begin_claim(
    house: House, by: Person, shop_id: ShopId, code: str, loss: Loss, now: datetime, told: Particulars | None = None, *, case_no: str | None = None
) -> int:
    """The number of the claim for a parcel, named by the number of its order, of its case, or its own; the one that stands where there is one.

    With `case_no` it is the parcel in which the goods of that case were to come back. Raises Refused where there is no parcel or no value.
    """
    by.need(Permission.CLAIMS_WRITE, shop_id)
    told = told or Particulars()
    _check(told)

    def work(tx: Tx) -> int:
        new = _new(tx, house, by, shop_id, parcel_named(tx, shop_id, code, case_no), loss, told, now)
        claim_no = claims.insert(tx, shop_id, new)
        if claim_no is None:
            standing = claims.of_parcel(tx, shop_id, new.order_no, new.tracking_no)
            if standing is None:
                raise Refused(say("Somebody changed this meanwhile. Look at it again."))
            return standing
        _tell(tx, by, shop_id, new.order_no, ClaimMoved(claim_no, loss.value, new.state, new.asked), now)
        _keep_up(tx, house, shop_id, claim_no, now)
        return claim_no

    return transact(house.pool, work)


def enter_particulars(house: House, by: Person, shop_id: ShopId, claim_no: int, told: Particulars, now: datetime, *, seen: int | None = None) -> None:
    """Keeps sums, evidence, ticket and note of a claim that is not over. Raises Refused where it is no more the version `seen`."""
    _check(told)

    def changed(tx: Tx, claim: ClaimRecord) -> tuple[ClaimRecord, Entry]:
        need_seen(claim.version, seen)
        if ClaimState(claim.state) not in LIVE_CLAIMS | {ClaimState.REFUSED}:
            raise Refused(say("The claim is over: {state}.", state=claim.state))
        return _with(tx, house, shop_id, claim, told, now), ClaimChanged(claim_no)

    _changed(house, by, shop_id, claim_no, changed, now)


def step_claim(
    house: House,
    by: Person,
    shop_id: ShopId,
    claim_no: int,
    event: ClaimEvent,
    now: datetime,
    *,
    amount: Fen | None = None,
    told: Particulars | None = None,
    seen: int | None = None,
) -> ClaimState:
    """The state after a step; `amount` is what the carrier offered or paid.

    Raises Refused where the claim is past that step or no more the version `seen`, and where the sum is missing.
    """
    told = told or Particulars()
    _check(told)
    if event in (ClaimEvent.OFFER, ClaimEvent.PAY) and (amount is None or not 0 < amount <= MOST_FEN):
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))

    def changed(tx: Tx, claim: ClaimRecord) -> tuple[ClaimRecord, Entry]:
        need_seen(claim.version, seen)
        try:
            state = claim_after(ClaimState(claim.state), event)
        except NotThatStep:
            raise Refused(say("The claim is past that: {state}.", state=claim.state)) from None
        entered = _with(tx, house, shop_id, claim, told, now)
        money: dict[str, Any] = {}
        if event is ClaimEvent.OFFER:
            money["offered"] = amount
        elif event is ClaimEvent.PAY:
            money["got"] = amount
        stepped_at = now if state.value != claim.state else claim.stepped_at
        after = msgspec.structs.replace(entered, state=state.value, stepped_at=stepped_at, **money)
        return after, ClaimMoved(claim_no, claim.loss, state.value, amount if amount is not None else after.asked)

    return ClaimState(_changed(house, by, shop_id, claim_no, changed, now).state)


def missing_evidence(claim: ClaimRecord) -> tuple[Evidence, ...]:
    """What the claim still lacks."""
    return tuple(piece for piece in needed(Loss(claim.loss), is_insured=claim.declared_value is not None) if piece.value not in claim.evidence)


def limit_now(tx: Tx, house: House, shop_id: ShopId, loss: Loss, carrier: str | None, worth: Worth, at: datetime) -> Limit:
    """What the carrier's terms come to for this parcel."""
    return limit_of(loss, carrier_key(carrier) or None, worth, at, rulebook_in(tx, house, shop_id))


def _new(tx: Tx, house: House, by: Person, shop_id: ShopId, parcel: ClaimedParcel, loss: Loss, told: Particulars, now: datetime) -> NewClaim:
    value = told.goods_value or parcel.value
    if not value:
        raise Refused(say("What the goods are worth is not known. Enter it."))
    worth = Worth(goods_value=Fen(value), freight=told.freight, declared_value=told.declared_value)
    limit = limit_now(tx, house, shop_id, loss, parcel.carrier, worth, now)
    return NewClaim(
        order_no=parcel.order_no,
        tracking_no=parcel.tracking_no,
        carrier=parcel.carrier,
        leg=parcel.leg.value,
        case_no=parcel.case_no,
        loss=loss.value,
        goods_value=value,
        freight=told.freight,
        declared_value=told.declared_value,
        asked=told.asked or value,
        expected=limit.fen,
        expected_rule=limit.rule,
        noticed_at=parcel.noticed_at(loss, now),
        state=ClaimState.TO_FILE.value,
        made_by=by.person_id,
        made_at=now,
    )


def _with(tx: Tx, house: House, shop_id: ShopId, claim: ClaimRecord, told: Particulars, now: datetime) -> ClaimRecord:
    """The claim with what was entered, its expected sum reckoned again."""
    fields: Mapping[str, Any] = {name: value for name, value in msgspec.structs.asdict(told).items() if value is not None and name != "unknown"}
    fields = {**fields, **dict.fromkeys(told.unknown)}
    fields = dict(fields) | {name: clean(fields[name]) for name, clean in (("note", remark), ("ticket", ticket)) if name in fields}
    if "evidence" in fields:
        known = set(needed(Loss(claim.loss), is_insured=True))
        fields = dict(fields) | {"evidence": [piece.value for piece in fields["evidence"] if piece in known]}
    entered = msgspec.structs.replace(claim, **fields)
    worth = Worth(
        goods_value=Fen(entered.goods_value),
        freight=None if entered.freight is None else Fen(entered.freight),
        declared_value=None if entered.declared_value is None else Fen(entered.declared_value),
    )
    limit = limit_now(tx, house, shop_id, Loss(claim.loss), claim.carrier, worth, now)
    return msgspec.structs.replace(entered, expected=limit.fen, expected_rule=limit.rule)


def _check(told: Particulars) -> None:
    sums: Sequence[int] = [value for value in (told.goods_value, told.freight, told.declared_value, told.asked) if value is not None]
    if any(not 0 < value <= MOST_FEN for value in sums):
        raise Refused(say("Enter the sum of money, between {least_fen} and {most_fen}.", least_fen=1, most_fen=MOST_FEN))
    if max((len(text) for text in (told.ticket, told.note) if text is not None), default=0) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))


def _changed(
    house: House, by: Person, shop_id: ShopId, claim_no: int, changed: Callable[[Tx, ClaimRecord], tuple[ClaimRecord, Entry]], now: datetime
) -> ClaimRecord:
    by.need(Permission.CLAIMS_WRITE, shop_id)

    def work(tx: Tx) -> ClaimRecord:
        found = claims.locked(tx, shop_id, [claim_no])
        if not found:
            raise NotAllowed(Permission.CLAIMS_WRITE.value)
        after, entry = changed(tx, found[0])
        if not claims.save(tx, after):
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        _tell(tx, by, shop_id, after.order_no, entry, now)
        _keep_up(tx, house, shop_id, claim_no, now)
        return after

    return transact(house.pool, work)


def _keep_up(tx: Tx, house: House, shop_id: ShopId, claim_no: int, now: datetime) -> None:
    kept_up(tx, house, shop_id, now, lambda followed: followed.by_number({SubjectKind.CLAIM.value: [claim_no]}))


def _tell(tx: Tx, by: Person, shop_id: ShopId, order_no: str, entry: Entry, now: datetime) -> None:
    journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
