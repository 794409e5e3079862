"""In the demo's week somebody asks a branch, calls a parcel back, and claims: each list of the page has something on it in its chapter."""

from zhanggui import clock
from zhanggui.actions.chasing.gathering import to_chase
from zhanggui.actions.chasing.seeing import Counts, counts
from zhanggui.actions.house import House
from zhanggui.actions.shops import shops_seen
from zhanggui.actions.today import settle
from zhanggui.demo.telling import next_chapter, step_to_chapter
from zhanggui.demo.world import world
from zhanggui.people.permissions import operator


def test_it_has_something_on_every_list_in_its_chapter(told_demo: House) -> None:
    by = operator()
    shop_id = shops_seen(told_demo, by)[0].shop_id
    told: dict[str, Counts] = {}
    to_ask: list[str] = []

    while (coming := next_chapter(told_demo.home)) and "return_on_its_way" not in told:
        step_to_chapter(told_demo, coming.id)
        settle(told_demo, [shop_id], clock.now())
        told[coming.id] = counts(told_demo, by, shop_id)
        if coming.id == "stalled_parcel":
            to_ask = [parcel.order_no for each in to_chase(told_demo, by, shop_id, clock.now()).groups for parcel in each.group.parcels]

    assert world().told["stalled"].order_no in to_ask
    assert told["bad_review"].waiting == 1
    assert told["damaged_row"].recalls == 1
    assert [told[chapter].claims for chapter in ("damaged_row", "older_file", "return_on_its_way")] == [0, 1, 2]
