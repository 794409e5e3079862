"""A deadline: one obligation of the shop, what it counts from, the rule that made it, when it is due, when to look next, what is at risk."""

from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec

from zhanggui.core.money import Fen
from zhanggui.core.rules import Basis
from zhanggui.core.say import Say


class SubjectKind(StrEnum):
    """What a deadline hangs on. `Subject.no` is the natural number of that thing in the shop."""

    ORDER = "order"
    AFTERSALE = "aftersale"
    REVIEW = "review"
    CONVERSATION = "conversation"
    SOURCE = "source"
    """A source of data that grows stale; its no is the fact kind."""
    CONNECTION = "connection"
    """The shop's connection to the platform; its no is the platform's name."""
    CHASE = "chase"
    """A message to a carrier's branch about parcels that stand still."""
    CLAIM = "claim"
    """Money claimed from a carrier for a lost or damaged parcel."""
    RECALL = "recall"
    """A parcel under way that is to come back."""
    NUMBER_CHANGE = "number_change"
    """A wrong tracking number that is put right."""
    DISPUTE = "dispute"
    """A case that the platform decides."""
    COMPLAINT = "complaint"
    """Something filed with the platform, or to be filed."""
    SKU = "sku"
    """One variant of a product, as the shop stocks it."""
    WAYBILL_ACCOUNT = "waybill_account"
    """An account at a carrier's branch from which waybill numbers are taken."""
    PROMISE = "promise"
    """Something that was promised to a buyer."""
    GOODS = "goods"
    """One product with all its variants."""
    REFUND_MATCH = "refund_match"
    """A refund held against the bill; its no is the order's."""
    WITHDRAWAL = "withdrawal"
    """Money on its way to the bank."""
    ENROLMENT = "enrolment"
    """A time in which goods take part in an activity of the platform."""
    RULE_NOTICE = "rule_notice"
    """A notice of the platform that changes a rule, as the shop took it over."""
    PRODUCT = "product"
    """A product whose reviews raised it; its no is the goods number."""
    HOOK = "hook"
    """Where events are sent to another program."""
    BACKUP = "backup"
    """The backup of the night, of the whole house; its no is always 1."""
    AUTOMATION_RULE = "automation_rule"
    """A rule of the shop's own for what is done when."""


class Subject(msgspec.Struct, frozen=True, order=True, gc=False):
    """The thing a deadline hangs on."""

    kind: SubjectKind
    no: str


class DeadlineKind(StrEnum):
    """What has to be done in time."""

    SHIP_BY = "ship_by"
    """Upload a real tracking number."""
    PICKUP_BY = "pickup_by"
    """The carrier's pickup scan."""
    PARCEL_MOVES = "parcel_moves"
    """The next tracking event; silence means a stalled parcel."""
    DELIVER_BY = "deliver_by"
    """The promised delivery."""
    ANSWER_REFUND = "answer_refund"
    """Answer a buyer's request: agree, reject, or offer."""
    BUYER_SENDS_BACK = "buyer_sends_back"
    """The buyer's own 7 days to send the goods back; ours to watch, nothing at risk."""
    INSPECT_RETURN = "inspect_return"
    """Inspect a return parcel and refund or refuse."""
    BUYER_CALLS_PLATFORM = "buyer_calls_platform"
    """The days in which a rejected buyer may call in the platform; ours to watch, nothing at risk."""
    CONTEST_REFUND = "contest_refund"
    """Complain about an instant refund after which the buyer kept the goods."""
    ANSWER_PLATFORM = "answer_platform"
    """The platform stepped in: hand in evidence."""
    REPLY_BUYER = "reply_buyer"
    """Answer a waiting buyer."""
    ANSWER_REVIEW = "answer_review"
    """Answer a middling or bad review."""
    ASK_NOT_TO_SHIP = "ask_not_to_ship"
    """Ask the platform that a suspected order need not be shipped."""
    FRESHEN_DATA = "freshen_data"
    """Export again: what we know has grown old."""
    RENEW_TOKEN = "renew_token"  # noqa: S105 - the name of a to-do
    """Have the shop authorise us again, before what it granted ends."""
    CHASE_AGAIN = "chase_again"
    """Look whether the parcels a carrier was asked about have moved, and ask again."""
    CLAIM_BY = "claim_by"
    """Claim a lost or damaged parcel from the carrier."""
    CLAIM_ANSWER = "claim_answer"
    """The carrier's answer to a claim, or its payment."""
    RECALL_CHECK = "recall_check"
    """The next step of a recall: tell the carrier, hear from it, see the parcel turn, have it back."""
    FIX_NUMBER = "fix_number"
    """Put a wrong tracking number right."""
    COMPLAIN_BY = "complain_by"
    """File a complaint with the platform."""
    COMPLAINT_ANSWER = "complaint_answer"
    """The platform's answer to a complaint or to an appeal."""
    APPEAL_BY = "appeal_by"
    """Appeal against a ruling of the platform."""
    TOP_UP = "top_up"
    """Buy waybill numbers from the branch before they end."""
    KEEP_PROMISE = "keep_promise"
    """Do what was promised to a buyer, by the moment that was named."""
    RESTOCK = "restock"
    """Get goods that were promised beyond what lies there, or tell the buyers."""
    REFUND_DIFFERS = "refund_differs"
    """The bill took more for a refund than was refunded: ask for the rest back."""
    WITHDRAWAL_ARRIVES = "withdrawal_arrives"
    """Money that was withdrawn should be in the bank; ours to watch until then."""
    PAY_DEPOSIT = "pay_deposit"
    """Have the deposit of an activity frozen in time."""
    WITHDRAW_BY = "withdraw_by"
    """The last moment to leave an activity without loss; ours to decide, nothing is owed."""
    RULE_CHANGES = "rule_changes"
    """Be ready for a changed rule by the moment it comes into force."""
    FIX_PRODUCT = "fix_product"
    """Look at a product that its reviews raised, and say what was found."""
    MEND_HOOK = "mend_hook"
    """Another program takes no events any more: look why, and resume it."""
    MEND_BACKUP = "mend_backup"
    """The backup of the night was not made, or does not come back: see to it."""
    LOOK_AT_RULE = "look_at_rule"
    """A rule of the shop's own was held: look why, and let it go on or mend it."""


class DeadlineState(StrEnum):
    """Where the obligation stands."""

    OPEN = "open"
    UNVERIFIED = "unverified"
    """Runs, but nothing we were given can show whether it is met. Shown apart, never counted as a loss."""
    MET = "met"
    MISSED = "missed"
    """Done after it was due, or ended without being done."""
    WAIVED = "waived"
    """The thing it hung on ended first (cancelled, refunded), or a rule exempts it."""


class DueSource(StrEnum):
    """Where the due moment comes from; earlier ones win."""

    PLATFORM = "platform"
    SHOP = "shop"
    RULEBOOK = "rulebook"
    LEARNT = "learnt"
    """Learnt from orders of the same product that carry the platform's own field."""


class Band(IntEnum):
    """The group of the Today list a deadline stands in. Stored, moved by `look_at`, so that the page reads an index and never counts."""

    OVERDUE = 0
    HOUR = 1
    TODAY = 2
    LATER = 3
    SNOOZED = 4
    SAID_DONE = 5
    """A person said it is done in the back office; the next import confirms or contradicts."""
    NOT_OURS = 6
    UNVERIFIED = 7
    WATCHED = 8
    """Runs by itself until it is due: somebody else has to move first, and nothing is at risk before."""


class Deadline(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One obligation. Moments in UTC, money in fen."""

    subject: Subject
    kind: DeadlineKind
    state: DeadlineState
    counts_from: str
    """The name of the starting event, such as `group_formed_at`."""
    started_at: datetime
    due_at: datetime
    due_source: DueSource
    rule: str
    """The rule and version that made it: `pdd.ship_by.spot@2023-04-01`."""
    basis: Basis
    at_risk: Fen
    """What missing it costs by the compensation rule in force; 0 where nothing is known."""
    risk_rule: str | None = None
    closed_at: datetime | None = None
    """When it was met or ended, where known."""
    because: Say | None = None
    """Why it is waived, unverified, met or missed, in one sentence."""
    order_no: str | None = None


class Step(msgspec.Struct, frozen=True):
    """One step of an explanation: what was done, and the rule it rests on where there is one."""

    say: Say
    cites: str | None = None


class Explanation(msgspec.Struct, frozen=True):
    """How a deadline came about, step by step: start event, rule and version, exemptions, arithmetic, money, basis, age of the data."""

    deadline: Deadline
    steps: tuple[Step, ...]
