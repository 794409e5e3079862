"""What a refund, a lost dispute, an intervention does to the shop's indicators, and what that is worth."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.advice.book import AdviceBook, Counts, Grievance, IndicatorTerms, MetricVersion, ShopTerms, When
from zhanggui.core.advice.case import CaseToAdvise, Goods, Indicator, Standing
from zhanggui.core.say import Say, say

QUALITY, DISPUTE, INTERVENTION, HELP = "pdd.quality_refund_rate", "pdd.dispute_refund_rate", "pdd.intervention_rate", "pdd.help_rate"
_DAY, _EIGHTEEN = timedelta(hours=24), timedelta(hours=18)
_IN_HOUSE = frozenset({Goods.NOT_PRINTED, Goods.PRINTED})
_NEAR = 0.8


class Guarded(msgspec.Struct, frozen=True):
    """Whether refunding this case would count for the quality refund rate by one version, and what the rate becomes."""

    version: MetricVersion
    counts: Counts
    because: Say
    before: float | None
    """The rate now, in percent; None where the shop's counts are not known."""
    after: float | None


def quality_guard(case: CaseToAdvise, grievance: Grievance, book: AdviceBook, now: datetime) -> Guarded | None:
    """The guard by the version in force now; None where none is."""
    version = book.metric_at(QUALITY, now)
    return None if version is None else guarded(case, grievance, version, now)


def guarded(case: CaseToAdvise, grievance: Grievance, version: MetricVersion, now: datetime) -> Guarded:
    """Whether the refund would count by this version, why, and the rate before and after."""
    counts, because = _counts(case, grievance, version, now)
    if counts is not Counts.NO and Indicator.QUALITY in case.counts_already:
        because = say("The order counts already, by another of its cases: no more by this one.")
    standing = case.standing
    if standing is None or standing.formed <= 0:
        return Guarded(version, counts, because, None, None)
    added = 0 if counts is Counts.NO or Indicator.QUALITY in case.counts_already else 1
    return Guarded(version, counts, because, rate(standing.quality, standing), rate(standing.quality + added, standing))


def rate(count: int, standing: Standing) -> float:
    """The count as a percentage of the orders formed."""
    return round(100 * count / standing.formed, 4)


def quality_price(case: CaseToAdvise, grievance: Grievance, book: AdviceBook, terms: ShopTerms, now: datetime) -> float:
    """What refunding this case costs by the quality refund rate, in fen; half where it only may count."""
    guard = quality_guard(case, grievance, book, now)
    if guard is None or guard.counts is Counts.NO or Indicator.QUALITY in case.counts_already:
        return 0.0
    weight = 1.0 if guard.counts is Counts.YES else 0.5
    return weight * price("quality", case.standing, case.standing.quality if case.standing else 0, terms)


def dispute_price(case: CaseToAdvise, terms: ShopTerms) -> float:
    """What one more ruling against the shop costs; an order counts once."""
    if Indicator.DISPUTE in case.counts_already:
        return 0.0
    return price("dispute", case.standing, case.standing.disputes if case.standing else 0, terms)


def intervention_price(case: CaseToAdvise, terms: ShopTerms) -> float:
    """What one more intervention costs, with the call for help that it begins with."""
    standing = case.standing
    if Indicator.INTERVENTION in case.counts_already:
        return 0.0
    return price("intervention", standing, standing.interventions if standing else 0, terms) + price("help", standing, standing.helps if standing else 0, terms)


def price(name: str, standing: Standing | None, count: int, terms: ShopTerms) -> float:
    """What one more case that counts costs: a hundred times the price of a point per order, more where the limit is near."""
    indicator = terms.indicators[name]
    return 100 * indicator.point_fen * (terms.near_times if _is_near(indicator, standing, count) else 1.0)


def _is_near(indicator: IndicatorTerms, standing: Standing | None, count: int) -> bool:
    return standing is not None and standing.formed > 0 and 100 * (count + 1) / standing.formed >= _NEAR * indicator.limit_percent


def _counts(case: CaseToAdvise, grievance: Grievance, version: MetricVersion, now: datetime) -> tuple[Counts, Say]:
    if grievance not in version.reasons and grievance not in version.doubtful:
        return Counts.NO, say("The reason given is none of quality: the refund does not count.")
    if not _holds(case, version.when, now):
        return Counts.NO, say("The parcel is not as far as this version asks: the refund does not count yet.")
    if grievance in version.doubtful:
        return Counts.MAYBE, say("No source settles whether this reason counts; it is reckoned by half.")
    return Counts.YES, say("The reason given is one of quality: a refund counts.")


def _holds(case: CaseToAdvise, when: When, now: datetime) -> bool:
    is_delivered = case.goods is Goods.DELIVERED or case.delivered_at is not None
    match when:
        case When.ALWAYS:
            return True
        case When.DELIVERED_OR_18H:
            return is_delivered and (case.delivered_at is None or case.applied_at is None or case.delivered_at - case.applied_at < _EIGHTEEN)
        case _:
            return is_delivered or (case.goods not in _IN_HOUSE and case.shipped_at is not None and now - case.shipped_at > _DAY)
