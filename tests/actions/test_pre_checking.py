"""The platform's own word on a number: it warns, it never forbids, and without it everything goes on."""

from collections.abc import Iterator

import pytest

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.numbers import check_number_in_shop
from zhanggui.actions.pre_checking import pre_checked, pre_checked_list, refused_by_platform
from zhanggui.actions.shipping_slips import check_slips
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.facts import Place
from zhanggui.core.numbers import Asked, Doubt, Verdict
from zhanggui.people.permissions import NotAllowed

GOOD, OTHERS = "YT7351946208153", "SF1351946208153"


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def test_it_warns_where_the_platform_would_not_take_the_number(door: Door) -> None:
    order_no, gone = door.orders(2)
    door.platform.ship(gone, "YT7366152940871")
    told = [Slip(order_no, "圆通快递", GOOD, Place("", None, 2)), Slip(gone, "圆通快递", "YT7391827465013", Place("", None, 3))]
    report = check_slips(door.house, door.by, door.shop_id, told, door.now)

    checked = pre_checked_list(door.house, door.by, door.shop_id, report, door.now, door.wall)

    assert [row.verdict for row in report.rows] == [Verdict.OK, Verdict.OK]  # that it has left is not read yet
    assert [row.verdict for row in checked.rows] == [Verdict.OK, Verdict.WARN]
    assert checked.rows[1].reasons[-1].text.startswith("The platform would not take this number")


def test_it_adds_the_platforms_word_to_the_check_of_one_number(door: Door) -> None:
    order_no = door.orders()[0]
    check = check_number_in_shop(door.house, door.by, door.shop_id, GOOD, "ZTO", door.now, order_no)

    told = pre_checked(door.house, door.by, door.shop_id, check, order_no, "ZTO", door.now, door.wall)

    assert told.reasons[-1].doubt is Doubt.PLATFORM_REFUSES
    assert told.verdict is Verdict.WARN


def test_it_goes_on_without_a_platform(house: House, people: Cast, door: Door) -> None:
    asked = [Asked(GOOD, "260301-111111111111111", "YTO")]

    assert refused_by_platform(house, people.zheng, people.other_shop_id, asked, door.now, door.wall) == frozenset()
    door.platform.mood(name="cut", cut_before=1.0)
    assert refused_by_platform(house, people.lin, people.shop_id, asked, door.now, door.wall) == frozenset()
    with pytest.raises(NotAllowed):
        refused_by_platform(house, people.zheng, people.shop_id, asked, door.now, door.wall)
