"""An account at a carrier's branch from the wish for one to its end. The platform lets it be opened in its back office only, so people say how far it is."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class AccountState(StrEnum):
    """How far an account has come."""

    WISHED = "wished"
    """Nobody has applied yet."""
    APPLIED = "applied"
    """Applied for; the branch has to say yes."""
    APPROVED = "approved"
    """Numbers can be taken from it."""
    REFUSED = "refused"
    ENDED = "ended"


class AccountEvent(StrEnum):
    """What happens to it."""

    APPLY = "apply"
    APPROVE = "approve"
    REFUSE = "refuse"
    TELL = "tell"
    """The platform lists it among the shop's accounts."""
    END = "end"


class AccountMove(msgspec.Struct, frozen=True):
    """One step: from a state, by an event, to a state."""

    before: AccountState
    event: AccountEvent
    after: AccountState


class NotThatStep(Exception):
    """No step of the table leads from this state by this event."""


_S, _E = AccountState, AccountEvent

ACCOUNT_MOVES: tuple[AccountMove, ...] = (
    AccountMove(_S.WISHED, _E.APPLY, _S.APPLIED),
    AccountMove(_S.WISHED, _E.END, _S.ENDED),
    AccountMove(_S.APPLIED, _E.APPROVE, _S.APPROVED),
    AccountMove(_S.APPLIED, _E.REFUSE, _S.REFUSED),
    AccountMove(_S.APPLIED, _E.END, _S.ENDED),
    AccountMove(_S.REFUSED, _E.APPLY, _S.APPLIED),
    AccountMove(_S.REFUSED, _E.END, _S.ENDED),
    AccountMove(_S.APPROVED, _E.END, _S.ENDED),
    AccountMove(_S.ENDED, _E.APPLY, _S.APPLIED),
    *(AccountMove(state, _E.TELL, _S.APPROVED) for state in AccountState),
)
"""Every step there is. What the platform tells goes before what people said."""

_AFTER: Mapping[tuple[AccountState, AccountEvent], AccountState] = {(move.before, move.event): move.after for move in ACCOUNT_MOVES}


def account_after(state: AccountState, event: AccountEvent) -> AccountState:
    """The state that follows. Raises NotThatStep."""
    after = _AFTER.get((state, event))
    if after is None:
        raise NotThatStep(f"{event} does not lead on from {state}")
    return after
