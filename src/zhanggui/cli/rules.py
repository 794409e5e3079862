"""`zhanggui rules`: the rulebook, one rule explained, and what was in force at a moment."""

from datetime import date, datetime
from typing import Any

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_for
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import MOMENT, utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.rules import Rule, Rulebook, Title
from zhanggui.core.say import say
from zhanggui.rulebook import load, rule_to_data
from zhanggui.words import Language


class RuleShape(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one rule. `block` is the rule whole, in the shape of a block of the rulebook."""

    cite: str
    id: str
    version: date
    question: str
    title: Title
    effective_from: datetime
    effective_until: datetime | None
    from_is_approximate: bool
    until_is_approximate: bool
    in_force: bool
    is_unknown: bool
    is_rival: bool
    is_override: bool
    basis: str
    grade: str
    source: str
    checked: date
    note: Title | None
    place: str
    block: dict[str, Any]


class RulesShape(msgspec.Struct, frozen=True):
    """The rules asked for, and the moment that `in_force` speaks of."""

    at: datetime
    rules: tuple[RuleShape, ...]


@click.command("rules")
@click.argument("rule_id", required=False, metavar="[ID]")
@click.option("--at", type=MOMENT, metavar="MOMENT", help="Only the rules in force at this moment.")
@click.option("--shop", "shop_name", metavar="NAME", help="With this shop's own rules laid over the rulebook.")
@with_desk
def rules(desk: Desk, rule_id: str | None, at: datetime | None, shop_name: str | None) -> int:
    """List the rules, or explain one: ID is a rule's id, or id@version."""
    book = load() if shop_name is None else _of_shop(desk, shop_name)
    moment = at or clock.now()
    found = [rule for rule in (book.all if at is None else book.everything_in_force(at)) if rule_id is None or rule_id in (rule.id, rule.cite)]
    if rule_id is not None and not found:
        raise Refused(say("There is no rule {rule}. List them all with: zhanggui rules", rule=rule_id))
    in_force = {rule.cite for rule in book.everything_in_force(moment)}
    desk.document(RulesShape(utc(moment), tuple(_shape(rule, rule.cite in in_force) for rule in found)))
    if rule_id is None:
        desk.lines(columns([_row(desk, rule, rule.cite in in_force) for rule in found]))
    else:
        for rule in found:
            _show(desk, rule, rule.cite in in_force)
    return DONE


def _of_shop(desk: Desk, name: str) -> Rulebook:
    with desk.house() as house:
        return rulebook_for(house, shop_of(house, desk.by, name))


def _shape(rule: Rule, in_force: bool) -> RuleShape:
    return RuleShape(
        cite=rule.cite,
        id=rule.id,
        version=rule.version,
        question=rule.question.value,
        title=rule.title,
        effective_from=utc(rule.effective_from),
        effective_until=utc_or_none(rule.effective_until),
        from_is_approximate=rule.from_is_approximate,
        until_is_approximate=rule.until_is_approximate,
        in_force=in_force,
        is_unknown=rule.is_unknown,
        is_rival=rule.is_rival,
        is_override=rule.is_override,
        basis=rule.basis.value,
        grade=rule.grade.value,
        source=rule.source,
        checked=rule.checked,
        note=rule.note,
        place=rule.place,
        block=dict(rule_to_data(rule)),
    )


def _in(desk: Desk, title: Title) -> str:
    return title.zh if desk.catalog.language is Language.ZH_HANS else title.en


def _row(desk: Desk, rule: Rule, in_force: bool) -> list[str]:
    return ["*" if in_force else " ", rule.cite, desk.catalog.word(rule.basis.value), rule.grade.value, _in(desk, rule.title)]


def _show(desk: Desk, rule: Rule, in_force: bool) -> None:
    desk.lines([f"{rule.cite}  {_in(desk, rule.title)}"])
    if rule.is_unknown:
        desk.line("What was in force in this span is not known.")
    elif rule.is_rival:
        desk.line("A rival version: kept to be shown, never in force.")
    elif in_force:
        desk.line("In force.")
    else:
        desk.line("Not in force.")
    desk.line("From {start} until {end}", start=wall(rule.effective_from), end=wall(rule.effective_until) or "…")
    desk.line(
        "Source: {source} (checked on {day}, grade {grade}, {basis})",
        source=rule.source,
        day=rule.checked.isoformat(),
        grade=rule.grade.value,
        basis=rule.basis,
    )
    if rule.note is not None:
        desk.lines(["  " + _in(desk, rule.note)])
