"""The answers one can give, each with its expected cost: money out, goods regained, freight, work, and what the indicators lose."""

from zhanggui.core.advice.book import Grievance
from zhanggui.core.advice.case import Goods, ReturnGrade
from zhanggui.core.advice.indicators import dispute_price, intervention_price
from zhanggui.core.advice.learnt import WELL_SHOWN
from zhanggui.core.advice.weighing import Tally, Weighing, refund_line, share_line
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say
from zhanggui.core.verdicts import Act, Weighed

_WAIT_HOURS = 72
"""How long a parcel that is let go on travels until it is back: a refund under way waits so long."""
_SHOWN_BY_SCANS = frozenset({Grievance.NOT_RECEIVED, Grievance.NO_NEWS, Grievance.LATE})
_GONE = frozenset({Goods.ON_THE_WAY, Goods.NO_TRACE})


def stop_and_refund(w: Weighing, act: Act) -> Weighed:
    """Keep the parcel in the house and pay back: the sale is gone, the goods are not."""
    return Tally(act).add(*refund_line(w.refund)).add(say("The goods stay here."), -w.goods_cost).weighed()


def pay_without_goods(w: Weighing, act: Act, barred: Say | None = None) -> Weighed:
    """Pay back and let the goods be."""
    return _pay(w, act).weighed(barred=barred)


def _pay(w: Weighing, act: Act) -> Tally:
    tally = Tally(act).add(*refund_line(w.refund)).add(say("The refund counts for the quality refund rate."), w.quality)
    if w.case.goods in _GONE:
        return tally.add(say("Some of such parcels can still be stopped."), -w.stops * w.regained())
    return tally.add(say("What the carrier may pay for it."), -w.from_carrier)


def pay_for_what_comes_back(w: Weighing) -> Weighed:
    """Pay back for a parcel that was stopped or refused and comes back unopened."""
    tally = Tally(Act.AGREE_REFUND).add(*refund_line(w.refund))
    tally.add(say("The goods come back unopened."), -w.regained(ReturnGrade.AS_NEW)).add(say("The way back."), w.terms.freight_back)
    return tally.add(say("Taking them in."), w.terms.handling).weighed()


def agree_return(w: Weighing, act: Act = Act.AGREE_RETURN, barred: Say | None = None) -> Weighed:
    """Let the goods come back for the money."""
    return _return(w, act, 1.0).weighed(barred=barred)


def _return(w: Weighing, act: Act, taken: float) -> Tally:
    """The cost of a return that so many of the buyers take up; some of them never send anything."""
    sent = taken * w.chance("sends_back")
    tally = Tally(act).add(*share_line(sent, w.refund)).add(say("What the goods are worth once they are back."), -sent * w.regained())
    tally.add(say("The way back, where we bear it."), sent * w.way_back).add(say("Taking them in."), sent * w.terms.handling)
    return tally.add(say("The refund counts for the quality refund rate."), sent * w.quality)


def offer_return(w: Weighing, otherwise: float, barred: Say | None = None) -> Weighed:
    """Propose that the goods come back, where money alone was asked for; who does not want that is answered otherwise."""
    taken = w.chance("accepts_return")
    tally = _return(w, Act.OFFER_RETURN, taken).add(say("Coming to terms with the buyer."), w.terms.negotiation)
    return tally.add(say("{share} of 100 buyers do not agree.", share=round((1 - taken) * 100)), (1 - taken) * otherwise).weighed(barred=barred)


def offer_partial(w: Weighing, otherwise: float, barred: Say | None = None) -> Weighed | None:
    """Offer the part of the money that costs least: the more one offers, the more buyers are content."""
    steps = [step for step in w.terms.partial if step.percent <= w.terms.most_partial_percent]
    offers = [_partial(w, step.percent, step.accepts, otherwise, barred) for step in steps]
    return min(offers, key=lambda offer: offer.cost, default=None)


def _partial(w: Weighing, percent: int, accepts: float, otherwise: float, barred: Say | None) -> Weighed:
    amount = Fen(max(1, min(w.refund * percent // 100, w.refund if w.case.left is None else w.case.left)))
    tally = Tally(Act.OFFER_PARTIAL).add(say("{share} of 100 buyers are content with a part.", share=round(accepts * 100)), accepts * amount)
    tally.add(say("The refund counts for the quality refund rate."), accepts * w.quality).add(say("Coming to terms with the buyer."), w.terms.negotiation)
    return tally.add(say("{share} of 100 buyers do not agree.", share=round((1 - accepts) * 100)), (1 - accepts) * otherwise).weighed(
        amount=amount, barred=barred
    )


def declined(w: Weighing, otherwise: float) -> float:
    """What follows where a buyer who asked for goods does not want the money offered in their place: most get the goods, some call in the platform."""
    called = w.chance("calls_declined")
    lost = 1 - w.wins(w.truth.chance, is_shown=has_evidence(w))
    ruled = intervention_price(w.case, w.terms) + w.terms.dispute_work + lost * (w.refund + dispute_price(w.case, w.terms) + w.quality)
    return (1 - called) * otherwise + called * ruled


def resend(w: Weighing, otherwise: float, barred: Say | None = None) -> Weighed:
    """Send what is missing, or the right goods, once more; whoever wants the money all the same gets it."""
    accepts, goods = w.chance("accepts_resend"), w.piece_cost if w.grievance is Grievance.MISSING else w.goods_cost
    tally = Tally(Act.RESEND).add(say("The goods that are sent once more."), accepts * goods).add(say("Their freight."), accepts * w.terms.freight_out)
    tally.add(say("What the carrier may pay for it."), -accepts * w.from_carrier).add(say("Coming to terms with the buyer."), w.terms.negotiation)
    return tally.add(say("{share} of 100 buyers do not agree.", share=round((1 - accepts) * 100)), (1 - accepts) * otherwise).weighed(
        barred=_out_of_stock(w) or barred
    )


def agree_exchange(w: Weighing, barred: Say | None = None) -> Weighed:
    """Send the goods that the buyer asks for; for an exchange or a repair the others come back first, and some buyers never send them."""
    sent, tally = w.chance("sends_back"), Tally(Act.AGREE_EXCHANGE)
    match w.case.kind:
        case AftersaleKind.EXCHANGE:
            tally.add(say("The goods that are sent once more."), sent * w.goods_cost)
            tally.add(say("What the goods are worth once they are back."), -sent * w.regained())
            tally.add(say("The way back, where we bear it."), sent * w.way_back).add(say("Taking them in."), sent * w.terms.handling)
        case AftersaleKind.REPAIR:
            tally.add(say("The way back, where we bear it."), sent * w.way_back).add(say("Mending them."), sent * 2 * w.terms.handling)
        case _:
            sent = 1.0
            tally.add(say("The goods that are sent once more."), w.piece_cost)
    missing = _out_of_stock(w) if w.case.kind is not AftersaleKind.REPAIR else None
    return tally.add(say("Their freight."), sent * w.terms.freight_out).weighed(barred=missing or barred)


def refuse(w: Weighing, barred: Say | None = None) -> Weighed:
    """Refuse: some buyers call in the platform, and some of those get their money all the same."""
    called, lost = ruling(w)
    tally = Tally(Act.REFUSE).add(say("Writing with the buyer."), w.terms.contact)
    tally.add(say("{share} of 100 buyers call in the platform, which counts.", share=round(called * 100)), called * intervention_price(w.case, w.terms))
    tally.add(say("Gathering and handing in evidence."), called * w.terms.dispute_work)
    tally.add(*share_line(lost, w.refund)).add(
        say("Rulings lost count for the dispute and quality rates."), lost * (dispute_price(w.case, w.terms) + w.quality)
    )
    wronged = w.truth.chance * w.chance("reviews_badly")
    return tally.add(say("Bad reviews of buyers who were right."), wronged * w.terms.bad_review).weighed(barred=barred)


def hand_in_evidence(w: Weighing) -> Weighed:
    """Hand in the evidence and await the ruling; that the platform was called in counts already."""
    # there is time to gather it: what lies ready matters less than before
    lost = 1 - w.wins(w.truth.chance, is_shown=True)
    tally = Tally(Act.HAND_IN_EVIDENCE).add(say("Gathering and handing in evidence."), w.terms.dispute_work).add(*share_line(lost, w.refund))
    return tally.add(say("Rulings lost count for the dispute and quality rates."), lost * (dispute_price(w.case, w.terms) + w.quality)).weighed()


def let_arrive(w: Weighing, barred: Say | None = None) -> Weighed:
    """Let the parcel arrive, and pay if it is refused at the door: some buyers keep it, most refuse it, and some call in the platform, which sees it move."""
    back, called = _who_leaves(w, "keeps_parcel")
    waiting = _WAIT_HOURS * w.terms.transit_refund_hour
    tally = Tally(Act.OFFER_RETURN).add(say("Coming to terms with the buyer."), w.terms.negotiation)
    tally.add(say("{share} of 100 parcels come back unopened; the money goes back for the goods.", share=round(back * 100)), back * (_comes_back(w) + waiting))
    return _calls_under_way(w, tally, called).weighed(barred=barred)


def refuse_under_way(w: Weighing, barred: Say | None = None) -> Weighed:
    """Refuse what is on its way and merely not wanted any more; the right to send it back within seven days of receipt stays. More buyers keep it then."""
    back, called = _who_leaves(w, "keeps_refused")
    tally = Tally(Act.REFUSE).add(say("Writing with the buyer."), w.terms.contact)
    returned = back * (w.refund - w.regained() + w.terms.handling)
    tally.add(say("{share} of 100 buyers send it back once they have it; the money goes back for the goods.", share=round(back * 100)), returned)
    return _calls_under_way(w, tally, called).weighed(barred=barred)


def _who_leaves(w: Weighing, keeps: str) -> tuple[float, float]:
    """How many do not keep a parcel that arrives though they no longer want it: those who give it back, and those who call in the platform."""
    leaves, calls = 1 - w.chance(keeps), w.chance("calls_under_way")
    return leaves * (1 - calls), leaves * calls


def _calls_under_way(w: Weighing, tally: Tally, called: float) -> Tally:
    """What the calls cost, and the reviews."""
    lost = called * (1 - w.wins(0.0, is_shown=True))
    tally.add(say("{share} of 100 buyers call in the platform, which counts.", share=round(called * 100)), called * intervention_price(w.case, w.terms))
    tally.add(say("Gathering and handing in evidence."), called * w.terms.dispute_work).add(*share_line(lost, w.refund))
    tally.add(say("Rulings lost count for the dispute and quality rates."), lost * (dispute_price(w.case, w.terms) + w.quality))
    return tally.add(say("Bad reviews of buyers who wanted none of it."), w.chance("reviews_badly") * w.terms.bad_review)


def intercept(w: Weighing, otherwise: float, barred: Say | None = None) -> Weighed:
    """Have the parcel stopped, and pay once it is coming back."""
    stops = w.stops
    tally = Tally(Act.INTERCEPT).add(say("Writing with the carrier."), w.terms.contact)
    tally.add(say("{share} of 100 such parcels can be stopped; the money goes back for the goods.", share=round(stops * 100)), stops * _comes_back(w))
    return tally.add(say("The others arrive, and are answered then."), (1 - stops) * otherwise).weighed(barred=barred)


def _comes_back(w: Weighing) -> float:
    return w.refund - w.regained(ReturnGrade.AS_NEW) + w.terms.freight_back + w.terms.handling


def fix_number(w: Weighing, otherwise: float, barred: Say | None = None) -> Weighed:
    """Put the number right and refuse with that reason: some buyers wait for their parcel."""
    waits = w.chance("withdraws_late")
    tally = Tally(Act.FIX_NUMBER).add(say("Coming to terms with the buyer."), w.terms.negotiation)
    return tally.add(say("{share} of 100 buyers do not agree.", share=round((1 - waits) * 100)), (1 - waits) * otherwise).weighed(barred=barred)


def chase_carrier(w: Weighing, otherwise: float, barred: Say | None = None) -> Weighed:
    """Press the carrier and reassure the buyer: some parcels move on."""
    arrives = w.chance("arrives_after_all")
    tally = Tally(Act.CHASE_CARRIER).add(say("Writing with the buyer and the carrier."), 2 * w.terms.contact)
    return tally.add(say("{share} of 100 such parcels do not arrive.", share=round((1 - arrives) * 100)), (1 - arrives) * otherwise).weighed(barred=barred)


def pay_for_lost(w: Weighing) -> Weighed:
    """Pay back for a parcel that is lost, and claim it from the carrier."""
    claimed = w.chance("carrier_pays") * w.goods_cost
    tally = Tally(Act.AGREE_REFUND).add(*refund_line(w.refund)).add(say("The refund counts for the quality refund rate."), w.quality)
    return tally.add(say("What the carrier may pay for it."), -claimed).weighed()


def pay_whole_return(w: Weighing, barred: Say | None = None) -> Weighed:
    """Pay for a return that is all there."""
    tally = Tally(Act.REFUND_RETURN).add(*refund_line(w.refund)).add(say("What the goods are worth."), -w.regained(w.case.return_grade))
    return tally.add(say("The refund counts for the quality refund rate."), w.quality).weighed(barred=barred)


def pay_counted(w: Weighing, counted: Fen, otherwise: float) -> Weighed:
    """Pay what was counted, by agreement; who does not agree is refused with the evidence."""
    accepts = w.chance("accepts_return")
    tally = Tally(Act.REFUND_COUNTED).add(say("{share} of 100 buyers agree to what was counted.", share=round(accepts * 100)), accepts * (counted + w.quality))
    tally.add(say("What the goods are worth."), -accepts * w.regained(w.case.return_grade)).add(say("Coming to terms with the buyer."), w.terms.negotiation)
    return tally.add(say("{share} of 100 buyers do not agree.", share=round((1 - accepts) * 100)), (1 - accepts) * otherwise).weighed(amount=counted)


def ruling(w: Weighing) -> tuple[float, float]:
    """How many of a refused buyers call in the platform, and how many of all get their money by its ruling."""
    true, honest, lying = w.truth.chance, w.chance("escalates_true"), w.chance("escalates_false")
    called = true * honest + (1 - true) * lying
    if not called:
        return 0.0, 0.0
    really = w.calls(called)
    return really, really * (1 - w.wins(true * honest / called, is_shown=has_evidence(w)))


def ruling_under_way(w: Weighing) -> tuple[float, float]:
    """The same of those who only do not want any more what is on its way: most give it back at the door, and few call in the platform."""
    if w.case.goods is not Goods.ON_THE_WAY or w.case.kind is not AftersaleKind.REFUND_ONLY or w.grievance is not Grievance.NOT_WANTED:
        return ruling(w)
    _, called = _who_leaves(w, "keeps_refused")
    return called, called * (1 - w.wins(0.0, is_shown=True))


def has_evidence(w: Weighing) -> bool:
    """Whether something of our own shows how it was."""
    case = w.case
    if w.grievance is Grievance.NOT_WANTED:
        return True  # the buyer's own reason shows it
    if w.grievance in _SHOWN_BY_SCANS and case.last_news_at is not None:
        return True
    is_kept = bool(case.evidence) and (case.shown is None or case.shown >= WELL_SHOWN)
    return any((is_kept, case.packed_right, case.weight_right, case.return_grade is not None, case.same_picture_elsewhere))


def _out_of_stock(w: Weighing) -> Say | None:
    return say("It is not in stock.") if w.case.in_stock is False else None
