"""The situations of a seller's day that quick replies are kept for: what a buyer may want, and what a rep begins with."""

from collections.abc import Mapping
from enum import StrEnum

from zhanggui.core.intents.kinds import Intent
from zhanggui.core.say import Say, say


class Situation(StrEnum):
    """What a quick reply answers, or opens with. A want and its situation bear the same name."""

    OPENING = "opening"
    ORDER_CARD = "order_card"
    PRODUCT_CARD = "product_card"
    PROMOTION = "promotion"
    PRICE = "price"
    STOCK = "stock"
    USE = "use"
    ORDER_PAYMENT = "order_payment"
    SHIPPING_TERMS = "shipping_terms"
    CHASE_SHIPPING = "chase_shipping"
    CHASE_DELIVERY = "chase_delivery"
    ADDRESS_CHANGE = "address_change"
    INVOICE = "invoice"
    REFUND = "refund"
    CHASE_REFUND = "chase_refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    MISSING = "missing"
    WRONG = "wrong"
    QUALITY = "quality"
    COMPLAINT = "complaint"
    REVIEW_THREAT = "review_threat"
    THANKS = "thanks"
    CLOSING = "closing"
    OTHER = "other"


TITLES: Mapping[Situation, Say] = {
    Situation.OPENING: say("Opening line"),
    Situation.ORDER_CARD: say("Order card"),
    Situation.PRODUCT_CARD: say("Product card"),
    Situation.PROMOTION: say("Promotions"),
    Situation.PRICE: say("Price, haggling"),
    Situation.STOCK: say("Stock"),
    Situation.USE: say("Size and use"),
    Situation.ORDER_PAYMENT: say("Ordering and paying"),
    Situation.SHIPPING_TERMS: say("Shipping before ordering"),
    Situation.CHASE_SHIPPING: say("Wants it shipped"),
    Situation.CHASE_DELIVERY: say("Where is the parcel"),
    Situation.ADDRESS_CHANGE: say("Address change"),
    Situation.INVOICE: say("Invoice"),
    Situation.REFUND: say("Wants the money back"),
    Situation.CHASE_REFUND: say("Where is the refund"),
    Situation.RETURN: say("Wants to return it"),
    Situation.EXCHANGE: say("Wants an exchange"),
    Situation.REPAIR: say("Wants a repair"),
    Situation.MISSING: say("Something is missing"),
    Situation.WRONG: say("Wrong goods"),
    Situation.QUALITY: say("Something is wrong with it"),
    Situation.COMPLAINT: say("Angry buyer"),
    Situation.REVIEW_THREAT: say("Threat of a bad review"),
    Situation.THANKS: say("Thanks"),
    Situation.CLOSING: say("Closing line"),
    Situation.OTHER: say("Something else"),
}


def situation_of(want: Intent) -> Situation:
    """The situation that answers a want."""
    return Situation(want.value)
