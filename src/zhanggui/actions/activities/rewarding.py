"""Rewards for reviews: begun lawfully or not at all, given to every reviewer alike until the budget is spent, each coupon in the ledger of costs."""

from datetime import datetime, timedelta
from functools import partial

import msgspec

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.money.costs import record_cost
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.activities.rewards import Law, Objection, Reviewed, Reward, RewardState, objections, rewarded
from zhanggui.core.ledger.costs import REWARDS, Cost, CostCause, CostKind
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.money import Fen
from zhanggui.core.ratings.rules import RatingRule
from zhanggui.core.rules import Question
from zhanggui.core.say import say
from zhanggui.core.speech import Finding, check
from zhanggui.people.permissions import Permission, Person, ShopId, operator
from zhanggui.records import journal, locks, rewards
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.activities import RewardMoved, RewardsGiven
from zhanggui.records.rewards import Candidate, Grant, RewardRecord
from zhanggui.rulebook.activities import activity_book
from zhanggui.rulebook.ratings import rating_book
from zhanggui.rulebook.speech import speech_book

MOST_TEXT = 300
LATE = timedelta(days=14)
AHEAD = timedelta(days=366)
"""So long after its last day a campaign still takes in reviews of its days that are told of late."""
_AT_ONCE = 500
OWN_RULE = "review_reward"
"""The rule of speech that a lawful campaign is judged by here instead."""


class StarRow(msgspec.Struct, frozen=True):
    """How many reviews of so many stars there were in the campaign's days, and how many of their orders got the coupon."""

    stars: int
    given: int
    reviewed: int


class RewardSeen(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign, what it spent, and that it gave to all alike."""

    row: RewardRecord
    is_over: bool
    is_spent: bool
    """Whether what is left does not pay for one more coupon."""
    by_stars: tuple[StarRow, ...]


class RewardPage(msgspec.Struct, frozen=True):
    """Some campaigns, the newest first."""

    rows: tuple[RewardSeen, ...]
    next_no: int | None


class Judged(msgspec.Struct, frozen=True):
    """What speaks against a campaign: the law and the numbers, and the check of speech."""

    objections: tuple[Objection, ...]
    findings: tuple[Finding, ...]

    @property
    def is_lawful(self) -> bool:
        """Whether nothing does."""
        return not self.objections and not self.findings


def rewards_of(house: House, by: Person, shop_id: ShopId, now: datetime, *, before: int | None = None, limit: int = 20) -> RewardPage:
    """The campaigns of the shop, with what they may cost and have cost."""
    by.need(Permission.MONEY_READ, shop_id)
    today = shanghai_day(now)
    with house.pool.connection() as tx:
        found = rewards.page(tx, shop_id, before if before is not None else 2**62, limit + 1)
        seen = tuple(
            RewardSeen(row=row, is_over=row.until_day < today, is_spent=row.budget - row.spent < row.coupon, by_stars=_by_stars(tx, shop_id, row))
            for row in found[:limit]
        )
    return RewardPage(seen, found[limit - 1].campaign_no if len(found) > limit else None)


def judge_reward(house: House, by: Person, shop_id: ShopId, reward: Reward, now: datetime) -> Judged:
    """What speaks against this campaign; nothing is kept."""
    by.need(Permission.ACTIVITIES_WRITE, shop_id)
    with house.pool.connection() as tx:
        return _judged(tx, house, shop_id, reward, now)


def begin_reward(house: House, by: Person, shop_id: ShopId, reward: Reward, now: datetime) -> int:
    """The number of a new campaign. Raises Refused, citing the law, for one that ties the reward to the stars or cannot be carried out."""
    by.need(Permission.ACTIVITIES_WRITE, shop_id)
    if max(len(reward.title), len(reward.said)) > MOST_TEXT or not reward.title.strip():
        raise Refused(say("Give it a name, and no text longer than {longest} characters.", longest=MOST_TEXT))

    def work(tx: Tx) -> int:
        locks.hold_shop(tx, shop_id)
        judged = _judged(tx, house, shop_id, reward, now)
        if judged.objections:
            raise Refused(judged.objections[0].because)
        if judged.findings:
            raise Refused(say("The words must not be said to buyers: {words}.", words=judged.findings[0].words))
        no = rewards.insert(tx, shop_id, _slots(reward) | {"state": RewardState.RUNNING.value, "now": now, "by": by.person_id})
        _note(tx, by, shop_id, no, RewardState.RUNNING, reward.until_day.isoformat(), now)
        return no

    return transact(house.pool, work)


def stop_reward(house: House, by: Person, shop_id: ShopId, no: int, now: datetime) -> None:
    """Stops a campaign; what was given stays. Raises Refused where it does not run."""
    by.need(Permission.ACTIVITIES_WRITE, shop_id)

    def work(tx: Tx) -> None:
        row = rewards.one(tx, shop_id, no)
        if row is None or not rewards.move(tx, shop_id, no, RewardState.RUNNING.value, RewardState.STOPPED.value):
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        _note(tx, by, shop_id, no, RewardState.STOPPED, row.until_day.isoformat(), now)

    transact(house.pool, work)


def give_rewards(house: House, now: datetime) -> None:
    """Notes the coupon of every review that came in, for every running campaign of every shop."""
    today = shanghai_day(now)
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            numbers = rewards.running(tx, shop_id, RewardState.RUNNING.value, today, today - LATE)
        for no in numbers:
            transact(house.pool, partial(_give, shop_id, no, now))


def _give(shop_id: ShopId, no: int, now: datetime, tx: Tx) -> None:
    row = rewards.one(tx, shop_id, no)
    if row is None or row.state != RewardState.RUNNING or row.budget - row.spent < row.coupon:
        return
    real = _real(tx, shop_id, row, now)
    given = 0
    for review in rewarded(_reward(row), real, Fen(row.spent), frozenset()):
        given += _grant(tx, shop_id, row, review, now)
    if given:
        rewards.add_up(tx, shop_id, no, given * row.coupon, given, now)
        journal.write(tx, shop_id, RewardsGiven(no, given, given * row.coupon), at=now, by=None)


def _real(tx: Tx, shop_id: ShopId, row: RewardRecord, now: datetime) -> list[Reviewed]:
    """The oldest reviews that buyers really wrote and whose orders got nothing yet: however many of the platform's own stand before them."""
    since, until = _span(row)
    rule = rating_book().in_force(shanghai_day(now))
    real: list[Reviewed] = []
    last: Candidate | None = None
    while len(real) < _AT_ONCE:
        found = rewards.candidates(tx, shop_id, row.goods, since, min(until, now), _AT_ONCE, last)
        real += [Reviewed(each.order_no, each.review_no, each.at, each.stars) for each in found if not _is_default(each, rule)]
        if len(found) < _AT_ONCE:
            break
        last = found[-1]
    return real


def _grant(tx: Tx, shop_id: ShopId, row: RewardRecord, review: Reviewed, now: datetime) -> bool:
    cost = Cost(
        order_no=review.order_no,
        kind=CostKind.COUPON,
        cause=CostCause.REVIEW_REWARD,
        fen=Fen(row.coupon),
        once=f"{REWARDS}{row.campaign_no}:{review.order_no}",
    )
    cost_no = record_cost(tx, operator("worker"), shop_id, cost, now)
    one = Grant(order_no=review.order_no, review_no=review.review_no, stars=review.stars, fen=row.coupon, at=review.at, cost_no=cost_no)
    return rewards.grant(tx, shop_id, row.campaign_no, one)


def _judged(tx: Tx, house: House, shop_id: ShopId, reward: Reward, now: datetime) -> Judged:
    terms = activity_book().reward
    law = rulebook_in(tx, house, shop_id).in_force(Question.LAW, at=now, duty="no_reward_for_praise")
    found = [*objections(reward, terms, Law(terms.law, terms.source) if law is None else Law(law.cite, law.source))]
    if abs(reward.from_day - shanghai_day(now)) > AHEAD:
        found.append(Objection(say("It begins within a year from now, or began within the last.")))
    # the same form sent twice would have every review cost two coupons
    if rewards.rival(tx, shop_id, reward.goods, reward.from_day, reward.until_day, RewardState.RUNNING.value):
        found.append(Objection(say("Another campaign gives coupons for one of these products in these days. Stop it first, or choose other days.")))
    # the check of speech finds any reward for a review; what is lawful of one was judged above, more narrowly
    return Judged(tuple(found), tuple(each for each in check(reward.said, speech_book(), now) if each.rule.id != OWN_RULE))


def _is_default(review: Candidate, rule: RatingRule | None) -> bool:
    return review.is_default or (rule is not None and rule.is_default(review.text))


def _reward(row: RewardRecord) -> Reward:
    return Reward(
        title=row.title,
        goods=tuple(row.goods),
        coupon_fen=Fen(row.coupon),
        budget_fen=Fen(row.budget),
        from_day=row.from_day,
        until_day=row.until_day,
        said=row.said,
    )


def _slots(reward: Reward) -> dict[str, object]:
    return {
        "title": reward.title.strip(),
        "goods": list(reward.goods),
        "coupon": reward.coupon_fen,
        "budget": reward.budget_fen,
        "from_day": reward.from_day,
        "until_day": reward.until_day,
        "said": reward.said.strip(),
    }


def _span(row: RewardRecord) -> tuple[datetime, datetime]:
    return start_of_day(row.from_day), start_of_day(row.until_day + timedelta(days=1))


def _by_stars(tx: Tx, shop_id: ShopId, row: RewardRecord) -> tuple[StarRow, ...]:
    given = rewards.by_stars(tx, shop_id, row.campaign_no)
    reviewed = rewards.reviewed_by_stars(tx, shop_id, row.goods, *_span(row))
    return tuple(StarRow(stars, given.get(stars, 0), reviewed.get(stars, 0)) for stars in (5, 4, 3, 2, 1))


def _note(tx: Tx, by: Person, shop_id: ShopId, no: int, state: RewardState, until_day: str, now: datetime) -> None:
    journal.write(tx, shop_id, RewardMoved(no, state.value, until_day), at=now, by=by.person_id)
