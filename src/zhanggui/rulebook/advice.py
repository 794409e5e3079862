"""Reads what advice rests on beside the rules."""

from importlib.resources.abc import Traversable

import msgspec

from zhanggui.core.advice.book import AdviceBook, Aim, GrievanceWords, IndicatorTerms, MetricVersion, PartialStep, ShopTerms
from zhanggui.rulebook.blocks import RuleRefused, decoded

CHANCES = frozenset(
    {
        "answers_question",
        "escalates_true",
        "escalates_false",
        "calls_under_way",
        "calls_declined",
        "wins_right",
        "wins_right_bare",
        "wins_wrong",
        "accepts_return",
        "sends_back",
        "accepts_resend",
        "withdraws_late",
        "carrier_pays",
        "arrives_after_all",
        "keeps_parcel",
        "keeps_refused",
        "stops_2h",
        "stops_24h",
        "stops_72h",
        "stops_later",
        "reviews_badly",
    }
)
ODDS = frozenset(
    {
        "picture",
        "no_picture",
        "no_answer",
        "packed_right",
        "weight_right",
        "trusted",
        "repeat",
        "same_picture",
        "delivered_scan",
        "threatens",
        "moves",
        "after_a_week",
    }
)
GRADES = frozenset({"unopened", "as_new", "opened", "worn", "damaged", "wrong", "empty", "unknown"})
INDICATORS = frozenset({"quality", "dispute", "intervention", "help"})


class _Terms(ShopTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms as the file writes them: the steps of partial offers stand beside them."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    terms: _Terms
    grievance: tuple[GrievanceWords, ...]


class _Metrics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    metric: tuple[MetricVersion, ...]


def advice_book(folder: Traversable) -> AdviceBook:
    """The book of advice in a folder. Raises RuleRefused, naming the file."""
    told = decoded((folder / "advice.toml").read_text("utf-8"), _File, "advice.toml")
    metrics = decoded((folder / "metrics.toml").read_text("utf-8"), _Metrics, "metrics.toml").metric
    terms = msgspec.convert(msgspec.to_builtins(told.terms), ShopTerms)
    check_terms(terms, "advice.toml")
    _check_metrics(metrics)
    if any(not 0 < each.is_true <= 1 for each in told.grievance):
        raise RuleRefused("advice.toml: is_true lies between 0 and 1")
    return AdviceBook(terms=terms, grievances=told.grievance, metrics=metrics)


def check_terms(terms: ShopTerms, where: str) -> None:
    """Refuses terms with holes or of no sense. Raises RuleRefused, naming where they stand."""
    for name, wanted, given in (
        ("chances", CHANCES, terms.chances),
        ("odds", ODDS, terms.odds),
        ("resale_percent", GRADES, terms.resale_percent),
        ("indicators", INDICATORS, terms.indicators),
    ):
        if set(given) != wanted:
            raise RuleRefused(f"{where}: {name}: {', '.join(sorted(wanted ^ set(given)))} missing or unknown")
    if not all(0 <= chance <= 1 for chance in terms.chances.values()) or not all(odds > 0 for odds in terms.odds.values()):
        raise RuleRefused(f"{where}: chances lie between 0 and 1, odds above 0")
    amounts = (terms.small_sum, terms.give_away_up_to, terms.alone_up_to, terms.picture_above, terms.freight_out, terms.freight_back, terms.handling)
    if min(*amounts, terms.contact, terms.negotiation, terms.dispute_work, terms.bad_review) < 0:
        raise RuleRefused(f"{where}: sums are not below 0")
    if terms.prior_weight <= 0 or min(terms.trusted_times, terms.near_times) < 1:
        raise RuleRefused(f"{where}: the prior weighs something, and times are at least 1")
    weights = [weight for each in terms.aims.values() for weight in (each.indicators, each.reviews, each.work)]
    if set(terms.aims) != set(Aim) or not all(0 <= weight <= 100 for weight in weights):
        raise RuleRefused(f"{where}: every aim has its weights, from 0 to 100")
    if not (0 <= terms.most_partial_percent <= 100 and 0 <= terms.missing_percent <= 100) or any(not 0 < step.percent <= 100 for step in terms.partial):
        raise RuleRefused(f"{where}: shares lie between 0 and 100")


def _check_metrics(metrics: tuple[MetricVersion, ...]) -> None:
    for one in metrics:
        later = [other for other in metrics if other.id == one.id and other.effective_from > one.effective_from]
        if later and (one.effective_until is None or min(each.effective_from for each in later) < one.effective_until):
            raise RuleRefused(f"metrics.toml: {one.cite}: two versions at once")


__all__ = ["IndicatorTerms", "PartialStep", "advice_book", "check_terms"]
