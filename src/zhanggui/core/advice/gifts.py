"""What an answer that a person gives by hand costs beside the refund, once it is agreed to, for the ledger of costs.

The goods a buyer keeps are no entry: the profit of an order counts its goods as gone anyway. Freight of a parcel sent once more belongs to that parcel;
where an exchange names it here, the parcel that goes out for it does not count it again.
"""

from collections.abc import Mapping

from zhanggui.core.advice.book import Grievance, ShopTerms
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.cases.guided import Gift
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.ledger.costs import CostCause, CostKind
from zhanggui.core.money import Fen
from zhanggui.core.verdicts import Act, Weighed

CAUSES: Mapping[Grievance, CostCause] = {
    Grievance.MISSING: CostCause.MISSING,
    Grievance.WRONG_ITEM: CostCause.WRONG_ITEM,
    Grievance.NOT_WANTED: CostCause.NOT_WANTED,
    Grievance.QUALITY: CostCause.QUALITY,
    Grievance.NOT_AS_DESCRIBED: CostCause.QUALITY,
    Grievance.FAKE: CostCause.QUALITY,
    Grievance.DAMAGED: CostCause.DAMAGED,
    Grievance.NOT_RECEIVED: CostCause.CARRIER,
    Grievance.NO_NEWS: CostCause.CARRIER,
    Grievance.LATE: CostCause.LATE,
    Grievance.OUT_OF_STOCK: CostCause.OTHER,
    Grievance.OTHER: CostCause.OTHER,
}
"""What each grievance is written down for."""


def gifts_of(answer: Weighed, case: CaseToAdvise, grievance: Grievance, terms: ShopTerms) -> tuple[Gift, ...]:
    """What the answer gives away, as far as anybody knows what it costs."""
    cause = CAUSES[grievance]
    match answer.act:
        case Act.OFFER_PARTIAL:
            found = [(CostKind.PARTIAL_REFUND, answer.amount)]
        case Act.RESEND:
            found = [(CostKind.RESEND, _again(case, grievance))]
        case Act.AGREE_EXCHANGE if case.kind is AftersaleKind.RESEND:
            found = [(CostKind.RESEND, _again(case, grievance)), (CostKind.FREIGHT, terms.freight_out)]
        case Act.AGREE_EXCHANGE:
            found = [(CostKind.FREIGHT, terms.freight_out)]
        case _:
            found = []
    return tuple(Gift(kind, cause, fen) for kind, fen in found if fen)


def _again(case: CaseToAdvise, grievance: Grievance) -> Fen | None:
    """What is sent once more costs: the missing part, where only that is missing."""
    return case.missing_cost if grievance is Grievance.MISSING and case.missing_cost is not None else case.goods_cost
