"""A plan tried as a whole: its decisions, and the rules it changes, one by one."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.measures.counting import FOR_A_PAGE, catch_up
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.whatif.notices import SetRule, drafted
from zhanggui.actions.whatif.rules_tried import RuleTried, try_rule
from zhanggui.actions.whatif.trying import Outlook, what_if
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.rules import Rule, Rulebook
from zhanggui.core.say import say
from zhanggui.core.whatif.noticing import NoticeRead, read_notice
from zhanggui.core.whatif.plan import Plan, RuleChange
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.rulebook.notices import notice_words

MOST_RULES = 10


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan comes to."""

    outlook: Outlook | None
    """None where nothing is decided."""
    read: NoticeRead | None
    rules: tuple[RuleTried, ...]


def try_plan(house: House, by: Person, shop_id: ShopId, plan: Plan, now: datetime, *, waits: bool = False) -> Tried:
    """What the plan comes to; nothing is kept. Raises Refused for a plan that changes nothing, or names what is not there."""
    if not plan.decisions and not plan.rules and not plan.notice.strip():
        raise Refused(say("The plan is empty: give decisions, rules or a notice."))
    outlook = what_if(house, by, shop_id, plan.decisions, now, waits=waits) if plan.decisions else None
    read = read_notice(plan.notice, notice_words(), shanghai_day(now)) if plan.notice.strip() else None
    changes = [*plan.rules, *(RuleChange(rule=each.rule, term=each.term, amount=each.amount) for each in (read.proposals if read else ()))]
    if len(changes) > MOST_RULES:
        raise Refused(say("At most {most} rules are tried at once.", most=MOST_RULES))
    return Tried(outlook=outlook, read=read, rules=tuple(_rules_tried(house, by, shop_id, changes, now)))


def base_of(rulebook: Rulebook, rule_id: str, at: datetime) -> Rule | None:
    """The version of a rule that holds at the moment, or the newest of those that do not contradict it; None where there is no rule of that name."""
    versions = [rule for rule in rulebook.all if rule.id == rule_id and not rule.is_unknown]
    holding = [rule for rule in versions if rule.holds_at(at)]
    return max(holding or versions, key=lambda rule: rule.effective_from, default=None)


def _rules_tried(house: House, by: Person, shop_id: ShopId, changes: list[RuleChange], now: datetime) -> Iterator[RuleTried]:
    if not changes:
        return
    by.need(Permission.RULES_READ, shop_id)
    by.need(Permission.ORDERS_READ, shop_id)
    catch_up(house, shop_id, now, most=FOR_A_PAGE)
    with house.pool.connection() as tx:
        book = rulebook_in(tx, house, shop_id)
        for change in changes:
            base = base_of(book, change.rule, now)
            if base is None:
                raise Refused(say("There is no rule {rule}; `zhanggui rules` lists them.", rule=change.rule))
            today = shanghai_day(now)
            told = SetRule(over=base.cite, starts_at=start_of_day(today), published_on=today, term=change.term, amount=change.amount)
            yield try_rule(tx, house, shop_id, drafted(book, told, now), now)
