"""Which step a change of facts was: the machine's own where one leads there, else a jump that is kept as such."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.core.cases.machine import Move, moves_between, steps_between
from zhanggui.core.cases.mapping import MOVER_OF_ROLE, state_of
from zhanggui.core.cases.states import CaseEvent, CaseMover, CaseState
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, InstantRefund
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen

_E, _W = CaseEvent, CaseMover
_BY_TIME = frozenset({_E.TIME_OUT})


class Stand(msgspec.Struct, frozen=True, gc=False):
    """Where a case stands: what of it a step may change."""

    state: CaseState
    kind: AftersaleKind
    amount: Fen | None


class Stepped(msgspec.Struct, frozen=True, gc=False):
    """The step from one stand to another."""

    event: CaseEvent
    who: CaseMover
    steps: int
    """1 for a step of the table; more where the steps between were not seen; 0 where no way leads there."""
    is_sure: bool
    """Whether nothing else can have happened."""


def stand_of(case: AftersaleFacts, known: OrderKnowledge | None = None) -> Stand:
    """Where the facts put the case."""
    return Stand(state_of(case, known), case.kind or AftersaleKind.UNKNOWN, case.refund_amount)


def stepped(before: Stand | None, after: Stand, case: AftersaleFacts, seen_at: datetime) -> Stepped | None:
    """The step between two stands, None where nothing moved. `seen_at` is the age of the facts, by which a limit had run out or not."""
    if before == after:
        return None
    if before is not None and before.state is after.state:
        return Stepped(_E.CHANGE, _W.BUYER, 1, is_sure=False)
    moves = moves_between(None if before is None else before.state, after.state, after.kind)
    if moves:
        move = _likeliest(moves, case, seen_at)
        return Stepped(move.event, move.who, 1, is_sure=len(moves) == 1)
    steps = steps_between(None if before is None else before.state, after.state, after.kind) or 0
    if before is None:
        return Stepped(_E.SEEN, _W.UNTOLD, steps, is_sure=False)
    return Stepped(_E.SKIP if steps else _E.JUMP, _W.UNTOLD, steps, is_sure=False)


def _likeliest(moves: Sequence[Move], case: AftersaleFacts, seen_at: datetime) -> Move:
    """The step among several that the facts speak for; the first of the table where they speak for none."""
    if case.instant_refund is InstantRefund.SUCCEEDED:
        at_once = [move for move in moves if move.event is _E.REFUND_AT_ONCE]
        if at_once:
            return at_once[0]
    moves = [move for move in moves if move.event is not _E.REFUND_AT_ONCE] or moves
    by_role = [move for move in moves if case.operator_role is not None and move.who is MOVER_OF_ROLE.get(case.operator_role)]
    if by_role:
        return by_role[0]
    if case.expire_at is not None and case.expire_at <= seen_at:
        return next((move for move in moves if move.event in _BY_TIME), moves[0])
    return next((move for move in moves if move.event not in _BY_TIME), moves[0])
