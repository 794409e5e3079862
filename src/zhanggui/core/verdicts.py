"""A verdict: the next act for one to-do, with its reasons, what to check, and the message to send."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.say import Say


class Act(StrEnum):
    """What to do next."""

    SHIP = "ship"
    CANCEL_SHIPPING_AND_REFUND = "cancel_shipping_and_refund"
    DESTROY_WAYBILL_AND_REFUND = "destroy_waybill_and_refund"
    HOLD = "hold"
    CHASE_PICKUP = "chase_pickup"
    VERIFY_PICKUP = "verify_pickup"
    CHASE_CARRIER = "chase_carrier"
    APOLOGISE_AND_PROMISE = "apologise_and_promise"
    ANSWER_REFUND = "answer_refund"
    AGREE_RETURN = "agree_return"
    INTERCEPT = "intercept"
    WAIT_FOR_BUYER = "wait_for_buyer"
    INSPECT_RETURN = "inspect_return"
    HAND_IN_EVIDENCE = "hand_in_evidence"
    REPLY = "reply"
    ANSWER_REVIEW = "answer_review"
    EXPORT_AGAIN = "export_again"
    AUTHORISE_AGAIN = "authorise_again"
    CLAIM = "claim"
    FIX_NUMBER = "fix_number"
    RESTOCK = "restock"
    TOP_UP = "top_up"
    ASK_NOT_TO_SHIP = "ask_not_to_ship"
    ASK_BUYER = "ask_buyer"
    """Ask the buyer what is wrong, with a picture, before anything is decided."""
    AGREE_REFUND = "agree_refund"
    """Give the money back without the goods."""
    GIVE_AWAY = "give_away"
    """Spare the buyer the way back that was asked for: the money back, and the goods stay."""
    OFFER_PARTIAL = "offer_partial"
    """Offer a part of the money; the goods stay with the buyer."""
    OFFER_RETURN = "offer_return"
    """Propose that the goods come back for the money."""
    RESEND = "resend"
    """Send what is missing, or the right goods, once more."""
    AGREE_EXCHANGE = "agree_exchange"
    """Agree to the goods that the buyer asks for."""
    REFUSE = "refuse"
    """Refuse, with the reason and the evidence."""
    REFUND_RETURN = "refund_return"
    """The return was counted and is whole: pay."""
    REFUND_COUNTED = "refund_counted"
    """The return was counted and is not whole: pay what was counted, or refuse."""
    COMPLAIN = "complain"
    """File a complaint with the platform."""
    APPEAL = "appeal"
    """Appeal against what the platform ruled."""
    KEEP_PROMISE = "keep_promise"
    """Do what was promised to the buyer."""
    LOOK = "look"
    """We cannot tell what to do; a person has to look."""


class Draft(msgspec.Struct, frozen=True):
    """A message drafted for the buyer: the script it came from, and its text in the buyer's language (Chinese) with an English gloss."""

    script: str
    zh: str
    en: str


class CostLine(msgspec.Struct, frozen=True):
    """One part of what an answer is expected to cost; gains are below zero."""

    said: Say
    fen: Fen


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """One lawful answer: what it is expected to cost, how that comes about, and why it is not for this shop, where it is not."""

    act: Act
    cost: Fen
    lines: tuple[CostLine, ...]
    amount: Fen | None = None
    """The sum it would offer, where it offers one."""
    barred: Say | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An act, its reasons in order, the rules it cites, what a person should check, until when it holds, the message, and the runner-up."""

    act: Act
    headline: Say
    """The next step in one short sentence."""
    because: tuple[Say, ...]
    cites: tuple[str, ...] = ()
    check: tuple[Say, ...] = ()
    confirm: bool = True
    """Whether a person has to confirm before it is done."""
    until: datetime | None = None
    message: Draft | None = None
    runner_up: Act | None = None
    weighed: tuple[Weighed, ...] = ()
    """Every lawful answer with its expected cost, the best first; empty where nothing was weighed."""
    amount: Fen | None = None
    """The sum to offer, where the act offers one."""
    form: Draft | None = None
    """The text for the platform's form."""
    alone: bool | None = None
    """Whether the shop's limits let the house act without a person; None where no limits were asked."""
