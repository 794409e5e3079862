"""Which answers are lawful where the goods and the case stand, one function for each place. What the shop's own limits forbid is barred, not left out."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.advice import answers
from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import CaseToAdvise, Fault, Goods, ReturnGrade, ReturnLeg, Stopping, Trace
from zhanggui.core.advice.reading import OF_CONDITION, Truth, is_repeat_refunder, needs_no_reason
from zhanggui.core.advice.weighing import Tally, Weighing
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.moments import in_shanghai
from zhanggui.core.money import Fen
from zhanggui.core.recalls.clock import SIGNED_FOR
from zhanggui.core.returns.complained import Complained, borne_out
from zhanggui.core.returns.grades import Grade
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Weighed

_GOODS_AGAIN = frozenset({AftersaleKind.EXCHANGE, AftersaleKind.RESEND, AftersaleKind.REPAIR})
_ANSWERED_BY_GOODS = frozenset({Grievance.MISSING, Grievance.WRONG_ITEM, Grievance.DAMAGED, Grievance.QUALITY})
_WHOLE = frozenset({ReturnGrade.AS_NEW, ReturnGrade.OPENED})
_GRADES: Mapping[ReturnGrade, Grade] = {ReturnGrade.WORN: Grade.WORN, ReturnGrade.DAMAGED: Grade.DAMAGED, ReturnGrade.WRONG: Grade.WRONG}
"""The conditions that a complaint may bear out."""
_TRUE = 0.8
"""From this chance on the complaint is taken as true: it is not refused, and is paid beyond the limit for giving goods away."""
_SEEN = 0.1
"""The chance that the buyer is right about a return that was opened and counted here."""
_OPENS, _CLOSES = 9, 21
"""The hours in which somebody is taken to be there."""
_FIX = timedelta(hours=24)
_ABOVE_LIMIT = say("It is more than the {most_fen} up to which the shop gives goods away.").text
_PAYS = frozenset(
    {
        Act.CANCEL_SHIPPING_AND_REFUND,
        Act.DESTROY_WAYBILL_AND_REFUND,
        Act.INTERCEPT,
        Act.AGREE_REFUND,
        Act.GIVE_AWAY,
        Act.OFFER_PARTIAL,
        Act.OFFER_RETURN,
        Act.AGREE_RETURN,
        Act.REFUND_RETURN,
        Act.REFUND_COUNTED,
    }
)
"""The answers after which money goes."""
_SENDS = frozenset({Act.RESEND, Act.AGREE_EXCHANGE})
"""The answers after which goods go: not to whoever has all the money back."""
_NOTHING_TO_STOP = frozenset({Stopping.SIGNED_FOR, Stopping.FAILED})
_NUMBER = frozenset({Trace.WRONG_NUMBER, Trace.WRONG_CARRIER, Trace.RESHIPPED})


def lawful_answers(w: Weighing) -> tuple[Weighed, ...]:
    """Every lawful answer to the case as it stands; empty where none is ours to give."""
    return _within_the_order(w, _cheaper_than_all(w, _answers(w)))


def _within_the_order(w: Weighing, found: tuple[Weighed, ...]) -> tuple[Weighed, ...]:
    """What the order's other cases have left of its money is the most that may go; where nothing is left, nothing is owed."""
    return found if w.case.left is None else tuple(_bounded(w, each) for each in found)


def _bounded(w: Weighing, answer: Weighed) -> Weighed:
    over = over_the_order(w.case, answer.amount if answer.amount is not None else w.refund)
    if over is None:
        return answer
    if answer.act in _PAYS or (answer.act in _SENDS and w.case.left == 0):
        return msgspec.structs.replace(answer, barred=over)
    return msgspec.structs.replace(answer, barred=None) if answer.act is Act.REFUSE and w.case.left == 0 else answer


def over_the_order(case: CaseToAdvise, amount: Fen) -> Say | None:
    """Why so much must not go: other cases of the order have left less of its money; None where it may."""
    left, paid = case.left, case.paid or Fen(0)
    if left is None or amount <= left:
        return None
    if left == 0:
        return say("All of the {paid_fen} paid for the order went back in another case: nothing may go.", paid_fen=paid)
    gone = case.gone_back or Fen(0)
    return say(
        "{gone_fen} of the {paid_fen} paid for the order went back in another case: at most {left_fen} may go.", gone_fen=gone, paid_fen=paid, left_fen=left
    )


def _cheaper_than_all(w: Weighing, found: tuple[Weighed, ...]) -> tuple[Weighed, ...]:
    """The limit for giving goods away is no reason to lose more than the goods are worth: where every other way costs more, it is lifted, for a person."""
    least = min((each.cost for each in found if each.barred is None), default=None)
    if least is None or is_repeat_refunder(w.case, w.terms):
        return found
    return tuple(msgspec.structs.replace(each, barred=None) if _is_only_above(each) and each.cost < least else each for each in found)


def _is_only_above(answer: Weighed) -> bool:
    return answer.barred is not None and answer.barred.text == _ABOVE_LIMIT


def is_above_limit(w: Weighing) -> bool:
    """Whether it is more than the shop gives away."""
    return w.refund > w.limit(w.terms.give_away_up_to)


def _answers(w: Weighing) -> tuple[Weighed, ...]:
    match w.case.state:
        case AftersaleState.PLATFORM_HANDLES:
            return answers.hand_in_evidence(w), answers.pay_without_goods(w, Act.AGREE_REFUND, _not_yours_to_give(w))
        case AftersaleState.SELLER_TO_RECEIVE if w.case.kind is AftersaleKind.REFUND_ONLY:
            return _of_recall(w)
        case AftersaleState.SELLER_TO_RECEIVE:
            return _of_return(w)
        case AftersaleState.SELLER_TO_ANSWER | AftersaleState.UNKNOWN:
            return _AT[w.case.goods](w)
        case _:
            return ()


def _not_printed(w: Weighing) -> tuple[Weighed, ...]:
    return (answers.stop_and_refund(w, Act.CANCEL_SHIPPING_AND_REFUND),)


def _printed(w: Weighing) -> tuple[Weighed, ...]:
    return (answers.stop_and_refund(w, Act.DESTROY_WAYBILL_AND_REFUND),)


def _on_the_way(w: Weighing) -> tuple[Weighed, ...]:
    if w.case.kind in _GOODS_AGAIN:
        return _goods_again(w)
    if w.case.stopping is Stopping.CONFIRMED:
        return _coming_back(w)
    pay = answers.pay_without_goods(w, Act.AGREE_REFUND, _too_much_to_give(w))
    back = answers.agree_return(w) if w.case.kind is AftersaleKind.RETURN_AND_REFUND else answers.let_arrive(w, _too_small(w))
    late = say("The carrier did not stop it.") if w.case.stopping is Stopping.FAILED else _no_time_to_wait(w)
    found = (answers.intercept(w, min(back.cost, pay.cost), late), back, pay)
    if w.grievance is not Grievance.NOT_WANTED:
        return (*found, answers.refuse(w, _no_refusal(w)))
    return (*found, answers.refuse_under_way(w, _too_small(w))) if w.case.kind is AftersaleKind.REFUND_ONLY else found


def _of_recall(w: Weighing) -> tuple[Weighed, ...]:
    """It was agreed that the parcel is called back, and that the money follows it: nothing goes before the parcel is back or surely stopped."""
    pay = msgspec.structs.replace(answers.pay_for_what_comes_back(w), barred=not_stopped_yet(w.case))
    waits = Tally(Act.INTERCEPT).add(say("Writing with the carrier."), w.terms.contact).weighed()
    return (pay,) if pay.barred is None or w.case.stopping in _NOTHING_TO_STOP else (waits, pay)


def not_stopped_yet(case: CaseToAdvise) -> Say | None:
    """Why no money goes for a parcel that it was agreed to call back; None where that was not agreed, or the parcel is back or surely stopped."""
    if case.kind is not AftersaleKind.REFUND_ONLY or case.state is not AftersaleState.SELLER_TO_RECEIVE:
        return None
    if case.goods in (Goods.COMING_BACK, Goods.BACK) or case.stopping is Stopping.CONFIRMED:
        return None
    if case.stopping is Stopping.SIGNED_FOR:
        return SIGNED_FOR
    if case.stopping is Stopping.FAILED:
        return say("The parcel was not stopped: say so in the back office, and the request is answered anew.")
    return say("The parcel is being called back: the money goes once it is back, or the carrier has surely stopped it.")


def _coming_back(w: Weighing) -> tuple[Weighed, ...]:
    return answers.pay_for_what_comes_back(w), answers.refuse(w, say("The goods are coming back: what was paid for them is owed."))


def _no_trace(w: Weighing) -> tuple[Weighed, ...]:
    if w.case.kind in _GOODS_AGAIN:
        return _goods_again(w)
    if w.case.trace in _NUMBER:
        pay = answers.pay_without_goods(w, Act.AGREE_REFUND, _too_much_to_give(w))
        return answers.fix_number(w, pay.cost, _too_late_to_fix(w)), answers.refuse(w, _unfixed(w)), msgspec.structs.replace(pay, barred=None)
    if w.silent_hours >= w.terms.lost_after_hours:
        return _lost(w)
    pay = answers.pay_for_lost(w)
    return answers.chase_carrier(w, pay.cost, _no_time_to_wait(w)), pay, answers.resend(w, pay.cost, _no_haggling(w))


def _lost(w: Weighing) -> tuple[Weighed, ...]:
    if w.case.kind in _GOODS_AGAIN:
        return _goods_again(w)
    pay = answers.pay_for_lost(w)
    return pay, answers.resend(w, pay.cost, _no_haggling(w)), answers.refuse(w, say("The parcel did not arrive: until it does, the risk is the seller's."))


def _delivered(w: Weighing) -> tuple[Weighed, ...]:
    match w.case.kind:
        case AftersaleKind.RETURN_AND_REFUND:
            return _asks_return(w)
        case AftersaleKind.EXCHANGE | AftersaleKind.RESEND | AftersaleKind.REPAIR:
            return _goods_again(w)
        case _:
            return _asks_money(w)


def _asks_money(w: Weighing) -> tuple[Weighed, ...]:
    """The buyer has the goods and asks for the money alone."""
    refused = answers.refuse(w, _no_refusal_of_money(w))
    pay = answers.pay_without_goods(w, Act.AGREE_REFUND, _too_much_to_give(w))
    insists = _least(refused, pay)
    found = [pay, answers.offer_return(w, insists, _too_small(w)), refused, *_partial(w, insists)]
    if w.grievance is Grievance.NOT_RECEIVED and w.truth.is_found_out:
        found = [pay, refused, answers.resend(w, insists, _no_haggling(w))]
    elif w.grievance is Grievance.NOT_RECEIVED:
        found = [pay, refused, answers.chase_carrier(w, pay.cost, _no_time_to_wait(w))]
    if _may_be_answered_by_goods(w):
        found.append(answers.resend(w, insists, _no_haggling(w) or _no_picture(w)))
    asked = _question(w, _asks_money)
    if asked and w.grievance is Grievance.OTHER:
        unread = say("Nobody knows yet what is wrong: ask first.")
        found = [msgspec.structs.replace(each, barred=each.barred or unread) for each in found]
    elif asked and w.truth.chance > 1 - _TRUE:
        unheard = say("There is time to ask: nobody is refused unheard.")
        found = [msgspec.structs.replace(each, barred=each.barred or unheard) if each.act is Act.REFUSE else each for each in found]
    return (*found, *asked)


def _asks_return(w: Weighing) -> tuple[Weighed, ...]:
    """The buyer wants to send the goods back."""
    back = answers.agree_return(w)
    part = () if w.grievance is Grievance.NOT_WANTED else _partial(w, back.cost)
    found = [back, answers.pay_without_goods(w, Act.GIVE_AWAY, _too_much_to_give(w)), *part, answers.refuse(w, _no_refusal_of_return(w))]
    if _may_be_answered_by_goods(w):
        found.append(answers.resend(w, back.cost, _no_haggling(w) or _no_picture(w)))
    return tuple(found)


def _goods_again(w: Weighing) -> tuple[Weighed, ...]:
    """The buyer asks for goods. A compensation is preferred where it costs less."""
    goods = answers.agree_exchange(w, _nothing_owed(w))
    refused = answers.refuse(w, _no_refusal_of_return(w) if w.grievance is Grievance.NOT_WANTED else _no_refusal(w))
    found = [goods, *_partial(w, answers.declined(w, goods.cost)), refused, answers.pay_without_goods(w, Act.GIVE_AWAY, _too_much_to_give(w))]
    if w.case.in_stock is False:
        found.append(answers.offer_return(w, answers.pay_without_goods(w, Act.GIVE_AWAY).cost, _too_small(w)))
    return (*found, *_question(w, _goods_again))


def _of_return(w: Weighing) -> tuple[Weighed, ...]:
    """The return is sent: nothing is paid before it was counted, and never more than was counted."""
    if w.case.return_leg in (ReturnLeg.LOST, ReturnLeg.DAMAGED) and w.case.return_grade is None:
        sent = say("The buyer sent it: what the carrier did to it is not the buyer's fault.")
        claimed = Tally(Act.CLAIM).add(say("Writing with the carrier."), w.terms.contact).add(say("The money that goes back."), w.refund)
        return (claimed.add(say("What the carrier may pay for it."), -w.chance("carrier_pays") * w.goods_cost).weighed(), answers.refuse(w, sent))
    if w.case.return_grade is None:
        look = Tally(Act.INSPECT_RETURN).add(say("Taking them in."), w.terms.handling)
        return look.weighed(), answers.pay_whole_return(w, say("Nobody has opened it yet: nothing is paid unseen."))
    if w.case.kind in _GOODS_AGAIN:
        return (answers.agree_exchange(w), answers.refuse(w, say("What came back is whole.") if w.case.return_grade in _WHOLE else _as_complained(w)))
    return _counted(w)


def _counted(w: Weighing) -> tuple[Weighed, ...]:
    """What came back was counted and graded; where it is not what was sold, the pictures of it speak for us. Who decided to pay all the same is obeyed."""
    counted = w.case.counted
    if w.case.is_waived:
        return answers.pay_whole_return(w), answers.refuse(w, say("A person decided to pay all the same."))
    if _is_whole(w):
        owed = say("What came back is whole: the money is owed.") if w.case.return_grade in _WHOLE else _as_complained(w)
        return answers.pay_whole_return(w), answers.refuse(w, owed)
    ceiling = say("No more than what was counted may be paid.") if counted is None or counted < w.refund else None
    refused = answers.refuse(w)
    found = [refused, answers.pay_whole_return(w, ceiling)]
    if counted:
        found.append(answers.pay_counted(w, min(counted, w.refund), refused.cost))
    return tuple(found)


def as_seen(w: Weighing) -> Weighing:
    """The case by what was seen of its return: that goes before what is merely likely, and before what was found out where foreign goods or none came back."""
    if not _was_counted(w) or w.case.is_waived or _is_whole(w) or (w.truth.is_found_out and not _is_foreign(w)):
        return w
    said = say("What came back was opened and counted here, and it does not match what was sold.")
    return w._replace(truth=Truth(_SEEN, (said,), is_found_out=True))


def _was_counted(w: Weighing) -> bool:
    """Whether the goods came back for the money, and were opened."""
    came_back = w.case.state is AftersaleState.SELLER_TO_RECEIVE and w.case.return_grade is not None
    return came_back and w.case.kind not in _GOODS_AGAIN | {AftersaleKind.REFUND_ONLY}


def _is_foreign(w: Weighing) -> bool:
    """Whether nothing came back, or goods that the buyer did not complain of."""
    return w.case.return_grade is ReturnGrade.EMPTY or (w.case.return_grade is ReturnGrade.WRONG and _as_complained(w) is None)


def _is_whole(w: Weighing) -> bool:
    """Whether what came back is what is owed for: whole, or broken or wrong in just the way that the buyer complained of."""
    if w.case.counted is not None and w.case.counted < w.refund:
        return False
    return w.case.return_grade in _WHOLE or _as_complained(w) is not None


def _as_complained(w: Weighing) -> Say | None:
    """That what came back is just as the buyer complained; None where it is not. Of the pieces where they are known, else of the worst of them."""
    case, told = w.case, w.case.is_as_complained
    if told is None and case.return_grade is not None:
        undelivered = case.goods in (Goods.COMING_BACK, Goods.BACK)
        complained = Complained(
            kind=case.kind, grievance=w.grievance, fault=case.fault, packed_right=bool(case.packed_right), is_undelivered=undelivered
        )  # fmt: skip
        told = _GRADES.get(case.return_grade) in borne_out(complained)
    return say("What came back is just as the buyer complained.") if told else None


def _nothing_owed(w: Weighing) -> Say | None:
    """Why no goods are sent on a complaint that was found untrue."""
    if w.case.fault is Fault.BUYER and w.grievance is not Grievance.NOT_WANTED:
        return say("It was found out that the buyer is not right: no goods are owed.")
    return None


def _may_be_answered_by_goods(w: Weighing) -> bool:
    """Whether sending goods once more answers the complaint; not to a repeat refunder, unless the buyer was found right."""
    if w.grievance not in _ANSWERED_BY_GOODS or w.truth.chance <= 1 - _TRUE:
        return False
    return w.truth.is_found_out or not is_repeat_refunder(w.case, w.terms)


def _partial(w: Weighing, otherwise: float) -> tuple[Weighed, ...]:
    """A part of the money, save for those who have had much already or are not right."""
    if is_repeat_refunder(w.case, w.terms) or w.case.fault is Fault.BUYER:
        return ()
    offer = answers.offer_partial(w, otherwise, _no_haggling(w) or _no_picture(w))
    return () if offer is None else (offer,)


def _question(w: Weighing, branch: Callable[[Weighing], tuple[Weighed, ...]]) -> tuple[Weighed, ...]:
    """Ask first: what follows is the best of what one would do with an answer, and without one."""
    if not _asking_may_help(w):
        return ()
    told = _best(branch(_as_if(w, pictures=1)))
    silent = _best(branch(_as_if(w, pictures=0)))
    if told is None or silent is None:
        return ()
    share = w.chance("answers_question")
    tally = Tally(Act.ASK_BUYER).add(say("Writing with the buyer."), w.terms.contact)
    tally.add(say("{share} of 100 buyers show what is wrong; it is answered then.", share=round(share * 100)), share * told.cost)
    tally.add(say("{share} of 100 do not answer.", share=round((1 - share) * 100)), (1 - share) * silent.cost)
    return (tally.weighed(),)


def _asking_may_help(w: Weighing) -> bool:
    is_open = w.grievance in OF_CONDITION and not w.case.pictures and not w.truth.is_found_out and w.case.asked_at is None
    return is_open and w.hours_left >= w.terms.ask_hours and _no_haggling(w) is None


def _as_if(w: Weighing, pictures: int) -> Weighing:
    from_now = msgspec.structs.replace(w.case, pictures=pictures, asked_at=w.now)
    return w.of(from_now)


def _least(*found: Weighed) -> float:
    """The least cost of those that are not barred, of all where all are."""
    return min((each.cost for each in found if each.barred is None), default=min(each.cost for each in found))


def _best(found: tuple[Weighed, ...]) -> Weighed | None:
    return min((each for each in found if each.barred is None), key=lambda each: each.cost, default=None)


def _no_refusal(w: Weighing) -> Say | None:
    """Why the complaint must not be refused; None where one may."""
    if w.truth.chance >= _TRUE:
        return say("The buyer is right, by all that is known: this is not refused.")
    return None


def _no_refusal_of_money(w: Weighing) -> Say | None:
    """The same of a request for the money alone: what is merely not wanted may come back within seven days, so that is proposed instead."""
    if w.grievance is Grievance.NOT_WANTED and needs_no_reason(w.case, w.now):
        return say("Within seven days of receipt the goods may come back without a reason: propose that instead.")
    return _no_refusal(w)


def _no_refusal_of_return(w: Weighing) -> Say | None:
    """Within seven days of receipt goods come back without a reason, save those the law exempts."""
    if needs_no_reason(w.case, w.now):
        return say("Within seven days of receipt no reason is needed: this is not refused.")
    return _no_refusal(w)


def _no_haggling(w: Weighing) -> Say | None:
    """Why coming to terms with the buyer is no way: the sum is small, or there is no time left."""
    return _too_small(w) or _no_time_to_wait(w)


def _too_small(w: Weighing) -> Say | None:
    """Why it is not worth a word: the sum is small, and nothing speaks against paying it."""
    if w.refund <= w.limit(w.terms.small_sum) and w.case.fault is not Fault.BUYER and _too_much_to_give(w) is None:
        return say("Up to {most_fen} the shop does not haggle.", most_fen=w.limit(w.terms.small_sum))
    return None


def _too_much_to_give(w: Weighing) -> Say | None:
    """Why the shop's limits forbid to pay without the goods; None where they allow it."""
    if w.case.same_picture_elsewhere:
        return say("The same picture was handed in elsewhere: nothing is given away on it.")
    if is_repeat_refunder(w.case, w.terms):
        return say("The buyer has had many refunds: nothing is given away.")
    most = w.limit(w.terms.give_away_up_to)
    if _no_picture(w) is not None:
        return _no_picture(w)
    if w.refund > most and w.truth.chance < _TRUE:
        return say("It is more than the {most_fen} up to which the shop gives goods away.", most_fen=most)
    return None


def _no_picture(w: Weighing) -> Say | None:
    """Why nothing is given on a complaint that a picture would show: the sum is not small, and there is none."""
    if w.words.shows_in_picture and w.case.pictures == 0 and not w.truth.is_found_out and w.refund > w.limit(w.terms.picture_above):
        return say("Above {most_fen} the shop wants to see a picture first.", most_fen=w.limit(w.terms.picture_above))
    return None


def _not_yours_to_give(w: Weighing) -> Say | None:
    return say("The same picture was handed in elsewhere: nothing is given away on it.") if w.case.same_picture_elsewhere else None


def _no_time_to_wait(w: Weighing) -> Say | None:
    """Why one no longer waits for anybody: the last moment to answer, in the hours in which somebody is there, has come."""
    if w.due_at is not None and w.now > _last_chance(w.due_at - timedelta(hours=w.terms.answer_first_hours)):
        return say("There is no time left to wait: the request has to be answered.")
    return None


def _last_chance(moment: datetime) -> datetime:
    """The moment itself by day, else the evening before it: at night nobody is there to answer."""
    wall = in_shanghai(moment)
    if _OPENS <= wall.hour < _CLOSES:
        return moment
    evening = wall.replace(hour=_CLOSES, minute=0, second=0, microsecond=0)
    return evening if wall.hour >= _CLOSES else evening - timedelta(days=1)


def _too_late_to_fix(w: Weighing) -> Say | None:
    uploaded_at = w.case.uploaded_at or w.case.shipped_at
    if uploaded_at is not None and w.now > uploaded_at + _FIX:
        return say("A number can be put right within 24 hours of its upload only.")
    return None


def _unfixed(w: Weighing) -> Say | None:
    """A refusal needs a parcel that can be shown."""
    if w.case.trace is Trace.RESHIPPED:
        return _no_refusal(w)
    if _too_late_to_fix(w) is not None:
        return say("The number was wrong and stays so: the buyer cannot see the parcel, which is the shop's own mistake.")
    return say("First the number is put right; then the buyer can see the parcel.")


_AT: Mapping[Goods, Callable[[Weighing], tuple[Weighed, ...]]] = {
    Goods.NOT_PRINTED: _not_printed,
    Goods.PRINTED: _printed,
    Goods.ON_THE_WAY: _on_the_way,
    Goods.COMING_BACK: _coming_back,
    Goods.BACK: _coming_back,
    Goods.DELIVERED: _delivered,
    Goods.NO_TRACE: _no_trace,
    Goods.LOST: _lost,
}
