"""The seller answers cases."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from zhanggui.emulator.methods.registry import REFUND, Call, method
from zhanggui.emulator.methods.shipping import label_of, objected
from zhanggui.emulator.wire import errors
from zhanggui.emulator.world import answering
from zhanggui.emulator.world.cases import Case
from zhanggui.emulator.world.sending import Objection

T = TypeVar("T")


class Agreement(msgspec.Struct, frozen=True):
    """A case agreed to."""

    order_sn: str
    after_sales_id: int
    operate_desc: str = ""
    return_address_id: int = 0


class Replacement(msgspec.Struct, frozen=True):
    """The parcel of an exchange."""

    order_sn: str
    after_sales_id: int
    shipping_id: int
    tracking_number: str
    shipping_name: str = ""


class Intercepted(msgspec.Struct, frozen=True):
    """What the warehouse says of a parcel: status 1 it is back, 2 it is not."""

    order_sn: str
    after_sales_id: int
    warehouse_status: int
    operate_time: int
    reverse_tracking_number: str
    reverse_logistics_id: int = 0


class SendingCancel(msgspec.Struct, frozen=True):
    """The answer to an unshipped refund."""

    tid: str
    refund_id: int
    status: str
    refund_fee: int = 0
    operate_time: int = 0
    fail_reason_code: int = 0
    msg: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What came of an answer."""

    succ: bool
    message: str
    order_sn: str
    after_sales_id: int


class Result(msgspec.Struct, frozen=True):
    """An outcome under `result`."""

    result: Outcome


class ReturnOutcome(msgspec.Struct, frozen=True):
    """What came of agreeing to a return."""

    success: bool
    message: str
    order_sn: str
    after_sales_id: int


class ReturnResult(msgspec.Struct, frozen=True):
    """The same under `result`, with a success beside it."""

    result: ReturnOutcome
    success: bool = True
    error_code: int = 0
    error_msg: str = ""


class Reported(msgspec.Struct, frozen=True):
    """The case a report was for."""

    order_sn: str
    after_sales_id: int


class ReportResult(msgspec.Struct, frozen=True):
    """The same under `result`."""

    result: Reported


class CancelData(msgspec.Struct, frozen=True):
    """The case an answer was for."""

    refund_id: int


class CancelOutcome(msgspec.Struct, frozen=True):
    """What came of the answer to an unshipped refund; no word of success is documented."""

    result_data: CancelData


class CancelResult(msgspec.Struct, frozen=True):
    """The same under `result`."""

    result: CancelOutcome


def played(act: Callable[[], T]) -> T:
    """What an act gives, or the platform's refusal when the world objects."""
    try:
        return act()
    except Objection as objection:
        raise objected(objection) from objection


def succeeded(call: Call, case: Case, effect: str) -> Result:
    """An answer that was taken."""
    call.did(effect, case.case_id)
    return Result(Outcome(True, "", call.world.order_sn(case.row), case.case_id))


@method("pdd.refund.agree", REFUND)
def refund_agree(call: Call) -> Result:
    """Agree to a refund."""
    asked = call.args.document("request", Agreement)
    case = call.case(asked.after_sales_id, asked.order_sn)
    played(lambda: answering.agree(call.world, case))
    return succeeded(call, case, "refund.agreed")


@method("pdd.refund.returngoods.agree", REFUND)
def return_agree(call: Call) -> ReturnResult:
    """Agree that the goods come back."""
    asked = call.args.document("request", Agreement)
    case = call.case(asked.after_sales_id, asked.order_sn)
    played(lambda: answering.agree_to_return(call.world, case, asked.return_address_id))
    call.did("return.agreed", case.case_id)
    return ReturnResult(ReturnOutcome(True, "", call.world.order_sn(case.row), case.case_id))


@method("pdd.refund.exchange.shipping", REFUND)
def exchange_shipping(call: Call) -> Result:
    """Send the replacement of an exchange, or the missing piece."""
    asked = call.args.document("request", Replacement)
    case, label = call.case(asked.after_sales_id, asked.order_sn), label_of(asked.shipping_id, asked.tracking_number)
    played(lambda: answering.send_replacement(call.world, case, label))
    return succeeded(call, case, "exchange.shipped")


@method("pdd.nextone.logistics.warehouse.update", REFUND)
def warehouse_update(call: Call) -> ReportResult:
    """Hear whether the warehouse has got a parcel back."""
    asked = call.args.document("request", Intercepted)
    case = call.case(asked.after_sales_id, asked.order_sn)
    answering.report_warehouse(call.world, case, asked.warehouse_status)
    call.did("warehouse.reported", case.case_id)
    return ReportResult(Reported(call.world.order_sn(case.row), case.case_id))


@method("pdd.rdc.pddgenius.sendgoods.cancel", REFUND)
def sending_cancel(call: Call) -> CancelResult:
    """Hear whether the parcel of an unshipped refund was held back."""
    asked = call.args.document("param", SendingCancel)
    if asked.status not in ("SUCCESS", "FAIL"):
        raise errors.wrong("status", "取值SUCCESS或FAIL")
    if asked.status == "FAIL" and asked.fail_reason_code not in (1001, 1002, 1003):
        raise errors.wrong("fail_reason_code", "取值1001,1002,1003")
    case = call.case(asked.refund_id, asked.tid)
    played(lambda: answering.cancel_sending(call.world, case, asked.status == "SUCCESS"))
    call.did("sending.cancelled" if asked.status == "SUCCESS" else "sending.not_cancelled", case.case_id)
    return CancelResult(CancelOutcome(CancelData(case.case_id)))
