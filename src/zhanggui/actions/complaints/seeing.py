"""The register for the eye: what to file first, with its text, its chance and its end; what is filed; what came of it. One list, claims and appeals too."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.complaints.quota import PAST, chances_now, quota_now
from zhanggui.actions.disputes.pieces import is_manifest
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.core.claims.states import LIVE_CLAIMS, ClaimState
from zhanggui.core.complaints.chances import Chance
from zhanggui.core.complaints.ranking import expected, weight
from zhanggui.core.complaints.states import LIVE_COMPLAINTS, ComplaintEvent, ComplaintKind, ComplaintState, complaint_events
from zhanggui.core.complaints.terms import ComplaintTerms, Quota
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.disputes.course import course_of
from zhanggui.core.disputes.states import DisputeState
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis
from zhanggui.core.say import Say
from zhanggui.core.scripts import Both
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import claims, complaints, deadlines, disputes, evidence
from zhanggui.records.complaints import ComplaintRecord, Decided, Weighed
from zhanggui.records.db import Tx
from zhanggui.rulebook import scripts
from zhanggui.rulebook.complaints import complaint_terms
from zhanggui.words import Language, load

LARGEST = 2**62
_BESIDE = 50


class File(msgspec.Struct, frozen=True):
    """A piece of the vault to attach."""

    seq: int
    name: str
    is_file: bool


class ComplaintRow(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as the page shows it."""

    complaint: ComplaintRecord
    kind: ComplaintKind
    state: ComplaintState
    events: tuple[ComplaintEvent, ...]
    title: str | None
    due_at: datetime | None
    chance: Chance
    expected: Fen
    weight: float
    text: Draft | None
    files: tuple[File, ...]
    terms: ComplaintTerms
    link: str

    @property
    def is_live(self) -> bool:
        """Whether something is still to be done or awaited."""
        return self.state in LIVE_COMPLAINTS


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on another list but belongs into the same ranking: a claim on a carrier, an appeal against a ruling."""

    what: SubjectKind
    no: int
    order_no: str
    state: str
    at_stake: Fen
    expected: Fen
    due_at: datetime | None
    weight: float


class ComplaintsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the register."""

    rows: tuple[ComplaintRow, ...]
    beside: tuple[Beside, ...]
    next_cursor: str | None
    quotas: tuple[tuple[ComplaintKind, Quota], ...]
    decided: tuple[Decided, ...]
    chances: Mapping[ComplaintKind, Chance]


def complaints_seen(
    house: House, by: Person, shop_id: ShopId, now: datetime, *, live: bool = True, cursor: str | None = None, limit: int = 30, first: int | None = None
) -> ComplaintsPage:
    """Those that are not over, by expected value and deadline; or those that are, newest first. `first` stands above them where it is not among them."""
    by.need(Permission.ORDERS_READ, shop_id)
    with house.pool.connection() as tx:
        chances = chances_now(tx, shop_id, now)
        found, next_cursor = _ranked(tx, shop_id, chances, now, cursor, limit) if live else _over(tx, shop_id, cursor, limit)
        if first is not None and all(each.complaint_no != first for each in found):
            found = [*complaints.numbered(tx, shop_id, [first]), *found]
        rows = _rows(tx, by, shop_id, found, chances, now)
        beside = _beside(tx, shop_id, now) if live and not cursor else ()
        quotas = tuple((kind, quota) for kind in ComplaintKind if (quota := quota_now(tx, shop_id, kind, now)) is not None)
        decided = tuple(complaints.decided(tx, shop_id, now - PAST))
    return ComplaintsPage(rows=rows, beside=beside, next_cursor=next_cursor, quotas=quotas, decided=decided, chances=chances)


def complaints_of(tx: Tx, shop_id: ShopId, order_no: str) -> tuple[ComplaintRecord, ...]:
    """What is filed or to be filed about one order."""
    return tuple(complaints.of_orders(tx, shop_id, [order_no]))


def _ranked(
    tx: Tx, shop_id: ShopId, chances: Mapping[ComplaintKind, Chance], now: datetime, cursor: str | None, limit: int
) -> tuple[list[ComplaintRecord], str | None]:
    """Those that are not over, ranked; what is due decides, so the whole of them is weighed."""
    found = complaints.in_states(tx, shop_id, sorted(state.value for state in LIVE_COMPLAINTS))
    due = _due(tx, shop_id, found)
    begin = cursors.read(cursor, int) if cursor else 0

    def rank(each: Weighed) -> tuple[bool, float, datetime]:
        chance = chances[ComplaintKind(each.kind)].share
        term = due.get(each.complaint_no)
        return (
            each.state != ComplaintState.TO_FILE.value,
            -_weight(each.at_stake, chance, term, now),
            term.due_at if term else each.made_at,
        )

    ranked = sorted(found, key=rank)
    shown = complaints.numbered(tx, shop_id, [each.complaint_no for each in ranked[begin : begin + limit]])
    return shown, cursors.write_one(begin + limit) if len(ranked) > begin + limit else None


def _over(tx: Tx, shop_id: ShopId, cursor: str | None, limit: int) -> tuple[list[ComplaintRecord], str | None]:
    states = sorted(state.value for state in frozenset(ComplaintState) - LIVE_COMPLAINTS)
    found = complaints.page(tx, shop_id, states, cursors.read(cursor, int) if cursor else LARGEST, limit + 1)
    return found[:limit], cursors.write_one(found[limit - 1].complaint_no) if len(found) > limit else None


def _rows(
    tx: Tx, by: Person, shop_id: ShopId, found: Sequence[ComplaintRecord], chances: Mapping[ComplaintKind, Chance], now: datetime
) -> tuple[ComplaintRow, ...]:
    known = orders_known(tx, shop_id, sorted({each.order_no for each in found}))
    due = _due(tx, shop_id, found)
    may_see = by.may(Permission.EVIDENCE_READ, shop_id)
    rows = []
    for each in found:
        kind, state = ComplaintKind(each.kind), ComplaintState(each.state)
        terms, order = complaint_terms(kind, now), known.get(each.order_no)
        chance, term = chances[kind], due.get(each.complaint_no)
        rows.append(
            ComplaintRow(
                complaint=each,
                kind=kind,
                state=state,
                events=complaint_events(state, kind, was_filed=each.filed_at is not None),
                title=order.order.title if order else None,
                due_at=term.due_at if term else None,
                chance=chance,
                expected=expected(Fen(each.at_stake), chance.share),
                weight=_weight(each.at_stake, chance.share, term, now),
                text=_text(each, kind, order),
                files=_files(tx, shop_id, each.order_no) if may_see else (),
                terms=terms,
                link=terms.page.replace("{order_no}", each.order_no).replace("{case_no}", each.case_no),
            )
        )
    return tuple(rows)


class _Term(msgspec.Struct, frozen=True):
    """When something is due, and whether nothing is taken after that."""

    due_at: datetime
    is_hard: bool


def _due(tx: Tx, shop_id: ShopId, found: Sequence[ComplaintRecord | Weighed]) -> dict[int, _Term]:
    return _due_of(tx, shop_id, SubjectKind.COMPLAINT, [each.complaint_no for each in found])


def _weight(at_stake: int, chance: float, term: _Term | None, now: datetime) -> float:
    return weight(Fen(at_stake), chance, term.due_at if term else None, now, is_hard=term is not None and term.is_hard)


def _files(tx: Tx, shop_id: ShopId, order_no: str) -> tuple[File, ...]:
    return tuple(File(row.seq, row.name, row.kind == "file") for row in evidence.of_order(tx, shop_id, order_no, 30) if not is_manifest(row))


def _text(each: ComplaintRecord, kind: ComplaintKind, known: OrderKnowledge | None) -> Draft | None:
    """The text to copy, with the reason in both languages; it never speaks of a sum where none is at stake."""
    case = next((case for case in known.cases if case.case_no == each.case_no), None) if known else None
    return scripts().draft(
        f"complaint_{kind.value}",
        order_no=each.order_no,
        case_no=each.case_no or Both("见订单", "as in the order"),
        facts=course_of(known.order if known else None, case, known.scans if known else ()),
        reason=_reason(each.because),
        amount_fen=Fen(each.at_stake),
    )


def _reason(because: Say) -> Both:
    """The reason as a sentence of the letter."""
    zh, en = load(Language.ZH_HANS).render(because), load(Language.EN).render(because)
    return Both(f"{zh.rstrip('。.')}。", f"{en.rstrip('.')}.")


def _beside(tx: Tx, shop_id: ShopId, now: datetime) -> tuple[Beside, ...]:
    """Claims and appeals that wait for somebody, best first."""
    found = [*_claims(tx, shop_id, now), *_appeals(tx, shop_id, now)]
    return tuple(sorted(found, key=lambda each: -each.weight))


def _claims(tx: Tx, shop_id: ShopId, now: datetime) -> list[Beside]:
    listed = claims.page(tx, shop_id, sorted({*(state.value for state in LIVE_CLAIMS), ClaimState.REFUSED.value}), LARGEST, _BESIDE)
    due = _due_of(tx, shop_id, SubjectKind.CLAIM, [each.claim_no for each in listed])
    return [_one(SubjectKind.CLAIM, each.claim_no, each.order_no, each.state, each.asked, each.expected, due, now) for each in listed]


def _appeals(tx: Tx, shop_id: ShopId, now: datetime) -> list[Beside]:
    listed = disputes.page(tx, shop_id, [DisputeState.RULED_AGAINST.value, DisputeState.RULED_SPLIT.value], LARGEST, _BESIDE)
    due = _due_of(tx, shop_id, SubjectKind.DISPUTE, [each.dispute_no for each in listed])
    return [_one(SubjectKind.DISPUTE, each.dispute_no, each.order_no, each.state, each.at_stake, None, due, now) for each in listed]


APPEAL_CHANCE = 0.3
"""How often an appeal turns a ruling round; assumed, and only decides what stands above what."""


def _one(what: SubjectKind, no: int, order_no: str, state: str, at_stake: int, brings: int | None, due: Mapping[int, _Term], now: datetime) -> Beside:
    value = expected(Fen(at_stake), APPEAL_CHANCE) if brings is None else Fen(brings)
    term = due.get(no)
    return Beside(
        what=what,
        no=no,
        order_no=order_no,
        state=state,
        at_stake=Fen(at_stake),
        expected=value,
        due_at=term.due_at if term else None,
        weight=_weight(value, 1.0, term, now),
    )


def _due_of(tx: Tx, shop_id: ShopId, kind: SubjectKind, nos: Sequence[int]) -> dict[int, _Term]:
    """The running terms. Only a published one ends for good; the house's own targets and what is assumed may be overrun."""
    rows = deadlines.of_subjects(tx, shop_id, kind.value, [str(no) for no in nos])
    return {int(row.subject_no): _Term(row.due_at, row.basis == Basis.PUBLISHED) for row in rows if row.band is not None}
