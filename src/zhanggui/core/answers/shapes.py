"""What an answer is."""

from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.deadlines import DeadlineKind, Subject
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.say import Say
from zhanggui.core.speech.checking import Finding
from zhanggui.core.verdicts import Draft


class PathStep(msgspec.Struct, frozen=True):
    """One step of the way to an answer: what was asked of the facts, what they say, and where that is known from."""

    question: Say
    found: Say
    source: Say
    is_known: bool = True
    """False where the fact is missing, and the careful branch was taken."""


class Promised(msgspec.Struct, frozen=True):
    """What the draft promises, until which moment, and how that moment comes about."""

    kind: PromiseKind
    until: datetime
    because: Say


class OfferKind(StrEnum):
    """What the shop does beside answering."""

    ENTER_NUMBER = "enter_number"
    """Upload the number that the platform does not show yet."""
    ASK_TO_WITHDRAW = "ask_to_withdraw"
    """Ask the buyer to withdraw the refund request; only where the goods have truly left."""
    REFUND_NOW = "refund_now"
    """Agree to the refund that is asked for."""
    STOP_PARCEL = "stop_parcel"
    """Keep what was not handed over in the house, and destroy its label."""
    RECALL = "recall"
    """Call the parcel back from the carrier."""
    COUPON = "coupon"
    """Give the buyer a coupon for having waited, whatever is rated."""
    CHASE_CARRIER = "chase_carrier"
    """Ask the carrier's branch about the parcel."""
    SHIP_NOW = "ship_now"
    """Print, pack and hand over, so that the promise is kept."""
    COUNT_STOCK = "count_stock"
    """Look whether the goods lie on the shelf."""
    ANSWER_CASE = "answer_case"
    """Answer the after-sales case as advised."""
    CHANGE_ADDRESS = "change_address"
    """Have the new address on the label before the parcel leaves."""
    LOOK = "look_it_up"
    """Look the order up on the platform."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do beside answering, in one sentence; with what the platform's door takes of it, where a person may send it from here."""

    kind: OfferKind
    said: Say
    case_no: str | None = None
    todo: tuple[Subject, DeadlineKind] | None = None
    """The to-do that the acts belong to."""
    doors: tuple[Proposal, ...] = ()
    after: int = 0
    """The newest act about the thing, so that a button that is pressed twice sends once."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to one want: the leaf of the tree, the way there, the draft, what to do, what it promises, and what a person should look at first."""

    intent: Intent
    leaf: str
    title: Say
    """What the answer does, in one short sentence."""
    path: tuple[PathStep, ...]
    draft: Draft | None
    acts: tuple[Offer, ...] = ()
    promise: Promised | None = None
    cites: tuple[str, ...] = ()
    confirm: tuple[Say, ...] = ()
    """What a person should look at before it is said."""
    because: tuple[Say, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What the check of forbidden speech says of the draft; nothing, unless a shop's own script brings it."""
    is_sure: bool = True
    """Whether the want was told surely; else the draft asks back."""
