"""Rewards for reviews (评价有礼), lawful by construction: whoever writes one gets the coupon, whatever the stars; nothing here can tell them apart."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import msgspec

from zhanggui.core.activities.book import RewardTerms
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say


class RewardState(StrEnum):
    """Whether a campaign runs."""

    RUNNING = "reward_running"
    STOPPED = "reward_stopped"


class Reward(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign. It knows products, days, a coupon and a budget; it has no place for stars."""

    title: str
    goods: tuple[str, ...]
    coupon_fen: Fen
    budget_fen: Fen
    from_day: date
    until_day: date
    """Its last day."""
    said: str
    """What buyers are told of it."""


class Law(msgspec.Struct, frozen=True):
    """The rule that is cited, and the article it rests on."""

    cite: str
    article: str


class Objection(msgspec.Struct, frozen=True):
    """Why a campaign may not be, with the words that decided it and the law it rests on."""

    because: Say
    words: tuple[str, ...] = ()
    cites: str | None = None


class Reviewed(msgspec.Struct, frozen=True, gc=False):
    """A review that a buyer really wrote. The stars are told only to be counted out afterwards."""

    order_no: str
    review_no: str
    at: datetime
    stars: int | None


def objections(reward: Reward, terms: RewardTerms, law: Law) -> tuple[Objection, ...]:
    """Everything that speaks against the campaign; none: it may run. `law` is what forbids the others."""
    found = [*_of_words(reward, terms, law), *_of_numbers(reward, terms)]
    return tuple(found)


def ties(text: str, terms: RewardTerms) -> tuple[str, ...]:
    """The words that tie a reward to the stars. What says that it does not depend on them is taken out first."""
    bare = _bare(text)
    for neutral in sorted(terms.neutral, key=len, reverse=True):
        bare = bare.replace(_bare(neutral), " ")
    return tuple(word for word in terms.tied if _bare(word) in bare)


def says_neutral(text: str, terms: RewardTerms) -> bool:
    """Whether buyers are told that it does not depend on the stars."""
    bare = _bare(text)
    return any(_bare(word) in bare for word in terms.neutral)


def rewarded(reward: Reward, reviews: Iterable[Reviewed], spent: Fen, known: frozenset[str]) -> tuple[Reviewed, ...]:
    """The reviews that get the coupon now, in the order in which they were written, until the budget is spent; each order once, whatever its stars."""
    left, taken, found = reward.budget_fen - spent, set(known), []
    for review in sorted(reviews, key=lambda each: (each.at, each.order_no, each.review_no)):
        if review.order_no in taken:
            continue
        if left < reward.coupon_fen:
            break
        taken.add(review.order_no)
        left -= reward.coupon_fen
        found.append(review)
    return tuple(found)


def _of_words(reward: Reward, terms: RewardTerms, law: Law) -> Iterable[Objection]:
    text = f"{reward.title}\n{reward.said}"
    tied = ties(text, terms)
    if tied:
        because = say(
            "It ties the reward to a good rating ({words}). The law forbids that ({law}); whoever reviews must get it, whatever the stars.",
            words="、".join(tied),
            law=law.article,
        )
        yield Objection(because, tied, law.cite)
    cash = tuple(word for word in terms.cash if _bare(word) in _bare(text))
    if cash:
        because = say(
            "It speaks of money ({words}). Money for reviews is what the law means ({law}); only a coupon of the platform's own tool may be given.",
            words="、".join(cash),
            law=law.article,
        )
        yield Objection(because, cash, law.cite)
    if not says_neutral(reward.said, terms):
        because = say(
            "The words must say that the reward does not depend on the stars, for instance “{words}”; otherwise they may lead to good ratings ({law}).",
            words=terms.neutral[0],
            law=law.article,
        )
        yield Objection(because, (), law.cite)


def _of_numbers(reward: Reward, terms: RewardTerms) -> Iterable[Objection]:
    if not reward.goods:
        yield Objection(say("Choose at least one product."))
    if not 0 < reward.coupon_fen <= terms.most_fen:
        yield Objection(say("A coupon is worth between {least_fen} and {most_fen}.", least_fen=Fen(1), most_fen=terms.most_fen))
    if reward.budget_fen < reward.coupon_fen:
        yield Objection(say("The budget must hold at least one coupon."))
    if not 0 <= (reward.until_day - reward.from_day).days < terms.most_days:
        yield Objection(say("It may last between 1 and {most} days, and ends after it began.", most=terms.most_days))


def _bare(text: str) -> str:
    """Without blanks and signs, so that 好 评 is read as what it is."""
    return "".join(char for char in text.casefold() if char.isalnum())
