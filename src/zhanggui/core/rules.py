"""Rules as data: a dated, sourced answer to one question, and the rule in force at a moment.

A `Rule` is one version: one TOML block of `rulebook/`, or a shop's own override of the same shape. Loading is `rulebook`'s work; choosing is done here.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from zhanggui.core.advice.book import AdviceBook
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.weights import Weights
from zhanggui.core.working_time import WorkCalendar

T = TypeVar("T")


class Basis(StrEnum):
    """What a rule rests on."""

    PUBLISHED = "published"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Grade(StrEnum):
    """How well the source is attested: A statute, API or the platform's own clause; B trade press; C one secondary page; S the shop's or the house's own."""

    A = "A"
    B = "B"
    C = "C"
    SHOP = "S"


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule's name in both languages."""

    zh: str
    en: str


class Question(StrEnum):
    """What a rule answers. One question has at most one answer at a moment for one set of facts."""

    SHIP_BY = "ship_by"
    """Within which term an order must leave."""
    SHIP_START = "ship_start"
    """From which event that term counts."""
    SHIP_ENDS = "ship_ends"
    """What has to have happened for it to be met."""
    SHIP_EXTENSION = "ship_extension"
    """By how much a finding extends the term."""
    PLATFORM_MOMENT = "platform_moment"
    """Which field of a source holds the platform's own deadline. It wins over every other rule."""
    PROMISED = "promised"
    """Which promised hours of a product hold, where the platform's own deadline is not given."""
    MAY_SHIP = "may_ship"
    """What forbids shipping, and whether the term runs on meanwhile."""
    PICKUP_BY = "pickup_by"
    """Within which term after the upload the carrier must have picked up."""
    DELIVER_BY = "deliver_by"
    """Until when the goods must have arrived."""
    PARCEL_MOVES = "parcel_moves"
    """Within which term after a tracking event the next one is due."""
    SILENCE = "silence"
    """How long a parcel may be silent before the platform may refund at once."""
    ANOMALY = "anomaly"
    """Which troubles make a parcel count as abnormal."""
    ANOMALY_RATE = "anomaly_rate"
    """Over how many days abnormal parcels are counted, and at how many times the category's mean a shop is restricted."""
    COMPENSATION = "compensation"
    """What one finding costs."""
    EXEMPTION = "exemption"
    """What keeps a finding from being made."""
    SUSPENSION = "suspension"
    """From when to when a finding is not penalised at all."""
    ANSWER_CASE = "answer_case"
    """Within which term a buyer's request must be answered."""
    BUYER_SENDS_BACK = "buyer_sends_back"
    """How long the buyer has to send the goods back."""
    INSPECT_RETURN = "inspect_return"
    """How long the seller has to inspect a return."""
    INSPECT_DELIVERED = "inspect_delivered"
    """How long is left once the return has been delivered."""
    ANSWER_PLATFORM = "answer_platform"
    """How long the seller has to hand in evidence."""
    BUYER_CALLS_PLATFORM = "buyer_calls_platform"
    """How long a rejected buyer may call in the platform."""
    CONTEST_REFUND = "contest_refund"
    """How long the seller may complain about an instant refund."""
    INSTANT_REFUND = "instant_refund"
    """When the platform may refund at once."""
    CASE_LOSS = "case_loss"
    """What a case costs when its deadline passes unanswered."""
    FIX_NUMBER = "fix_number"
    """How long a wrong tracking number can be put right."""
    CHASE_AGAIN = "chase_again"
    """How long to wait for a carrier's answer before asking again."""
    CLAIM_LOST = "claim_lost"
    """After how long a silence a parcel counts as lost."""
    CLAIM_BY = "claim_by"
    """Within which term a lost or damaged parcel is claimed from the carrier."""
    CLAIM_ANSWER = "claim_answer"
    """Within which term the carrier answers a claim, or pays what it offered."""
    CLAIM_LIMIT = "claim_limit"
    """What a carrier pays at most for a lost or damaged parcel by its own terms."""
    COMPLAIN_BY = "complain_by"
    """Within which term a complaint is filed."""
    COMPLAINT_ANSWER = "complaint_answer"
    """Within which term the platform answers a complaint or an appeal."""
    APPEAL_BY = "appeal_by"
    """Within which term a ruling can be appealed against."""
    RECALL_CHECK = "recall_check"
    """How long each step of a recall may take."""
    REPLY_BUYER = "reply_buyer"
    """Within which term a waiting buyer must be answered."""
    REPLY_RATE = "reply_rate"
    """Within which term a buyer must be answered, and in which hours, for the day not to fail in the rate of replies."""
    KEEP_PROMISE = "keep_promise"
    """What is asked of a promise to a buyer; the moment is the promise's own."""
    REFUND_AFTER_NOTICE = "refund_after_notice"
    """How soon the money is on its way to a buyer who, told of a delay, would rather have it."""
    FIX_PRODUCT = "fix_product"
    """Within which term somebody looks at a product that its reviews raised."""
    ANSWER_REVIEW = "answer_review"
    """Within which term a middling or bad review is answered."""
    ASK_NOT_TO_SHIP = "ask_not_to_ship"
    """Within which term one may ask that an order need not be shipped."""
    FRESHEN_DATA = "freshen_data"
    """How old data may grow before they are to be exported again."""
    AUTHORISATION = "authorisation"
    """How long a shop's authorisation lasts, where the platform told no end."""
    RENEW_TOKEN = "renew_token"  # noqa: S105 - the name of a question
    """How long before its end an authorisation is renewed."""
    TOP_UP = "top_up"
    """How long before its end an account for waybills is topped up."""
    REFUND_DIFFERS = "refund_differs"
    """How soon a refund is asked about for which the bill took more than was refunded."""
    WITHDRAWAL_ARRIVES = "withdrawal_arrives"
    """How long a withdrawal takes to the bank."""
    PAY_DEPOSIT = "pay_deposit"
    """How many working days before an activity begins its deposit must lie there, and until which hour."""
    WITHDRAW_BY = "withdraw_by"
    """How long before an activity begins one may still leave it without loss."""
    LAW = "law"
    """A duty by statute that the platform's own rules cannot undercut."""


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """How long: so many days, hours and minutes; or until the end of the Shanghai day; or the moment that a field of the facts holds.

    `working_days` goes before the rest where the calendar of those years is known; the days are for years that are not announced yet.
    """

    days: int = 0
    hours: int = 0
    minutes: int = 0
    end_of_day: bool = False
    field: str | None = None
    working_days: int = 0

    @cached_property
    def length(self) -> timedelta:
        """The length as a span of time; zero for terms that are not spans."""
        return timedelta(days=self.days, hours=self.hours, minutes=self.minutes)


class Rounding(StrEnum):
    """How a share of an amount becomes whole money."""

    HALF_UP_TO_FEN = "half_up_to_fen"
    DOWN_TO_FEN = "down_to_fen"
    DOWN_TO_YUAN = "down_to_yuan"


class Bracket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of an amount: for base amounts below `below_fen` (None: all the rest) a fixed sum, or a percentage kept between two bounds."""

    below_fen: Fen | None = None
    fixed_fen: Fen | None = None
    percent: int | None = None
    min_fen: Fen = Fen(0)
    max_fen: Fen | None = None


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sum of money as a formula over one amount of the order or case. The bounds are laid on after rounding."""

    brackets: tuple[Bracket, ...]
    of: tuple[str, ...] = ("receive_amount", "pay_amount")
    """The amount it is counted from; the later names stand in where the first is not known."""
    rounding: Rounding = Rounding.HALF_UP_TO_FEN


class Rule(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One version of one rule."""

    id: str
    question: Question
    title: Title
    effective_from: datetime
    effective_until: datetime | None = None
    from_is_approximate: bool = False
    until_is_approximate: bool = False
    scope: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The facts it is for: a name and the values that fit. All names must fit."""
    counts_from: tuple[str, ...] = ()
    """The events it may start from, the first known one wins."""
    counts_to: tuple[str, ...] = ()
    """The events that end it; all must happen."""
    term: Term | None = None
    amount: Amount | None = None
    clock_runs: bool = True
    """For what forbids shipping: whether the shipping term runs on meanwhile."""
    hours_of_day: tuple[tuple[str, str], ...] = ()
    """The periods of the day in which the term counts; empty for the whole day."""
    source: str
    checked: date
    basis: Basis
    grade: Grade
    is_unknown: bool = False
    """A declared gap: we know that we do not know what was in force."""
    is_rival: bool = False
    """A contradicting version that is kept to be shown, and never in force."""
    note: Title | None = None
    is_override: bool = False
    """Whether a shop laid it over the rulebook."""
    place: str = ""
    """File and line it was read from."""

    @property
    def version(self) -> date:
        """The Shanghai day it came into force."""
        return shanghai_day(self.effective_from)

    @cached_property
    def cite(self) -> str:
        """The rule and version as everything else refers to it: `pdd.ship_by.spot@2023-04-01`."""
        return f"{self.id}@{self.version.isoformat()}"

    def holds_at(self, moment: datetime) -> bool:
        """Whether the moment lies in its span: the first instant counts, the last does not."""
        return self.effective_from <= moment and (self.effective_until is None or moment < self.effective_until)

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Whether every name of its scope has a fitting value among the facts."""
        return all(facts.get(name) in values for name, values in self.scope.items())


class NoSuchRule(LookupError):
    """No rule and version of that name exists."""


class Rulebook:
    """All rules, and the one in force. Never changed once made, so answers are remembered per span between two dates."""

    def __init__(self, rules: Iterable[Rule], weights: Weights, calendar: WorkCalendar, advice: AdviceBook) -> None:
        self.all: tuple[Rule, ...] = tuple(rules)
        self.weights = weights
        self.calendar = calendar
        self.advice = advice
        self._by_cite = {rule.cite: rule for rule in self.all}
        self._boundaries = sorted({moment for rule in self.all for moment in (rule.effective_from, rule.effective_until) if moment is not None})
        self._by_question: dict[str, tuple[Rule, ...]] = {
            question.value: tuple(sorted((rule for rule in self.all if rule.question is question and not rule.is_rival), key=_strength))
            for question in Question
        }
        self._published = frozenset(rule.id for rule in self.all if not rule.is_override)
        self._answers: dict[tuple[object, ...], Rule | None] = {}
        self._found: dict[tuple[Hashable, int], Any] = {}
        self.scoped_by = frozenset(name for rule in self.all for name in rule.scope)
        """The names that occur in any scope, so that facts nobody asks for need not be gathered."""

    def in_force(self, question: str, *, at: datetime, **facts: str) -> Rule | None:
        """The rule that answers the question at this moment for these facts; the shop's own first, then the most particular. None where nobody knows.

        A version of the shop's own of a rule of the rulebook stands in that rule's place: what the rulebook sets for some of its facts alone goes before it.
        """
        rule = self._answer(question, at, facts)
        return None if rule is None or rule.is_unknown else rule

    def unknown_at(self, question: str, *, at: datetime, **facts: str) -> Rule | None:
        """The declared gap that covers this moment, where what was in force is known to be unknown."""
        rule = self._answer(question, at, facts)
        return rule if rule is not None and rule.is_unknown else None

    def once(self, name: Hashable, at: datetime, find: Callable[[], T]) -> T:
        """What `find` finds, remembered under this name for all moments between two dates of the rules: only for what depends on the rules alone."""
        key = (name, bisect_right(self._boundaries, at))
        try:
            found: T = self._found[key]
        except KeyError:
            found = self._found[key] = find()
        return found

    def everything_in_force(self, at: datetime) -> tuple[Rule, ...]:
        """Every rule whose span holds the moment, in the order of the files; rivals, gaps and what a shop's own rule lies over are left out."""
        holding = [rule for rule in self.all if rule.holds_at(at) and not rule.is_rival and not rule.is_unknown]
        own = [rule for rule in holding if rule.is_override]
        return tuple(rule for rule in holding if rule.is_override or not any(_covers(over, rule) and not self._leaves(over, rule) for over in own))

    @property
    def rivals(self) -> tuple[Rule, ...]:
        """The contradicting versions that are kept and never in force."""
        return tuple(rule for rule in self.all if rule.is_rival)

    def by_cite(self, cite: str) -> Rule:
        """The rule and version of that name. Raises NoSuchRule."""
        try:
            return self._by_cite[cite]
        except KeyError:
            raise NoSuchRule(cite) from None

    def with_overrides(self, overrides: Sequence[Rule]) -> "Rulebook":
        """The same rulebook with a shop's own rules laid over it."""
        return Rulebook((*self.all, *overrides), self.weights, self.calendar, self.advice) if overrides else self

    def _answer(self, question: str, at: datetime, facts: Mapping[str, str]) -> Rule | None:
        key = (question, bisect_right(self._boundaries, at), *facts.items())
        try:
            return self._answers[key]
        except KeyError:
            fitting = (rule for rule in self._by_question[question] if rule.holds_at(at) and rule.fits(facts))
            rule = next(fitting, None)
            if rule is not None and rule.is_override:
                rule = next((each for each in fitting if self._leaves(rule, each)), rule)
            self._answers[key] = rule
            return rule

    def _leaves(self, own: Rule, rule: Rule) -> bool:
        """Whether the shop's own is a version of one rule of the rulebook, and this another one of it, for some of its facts only."""
        is_another = own.id in self._published and not rule.is_override and rule.id != own.id
        return is_another and _covers(own, rule) and not _covers(rule, own)


def _covers(over: Rule, rule: Rule) -> bool:
    """Whether the one answers the same question for all the facts that the other is for."""
    return over.question is rule.question and all(set(rule.scope.get(name, ())) <= set(values) and name in rule.scope for name, values in over.scope.items())


def _strength(rule: Rule) -> tuple[bool, int, float]:
    """Sorts the shop's own rules first, then those with the most names in their scope, then the youngest."""
    return (not rule.is_override, -len(rule.scope), -rule.effective_from.timestamp())
