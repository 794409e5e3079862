"""How an answer is said: its headline, what a person should check, the message to the buyer and the text for the platform's form."""

from collections.abc import Callable, Mapping

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Goods, ReturnGrade, ReturnLeg, Trace
from zhanggui.core.advice.reading import IN_HAND, PACKED, is_within_a_week, needs_no_reason
from zhanggui.core.advice.weighing import Weighing
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act

NEVER_STEER = say("Never ask the buyer to pick another reason.")
NEVER_PAY_FOR_PRAISE = say("Never offer money, goods or coupons for a rating, and never answer such a demand with any.")

_HEADLINES: Mapping[Act, Say] = {
    Act.CANCEL_SHIPPING_AND_REFUND: say("Do not ship: take it off the packing list, then refund"),
    Act.DESTROY_WAYBILL_AND_REFUND: say("Do not ship: destroy the waybill, then refund"),
    Act.INTERCEPT: say("Have the parcel stopped, then answer the refund"),
    Act.AGREE_REFUND: say("Agree to the refund"),
    Act.GIVE_AWAY: say("Pay back and let the buyer keep the goods"),
    Act.OFFER_PARTIAL: say("Offer a part of the money"),
    Act.OFFER_RETURN: say("Propose that the goods come back for the money"),
    Act.AGREE_RETURN: say("Agree to the return and name the address"),
    Act.RESEND: say("Offer to send it once more"),
    Act.AGREE_EXCHANGE: say("Agree, and send the goods"),
    Act.REFUSE: say("Refuse, with the reason and the evidence"),
    Act.ASK_BUYER: say("Ask what is wrong, with a picture, before you decide"),
    Act.FIX_NUMBER: say("Put the number right, then refuse with that reason"),
    Act.CHASE_CARRIER: say("Press the carrier and reassure the buyer"),
    Act.HAND_IN_EVIDENCE: say("Hand in the evidence"),
    Act.INSPECT_RETURN: say("Inspect the return and refund"),
    Act.REFUND_RETURN: say("The return is whole: refund"),
    Act.REFUND_COUNTED: say("Agree with the buyer on what was counted"),
    Act.CLAIM: say("Claim the return parcel from the carrier"),
    Act.WAIT_FOR_BUYER: say("The buyer's turn: nothing to do"),
    Act.LOOK: say("Look the case up"),
}

_CHECKS: Mapping[Act, tuple[Say, ...]] = {
    Act.CANCEL_SHIPPING_AND_REFUND: (say("Is the parcel still in the house? If the carrier already has it, intercept it instead."),),
    Act.DESTROY_WAYBILL_AND_REFUND: (say("Take the parcel out of the outgoing pile and destroy its label before you agree."),),
    Act.INTERCEPT: (say("Has the carrier confirmed that it will stop the parcel?"), say("Refund once the parcel is on its way back or was refused.")),
    Act.OFFER_PARTIAL: (say("The offer is for the goods as they are; it has nothing to do with any rating."),),
    Act.AGREE_RETURN: (
        say("Are the goods of a kind that may be sent back without a reason?"),
        say("Is the return address in the case the right one?"),
    ),
    Act.RESEND: (say("Is what the buyer needs in stock?"),),
    Act.AGREE_EXCHANGE: (say("Is what the buyer needs in stock?"),),
    Act.REFUSE: (
        say("Gather the evidence first: the platform asks for it within 48 hours if the buyer calls."),
        say("The chat must show the whole course with its times."),
    ),
    Act.FIX_NUMBER: (say("Is the new number the one on the parcel?"),),
    Act.CHASE_CARRIER: (say("Ask the branch where the parcel is, and note the answer."),),
    Act.HAND_IN_EVIDENCE: (
        say("Only one submission is taken: gather everything first."),
        say("Three pictures at most, originals, uncropped; the chat must show the whole course with its times."),
    ),
    Act.INSPECT_RETURN: (say("Open the parcel on camera: is everything there and unworn?"),),
    Act.REFUND_COUNTED: (say("Keep the pictures of what was counted."),),
    Act.CLAIM: (say("Ask the carrier for a written answer; the buyer's money does not wait for it for ever."),),
}

_SCRIPTS: Mapping[Act, str] = {
    Act.CANCEL_SHIPPING_AND_REFUND: "refund_unshipped",
    Act.DESTROY_WAYBILL_AND_REFUND: "refund_unshipped",
    Act.INTERCEPT: "refund_intercept",
    Act.ASK_BUYER: "refund_ask_problem",
    Act.AGREE_RETURN: "return_agree",
    Act.AGREE_EXCHANGE: "exchange_agree",
    Act.GIVE_AWAY: "advice_give_away",
    Act.OFFER_PARTIAL: "advice_partial",
    Act.OFFER_RETURN: "advice_offer_return",
    Act.RESEND: "advice_resend",
    Act.FIX_NUMBER: "advice_fix_number",
    Act.CHASE_CARRIER: "advice_chase",
    Act.INSPECT_RETURN: "return_received",
    Act.REFUND_RETURN: "advice_return_paid",
    Act.REFUND_COUNTED: "advice_counted",
    Act.CLAIM: "advice_return_lost",
}

_FORMS: Mapping[Act, str] = {
    Act.FIX_NUMBER: "form_number_changed",
    Act.OFFER_PARTIAL: "form_partial",
    Act.REFUND_COUNTED: "form_counted",
}
_ANSWERED_BY_DELIVERY = frozenset({Grievance.NOT_RECEIVED, Grievance.NO_NEWS, Grievance.LATE, Grievance.OUT_OF_STOCK})
"""Complaints that a delivery answers."""
_FOR_MONEY = frozenset({AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND})
_OUT_THERE = frozenset({Goods.ON_THE_WAY, Goods.COMING_BACK, Goods.NO_TRACE, Goods.LOST})
_Choices = tuple[tuple[Callable[[Weighing], bool], str], ...]
"""Texts, each with what must hold for it; the first that may be said is taken."""

_RUNNERS_UP: Mapping[Act, Act] = {
    Act.CANCEL_SHIPPING_AND_REFUND: Act.LOOK,
    Act.DESTROY_WAYBILL_AND_REFUND: Act.INTERCEPT,
    Act.ASK_BUYER: Act.OFFER_RETURN,
    Act.AGREE_RETURN: Act.OFFER_PARTIAL,
    Act.INSPECT_RETURN: Act.WAIT_FOR_BUYER,
}


class Wording(msgspec.Struct, frozen=True):
    """How one answer to one case is said."""

    headline: Say
    check: tuple[Say, ...]
    script: str | None
    form: str | None


def wording(act: Act, w: Weighing) -> Wording:
    """How this answer is said to this case."""
    check = list(_CHECKS.get(act, ()))
    if w.grievance not in (Grievance.NOT_WANTED, Grievance.OTHER) and w.case.state is AftersaleState.SELLER_TO_ANSWER:
        check.append(NEVER_STEER)
    if w.case.threatens:
        check.append(NEVER_PAY_FOR_PRAISE)
    if w.words.shows_in_picture and w.case.pictures is None and act in (Act.AGREE_REFUND, Act.GIVE_AWAY, Act.OFFER_PARTIAL, Act.REFUSE):
        check.append(say("Look at the buyer's pictures: do they show what is complained of?"))
    return Wording(_headline(act, w), tuple(check), _script(act, w), _form(act, w))


def runner_up_beside(act: Act) -> Act | None:
    """What to turn to where only one answer is lawful and it cannot be given."""
    return _RUNNERS_UP.get(act)


def _headline(act: Act, w: Weighing) -> Say:
    if act is Act.AGREE_EXCHANGE and w.case.kind is AftersaleKind.RESEND:
        return say("Agree, and send what is missing")
    if act is Act.AGREE_EXCHANGE and w.case.kind is AftersaleKind.REPAIR:
        return say("Agree to the repair")
    if act is Act.REFUSE and w.case.goods is Goods.ON_THE_WAY and w.grievance is Grievance.NOT_WANTED:
        return say("Refuse while it is on its way: it may come back once it is there")
    if act is Act.INTERCEPT and w.case.state is AftersaleState.SELLER_TO_RECEIVE:
        return say("The parcel is being called back: refund once it is stopped")
    if act is Act.INSPECT_RETURN and w.case.return_leg is not ReturnLeg.DELIVERED:
        return say("The return is on its way: be ready to inspect it")
    if act is Act.AGREE_REFUND and w.case.goods is Goods.LOST:
        return say("Agree to the refund, and claim the parcel from the carrier")
    if act is Act.AGREE_REFUND and w.case.goods in (Goods.COMING_BACK, Goods.BACK):
        return say("The goods are coming back: agree to the refund")
    return _of_return(w) if act is Act.REFUND_RETURN else _HEADLINES[act]


def _of_return(w: Weighing) -> Say:
    """How the money for a return is said to go: not every one is whole."""
    if w.case.is_waived:
        return say("Refund all the same, as a person decided")
    if w.case.return_grade not in (None, ReturnGrade.AS_NEW, ReturnGrade.OPENED):
        return say("Refund the return as it came back")
    return _HEADLINES[Act.REFUND_RETURN]


def _script(act: Act, w: Weighing) -> str | None:
    """The message to the buyer, where the answer has one."""
    match act:
        case Act.INSPECT_RETURN if w.case.return_leg is not ReturnLeg.DELIVERED:
            return "exchange_on_way" if w.case.kind in (AftersaleKind.EXCHANGE, AftersaleKind.REPAIR) else "return_on_way"
        case Act.REFUSE:
            return _first(_REFUSED, w) or "advice_refuse_request"
        case Act.AGREE_REFUND:
            return _first(_REFUNDED, w) or "advice_refund_agreed"
        case Act.OFFER_RETURN if _is_on_its_way(w):
            return "advice_on_its_way"
        case Act.REFUND_RETURN if w.case.is_waived or not _came_back_whole(w):
            return "advice_refund_agreed"
        case _:
            return _SCRIPTS.get(act)


def _form(act: Act, w: Weighing) -> str | None:
    """The text for the platform's own form, where the answer has one."""
    match act:
        case Act.REFUSE:
            return _first(_REFUSAL_FORMS, w) or "form_not_agreed"
        case Act.OFFER_RETURN:
            return _first(_RETURN_FORMS, w) or "form_return_instead"
        case _:
            return _FORMS.get(act)


def _first(choices: _Choices, w: Weighing) -> str | None:
    """The first text whose condition holds."""
    return next((text for holds, text in choices if holds(w)), None)


def _all_went_back(w: Weighing) -> bool:
    return w.case.left == 0


def _was_counted(w: Weighing) -> bool:
    return w.case.state is AftersaleState.SELLER_TO_RECEIVE and w.case.return_grade is not None


def _was_empty(w: Weighing) -> bool:
    return _was_counted(w) and w.case.return_grade is ReturnGrade.EMPTY


def _came_back_whole(w: Weighing) -> bool:
    is_all = w.case.counted is None or w.case.counted >= w.refund
    return is_all and w.case.return_grade in (ReturnGrade.AS_NEW, ReturnGrade.OPENED)


def _was_sent_again(w: Weighing) -> bool:
    return w.case.goods is Goods.NO_TRACE and w.case.trace is Trace.RESHIPPED


def _is_on_its_way(w: Weighing) -> bool:
    """Whether the buyer is told that the goods are on their way; not who complains of what lay in the parcel."""
    return w.case.goods is Goods.ON_THE_WAY and w.grievance not in IN_HAND


def _may_wait_for_it(w: Weighing) -> bool:
    """The same of a refusal, which promises the money for what comes back: not to who asks for goods."""
    return _is_on_its_way(w) and w.case.kind in _FOR_MONEY


def _has_come(w: Weighing) -> bool:
    """Whether a delivery is known that speaks against the complaint."""
    return w.case.goods is Goods.DELIVERED and w.case.delivered_at is not None and w.grievance in _ANSWERED_BY_DELIVERY


def _is_exempt(w: Weighing) -> bool:
    return w.grievance is Grievance.NOT_WANTED and bool(w.case.no_reason_exempt)


def _is_past_the_week(w: Weighing) -> bool:
    return w.grievance is Grievance.NOT_WANTED and not is_within_a_week(w.case, w.now)


def _was_scanned(w: Weighing) -> bool:
    return w.grievance in PACKED and bool(w.case.packed_right)


def _was_weighed(w: Weighing) -> bool:
    return w.grievance in PACKED and bool(w.case.weight_right)


def _was_scanned_and_weighed(w: Weighing) -> bool:
    return _was_scanned(w) and _was_weighed(w)


def _has_them(w: Weighing) -> bool:
    """Whether somebody has the goods, does not say otherwise, and asks for money alone; not for a parcel that it was agreed to call back."""
    case = w.case
    has_come = case.kind is AftersaleKind.REFUND_ONLY and case.goods is Goods.DELIVERED and case.state is not AftersaleState.SELLER_TO_RECEIVE
    return has_come and w.grievance is not Grievance.NOT_RECEIVED and case.says_received is not False


def _may_send_back(w: Weighing) -> bool:
    """Whether who is refused the money alone may still send the goods back without a reason."""
    return _has_them(w) and needs_no_reason(w.case, w.now)


def _wants_none_of_it(w: Weighing) -> bool:
    return _has_them(w) and w.grievance is Grievance.NOT_WANTED


def _may_still_come(w: Weighing) -> bool:
    """Whether the parcel may yet be brought to a buyer who gets the money."""
    said_missing = w.case.kind is AftersaleKind.REFUND_ONLY and w.case.goods is Goods.DELIVERED and not _has_them(w)
    return w.case.goods in _OUT_THERE or said_missing


_REFUNDED: _Choices = ((_has_them, "advice_refund"), (_may_still_come, "advice_refund_refuse_parcel"))
_REFUSED: _Choices = (
    (_all_went_back, "advice_paid_back"),
    (_was_counted, "advice_refuse_return"),
    (_was_sent_again, "advice_sent_again"),
    (_may_wait_for_it, "advice_on_its_way"),
    (_may_send_back, "advice_refuse"),
)
_REFUSAL_FORMS: _Choices = (
    (_all_went_back, "form_paid_back"),
    (_was_empty, "form_return_empty"),
    (_was_counted, "form_return_not_whole"),
    (_was_sent_again, "form_sent_again"),
    (_may_wait_for_it, "form_on_its_way"),
    (_has_come, "form_delivered"),
    (_is_exempt, "form_exempt"),
    (_is_past_the_week, "form_past_the_week"),
    (_was_scanned_and_weighed, "form_packed_right"),
    (_was_scanned, "form_scanned"),
    (_was_weighed, "form_weighed"),
    (_may_send_back, "form_not_shown"),
)
"""What a refusal is founded on: the first that the facts bear out. Where none is, nothing is claimed."""
_RETURN_FORMS: _Choices = ((_is_on_its_way, "form_on_its_way"), (_wants_none_of_it, "form_send_back"))
