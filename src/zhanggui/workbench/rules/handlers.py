"""The Rules page, and the shop's own rules laid over the rulebook."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import add_override, overrides, remove_override
from zhanggui.core.rules import NoSuchRule, Question, Rule, Rulebook
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission
from zhanggui.rulebook import rule_to_data
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.rules.wording import worded

_LONGEST_TERM = 4
"""Digits of the days, hours or minutes a rule may give."""
_PERIOD = re.compile(r"(\d{1,2}:\d\d)\s*[-–~至到]\s*(\d{1,2}:\d\d)")


class OverrideForm(msgspec.Struct, frozen=True):
    """The shop's own version of one rule: from when, how long, why."""

    over: str
    effective_from: str
    source: str = ""
    effective_until: str = ""
    days: str = ""
    hours: str = ""
    minutes: str = ""
    hours_of_day: str = ""


class RemovalForm(msgspec.Struct, frozen=True):
    """Which of the shop's own rules goes."""

    cite: str


class Version(msgspec.Struct, frozen=True):
    """One version of a rule, and whether it was in force at the moment asked about."""

    rule: Rule
    holds: bool


class Family(msgspec.Struct, frozen=True):
    """One rule: its versions in force at the moment, or the newest where none is, and the others, the newest first."""

    shown: tuple[Version, ...]
    others: tuple[Version, ...]


class Group(msgspec.Struct, frozen=True):
    """The rules that answer one question."""

    question: Question
    rules: tuple[Family, ...]


@get("/rules", sync_to_thread=True)
def rules_page(desk: AtDesk, shop: FromQuery[str] = "", question: FromQuery[str] = "", at: FromQuery[str] = "", over: FromQuery[str] = "") -> Template:
    """Every rule by the question it answers, with what was in force at a moment."""
    shops = desk.shops(Permission.RULES_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    moment = desk.moment(at) if at else desk.now
    own = overrides(desk.house, desk.by, chosen.shop_id) if chosen else ()
    book = desk.house.rulebook.with_overrides(own)
    return desk.page(
        "rules/page.html",
        groups=tuple(group for group in grouped(book, moment) if not question or group.question == question),
        questions=tuple(Question),
        question=question,
        moment=moment,
        at=at,
        shops=shops,
        shop=chosen,
        own=own,
        over=_rule(book, over),
        words_of_rule=worded,
        title_of=lambda rule: rule.title.zh if desk.words.language == "zh_Hans" else rule.title.en,
        note_of=lambda rule: rule.note and (rule.note.zh if desk.words.language == "zh_Hans" else rule.note.en),
        may_write=chosen is not None and desk.by.may(Permission.RULES_WRITE, chosen.shop_id),
    )


@post("/shops/{shop_id:int}/rules", sync_to_thread=True)
def put_override(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[OverrideForm]) -> Redirect:
    """Lays a version of the shop's own over a rule."""
    shop = desk.by.need(Permission.RULES_WRITE, shop_number(shop_id))
    base = _rule(desk.house.rulebook, data.over)
    if base is None:
        raise Refused(say("Choose the rule to lay yours over."))
    rule = add_override(desk.house, desk.by, shop, override_data(desk, base, data), desk.now)
    return back_to(f"/rules?shop={shop}#{rule.cite}")


@post("/shops/{shop_id:int}/rules/removal", sync_to_thread=True)
def take_override_away(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[RemovalForm]) -> Redirect:
    """Takes a rule of the shop's own away."""
    shop = shop_number(shop_id)
    remove_override(desk.house, desk.by, shop, data.cite, desk.now)
    return back_to(f"/rules?shop={shop}")


def override_data(desk: Desk, base: Rule, form: OverrideForm) -> dict[str, Any]:
    """The shop's version as data of the shape of a TOML block: the base with its own dates, term and source."""
    data = rule_to_data(base)
    for name in ("effective_until", "from_is_approximate", "until_is_approximate", "is_unknown", "is_rival", "note", "grade"):
        data.pop(name, None)
    term = {unit: _whole(text) for unit, text in (("days", form.days), ("hours", form.hours), ("minutes", form.minutes)) if text.strip()}
    data |= {"effective_from": form.effective_from, "source": form.source.strip() or "店铺设置", "checked": desk.today.isoformat(), "basis": "observed"}
    if form.effective_until:
        data["effective_until"] = form.effective_until
    if term:
        data["term"] = term
    if form.hours_of_day.strip():
        data["hours_of_day"] = periods(form.hours_of_day)
    return data


def periods(text: str) -> list[list[str]]:
    """The periods of a day as people type them: `09:00-12:00, 14:00-22:00`. Raises Refused."""
    found = [_PERIOD.fullmatch(part.strip()) for part in re.split("[,，、;；]", text) if part.strip()]
    if not found or None in found:
        raise Refused(say("Write service hours like 09:00-12:00, 14:00-22:00."))
    return [[match[1].zfill(5), match[2].zfill(5)] for match in found if match]


def grouped(book: Rulebook, moment: datetime) -> tuple[Group, ...]:
    """The rules by question, in the order of the questions."""
    return tuple(Group(question, tuple(_families(book.all, question, moment))) for question in Question if any(rule.question is question for rule in book.all))


def _families(rules: Iterable[Rule], question: Question, moment: datetime) -> Iterable[Family]:
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.question is question:
            families.setdefault(rule.id, []).append(rule)
    for versions in families.values():
        newest_first = sorted(versions, key=lambda rule: (rule.effective_from, not rule.is_rival), reverse=True)
        told = tuple(Version(rule, rule.holds_at(moment) and not rule.is_rival) for rule in newest_first)
        shown = tuple(version for version in told if version.holds) or told[:1]
        yield Family(shown, tuple(version for version in told if version not in shown))


def _rule(book: Rulebook, cite: str) -> Rule | None:
    try:
        return book.by_cite(cite) if cite else None
    except NoSuchRule:
        return None


def _whole(text: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) > _LONGEST_TERM:
        raise Refused(say("{typed} is not a whole number.", typed=text))
    return int(text)
