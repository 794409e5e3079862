"""Every change of a case is kept as a step of the table, in the transaction that stores what was told: push, page, file, tracking event, undone import."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from zhanggui.actions.cases.settling import follow_gifts, follow_steps, forget_gifts
from zhanggui.actions.cases.wanting import want_pictures
from zhanggui.core.cases import CaseState, Stand, stand_of, stepped
from zhanggui.core.cases.arrival import return_delivered_at
from zhanggui.core.cases.mapping import TURN
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.hooks.kinds import EventKind
from zhanggui.core.knowledge import CasePast, OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.records import case_moves, journal, sightings
from zhanggui.records.case_moves import NewCaseMove
from zhanggui.records.db import Tx
from zhanggui.records.facts.table import Known
from zhanggui.records.hook_notes import Ears
from zhanggui.records.journal_entries.cases import CaseStepped


class Source(StrEnum):
    """By whom a step is known."""

    PLATFORM = "platform"
    FILE = "file"
    TRACKER = "tracker"
    HOUSE = "house"


class Turned(msgspec.Struct, frozen=True):
    """What the steps of cases tell: since when the platform shows each in whose turn it is, where that is known, and what its facts do not show."""

    entered: Mapping[str, datetime]
    past: Mapping[str, CasePast]


def follow(
    tx: Tx,
    shop_id: int,
    cases: Mapping[str, Known[AftersaleFacts]],
    orders: Mapping[str, OrderKnowledge],
    now: datetime,
    *,
    source: Source,
    batch_id: int | None,
    ears: Ears,
) -> bool:
    """Writes down the steps by which these cases came to where they are now; whether there were any."""
    if not cases:
        return False
    stood = {no: _stand(row) for no, row in case_moves.last(tx, shop_id, list(cases)).items()}
    moves = [move for no, case in cases.items() if (move := _move(case, orders.get(case.facts.order_no or ""), stood.get(no), now, source, batch_id))]
    if moves:
        case_moves.copy_new(tx, shop_id, moves)
        journal.copy_many(tx, (_entry(shop_id, move, now) for move in moves))
        for move in moves:
            step = {"step": move.event, "who": move.who, "before": move.before, "after": move.after, "kind": move.kind, "amount_fen": move.amount}
            ears.tell(EventKind.CASE_STEPPED, SubjectKind.AFTERSALE.value, move.case_no, move.order_no, **step)
        follow_steps(tx, shop_id, {move.case_no: CaseState(move.after) for move in moves}, now)
    want_pictures(tx, shop_id, [case.facts for case in cases.values()], now)
    follow_gifts(tx, shop_id, {no: stand_of(case.facts, orders.get(case.facts.order_no or "")) for no, case in cases.items()}, now)
    return bool(moves)


def forget(tx: Tx, shop_id: int, case_nos: Sequence[str], now: datetime) -> None:
    """The cases are gone with the import that told of them: what happened to them goes, too, and what it showed."""
    case_moves.remove_of_cases(tx, shop_id, case_nos)
    forget_gifts(tx, shop_id, case_nos, now)


def turned(tx: Tx, shop_id: int, case_nos: Sequence[str]) -> Turned:
    """What the steps of these cases tell; of those whose turn another source told, not since when."""
    steps = case_moves.turns(tx, shop_id, case_nos) if case_nos else {}
    found = {no: _since(listed) for no, listed in steps.items()}
    walked = {no: _walked(listed) for no, listed in steps.items()}
    untold = {no: each.elsewhere for no, each in walked.items() if each.elsewhere is not None and each.again_at is None}
    seen = sightings.cases_last_elsewhere(tx, shop_id, untold)
    past = {no: CasePast(each.here_at, each.again_at or seen.get(no) or (each.elsewhere and each.elsewhere[0])) for no, each in walked.items()}
    return Turned({no: since for no, since in found.items() if since is not None}, past)


class _Walked(NamedTuple):
    """What the steps of a case alone tell of its past."""

    here_at: datetime | None
    elsewhere: tuple[datetime, datetime] | None
    """When it first showed another turn than the shop's, and when it showed that no more."""
    again_at: datetime | None
    """When it came back into the shop's turn, where the platform told."""


def _walked(listed: Sequence[tuple[str, datetime, str]]) -> _Walked:
    """What was not understood in between is passed over: it is neither another turn nor the end of what was told before."""
    here_at: datetime | None = None
    elsewhere: tuple[datetime, datetime] | None = None
    again_at: datetime | None = None
    before: tuple[AftersaleState, datetime] | None = None
    left_at: datetime | None = None
    for after, at, source in listed:
        left_at = left_at or at
        state = CaseState(after)
        turn = TURN[state]
        if turn is AftersaleState.UNKNOWN:
            continue
        here_at = (here_at or at) if state is CaseState.BACK_HERE else None
        if before is not None and turn is AftersaleState.SELLER_TO_ANSWER and before[0] is not turn:
            elsewhere = before[1], left_at
            again_at = at if source == Source.PLATFORM else None
        before, left_at = (turn, at), None
    return _Walked(here_at, elsewhere, again_at)


def _since(listed: Sequence[tuple[str, datetime, str]]) -> datetime | None:
    turn, since = None, None
    for after, at, source in listed:
        if TURN[CaseState(after)] is not turn:
            turn, since = TURN[CaseState(after)], at if source == Source.PLATFORM else None
    return since


def _stand(row: tuple[str, str, int | None]) -> Stand:
    kind, state, amount = row
    return Stand(CaseState(state), AftersaleKind(kind), None if amount is None else Fen(amount))


def _move(
    case: Known[AftersaleFacts], order: OrderKnowledge | None, before: Stand | None, now: datetime, source: Source, batch_id: int | None
) -> NewCaseMove | None:
    after = stand_of(case.facts, order)
    step = stepped(before, after, case.facts, case.as_of)
    if step is None:
        return None
    return NewCaseMove(
        case_no=case.facts.case_no,
        order_no=case.facts.order_no,
        kind=after.kind.value,
        before=None if before is None else before.state.value,
        event=step.event.value,
        after=after.state.value,
        who=step.who.value,
        steps=step.steps,
        is_sure=step.is_sure,
        amount=after.amount,
        at=_happened(case, after.state, order, source),
        seen_at=now,
        source=source.value,
        batch_id=batch_id,
    )


def _happened(case: Known[AftersaleFacts], state: CaseState, order: OrderKnowledge | None, source: Source) -> datetime:
    """When the step was taken, as far as the facts tell: no later than this. The platform's moment of change is not of what a file tells later."""
    delivered_at = return_delivered_at(case.facts, order) if state is CaseState.BACK_HERE else None
    if delivered_at is not None:
        return delivered_at
    return (case.facts.updated_at if source is Source.PLATFORM else None) or case.as_of


def _entry(shop_id: int, move: NewCaseMove, now: datetime) -> journal.Row:
    entry = CaseStepped(move.case_no, move.event, move.who, move.after, move.before, move.steps)
    kind, no = (SubjectKind.ORDER, move.order_no) if move.order_no else (SubjectKind.AFTERSALE, move.case_no)
    return journal.row(shop_id, entry, now, None, kind.value, no, move.batch_id)
