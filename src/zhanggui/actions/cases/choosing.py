"""Steps by hand that a person chooses without being advised to: more time to receive a return, and a small payment that is no refund."""

from collections.abc import Callable, Mapping
from datetime import datetime

from zhanggui.actions.cases.guiding import open_step
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.refused import Refused
from zhanggui.core.cases.guided import MAKES_SENSE, Gift, Step, StepKind
from zhanggui.core.cases.mapping import state_of
from zhanggui.core.facts import AftersaleFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.ledger.costs import CostCause, CostKind
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, case_lists
from zhanggui.records.db import Tx, transact
from zhanggui.records.deadlines import StoredDeadline

GOODWILL_CAUSES: Mapping[CostCause, str] = {
    CostCause.QUALITY: "商品质量问题",
    CostCause.DAMAGED: "商品破损",
    CostCause.MISSING: "少件漏发",
    CostCause.WRONG_ITEM: "发错商品",
    CostCause.LATE: "发货延迟",
    CostCause.CARRIER: "物流问题",
    CostCause.OTHER: "服务补偿",
}
"""What a small payment may be for, and how the form is told; never for a review, nor for taking a case back."""
_MORE_TIME = "退回的包裹还在路上或正在验收，需要更多时间核对商品，申请延长收货时间。"
_MORE_TIME_SAID = "亲，您寄回的包裹我们一收到就会仔细核对。为了不出差错，我们申请延长了收货时间，核对完马上给您处理，结果会第一时间告诉您。"
_PAID_SAID = "亲，这次给您添麻烦了。我们通过平台的小额打款补偿您 {yuan} 元，请在平台上查收，后面有任何问题随时联系我们。"


Made = Callable[[AftersaleFacts, OrderKnowledge | None, StoredDeadline | None], Step]

"""The step that is made ready, from the case, its order and its clock. Raises Refused."""


def begin_extension(house: House, by: Person, shop_id: ShopId, case_no: str, now: datetime) -> int:
    """Makes it ready to extend the time to receive a return; the number of the step. Raises Refused where no return is on its way or waits here."""

    def step(case: AftersaleFacts, order: OrderKnowledge | None, due: StoredDeadline | None) -> Step:
        if state_of(case, order) not in MAKES_SENSE[StepKind.EXTEND]:
            raise Refused(say("This cannot be done in the state the case is in. Look at it again."))
        until = () if due is None else (say("Without it the time to look at the return ends at {at}, and the money goes back by itself.", at=due.due_at),)
        return Step(
            kind=StepKind.EXTEND,
            order_no=case.order_no or "",
            case_no=case_no,
            title=say("Ask for more time to receive the return of case {case_no}", case_no=case_no),
            because=(*until, say("Extended, the seven days count anew; the platform lets it be done only so often.")),
            form=_MORE_TIME,
            message=_MORE_TIME_SAID,
            due_at=None if due is None else due.due_at,
            due_rule=None if due is None else due.rule,
        )

    return _begin(house, by, shop_id, case_no, now, step)


def begin_goodwill(house: House, by: Person, shop_id: ShopId, case_no: str, fen: Fen, cause: CostCause, now: datetime) -> int:
    """Makes a small payment ready, which becomes an entry of the ledger of costs once it is made; the number of the step.

    Raises Refused for a sum that is none or more than was paid for the order.
    """
    if cause not in GOODWILL_CAUSES:
        raise Refused(say("This form is out of date. Load the page again."))

    def step(case: AftersaleFacts, order: OrderKnowledge | None, _due: StoredDeadline | None) -> Step:
        most = (order.order.pay_amount if order is not None else None) or case.order_amount
        if fen <= 0 or most is None or fen > most:
            raise Refused(say("A small payment is more than nothing, and no more than was paid for the order."))
        yuan = f"{fen // 100}.{fen % 100:02d}"
        return Step(
            kind=StepKind.GOODWILL,
            order_no=case.order_no or "",
            case_no=case_no,
            title=say("Pay the buyer {sum_fen} beside the case", sum_fen=fen),
            because=(say("It is no refund: the case goes on as it is. It must never be the price of a review, or of taking a request back."),),
            form=f"小额打款 {yuan} 元，原因：{GOODWILL_CAUSES[cause]}",
            message=_PAID_SAID.format(yuan=yuan),
            amount=fen,
            gives=(Gift(CostKind.GOODWILL_PAYMENT, cause, fen),),
        )

    return _begin(house, by, shop_id, case_no, now, step)


def _begin(house: House, by: Person, shop_id: ShopId, case_no: str, now: datetime, made: Made) -> int:
    by.need(Permission.CASES_WRITE, shop_id)

    def work(tx: Tx) -> int:
        known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
        if known is None:
            raise NotAllowed(Permission.CASES_WRITE.value)
        case = known.facts
        if case.order_no is None:
            raise Refused(say("The case names no order, so that nothing can be done for it here."))
        order = orders_known(tx, shop_id, [case.order_no]).get(case.order_no)
        due = case_lists.most_urgent(tx, [(shop_id, case_no)]).get((shop_id, case_no))
        return open_step(tx, by, shop_id, made(case, order, due), now)

    return transact(house.pool, work)
