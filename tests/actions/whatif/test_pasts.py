"""The days of which each measure tells: ratings and replies begin with the first of them, not with the first order."""

from pathlib import Path

from tests.actions.activities.told import NOW, bought, reviewed, shop
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.measures import catch_up
from zhanggui.actions.whatif.pasts import pasts_of
from zhanggui.core.moments import shanghai_day
from zhanggui.rulebook.measures import measure_book


def test_ratings_and_replies_begin_with_the_first_of_them(house: House, people: Cast, tmp_path: Path) -> None:
    told = [reviewed(ago, ago, ago + 3, 5) for ago in range(1, 6)]
    shop(house, people, tmp_path, *(bought(max(ago - 3, 0), ago) for ago in range(1, 61)), *told)
    catch_up(house, people.shop_id, NOW)
    today = shanghai_day(NOW)
    formulas = [each for each in measure_book().in_force(today) if not each.is_unknown]

    with house.pool.connection() as tx:
        ago = {name: (today - past.day_one).days for name, past in pasts_of(tx, people.shop_id, formulas, today).items()}

    assert (ago["pdd_on_time_shipment_rate"], ago["reply_rate_3min"]) == (60, 0)
    assert {4 <= ago[name] <= 5 for name in ("valid_ratings", "shop_rating")} == {True}
