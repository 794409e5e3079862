"""A review reward that is lawful runs, gives to all alike until the budget is spent, and stands in the ledger of costs."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.actions.activities.told import NOW, bought, number, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.activities import rewarding
from zhanggui.actions.activities.rewarding import begin_reward, give_rewards, judge_reward, rewards_of, stop_reward
from zhanggui.actions.house import House
from zhanggui.actions.money.costs import costs_view, note_cost, spent_on
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.core.activities.rewards import Reward, RewardState
from zhanggui.core.ledger.costs import Cost, CostCause, CostKind
from zhanggui.core.money import Fen
from zhanggui.people.permissions import NotAllowed

REWARD = Reward(
    title="十一月评价有礼",
    goods=("801",),
    coupon_fen=Fen(300),
    budget_fen=Fen(1000),
    from_day=date(2026, 11, 10),
    until_day=date(2026, 11, 30),
    said="收到商品后写下您的真实感受，不论评价好坏，都可以领一张店铺优惠券。",
)
TOLD = (
    *(bought(no, 20) for no in range(1, 8)),
    reviewed(1, 5, 20, 1, text="坏了"),
    reviewed(2, 4, 20, 5),
    reviewed(3, 3, 20, 5, text="系统默认好评"),
    reviewed(4, 2, 20, 3),
    reviewed(5, 1, 20, 5),
    reviewed(6, 15, 20, 5),
    reviewed(7, 2, 20, 5, goods_id="999"),
)


@pytest.fixture
def running(house: House, people: Cast, tmp_path: Path) -> int:
    """A campaign over orders of which some are reviewed."""
    shop(house, people, tmp_path, *TOLD)
    read_reviews(house, people.shop_id, NOW, 100)
    return begin_reward(house, people.lin, people.shop_id, REWARD, NOW)


def test_it_gives_to_all_alike_until_the_budget_is_spent(house: House, people: Cast, running: int) -> None:
    """Three coupons fit: the one star of the eighteenth and those after it; not the platform's own, those before, and other goods'."""
    give_rewards(house, NOW)

    [found] = rewards_of(house, people.lin, people.shop_id, NOW).rows
    assert (found.row.given, found.row.spent, found.is_spent) == (3, 900, True)
    assert [(row.stars, row.given, row.reviewed) for row in found.by_stars if row.reviewed] == [(5, 1, 2), (3, 1, 1), (1, 1, 1)]


def test_what_the_platform_wrote_keeps_nobody_waiting(house: House, people: Cast, running: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each look one review is the platform's own, which would otherwise be all that is ever looked at."""
    monkeypatch.setattr(rewarding, "_AT_ONCE", 1)
    for _ in range(4):
        give_rewards(house, NOW)

    [found] = rewards_of(house, people.lin, people.shop_id, NOW).rows
    assert (found.row.given, found.is_spent) == (3, True)


def test_each_coupon_stands_once_in_the_ledger(house: House, people: Cast, running: int) -> None:
    for minutes in range(3):
        give_rewards(house, NOW + timedelta(minutes=minutes))

    view = costs_view(house, people.lin, people.shop_id, NOW - timedelta(days=1), NOW + timedelta(days=1), NOW)
    with house.pool.connection() as tx:
        one = spent_on(tx, people.shop_id, number(20, 1), NOW)
    assert [(group.name, group.entries, group.fen) for group in view.causes] == [("cause_review_reward", 3, 900)]
    assert one.by_kind == {CostKind.COUPON: 300}


def test_a_campaign_that_was_stopped_gives_nothing(house: House, people: Cast, running: int) -> None:
    stop_reward(house, people.lin, people.shop_id, running, NOW)
    give_rewards(house, NOW)

    [found] = rewards_of(house, people.lin, people.shop_id, NOW).rows
    assert (found.row.state, found.row.given) == (RewardState.STOPPED, 0)
    with pytest.raises(Refused):
        stop_reward(house, people.lin, people.shop_id, running, NOW)


def test_a_reward_for_good_ratings_is_refused_with_the_article_and_nothing_is_kept(house: House, people: Cast) -> None:
    bad = msgspec.structs.replace(REWARD, said="五星好评返 5 元券")

    judged = judge_reward(house, people.lin, people.shop_id, bad, NOW)
    with pytest.raises(Refused) as refused:
        begin_reward(house, people.lin, people.shop_id, bad, NOW)

    assert refused.value.say.slots["law"] == "网络反不正当竞争暂行规定 art. 9(5)"
    assert judged.objections[0].cites == "cn.law.no_reward_for_praise@2024-09-01"
    assert rewards_of(house, people.lin, people.shop_id, NOW).rows == ()


def test_words_that_lead_off_the_platform_are_refused(house: House, people: Cast) -> None:
    bad = msgspec.structs.replace(REWARD, said="不论评价好坏都送券，加微信领取")

    assert [each.rule.id for each in judge_reward(house, people.lin, people.shop_id, bad, NOW).findings] == ["off_platform_contact"]


def test_nobody_writes_such_a_cost_down_by_hand(house: House, people: Cast, running: int) -> None:
    cost = Cost(order_no=number(20, 2), kind=CostKind.COUPON, cause=CostCause.REVIEW_REWARD, fen=Fen(300))

    with pytest.raises(Refused, match="by the campaign"):
        note_cost(house, people.mei, people.shop_id, cost, NOW)


def test_only_the_owner_begins_one(house: House, people: Cast) -> None:
    for person in (people.mei, people.zheng):
        with pytest.raises(NotAllowed):
            begin_reward(house, person, people.shop_id, REWARD, NOW)


def test_the_same_form_sent_twice_begins_one_campaign_so_that_no_review_costs_two_coupons(house: House, people: Cast, running: int) -> None:
    with pytest.raises(Refused, match="Another campaign"):
        begin_reward(house, people.lin, people.shop_id, REWARD, NOW)
    give_rewards(house, NOW)
    stop_reward(house, people.lin, people.shop_id, running, NOW)
    later = msgspec.structs.replace(REWARD, from_day=date(2026, 12, 1), until_day=date(2026, 12, 10))

    assert begin_reward(house, people.lin, people.shop_id, later, NOW) > running
    assert [row.row.given for row in rewards_of(house, people.lin, people.shop_id, NOW).rows] == [0, 3]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_campaign_on_days_that_no_calendar_reaches_is_refused(house: House, people: Cast, day: date) -> None:
    with pytest.raises(Refused):
        begin_reward(house, people.lin, people.shop_id, msgspec.structs.replace(REWARD, from_day=day, until_day=day), NOW)

    assert rewards_of(house, people.lin, people.shop_id, NOW).rows == ()


def test_a_campaign_begun_anew_gives_no_second_coupon_for_a_review(house: House, people: Cast, running: int) -> None:
    give_rewards(house, NOW)
    stop_reward(house, people.lin, people.shop_id, running, NOW)

    begin_reward(house, people.lin, people.shop_id, msgspec.structs.replace(REWARD, budget_fen=Fen(9000)), NOW)
    give_rewards(house, NOW)

    assert [row.row.given for row in rewards_of(house, people.lin, people.shop_id, NOW).rows] == [1, 3]
