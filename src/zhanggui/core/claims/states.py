"""What is claimed for, how far a claim has come, and which step may follow which: one table, read by the pages, the docs and the tests."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.steps import events_from, step_from


class Loss(StrEnum):
    """What became of the parcel."""

    LOST = "lost"
    DAMAGED = "damaged"


class Leg(StrEnum):
    """Which way the parcel went."""

    OUTGOING = "leg_outgoing"
    RETURN = "leg_return"
    """Back to the shop, with the goods of a case."""


class ClaimState(StrEnum):
    """How far a claim has come."""

    TO_FILE = "claim_to_file"
    """Evidence is gathered; the carrier does not know yet."""
    FILED = "claim_filed"
    """The carrier has been told; its answer is awaited."""
    OFFERED = "claim_offered"
    """The carrier has agreed to a sum that has not been paid yet."""
    PAID = "claim_paid"
    REFUSED = "claim_refused"
    """The carrier said no; one may complain to the postal authority."""
    COMPLAINED = "claim_complained"
    """The postal authority (12305) was asked to see to it."""
    DROPPED = "claim_dropped"
    """Nobody goes on with it: the parcel turned up, or it is not worth it."""


class ClaimEvent(StrEnum):
    """What may happen to a claim; persons tell all of it."""

    FILE = "claim.file"
    OFFER = "claim.offer"
    PAY = "claim.pay"
    REFUSE = "claim.refuse"
    COMPLAIN = "claim.complain"
    DROP = "claim.drop"


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """The amounts a claim is counted from."""

    goods_value: Fen
    """What the goods are worth, by the order or by whoever claims."""
    freight: Fen | None = None
    """What the carrier was paid for this parcel."""
    declared_value: Fen | None = None
    """保价: the value declared to the carrier; None where none was."""


_S, _E = ClaimState, ClaimEvent

CLAIM_STEPS: Mapping[tuple[ClaimState, ClaimEvent], ClaimState] = {
    (_S.TO_FILE, _E.FILE): _S.FILED,
    (_S.FILED, _E.OFFER): _S.OFFERED,
    (_S.FILED, _E.PAY): _S.PAID,
    (_S.FILED, _E.REFUSE): _S.REFUSED,
    (_S.FILED, _E.COMPLAIN): _S.COMPLAINED,
    (_S.OFFERED, _E.PAY): _S.PAID,
    (_S.OFFERED, _E.REFUSE): _S.REFUSED,
    (_S.OFFERED, _E.COMPLAIN): _S.COMPLAINED,
    (_S.REFUSED, _E.COMPLAIN): _S.COMPLAINED,
    (_S.COMPLAINED, _E.OFFER): _S.OFFERED,
    (_S.COMPLAINED, _E.PAY): _S.PAID,
    (_S.COMPLAINED, _E.REFUSE): _S.REFUSED,
    (_S.PAID, _E.PAY): _S.PAID,  # the sum was mistyped, or more came later
    (_S.TO_FILE, _E.DROP): _S.DROPPED,
    (_S.FILED, _E.DROP): _S.DROPPED,
    (_S.OFFERED, _E.DROP): _S.DROPPED,
    (_S.REFUSED, _E.DROP): _S.DROPPED,
    (_S.COMPLAINED, _E.DROP): _S.DROPPED,
}
"""Every step there is."""

LIVE_CLAIMS = frozenset({_S.TO_FILE, _S.FILED, _S.OFFERED, _S.COMPLAINED})
"""Where something is still to be done or awaited."""


def claim_after(state: ClaimState, event: ClaimEvent) -> ClaimState:
    """The state that follows. Raises NotThatStep."""
    return step_from(CLAIM_STEPS, state, event)


def claim_events(state: ClaimState) -> tuple[ClaimEvent, ...]:
    """What may happen next, in the order in which it usually does."""
    return events_from(CLAIM_STEPS, ClaimEvent, state)
