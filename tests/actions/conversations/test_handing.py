"""What is given out to a tool reaches the buyer as it was written, or is not given out at all."""

from datetime import UTC, datetime

import pytest

from tests.cast import Cast
from zhanggui.actions.conversations.bridging import Incoming, answered, take_message
from zhanggui.actions.conversations.handing import STARRED, answers_out, release
from zhanggui.actions.conversations.threading import messages_of
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.shapes import Who

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def thread_no(house: House, people: Cast) -> int:
    asked = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="放哪里了", name="快乐的鱼", at=NOW)
    return take_message(house, people.mei, people.shop_id, asked, NOW).thread_no


@pytest.mark.parametrize("said", ["快递员电话13912345678，您可以联系他取件", "请寄回：浙江省义乌市北苑街道春风路128号3栋", "139\n1234\n5678"])
def test_what_the_buyer_would_read_with_stars_is_not_given_out(house: House, people: Cast, thread_no: int, said: str) -> None:
    with pytest.raises(Refused) as refused:
        release(house, people.mei, people.shop_id, thread_no, said, NOW)

    assert refused.value.say == STARRED
    assert answers_out(house, people.mei, people.shop_id) == ()
    assert [row.said for row in messages_of(house, people.mei, people.shop_id, thread_no)] == ["放哪里了"]


def test_what_was_sent_by_hand_is_kept_with_stars_and_stars_of_ones_own_are_given_out(house: House, people: Cast, thread_no: int) -> None:
    release(house, people.mei, people.shop_id, thread_no, " 您尾号****5678的手机 ", NOW)
    answered(house, people.mei, people.shop_id, thread_no, "快递员电话13912345678", NOW)

    assert [each.said for each in answers_out(house, people.mei, people.shop_id)] == ["您尾号****5678的手机"]
    assert [row.said for row in messages_of(house, people.mei, people.shop_id, thread_no)][1:] == ["您尾号****5678的手机", "快递员电话139****5678"]
