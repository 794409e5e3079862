"""What was begun and has to be followed up, kept in step with the facts: chases, recalls, claims, changes of number, disputes, complaints, promises.

Where a parcel has moved, turned, or bears its right number is computed anew from the facts each time, so that an undone import takes its news along.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.conversations.keeping import brought_up, promise_facts
from zhanggui.actions.knowing import orders_known
from zhanggui.core.acts import ActState
from zhanggui.core.cases.agreeing import is_agreed_by_shop
from zhanggui.core.chasing.clock import ChaseFacts, chase_deadlines
from zhanggui.core.chasing.moving import moved_at
from zhanggui.core.claims.clock import ClaimFacts, claim_deadlines
from zhanggui.core.claims.states import ClaimState, Loss
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.complaints.clock import ComplaintFacts, complaint_deadlines
from zhanggui.core.complaints.states import ComplaintKind, ComplaintState
from zhanggui.core.deadlines import Deadline, SubjectKind
from zhanggui.core.disputes.clock import DisputeFacts, dispute_deadlines
from zhanggui.core.disputes.needs import claim_of
from zhanggui.core.disputes.states import UNDECIDED, DisputeState, dispute_left, dispute_stands
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.promises.keeping import promise_deadlines
from zhanggui.core.recalls.clock import RecallFacts, recall_deadlines
from zhanggui.core.recalls.needing import is_received, needless, scans_under
from zhanggui.core.recalls.states import LIVE_RECALLS, RecallState, is_signed_for, recall_stands, turned_at
from zhanggui.core.renumbering.clock import ChangeFacts, change_deadlines
from zhanggui.core.renumbering.states import ChangeState, change_stands
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import Say
from zhanggui.records import case_moves, chases, claims, complaints, dispatches, disputes, journal, number_changes, outbox, promises, recalls
from zhanggui.records.chases import ChasedParcel, ChaseRecord
from zhanggui.records.claims import ClaimRecord
from zhanggui.records.complaints import ComplaintRecord
from zhanggui.records.db import Tx
from zhanggui.records.disputes import DisputeRecord, NewDispute
from zhanggui.records.journal_entries.chasing import NumberChangeMoved, RecallMoved
from zhanggui.records.journal_entries.complaints import DisputeMoved
from zhanggui.records.journal_entries.conversations import PromiseMoved
from zhanggui.records.number_changes import ChangeRecord
from zhanggui.records.promises import PromiseRecord
from zhanggui.records.recalls import RecallRecord
from zhanggui.records.says import packed
from zhanggui.rulebook.complaints import dispute_words

Computed = list[tuple[Deadline, datetime]]
Subjects = dict[str, set[str]]
FOLLOWED = frozenset(
    {SubjectKind.CHASE, SubjectKind.RECALL, SubjectKind.CLAIM, SubjectKind.NUMBER_CHANGE, SubjectKind.DISPUTE, SubjectKind.COMPLAINT, SubjectKind.PROMISE}
)


class Followed:
    """The deadlines of what is followed up in one shop, by its rules, as of one moment; gathered until they are stored."""

    def __init__(self, tx: Tx, shop_id: int, rulebook: Rulebook, now: datetime) -> None:
        self.tx = tx
        self.shop_id = shop_id
        self.rulebook = rulebook
        self.now = now
        self.computed: Computed = []
        self.subjects: Subjects = {}

    def of_orders(self, known: Mapping[str, OrderKnowledge], order_nos: Iterable[str]) -> None:
        """Everything that hangs on these orders; `known` holds their facts, orders nobody tells of any more are missing there."""
        nos = sorted(order_nos)
        self._chases(known, nos)
        self._disputes(known, nos)
        for recall in recalls.of_orders(self.tx, self.shop_id, nos):
            self.recall(recall, known.get(recall.order_no))
        for change in number_changes.of_orders(self.tx, self.shop_id, nos):
            self.change(change, known.get(change.order_no))
        for promise in promises.locked_of_orders(self.tx, self.shop_id, nos):
            self.promise(promise, known.get(promise.order_no or ""))

    def by_number(self, numbers: Mapping[str, Iterable[int]]) -> None:
        """These very things, by kind of subject, with the facts read afresh."""
        for chase in chases.locked(self.tx, self.shop_id, numbers.get(SubjectKind.CHASE.value, ())):
            self.chase(chase)
        for claim in claims.locked(self.tx, self.shop_id, numbers.get(SubjectKind.CLAIM.value, ())):
            self.claim(claim)
        for complaint in complaints.locked(self.tx, self.shop_id, numbers.get(SubjectKind.COMPLAINT.value, ())):
            self.complaint(complaint)
        held = recalls.locked(self.tx, self.shop_id, numbers.get(SubjectKind.RECALL.value, ()))
        changed = number_changes.locked(self.tx, self.shop_id, numbers.get(SubjectKind.NUMBER_CHANGE.value, ()))
        promised = promises.locked(self.tx, self.shop_id, numbers.get(SubjectKind.PROMISE.value, ()))
        disputed = disputes.locked(self.tx, self.shop_id, numbers.get(SubjectKind.DISPUTE.value, ()))
        known = orders_known(
            self.tx,
            self.shop_id,
            sorted(
                {recall.order_no for recall in held}
                | {change.order_no for change in changed}
                | {dispute.order_no for dispute in disputed}
                | {each.order_no for each in promised if each.order_no}
            ),
        )
        rounds = self._rounds(dispute.case_no for dispute in disputed)
        for dispute in disputed:
            self.dispute(dispute, _case(known.get(dispute.order_no), dispute.case_no), rounds.get(dispute.case_no, 1))
        for promise in promised:
            self.promise(promise, known.get(promise.order_no or ""))
        for recall in held:
            self.recall(recall, known.get(recall.order_no))
        for change in changed:
            self.change(change, known.get(change.order_no))

    def chase(self, chase: ChaseRecord) -> None:
        """The deadline of a chase, as its row stands."""
        facts = ChaseFacts(
            chase_no=chase.chase_no,
            sent_at=chase.sent_at,
            check_at=chase.check_at,
            carrier=chase.carrier,
            branch=chase.branch,
            parcels=chase.parcels,
            waiting=chase.waiting,
            is_closed=chase.closed_at is not None,
        )
        self._add(SubjectKind.CHASE, chase.chase_no, chase_deadlines(facts, self.rulebook), self.now)

    def claim(self, claim: ClaimRecord) -> None:
        """The deadline of a claim, as its row stands."""
        facts = ClaimFacts(
            claim_no=claim.claim_no,
            order_no=claim.order_no,
            loss=Loss(claim.loss),
            state=ClaimState(claim.state),
            noticed_at=claim.noticed_at,
            stepped_at=claim.stepped_at,
            asked=Fen(claim.asked),
            offered=None if claim.offered is None else Fen(claim.offered),
        )
        self._add(SubjectKind.CLAIM, claim.claim_no, claim_deadlines(facts, self.rulebook), self.now)

    def complaint(self, complaint: ComplaintRecord) -> None:
        """The deadline of a complaint, as its row stands."""
        facts = ComplaintFacts(
            complaint_no=complaint.complaint_no,
            kind=ComplaintKind(complaint.kind),
            order_no=complaint.order_no,
            state=ComplaintState(complaint.state),
            noticed_at=complaint.noticed_at,
            stepped_at=complaint.stepped_at,
            at_stake=Fen(complaint.at_stake),
            because=complaint.because,
            due=complaint.due,
        )
        self._add(SubjectKind.COMPLAINT, complaint.complaint_no, complaint_deadlines(facts, self.rulebook), self.now)

    def dispute(self, dispute: DisputeRecord, case: AftersaleFacts | None, rounds: int) -> None:
        """The deadline of a dispute, its state brought up to what its case shows; only that of the latest of so many interventions follows the case."""
        state = self._dispute_stands(dispute, case) if dispute.round == rounds else dispute_left(DisputeState(dispute.state))
        is_news = state.value != dispute.state
        seen_at = self._shown_since(dispute, case) if is_news else dispute.stepped_at
        after = msgspec.structs.replace(
            dispute,
            state=state.value,
            stepped_at=dispute.said_at if state == dispute.said else max(seen_at, dispute.said_at),
            at_stake=dispute.at_stake if case is None or dispute.round != rounds else case.refund_amount or case.order_amount or dispute.at_stake,
            ended_at=None if state in UNDECIDED else dispute.ended_at or self.now,
        )
        if after != dispute:
            _need(disputes.save(self.tx, after))
            after = msgspec.structs.replace(after, version=after.version + 1)
        if is_news:
            self._tell(DisputeMoved(dispute.dispute_no, dispute.case_no, state.value), dispute.order_no)
        facts = DisputeFacts(dispute_no=after.dispute_no, order_no=after.order_no, state=state, stepped_at=after.stepped_at, at_stake=Fen(after.at_stake))
        self._add(SubjectKind.DISPUTE, after.dispute_no, dispute_deadlines(facts, self.rulebook), self.now)

    def _shown_since(self, dispute: DisputeRecord, case: AftersaleFacts | None) -> datetime:
        """Since when the case shows what it shows: its own moment, or the step that was seen before somebody's word on it was taken back; else now."""
        if case is None or case.updated_at is not None:
            return (None if case is None else case.updated_at) or self.now
        steps = case_moves.turns(self.tx, self.shop_id, [dispute.case_no]).get(dispute.case_no, ())
        at = steps[-1][1] if steps else self.now
        return at if at < dispute.stepped_at else self.now

    def _dispute_stands(self, dispute: DisputeRecord, case: AftersaleFacts | None) -> DisputeState:
        """Where the latest dispute of a case stands; whether the shop gave the money itself is asked only where the buyer has it."""
        said = DisputeState(dispute.said)
        is_refunded = case is not None and case.state is AftersaleState.REFUNDED and said in UNDECIDED
        return dispute_stands(said, case, is_given=is_refunded and case is not None and self._is_given(dispute, case))

    def _is_given(self, dispute: DisputeRecord, case: AftersaleFacts) -> bool:
        """Whether the shop itself agreed to the refund: through the door, in the back office as the case showed, or as it was settled once already."""
        if (dispute.said, dispute.state) == (DisputeState.AGREED.value, DisputeState.SETTLED.value):
            return True
        sent = outbox.paying_by_case(self.tx, self.shop_id, [dispute.order_no], also_doubtful=False)
        if dispute.case_no in sent.get(dispute.order_no, {}) or is_agreed_by_shop(case):
            return True
        return case_moves.agreed_without_platform(self.tx, self.shop_id, dispute.case_no)

    def recall(self, recall: RecallRecord, known: OrderKnowledge | None) -> None:
        """The deadline of a recall, its state brought up to what the tracking events show."""
        scans = scans_under(recall.tracking_no, known)
        why = self._needless(recall, known)
        received = is_received(recall.tracking_no, known)
        state = recall_stands(RecallState(recall.said), scans, said_at=recall.said_at, is_received=received, is_needless=why is not None)
        stepped_at = recall.said_at if state == recall.said else turned_at(state, scans) or recall.said_at
        if (state.value, stepped_at, packed(why)) != (recall.state, recall.stepped_at, recall.needless):
            is_news = state.value != recall.state
            recall = msgspec.structs.replace(recall, state=state.value, stepped_at=stepped_at, needless=packed(why))
            _need(recalls.save(self.tx, recall))
            if is_news:
                self._tell(RecallMoved(recall.recall_no, recall.tracking_no, state.value), recall.order_no)
        facts = RecallFacts(
            recall_no=recall.recall_no,
            order_no=recall.order_no,
            state=state,
            stepped_at=stepped_at,
            worth=Fen(recall.worth),
            needless=why,
            is_signed_for=is_signed_for(state, scans),
        )
        as_of = self.now if known is None else known.data_as_of
        self._add(SubjectKind.RECALL, recall.recall_no, recall_deadlines(facts, self.rulebook), as_of)

    def _needless(self, recall: RecallRecord, known: OrderKnowledge | None) -> Say | None:
        """Why a parcel that the house wanted back need not come back; where a person wanted it, that is for a person to say.

        How far the order is on its way out is read now: what was known before may be from before this very step.
        """
        if recall.asked_by is not None or recall.said not in LIVE_RECALLS:
            return None
        return needless(recall.tracking_no, dispatches.of_orders(self.tx, self.shop_id, [recall.order_no]).get(recall.order_no), known)

    def change(self, change: ChangeRecord, known: OrderKnowledge | None) -> None:
        """The deadline of a change of number, its state brought up to what the order shows."""
        order, as_of = (None, self.now) if known is None else (known.order, known.data_as_of)
        state = change_stands(ChangeState(change.said), change.said_at, change.new_no, order, as_of)
        said_at = change.said_at
        if said_at is None and state is ChangeState.DONE:
            said_at = self._sent_at(change, change.done_at or as_of)
        done_at = (change.done_at or said_at or as_of) if state is ChangeState.DONE else None
        if (state.value, done_at) != (change.state, change.done_at):
            is_news = state.value != change.state
            change = msgspec.structs.replace(change, state=state.value, done_at=done_at)
            _need(number_changes.save(self.tx, change))
            if is_news:
                self._tell(NumberChangeMoved(change.old_no, change.new_carrier, change.new_no, state.value), change.order_no)
        facts = ChangeFacts(
            change_no=change.change_no,
            order_no=change.order_no,
            state=state,
            uploaded_at=change.uploaded_at,
            said_at=said_at,
            done_at=done_at,
        )
        self._add(SubjectKind.NUMBER_CHANGE, change.change_no, change_deadlines(facts, known, self.rulebook), as_of)

    def _sent_at(self, change: ChangeRecord, seen_at: datetime) -> datetime | None:
        """When the house itself told the platform the right number, or it was seen there; None where the house did not tell it."""
        act = None if change.act_no is None else outbox.one(self.tx, self.shop_id, change.act_no)
        at = act.sent_at if act is not None and act.at is ActState.CARRIED_OUT else None
        return None if at is None else min(at, seen_at)

    def promise(self, promise: PromiseRecord, known: OrderKnowledge | None) -> None:
        """The deadline of a promise, its state brought up to what the order shows."""
        after = brought_up(self.tx, promise, known, self._tell_of_promise)
        as_of = self.now if known is None else known.data_as_of
        found = () if after.is_past else promise_deadlines(promise_facts(after), known, self.rulebook)
        self._add(SubjectKind.PROMISE, after.promise_no, found, as_of)

    def _tell_of_promise(self, promise: PromiseRecord) -> None:
        subject = (SubjectKind.ORDER.value, promise.order_no) if promise.order_no else (SubjectKind.PROMISE.value, str(promise.promise_no))
        entry = PromiseMoved(promise.promise_no, promise.kind, promise.state)
        journal.write(self.tx, self.shop_id, entry, at=self.now, by=None, subject_kind=subject[0], subject_no=subject[1])

    def _disputes(self, known: Mapping[str, OrderKnowledge], order_nos: list[str]) -> None:
        """A dispute for every time that the platform has taken over a case, and how far the others are by now."""
        held = disputes.locked_of_orders(self.tx, self.shop_id, order_nos)
        taken = [(no, case) for no, order in known.items() for case in order.cases if is_disputed(case)]
        rounds = self._rounds({case.case_no for _, case in taken} | {dispute.case_no for dispute in held})
        have = {(dispute.case_no, dispute.round) for dispute in held}
        fresh = [(no, case, rounds.get(case.case_no, 1)) for no, case in taken if (case.case_no, rounds.get(case.case_no, 1)) not in have]
        if fresh:
            self._begin(fresh)
            held = disputes.locked_of_orders(self.tx, self.shop_id, order_nos)
        for dispute in held:
            self.dispute(dispute, _case(known.get(dispute.order_no), dispute.case_no), rounds.get(dispute.case_no, 1))

    def _rounds(self, case_nos: Iterable[str]) -> dict[str, int]:
        """How often the platform has stepped into each of these cases; what nobody saw happen is left out."""
        return {no: seen.times for no, seen in case_moves.interventions(self.tx, self.shop_id, sorted(case_nos)).items()}

    def _begin(self, fresh: Iterable[tuple[str, AftersaleFacts, int]]) -> None:
        told = list(fresh)
        about = complaints.of_orders(self.tx, self.shop_id, sorted({no for no, _, _ in told}))
        bad = {each.case_no for each in about if each.kind == ComplaintKind.ABNORMAL_RETURN.value and each.state != ComplaintState.DROPPED.value}
        for order_no, case, round_no in told:
            claim = claim_of(case, dispute_words(), return_is_bad=case.case_no in bad)
            new = NewDispute(
                case_no=case.case_no,
                order_no=order_no,
                claim=claim.value,
                at_stake=case.refund_amount or case.order_amount or 0,
                state=DisputeState.GATHERING.value,
                at=self.now,
                round=round_no,
            )
            dispute_no = disputes.insert(self.tx, self.shop_id, new)
            if dispute_no is not None:
                self._tell(DisputeMoved(dispute_no, case.case_no, new.state), order_no)

    def _chases(self, known: Mapping[str, OrderKnowledge], order_nos: list[str]) -> None:
        """What moved of the chases that speak of these orders, and their deadlines."""
        asked = chases.of_orders(self.tx, self.shop_id, order_nos)
        if not asked:
            return
        told = [msgspec.structs.replace(parcel, moved_at=_moved(parcel, known.get(parcel.order_no), self.now)) for parcel in asked]
        changed = [after for before, after in zip(asked, told, strict=True) if before.moved_at != after.moved_at]
        numbers = {parcel.chase_no for parcel in changed}
        held = chases.locked(self.tx, self.shop_id, numbers)
        chases.set_moved(self.tx, self.shop_id, changed)
        waiting = chases.waiting(self.tx, self.shop_id, numbers)
        for chase in held:
            now_waiting = msgspec.structs.replace(chase, waiting=waiting.get(chase.chase_no, 0))
            _need(now_waiting == chase or chases.save(self.tx, now_waiting))
            self.chase(now_waiting)

    def _add(self, kind: SubjectKind, no: int, found: Iterable[Deadline], as_of: datetime) -> None:
        self.subjects.setdefault(kind.value, set()).add(str(no))
        self.computed += [(deadline, as_of) for deadline in found]

    def _tell(self, entry: RecallMoved | NumberChangeMoved | DisputeMoved, order_no: str) -> None:
        journal.write(self.tx, self.shop_id, entry, at=self.now, by=None, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)


def is_disputed(case: AftersaleFacts) -> bool:
    """Whether the platform decides the case at the moment."""
    return case.state is AftersaleState.PLATFORM_HANDLES


def any_disputed(known: Mapping[str, OrderKnowledge]) -> bool:
    """Whether the platform decides a case of any of these orders."""
    return any(is_disputed(case) for order in known.values() for case in order.cases)


def scans_now(known: OrderKnowledge) -> tuple[datetime | None, str | None]:
    """The moment and the words of the parcel's last tracking event."""
    scans = scans_of_parcel(known)
    return (scans[-1].at, scans[-1].text) if scans else (None, None)


def _case(known: OrderKnowledge | None, case_no: str) -> AftersaleFacts | None:
    return None if known is None else next((case for case in known.cases if case.case_no == case_no), None)


def _moved(parcel: ChasedParcel, known: OrderKnowledge | None, now: datetime) -> datetime | None:
    return now if known is None else moved_at(parcel.tracking_no, parcel.last_at, known)


def _need(is_kept: bool) -> None:
    if not is_kept:
        raise RuntimeError("a row that was held changed")  # it is locked, so this cannot be
