"""How an answer is said: its headline, what a person should check, the message to the buyer and the text for the platform's form."""

from collections.abc import Mapping

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Goods, ReturnGrade, ReturnLeg, Stopping, Trace
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
    Act.AGREE_REFUND: "advice_refund",
    Act.GIVE_AWAY: "advice_give_away",
    Act.OFFER_PARTIAL: "advice_partial",
    Act.OFFER_RETURN: "advice_offer_return",
    Act.RESEND: "advice_resend",
    Act.REFUSE: "advice_refuse",
    Act.FIX_NUMBER: "advice_fix_number",
    Act.CHASE_CARRIER: "advice_chase",
    Act.INSPECT_RETURN: "return_received",
    Act.REFUND_RETURN: "advice_return_paid",
    Act.REFUND_COUNTED: "advice_counted",
    Act.CLAIM: "advice_return_lost",
}

_FORMS: Mapping[Grievance, str] = {
    Grievance.MISSING: "form_packed_right",
    Grievance.WRONG_ITEM: "form_packed_right",
    Grievance.NOT_WANTED: "form_send_back",
    Grievance.NO_NEWS: "form_on_its_way",
    Grievance.LATE: "form_on_its_way",
    Grievance.NOT_RECEIVED: "form_on_its_way",
}

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
    return _HEADLINES[act]


def _script(act: Act, w: Weighing) -> str | None:
    if act is Act.INSPECT_RETURN and w.case.return_leg is not ReturnLeg.DELIVERED:
        return "exchange_on_way" if w.case.kind in (AftersaleKind.EXCHANGE, AftersaleKind.REPAIR) else "return_on_way"
    if act is Act.REFUSE and w.case.goods is Goods.ON_THE_WAY:
        return "advice_on_its_way"
    if act is Act.REFUSE and w.case.trace is Trace.RESHIPPED:
        return "advice_fix_number"
    return _SCRIPTS.get(act)


def _form(act: Act, w: Weighing) -> str | None:
    """The text for the platform's own form, where the answer has one."""
    match act:
        case Act.REFUSE if w.case.return_grade is not None:
            return "form_return_empty" if w.case.return_grade is ReturnGrade.EMPTY else "form_return_not_whole"
        case Act.REFUSE:
            return _FORMS.get(w.grievance, "form_not_shown")
        case Act.OFFER_RETURN:
            return "form_on_its_way" if w.case.goods is Goods.ON_THE_WAY or w.case.stopping is Stopping.FAILED else "form_send_back"
        case Act.FIX_NUMBER:
            return "form_number_changed"
        case Act.OFFER_PARTIAL:
            return "form_partial"
        case Act.REFUND_COUNTED:
            return "form_counted"
        case _:
            return None
