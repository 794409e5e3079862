"""Whether a deduction is right: was there a breach, which rule was in force then, and what does that come to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from zhanggui.core.amounts import reckon
from zhanggui.core.clocks.pickup import MOVED_IN_TIME, pickup_deadline
from zhanggui.core.clocks.shipping import ship_deadline, ship_due
from zhanggui.core.deadlines import Deadline, DeadlineState, DueSource
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.money import Fen
from zhanggui.core.risks import sparing_rule
from zhanggui.core.rules import Basis, Question, Rule, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scoping import own_scope


class Judgment(StrEnum):
    """What can be said of a deduction."""

    RIGHT = "right"
    WRONG = "wrong"
    """It should not have been made, or not that high: an appeal can be filed."""
    CANNOT_TELL = "cannot_tell"


class Deduction(msgspec.Struct, frozen=True):
    """One deduction of the bill. `charged` is negative where money was given back."""

    line_no: str
    finding: str
    charged: Fen
    at: datetime | None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A deduction judged. `expected` is what the rule comes to, None where that cannot be said; `check` is what a person should look at before appealing."""

    deduction: Deduction
    judgment: Judgment
    expected: Fen | None
    because: tuple[Say, ...]
    cites: tuple[str, ...] = ()
    check: tuple[Say, ...] = ()
    given_back: Fen = Fen(0)
    """What the bill gave back of it already."""

    @property
    def too_much(self) -> Fen:
        """What is still to be given back, where it is wrong."""
        return Fen(self.deduction.charged - self.given_back - (self.expected or 0))


class _Breach(msgspec.Struct, frozen=True):
    """Whether what the finding says happened: None where nobody can say. `at` is the moment whose rule counts."""

    happened: bool | None
    at: datetime | None
    because: Say
    cites: tuple[str, ...] = ()
    check: tuple[Say, ...] = ()


REUSED = say("Make sure that this number had not gone to another receiver within the 30 days before: that is a false shipment too.")
LOOK_UP_TERM = say("Look up 承诺发货时间 of the order in the back office: if the goods were shipped and picked up by then, the deduction is wrong.")
_CLOCKED = frozenset({"late_shipment", "false_shipment"})


def judge_order(deductions: Sequence[Deduction], known: OrderKnowledge | None, rulebook: Rulebook) -> Iterator[Judged]:
    """Judges every deduction of one order, in the order they are handed in.

    A sum given back is set off against the first of its finding that it covers whole, else against what is too much of one. A finding is paid for once.
    """
    for finding in dict.fromkeys(each.finding for each in deductions):
        yield from _judge_finding([each for each in deductions if each.finding == finding], finding, known, rulebook)


def _judge_finding(deductions: Sequence[Deduction], finding: str, known: OrderKnowledge | None, rulebook: Rulebook) -> Iterator[Judged]:
    given_back = -sum(each.charged for each in deductions if each.charged < 0)
    paid: Deduction | None = None
    for each in deductions:
        if each.charged <= 0:
            continue
        if given_back >= each.charged:
            because = say("It was given back in full.")
            judged = Judged(deduction=each, judgment=Judgment.RIGHT, expected=Fen(0), because=(because,), given_back=each.charged)
        elif paid is not None:
            because = say("This order has paid for that finding already, on {at}.", at=paid.at)
            judged = _set_off(Judged(deduction=each, judgment=Judgment.WRONG, expected=Fen(0), because=(because,)), given_back)
        else:
            paid = each
            judged = _set_off(_judge(each, finding, known, rulebook), given_back)
        given_back -= judged.given_back
        yield judged


def _set_off(judged: Judged, given_back: int) -> Judged:
    """With what was given back of too much; right where that was all of it."""
    back = Fen(min(given_back, judged.too_much))
    if judged.judgment is not Judgment.WRONG or back <= 0:
        return judged
    because = (*judged.because, say("{back_fen} of it was given back.", back_fen=back))
    judgment = Judgment.RIGHT if back == judged.too_much else Judgment.WRONG
    return msgspec.structs.replace(judged, judgment=judgment, because=because, given_back=back)


def _judge(deduction: Deduction, finding: str, known: OrderKnowledge | None, rulebook: Rulebook) -> Judged:
    if known is None:
        return _unclear(deduction, say("The bill names no order that we know. Import the orders of that time."))
    breach = _breach(finding, known, rulebook, deduction)
    if breach.happened is None or breach.at is None:
        return _unclear(deduction, breach.because, breach.cites, breach.check)
    if not breach.happened:
        return Judged(deduction=deduction, judgment=Judgment.WRONG, expected=Fen(0), because=(breach.because,), cites=breach.cites, check=breach.check)
    return _by_amount(deduction, finding, known, rulebook, breach, breach.at)


def _by_amount(deduction: Deduction, finding: str, known: OrderKnowledge, rulebook: Rulebook, breach: _Breach, at: datetime) -> Judged:
    """There was a breach: what does the rule of that moment come to?"""
    spared = sparing_rule(finding, known.order, at, rulebook)
    if spared is not None and spared.is_unknown:
        return _unclear(deduction, say("What was in force on {at} is not known.", at=at), (spared.cite,))
    if spared is not None:
        because = say("At that moment this was not to be deducted: {rule}.", rule=spared.cite)
        return Judged(deduction=deduction, judgment=Judgment.WRONG, expected=Fen(0), because=(breach.because, because), cites=(*breach.cites, spared.cite))
    rule = rulebook.in_force(Question.COMPENSATION, at=at, finding=finding, **own_scope(known.order, rulebook))
    if rule is None or rule.amount is None:
        return _unclear(deduction, say("Which amount was in force on {at} is not known; the sources contradict each other.", at=at), breach.cites)
    reckoned = reckon(rule.amount, known.order)
    if reckoned.base is None and reckoned.fen != max(_fixed(rule), default=Fen(-1)):
        return _unclear(deduction, say("What the seller received for the order is not known, and the amount is counted from that."), (*breach.cites, rule.cite))
    sums = say("By {rule}: {expected_fen} of {base_fen}; {charged_fen} was deducted.", **_sums(rule, reckoned.fen, reckoned.base, deduction))
    cites = (*breach.cites, rule.cite)
    if deduction.charged <= reckoned.fen:
        return Judged(deduction=deduction, judgment=Judgment.RIGHT, expected=reckoned.fen, because=(breach.because, sums), cites=cites)
    rival = _rival(deduction.charged, finding, known, at, rulebook)
    if rival is not None:
        because = say("A contradicting source ({rule}) would make it right.", rule=rival.cite)
        return Judged(
            deduction=deduction, judgment=Judgment.CANNOT_TELL, expected=reckoned.fen, because=(breach.because, sums, because), cites=(*cites, rival.cite)
        )
    check = (*breach.check, *_near_an_edge(rule, at))
    return Judged(deduction=deduction, judgment=Judgment.WRONG, expected=reckoned.fen, because=(breach.because, sums), cites=cites, check=check)


def _sums(rule: Rule, expected: Fen, base: Fen | None, deduction: Deduction) -> dict[str, str | int | datetime | None]:
    return {"rule": rule.cite, "expected_fen": expected, "base_fen": base or 0, "charged_fen": deduction.charged}


def _fixed(rule: Rule) -> list[Fen]:
    """The sum, where the rule has only one whatever the order was worth."""
    brackets = rule.amount.brackets if rule.amount else ()
    return [brackets[0].fixed_fen] if len(brackets) == 1 and brackets[0].fixed_fen is not None else []


def _rival(charged: Fen, finding: str, known: OrderKnowledge, at: datetime, rulebook: Rulebook) -> Rule | None:
    """A contradicting version of the rule that comes to just what was deducted."""
    facts = {"finding": finding, **own_scope(known.order, rulebook)}
    rivals = (rule for rule in rulebook.rivals if rule.question is Question.COMPENSATION and rule.amount and rule.holds_at(at) and rule.fits(facts))
    return next((rule for rule in rivals if rule.amount and reckon(rule.amount, known.order).fen == charged), None)


def _near_an_edge(rule: Rule, at: datetime) -> tuple[Say, ...]:
    """A warning where the day a rule began is known only about, and the breach lies within a month of it."""
    days = abs((at - rule.effective_from).days)
    return (say("The day this rule began is known only about; look it up before appealing."),) if rule.from_is_approximate and days <= 31 else ()


def _unclear(deduction: Deduction, because: Say, cites: tuple[str, ...] = (), check: tuple[Say, ...] = ()) -> Judged:
    return Judged(deduction=deduction, judgment=Judgment.CANNOT_TELL, expected=None, because=(because,), cites=cites, check=check)


def _breach(finding: str, known: OrderKnowledge, rulebook: Rulebook, deduction: Deduction) -> _Breach:
    if finding not in _CLOCKED:
        because = say("Whether it happened, our data cannot show; only the amount is checked.")
        return _Breach(True if deduction.at is not None else None, deduction.at, because)
    if finding == "false_shipment":
        return _of_false(pickup_deadline(known, None, rulebook))
    due = ship_due(known, rulebook)
    if due is None:
        return _Breach(None, None, say("When the order had to leave is not known."))
    ship, pickup = ship_deadline(known, due, rulebook), pickup_deadline(known, due, rulebook)
    return _of_late(ship, pickup if pickup is not None and pickup.due_at == ship.due_at else None)


def _of_late(ship: Deadline, pickup: Deadline | None) -> _Breach:
    """Late is who uploads late, and since both ends count also who has it picked up late."""
    ends = [ship] if pickup is None else [ship, pickup]
    cites = tuple(dict.fromkeys(end.rule for end in ends))
    late = next((end for end in ends if end.state is DeadlineState.MISSED), None)
    if late is ship:
        if ship.closed_at is None:
            return _Breach(True, ship.due_at, say("It had to be shipped by {due_at} and was not.", due_at=ship.due_at), cites)
        return _Breach(True, ship.due_at, say("It had to be shipped by {due_at} and was on {at}.", due_at=ship.due_at, at=ship.closed_at), cites)
    if late is not None:
        return _Breach(True, late.due_at, say("It had to be picked up by {due_at} and was not.", due_at=late.due_at), cites)
    if all(_is_surely_met(end) for end in ends) and _is_inferred(ship):
        because = say("By what we infer it had to be shipped by {due_at} and was, on {at}; its own term is not known.", due_at=ship.due_at, at=ship.closed_at)
        return _Breach(None, None, because, cites, (LOOK_UP_TERM,))
    if all(_is_surely_met(end) for end in ends):
        return _Breach(False, ship.due_at, say("It had to be shipped by {due_at} and was, on {at}.", due_at=ship.due_at, at=ship.closed_at), cites)
    return _Breach(None, None, say("Whether it was shipped and picked up by {due_at}, our data do not show.", due_at=ship.due_at), cites)


def _is_inferred(ship: Deadline) -> bool:
    """Whether its term may have been shorter: it is assumed, or that of other orders."""
    return ship.basis is Basis.ASSUMED or ship.due_source is DueSource.LEARNT


def _is_surely_met(end: Deadline) -> bool:
    """Whether the moment is known, or that it was in time is."""
    return end.state is DeadlineState.MET and (end.closed_at is not None or end.because == MOVED_IN_TIME)


def _of_false(pickup: Deadline | None) -> _Breach:
    if pickup is None:
        because = say("No tracking number is known to have been uploaded, so there was nothing to be false.")
        return _Breach(None, None, because)
    if pickup.state is DeadlineState.MISSED:
        because = say("It had to be picked up by {due_at} and was not.", due_at=pickup.due_at)
        return _Breach(True, pickup.due_at, because, (pickup.rule,))
    if pickup.state is DeadlineState.MET and pickup.closed_at is not None:
        because = say("It was picked up on {at}, before {due_at}.", at=pickup.closed_at, due_at=pickup.due_at)
        return _Breach(False, pickup.due_at, because, (pickup.rule,), (REUSED,))
    return _Breach(
        None, None, say("Whether it was picked up by {due_at}, our data do not show. Paste the tracking text.", due_at=pickup.due_at), (pickup.rule,)
    )
