"""In a connected shop the money of a buyer who would rather not wait goes back through the door, once."""

from datetime import timedelta

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.house import House
from zhanggui.actions.notices.money import wants_money
from zhanggui.actions.notices.releasing import release, sent
from zhanggui.actions.notices.seeing import decided
from zhanggui.actions.today import settle
from zhanggui.core.acts import ActKind, ActLevel
from zhanggui.core.notices.steps import NoticeState, NoticeStep
from zhanggui.records import around

DELAYED = NoticeStep.DELAYED


def test_the_money_goes_back_by_the_door_once(house: House, people: Cast) -> None:
    with running(quiet()) as platform:
        door = Door(house, people.lin, people.shop_id, platform)
        door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
        (late,) = door.orders()
        with house.pool.connection() as tx:
            ship_by = around.orders(tx, people.shop_id, [late])[late].facts.ship_by
        assert ship_by is not None
        door.later(ship_by - door.now + timedelta(hours=1))
        settle(house, [people.shop_id], door.now)
        release(door.house, people.lin, people.shop_id, DELAYED, [late], door.now)
        sent(door.house, people.lin, people.shop_id, DELAYED, late, door.now)

        waits = wants_money(door.house, people.lin, people.shop_id, late, door.now)
        door.asks(late)
        owed = decided(house, people.lin, people.shop_id, NoticeState.SENT).rows[0].is_owed
        first = wants_money(door.house, people.lin, people.shop_id, late, door.now)
        again = wants_money(door.house, people.lin, people.shop_id, late, door.now)
        door.works()
        door.works()

        assert (waits.act_no, waits.step_no, owed) == (None, None, True)
        assert first.act_no is not None
        assert again.act_no == first.act_no
        assert door.happened(ActKind.REFUND_AGREE) == 1
        assert not decided(house, people.lin, people.shop_id, NoticeState.SENT).rows[0].is_owed
