"""Three simple ways to answer after-sales cases, as programs against the emulator's doors: agree to all, refuse all, agree to what is under ten yuan."""

from collections.abc import Callable, Mapping

from proofs.aftersales_doors_support import Doors
from zhanggui.emulator.months import DAYS, ENDS_AFTER_DAYS
from zhanggui.emulator.scenario import Scenario
from zhanggui.emulator.world.cases import (
    ASKED,
    EXCHANGE_ASKED,
    PLATFORM_LOOKS,
    REFUND_ONLY,
    REPAIR_ASKED,
    REPAIR_SEND,
    RESEND_ASKED,
    RETURN_ASKED,
    Case,
)  # fmt: skip

HOUR = 3600
SMALL = 1_000
WORDS = "订单已按约定发货，物流显示已签收，附发货、称重及签收记录，请平台核实。"
Policy = Callable[[Doors, Case], None]


def agree_all(doors: Doors, case: Case) -> None:
    """Whatever is asked is given, at once; what comes back is paid for when it arrives, and not looked at."""
    match case.status:
        case 2:
            doors.agree(case)
        case 3 if not case.return_number:
            doors.agree_to_return(case)
        case _:
            _goes_on(doors, case)


def refuse_all(doors: Doors, case: Case) -> None:
    """Whatever is asked is refused once, and three pictures are handed in whenever the platform asks."""
    match case.status:
        case 2 | 3 | 14 | 21 | 32 if not case.return_number and not case.rejections:
            doors.by_hand("rejects", case, reason="商品无问题，不同意")
        case 2:
            doors.agree(case)
        case 3 if not case.return_number:
            doors.agree_to_return(case)
        case 8 if not case.evidence_at:
            doors.by_hand("shows", case, text=WORDS, pictures=3)
        case _:
            _goes_on(doors, case)


def agree_under_ten_yuan(doors: Doors, case: Case) -> None:
    """Up to ten yuan, and what has not been shipped, is paid back; above it goods may come back, and money without goods is refused, with three pictures."""
    is_small = case.amount <= SMALL or not case.was_shipped
    if (case.status == ASKED and case.kind == REFUND_ONLY and not is_small) or case.status == PLATFORM_LOOKS:
        refuse_all(doors, case)
    else:
        agree_all(doors, case)


def _goes_on(doors: Doors, case: Case) -> None:
    """What every policy does with goods under way: the return is paid for, the replacement and the repaired goods are sent."""
    is_here = bool(case.return_signed_at)
    if case.status == RETURN_ASKED and is_here:
        doors.agree(case)
    elif case.status == EXCHANGE_ASKED and not case.return_number:
        doors.agree_to_return(case)
    elif case.status == RESEND_ASKED or (case.status == EXCHANGE_ASKED and is_here):
        doors.by_hand("replaces", case)
    elif case.status == REPAIR_ASKED:
        doors.by_hand("agrees_to_repair", case)
    elif case.status == REPAIR_SEND and is_here:
        doors.by_hand("sends_repaired", case)


POLICIES: Mapping[str, Policy] = {"agree all": agree_all, "refuse all": refuse_all, "agree under 10 yuan": agree_under_ten_yuan}


def played(scenario: Scenario, policy: Policy, *, days: int = DAYS + ENDS_AFTER_DAYS) -> Doors:
    """The month under a policy, looked at every hour."""
    doors = Doors(scenario)
    for _ in range(days * 24):
        doors.passes(HOUR)
        for case in list(doors.waiting()):
            policy(doors, case)
    return doors
