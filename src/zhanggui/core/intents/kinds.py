"""The wants a message may carry, and how one is told."""

from enum import StrEnum

import msgspec


class Intent(StrEnum):
    """What a buyer may want by one message. docs/intents.md says of each what it is."""

    CHASE_SHIPPING = "chase_shipping"
    CHASE_DELIVERY = "chase_delivery"
    REFUND = "refund"
    CHASE_REFUND = "chase_refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    MISSING = "missing"
    WRONG = "wrong"
    QUALITY = "quality"
    ADDRESS_CHANGE = "address_change"
    INVOICE = "invoice"
    PRICE = "price"
    STOCK = "stock"
    USE = "use"
    PROMOTION = "promotion"
    ORDER_PAYMENT = "order_payment"
    COMPLAINT = "complaint"
    REVIEW_THREAT = "review_threat"
    THANKS = "thanks"
    OTHER = "other"


WANTS = tuple(intent for intent in Intent if intent is not Intent.OTHER)


class Speaker(StrEnum):
    """Who said something in a conversation."""

    BUYER = "buyer"
    REP = "rep"


class Said(msgspec.Struct, frozen=True):
    """A message that went before."""

    text: str
    by: Speaker = Speaker.BUYER


class Span(msgspec.Struct, frozen=True):
    """Characters of the message as it was given: from `start` up to, without, `end`."""

    start: int
    end: int
    text: str


class Source(StrEnum):
    """What told a want: words of the table, what was learnt, or a shop's own example."""

    WORDS = "words"
    LEARNT = "learnt"
    EXAMPLE = "example"


class Wanted(msgspec.Struct, frozen=True):
    """One thing wanted, how surely (of 1), and the characters that decided."""

    intent: Intent
    confidence: float
    sure: bool
    """Whether it is sure enough to act on; what is not is a first guess for a person's eye."""
    words: tuple[Span, ...] = ()
    by: Source = Source.LEARNT
