"""What changed after a notice was let go, or sent, is not overlooked: another number on the parcel, goods that left before the money was asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import row, shipped
from tests.actions.notices.test_notices import DELAYED, HOUR, NOW, PRINTED, A, B, asked, brought, queue
from tests.cast import Cast
from zhanggui.actions.cases.guiding import order_steps
from zhanggui.actions.house import House
from zhanggui.actions.notices.money import wants_money
from zhanggui.actions.notices.releasing import release, sent
from zhanggui.actions.notices.seeing import waiting
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import settle


@pytest.fixture
def formed(house: House, people: Cast, tmp_path: Path) -> House:
    brought(house, people, tmp_path, [row(A), row(B)])
    return house


def test_goods_that_left_meanwhile_are_not_paid_back_because_of_the_notice(formed: House, people: Cast, tmp_path: Path) -> None:
    late = datetime(2026, 3, 3, 3, tzinfo=UTC)
    settle(formed, [people.shop_id], late)
    release(formed, people.mei, people.shop_id, DELAYED, [A], late)
    sent(formed, people.mei, people.shop_id, DELAYED, A, late)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-03 18:00:00")], late + 8 * HOUR)
    asked(formed, people, tmp_path, A, late + 24 * HOUR)

    with pytest.raises(Refused) as refused:
        wants_money(formed, people.mei, people.shop_id, A, late + 25 * HOUR)

    assert "left" in refused.value.say.text
    assert not order_steps(formed, people.mei, people.shop_id, A)


def test_a_number_that_was_changed_is_not_told_as_it_was(formed: House, people: Cast, tmp_path: Path) -> None:
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 13:00:00")], NOW + 2 * HOUR)
    release(formed, people.mei, people.shop_id, PRINTED, [A], NOW + 2 * HOUR)
    (told,) = waiting(formed, people.mei, people.shop_id, NOW + 2 * HOUR)
    brought(formed, people, tmp_path, [shipped(A, at="2026-03-01 13:00:00") | {"快递单号": "YT2222222222222"}], NOW + 2.1 * HOUR)

    left = waiting(formed, people.mei, people.shop_id, NOW + 2.1 * HOUR)

    assert "YT1111111111" in told.said
    assert left == ()
    assert A in queue(formed, people, NOW + 2.1 * HOUR)["notice_printed"]
