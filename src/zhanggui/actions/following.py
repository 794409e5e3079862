"""What was begun and has to be followed up, kept in step with the facts: chases, recalls, claims, changes of number.

Where a parcel has moved, turned, or bears its right number is computed anew from the facts each time, so that an undone import takes its news along.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.knowing import orders_known
from zhanggui.core.chasing.clock import ChaseFacts, chase_deadlines
from zhanggui.core.chasing.moving import moved_at
from zhanggui.core.claims.clock import ClaimFacts, claim_deadlines
from zhanggui.core.claims.states import ClaimState, Loss
from zhanggui.core.clocks.pickup import scans_of_parcel
from zhanggui.core.deadlines import Deadline, SubjectKind
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.recalls.clock import RecallFacts, recall_deadlines
from zhanggui.core.recalls.states import RecallState, recall_stands, turned_at
from zhanggui.core.renumbering.clock import ChangeFacts, change_deadlines
from zhanggui.core.renumbering.states import ChangeState, change_stands
from zhanggui.core.rules import Rulebook
from zhanggui.records import chases, claims, journal, number_changes, recalls
from zhanggui.records.chases import ChasedParcel, ChaseRecord
from zhanggui.records.claims import ClaimRecord
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries.chasing import NumberChangeMoved, RecallMoved
from zhanggui.records.number_changes import ChangeRecord
from zhanggui.records.recalls import RecallRecord

Computed = list[tuple[Deadline, datetime]]
Subjects = dict[str, set[str]]
FOLLOWED = frozenset({SubjectKind.CHASE, SubjectKind.RECALL, SubjectKind.CLAIM, SubjectKind.NUMBER_CHANGE})


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
        for recall in recalls.of_orders(self.tx, self.shop_id, nos):
            self.recall(recall, known.get(recall.order_no))
        for change in number_changes.of_orders(self.tx, self.shop_id, nos):
            self.change(change, known.get(change.order_no))

    def by_number(self, numbers: Mapping[str, Iterable[int]]) -> None:
        """These very things, by kind of subject, with the facts read afresh."""
        for chase in chases.locked(self.tx, self.shop_id, numbers.get(SubjectKind.CHASE.value, ())):
            self.chase(chase)
        for claim in claims.locked(self.tx, self.shop_id, numbers.get(SubjectKind.CLAIM.value, ())):
            self.claim(claim)
        held = recalls.locked(self.tx, self.shop_id, numbers.get(SubjectKind.RECALL.value, ()))
        changed = number_changes.locked(self.tx, self.shop_id, numbers.get(SubjectKind.NUMBER_CHANGE.value, ()))
        known = orders_known(self.tx, self.shop_id, sorted({recall.order_no for recall in held} | {change.order_no for change in changed}))
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

    def recall(self, recall: RecallRecord, known: OrderKnowledge | None) -> None:
        """The deadline of a recall, its state brought up to what the tracking events show."""
        scans = [] if known is None else [scan for scan in (*known.scans, *known.label_scans) if scan.tracking_no == recall.tracking_no]
        state = recall_stands(RecallState(recall.said), sorted(scans, key=lambda scan: scan.at))
        stepped_at = recall.said_at if state == recall.said else turned_at(state, scans) or recall.said_at
        if (state.value, stepped_at) != (recall.state, recall.stepped_at):
            is_news = state.value != recall.state
            recall = msgspec.structs.replace(recall, state=state.value, stepped_at=stepped_at)
            _need(recalls.save(self.tx, recall))
            if is_news:
                self._tell(RecallMoved(recall.recall_no, recall.tracking_no, state.value), recall.order_no)
        facts = RecallFacts(recall_no=recall.recall_no, order_no=recall.order_no, state=state, stepped_at=stepped_at, worth=Fen(recall.worth))
        as_of = self.now if known is None else known.data_as_of
        self._add(SubjectKind.RECALL, recall.recall_no, recall_deadlines(facts, self.rulebook), as_of)

    def change(self, change: ChangeRecord, known: OrderKnowledge | None) -> None:
        """The deadline of a change of number, its state brought up to what the order shows."""
        order, as_of = (None, self.now) if known is None else (known.order, known.data_as_of)
        state = change_stands(ChangeState(change.said), change.said_at, change.new_no, order, as_of)
        done_at = (change.done_at or change.said_at or as_of) if state is ChangeState.DONE else None
        if (state.value, done_at) != (change.state, change.done_at):
            is_news = state.value != change.state
            change = msgspec.structs.replace(change, state=state.value, done_at=done_at)
            _need(number_changes.save(self.tx, change))
            if is_news:
                self._tell(NumberChangeMoved(change.old_no, change.new_carrier, change.new_no, state.value), change.order_no)
        facts = ChangeFacts(change_no=change.change_no, order_no=change.order_no, state=state, uploaded_at=change.uploaded_at, done_at=done_at)
        self._add(SubjectKind.NUMBER_CHANGE, change.change_no, change_deadlines(facts, order, self.rulebook), as_of)

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

    def _tell(self, entry: RecallMoved | NumberChangeMoved, order_no: str) -> None:
        journal.write(self.tx, self.shop_id, entry, at=self.now, by=None, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)


def scans_now(known: OrderKnowledge) -> tuple[datetime | None, str | None]:
    """The moment and the words of the parcel's last tracking event."""
    scans = scans_of_parcel(known)
    return (scans[-1].at, scans[-1].text) if scans else (None, None)


def _moved(parcel: ChasedParcel, known: OrderKnowledge | None, now: datetime) -> datetime | None:
    return now if known is None else moved_at(parcel.tracking_no, parcel.last_at, known)


def _need(is_kept: bool) -> None:
    if not is_kept:
        raise RuntimeError("a row that was held changed")  # it is locked, so this cannot be
