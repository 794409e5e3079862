"""Whoever hands parcels over tells the platform their numbers too, where the shop lets it; what leaves without anybody stays few."""

from collections.abc import Iterator

import msgspec
import pytest

from tests.actions.outbox.door import Door
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui.actions.dispatching import may_print, printed
from zhanggui.actions.house import House
from zhanggui.actions.outbox import decide
from zhanggui.actions.outbox.kinds import act_terms
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.telling import not_to_tell, tell_platform
from zhanggui.core.acts import ActKind, ActLevel, ActState, AgreeRefund, Ship
from zhanggui.core.dispatch import PrintedPaper
from zhanggui.core.money import Fen
from zhanggui.people.permissions import NotAllowed, Role
from zhanggui.records.db import transact

YTO, UPLOAD = "圆通快递", ActKind.SHIP_UPLOAD


@pytest.fixture
def door(house: House, people: Cast) -> Iterator[Door]:
    with running(quiet()) as platform:
        yield Door(house, people.lin, people.shop_id, platform)


def labelled(door: Door, many: int = 1) -> list[str]:
    """Orders with a label of ours."""
    nos = door.orders(many)
    may_print(door.house, door.by, door.shop_id, nos, door.now)
    printed(door.house, door.by, door.shop_id, [PrintedPaper(no, YTO, f"YT{7351946208153 + 137 * at}") for at, no in enumerate(nos)], door.now)
    return nos


def test_whoever_packs_uploads_where_the_level_lets_it(door: Door, people: Cast) -> None:
    door.put(UPLOAD, ActLevel.SUGGEST)
    nos = labelled(door)

    told = tell_platform(door.house, people.zhou, door.shop_id, nos, door.now, door.wall)
    door.works()

    assert told.sent == tuple(nos)
    assert [(act.at, act.decided_by) for act in door.acts()] == [(ActState.CARRIED_OUT, people.zhou.person_id)]
    assert door.happened(UPLOAD) == 1


def test_nobody_uploads_where_it_is_off_and_the_page_says_so_before(door: Door, people: Cast) -> None:
    nos = labelled(door)

    why = not_to_tell(door.house, people.zhou, door.shop_id)
    with pytest.raises(Refused):
        tell_platform(door.house, people.zhou, door.shop_id, nos, door.now, door.wall)

    assert why is not None
    assert door.acts() == []


def test_whoever_only_looks_uploads_nothing_and_packing_lets_nobody_move_money(door: Door, people: Cast) -> None:
    door.put(UPLOAD, ActLevel.SUGGEST)
    door.put(ActKind.REFUND_AGREE, ActLevel.SUGGEST)
    viewer = msgspec.structs.replace(people.zhou, roles={door.shop_id: Role.VIEWER})
    order_no, case_no = door.refund_asked()
    agree = AgreeRefund(order_no=order_no, case_no=case_no, amount=Fen(100))

    with pytest.raises(NotAllowed):
        tell_platform(door.house, viewer, door.shop_id, [order_no], door.now, door.wall)
    with pytest.raises(NotAllowed):
        transact(door.house.pool, lambda tx: decide(tx, door.house, people.zhou, door.shop_id, agree, door.now))

    assert door.acts() == []


def test_a_person_uploads_more_in_a_day_than_the_house_does_alone(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = msgspec.structs.replace(act_terms()[UPLOAD], alone_a_day=1)
    monkeypatch.setattr("zhanggui.actions.outbox.kinds.act_terms", lambda: {**act_terms(), UPLOAD: terms})
    door.put(UPLOAD, ActLevel.ACT, wait_minutes=0)
    first, second, third = labelled(door, 3)

    def decides(no: str, number: str, *, alone: bool) -> None:
        ship = Ship(order_no=no, tracking_no=number, carrier=YTO)
        transact(door.house.pool, lambda tx: decide(tx, door.house, door.by, door.shop_id, ship, door.now, by_itself=alone))

    decides(first, "YT7351946208153", alone=True)
    decides(second, "YT7351946208290", alone=True)
    decides(third, "YT7351946208427", alone=False)
    door.works()

    assert {act.order_no: act.at for act in door.acts()} == {
        first: ActState.CARRIED_OUT,
        second: ActState.ANNOUNCED,
        third: ActState.CARRIED_OUT,
    }
    assert (act_terms()[UPLOAD].limits.daily_cap, act_terms()[UPLOAD].alone_a_day) == (5000, 500)
