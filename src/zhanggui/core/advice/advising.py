"""The advice itself: the lawful answers weighed, the cheapest one said with its reasons, its limits, its message and the runner-up."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhanggui.core.advice.answers import has_evidence
from zhanggui.core.advice.book import Aim, Counts, Grievance, ShopTerms
from zhanggui.core.advice.branches import as_seen, is_above_limit, lawful_answers
from zhanggui.core.advice.case import CaseToAdvise, Goods, ReturnGrade, Tried
from zhanggui.core.advice.indicators import Guarded, quality_guard
from zhanggui.core.advice.learnt import CALLS, among_callers, rulings_on
from zhanggui.core.advice.reading import is_repeat_refunder
from zhanggui.core.advice.weighing import Weighing
from zhanggui.core.advice.wording import runner_up_beside, wording
from zhanggui.core.clocks.cases import answer_due
from zhanggui.core.facts import AftersaleFacts, AftersaleKind, AftersaleState
from zhanggui.core.moments import next_sure_hour
from zhanggui.core.money import Fen
from zhanggui.core.rules import Question, Rulebook
from zhanggui.core.say import Say, say
from zhanggui.core.scripts import Both, Scripts, type_of_fill
from zhanggui.core.verdicts import Act, Draft, Verdict, Weighed

_ENDED = frozenset({AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE})
_MAY_GO_ALONE = frozenset({Act.AGREE_REFUND, Act.CANCEL_SHIPPING_AND_REFUND, Act.REFUND_RETURN, Act.AGREE_RETURN})
_IN_HOUSE = frozenset({Goods.NOT_PRINTED, Goods.PRINTED})
_MAY_BE_RULED = frozenset({Act.REFUSE, Act.HAND_IN_EVIDENCE})
_LONGEST_TITLE = 24


def advise(
    case: CaseToAdvise,
    terms: ShopTerms,
    rulebook: Rulebook,
    now: datetime,
    *,
    scripts: Scripts | None = None,
    more: Mapping[str, type_of_fill] | None = None,
) -> Verdict:
    """The cheapest lawful answer to this case, and what every other would cost. `more` fills the messages where more is known than the case tells."""
    w = as_seen(Weighing.begin(case, terms, rulebook.advice, now, due_of(case, rulebook)))
    found = sorted(lawful_answers(w), key=lambda each: (each.barred is not None, each.cost))
    if not found or found[0].barred is not None:
        return _nothing_to_weigh(w, tuple(found), scripts)
    best, second = found[0], (found[1] if len(found) > 1 else None)
    said, filled = wording(best.act, w), fills(w, best) | dict(more or {}) | {"amount_fen": _offered(w, best)}
    guard = quality_guard(case, w.grievance, rulebook.advice, now)
    return Verdict(
        act=best.act,
        headline=said.headline,
        because=(*_asked(w), *w.truth.because, *_together(w), *_ruled(w, best, second), *_guarded(best.act, w, guard), *_compared(best, second), *_aimed(w)),
        cites=_cites(w, best.act, rulebook, guard),
        check=said.check,
        until=w.due_at if w.due_at is not None and w.due_at >= now else None,
        message=None if scripts is None or said.script is None else scripts.draft(said.script, **filled),
        form=None if scripts is None or said.form is None else scripts.draft(said.form, **filled),
        runner_up=second.act if second is not None and second.barred is None else runner_up_beside(best.act),
        weighed=tuple(found),
        amount=best.amount,
        alone=_may_go_alone(best, w),
    )


class Told(msgspec.Struct, frozen=True):
    """One of the answers as it is said: to whoever gives it, to the buyer, and in the platform's form."""

    headline: Say
    check: tuple[Say, ...]
    message: Draft | None
    form: Draft | None


def told(case: CaseToAdvise, terms: ShopTerms, rulebook: Rulebook, now: datetime, answer: Weighed, scripts: Scripts, more: Mapping[str, type_of_fill]) -> Told:
    """Any of the weighed answers with its texts, for a person who chooses another than the first."""
    w = Weighing.begin(case, terms, rulebook.advice, now, due_of(case, rulebook))
    said, filled = wording(answer.act, w), fills(w, answer) | dict(more) | {"amount_fen": _offered(w, answer)}
    message = None if said.script is None else scripts.draft(said.script, **filled)
    return Told(said.headline, said.check, message, None if said.form is None else scripts.draft(said.form, **filled))


def due_of(case: CaseToAdvise, rulebook: Rulebook) -> datetime | None:
    """Until when the case must be answered: the moment it names, else by the rules."""
    if case.due_at is not None or case.applied_at is None:
        return case.due_at
    shipped = case.goods not in _IN_HOUSE
    facts = AftersaleFacts(case_no=case.case_no, kind=case.kind, state=case.state, shipped=shipped, applied_at=case.applied_at)
    due = answer_due(facts, None, rulebook) if case.state is AftersaleState.SELLER_TO_ANSWER else None
    return None if due is None else due.due_at


def fills(w: Weighing, best: Weighed) -> dict[str, type_of_fill]:
    """What the messages and forms are filled with."""
    title = w.case.title if len(w.case.title) <= _LONGEST_TITLE else w.case.title[:_LONGEST_TITLE] + "…"
    return {
        "title": title or Both("商品", "what you ordered"),
        "carrier": Both("快递公司", "the carrier"),
        "tracking_no": Both("见订单详情", "shown in the order"),
        "promise": next_sure_hour(w.now),
        "refund_fen": w.refund,
        "amount_fen": _offered(w, best),
        "order_no": w.case.order_no or Both("见售后单", "as in the case"),
        "case_no": w.case.case_no or Both("见售后单", "as shown"),
        "reason": w.case.reason or Both("未填写", "none given"),
    }


def _offered(w: Weighing, best: Weighed) -> Fen:
    return best.amount if best.amount is not None else w.refund


def _nothing_to_weigh(w: Weighing, found: tuple[Weighed, ...], scripts: Scripts | None) -> Verdict:
    """Nothing is ours to answer, or the shop's own limits leave nothing."""
    message = None if scripts is None else scripts.draft("reply_general", **fills(w, Weighed(act=Act.LOOK, cost=Fen(0), lines=())))
    if found:
        limits = tuple(each.barred for each in found if each.barred is not None)
        headline = say("Look the case up: no answer is open as things stand")
        because = (*_asked(w), *limits)
        return Verdict(act=Act.LOOK, headline=headline, because=because, until=w.due_at, runner_up=found[0].act, weighed=found, message=message, alone=False)
    if w.case.state in _ENDED:
        return Verdict(act=Act.LOOK, headline=say("Nothing is left to do"), because=(), confirm=False, alone=False)
    said = wording(Act.WAIT_FOR_BUYER, w)
    waiting = say("The case waits for the buyer; after the term it closes by itself.")
    if w.case.state is AftersaleState.REJECTED:
        waiting = say("The request was refused; the buyer may still call in the platform.")
    return Verdict(
        act=Act.WAIT_FOR_BUYER, headline=said.headline, because=(waiting,), until=w.due_at, confirm=False, message=message, runner_up=Act.LOOK, alone=False
    )


def _asked(w: Weighing) -> tuple[Say, ...]:
    """What is asked for, and the reason given."""
    asked = say("The buyer asks for {amount_fen}.", amount_fen=w.refund)
    return (asked, say("The reason given is: {reason}", reason=w.case.reason)) if w.case.reason else (asked,)


def _together(w: Weighing) -> tuple[Say, ...]:
    """What the order's other cases have to do with this one."""
    found = []
    if w.case.gone_back:
        found.append(say("{gone_fen} went back for the order in another case.", gone_fen=w.case.gone_back))
    if w.case.others_open:
        found.append(say("Another case of the order asks for money at this moment: look at both together."))
    return tuple(found)


def _ruled(w: Weighing, best: Weighed, second: Weighed | None) -> tuple[Say, ...]:
    """What the shop's own past says of a refusal and of a ruling, where the answer or its runner-up may lead to one."""
    if not _MAY_BE_RULED & {best.act, None if second is None else second.act}:
        return ()
    found = []
    refused, ruled = w.past.get(f"{CALLS}.{w.grievance.value}", Tried(0, 0)), rulings_on(w.claim, w.past)
    if refused.tried and w.case.state is not AftersaleState.PLATFORM_HANDLES:
        found.append(say("Of {of} buyers refused here with this complaint {called} called in the platform.", of=refused.tried, called=refused.well))
    if ruled.tried:
        share = round(100 * _to_win(w))
        found.append(
            say("Of {of} rulings on such complaints here {won} were won; this one would be in {share} of 100.", of=ruled.tried, won=ruled.well, share=share)
        )
    return tuple(found)


def _to_win(w: Weighing) -> float:
    """The chance to win, where the platform decides already, or would after a refusal."""
    if w.case.state is AftersaleState.PLATFORM_HANDLES:
        return w.wins(w.truth.chance, is_shown=True)
    return w.wins(among_callers(w.truth.chance, w.terms), is_shown=has_evidence(w))


def _aimed(w: Weighing) -> tuple[Say, ...]:
    """That the shop goes by money alone, where it does."""
    return (say("Weighed by money alone, as the shop's terms say."),) if w.terms.aim is Aim.MONEY else ()


def _guarded(act: Act, w: Weighing, guard: Guarded | None) -> tuple[Say, ...]:
    """What the refund does to the quality refund rate, where it counts or may."""
    if guard is None or guard.counts is Counts.NO or act in (Act.INSPECT_RETURN, Act.WAIT_FOR_BUYER):
        return ()
    if guard.before is None or guard.after is None:
        return (guard.because,)
    moved = say("The quality refund rate would go from {before} % to {after} %.", before=f"{guard.before:.2f}", after=f"{guard.after:.2f}")
    return (guard.because, moved) if w.grievance is not Grievance.NOT_WANTED else ()


def _compared(best: Weighed, second: Weighed | None) -> tuple[Say, ...]:
    """The cost of the best answer, and by how much the runner-up loses."""
    costs = say("Expected to cost {cost_fen} in all.", cost_fen=best.cost)
    if second is None:
        return (costs,)
    if second.barred is not None:
        return (costs, second.barred)
    return (costs, say("The runner-up, “{act}”, would cost {more_fen} more.", act=second.act, more_fen=Fen(second.cost - best.cost)))


def _cites(w: Weighing, act: Act, rulebook: Rulebook, guard: Guarded | None) -> tuple[str, ...]:
    at = w.now
    rules = []
    if w.case.applied_at is not None and w.case.state is AftersaleState.SELLER_TO_ANSWER:
        shipped = "no" if w.case.goods in _IN_HOUSE else "yes"
        rules.append(rulebook.in_force(Question.ANSWER_CASE, at=w.case.applied_at, kind=w.case.kind.value, shipped=shipped))
    if act in (Act.AGREE_RETURN, Act.OFFER_RETURN) or w.case.kind is AftersaleKind.RETURN_AND_REFUND:
        rules.append(rulebook.in_force(Question.LAW, at=at, duty="no_reason_return"))
    if w.case.kind is AftersaleKind.REFUND_ONLY and w.case.goods is Goods.DELIVERED:
        rules.append(rulebook.in_force(Question.LAW, at=at, duty="no_forced_refund_only"))
    if act in (Act.INSPECT_RETURN, Act.REFUND_RETURN, Act.REFUND_COUNTED):
        rules.append(rulebook.in_force(Question.LAW, at=at, duty="refund_after_return"))
    if w.case.threatens:
        rules.append(rulebook.in_force(Question.LAW, at=at, duty="no_reward_for_praise"))
    cited = [rule.cite for rule in rules if rule is not None]
    if guard is not None and guard.counts is not Counts.NO:
        cited.append(guard.version.cite)
    return tuple(dict.fromkeys(cited))


def _may_go_alone(best: Weighed, w: Weighing) -> bool:
    """Whether the shop's limits let the house give this answer without a person."""
    case, terms = w.case, w.terms
    if case.state not in (AftersaleState.SELLER_TO_ANSWER, AftersaleState.SELLER_TO_RECEIVE) or case.others_open or case.gone_back or case.is_waived:
        return False
    if case.goods in _IN_HOUSE:
        return best.act is Act.CANCEL_SHIPPING_AND_REFUND
    if best.act not in _MAY_GO_ALONE or case.same_picture_elsewhere or case.threatens or is_repeat_refunder(case, terms):
        return False
    if best.act is Act.AGREE_RETURN:
        return case.kind is AftersaleKind.RETURN_AND_REFUND
    if w.refund > w.limit(terms.alone_up_to) or (best.act is Act.AGREE_REFUND and case.goods is Goods.DELIVERED and is_above_limit(w)):
        return False
    if best.act is Act.REFUND_RETURN:
        return case.return_grade in (ReturnGrade.AS_NEW, ReturnGrade.OPENED) and case.counted is not None and case.counted >= w.refund
    needs_picture = w.words.shows_in_picture and w.refund > w.limit(terms.picture_above)
    return w.grievance is not Grievance.OTHER and (not needs_picture or bool(case.pictures))
