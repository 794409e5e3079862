"""A complaint about a wrongful instant refund, begun on the page of its case: the term is that of the case, not one that begins when somebody looks."""

from datetime import datetime

from zhanggui.actions.complaints.opening import Complaint, open_complaint
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.facts import InstantRefund
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, locks
from zhanggui.records.db import Tx, transact

KEPT = say("The platform refunded at once; the buyer has the goods, and they did not come back.")


def complain_of_instant_refund(house: House, by: Person, shop_id: ShopId, case_no: str, now: datetime) -> int:
    """The number of the complaint on the register; the one that stands where there is one. Raises Refused where nothing went back at once."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)

    def work(tx: Tx) -> int:
        locks.share_shop(tx, shop_id)
        known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
        if known is None or known.facts.order_no is None:
            raise NotAllowed(Permission.COMPLAINTS_WRITE.value)
        case = known.facts
        if case.instant_refund is not InstantRefund.SUCCEEDED:
            raise Refused(say("The platform did not refund case {case_no} at once, so there is nothing of that sort to complain about.", case_no=case_no))
        complaint = Complaint(
            kind=ComplaintKind.INSTANT_REFUND,
            order_no=known.facts.order_no,
            case_no=case_no,
            because=KEPT,
            at_stake=case.refund_amount or case.order_amount or Fen(0),
        )
        return open_complaint(tx, house, by, shop_id, complaint, now)

    return transact(house.pool, work)
