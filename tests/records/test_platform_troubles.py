"""What went wrong with the platform lately: once for each kind, and never without end."""

from datetime import UTC, datetime, timedelta

from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.records import platform_troubles
from zhanggui.records.platform_troubles import MOST_KEPT

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def note(house: House, shop_id: int, code: str, at: datetime) -> None:
    with house.pool.connection() as tx:
        platform_troubles.note(tx, shop_id, method="m", code=code, sub_code="", trouble="retry", told="no", say='{"text":""}', request_id="", now=at)


def test_it_counts_one_kind_of_trouble_in_one_row(house: House, people: Cast) -> None:
    for minute in range(3):
        note(house, people.shop_id, "50000", NOW + timedelta(minutes=minute))

    with house.pool.connection() as tx:
        (record,) = platform_troubles.newest(tx, people.shop_id, 10)
    assert (record.times, record.first_at, record.last_at) == (3, NOW, NOW + timedelta(minutes=2))


def test_it_forgets_what_happened_longest_ago_where_every_trouble_has_a_code_of_its_own(house: House, people: Cast) -> None:
    note(house, people.other_shop_id, "other", NOW)
    for number in range(MOST_KEPT + 5):
        note(house, people.shop_id, f"{number:03}", NOW + timedelta(seconds=number))

    with house.pool.connection() as tx:
        kept = platform_troubles.newest(tx, people.shop_id, 1000)
        others = platform_troubles.newest(tx, people.other_shop_id, 1000)
    assert [record.code for record in kept] == [f"{number:03}" for number in range(MOST_KEPT + 4, 4, -1)]
    assert [record.code for record in others] == ["other"]
