"""What each tool answers. Money is in fen, moments are ISO 8601 in UTC, sentences in the caller's language; what a buyer wrote is masked."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

Fen = Annotated[int, Meta(description="In fen: a hundredth of a yuan.")]


class AgeOut(msgspec.Struct, frozen=True):
    """How fresh one kind of data is."""

    kind: str
    as_of: datetime
    is_stale: bool


class ShopOut(msgspec.Struct, frozen=True):
    """The shop, the present moment, and how old its data are."""

    shop: str
    now: datetime
    ages: tuple[AgeOut, ...]


class MessageOut(msgspec.Struct, frozen=True):
    """A message drafted for the buyer: Chinese to send, English to understand. A person looks at it before anything is sent."""

    zh: str
    en: str


class TodoOut(msgspec.Struct, frozen=True, kw_only=True):
    """One to-do."""

    subject: str
    no: str
    kind: str
    band: str
    order_no: str | None
    title: str | None
    due_at: datetime
    seconds_left: int
    at_risk_fen: Fen
    expected_loss_fen: Fen
    act: str
    next_step: str
    because: tuple[str, ...]
    check: Annotated[tuple[str, ...], Meta(description="What a person should look at first.")]
    cites: tuple[str, ...]
    message: MessageOut | None
    data_as_of: datetime
    data_is_stale: bool
    is_marked: Annotated[bool, Meta(description="Somebody said something of it already: done, later, not ours.")]


class TodosOut(msgspec.Struct, frozen=True):
    """To-dos, the one with the highest expected loss first."""

    shop: str
    now: datetime
    todo: tuple[TodoOut, ...]


class FoundOut(msgspec.Struct, frozen=True):
    """One thing that bears the number."""

    kind: Annotated[str, Meta(description="`order` or `aftersale`.")]
    no: str


class FindOut(msgspec.Struct, frozen=True):
    """What bears the number in this shop."""

    found: tuple[FoundOut, ...]


class StepOut(msgspec.Struct, frozen=True):
    """One step of how a deadline came about."""

    said: str
    cites: str | None


class DeadlineOut(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline, open or closed, with how it came about."""

    subject: str
    no: str
    kind: str
    state: str
    due_at: datetime
    due_source: str
    at_risk_fen: Fen
    rule: str
    basis: str
    steps: tuple[StepOut, ...]


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One after-sales case of an order."""

    case_no: str
    kind: str | None
    state: str | None
    refund_fen: Fen | None
    applied_at: datetime | None


class OrderOut(msgspec.Struct, frozen=True, kw_only=True):
    """One order as its sources told it, with its deadlines and to-dos."""

    order_no: str
    as_of: datetime
    stage: str | None
    refund: str | None
    title: str | None
    spec: str | None
    quantity: int | None
    pay_fen: Fen | None
    receiver: Annotated[str | None, Meta(description="Masked.")]
    province: str | None
    city: str | None
    group_formed_at: datetime | None
    ship_by: datetime | None
    shipped_at: datetime | None
    received_at: datetime | None
    carrier: str | None
    tracking_no: str | None
    cases: tuple[CaseLine, ...]
    deadlines: tuple[DeadlineOut, ...]
    todo: tuple[TodoOut, ...]


class AnswerOut(msgspec.Struct, frozen=True, kw_only=True):
    """One lawful answer to a case, with its expected cost."""

    act: str
    cost_fen: Fen
    amount_fen: Fen | None
    barred: Annotated[str | None, Meta(description="Why it is not for this shop, where it is not.")]


class CaseOut(msgspec.Struct, frozen=True, kw_only=True):
    """One after-sales case with what is advised and why."""

    case_no: str
    order_no: str | None
    kind: str | None
    state: str | None
    reason: str | None
    refund_fen: Fen | None
    applied_at: datetime | None
    as_of: datetime | None
    act: str
    headline: str
    because: tuple[str, ...]
    check: tuple[str, ...]
    cites: tuple[str, ...]
    until: datetime | None
    amount_fen: Fen | None
    message: MessageOut | None
    weighed: tuple[AnswerOut, ...]
    can_propose: Annotated[tuple[str, ...], Meta(description="Acts that `propose_act` would take for the case's to-do.")]
    todo: TodoOut | None


class ScanOut(msgspec.Struct, frozen=True):
    """One event on a parcel's way."""

    at: datetime
    text: str
    stage: str


class TroubleOut(msgspec.Struct, frozen=True):
    """One thing that is wrong with a parcel and lasts."""

    kind: str
    since: datetime
    at_risk_fen: Fen


class ParcelOf(msgspec.Struct, frozen=True, kw_only=True):
    """The parcel as one order has it."""

    order_no: str
    carrier: str
    state: str
    place: str
    province: str
    shipped_at: datetime
    last_at: datetime | None
    delivered_at: datetime | None
    troubles: tuple[TroubleOut, ...]


class ParcelOut(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of one tracking number, events newest first."""

    tracking_no: str
    orders: tuple[ParcelOf, ...]
    scans: tuple[ScanOut, ...]
    chance_of_stall: Annotated[float | None, Meta(description="Learnt from the shop's own parcels, between 0 and 1.")]


class MeasureOut(msgspec.Struct, frozen=True, kw_only=True):
    """One measure with what it was counted from."""

    id: str
    title: str
    value: float | None
    numerator: int
    denominator: int
    unit: str
    since: date | None
    until: date | None
    lag_days: int | None
    rule: str


class MeasuresOut(msgspec.Struct, frozen=True):
    """Measures of the shop."""

    measures: tuple[MeasureOut, ...]


class RuleOut(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a rule."""

    cite: str
    title: str
    question: str
    in_force: bool
    effective_from: datetime
    effective_until: datetime | None
    basis: Annotated[str, Meta(description="What it rests on: published, observed or assumed.")]
    grade: str
    source: str
    note: str | None
    block: Annotated[dict[str, Any] | None, Meta(description="The rule whole; only where one rule was asked for.")]


class RulesOut(msgspec.Struct, frozen=True):
    """Rules; `left_out` says how many more there are."""

    rules: tuple[RuleOut, ...]
    left_out: int


class PromiseOut(msgspec.Struct, frozen=True, kw_only=True):
    """One promise to a buyer and where it stands."""

    no: int
    order_no: str | None
    kind: str
    words: str
    rep: str
    due_at: datetime | None
    state: str


class PromisesOut(msgspec.Struct, frozen=True):
    """Promises, newest first."""

    promises: tuple[PromiseOut, ...]
    next_cursor: str | None


class WaitingOut(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation in which a buyer waits; the words are masked."""

    thread_no: int
    buyer: str
    order_no: str | None
    waiting_since: datetime | None
    waiting_text: str
    wants: tuple[str, ...]


class WaitingListOut(msgspec.Struct, frozen=True):
    """Who waits, the longest first."""

    waiting: tuple[WaitingOut, ...]


class DraftOut(msgspec.Struct, frozen=True, kw_only=True):
    """One draft of an answer, from facts alone, checked for what must not be said."""

    intent: str
    title: str
    is_sure: bool
    text: MessageOut
    promises: Annotated[datetime | None, Meta(description="Until when it promises something, where it does.")]
    why: tuple[str, ...]
    confirm: Annotated[tuple[str, ...], Meta(description="What a person should look at before it is sent.")]


class DraftsOut(msgspec.Struct, frozen=True):
    """Drafts for one conversation, best first, three at most."""

    thread_no: int
    drafts: tuple[DraftOut, ...]


class FindingOut(msgspec.Struct, frozen=True):
    """Words that should not be said to a buyer, why, and what can be said instead."""

    rule: str
    words: str
    why: str
    safe: str


class CheckedOut(msgspec.Struct, frozen=True):
    """A message checked; without findings it may go out."""

    may_be_said: bool
    findings: tuple[FindingOut, ...]


class ProposedOut(msgspec.Struct, frozen=True, kw_only=True):
    """The act as it lies in the outbox. Nothing was sent: a person sends or stops it on the page Automatic handling."""

    act_no: int
    act: str
    state: str
    is_new: Annotated[bool, Meta(description="False where it lay there before.")]


class NotedOut(msgspec.Struct, frozen=True):
    """The note as it was kept."""

    note_no: int
    text: str
