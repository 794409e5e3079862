"""The facts of one case that advice is given on. Facts only: what is not known stays None, and is weighed as not known."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.money import Fen


class Goods(StrEnum):
    """Where the goods are."""

    NOT_PRINTED = "not_printed"
    """In the house, and no waybill was printed."""
    PRINTED = "printed"
    """In the house, with a waybill."""
    ON_THE_WAY = "on_the_way"
    COMING_BACK = "coming_back"
    """The parcel was stopped or refused, and is on its way back."""
    BACK = "back"
    """The parcel that was stopped or refused is here again."""
    DELIVERED = "delivered"
    NO_TRACE = "no_trace"
    """Uploaded, and nothing is known of the parcel for longer than it should be."""
    LOST = "lost"


class Trace(StrEnum):
    """Why a parcel has no tracking news, as far as somebody has found out."""

    WRONG_NUMBER = "wrong_number"
    WRONG_CARRIER = "wrong_carrier"
    RESHIPPED = "reshipped"
    CARRIER_SILENT = "carrier_silent"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """Whose fault it is, once somebody has found out."""

    SELLER = "seller"
    BUYER = "buyer"
    CARRIER = "carrier"


class Stopping(StrEnum):
    """How far stopping a parcel on its way has come."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SIGNED_FOR = "signed_for"
    """It was refused and then signed for, and nobody has said by whom."""
    FAILED = "failed"


class ReturnGrade(StrEnum):
    """In which state returned goods were found."""

    AS_NEW = "as_new"
    OPENED = "opened"
    WORN = "worn"
    DAMAGED = "damaged"
    WRONG = "wrong"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class ReturnLeg(StrEnum):
    """Where a return parcel is."""

    ON_THE_WAY = "on_the_way"
    DELIVERED = "delivered"
    LOST = "lost"
    DAMAGED = "damaged"


class Indicator(StrEnum):
    """An indicator that a case may count for; an order counts once for each, however many cases it has."""

    QUALITY = "quality"
    DISPUTE = "dispute"
    INTERVENTION = "intervention"


class Buyer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the shop's own orders tell of the buyer in the time such things are kept."""

    orders: int = 0
    refunds: int = 0
    """Of how many orders money went back by no failing of the shop or its carrier."""
    kept_goods: int = 0
    """How many of the refunds let the buyer keep the goods."""


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often something was tried, and how often it went well."""

    tried: int
    well: int


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shop's last thirty days: the counts its indicators are made of, and how its own attempts went."""

    formed: int
    """Orders whose group formed."""
    quality: int = 0
    disputes: int = 0
    interventions: int = 0
    helps: int = 0
    graded: Mapping[ReturnGrade, int] = msgspec.field(default_factory=dict)
    """In which state how many pieces came back in half a year, of all goods."""
    past: Mapping[str, Tried] = msgspec.field(default_factory=dict)
    """By the name of a chance (docs/advice.md): what the shop's own cases of the past showed."""


class CaseToAdvise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case as advice sees it. Money in fen, moments with their offset."""

    kind: AftersaleKind
    refund_amount: Fen
    """What the buyer asks for."""
    goods: Goods
    state: AftersaleState = AftersaleState.SELLER_TO_ANSWER
    reason: str = ""
    """The reason the buyer chose, in the platform's words. It is never altered."""
    case_no: str = ""
    order_no: str = ""
    title: str = ""
    paid: Fen | None = None
    """What was paid for the whole order; the refund where it is not known."""
    goods_cost: Fen | None = None
    """What the goods cost the shop; a share of the refund where it is not known."""
    graded: Mapping[ReturnGrade, int] | None = None
    """In which state how many pieces of these goods came back in half a year."""
    missing_cost: Fen | None = None
    """What the missing part costs the shop, where only a part is missing."""
    applied_at: datetime | None = None
    shipped_at: datetime | None = None
    uploaded_at: datetime | None = None
    last_news_at: datetime | None = None
    """The moment of the parcel's last tracking event."""
    delivered_at: datetime | None = None
    due_at: datetime | None = None
    """Until when the case must be answered; the platform's own moment where it gives one."""
    says_received: bool | None = None
    """What the buyer ticked: received or not; None where nothing was ticked."""
    pictures: int | None = None
    """How many pictures the buyer handed in; None where nobody knows."""
    asked_at: datetime | None = None
    """When the buyer was last asked what is wrong."""
    same_picture_elsewhere: bool | None = None
    """Whether one of the pictures was seen in another case."""
    threatens: bool | None = None
    """Whether the buyer asks for money and names a bad review as the price of refusal."""
    trace: Trace = Trace.UNKNOWN
    fault: Fault | None = None
    """Whose fault it is, where somebody has found out."""
    packed_right: bool | None = None
    """What the packing check said of kind and count."""
    weight_right: bool | None = None
    """Whether the parcel's weight lay in the learned range."""
    in_stock: bool | None = None
    no_reason_exempt: bool | None = None
    """Whether the law exempts such goods from the return without a reason (custom-made, perishable, opened software, ...)."""
    free_return: bool | None = None
    """Whether the platform's free return shipping (退货包运费) pays the way back."""
    stopping: Stopping | None = None
    return_leg: ReturnLeg | None = None
    return_grade: ReturnGrade | None = None
    """What was found when the return was opened; None where nobody has opened it."""
    counted: Fen | None = None
    """The most that may be refunded by what was counted; None where nothing was counted."""
    is_as_complained: bool | None = None
    """Whether every piece that came back is whole or just as the buyer complained; None where no more than the worst grade is known."""
    is_waived: bool = False
    """Whether a person decided to pay all the same, whatever came back."""
    evidence: int | None = None
    """How many pieces of evidence lie in the vault."""
    shown: int | None = None
    """How much of what such a dispute needs shown they show, in percent."""
    gone_back: Fen | None = None
    """What went back for the same order in its other cases, or is on its way there."""
    counts_already: tuple[Indicator, ...] = ()
    """The indicators that the order counts for already, by this case or another."""
    others_open: int | None = None
    """How many other cases of the order ask for money at this moment."""
    refused_before: bool | None = None
    buyer: Buyer | None = None
    standing: Standing | None = None

    @property
    def left(self) -> Fen | None:
        """How much of the order's money has not gone back in other cases; None where nothing has, or nobody knows what was paid."""
        if not self.gone_back or self.paid is None:
            return None
        return Fen(max(0, self.paid - self.gone_back))
