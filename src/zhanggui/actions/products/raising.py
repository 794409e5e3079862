"""Raises products that their reviews say are bad, keeps the to-do to look at them, and takes what was found."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.reckoning import Computed, Reckoning
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.products.book import AlarmRule
from zhanggui.core.products.raising import Found, fix_deadline
from zhanggui.core.say import say
from zhanggui.estimates.alarms import Prior, Starred, Watch, chance_of_count, counted, watches
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import deadlines, journal, locks, product_reviews, products
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.products import ProductChecked
from zhanggui.records.product_reviews import GoodsStars, ReviewOf
from zhanggui.rulebook.products import alarm_book

BASE_DAYS = 365
"""The shop's share of bad reviews is that of a year."""
WATCHED = 480
"""So many reviews of a product are looked at, a whole number of watches; what was before counts as its past."""
RINGS_DAYS = 90
"""A ring older than this raises nobody any more."""
MOST_OPEN = 200
MOST_NOTE = 500
_MOST = 1000


def watch_products(house: House, now: datetime) -> None:
    """Raises and calms the products of every shop."""
    for shop_id in every_shop(house):
        read_reviews(house, shop_id, now)  # what was answered a moment ago is read again before it is counted
        transact(house.pool, partial(_watch_if_free, house, shop_id, now))


def watch_shop(house: House, shop_id: ShopId, now: datetime) -> int:
    """The same of one shop, now; how many products are raised."""
    read_reviews(house, shop_id, now)

    def work(tx: Tx) -> int:
        locks.hold_shop(tx, shop_id)
        return _watch(tx, house, shop_id, now)

    return transact(house.pool, work)


def check_product(house: House, by: Person, shop_id: ShopId, goods_id: str, note: str, now: datetime) -> None:
    """Says that somebody looked at a raised product, and what was found. What was known before raises it no more. Raises Refused where it is not raised."""
    by.need(Permission.TODO_MARK, shop_id)
    found = masked_said(note.strip()[:MOST_NOTE])

    def work(tx: Tx) -> None:
        locks.hold_shop(tx, shop_id)
        if not products.check(tx, shop_id, goods_id, now, by.person_id, found):
            raise Refused(say("That product is not raised, or somebody has looked at it already."))
        journal.write(tx, shop_id, ProductChecked(goods_id), at=now, by=by.person_id)
        _reckon(tx, house, shop_id, now)

    transact(house.pool, work)


def rule_of(now: datetime) -> AlarmRule | None:
    """When reviews raise a product, as of today."""
    return alarm_book().in_force(shanghai_day(now))


def _watch_if_free(house: House, shop_id: ShopId, now: datetime, tx: Tx) -> None:
    """A shop that is just storing has its turn in the next round."""
    if locks.try_shop(tx, shop_id):
        _watch(tx, house, shop_id, now)


def _watch(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> int:
    rule = rule_of(now)
    if rule is None:
        return 0
    least = rule.one_star_more_than + 1
    suspects = product_reviews.suspects(tx, shop_id, now - timedelta(days=max(rule.one_star_days, RINGS_DAYS)), rule.bad_upto, least)
    by_goods = {one.goods_id: one for one in product_reviews.stars(tx, shop_id, now - timedelta(days=BASE_DAYS), now, rule.bad_upto)} if suspects else {}
    raised = []
    for goods_id in suspects[:_MOST]:
        when, found = _found(tx, shop_id, goods_id, list(by_goods.values()), rule, now)
        if when is not None:
            products.raise_product(tx, shop_id, goods_id, when, rule.cite, found)
            raised.append(goods_id)
    products.calm_others(tx, shop_id, raised)
    _reckon(tx, house, shop_id, now)
    return len(raised)


def _found(tx: Tx, shop_id: ShopId, goods_id: str, stars: Sequence[GoodsStars], rule: AlarmRule, now: datetime) -> tuple[datetime | None, Found]:
    """When a product was raised since somebody last looked, and by what."""
    alarm = products.alarm(tx, shop_id, goods_id)
    looked_at = None if alarm is None else alarm.checked_at or alarm.found.since
    reviews, before = _since(tx, shop_id, goods_id, looked_at, rule, now)
    rest = [one for one in stars if one.goods_id != goods_id]
    others = Prior(sum(one.reviews for one in rest), sum(one.bad for one in rest))
    ones = counted([Starred(one.at, one.order_no, one.stars) for one in reviews], rule, now)
    share = (sum(one.one_star for one in rest) + 1) / (others.reviews + 10)
    count = Found(
        one_star=ones.one_star,
        reviewed=ones.reviewed,
        days=rule.one_star_days,
        by_luck=chance_of_count(share, ones.reviewed, rule.one_star_more_than),
        is_counted=ones.raised_at is not None,
        title=products.titles(tx, shop_id, [goods_id]).get(goods_id, ""),
        since=looked_at,
        known_at=now if alarm is None or alarm.checked_at is not None else alarm.found.known_at,
    )
    ring = _ring(reviews, others, before, rule, now)
    if ring is None:
        return ones.raised_at, count
    watch, rang = ring
    found = _with_ring(count, watch, reviews, others, rule)
    return min(moment for moment in (ones.raised_at, rang) if moment is not None), found


def _since(tx: Tx, shop_id: ShopId, goods_id: str, looked_at: datetime | None, rule: AlarmRule, now: datetime) -> tuple[list[ReviewOf], tuple[int, int]]:
    """The reviews since somebody last looked, older ones that nobody had heard of then among them, the oldest first; and how many (bad ones) came before them.

    Of very many the newest, in whole watches.
    """
    newest = product_reviews.row(tx, shop_id, goods_id, now, WATCHED)
    reviews = [one for one in reversed(newest) if looked_at is None or max(one.at, one.heard_at) > looked_at]
    every, every_bad = product_reviews.past(tx, shop_id, goods_id, now, rule.bad_upto)
    if len(reviews) == WATCHED:
        settled = 0
        if looked_at is not None:
            settled = product_reviews.past(tx, shop_id, goods_id, looked_at, rule.bad_upto)[0] - sum(one.at <= looked_at for one in reviews)
        reviews = reviews[(WATCHED - (every - settled)) % rule.watch_reviews :]
    return reviews, (every - len(reviews), every_bad - sum(one.stars <= rule.bad_upto for one in reviews))


def _ring(reviews: Sequence[ReviewOf], others: Prior, past: tuple[int, int], rule: AlarmRule, now: datetime) -> tuple[Watch, datetime] | None:
    """The newest watch that rang within the days, and when."""
    bad = [one.stars <= rule.bad_upto for one in reviews]
    for watch in reversed(watches(bad, others, rule, past)):
        if watch.rang_at is not None and reviews[watch.rang_at].at > now - timedelta(days=RINGS_DAYS):
            return watch, reviews[watch.rang_at].at
    return None


def _with_ring(count: Found, watch: Watch, reviews: Sequence[ReviewOf], others: Prior, rule: AlarmRule) -> Found:
    assert watch.rang_at is not None
    assert watch.since is not None
    run = reviews[watch.since : watch.rang_at + 1]
    own = watch.past > 0
    return Found(
        one_star=count.one_star,
        reviewed=count.reviewed,
        days=count.days,
        by_luck=count.by_luck,
        is_counted=count.is_counted,
        title=count.title,
        since=count.since,
        known_at=count.known_at,
        is_worse=True,
        bad=sum(one.stars <= rule.bad_upto for one in run),
        of=len(run),
        past_bad=watch.past_bad if own else others.bad,
        past=watch.past if own else others.reviews,
        is_own_past=own,
        false_share=watch.false_share,
        watched=watch.seen,
    )


def _reckon(tx: Tx, house: House, shop_id: ShopId, now: datetime) -> None:
    """Lets the to-dos follow what is raised. The shop has to be held."""
    rulebook = rulebook_in(tx, house, shop_id)
    kind = SubjectKind.PRODUCT.value
    subjects = {kind: {no for found, no in deadlines.running_subjects(tx, shop_id, (kind, ""), 2 * _MOST) if found == kind}}
    computed: Computed = []
    for alarm in products.open_alarms(tx, shop_id, MOST_OPEN):
        subjects[kind].add(alarm.goods_id)
        deadline = fix_deadline(alarm.goods_id, alarm.found, alarm.raised_at, rulebook)
        computed += [] if deadline is None else [(deadline, now)]
    if subjects[kind]:
        reckoning = Reckoning(tx, shop_id, rulebook, now)
        reckoning.store(computed, subjects)
        reckoning.finish()
