"""The evidence is chosen by one person and signed by another, who makes the step ready by which it is handed in."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.disputes.pieces import pieces_of
from zhanggui.actions.disputes.stepping import Fields, step
from zhanggui.actions.disputes.steps import ready_to_hand_in, settle_open
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused, need_seen
from zhanggui.core.cases.guided import StepKind, StepOutcome
from zhanggui.core.disputes.images import Piece
from zhanggui.core.disputes.needs import ClaimType
from zhanggui.core.disputes.pictures import Doubt, doubts_of
from zhanggui.core.disputes.states import DisputeEvent, DisputeState
from zhanggui.core.privacy.remarks import remark as typed
from zhanggui.core.say import say
from zhanggui.people import members
from zhanggui.people.permissions import MAY, Permission, Person, Role, ShopId
from zhanggui.records.db import Tx
from zhanggui.records.disputes import DisputeRecord
from zhanggui.records.journal_entries import Entry
from zhanggui.records.journal_entries.complaints import DisputeSigned
from zhanggui.rulebook.complaints import entry_at

LONGEST_NOTE = 2000
LONGEST_REMARK = 500
UNSIGNED: Fields = {"signed_by": None, "signed_at": None, "is_signed_alone": False}


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be handed in: pictures by their number in the vault, in their order, and the text."""

    images: tuple[int, ...]
    note: str
    claim: ClaimType


def propose(house: House, by: Person, shop_id: ShopId, dispute_no: int, choice: Choice, now: datetime, *, seen: int | None = None) -> None:
    """Keeps the choice, made over what was `seen`, for a second person to look at; whatever was signed before counts no more. Raises Refused."""

    def doing(tx: Tx, dispute: DisputeRecord) -> tuple[Fields, tuple[Entry, ...]]:
        need_seen(dispute.version, seen)
        chosen = _chosen(tx, shop_id, dispute, choice, now)
        fields = {
            "claim": choice.claim.value,
            "note": typed(choice.note),
            "images": list(choice.images),
            "shown": sorted({shows.value for piece in chosen for shows in piece.shows}),
            "proposed_by": by.person_id,
            "proposed_at": now,
            "remark": "",
            **UNSIGNED,
        }
        return fields, ()

    step(house, by, shop_id, dispute_no, DisputeEvent.PROPOSE, now, doing)


def sign(house: House, by: Person, shop_id: ShopId, dispute_no: int, now: datetime, *, alone: bool = False, seen: int | None = None) -> None:
    """A second person agrees to what was `seen`. Whoever chose may sign alone only where nobody else in the shop could; that is kept. Raises Refused."""

    def doing(tx: Tx, dispute: DisputeRecord) -> tuple[Fields, tuple[Entry, ...]]:
        need_seen(dispute.version, seen)
        is_own = dispute.proposed_by == by.person_id
        if is_own and others_who_sign(tx, shop_id, by):
            raise Refused(say("Somebody else has to sign: whoever chose the evidence no longer sees what is missing."))
        if is_own and not alone:
            raise Refused(say("Nobody else in the shop can sign. Look at it again yourself, and say that you sign alone; that is kept with the evidence."))
        ready_to_hand_in(tx, by, shop_id, dispute, now)
        fields = {"signed_by": by.person_id, "signed_at": now, "is_signed_alone": is_own}
        return fields, (DisputeSigned(dispute_no, is_own),)

    step(house, by, shop_id, dispute_no, DisputeEvent.SIGN, now, doing)


def send_back(house: House, by: Person, shop_id: ShopId, dispute_no: int, remark: str, now: datetime) -> None:
    """The choice goes back with what is to be changed."""
    remark = typed(remark)
    if not remark or len(remark) > LONGEST_REMARK:
        raise Refused(say("Say what is to be changed, in at most {most} characters.", most=LONGEST_REMARK))

    def doing(tx: Tx, dispute: DisputeRecord) -> tuple[Fields, tuple[Entry, ...]]:
        settle_open(tx, by, shop_id, dispute, StepKind.COUNTER_EVIDENCE, StepOutcome.NEEDLESS, remark, now)
        return {"remark": remark, **UNSIGNED}, ()

    step(house, by, shop_id, dispute_no, DisputeEvent.SEND_BACK, now, doing)


def others_who_sign(tx: Tx, shop_id: ShopId, by: Person) -> tuple[str, ...]:
    """The names of the others of the shop who could sign."""
    return tuple(
        member.display_name
        for member in members.of_shop(tx, shop_id)
        if member.person_id != by.person_id and Permission.COMPLAINTS_WRITE in MAY[Role(member.role)]
    )


def _chosen(tx: Tx, shop_id: ShopId, dispute: DisputeRecord, choice: Choice, now: datetime) -> Sequence[Piece]:
    """The pieces chosen. Raises Refused where the platform's entry would not take them."""
    entry = entry_at(now)
    if not choice.note.strip() or len(choice.note) > LONGEST_NOTE:
        raise Refused(say("The text has between 1 and {most} characters.", most=LONGEST_NOTE))
    if len(set(choice.images)) != len(choice.images) or not 1 <= len(choice.images) <= entry.most_images:
        raise Refused(say("Choose 1 to {most} pictures: the platform's entry takes no more, and takes them once.", most=entry.most_images))
    kept = {piece.seq: piece for piece in pieces_of(tx, shop_id, dispute.order_no)}
    for seq in choice.images:
        piece = kept.get(seq)
        if piece is None:
            raise Refused(say("Evidence no. {seq} is no file of this order.", seq=seq))
        doubts = doubts_of(piece.picture, piece.size, is_screen=True, has_moment=True, most_bytes=entry.most_bytes, least_side=0)
        if Doubt.NO_PICTURE in doubts or Doubt.TOO_LARGE in doubts:
            most = entry.most_bytes // 1024 // 1024
            raise Refused(say("{name} is no picture, or larger than {most} MB: the platform's entry would not take it.", name=piece.name, most=most))
    return [kept[seq] for seq in choice.images]


TO_CHOOSE = frozenset({DisputeState.GATHERING, DisputeState.PROPOSED})
"""Where the choice can still be changed."""
