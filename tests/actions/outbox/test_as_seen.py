"""A button sends what stood beside it when it was looked at, or nothing."""

from collections.abc import Iterator

import pytest

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.outbox.seeing import offer
from zhanggui.actions.refused import Refused
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.acts.proposing import Proposal
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen

REFUND = ActKind.REFUND_AGREE
MORE = Fen(30_000)


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def shown(door: Door, case_no: str) -> Proposal:
    """What the panel offers to send."""
    found = offer(door.house, door.by, door.shop_id, Subject(SubjectKind.AFTERSALE, case_no), DeadlineKind.ANSWER_REFUND, door.now)
    assert found is not None
    assert found.proposal is not None
    return found.proposal


def test_it_sends_nothing_where_the_buyer_asks_for_another_sum_by_now(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    saw = shown(door, case_no).digest

    door.asks_for(case_no, MORE)

    with pytest.raises(Refused, match="not what your page showed") as refusal:
        door.sends(case_no, saw=saw)
    assert refusal.value.say.slots == {"amount_fen": MORE}
    assert door.acts() == []


def test_it_sends_what_was_seen(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()
    door.asks_for(case_no, MORE)

    act_no = door.sends(case_no, saw=shown(door, case_no).digest)

    assert door.act(act_no).money == MORE


def test_it_sends_no_money_for_a_page_that_does_not_say_what_it_showed(door: Door) -> None:
    door.put(REFUND, ActLevel.SUGGEST)
    _, case_no = door.refund_asked()

    with pytest.raises(Refused, match="not what your page showed"):
        door.sends(case_no, saw="")

    assert door.acts() == []
