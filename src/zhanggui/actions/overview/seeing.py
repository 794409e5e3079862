"""The overview of a shop over some days, gathered from the sums that are kept and the rows of those days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.overview.shapes import CarrierLine, Cause, ClockLine, Clocks, Compared, Overview, Sales, Stars
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.standing.listing import measures_seen
from zhanggui.actions.standing.seeing import standing_of
from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.core.periods import Period, days_up_to
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import bill_entries, parcel_lists, reasons
from zhanggui.records import overview as records
from zhanggui.records.db import Tx
from zhanggui.records.overview import CarrierTime, ClockSum, DaySales, StarCount

LARGE = 50_000
"""A shop of more orders than this has its deadlines counted by a chore: counting them takes longer than a page may."""
COUNTED_DAYS = 200
"""So far back it counts them: as many days as are shown, and as many before them."""
MOST_GOODS = 8
MEASURES = (
    "shop_rating",
    "valid_ratings",
    "quality_refund_rate",
    "dispute_refund_rate",
    "intervention_rate",
    "logistics_abnormal_rate",
    "pdd_on_time_shipment_rate",
    "reply_rate_3min",
    "transit_refund_hours",
    "returned_refund_hours",
)
"""The measures that an owner looks at first."""
NOT_OURS = frozenset(
    {
        DeadlineKind.FRESHEN_DATA,
        DeadlineKind.BUYER_SENDS_BACK,
        DeadlineKind.BUYER_CALLS_PLATFORM,
        DeadlineKind.WITHDRAWAL_ARRIVES,
        DeadlineKind.CLAIM_ANSWER,
        DeadlineKind.COMPLAINT_ANSWER,
        DeadlineKind.PARCEL_MOVES,
    }
)
"""What somebody else has to do, or what is no duty at all."""
_SECONDS_OF_AN_HOUR = 3600


def overview(house: House, by: Person, shop_id: ShopId, period: Period, now: datetime) -> Overview:
    """The shop over the days of the period, and how it stands now. For whoever may see its money."""
    by.need(Permission.MONEY_READ, shop_id)
    measured = {row.formula.id: row for row in measures_seen(house, by, shop_id, now).rows}
    stands = standing_of(house, by, shop_id, now, is_counted=True)
    read_reviews(house, shop_id, now)
    with house.pool.connection() as tx:
        shop = shops_with(tx, by, Permission.MONEY_READ, [shop_id])[shop_id]
        ever, known_since = records.ever(tx, shop_id)
        sold = {day.day: day for day in records.sales(tx, shop_id, period.first, period.last)}
        return Overview(
            shop=shop,
            period=period,
            made_at=now,
            known_since=known_since,
            days=tuple(sold.get(day, DaySales(day, 0, 0, 0, 0)) for day in period.every_day()),
            sales=sales_of(sold.values()),
            compared=_compared(tx, shop_id, Period(period.first, min(period.last, shanghai_day(now) - timedelta(days=1))), known_since),
            clocks=_clocks(tx, shop_id, period, now, is_large=ever > LARGE),
            stars=_stars(records.stars(tx, shop_id, period.since, min(period.until, now))),
            causes=_causes(tx, house, shop_id, period, now),
            asked_of=sum(day.orders for day in sold.values()),
            carriers=_carriers(tx, shop_id, period, now),
            goods=tuple(records.goods(tx, shop_id, period.first, period.last, period.since, min(period.until, now), MOST_GOODS)),
            reps=tuple(records.reps(tx, shop_id, period.first, period.last)) if _sees_everybody(by, shop_id) else None,
            bill=tuple(bill_entries.by_class(tx, shop_id, period.first, period.last)),
            standing=stands,
            measures=tuple(measured[name] for name in MEASURES if name in measured),
        )


def _sees_everybody(by: Person, shop_id: ShopId) -> bool:
    return by.may(Permission.CONVERSATIONS_READ, shop_id) and by.may(Permission.PEOPLE_READ, shop_id)


def sales_of(days: Iterable[DaySales]) -> Sales:
    """The days together."""
    told = list(days)
    paid, back = sum(day.paid for day in told), sum(day.refunded_paid for day in told)
    return Sales(sum(day.orders for day in told), Fen(paid), sum(day.refunded for day in told), Fen(back), sum(day.unbought for day in told))


def _compared(tx: Tx, shop_id: ShopId, whole: Period, known_since: date | None) -> Compared | None:
    """These whole days beside as many before; None where there is none, or the days before are not all known."""
    if whole.days < 1 or known_since is None or known_since > whole.before.first:
        return None
    now, before = (sales_of(records.sales(tx, shop_id, days.first, days.last)) for days in (whole, whole.before))
    return Compared(whole.days, now, before)


def clocks_of(tx: Tx, shop_id: ShopId, period: Period, now: datetime) -> Clocks | None:
    """How the deadlines that fell due in the period ended; of a large shop as they were counted last, None where they were not."""
    ever, _ = records.ever(tx, shop_id)
    return _clocks(tx, shop_id, period, now, is_large=ever > LARGE)


def _clocks(tx: Tx, shop_id: ShopId, period: Period, now: datetime, *, is_large: bool) -> Clocks | None:
    if is_large:
        counted = records.clocks_counted(tx, shop_id)
        if counted is None or not _is_counted(period, *counted):
            return None
        return Clocks(_clock_lines(records.counted_clocks(tx, shop_id, period.first, period.last)), counted[1])
    return Clocks(_clock_lines(records.clocks(tx, shop_id, period.since, period.until, now)), None)


def _is_counted(period: Period, first: date, counted_at: datetime) -> bool:
    """Whether the days were looked at when it was counted: of days without any deadline there is nothing to find."""
    day = shanghai_day(counted_at)
    return min(first, days_up_to(day, COUNTED_DAYS).first) <= period.first <= day


def _clock_lines(sums: Sequence[ClockSum]) -> tuple[ClockLine, ...]:
    by_kind: dict[DeadlineKind, dict[str, ClockSum]] = {}
    for each in sums:
        by_kind.setdefault(DeadlineKind(each.kind), {})[each.state] = each
    lines = [_clock_line(kind, told) for kind, told in by_kind.items() if kind not in NOT_OURS]
    return tuple(sorted(lines, key=lambda line: (-line.lost, -line.saved, -line.late, -line.met, line.kind)))


def _clock_line(kind: DeadlineKind, told: Mapping[str, ClockSum]) -> ClockLine:
    none = ClockSum(kind, "", 0, 0)
    met, missed, overdue = (told.get(state, none) for state in ("met", "missed", "overdue"))
    return ClockLine(kind, met.deadlines, missed.deadlines, overdue.deadlines, Fen(met.at_risk), Fen(missed.at_risk + overdue.at_risk))


def _stars(told: Sequence[StarCount]) -> Stars:
    by_score = {count.score: count for count in told}
    return Stars(tuple(by_score.get(score, StarCount(score, 0, 0)) for score in (5, 4, 3, 2, 1)))


def _causes(tx: Tx, house: House, shop_id: ShopId, period: Period, now: datetime) -> tuple[Cause, ...]:
    """What the orders of the period were asked back for, the dearest first."""
    book = rulebook_in(tx, house, shop_id).advice
    sums: dict[Grievance, list[int]] = {}
    for each in reasons.asked(tx, shop_id, period.since, min(period.until, now)):
        told = sums.setdefault(grievance_of(each.reason, AftersaleKind.UNKNOWN, book).kind, [0, 0])
        told[0] += each.orders
        told[1] += each.paid_back
    causes = (Cause(kind, orders, Fen(paid_back)) for kind, (orders, paid_back) in sums.items())
    return tuple(sorted(causes, key=lambda cause: (-cause.paid_back, -cause.orders, cause.grievance)))


def _carriers(tx: Tx, shop_id: ShopId, period: Period, now: datetime) -> tuple[CarrierLine, ...]:
    """The carriers of the parcels handed over in the period, those with most parcels first."""
    handed = _by_name((row.carrier, row.parcels) for row in parcel_lists.handed(tx, shop_id, period.first, period.last))
    gone_wrong = parcel_lists.abnormal(tx, shop_id, period.first, period.last, period.since, now)
    abnormal = _by_name((row.carrier, row.parcels) for row in gone_wrong)
    times = {row.carrier: row for row in records.times(tx, shop_id, period.since, period.until)}
    lines = (_carrier(name, parcels, abnormal.get(name, 0), times.get(name)) for name, parcels in handed.items() if name)
    return tuple(sorted(lines, key=lambda line: (-line.parcels, line.name)))


def _carrier(name: str, parcels: int, abnormal: int, time: CarrierTime | None) -> CarrierLine:
    arrived = 0 if time is None else time.parcels
    return CarrierLine(name, parcels, abnormal, arrived, None if time is None else time.seconds / time.parcels / _SECONDS_OF_AN_HOUR)


def _by_name(told: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, many in told:
        sums[name] = sums.get(name, 0) + many
    return sums
