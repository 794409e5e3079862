"""Whether a rule stands behind an act of the outbox, and whether it still does: asked once more before the act is sent."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.automation.seeing import things_of
from zhanggui.actions.house import House
from zhanggui.core.automation.checking import is_sound
from zhanggui.core.automation.conditions import judge
from zhanggui.core.automation.deeds import touched_by
from zhanggui.core.automation.facts import FACTS
from zhanggui.core.automation.firing import gives_way
from zhanggui.core.automation.rules import AutoRule, RuleLevel
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import ShopId
from zhanggui.records import automation, automation_firings, deadlines
from zhanggui.records.automation_firings import FiringRow
from zhanggui.records.db import Tx
from zhanggui.records.outbox import StoredAct


def decided_by_rule(tx: Tx, act: StoredAct) -> bool:
    """Whether a rule of the shop brought the act about."""
    return automation_firings.firing_of_act(tx, act.shop_id, act.act_no) is not None


def objection_of_rule(tx: Tx, house: House, act: StoredAct, now: datetime) -> Say | None:
    """Why the rule behind the act does not stand behind it any more; None where it does, where a person has taken the act over, or where no rule decided it."""
    if not act.by_itself:
        return None
    firing_no = automation_firings.firing_of_act(tx, act.shop_id, act.act_no)
    firing = None if firing_no is None else automation_firings.one_firing(tx, act.shop_id, firing_no)
    if firing is None:
        return None
    rows = automation.of_shop(tx, act.shop_id)
    row = next((each for each in rows if each.rule_no == firing.rule_no), None)
    if row is None or row.at is RuleLevel.OFF:
        return say("The automation rule {rule} that decided it is off by now.", rule=firing.rule_id)
    if row.at is not RuleLevel.ACT or row.held_at is not None:
        return say("The automation rule {rule} that decided it only suggests by now.", rule=firing.rule_id)
    return _against(tx, house, row.rule, [each.rule for each in rows if each.at is not RuleLevel.OFF and is_sound(each.rule)], firing, now)


def _against(tx: Tx, house: House, rule: AutoRule, on: Sequence[AutoRule], firing: FiringRow, now: datetime) -> Say | None:
    todo = deadlines.one(tx, firing.shop_id, firing.subject, firing.kind)
    thing = next(iter(things_of(tx, house, ShopId(firing.shop_id), [todo], now)), None) if todo is not None else None
    if thing is None:
        return say("The to-do is closed: nothing has to be done any more.")
    own = touched_by(rule.do)
    failing = judge(rule, firing.kind, thing.facts).failing({*own, *(name for name in rule.asked if FACTS[name].moves)})
    if failing or firing.kind not in rule.on:
        return say("The automation rule {rule} does not hold any more: {facts}.", rule=rule.id, facts=", ".join(failing) or "on")
    # a rule that asks what this one's own deeds changed may only fire by what was done here
    other = gives_way(rule, [each for each in on if not own & set(each.asked)], firing.kind, thing.facts)
    if other is not None:
        return say("The automation rule {rule} gives way to {other}, which fires here by now.", rule=rule.id, other=other)
    return None
