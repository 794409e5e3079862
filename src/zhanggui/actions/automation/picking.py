"""A golden case of a rule made from what really was: a time it fired, a thing that is open now, or one of last month. A person says what the rule should do."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.actions.automation.keeping import Kept, keep_rule
from zhanggui.actions.automation.pasts import Past, Pasts, as_time_goes
from zhanggui.actions.automation.seeing import things_of
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.automation.conditions import judge, kept_facts
from zhanggui.core.automation.facts import FACTS, facts_of, moving_facts_of
from zhanggui.core.automation.rules import AutoRule, GoldenCase
from zhanggui.core.automation.values import Value
from zhanggui.core.deadlines import DeadlineKind
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, automation, automation_firings, deadlines
from zhanggui.records.db import Tx


class Picked(msgspec.Struct, frozen=True, kw_only=True):
    """What a golden case is made of: a firing by its number, or a case or an order by its own; `then`: as it stood last month, not as it stands now."""

    no: str = ""
    firing_no: int | None = None
    then: bool = False


class Found(msgspec.Struct, frozen=True):
    """The thing as the rule saw it."""

    no: str
    on: DeadlineKind
    facts: Mapping[str, Value]


def add_case(house: House, by: Person, shop_id: ShopId, rule_no: int, picked: Picked, *, fires: bool, says: str, now: datetime) -> Kept:
    """Keeps the rule with one golden case more. Raises Refused where nothing is known of the thing, or the very case is there already."""
    by.need(Permission.ACTS_WRITE, shop_id)
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        row = next((each for each in automation.of_shop(tx, shop_id) if each.rule_no == rule_no), None)
        if row is None:
            raise NotAllowed(Permission.ACTS_WRITE.value)
        rule = row.rule
        found = _of_firing(tx, shop_id, rule_no, picked.firing_no) if picked.firing_no is not None else _of_number(tx, house, shop_id, rule, picked, now)
    if found is None:
        raise Refused(say("Of {no} nothing is known on which this rule looks. Give the number of an order or a case.", no=picked.no[:60] or "—"))
    case = GoldenCase(says=says.strip()[:200] or found.no, fires=fires, on=None if found.on is rule.on[0] else found.on, facts=found.facts)
    if any((each.facts, each.on, each.fires) == (case.facts, case.on, case.fires) for each in rule.case):
        raise Refused(say("This golden case is there already."))
    return keep_rule(house, by, shop_id, msgspec.structs.replace(rule, case=(*rule.case, case)), now, rule_no=rule_no, changes=row.version)


def _of_firing(tx: Tx, shop_id: ShopId, rule_no: int, firing_no: int) -> Found | None:
    """What the firing saw."""
    firing = automation_firings.one_firing(tx, shop_id, firing_no)
    if firing is None or firing.rule_no != rule_no:
        return None
    facts = {each.fact: each.value for each in firing.seen if each.value is not None and each.fact in FACTS}
    return Found(firing.order_no or firing.subject_no, firing.kind, facts)


def _of_number(tx: Tx, house: House, shop_id: ShopId, rule: AutoRule, picked: Picked, now: datetime) -> Found | None:
    no = picked.no.strip()
    return (None if picked.then else _as_it_stands(tx, house, shop_id, rule, no, now)) or _as_it_stood(tx, house, shop_id, rule, no, now)


def _as_it_stands(tx: Tx, house: House, shop_id: ShopId, rule: AutoRule, no: str, now: datetime) -> Found | None:
    """The thing with its open to-do."""
    case = around.cases_by_no(tx, shop_id, [no]).get(no)
    order_no = no if case is None else case.facts.order_no or ""
    rows = [row for row in deadlines.of_orders(tx, shop_id, [order_no]) if row.deadline().kind in rule.on and row.band is not None]
    rows = [row for row in rows if case is None or row.subject_no == no]
    thing = next(iter(things_of(tx, house, shop_id, rows, now)), None)
    return None if thing is None else Found(no, thing.seen.todo, kept_facts(rule, thing.facts))


def _as_it_stood(tx: Tx, house: House, shop_id: ShopId, rule: AutoRule, no: str, now: datetime) -> Found | None:
    """The thing as it stood at the moment at which the rule would have fired first, else when its to-do began."""
    pasts = sorted(Pasts(tx, house, shop_id, rule.on, now).of_number(no), key=lambda past: past.no != no)
    found = [(past, _facts_then(rule, past)) for past in pasts]
    fired = next((each for each in found if judge(rule, each[0].seen.todo, each[1]).fires), None)
    past, facts = fired or next(iter(found), (None, {}))
    return None if past is None else Found(no, past.seen.todo, kept_facts(rule, facts))


def _facts_then(rule: AutoRule, past: Past) -> dict[str, Value | None]:
    facts = facts_of(past.seen)
    for seen in as_time_goes(past, moves=any(FACTS[name].moves for name in rule.asked)):
        then = {**facts, **moving_facts_of(seen)}
        if judge(rule, seen.todo, then).fires:
            return then
    return facts
