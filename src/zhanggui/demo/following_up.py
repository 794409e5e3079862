"""What 小美 does about the parcel that stands still, chapter by chapter: she asks the branch, calls it back, claims it; and claims what came rotten."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from zhanggui import clock
from zhanggui.actions.chasing.asking import mark_sent
from zhanggui.actions.chasing.gathering import to_chase
from zhanggui.actions.claims.making import Particulars, begin_claim
from zhanggui.actions.house import House
from zhanggui.actions.recalls.stepping import begin_recall, step_recall
from zhanggui.actions.refused import Refused
from zhanggui.core.claims.evidence import Evidence
from zhanggui.core.claims.states import Loss
from zhanggui.core.money import Fen
from zhanggui.core.recalls.states import RecallEvent
from zhanggui.demo.world import world
from zhanggui.people.permissions import Person, ShopId

STALLED, ROTTEN = "stalled", "rotten"


def follow_up(house: House, by: Person, shop_id: ShopId, chapter_id: str) -> None:
    """What is done in this chapter. A chapter told again does nothing twice: what is past that step refuses."""
    done = _DONE.get(chapter_id)
    if done is not None:
        with suppress(Refused):
            done(house, by, shop_id)


def _ask(house: House, by: Person, shop_id: ShopId) -> None:
    """The branch at whose hub the parcel lies is asked about everything that lies there."""
    now, stalled = clock.now(), world().told[STALLED].order_no
    for each in to_chase(house, by, shop_id, now).groups:
        orders = [parcel.order_no for parcel in each.group.parcels]
        if stalled in orders and each.message is not None:
            mark_sent(house, by, shop_id, orders, each.message.zh, now)


def _call_back(house: House, by: Person, shop_id: ShopId) -> None:
    now = clock.now()
    recall_no = begin_recall(house, by, shop_id, world().told[STALLED].order_no, "买家不想再等，申请了退款", now)
    step_recall(house, by, shop_id, recall_no, RecallEvent.TELL, now, note="网点说先找件")


def _claim_damaged(house: House, by: Person, shop_id: ShopId) -> None:
    told = Particulars(freight=Fen(480), evidence=(Evidence.WAYBILL, Evidence.INNER_PHOTOS))
    begin_claim(house, by, shop_id, world().told[ROTTEN].order_no, Loss.DAMAGED, clock.now(), told)


def _claim_lost(house: House, by: Person, shop_id: ShopId) -> None:
    begin_claim(house, by, shop_id, world().told[STALLED].order_no, Loss.LOST, clock.now(), Particulars(freight=Fen(350)))


_DONE: Mapping[str, Callable[[House, Person, ShopId], None]] = {
    "bad_review": _ask,
    "damaged_row": _call_back,
    "older_file": _claim_damaged,
    "return_on_its_way": _claim_lost,
}
