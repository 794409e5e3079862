"""Steps that show what missing a deadline costs, with the formula and its numbers."""

from zhanggui.core.amounts import Reckoned, reckon
from zhanggui.core.deadlines import Deadline, DeadlineState, Step
from zhanggui.core.facts import AftersaleFacts, OrderFacts
from zhanggui.core.money import Fen
from zhanggui.core.risks import sparing_rule
from zhanggui.core.rules import Bracket, Question, Rounding, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scoping import own_scope


def compensation_steps(deadline: Deadline, order: OrderFacts, finding: str, rulebook: Rulebook) -> tuple[Step, ...]:
    """The suspensions and exemptions tried, then the compensation in force at the moment of the breach."""
    if deadline.state is DeadlineState.WAIVED:
        return (Step(say("Nothing is owed, so nothing is at risk.")),)
    spared = sparing_rule(finding, order, deadline.due_at, rulebook)
    if spared is not None:
        return (Step(_spared(spared, finding), spared.cite),)
    rule = rulebook.in_force(Question.COMPENSATION, at=deadline.due_at, finding=finding, **own_scope(order, rulebook))
    if rule is None or rule.amount is None:
        gap = rulebook.unknown_at(Question.COMPENSATION, at=deadline.due_at, finding=finding)
        return (Step(say("What {finding} cost at that moment is not known; no sum is counted.", finding=finding), None if gap is None else gap.cite),)
    tried = Step(say("No suspension and no exemption from {finding} applies.", finding=finding))
    return (tried, *_formula(rule, reckon(rule.amount, order), say("At that moment {finding} costs by this rule.", finding=finding)))


def case_money_steps(deadline: Deadline, case: AftersaleFacts, rulebook: Rulebook) -> tuple[Step, ...]:
    """What the case costs when its deadline passes."""
    rule = None if deadline.risk_rule is None else rulebook.by_cite(deadline.risk_rule)
    if rule is None or rule.amount is None:
        return (Step(say("Nothing of ours is at risk here.")),)
    if deadline.state is DeadlineState.WAIVED:
        return (Step(say("Nothing is owed, so nothing is at risk.")),)
    return _formula(rule, reckon(rule.amount, case), say("If it passes, the refund is lost."))


def silence_steps(deadline: Deadline, order: OrderFacts, rulebook: Rulebook) -> tuple[Step, ...]:
    """That long silence lets the platform refund at once."""
    rule = rulebook.in_force(Question.SILENCE, at=deadline.due_at)
    if rule is None or rule.amount is None or rule.term is None or deadline.at_risk == 0:
        return ()
    limit = deadline.started_at + rule.term.length
    return _formula(rule, reckon(rule.amount, order), say("After silence until {at} the platform may refund at once.", at=limit))


def _spared(rule: Rule, finding: str) -> Say:
    if rule.is_unknown:
        return say("Whether {finding} was penalised at that moment is not known; no sum is counted.", finding=finding)
    if rule.question is Question.MAY_SHIP:
        return say("The order must not be shipped at the moment and the term pauses meanwhile: nothing is at risk until it is released.")
    if rule.question is Question.SUSPENSION:
        return say("Penalties for {finding} were suspended at that moment: nothing is at risk.", finding=finding)
    return say("The order is exempt from {finding}: it may leave late, and nothing is at risk.", finding=finding)


def _formula(rule: Rule, result: Reckoned, opening: Say) -> tuple[Step, ...]:
    steps = [Step(opening, rule.cite), Step(_sum(rule, result), rule.cite)]
    if result.bracket is not None and result.bracket.percent is not None and rule.amount is not None and result.bracket.percent < 100:
        steps.append(Step(_ROUNDING[rule.amount.rounding], rule.cite))
    return tuple(steps)


def _sum(rule: Rule, result: Reckoned) -> Say:
    bracket = result.bracket
    if rule.amount is not None and len(rule.amount.brackets) == 1 and rule.amount.brackets[0].fixed_fen is not None:
        return say("A fixed sum: {sum_fen}.", sum_fen=result.fen)
    if bracket is None or result.of is None or result.base is None:
        return say("The amount it is counted from is not known; it is at least {sum_fen}.", sum_fen=result.fen)
    if bracket.fixed_fen is not None:
        return say("A fixed sum for {of} {base_fen}: {sum_fen}.", of=result.of, base_fen=result.base, sum_fen=result.fen)
    return _share(bracket, result.of, result.base, result.fen)


def _share(bracket: Bracket, of: str, base: Fen, fen: Fen) -> Say:
    """The percentage with its bounds and numbers."""
    if bracket.percent == 100:
        return say("The whole of {of}: {sum_fen}.", of=of, sum_fen=fen)
    slots = {"percent": bracket.percent, "of": of, "base_fen": base, "min_fen": bracket.min_fen, "sum_fen": fen}
    if bracket.max_fen is None:
        return say("{percent} % of {of} {base_fen}, at least {min_fen}: {sum_fen}.", **slots)
    return say("{percent} % of {of} {base_fen}, at least {min_fen} and at most {max_fen}: {sum_fen}.", **slots, max_fen=bracket.max_fen)


_ROUNDING = {
    Rounding.HALF_UP_TO_FEN: say("Half a fen is rounded up."),
    Rounding.DOWN_TO_FEN: say("Parts of a fen are cut off."),
    Rounding.DOWN_TO_YUAN: say("Parts of a yuan are cut off."),
}
