"""The deadlines of a claim: to file it, then the carrier's answer or payment."""

from datetime import datetime

import msgspec

from zhanggui.core.claims.states import LIVE_CLAIMS, ClaimState, Loss
from zhanggui.core.deadlines import Deadline, DeadlineKind, DeadlineState, DueSource, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rule, Rulebook
from zhanggui.core.say import Say, say


class ClaimFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the deadlines of a claim depend on."""

    claim_no: int
    order_no: str | None
    loss: Loss
    state: ClaimState
    noticed_at: datetime
    """When the loss was noticed, or the damage told."""
    stepped_at: datetime
    """When it came to the state it is in."""
    asked: Fen
    """What is claimed."""
    offered: Fen | None = None


def claim_deadlines(claim: ClaimFacts, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The one deadline that runs, by the state of the claim; none once it is over, and none where no rule sets a term."""
    if claim.state not in LIVE_CLAIMS:
        return ()
    if claim.state is ClaimState.TO_FILE:
        rule = rulebook.in_force(Question.CLAIM_BY, at=claim.noticed_at, loss=claim.loss.value)
        return _deadline(claim, DeadlineKind.CLAIM_BY, rule, "noticed_at", claim.noticed_at, claim.asked, None)
    rule = rulebook.in_force(Question.CLAIM_ANSWER, at=claim.stepped_at, claim=claim.state.value)
    at_stake = claim.asked if claim.offered is None else claim.offered
    return _deadline(claim, DeadlineKind.CLAIM_ANSWER, rule, "stepped_at", claim.stepped_at, at_stake, _AWAITED[claim.state])


_AWAITED = {
    ClaimState.FILED: say("The claim has been filed; the carrier's answer is awaited."),
    ClaimState.OFFERED: say("The carrier has agreed to pay; the money is awaited."),
    ClaimState.COMPLAINED: say("A complaint is with the postal authority; its answer is awaited."),
}


def _deadline(
    claim: ClaimFacts, kind: DeadlineKind, rule: Rule | None, counts_from: str, started_at: datetime, at_risk: Fen, because: Say | None
) -> tuple[Deadline, ...]:
    if rule is None or rule.term is None:
        return ()
    return (
        Deadline(
            subject=Subject(SubjectKind.CLAIM, str(claim.claim_no)),
            kind=kind,
            state=DeadlineState.OPEN,
            counts_from=counts_from,
            started_at=started_at,
            due_at=started_at + rule.term.length,
            due_source=DueSource.SHOP if rule.is_override else DueSource.RULEBOOK,
            rule=rule.cite,
            basis=rule.basis,
            at_risk=at_risk,
            risk_rule=None,
            because=because,
            order_no=claim.order_no,
        ),
    )
