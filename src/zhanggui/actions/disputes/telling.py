"""What became of a dispute, as people tell it: settled with the buyer, withdrawn, ruled, appealed."""

from datetime import datetime

from zhanggui.actions.disputes.handing import appeal_within
from zhanggui.actions.disputes.preparing import UNSIGNED
from zhanggui.actions.disputes.stepping import Fields, step_within
from zhanggui.actions.disputes.steps import hand_in_again, ref_of, settle_open
from zhanggui.actions.house import House
from zhanggui.actions.keeping_up import MOST_TEXT
from zhanggui.actions.refused import Refused, need_seen
from zhanggui.core.cases.guided import StepKind, StepOutcome
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.core.privacy.remarks import remark as typed
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import disputes, guided_steps, locks
from zhanggui.records.db import Tx, transact
from zhanggui.records.disputes import DisputeRecord
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.complaints import EvidenceNotHandedIn

TOLD = frozenset(
    {
        DisputeEvent.AGREE,
        DisputeEvent.WITHDRAW,
        DisputeEvent.RULE_FOR,
        DisputeEvent.RULE_AGAINST,
        DisputeEvent.RULE_SPLIT,
        DisputeEvent.APPEAL,
        DisputeEvent.WIN_APPEAL,
        DisputeEvent.LOSE_APPEAL,
        DisputeEvent.ACCEPT,
        DisputeEvent.TAKE_BACK,
    }
)
"""What is told in one word, with a remark."""
_LEAVES_GROUNDS = frozenset({DisputeEvent.APPEAL, DisputeEvent.WIN_APPEAL, DisputeEvent.ACCEPT})
"""After which the platform's grounds stay what they were; the remark is the shop's own and stands in the journal."""


def tell_of_dispute(
    house: House, by: Person, shop_id: ShopId, dispute_no: int, event: DisputeEvent, remark: str, now: datetime, *, seen: int | None = None
) -> DisputeState:
    """The state after what a person told who had `seen` the dispute. Raises Refused where that cannot be, or it was changed since."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)
    if event not in TOLD:
        raise Refused(say("There is no such step."))
    remark = typed(remark)
    if len(remark) > MOST_TEXT:
        raise Refused(say("The text is longer than {longest} characters.", longest=MOST_TEXT))

    def doing(tx: Tx, dispute: DisputeRecord) -> tuple[Fields, tuple[Entry, ...]]:
        need_seen(dispute.version, seen)
        for kind in (StepKind.COUNTER_EVIDENCE, StepKind.APPEAL):
            settle_open(tx, by, shop_id, dispute, kind, StepOutcome.NEEDLESS, "", now)
        if event is DisputeEvent.TAKE_BACK and dispute.said == DisputeState.SUBMITTED.value:
            return _not_handed_in(tx, by, shop_id, dispute, now)
        if event is DisputeEvent.TAKE_BACK:
            return _unsaid(dispute, now), ()
        return {"remark": dispute.grounds if event in _LEAVES_GROUNDS else remark or dispute.grounds}, ()

    def work(tx: Tx) -> DisputeState:
        locks.share_shop(tx, shop_id)  # before the step is held, which an import may move
        dispute = disputes.one(tx, shop_id, dispute_no) if event is DisputeEvent.APPEAL else None
        if dispute is not None and guided_steps.open_of_ref(tx, shop_id, dispute.order_no, StepKind.APPEAL.value, ref_of(dispute_no)) is not None:
            need_seen(dispute.version, seen)
            appeal_within(tx, house, by, shop_id, dispute_no, now, remark)
            return DisputeState.APPEALED
        return step_within(tx, house, by, shop_id, dispute_no, event, now, doing, remark=remark)

    return transact(house.pool, work)


def _not_handed_in(tx: Tx, by: Person, shop_id: ShopId, dispute: DisputeRecord, now: datetime) -> tuple[Fields, tuple[Entry, ...]]:
    """The dispute as it was signed, its step to be done again; the list that was kept by mistake stays in the vault, and the journal says what it is."""
    hand_in_again(tx, by, shop_id, dispute, now)
    fields = {"said_at": dispute.signed_at or now, "submitted_by": None, "submitted_at": None, "manifest_seq": None, "packet_sha256": ""}
    return fields, (EvidenceNotHandedIn(dispute.dispute_no, dispute.manifest_seq or 0),)


def _unsaid(dispute: DisputeRecord, now: datetime) -> Fields:
    """The dispute as it stood before anything was said of it: since it was handed in or noticed, without remark, and unsigned where nothing was handed in.

    Where an appeal was said to be won, as it stood before that.
    """
    if dispute.said == DisputeState.APPEAL_WON.value:
        return {"said_at": dispute.appealed_at or now, "remark": dispute.grounds}
    if dispute.submitted_at is not None:
        return {"said_at": dispute.submitted_at, "remark": ""}
    return {"said_at": dispute.noticed_at, "remark": "", **UNSIGNED}
