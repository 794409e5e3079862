"""What the platform's doors do not take and a person does in the back office: made ready, with its texts, its files, its clock, and a place for the outcome."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.cases.states import ASKED, OVER, CaseState
from zhanggui.core.ledger.costs import CostCause, CostKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say

_S = CaseState


class StepKind(StrEnum):
    """What is to be done by hand."""

    REFUSE = "step_refuse"
    """Refuse a request, with the reason."""
    COUNTER_EVIDENCE = "step_counter_evidence"
    """Hand in the evidence to the platform, which takes it once."""
    NEGOTIATE = "step_negotiate"
    """Offer the buyer something else through the case's own page."""
    AGREE_GOODS = "step_agree_goods"
    """Agree to an exchange, a missing piece or a repair."""
    AGREE_REFUSAL = "step_agree_refusal"
    """Agree to the refund once the buyer has refused the parcel."""
    AGREE_RECALL = "step_agree_recall"
    """Agree to the refund once the parcel has been called back."""
    AGREE_REFUND = "step_agree_refund"
    """Agree to a refund by hand, where no key does it."""
    EXTEND = "step_extend"
    """Extend the time to receive a return."""
    GOODWILL = "step_goodwill"
    """Pay the buyer a small sum beside the case."""
    COMPLAIN = "step_complain"
    APPEAL = "step_appeal"


class StepState(StrEnum):
    """Whether it is still to be done."""

    OPEN = "step_open"
    DONE = "step_done"
    DROPPED = "step_dropped"


class StepOutcome(StrEnum):
    """What came of it."""

    ENTERED = "outcome_entered"
    """It was entered in the back office; what the platform or the buyer says to it is not known yet."""
    ACCEPTED = "outcome_accepted"
    """The platform or the buyer agreed."""
    DECLINED = "outcome_declined"
    """The platform or the buyer said no."""
    IMPOSSIBLE = "outcome_impossible"
    """The back office did not offer it any more."""
    NEEDLESS = "outcome_needless"
    """Nobody did it, and nobody has to."""


GIVEN_UP = frozenset({StepOutcome.IMPOSSIBLE, StepOutcome.NEEDLESS})
"""The outcomes after which a step was not done."""

GIVEN_AT_ONCE = frozenset({StepKind.GOODWILL})
"""What is given with the step itself: nobody has to agree to it."""

ANSWERS = frozenset({StepOutcome.ACCEPTED, StepOutcome.DECLINED})
"""What may still be said of a step that was entered."""

PAID = frozenset({_S.REFUND_AGREED, _S.PLATFORM_REFUNDS, _S.REFUNDED})
"""The states of a case whose money is gone or goes."""
_RUNS = frozenset(CaseState) - OVER - PAID
MAKES_SENSE: Mapping[StepKind, frozenset[CaseState]] = {
    StepKind.REFUSE: ASKED | {_S.ON_WAY_BACK, _S.BACK_HERE, _S.TO_SEND_AGAIN, _S.UNKNOWN},
    StepKind.COUNTER_EVIDENCE: frozenset({_S.WITH_PLATFORM, _S.UNKNOWN}),
    StepKind.NEGOTIATE: _RUNS,
    StepKind.AGREE_GOODS: frozenset({_S.EXCHANGE_ASKED, _S.RESEND_ASKED, _S.REPAIR_ASKED, _S.UNKNOWN}),
    StepKind.AGREE_REFUSAL: frozenset({_S.REFUND_ASKED, _S.UNKNOWN}),
    StepKind.AGREE_RECALL: frozenset({_S.REFUND_ASKED, _S.UNKNOWN}),
    StepKind.AGREE_REFUND: frozenset({_S.REFUND_ASKED, _S.UNKNOWN}),
    StepKind.EXTEND: frozenset({_S.ON_WAY_BACK, _S.BACK_HERE, _S.UNKNOWN}),
}
"""The states of the case in which a step is still worth doing; complaints and appeals outlive the case."""
LEADS_TO: Mapping[StepKind, frozenset[CaseState]] = {
    StepKind.REFUSE: frozenset({_S.REJECTED}),
    StepKind.AGREE_GOODS: frozenset({_S.TO_SEND_BACK, _S.TO_SEND_AGAIN, _S.SENT_AGAIN}),
    StepKind.AGREE_REFUSAL: frozenset({_S.TO_REFUSE}),
    StepKind.AGREE_RECALL: frozenset({_S.RECALLING}),
    StepKind.AGREE_REFUND: PAID,
}
"""The states of the case that show by themselves that the step was done."""


class Gift(msgspec.Struct, frozen=True):
    """What the shop gives beside the refund once a step is agreed to: it becomes an entry of the ledger of costs."""

    kind: CostKind
    cause: CostCause
    fen: Fen


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done by hand, as whoever asks for it makes it ready."""

    kind: StepKind
    order_no: str
    case_no: str | None = None
    title: Say
    """What to do, in one short sentence."""
    because: tuple[Say, ...] = ()
    form: str
    """The text for the platform's form, in Chinese."""
    message: str = ""
    """The text for the buyer, where one is to be sent."""
    files: tuple[int, ...] = ()
    """The entries of the order's vault to be handed in, in this order."""
    amount: Fen | None = None
    due_at: datetime | None = None
    due_rule: str | None = None
    ref: str = ""
    """What it belongs to elsewhere, such as `complaint:12`."""
    gives: tuple[Gift, ...] = ()
    """What it costs the shop once it is agreed to."""


def settled_by(kind: StepKind, state: CaseState) -> tuple[StepState, StepOutcome] | None:
    """What a new state of the case makes of an open step; None where it stays to be done."""
    if state in LEADS_TO.get(kind, ()):
        return StepState.DONE, StepOutcome.ENTERED
    wanted = MAKES_SENSE.get(kind)
    return None if wanted is None or state in wanted else (StepState.DROPPED, StepOutcome.NEEDLESS)
