"""Gives the answers: the tree is walked by the facts, the leaf's words are filled, its promise reckoned, its draft checked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.advice.advising import advise, due_of
from zhanggui.core.advice.seat import Seat, case_to_advise
from zhanggui.core.answers.ground import Ground
from zhanggui.core.answers.hours import refund_minute
from zhanggui.core.answers.leaves import LEAVES, OFFERS, Leaf
from zhanggui.core.answers.questions import QUESTIONS
from zhanggui.core.answers.shapes import Answer, Offer, OfferKind, PathStep, Promised
from zhanggui.core.answers.tree import CHASES, walk
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import OrderStage
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.moments import in_shanghai, next_sure_hour
from zhanggui.core.promises.shapes import PromiseKind
from zhanggui.core.rules import Question
from zhanggui.core.say import Say, say
from zhanggui.core.scantext.places import place_of
from zhanggui.core.scripts import Both, Scripts, type_of_fill
from zhanggui.core.speech.book import SpeechBook
from zhanggui.core.speech.checking import check
from zhanggui.core.verdicts import Draft, Verdict

MOST = 3
"""So many answers are given at most."""
_LONGEST_TITLE = 24
_DAWN, _NOON = 6, 12
_MONEY = frozenset({Intent.REFUND, Intent.CHASE_REFUND})
_OLD = timedelta(hours=2)
"""Facts older than this are looked up before anything is said by them."""
_NAMES: dict[Intent, Both] = {
    Intent.CHASE_SHIPPING: Both("什么时候发货", "when it ships"),
    Intent.CHASE_DELIVERY: Both("快递到哪里了", "where the parcel is"),
    Intent.REFUND: Both("退款", "a refund"),
    Intent.CHASE_REFUND: Both("退款到账的进度", "where the refund is"),
    Intent.RETURN: Both("退货", "a return"),
    Intent.EXCHANGE: Both("换货", "an exchange"),
    Intent.REPAIR: Both("维修", "a repair"),
    Intent.MISSING: Both("少收了东西", "something that is missing"),
    Intent.WRONG: Both("收到的商品不对", "wrong goods"),
    Intent.QUALITY: Both("商品有问题", "something wrong with the goods"),
    Intent.ADDRESS_CHANGE: Both("修改收货地址", "another address"),
    Intent.INVOICE: Both("开发票", "an invoice"),
    Intent.PRICE: Both("价格", "the price"),
    Intent.STOCK: Both("有没有货", "whether there is stock"),
    Intent.USE: Both("商品怎么选、怎么用", "how to choose or use it"),
    Intent.PROMOTION: Both("优惠活动", "a promotion"),
    Intent.ORDER_PAYMENT: Both("下单付款", "ordering and paying"),
    Intent.COMPLAINT: Both("反映一个问题", "a complaint"),
    Intent.REVIEW_THREAT: Both("对这次购物不满意", "not being content"),
    Intent.THANKS: Both("感谢", "thanks"),
}


class Books(msgspec.Struct, frozen=True):
    """What answers are worded and checked by."""

    scripts: Scripts
    speech: SpeechBook


def answers(wants: Sequence[Wanted], ground: Ground, books: Books) -> tuple[Answer, ...]:
    """The answers to what a message wants, the best first: each sure want its own; where nothing is sure, a question back, and what the guesses would be."""
    sure = [want.intent for want in wants if want.sure and want.intent is not Intent.OTHER]
    guessed = [want.intent for want in wants if not want.sure and want.intent is not Intent.OTHER]
    if not sure and guessed == [Intent.THANKS]:
        return (answer(Intent.THANKS, ground, books),)  # nothing is promised by it, and nobody is asked back for a farewell
    if not sure:
        back = answer(Intent.OTHER, ground, books, guesses=guessed, is_sure=False)
        rest = (answer(intent, _wishing(ground, [intent]), books, is_sure=False) for intent in guessed[: MOST - 1])
        return _distinct([back, *rest])
    wishing = _wishing(ground, sure)
    ranked = sorted(sure, key=lambda intent: (intent is Intent.THANKS, intent in CHASES and wishing.wants_money))
    return _distinct([answer(intent, wishing, books) for intent in ranked])


def answer(intent: Intent, ground: Ground, books: Books, *, guesses: Sequence[Intent] = (), is_sure: bool = True) -> Answer:
    """The answer to one want by these facts."""
    name, path = walk(intent, ground)
    leaf = LEAVES[name]
    promise = _promised(leaf, ground)
    draft = _draft(leaf, ground, promise, guesses, books.scripts)
    return Answer(
        intent=intent,
        leaf=name,
        title=leaf.title,
        path=path,
        draft=draft,
        acts=tuple(_offer(kind, ground) for kind in leaf.offers),
        promise=promise,
        cites=_cites(leaf, ground, path),
        confirm=(*leaf.confirm, *_broken(ground, path), *_parts(ground), *_stale(ground)),
        because=_because(ground, promise, path),
        findings=() if draft is None else check(draft.zh, books.speech, ground.now),
        is_sure=is_sure,
    )


def _wishing(ground: Ground, wants: Sequence[Intent]) -> Ground:
    """The same facts with the buyer's wish: whoever asks for the money in the same breath wants the money."""
    only_chases = {*wants} - {Intent.THANKS} == {Intent.CHASE_REFUND}
    return msgspec.structs.replace(ground, wants_money=any(intent in _MONEY for intent in wants), only_chases_refund=only_chases)


def _distinct(found: Sequence[Answer]) -> tuple[Answer, ...]:
    by_leaf: dict[str, Answer] = {}
    for each in found:
        by_leaf.setdefault(each.leaf, each)
    return tuple(by_leaf.values())[:MOST]


def _promised(leaf: Leaf, ground: Ground) -> Promised | None:
    match leaf.gives:
        case "ship":
            # the way to such a leaf asks for the hour
            assert ground.hour is not None
            assert ground.hour.until is not None
            return Promised(PromiseKind.SHIP, ground.hour.until, ground.hour.because)
        case "refund":
            return Promised(PromiseKind.REFUND, refund_minute(ground.now), say("A person agrees to it within a quarter of an hour."))
        case "reply":
            return Promised(PromiseKind.REPLY, next_sure_hour(ground.now), say("An answer this evening at eight, or tomorrow at noon."))
    return None


def _draft(leaf: Leaf, ground: Ground, promise: Promised | None, guesses: Sequence[Intent], scripts: Scripts) -> Draft | None:
    """The first of the leaf's scripts whose slots can all be filled."""
    filled = fills(ground, promise, guesses)
    return next((draft for name in leaf.scripts if (draft := scripts.draft(name, **filled)) is not None), None)


def fills(ground: Ground, promise: Promised | None = None, guesses: Sequence[Intent] = ()) -> dict[str, type_of_fill]:
    """What the scripts of answers may be filled with; what is not known is left out, so that no message has a hole."""
    order, due, last, case = ground.order, ground.due, ground.last_scan, ground.case
    title = ground.goods.title or (order.title if order is not None else None)
    filled: dict[str, type_of_fill | None] = {
        "title": Both("商品", "what you ordered") if not title else title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE] + "…",
        "carrier": ground.carrier or Both("快递公司", "the carrier"),
        "tracking_no": ground.number,
        "parcel": _parcel(ground),
        "promise": None if promise is None else _spoken(promise.until),
        "due": None if due is None else _spoken(due.due_at),
        "place": None if last is None else place_of(last.text) or None,
        "last_at": None if last is None else _spoken(last.at),
        "refund_fen": _refund(ground),
        "coupon_fen": ground.coupon or None,
        "replacement_no": None if case is None else case.facts.replacement_no,
        "guess": _guess(guesses),
    }
    return {name: value for name, value in filled.items() if value is not None}


def _spoken(moment: datetime) -> Both:
    """The moment as nobody can misread it: hours that read two ways name the part of the day."""
    wall = in_shanghai(moment)
    part = "凌晨" if wall.hour < _DAWN else "上午" if wall.hour < _NOON else "中午" if wall.hour == _NOON else ""
    clock = f"{wall.hour}:{wall.minute:02d}" if wall.minute else f"{wall.hour}点"
    return Both(f"{wall.month}月{wall.day}日{part}{clock}", wall.strftime("%d %b %H:%M"))


def _parcel(ground: Ground) -> Both:
    """The parcel by its carrier and number, as far as they are known."""
    number = "" if ground.number is None else f" {ground.number}"
    carrier = ground.carrier
    return Both(f"{carrier or '快递'}{number}", f"{carrier or 'by courier'}{number}")


def _refund(ground: Ground) -> type_of_fill:
    order = ground.order
    case = ground.refund_case or (ground.case.facts if ground.case is not None else None)
    told = (case.refund_amount if case is not None else None, order.pay_amount if order is not None else None)
    return next((fen for fen in told if fen), Both("", "the money"))


def _guess(guesses: Sequence[Intent]) -> Both | None:
    named = [_NAMES[intent] for intent in guesses[:2] if intent in _NAMES]
    if not named:
        return None
    return named[0] if len(named) == 1 else Both(f"{named[0].zh}，还是{named[1].zh}", f"{named[0].en}, or {named[1].en}")


def _offer(kind: OfferKind, ground: Ground) -> Offer:
    case = ground.refund_case or (ground.case.facts if ground.case is not None else None)
    if kind in (OfferKind.ANSWER_CASE, OfferKind.REFUND_NOW) and case is not None:
        said = _advice(ground, case.case_no)
        headline = OFFERS[kind] if said is None or kind is OfferKind.REFUND_NOW else said.headline
        return Offer(kind=kind, said=headline, case_no=case.case_no)
    if kind is OfferKind.COUPON:
        return Offer(kind=kind, said=say("Give the coupon of {amount_fen} in the back office", amount_fen=ground.coupon))
    if kind in (OfferKind.ENTER_NUMBER, OfferKind.SHIP_NOW) and ground.order is not None:
        return Offer(kind=kind, said=OFFERS[kind], todo=(Subject(SubjectKind.ORDER, ground.order.order_no), DeadlineKind.SHIP_BY))
    return Offer(kind=kind, said=OFFERS[kind])


def _advice(ground: Ground, case_no: str) -> Verdict | None:
    """What is advised in the case."""
    assert ground.known is not None
    case = next((each for each in ground.known.cases if each.case_no == case_no), None)
    if case is None:
        return None
    seat = ground.seat or Seat.bare(ground.rulebook)
    facts = case_to_advise(case, ground.known, seat, None, ground.now, ground.rulebook)
    facts = msgspec.structs.replace(facts, due_at=due_of(facts, ground.rulebook))
    return advise(facts, seat.terms, ground.rulebook, ground.now)


def _cites(leaf: Leaf, ground: Ground, path: tuple[PathStep, ...]) -> tuple[str, ...]:
    """The rule of the term, where the way led by it, and the duties of the law."""
    due = ground.due if _led_by("term", path) else None
    rules = (ground.rulebook.in_force(Question.LAW, at=ground.now, duty=duty) for duty in leaf.duties)
    return tuple(dict.fromkeys((*(() if due is None else (due.rule.cite,)), *(rule.cite for rule in rules if rule is not None))))


def _because(ground: Ground, promise: Promised | None, path: tuple[PathStep, ...]) -> tuple[Say, ...]:
    """How the promise comes about, or why there is none."""
    if promise is not None and promise.kind is not PromiseKind.REPLY:
        return (promise.because,)
    return (ground.hour.because,) if ground.hour is not None and _led_by("hour", path) else ()


def _led_by(question: str, path: tuple[PathStep, ...]) -> bool:
    return any(step.question == QUESTIONS[question].words for step in path)


def _broken(ground: Ground, path: tuple[PathStep, ...]) -> tuple[Say, ...]:
    """That another hour was promised before, where it does not hold any more."""
    before = None if ground.hour is None else ground.hour.broken
    if before is None or not _led_by("hour", path):
        return ()
    return (say("This buyer was promised {before} already, which does not hold any more: apologise for it.", before=before),)


def _parts(ground: Ground) -> tuple[Say, ...]:
    """That the order travels in several parcels, of which the answer speaks of the first; the first may be there while others are on their way."""
    order = ground.order
    if order is None or not order.further_parcels or order.received_at is not None or order.stage is OrderStage.RECEIVED:
        return ()
    return (say("The order has further parcels: the message speaks of its own alone."),)


def _stale(ground: Ground) -> tuple[Say, ...]:
    """That what is known is old, where it is: the draft is then to be held against the platform."""
    as_of: datetime | None = None if ground.known is None else ground.known.data_as_of
    if as_of is None or ground.now - as_of < _OLD:
        return ()
    return (say("What we know of the order is from {as_of}: look it up before you send this.", as_of=as_of),)
