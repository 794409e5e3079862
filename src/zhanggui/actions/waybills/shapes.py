"""What the waybill actions tell: accounts, what came of asking for numbers, the number an order has, labels on their way to the printer."""

from datetime import datetime

import msgspec

from zhanggui.connectors.pdd.waybill import Address, Sender
from zhanggui.core.say import Say
from zhanggui.core.waybills import AccountState, DocumentState, Forecast, NumberState
from zhanggui.records.waybill_accounts import StoredAccount


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a carrier's branch, with how long it lasts and whether numbers can be taken from it now."""

    account_no: int
    carrier: str
    carrier_code: str
    branch: str
    state: AccountState
    left: int | None
    forecast: Forecast | None
    why_not: Say | None
    """Why no number can be taken from it, None where one can."""
    unknown: int | None
    """How many numbers left it since we first looked that this house knows nothing of: taken by another tool, or lost. None where that cannot be told."""
    sender: Sender | None
    addresses: tuple[Address, ...]
    row: StoredAccount

    @property
    def is_ready(self) -> bool:
        """Whether numbers can be taken from it."""
        return self.why_not is None

    @property
    def days_left(self) -> float | None:
        """How many days it still lasts, by the shop's own use."""
        return None if self.forecast is None else self.forecast.days_left


class WaybillOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking for an order's number."""

    order_no: str
    waybill_id: int | None = None
    waybill_no: str | None = None
    carrier: str = ""
    print_data: str | None = None
    """For the print component alone; kept sealed until the label is printed."""
    why: Say | None = None
    """Why there is no number, None where there is one."""

    def __repr__(self) -> str:
        return f"WaybillOutcome({self.order_no}, {self.waybill_no})"


class HeldWaybill(msgspec.Struct, frozen=True, kw_only=True):
    """The number an order has, or that is being asked for."""

    waybill_id: int
    number: str | None
    carrier: str
    carrier_code: str
    state: NumberState
    printed_at: datetime | None


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A label for the print component: its name there, the orders it is for, and what is printed, in the component's own words."""

    document_id: str
    order_nos: tuple[str, ...]
    contents: tuple[msgspec.Raw, ...]
    task_id: str = ""
    """The bundle it is handed over in."""

    def __repr__(self) -> str:
        return f"Label({self.document_id})"


class NotPrinted(msgspec.Struct, frozen=True):
    """An order whose label is not handed to the printer, and why."""

    order_no: str
    why: Say


class PrintRun(msgspec.Struct, frozen=True, kw_only=True):
    """Labels that may go to the printer now; None of them counts as printed before the component has said so."""

    run_no: int | None
    labels: tuple[Label, ...]
    refused: tuple[NotPrinted, ...]


class PrintResult(msgspec.Struct, frozen=True):
    """What the print component said of a label."""

    document_id: str
    status: str
    message: str = ""


class LabelEnd(msgspec.Struct, frozen=True):
    """What became of a label, and of its orders."""

    document_id: str
    state: DocumentState
    order_nos: tuple[str, ...]
    why: Say | None = None
    """What has to be done about it although it was printed: a refund came meanwhile."""
