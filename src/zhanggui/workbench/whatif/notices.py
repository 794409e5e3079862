"""Notices of changed rules on the page: pasted, read, set by a person, tried, adopted, taken back."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.access import ShopInfo
from zhanggui.actions.rules import rulebook_for
from zhanggui.actions.whatif import notices
from zhanggui.actions.whatif.notices import LISTED, SetRule, adopt_notice, draft_notice, notices_of, ready_for_notice, try_notice, withdraw_notice
from zhanggui.actions.whatif.planned import base_of
from zhanggui.core.moments import in_shanghai, start_of_day
from zhanggui.core.rules import Rule, Rulebook
from zhanggui.core.whatif.notice_clock import lawful_from
from zhanggui.core.whatif.noticing import MOST_TEXT, NoticeRead, Proposal, Weight
from zhanggui.people.permissions import Permission
from zhanggui.rulebook.notices import notice_words
from zhanggui.workbench.desk import AtDesk, Desk, back_to, number_in, shop_number
from zhanggui.workbench.places import order_path
from zhanggui.workbench.rules.wording import worded
from zhanggui.workbench.whatif.handlers import VIEWS
from zhanggui.workbench.whatif.wording import amount_typed, day_typed, of_text, pieces_of, term_typed, value_text

HERE = "/whatif/notices"


class ReadForm(msgspec.Struct, frozen=True):
    """A notice as it was pasted."""

    text: str = ""


class DraftForm(msgspec.Struct, frozen=True):
    """The changed rule as a person sets it, with the notice it is from."""

    text: str
    over: str
    starts: str
    published: str
    weight: str = Weight.GENERAL.value
    title: str = ""
    source: str = ""
    days: str = ""
    hours: str = ""
    minutes: str = ""
    fixed: str = ""
    percent: str = ""
    least: str = ""
    most: str = ""


class ReadyForm(msgspec.Struct, frozen=True):
    """What the button said, whatever somebody else has said since."""

    ready: str = "yes"


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """One form, filled with what was read."""

    proposal: Proposal | None
    over: str
    base: Rule | None
    starts: str
    published: str
    weight: Weight


@get(HERE, sync_to_thread=True)
def rule_notices_page(desk: AtDesk, shop: FromQuery[str] = "", tried: FromQuery[str] = "", before: FromQuery[str] = "") -> Template:
    """The notices of one shop, and where one is tried what last month would have been."""
    shops, chosen = _shops(desk, shop)
    return _page(desk, shops, chosen, tried=number_in(tried), before=number_in(before))


@post("/shops/{shop_id:int}/rule_notices/reading", sync_to_thread=True, status_code=200)
def read_rule_notice(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[ReadForm]) -> Template:
    """What was read in a pasted notice, with a form for each rule it changes. Nothing is kept yet."""
    shop = desk.by.need(Permission.RULES_WRITE, shop_number(shop_id))
    read = notices.read(desk.by, shop, data.text, desk.now)
    shops, chosen = _shops(desk, str(shop))
    return _page(desk, shops, chosen, text=data.text.strip().replace("\r\n", "\n"), read=read)


@post("/shops/{shop_id:int}/rule_notices", sync_to_thread=True)
def put_rule_notice(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[DraftForm]) -> Redirect:
    """Keeps a notice with the rule a person set from it."""
    shop = shop_number(shop_id)
    starts = desk.moment(data.starts)
    told = SetRule(
        over=data.over,
        starts_at=starts,
        published_on=day_typed(data.published),
        weight=Weight(data.weight) if data.weight in set(Weight) else Weight.GENERAL,
        term=term_typed(data.days, data.hours, data.minutes),
        amount=amount_typed(data.fixed, data.percent, data.least, data.most),
        title=data.title,
        source=data.source,
    )
    no = draft_notice(desk.house, desk.by, shop, data.text, told, desk.now)
    return back_to(f"{HERE}?shop={shop}&tried={no}#notice-{no}")


@post("/shops/{shop_id:int}/rule_notices/{notice_no:int}/adoption", sync_to_thread=True)
def adopt_rule_notice(desk: AtDesk, shop_id: FromPath[int], notice_no: FromPath[int]) -> Redirect:
    """Lays its rule over the rulebook, from its day on."""
    adopt_notice(desk.house, desk.by, shop_number(shop_id), notice_no, desk.now)
    return back_to(f"{HERE}?shop={shop_id}#notice-{notice_no}")


@post("/shops/{shop_id:int}/rule_notices/{notice_no:int}/withdrawal", sync_to_thread=True)
def withdraw_rule_notice(desk: AtDesk, shop_id: FromPath[int], notice_no: FromPath[int]) -> Redirect:
    """Takes a notice back."""
    withdraw_notice(desk.house, desk.by, shop_number(shop_id), notice_no, desk.now)
    return back_to(f"{HERE}?shop={shop_id}#notice-{notice_no}")


@post("/shops/{shop_id:int}/rule_notices/{notice_no:int}/readiness", sync_to_thread=True)
def ready_rule_notice(desk: AtDesk, shop_id: FromPath[int], notice_no: FromPath[int], data: URLEncodedBody[ReadyForm]) -> Redirect:
    """Says that the shop is ready for it, or takes that back."""
    shop = shop_number(shop_id)
    ready_for_notice(desk.house, desk.by, shop, notice_no, desk.now, is_ready=data.ready == "yes")
    return back_to(f"{HERE}?shop={shop}#notice-{notice_no}")


def _shops(desk: Desk, shop: str) -> tuple[tuple[ShopInfo, ...], ShopInfo | None]:
    shops = desk.shops(Permission.RULES_READ)
    return shops, desk.chosen(shops, shop) or (shops[0] if shops else None)


def _page(
    desk: Desk,
    shops: tuple[ShopInfo, ...],
    chosen: ShopInfo | None,
    *,
    tried: int | None = None,
    before: int | None = None,
    text: str = "",
    read: NoticeRead | None = None,
) -> Template:
    book = rulebook_for(desk.house, chosen.shop_id) if chosen else desk.house.rulebook
    listed = notices_of(desk.house, desk.by, chosen.shop_id, before=before, limit=LISTED + 1) if chosen else ()
    may_write = chosen is not None and desk.by.may(Permission.RULES_WRITE, chosen.shop_id)
    may_try = chosen is not None and desk.by.may(Permission.ORDERS_READ, chosen.shop_id)
    return desk.page(
        "whatif/notices.html",
        shops=shops,
        shop=chosen,
        tabs=tuple((title, f"{href}?shop={chosen.shop_id}", href == HERE) for href, title in VIEWS) if chosen else (),
        listed=listed[:LISTED],
        next=listed[LISTED - 1].notice.notice_no if len(listed) > LISTED else None,
        tried_no=tried,
        tried=try_notice(desk.house, desk.by, chosen.shop_id, tried, desk.now) if chosen and tried is not None and may_try else None,
        text=text,
        read=read,
        pieces=tuple(pieces_of(text, read.spans)) if read else (),
        forms=tuple(_forms(desk, book, read)) if read else (),
        choices=_choices(book, desk) if read else (),
        weights=tuple(Weight),
        most=MOST_TEXT,
        may_write=may_write,
        may_try=may_try,
        words_of_rule=worded,
        title_of=lambda rule: rule.title.zh if desk.words.language == "zh_Hans" else rule.title.en,
        value_text=value_text,
        of_text=of_text,
        order_path=order_path,
    )


def _forms(desk: Desk, book: Rulebook, read: NoticeRead) -> Iterator[Filled]:
    """A form for each rule that was read, and an empty one where none was."""
    published = read.published_on or desk.today
    starts = read.starts_at
    if starts is None:
        days = read.starts_after_days
        starts = start_of_day(published + timedelta(days=days)) if days is not None else lawful_from(read.weight, published, book)
    typed = "" if starts is None else in_shanghai(starts).strftime("%Y-%m-%dT%H:%M")
    for proposal in read.proposals or (None,):
        base = None if proposal is None else base_of(book, proposal.rule, desk.now)
        yield Filled(proposal=proposal, over="" if base is None else base.cite, base=base, starts=typed, published=_written(published), weight=read.weight)


def _choices(book: Rulebook, desk: Desk) -> tuple[Rule, ...]:
    """The rules a notice may change: those in force that have a term or an amount."""
    known = {topic.rule for topic in notice_words().topic}
    found = [rule for rule in book.everything_in_force(desk.now) if (rule.term is not None and rule.term.length) or rule.amount is not None]
    return tuple(sorted(found, key=lambda rule: (rule.id not in known, rule.question.value, rule.id)))


def _written(day: date) -> str:
    return day.isoformat()
