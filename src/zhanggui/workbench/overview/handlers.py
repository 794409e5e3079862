"""The overview of one shop over some days, and the deadlines behind its sums."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery
from litestar.response import Template

from zhanggui.actions import cursors
from zhanggui.actions.access import ShopInfo
from zhanggui.actions.overview import Overview, overview
from zhanggui.actions.overview.mailing import report_channels
from zhanggui.actions.overview.rows import ENDED, clock_rows
from zhanggui.actions.overview.seeing import COUNTED_DAYS
from zhanggui.actions.overview.wording import short_name
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.money import Fen
from zhanggui.core.periods import Period, days_up_to, month_in, week_in, week_name, week_of
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission
from zhanggui.records.overview import StarCount
from zhanggui.workbench.charts import Bar, Point
from zhanggui.workbench.desk import AtDesk, Desk
from zhanggui.workbench.overview.places import HERE, Places
from zhanggui.workbench.standing.handlers import points_of
from zhanggui.workbench.standing.wording import counted_said, figured, titled

SPANS = ("7", "30", "90")
_WEEKS = 4
_BAD = 2


@get(HERE, sync_to_thread=True)
def overview_page(desk: AtDesk, shop: FromQuery[str] = "", span: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """A shop at a glance."""
    shops = desk.shops(Permission.MONEY_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    period, span = period_of(span, desk.today)
    told = _told(desk, chosen, period, span) if chosen else {}
    return desk.page("overview/page.html", shops=shops, shop=chosen, period=period, span=span, spans=_spans(chosen, desk.today, span), done=done, **told)


@get("/overview/clocks", sync_to_thread=True)
def overview_clocks(
    desk: AtDesk, shop: FromQuery[str], kind: FromQuery[str], ended: FromQuery[str], span: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Template:
    """The deadlines of one kind that fell due in the time and ended so."""
    chosen = desk.chosen(desk.shops(Permission.MONEY_READ), shop)
    asked = next((each for each in DeadlineKind if each == kind), None)
    if chosen is None or asked is None or ended not in ENDED:
        raise NotFoundException
    period, span = period_of(span, desk.today)
    before = cursors.read(after, tuple[datetime, str]) if after else None
    page = clock_rows(desk.house, desk.by, chosen.shop_id, asked, ended, period, desk.now, before=before)
    places = Places(chosen.shop_id, period, span)
    here = places.clocks(asked, ended)
    return desk.page(
        "overview/clocks.html",
        shop=chosen,
        period=period,
        kind=asked,
        ended=ended,
        ended_title=ENDED[ended],
        page=page,
        back=f"{HERE}?{urlencode({'shop': chosen.shop_id, 'span': span})}",
        first_href=here if after else None,
        next_href=f"{here}&{urlencode({'after': cursors.write(page.next_row)})}" if page.next_row else None,
    )


def period_of(span: str, today: date) -> tuple[Period, str]:
    """The days that a span names: so many up to today, a month, or a week; thirty where it names none. And the span again, as it is written."""
    named = month_in(span) or week_in(span)
    if named is not None:
        return named, span
    return (days_up_to(today, int(span)), span) if span in SPANS else (days_up_to(today, 30), "30")


def _spans(shop: ShopInfo | None, today: date, span: str) -> tuple[tuple[Say, str, bool], ...]:
    """The tabs: days up to today, this month and the one before, the last whole week."""
    last_month = days_up_to(today.replace(day=1), 2).first
    week = week_name(week_of(today).before)
    named = [(say("{days} days", days=int(each)), each) for each in SPANS]
    named += [(say("{month}", month=f"{day:%Y-%m}"), f"{day:%Y-%m}") for day in (today, last_month)]
    named.append((say("Week {week}", week=week), week))
    return tuple((title, f"{HERE}?{urlencode({'shop': shop.shop_id if shop else '', 'span': each})}", each == span) for title, each in named)


def _told(desk: Desk, shop: ShopInfo, period: Period, span: str) -> dict[str, Any]:
    seen, places = overview(desk.house, desk.by, shop.shop_id, period, desk.now), Places(shop.shop_id, period, span)
    return {
        "seen": seen,
        "figured": figured,
        "counted_said": counted_said,
        "points_of": points_of,
        "titled": lambda title: titled(title, desk.words),
        "short": lambda title: short_name(titled(title, desk.words)),
        "channels": report_channels(desk.house, desk.by, shop.shop_id) if desk.by.may(Permission.SETTINGS_WRITE, shop.shop_id) else None,
        "places": places,
        "counted_days": COUNTED_DAYS,
        "days": tuple(Point(f"{day.day:%m-%d}", day.orders, href=places.orders(day.day)) for day in seen.days if day.day <= desk.today),
        "causes": _causes(desk, seen, places),
        "stars": tuple(_stars(count, places) for count in seen.stars.counts),
        "weeks": tuple(week_name(_weeks_ago(desk.today, back)) for back in (*range(1, _WEEKS), 0)),
    }


def _stars(count: StarCount, places: Places) -> Bar:
    return Bar("★" * count.score, count.reviews, href=places.reviews(stars=str(count.score)), tone="bad" if count.score <= _BAD else "")


def _causes(desk: Desk, seen: Overview, places: Places) -> tuple[Bar, ...]:
    told = desk.words
    return tuple(
        Bar(
            _capital(told.word(f"reason.{cause.grievance.value}")),
            cause.paid_back,
            shown=told.render(say("{amount_fen} · {n} of {orders}", amount_fen=Fen(cause.paid_back), n=cause.orders, orders=seen.asked_of)),
            href=places.reasons(cause.grievance),
        )
        for cause in seen.causes
    )


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _weeks_ago(today: date, weeks: int) -> Period:
    week = week_of(today)
    for _ in range(weeks):
        week = week.before
    return week
