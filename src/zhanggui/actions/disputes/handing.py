"""Evidence and appeals are handed in; what exactly goes into the vault, as a list and as a packet that can be made again bit by bit."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.disputes.pieces import APPEALED, MANIFEST
from zhanggui.actions.disputes.preparing import LONGEST_NOTE
from zhanggui.actions.disputes.stepping import Fields, step_within
from zhanggui.actions.disputes.steps import ready_to_appeal, ref_of, settle_open
from zhanggui.actions.evidence.adding import NewFile, add_file_within, check_file
from zhanggui.actions.evidence.packing import TooLargeToPack, packet_as_of
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import StepKind, StepOutcome
from zhanggui.core.disputes.states import DISPUTE_STEPS, DisputeEvent, DisputeState
from zhanggui.core.moments import in_shanghai
from zhanggui.core.privacy.remarks import remark as typed
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import disputes, evidence, guided_steps
from zhanggui.records.db import Tx, transact
from zhanggui.records.disputes import DisputeRecord
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.complaints import AppealHandedIn, EvidenceHandedIn

MOST_OF_VAULT = 10_000


class SentImage(msgspec.Struct, frozen=True):
    """A picture that was handed in: its number in the vault, its digest, the seal of its entry."""

    seq: int
    name: str
    sha256: str
    seal: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in, by whom it was chosen, signed and handed in."""

    dispute_no: int
    order_no: str
    case_no: str
    claim: str
    note: str
    images: tuple[SentImage, ...]
    proposed_by: int | None
    proposed_at: datetime | None
    signed_by: int | None
    signed_at: datetime | None
    is_signed_alone: bool
    submitted_by: int | None
    submitted_by_name: str
    submitted_at: datetime


class AppealManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in with an appeal, against which ruling, and by whom."""

    dispute_no: int
    order_no: str
    case_no: str
    ruling: str
    grounds: str
    note: str
    images: tuple[SentImage, ...]
    appealed_by: int | None
    appealed_by_name: str
    appealed_at: datetime


def submit(house: House, by: Person, shop_id: ShopId, dispute_no: int, now: datetime) -> None:
    """Notes that the evidence was handed in, and keeps what exactly."""
    transact(house.pool, lambda tx: submit_within(tx, house, by, shop_id, dispute_no, now))


def submit_within(tx: Tx, house: House, by: Person, shop_id: ShopId, dispute_no: int, now: datetime, remark: str = "") -> None:
    """The same in the transaction of whoever records more with it; the step done by hand is settled along."""

    def doing(tx: Tx, dispute: DisputeRecord) -> tuple[Fields, tuple[Entry, ...]]:
        settle_open(tx, by, shop_id, dispute, StepKind.COUNTER_EVIDENCE, StepOutcome.ENTERED, remark, now)
        manifest = Manifest(
            dispute_no=dispute.dispute_no,
            order_no=dispute.order_no,
            case_no=dispute.case_no,
            claim=dispute.claim,
            note=dispute.note,
            images=_sent(tx, shop_id, dispute.order_no, dispute.images),
            proposed_by=dispute.proposed_by,
            proposed_at=dispute.proposed_at,
            signed_by=dispute.signed_by,
            signed_at=dispute.signed_at,
            is_signed_alone=dispute.is_signed_alone,
            submitted_by=by.person_id,
            submitted_by_name=by.display_name,
            submitted_at=now,
        )
        note = f"平台介入举证，售后单{dispute.case_no}，{in_shanghai(now):%Y-%m-%d %H:%M}提交"
        seq, digest = _kept(tx, by, shop_id, dispute.order_no, MANIFEST, manifest, note, now)
        fields = {"submitted_by": by.person_id, "submitted_at": now, "manifest_seq": seq, "packet_sha256": digest}
        return fields, (EvidenceHandedIn(dispute.dispute_no, tuple(dispute.images), seq, digest),)

    step_within(tx, house, by, shop_id, dispute_no, DisputeEvent.SUBMIT, now, doing)


def make_appeal_ready(house: House, by: Person, shop_id: ShopId, dispute_no: int, text: str, images: Sequence[int], now: datetime) -> int:
    """The number of the step by which a person appeals. Raises Refused where there is nothing to appeal against, or no text."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)
    text = typed(text)
    if not text or len(text) > LONGEST_NOTE:
        raise Refused(say("The text has between 1 and {most} characters.", most=LONGEST_NOTE))

    def work(tx: Tx) -> int:
        dispute = disputes.one(tx, shop_id, dispute_no)
        if dispute is None:
            raise NotAllowed(Permission.COMPLAINTS_WRITE.value)
        if (DisputeState(dispute.state), DisputeEvent.APPEAL) not in DISPUTE_STEPS:
            raise Refused(say("The dispute is past that: {state}.", state=dispute.state))
        chosen = tuple(dict.fromkeys(images))
        _sent(tx, shop_id, dispute.order_no, chosen)
        return ready_to_appeal(tx, by, shop_id, dispute, text, chosen, now)

    return transact(house.pool, work)


def appeal_within(tx: Tx, house: House, by: Person, shop_id: ShopId, dispute_no: int, now: datetime, remark: str = "") -> None:
    """Notes that the appeal that was made ready is in, keeps what exactly, and settles its step."""

    def doing(tx: Tx, dispute: DisputeRecord) -> tuple[Fields, tuple[Entry, ...]]:
        step_no = guided_steps.open_of_ref(tx, shop_id, dispute.order_no, StepKind.APPEAL.value, ref_of(dispute.dispute_no))
        if step_no is None:
            raise Refused(say("This step is settled already. Look at it again."))
        step = guided_steps.by_no(tx, shop_id, [step_no])[0]
        settle_open(tx, by, shop_id, dispute, StepKind.APPEAL, StepOutcome.ENTERED, remark, now)
        manifest = AppealManifest(
            dispute_no=dispute.dispute_no,
            order_no=dispute.order_no,
            case_no=dispute.case_no,
            ruling=dispute.state,
            grounds=dispute.grounds,
            note=step.form,
            images=_sent(tx, shop_id, dispute.order_no, step.files),
            appealed_by=by.person_id,
            appealed_by_name=by.display_name,
            appealed_at=now,
        )
        note = f"申诉，售后单{dispute.case_no}，{in_shanghai(now):%Y-%m-%d %H:%M}提交"
        seq, digest = _kept(tx, by, shop_id, dispute.order_no, APPEALED, manifest, note, now)
        fields = {"appealed_by": by.person_id, "appealed_at": now, "appeal_seq": seq, "appeal_sha256": digest, "remark": dispute.grounds}
        return fields, (AppealHandedIn(dispute.dispute_no, tuple(step.files), seq, digest),)

    step_within(tx, house, by, shop_id, dispute_no, DisputeEvent.APPEAL, now, doing)


def _sent(tx: Tx, shop_id: ShopId, order_no: str, images: Sequence[int]) -> tuple[SentImage, ...]:
    """The pieces of the vault that go along. Raises Refused for what is no file of the order."""
    rows = {row.seq: row for row in evidence.of_order(tx, shop_id, order_no, MOST_OF_VAULT)} if images else {}
    for seq in images:
        if seq not in rows:
            raise Refused(say("Evidence no. {seq} is no file of this order.", seq=seq))
    return tuple(SentImage(seq, rows[seq].name, (rows[seq].content or b"").hex(), rows[seq].digest.hex()) for seq in images)


def _kept(tx: Tx, by: Person, shop_id: ShopId, order_no: str, name: str, manifest: Manifest | AppealManifest, note: str, now: datetime) -> tuple[int, str]:
    """The number of the list in the vault, and the digest of the packet that ends with it; none where all of it is too large for one."""
    content = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=2)
    new = NewFile(name=name, media_type="application/json", content=content, note=note)
    check_file(new)
    seq = add_file_within(tx, by, shop_id, order_no, new, now, beyond_most=True)
    try:
        return seq, packet_as_of(tx, shop_id, order_no, seq, now).sha256
    except TooLargeToPack:
        return seq, ""
