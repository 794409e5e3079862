"""What the facts of a case come to: the grievance, how likely the complaint is true, whom one deals with, and the chances learnt."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.core.advice.book import AdviceBook, Grievance, GrievanceWords, ShopTerms
from zhanggui.core.advice.case import CaseToAdvise, Fault, Goods, Tried
from zhanggui.core.cases.no_reason import ends_at
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.say import Say, say

_UNREAD = GrievanceWords(kind=Grievance.OTHER, words=(), is_true=0.5)
_SURE, _NEVER = 0.98, 0.02
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
OF_CONDITION = frozenset(
    {Grievance.MISSING, Grievance.WRONG_ITEM, Grievance.QUALITY, Grievance.NOT_AS_DESCRIBED, Grievance.FAKE, Grievance.DAMAGED, Grievance.OTHER}
)
"""What can only be said of goods one has in hand."""
IN_HAND = OF_CONDITION - {Grievance.OTHER}
"""What tells, where nothing else does, that the buyer has them."""
PACKED = frozenset({Grievance.MISSING, Grievance.WRONG_ITEM})
"""What the packing check and the weight speak on."""


class Truth(msgspec.Struct, frozen=True):
    """How likely the complaint is true, and what speaks for and against it."""

    chance: float
    because: tuple[Say, ...]
    is_found_out: bool = False


def grievance_of(reason: str, kind: AftersaleKind, book: AdviceBook) -> GrievanceWords:
    """What the reason complains of; a return without a word of complaint is one of goods not wanted."""
    found = next((each for each in book.grievances if any(word in reason for word in each.words)), None)
    if found is None and kind is AftersaleKind.RETURN_AND_REFUND and not reason:
        return next(each for each in book.grievances if each.kind is Grievance.NOT_WANTED)
    return found or _UNREAD


def complaint_of(case: CaseToAdvise, book: AdviceBook) -> GrievanceWords:
    """The grievance of a case: by its reason; where that is none we know, by what the buyer ticked of the receipt."""
    found = grievance_of(case.reason, case.kind, book)
    if found is _UNREAD and case.says_received is False and case.kind is AftersaleKind.REFUND_ONLY:
        return next(each for each in book.grievances if each.kind is Grievance.NOT_RECEIVED)
    return found


def truth_of(case: CaseToAdvise, grievance: GrievanceWords, terms: ShopTerms) -> Truth:
    """How likely the buyer's complaint is true."""
    if case.fault is not None:
        is_true = case.fault is not Fault.BUYER
        said = say("It was found out that the buyer is right.") if is_true else say("It was found out that the buyer is not right.")
        return Truth(_SURE if is_true else _NEVER, (said,), is_found_out=True)
    if grievance.kind is Grievance.NOT_WANTED:
        return Truth(_NEVER, (say("The buyer complains of nothing: the goods are not wanted."),))
    odds = grievance.is_true / (1 - grievance.is_true)
    because = []
    for name, said in _signs(case, grievance, terms):
        odds *= terms.odds[name]
        because.append(said)
    chance = min(_SURE, max(_NEVER, odds / (1 + odds)))
    because.append(say("By this the complaint is true in about {share} of 100 such cases.", share=round(chance * 100)))
    return Truth(chance, tuple(because))


def _signs(case: CaseToAdvise, grievance: GrievanceWords, terms: ShopTerms) -> list[tuple[str, Say]]:
    """The facts that speak for or against the complaint, each with its sentence."""
    return [*_shown(case, grievance), *_of_parcel(case, grievance), *_moving(case, grievance), *_of_buyer(case, terms)]


def _shown(case: CaseToAdvise, grievance: GrievanceWords) -> list[tuple[str, Say]]:
    """What pictures show."""
    signs: list[tuple[str, Say]] = []
    if grievance.shows_in_picture and case.pictures is not None:
        if case.pictures > 0:
            signs.append(("picture", say("The buyer handed in {count} pictures.", count=case.pictures)))
        elif case.asked_at is not None:
            signs.append(("no_answer", say("The buyer was asked for a picture and sent none.")))
        else:
            signs.append(("no_picture", say("There is no picture of it.")))
    if case.same_picture_elsewhere:
        signs.append(("same_picture", say("The same picture was handed in in another case.")))
    return signs


def _of_parcel(case: CaseToAdvise, grievance: GrievanceWords) -> list[tuple[str, Say]]:
    """What packing and tracking show."""
    signs: list[tuple[str, Say]] = []
    if grievance.kind in PACKED and case.packed_right:
        signs.append(("packed_right", say("The packing check scanned the right goods in the right number.")))
    if grievance.kind in PACKED and case.weight_right:
        signs.append(("weight_right", say("The parcel weighed what such a parcel weighs.")))
    if grievance.kind in (Grievance.NOT_RECEIVED, Grievance.NO_NEWS) and case.delivered_at is not None:
        signs.append(("delivered_scan", say("The parcel's tracking says that it was delivered.")))
    if grievance.kind in OF_CONDITION and case.delivered_at is not None and case.applied_at is not None and case.applied_at > case.delivered_at + _WEEK:
        signs.append(("after_a_week", say("It was asked more than seven days after delivery.")))
    return signs


def _moving(case: CaseToAdvise, grievance: GrievanceWords) -> list[tuple[str, Say]]:
    """That a parcel said to be silent or slow had moved shortly before the complaint."""
    if grievance.kind not in (Grievance.NO_NEWS, Grievance.LATE) or case.goods is not Goods.ON_THE_WAY or case.last_news_at is None or case.applied_at is None:
        return []
    return [("moves", say("The parcel had moved less than a day before."))] if case.applied_at - case.last_news_at < _DAY else []


def _of_buyer(case: CaseToAdvise, terms: ShopTerms) -> list[tuple[str, Say]]:
    """What is known of the buyer."""
    signs: list[tuple[str, Say]] = []
    if case.threatens:
        signs.append(("threatens", say("The buyer names a bad review as the price of a refusal.")))
    if is_trusted(case, terms):
        signs.append(("trusted", say("The buyer is trusted: {orders} orders, {refunds} refunds.", orders=_orders(case), refunds=_refunds(case))))
    if is_repeat_refunder(case, terms):
        signs.append(("repeat", say("The buyer has had {refunds} refunds on {orders} orders.", refunds=_refunds(case), orders=_orders(case))))
    return signs


def is_within_a_week(case: CaseToAdvise, now: datetime) -> bool:
    """Whether it was asked within seven days of receipt; where nobody knows when that was, yes."""
    return case.delivered_at is None or (case.applied_at or now) < ends_at(case.delivered_at, _WEEK)


def needs_no_reason(case: CaseToAdvise, now: datetime) -> bool:
    """Whether the goods may come back without a reason: within seven days of receipt, save those that the law exempts, and buyers found not to be right."""
    return not case.no_reason_exempt and case.fault is not Fault.BUYER and is_within_a_week(case, now)


def is_trusted(case: CaseToAdvise, terms: ShopTerms) -> bool:
    """Whether the buyer has bought here often and has had at most one refund."""
    return case.buyer is not None and case.buyer.orders >= terms.trusted_orders and case.buyer.refunds <= 1


def is_repeat_refunder(case: CaseToAdvise, terms: ShopTerms) -> bool:
    """Whether the buyer has had so many refunds that a person looks."""
    return case.buyer is not None and case.buyer.refunds >= terms.repeat_refunds


def limit(fen: int, case: CaseToAdvise, terms: ShopTerms) -> int:
    """A limit of the shop's, as it is for this buyer."""
    return round(fen * terms.trusted_times) if is_trusted(case, terms) else fen


def chance(name: str, case: CaseToAdvise, terms: ShopTerms) -> float:
    """A chance: the assumed one, and the shop's own history, which outweighs it as it grows."""
    assumed = terms.chances[name]
    own = case.standing.past.get(name, Tried(0, 0)) if case.standing is not None else Tried(0, 0)
    return (terms.prior_weight * assumed + own.well) / (terms.prior_weight + own.tried)


def hours_left(due_at: datetime | None, now: datetime) -> float:
    """How many hours there are to answer; very many where no moment is known."""
    return 1e6 if due_at is None else (due_at - now).total_seconds() / 3600


def _orders(case: CaseToAdvise) -> int:
    return case.buyer.orders if case.buyer is not None else 0


def _refunds(case: CaseToAdvise) -> int:
    return case.buyer.refunds if case.buyer is not None else 0
