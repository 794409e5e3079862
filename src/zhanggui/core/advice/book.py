"""What advice knows beside the rules: which words mean which grievance, how the indicators count, and the terms of a shop. Loaded from data."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec

from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen


class Grievance(StrEnum):
    """What the buyer complains of."""

    MISSING = "missing"
    WRONG_ITEM = "wrong_item"
    NOT_WANTED = "not_wanted"
    QUALITY = "quality"
    NOT_AS_DESCRIBED = "not_as_described"
    FAKE = "fake"
    DAMAGED = "damaged"
    NOT_RECEIVED = "not_received"
    NO_NEWS = "no_news"
    LATE = "late"
    OUT_OF_STOCK = "out_of_stock"
    OTHER = "other"


class GrievanceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One grievance: the words it is known by, how often it is true before anything is known, and whether a picture would show it."""

    kind: Grievance
    words: tuple[str, ...]
    is_true: float
    shows_in_picture: bool = False


class Counts(StrEnum):
    """Whether a refund counts for an indicator."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Aim(StrEnum):
    """What the shop wants the least of."""

    INDICATORS = "indicators"
    """Money, and what indicators and ratings are worth to the shop."""
    MONEY = "money"
    """Money alone: indicators and ratings weigh nothing."""


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of what a thing is worth by the terms is counted under an aim, in percent."""

    indicators: int
    reviews: int
    work: int
    """A rep's time, which is paid whatever the rep does."""


class When(StrEnum):
    """What must hold of the parcel for a refund to count."""

    ALWAYS = "always"
    DELIVERED_OR_18H = "delivered_or_18h"
    """Delivered, or delivered less than 18 hours after the case was opened."""
    SHIPPED_24H_OR_DELIVERED = "shipped_24h_or_delivered"


class MetricVersion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of how an indicator counts."""

    id: str
    title_zh: str
    title_en: str
    effective_from: date
    effective_until: date | None = None
    from_is_approximate: bool = False
    reasons: tuple[Grievance, ...] = ()
    doubtful: tuple[Grievance, ...] = ()
    """Grievances that may count; no source settles it."""
    when: When = When.ALWAYS
    is_graded: bool = True
    """Whether the platform graded shops by it in this time."""
    source: str
    checked: date
    basis: str
    grade: str

    @property
    def cite(self) -> str:
        """The version as everything else refers to it."""
        return f"{self.id}@{self.effective_from.isoformat()}"


class PartialStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a hundred buyers are content with such a share of their money, keeping the goods."""

    percent: int
    accepts: float


class IndicatorTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one indicator is worth to the shop."""

    point_fen: float
    """What one percentage point of it costs the shop, in fen per order of the month."""
    limit_percent: float
    """The rate from four fifths of which on every further case weighs `near_times` as much."""


class ShopTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shop's own terms. Every default is an assumption and says why in rulebook/advice.toml."""

    small_sum: Fen
    """Up to this sum a refund is agreed to without asking, where nothing speaks against it."""
    give_away_up_to: Fen
    """Up to this sum the buyer may keep the goods and get the money."""
    most_partial_percent: int
    """The largest share offered as compensation."""
    alone_up_to: Fen
    """Up to this sum the house may act without a person, where the level of the act allows it."""
    picture_above: Fen
    """Above this sum a complaint about the goods needs a picture before money is given away."""
    trusted_orders: int
    """From so many orders without more than one refund on, a buyer is trusted."""
    trusted_times: float
    """How many times the limits above a trusted buyer has."""
    repeat_refunds: int
    """From so many refunds on, a buyer is a repeat refunder: nothing goes without a person, nothing is given away."""
    cost_percent: int
    """What goods cost the shop, as a share of their price, where the cost is not known."""
    missing_percent: int
    """What a missing piece costs, as a share of what the goods cost, where nobody knows it."""
    resale_percent: Mapping[str, int]
    """What returned goods are worth, as a share of their cost, by grade; `unopened` before anybody has looked."""
    freight_out: Fen
    freight_back: Fen
    handling: Fen
    """Taking in, looking over and putting away one return."""
    contact: Fen
    """Writing with a buyer or a carrier once."""
    negotiation: Fen
    """Coming to terms with a buyer: an offer, an answer, the form."""
    dispute_work: Fen
    """Gathering and handing in evidence for one intervention."""
    bad_review: Fen
    """What a bad review costs."""
    near_times: float
    """How many times a case weighs where the indicator is near its limit."""
    transit_refund_hour: float
    """Fen that an hour of waiting for a refund under way costs by the graded refund times."""
    indicators: Mapping[str, IndicatorTerms]
    chances: Mapping[str, float]
    prior_weight: float
    """So many cases of one's own weigh as much as an assumed chance."""
    odds: Mapping[str, float]
    """By how much each fact multiplies the odds that the complaint is true."""
    partial: tuple[PartialStep, ...]
    ask_hours: int
    """So many hours must be left for a question to the buyer to make sense."""
    lost_after_hours: int
    """After so many hours of silence a parcel is treated as lost."""
    answer_first_hours: int
    """With fewer hours left than this, one no longer waits for the carrier before answering."""
    aim: Aim = Aim.INDICATORS
    aims: Mapping[Aim, Weights]

    @property
    def weights(self) -> Weights:
        """How much everything beside money counts."""
        return self.aims[self.aim]

    def under_the_aim(self) -> "ShopTerms":
        """The terms with everything beside money counted as the aim counts it."""
        weights = self.weights
        if weights == _WHOLE:
            return self
        return msgspec.structs.replace(
            self,
            indicators={name: msgspec.structs.replace(each, point_fen=each.point_fen * weights.indicators / 100) for name, each in self.indicators.items()},
            transit_refund_hour=self.transit_refund_hour * weights.indicators / 100,
            small_sum=_part(self.small_sum, weights.work),
            bad_review=_part(self.bad_review, weights.reviews),
            **{name: _part(getattr(self, name), weights.work) for name in ("handling", "contact", "negotiation", "dispute_work")},
        )


_WHOLE = Weights(indicators=100, reviews=100, work=100)


def _part(fen: Fen, percent: int) -> Fen:
    return Fen(fen * percent // 100)


class AdviceBook(msgspec.Struct, frozen=True, kw_only=True):
    """Everything advice knows beside the rules."""

    terms: ShopTerms
    grievances: tuple[GrievanceWords, ...]
    metrics: tuple[MetricVersion, ...]

    def metric_at(self, metric: str, at: datetime) -> MetricVersion | None:
        """The version of an indicator in force on the Shanghai day of this moment."""
        day = shanghai_day(at)
        found = [each for each in self.metrics if each.id == metric and each.effective_from <= day]
        living = [each for each in found if each.effective_until is None or day < each.effective_until]
        return max(living, key=lambda each: each.effective_from, default=None)

    def versions_of(self, metric: str) -> tuple[MetricVersion, ...]:
        """Every version of an indicator, oldest first."""
        return tuple(sorted((each for each in self.metrics if each.id == metric), key=lambda each: each.effective_from))
