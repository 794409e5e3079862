"""What missing a deadline costs: the compensation in force at the moment of the breach, unless a suspension or an exemption stands before it."""

from datetime import datetime
from typing import NamedTuple

from zhanggui.core.amounts import reckon
from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.rules import Amount, Question, Rule, Rulebook
from zhanggui.core.scoping import own_scope

NOTHING = Fen(0)


class Risk(NamedTuple):
    """A sum of money, and the rule that makes or unmakes it."""

    fen: Fen
    rule: Rule | None

    @property
    def cite(self) -> str | None:
        """The rule and version, if there is one."""
        return None if self.rule is None else self.rule.cite


def finding_risk(finding: str, order: OrderFacts, at: datetime, rulebook: Rulebook) -> Risk:
    """What the finding costs for this order at the moment: 0 where it is suspended, exempt, or where what was in force is not known."""
    if order.delay_allowed or order.under_review or order.on_hold or own_scope(order, rulebook):
        rule, amount = _price(finding, order, at, rulebook)
    else:  # nothing of the order itself is asked, and most orders are such
        rule, amount = rulebook.once(("price", finding), at, lambda: _price(finding, order, at, rulebook))
    return Risk(NOTHING, rule) if amount is None else Risk(reckon(amount, order).fen, rule)


def _price(finding: str, order: OrderFacts, at: datetime, rulebook: Rulebook) -> tuple[Rule | None, Amount | None]:
    """The rule that makes or unmakes the sum, and its formula where it makes one."""
    spared = sparing_rule(finding, order, at, rulebook)
    if spared is not None:
        return spared, None
    rule = rulebook.in_force(Question.COMPENSATION, at=at, finding=finding, **own_scope(order, rulebook))
    if rule is None or rule.amount is None:
        return rulebook.unknown_at(Question.COMPENSATION, at=at, finding=finding), None
    return rule, rule.amount


def sparing_rule(finding: str, order: OrderFacts, at: datetime, rulebook: Rulebook) -> Rule | None:
    """The suspension, declared gap or exemption that keeps the finding from costing anything."""
    own = own_scope(order, rulebook)
    suspended = rulebook.in_force(Question.SUSPENSION, at=at, finding=finding, **own)
    if suspended is not None:
        return suspended
    if order.delay_allowed:
        exempt = rulebook.in_force(Question.EXEMPTION, at=at, finding=finding, tag="delay_allowed", **own)
        if exempt is not None:
            return exempt
    return rulebook.unknown_at(Question.SUSPENSION, at=at, finding=finding) or _pausing_rule(finding, order, at, rulebook)


def _pausing_rule(finding: str, order: OrderFacts, at: datetime, rulebook: Rulebook) -> Rule | None:
    """The hold on the order during which, by a rule of the shop's own, the shipping term pauses."""
    if finding != "late_shipment" or not (order.under_review or order.on_hold):
        return None
    holds = [hold for hold, holds in (("under_review", order.under_review), ("on_hold", order.on_hold)) if holds]
    rules = (rulebook.in_force(Question.MAY_SHIP, at=at, hold=hold) for hold in holds)
    return next((rule for rule in rules if rule is not None and not rule.clock_runs), None)


def case_risk(case: AftersaleFacts, deadline: str, shipped: str, at: datetime, rulebook: Rulebook) -> Risk:
    """What a case costs when this deadline of it passes."""
    kind = case.kind.value if case.kind else "unknown"
    rule = rulebook.in_force(Question.CASE_LOSS, at=at, kind=kind, shipped=shipped, deadline=deadline)
    if rule is None or rule.amount is None:
        return Risk(NOTHING, None)
    return Risk(reckon(rule.amount, case).fen, rule)
