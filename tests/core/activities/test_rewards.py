"""Rewards for reviews: what ties them to the stars is refused with the article, and every reviewer is treated alike."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from zhanggui.core.activities.rewards import Law, Reviewed, Reward, objections, rewarded
from zhanggui.core.money import Fen
from zhanggui.rulebook.activities import activity_book

LAW = Law("cn.law.no_reward_for_praise@2024-09-01", "网络反不正当竞争暂行规定 art. 9(5)")
REWARD = Reward(
    title="十一月评价有礼",
    goods=("801",),
    coupon_fen=Fen(300),
    budget_fen=Fen(1000),
    from_day=date(2026, 11, 1),
    until_day=date(2026, 11, 30),
    said="收到商品后写下您的真实感受，不论评价好坏，都可以领一张店铺优惠券。",
)
AT = datetime(2026, 11, 5, 4, tzinfo=UTC)


def review(number: int, stars: int) -> Reviewed:
    """The review of an order, each an hour after the one before."""
    return Reviewed(f"order-{number}", str(number), AT + timedelta(hours=number), stars)


def test_a_reward_for_whoever_reviews_may_be() -> None:
    assert objections(REWARD, activity_book().reward, LAW) == ()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("五星好评送优惠券，不论评价好坏", ("好评", "五星")),
        ("给 5 星 的买家送券，不限星级", ("5星",)),
        ("不论评价好坏都送券，满分的再送一张", ("满分",)),
        ("好评差评都送券，夸我们的多送一张", ("夸",)),
    ],
)
def test_a_reward_tied_to_good_stars_is_refused_with_its_article(said: str, words: tuple[str, ...]) -> None:
    found = objections(msgspec.structs.replace(REWARD, said=said), activity_book().reward, LAW)

    assert (found[0].words, found[0].cites, found[0].because.slots["law"]) == (words, LAW.cite, LAW.article)


def test_it_reads_the_name_of_the_campaign_as_well() -> None:
    found = objections(msgspec.structs.replace(REWARD, title="好评有礼"), activity_book().reward, LAW)

    assert [each.words for each in found] == [("好评",)]


def test_words_that_do_not_say_it_is_for_all_are_refused() -> None:
    found = objections(msgspec.structs.replace(REWARD, said="写评价领优惠券"), activity_book().reward, LAW)

    assert [each.because.slots["words"] for each in found] == ["不论评价好坏"]


def test_money_for_reviews_is_refused() -> None:
    found = objections(msgspec.structs.replace(REWARD, said="写评价返现，不论评价好坏"), activity_book().reward, LAW)

    assert [each.words for each in found] == [("返现",)]


def test_numbers_that_cannot_be_are_refused() -> None:
    odd = msgspec.structs.replace(REWARD, goods=(), coupon_fen=Fen(0), budget_fen=Fen(-1), until_day=date(2026, 10, 31))

    found = objections(odd, activity_book().reward, LAW)

    assert [each.cites for each in found] == [None] * 4


def test_every_reviewer_gets_it_whatever_the_stars_until_the_budget_is_spent() -> None:
    given = rewarded(REWARD, [review(4, 5), review(1, 1), review(3, 3), review(2, 1)], Fen(0), frozenset())

    assert [(each.order_no, each.stars) for each in given] == [("order-1", 1), ("order-2", 1), ("order-3", 3)]


def test_the_stars_change_nothing_of_who_gets_it() -> None:
    """The very same reviews with all stars turned round."""
    reviews = [review(number, number % 5 + 1) for number in range(6)]

    turned = [msgspec.structs.replace(each, stars=6 - (each.stars or 0)) for each in reviews]

    assert [each.order_no for each in rewarded(REWARD, reviews, Fen(0), frozenset())] == [
        each.order_no for each in rewarded(REWARD, turned, Fen(0), frozenset())
    ]


def test_an_order_gets_it_once() -> None:
    twice = [review(1, 5), msgspec.structs.replace(review(2, 5), order_no="order-1"), review(3, 5)]

    assert [each.review_no for each in rewarded(REWARD, twice, Fen(0), frozenset({"order-3"}))] == ["1"]
