"""The words of after-sales cases: how far one has come, what may happen to it, who makes it happen, and the courses that cases take."""

from enum import StrEnum


class CaseState(StrEnum):
    """How far a case has come: finer than whose turn it is, and the same for both codings of the platform and for its export."""

    REFUND_ASKED = "refund_asked"
    """The money is asked for, nothing is sent back; the seller is to answer."""
    RETURN_ASKED = "return_asked"
    EXCHANGE_ASKED = "exchange_asked"
    RESEND_ASKED = "resend_asked"
    REPAIR_ASKED = "repair_asked"
    REJECTED = "request_rejected"
    """The seller said no; the buyer may ask again, call the platform, or let it be."""
    TO_SEND_BACK = "to_send_back"
    """Agreed; the buyer is to send the goods back and to enter the number."""
    ON_WAY_BACK = "on_way_back"
    BACK_HERE = "back_here"
    """The return has been delivered; the seller looks into it."""
    TO_REFUSE = "to_refuse"
    """Agreed that the buyer refuses the parcel at the door."""
    RECALLING = "recalling"
    """Agreed that the seller calls the parcel back."""
    TO_SEND_AGAIN = "to_send_again"
    """Agreed; the seller is to send the missing piece."""
    SENT_AGAIN = "sent_again"
    """The goods in exchange, the missing piece or the repaired goods are on their way to the buyer."""
    WITH_PLATFORM = "with_platform"
    REFUND_AGREED = "refund_agreed"
    """The seller agreed; the platform pays."""
    PLATFORM_REFUNDS = "platform_refunds"
    """The platform decided, or time ran out; the platform pays."""
    REFUNDED = "refunded"
    PLATFORM_REFUSED = "platform_refused"
    """The platform decided for the seller."""
    WITHDRAWN = "case_withdrawn"
    BUYER_SILENT = "buyer_silent"
    """The buyer did not react to the rejection in time."""
    BUYER_LATE = "buyer_late"
    """The buyer did not send back, or refuse, in time."""
    GOODS_DONE = "goods_done"
    """The buyer has the goods in exchange, the missing piece or the repaired goods."""
    GOODS_FAILED = "goods_failed"
    """Exchange, missing piece or repair came to nothing."""
    CLOSED = "closed"
    """Closed without a refund; the source does not say how."""
    UNKNOWN = "unknown"


class CaseEvent(StrEnum):
    """What may happen to a case."""

    ASK = "case.ask"
    CHANGE = "case.change"
    """The buyer asks for something else: another kind, another sum."""
    AGREE_REFUND = "case.agree_refund"
    AGREE_RETURN = "case.agree_return"
    """The goods may be sent back; for exchange and repair too."""
    AGREE_REFUSAL = "case.agree_refusal"
    AGREE_RECALL = "case.agree_recall"
    AGREE_GOODS = "case.agree_goods"
    """The missing piece will be sent."""
    REJECT = "case.reject"
    SEND_BACK = "case.send_back"
    ARRIVE = "case.arrive"
    """The return is delivered to the seller."""
    PARCEL_BACK = "case.parcel_back"
    """The refused or recalled parcel is with the seller."""
    RECALL_FAILED = "case.recall_failed"
    SEND_GOODS = "case.send_goods"
    CONFIRM = "case.confirm"
    """The buyer has what was sent again."""
    ASK_AGAIN = "case.ask_again"
    CALL_PLATFORM = "case.call_platform"
    WITHDRAW = "case.withdraw"
    REFUND_AT_ONCE = "case.refund_at_once"
    """The platform refunds without asking the seller."""
    RULE_FOR_BUYER = "case.rule_for_buyer"
    RULE_RETURN = "case.rule_return"
    """The platform decides that the goods go back first."""
    RULE_FOR_SELLER = "case.rule_for_seller"
    REOPEN = "case.reopen"
    """The platform takes a closed case up again."""
    PAY = "case.pay"
    TIME_OUT = "case.time_out"
    SEEN = "case.seen"
    """First told of when it had already begun: the steps before were not seen."""
    SKIP = "case.skip"
    """Seen further on: steps of the table lie between that were not seen."""
    JUMP = "case.jump"
    """Seen where no steps of the table lead: kept as it is told, never refused."""


class CaseMover(StrEnum):
    """Who makes a step."""

    BUYER = "by_buyer"
    SELLER = "by_seller"
    PLATFORM = "by_platform"
    CLOCK = "by_clock"
    CARRIER = "by_carrier"
    UNTOLD = "by_untold"
    """Nothing tells who."""


class Course(StrEnum):
    """What a case is about; some begin as one and turn into another."""

    REFUND_ONLY = "refund_only"
    RETURN_AND_REFUND = "return_and_refund"
    EXCHANGE = "exchange"
    RESEND = "resend"
    REPAIR = "repair"
    REFUSAL = "refusal_on_delivery"
    """The money is asked for while the parcel is under way: it is refused at the door, or called back."""
    INSTANT_REFUND = "instant_course"
    INTERVENTION = "intervention"


_S = CaseState

ASKED = frozenset({_S.REFUND_ASKED, _S.RETURN_ASKED, _S.EXCHANGE_ASKED, _S.RESEND_ASKED, _S.REPAIR_ASKED})
"""The seller has been asked, and is to answer."""
PAYING = frozenset({_S.REFUND_AGREED, _S.PLATFORM_REFUNDS, _S.REFUNDED})
"""The money goes back, or has gone back: there is nothing left that a second refund could be for."""
CLOSED_STATES = frozenset({_S.PLATFORM_REFUSED, _S.WITHDRAWN, _S.BUYER_SILENT, _S.BUYER_LATE, _S.GOODS_FAILED, _S.CLOSED})
"""Over without a refund; the buyer may ask again."""
OVER = CLOSED_STATES | {_S.REFUNDED, _S.GOODS_DONE}
"""Nothing is owed in these."""
