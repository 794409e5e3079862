"""Disputes for the eye: the list, one of them with everything its next step needs, and how they end."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.cases.guiding import GuidedStep, steps_of
from zhanggui.actions.disputes.pieces import pieces_of
from zhanggui.actions.disputes.preparing import TO_CHOOSE, others_who_sign
from zhanggui.actions.disputes.steps import ref_of
from zhanggui.actions.evidence.packing import Packet, packet_as_of
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.links import link_to
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import settings_of
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.disputes.course import course_of
from zhanggui.core.disputes.images import Piece, Proposal, judged_images, propose_images
from zhanggui.core.disputes.needs import ClaimType, Entry, NeedsOf, Shows
from zhanggui.core.disputes.states import LIVE_DISPUTES, DisputeEvent, DisputeState, dispute_events
from zhanggui.core.disputes.winning import LOST, WON, Ended, WinRate, win_rates
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.core.scripts import Both
from zhanggui.core.verdicts import Draft
from zhanggui.people import members
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import deadlines, disputes
from zhanggui.records.db import Tx
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.disputes import DisputeRecord, Listed
from zhanggui.rulebook import scripts
from zhanggui.rulebook.complaints import entry_at, needs_at
from zhanggui.words import Language, load

LARGEST = 2**62
PAST = timedelta(days=365)
_SCRIPT = {claim: f"dispute_{claim.value.removeprefix('claim_')}" for claim in ClaimType}


class DisputeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute in the list."""

    dispute: DisputeRecord
    state: DisputeState
    claim: ClaimType
    case: AftersaleFacts | None
    title: str | None
    due: StoredDeadline | None
    is_latest: bool = True
    """Whether the platform did not step into the case once more after this."""


class DisputesPage(msgspec.Struct, frozen=True):
    """A page of disputes: those that are not over by what is due first, the others newest first."""

    rows: tuple[DisputeRow, ...]
    next_cursor: str | None


class DisputeView(msgspec.Struct, frozen=True, kw_only=True):
    """One dispute with everything its next step needs."""

    row: DisputeRow
    order: OrderKnowledge | None
    needs: NeedsOf
    entry: Entry
    pieces: tuple[Piece, ...]
    judged: Mapping[int, Proposal]
    """What is to be said of each piece by itself, by its number."""
    proposed: Proposal
    """What the house proposes."""
    chosen: Proposal | None
    """What a person chose."""
    note: Draft | None
    appeal: Draft | None
    events: tuple[DisputeEvent, ...]
    is_open: bool
    """Whether the choice can still be changed."""
    others: tuple[str, ...]
    """Who else could sign."""
    is_own: bool
    """Whether the reader chose what is to be signed."""
    names: Mapping[int, str]
    link: str | None
    rounds: tuple[DisputeRecord, ...] = ()
    """Every intervention in the case, where there was more than one."""
    steps: tuple[GuidedStep, ...] = ()
    """What is done by hand for it, what is open first."""


def disputes_seen(house: House, by: Person, shop_id: ShopId, *, live: bool = True, cursor: str | None = None, limit: int = 30) -> DisputesPage:
    """The disputes that are not over, or those that are."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        found, next_cursor = _live(tx, shop_id, cursor, limit) if live else _over(tx, shop_id, cursor, limit)
        return DisputesPage(tuple(_rows(tx, shop_id, found)), next_cursor)


def disputes_of(tx: Tx, shop_id: ShopId, order_no: str) -> tuple[DisputeRow, ...]:
    """The disputes about one order."""
    return tuple(_rows(tx, shop_id, disputes.of_orders(tx, shop_id, [order_no])))


def dispute_view(house: House, by: Person, shop_id: ShopId, dispute_no: int, now: datetime, claim: ClaimType | None = None) -> DisputeView:
    """One dispute; `claim` looks at it as one about something else. Raises NotAllowed where there is none."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        dispute = disputes.one(tx, shop_id, dispute_no)
        if dispute is None:
            raise NotAllowed(Permission.AFTERSALES_READ.value)
        row = _rows(tx, shop_id, [dispute])[0]
        known = orders_known(tx, shop_id, [dispute.order_no]).get(dispute.order_no)
        pieces = pieces_of(tx, shop_id, dispute.order_no) if by.may(Permission.EVIDENCE_READ, shop_id) else ()
        others = others_who_sign(tx, shop_id, by)
        names = {int(member.person_id): member.display_name for member in members.of_shop(tx, shop_id)}
        rounds = tuple(each for each in disputes.of_orders(tx, shop_id, [dispute.order_no]) if each.case_no == dispute.case_no)
        steps = tuple(each for each in steps_of(tx, shop_id, order_no=dispute.order_no) if each.ref == ref_of(dispute_no))
        link = link_to(settings_of(tx, shop_id), SubjectKind.AFTERSALE, order_no=dispute.order_no, case_no=dispute.case_no)
    about = claim or row.claim
    needs, entry = needs_at(about, now), entry_at(now)
    chosen = [piece for seq in dispute.images for piece in pieces if piece.seq == seq]
    proposed = propose_images(needs, pieces, entry)
    picked = judged_images(needs, chosen, entry) if chosen else proposed
    return DisputeView(
        row=msgspec.structs.replace(row, claim=about),
        order=known,
        needs=needs,
        entry=entry,
        pieces=pieces,
        judged={piece.seq: judged_images(needs, [piece], entry) for piece in pieces},
        proposed=proposed,
        chosen=judged_images(needs, chosen, entry) if chosen else None,
        note=_note(_SCRIPT[about], dispute, row.case, known, picked),
        appeal=_note("dispute_appeal", dispute, row.case, known, picked),
        events=dispute_events(row.state, DisputeState(dispute.said)),
        is_open=row.state in TO_CHOOSE,
        others=others,
        is_own=dispute.proposed_by == by.person_id,
        names=names,
        link=link,
        rounds=rounds if len(rounds) > 1 else (),
        steps=steps,
    )


def win_rates_seen(house: House, by: Person, shop_id: ShopId, now: datetime) -> tuple[WinRate, ...]:
    """How the disputes of a year ended, by what they were about and what was shown."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        ruled = disputes.ruled(tx, shop_id, sorted(state.value for state in WON | LOST), now - PAST)
    ended = (Ended(ClaimType(each.claim), frozenset(Shows(shown) for shown in each.shown), DisputeState(each.state), each.disputes) for each in ruled)
    return win_rates(ended)


def handed_in(house: House, by: Person, shop_id: ShopId, dispute_no: int) -> Packet:
    """The packet of the evidence that was handed in, made again; the very bytes of then. Raises Refused where that is not so."""
    return _packet(house, by, shop_id, dispute_no, lambda dispute: (dispute.manifest_seq, dispute.submitted_at, dispute.packet_sha256))


def appealed_with(house: House, by: Person, shop_id: ShopId, dispute_no: int) -> Packet:
    """The same for what was handed in with the latest appeal."""
    return _packet(house, by, shop_id, dispute_no, lambda dispute: (dispute.appeal_seq, dispute.appealed_at, dispute.appeal_sha256))


def _packet(house: House, by: Person, shop_id: ShopId, dispute_no: int, kept: Callable[[DisputeRecord], tuple[int | None, datetime | None, str]]) -> Packet:
    by.need(Permission.EVIDENCE_READ, shop_id)
    with house.pool.connection() as tx:
        dispute = disputes.one(tx, shop_id, dispute_no)
        seq, at, digest = (None, None, "") if dispute is None else kept(dispute)
        if dispute is None or seq is None or at is None:
            raise NotAllowed(Permission.EVIDENCE_READ.value)
        packet = packet_as_of(tx, shop_id, dispute.order_no, seq, at)
    if packet.sha256 != digest and packet.redacted:
        raise Refused(say("Some of it was forgotten since: that packet cannot be made again. Download the rest at the order; zhanggui verify proves it."))
    if packet.sha256 != digest:
        raise Refused(say("The evidence is no longer what was handed in. Run zhanggui verify."))
    return packet


def _live(tx: Tx, shop_id: ShopId, cursor: str | None, limit: int) -> tuple[list[DisputeRecord], str | None]:
    """Those that are not over, by what is due first, for which all of them are looked at; those of which nothing runs come last."""
    listed = disputes.in_states(tx, shop_id, sorted(state.value for state in LIVE_DISPUTES))
    due = _due(tx, shop_id, listed)
    begin = cursors.read(cursor, int) if cursor else 0

    def place(each: Listed) -> tuple[bool, datetime]:
        runs = due.get(each.dispute_no)
        return (True, each.noticed_at) if runs is None else (False, runs.due_at)

    ranked = [each.dispute_no for each in sorted(listed, key=place)]
    shown = disputes.numbered(tx, shop_id, ranked[begin : begin + limit])
    return shown, cursors.write_one(begin + limit) if len(ranked) > begin + limit else None


def _over(tx: Tx, shop_id: ShopId, cursor: str | None, limit: int) -> tuple[list[DisputeRecord], str | None]:
    states = sorted(state.value for state in frozenset(DisputeState) - LIVE_DISPUTES)
    found = disputes.page(tx, shop_id, states, cursors.read(cursor, int) if cursor else LARGEST, limit + 1)
    return found[:limit], cursors.write_one(found[limit - 1].dispute_no) if len(found) > limit else None


def _due(tx: Tx, shop_id: ShopId, listed: Sequence[Listed]) -> dict[int, StoredDeadline]:
    """What runs of each: its own deadline, or that of the evidence, which is its case's and concerns the latest intervention alone."""
    of_cases = deadlines.of_subjects(tx, shop_id, SubjectKind.AFTERSALE.value, [each.case_no for each in listed if each.is_latest])
    evidence = {row.subject_no: row for row in of_cases if row.band is not None and row.kind == "answer_platform"}
    of_disputes = deadlines.of_subjects(tx, shop_id, SubjectKind.DISPUTE.value, [str(each.dispute_no) for each in listed])
    own = {row.subject_no: row for row in of_disputes if row.band is not None}
    runs = {each.dispute_no: own.get(str(each.dispute_no)) or (evidence.get(each.case_no) if each.is_latest else None) for each in listed}
    return {no: row for no, row in runs.items() if row is not None}


def _rows(tx: Tx, shop_id: ShopId, found: Sequence[DisputeRecord]) -> list[DisputeRow]:
    known = orders_known(tx, shop_id, sorted({dispute.order_no for dispute in found}))
    latest: dict[str, int] = {}
    for each in disputes.of_orders(tx, shop_id, sorted({dispute.order_no for dispute in found})):
        latest[each.case_no] = max(each.round, latest.get(each.case_no, 1))
    listed = [Listed(each.dispute_no, each.case_no, each.noticed_at, each.round == latest[each.case_no]) for each in found]
    due = _due(tx, shop_id, listed)
    return [
        DisputeRow(
            dispute=dispute,
            is_latest=dispute.round == latest[dispute.case_no],
            state=DisputeState(dispute.state),
            claim=ClaimType(dispute.claim),
            case=next((case for case in known[dispute.order_no].cases if case.case_no == dispute.case_no), None) if dispute.order_no in known else None,
            title=known[dispute.order_no].order.title if dispute.order_no in known else None,
            due=due.get(dispute.dispute_no),
        )
        for dispute in found
    ]


def _note(script: str, dispute: DisputeRecord, case: AftersaleFacts | None, known: OrderKnowledge | None, pictures: Proposal) -> Draft | None:
    """The text, which says of the pictures only what they are said to show."""
    order = None if known is None else known.order
    return scripts().draft(
        script,
        order_no=dispute.order_no,
        case_no=dispute.case_no,
        facts=course_of(order, case, known.scans if known else ()),
        carrier=(order.carrier if order else None) or Both("见订单", "as in the order"),
        tracking_no=(order.tracking_no if order else None) or Both("见订单", "as in the order"),
        attached=_attached(pictures),
        reason=_objection(dispute.grounds),
        amount_fen=Fen(dispute.at_stake),
    )


def _objection(grounds: str) -> Both:
    """That the shop does not agree with the grounds, where the platform gave some."""
    if not grounds:
        return Both("", "")
    return Both(f"平台的依据为“{grounds}”，商家有异议。", f"The platform's grounds are “{grounds}”; we do not agree.")


def _attached(pictures: Proposal) -> Both:
    """What the pictures show, in the words of both languages; that some have to be chosen, where none are."""
    shown = [shows.value for shows in dict.fromkeys(shows for image in pictures.images for shows in image.shows)]
    if not shown:
        return Both("（请先选图）", "(choose pictures first)")
    zh, en = load(Language.ZH_HANS).words, load(Language.EN).words
    return Both("、".join(zh[each] for each in shown), ", ".join(en[each] for each in shown))
