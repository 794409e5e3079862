"""Whether a refund is the shop's own doing, as the case itself tells it."""

from zhanggui.core.cases.mapping import MOVER_OF_ROLE, state_of
from zhanggui.core.cases.states import CaseMover, CaseState
from zhanggui.core.facts import AftersaleFacts


def is_agreed_by_shop(case: AftersaleFacts) -> bool:
    """Whether the case says that the shop agreed to the refund: by the platform's number for that, or by who moved it last.

    Once it is paid out the number is the same whoever agreed, and few sources tell who moved it last.
    """
    state = state_of(case)
    if state is CaseState.REFUND_AGREED:
        return True
    return state is CaseState.REFUNDED and case.operator_role is not None and MOVER_OF_ROLE.get(case.operator_role) is CaseMover.SELLER
