"""How far a dispute has come and which step may follow which, by whom, and what falls due then: one table, read by the pages, the docs and the tests."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import AftersaleFacts, AftersaleState
from zhanggui.core.steps import step_from


class DisputeState(StrEnum):
    """How far a dispute has come."""

    GATHERING = "dispute_gathering"
    """The platform has stepped in; the evidence is gathered."""
    PROPOSED = "dispute_proposed"
    """Text and pictures are chosen; somebody else has to look at them."""
    SIGNED = "dispute_signed"
    """A second person has agreed; it may be handed in."""
    SUBMITTED = "dispute_submitted"
    """Handed in, once and for all; the ruling is awaited."""
    AGREED = "dispute_agreed"
    """Settled with the buyer instead; only the buyer can take the case back from the platform, so until then its clock runs on."""
    SETTLED = "dispute_settled"
    """The buyer has the money because the shop gave it, not by a ruling."""
    RULED_FOR = "dispute_ruled_for"
    RULED_AGAINST = "dispute_ruled_against"
    RULED_SPLIT = "dispute_ruled_split"
    """Each bears a part."""
    WITHDRAWN = "dispute_withdrawn"
    """The buyer took it back."""
    HANDED_BACK = "dispute_handed_back"
    """The case runs on without the platform."""
    APPEALED = "dispute_appealed"
    APPEAL_WON = "dispute_appeal_won"
    APPEAL_LOST = "dispute_appeal_lost"
    ACCEPTED = "dispute_accepted"
    """The ruling is left as it is."""


class DisputeEvent(StrEnum):
    """What may happen to a dispute."""

    PROPOSE = "dispute.propose"
    SIGN = "dispute.sign"
    SEND_BACK = "dispute.send_back"
    """The second person wants something changed."""
    SUBMIT = "dispute.submit"
    AGREE = "dispute.agree"
    WITHDRAW = "dispute.withdraw"
    RULE_FOR = "dispute.rule_for"
    RULE_AGAINST = "dispute.rule_against"
    RULE_SPLIT = "dispute.rule_split"
    APPEAL = "dispute.appeal"
    WIN_APPEAL = "dispute.win_appeal"
    LOSE_APPEAL = "dispute.lose_appeal"
    ACCEPT = "dispute.accept"
    TAKE_BACK = "dispute.take_back"
    """What a person said of it was a mistake."""
    SEE_REFUNDED = "dispute.see_refunded"
    """The case shows that the buyer has the money."""
    SEE_SETTLED = "dispute.see_settled"
    """The same, where the shop itself had agreed to it."""
    SEE_REFUSED = "dispute.see_refused"
    """The case was closed by the platform without a refund."""
    SEE_WITHDRAWN = "dispute.see_withdrawn"
    """The case was closed because the buyer took it back."""
    SEE_HANDED_BACK = "dispute.see_handed_back"
    """The case is the seller's or the buyer's turn again."""


class Mover(StrEnum):
    """Who makes a step."""

    PERSON = "person"
    SECOND = "second_person"
    FACTS = "facts"


class DisputeStep(msgspec.Struct, frozen=True):
    """Where a step leads, who makes it, and what falls due then."""

    to: DisputeState
    by: Mover
    due: DeadlineKind | None = None


_S, _E, _M = DisputeState, DisputeEvent, Mover
_EVIDENCE, _APPEAL, _ANSWER = DeadlineKind.ANSWER_PLATFORM, DeadlineKind.APPEAL_BY, DeadlineKind.COMPLAINT_ANSWER
UNDECIDED = (_S.GATHERING, _S.PROPOSED, _S.SIGNED, _S.SUBMITTED, _S.AGREED)
"""Where the case still is with the platform, as far as persons said."""
_BEFORE = (_S.GATHERING, _S.PROPOSED, _S.SIGNED)

_PREPARING = {
    (_S.GATHERING, _E.PROPOSE): DisputeStep(_S.PROPOSED, _M.PERSON, _EVIDENCE),
    (_S.PROPOSED, _E.PROPOSE): DisputeStep(_S.PROPOSED, _M.PERSON, _EVIDENCE),
    (_S.PROPOSED, _E.SIGN): DisputeStep(_S.SIGNED, _M.SECOND, _EVIDENCE),
    (_S.PROPOSED, _E.SEND_BACK): DisputeStep(_S.GATHERING, _M.SECOND, _EVIDENCE),
    (_S.SIGNED, _E.SEND_BACK): DisputeStep(_S.GATHERING, _M.PERSON, _EVIDENCE),
    (_S.SIGNED, _E.SUBMIT): DisputeStep(_S.SUBMITTED, _M.PERSON),
}
_TOLD = {
    _E.WITHDRAW: DisputeStep(_S.WITHDRAWN, _M.PERSON),
    _E.RULE_FOR: DisputeStep(_S.RULED_FOR, _M.PERSON),
    _E.RULE_AGAINST: DisputeStep(_S.RULED_AGAINST, _M.PERSON, _APPEAL),
    _E.RULE_SPLIT: DisputeStep(_S.RULED_SPLIT, _M.PERSON, _APPEAL),
}
_SEEN = {
    _E.SEE_REFUNDED: DisputeStep(_S.RULED_AGAINST, _M.FACTS, _APPEAL),
    _E.SEE_SETTLED: DisputeStep(_S.SETTLED, _M.FACTS),
    _E.SEE_REFUSED: DisputeStep(_S.RULED_FOR, _M.FACTS),
    _E.SEE_WITHDRAWN: DisputeStep(_S.WITHDRAWN, _M.FACTS),
    _E.SEE_HANDED_BACK: DisputeStep(_S.HANDED_BACK, _M.FACTS),
}
_RETRACTABLE = (_S.AGREED, _S.SETTLED, _S.RULED_FOR, _S.RULED_AGAINST, _S.RULED_SPLIT, _S.WITHDRAWN)

DISPUTE_STEPS: Mapping[tuple[DisputeState, DisputeEvent], DisputeStep] = {
    **_PREPARING,
    **{(state, _E.AGREE): DisputeStep(_S.AGREED, _M.PERSON, _EVIDENCE) for state in _BEFORE},
    (_S.SUBMITTED, _E.AGREE): DisputeStep(_S.AGREED, _M.PERSON),
    **{(state, event): step for state in UNDECIDED for event, step in _TOLD.items()},
    **{(state, event): step for state in UNDECIDED for event, step in _SEEN.items()},
    **{(_S.HANDED_BACK, event): step for event, step in _TOLD.items()},
    **{(state, _E.APPEAL): DisputeStep(_S.APPEALED, _M.PERSON, _ANSWER) for state in (_S.RULED_AGAINST, _S.RULED_SPLIT, _S.APPEAL_LOST)},
    **{(state, _E.ACCEPT): DisputeStep(_S.ACCEPTED, _M.PERSON) for state in (_S.RULED_AGAINST, _S.RULED_SPLIT)},
    (_S.RULED_AGAINST, _E.AGREE): DisputeStep(_S.SETTLED, _M.PERSON),
    (_S.APPEALED, _E.WIN_APPEAL): DisputeStep(_S.APPEAL_WON, _M.PERSON),
    (_S.APPEALED, _E.LOSE_APPEAL): DisputeStep(_S.APPEAL_LOST, _M.PERSON),
    (_S.ACCEPTED, _E.APPEAL): DisputeStep(_S.APPEALED, _M.PERSON, _ANSWER),
    (_S.APPEAL_WON, _E.TAKE_BACK): DisputeStep(_S.APPEALED, _M.PERSON, _ANSWER),
    (_S.SUBMITTED, _E.TAKE_BACK): DisputeStep(_S.SIGNED, _M.PERSON, _EVIDENCE),
    **{(state, _E.TAKE_BACK): DisputeStep(_S.GATHERING, _M.PERSON, _EVIDENCE) for state in _RETRACTABLE},
}
"""Every step there is. What the facts show is not said by anybody, so an undone import takes it back."""

TO_SUBMIT = frozenset(_BEFORE)
"""Where evidence can still be handed in."""
LIVE_DISPUTES = frozenset({*UNDECIDED, _S.RULED_AGAINST, _S.RULED_SPLIT, _S.APPEALED})
"""Where something is still to be done or awaited; of what was handed back the case has its own to-dos."""
HANDED_IN = frozenset(DisputeState) - TO_SUBMIT
"""Where nothing is left to hand in."""


def dispute_after(state: DisputeState, event: DisputeEvent, *, is_submitted: bool = False) -> DisputeStep:
    """Where the event leads; a ruling taken back once the evidence is in leads to awaiting it again. Raises NotThatStep."""
    step = step_from(DISPUTE_STEPS, state, event)
    is_to_await = event is DisputeEvent.TAKE_BACK and step.to is DisputeState.GATHERING and is_submitted
    return DisputeStep(DisputeState.SUBMITTED, step.by) if is_to_await else step


def dispute_events(state: DisputeState, said: DisputeState) -> tuple[DisputeEvent, ...]:
    """What a person may say next where `said` was said last, in the order in which it usually happens."""
    events = (event for event in DisputeEvent if (step := DISPUTE_STEPS.get((state, event))) is not None and step.by is not Mover.FACTS)
    return tuple(event for event in events if may_be_said(state, event, said))


def may_be_said(state: DisputeState, event: DisputeEvent, said: DisputeState) -> bool:
    """Whether a person may say that here: only a word is taken back, and a ruling that was told by one is, before anybody says that the shop paid."""
    if event is DisputeEvent.TAKE_BACK:
        return is_by_word(state, said)
    return event is not DisputeEvent.AGREE or state is not DisputeState.RULED_AGAINST or not is_by_word(state, said)


def is_by_word(state: DisputeState, said: DisputeState) -> bool:
    """Whether the dispute stands there because a person said so; settled is also what a person called agreed before the buyer had the money."""
    return said is state or (state is DisputeState.SETTLED and said is DisputeState.AGREED)


def dispute_stands(said: DisputeState, case: AftersaleFacts | None, *, is_given: bool = False) -> DisputeState:
    """How far the dispute is, by what persons said and by what the case shows since; `is_given`: the shop itself paid, so that is no ruling."""
    event = None if case is None else _seen(case)
    if event is DisputeEvent.SEE_REFUNDED and is_given:
        event = DisputeEvent.SEE_SETTLED
    step = None if event is None else DISPUTE_STEPS.get((said, event))
    return said if step is None else step.to


def dispute_left(state: DisputeState) -> DisputeState:
    """Where a dispute stands whose intervention is over, by now of no concern to the case: as it ended; one that nobody saw end was handed back."""
    return DISPUTE_STEPS[state, DisputeEvent.SEE_HANDED_BACK].to if state in UNDECIDED else state


def _seen(case: AftersaleFacts) -> DisputeEvent | None:
    """What the case's own state says of the dispute; nothing while the platform has it, or where the state is not known."""
    match case.state:
        case AftersaleState.REFUNDED:
            return DisputeEvent.SEE_REFUNDED
        case AftersaleState.CLOSED:
            return _closed(case.state_text or "")
        case AftersaleState.PLATFORM_HANDLES | AftersaleState.UNKNOWN | None:
            return None
        case _:
            return DisputeEvent.SEE_HANDED_BACK


def _closed(text: str) -> DisputeEvent | None:
    """A closed case says by its words who closed it; where they do not tell, a person has to."""
    if any(word in text for word in ("平台拒绝", "平台驳回", "平台关闭")):
        return DisputeEvent.SEE_REFUSED
    return DisputeEvent.SEE_WITHDRAWN if "撤销" in text or "取消" in text else DisputeEvent.SEE_HANDED_BACK
