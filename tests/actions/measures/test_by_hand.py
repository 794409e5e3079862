"""Every measure of generated shops is what a script counts that shares no code with the product."""

import json
from datetime import date, timedelta
from pathlib import Path

from tests.actions.measures.lifelike import BEGAN, lines
from tests.cast import Cast
from tests.check_measures import measures as counted_by_hand
from zhanggui.actions import importing
from zhanggui.actions.house import House
from zhanggui.actions.measures import catch_up
from zhanggui.actions.measures.reading import counted_all
from zhanggui.rulebook.measures import measure_book

NOW = BEGAN + timedelta(days=70)
DAYS = (date(2026, 3, 20), date(2026, 4, 2), date(2026, 4, 30), date(2026, 5, 9))


def test_they_are_what_is_counted_by_hand(house: House, people: Cast, tmp_path: Path) -> None:
    told = lines(7, 200)
    path = tmp_path / "shop.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in told), "utf-8")
    seen = importing.preview(house, people.lin, people.shop_id, [path], NOW, profile="facts", as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, seen.batch_id, NOW)
    catch_up(house, people.shop_id, NOW)

    with house.pool.connection() as tx:
        ours = {day: counted_all(tx, people.shop_id, measure_book().in_force(day), day) for day in DAYS}

    for day in DAYS:
        by_hand = counted_by_hand(told, day)
        assert {name: (ours[day][name].num, ours[day][name].den) for name in by_hand} == by_hand, day
    assert all(above for name, (above, _) in counted_by_hand(told, DAYS[2]).items())
