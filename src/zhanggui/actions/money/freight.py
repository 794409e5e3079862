"""The freight of what is sent once more, counted once: by the step that agreed to send it, or by the parcel that went out, never by both."""

from datetime import datetime

from zhanggui.actions.advice.terms import terms_in
from zhanggui.actions.house import House
from zhanggui.actions.money.given import give, take_gifts_back
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.facts import ParcelKind
from zhanggui.core.ledger.costs import Cost, CostCause, CostKind
from zhanggui.people.permissions import Person, ShopId, operator
from zhanggui.records import costs, number_changes
from zhanggui.records.db import Tx


def write_freight(tx: Tx, house: House, by: Person, shop_id: ShopId, order_no: str, kind: ParcelKind, extra_no: int, now: datetime) -> None:
    """What a new parcel costs that nobody pays for goes into the ledger of costs, by the shop's own terms; a part of the order is due anyway."""
    if kind is ParcelKind.EXTRA or (kind is ParcelKind.RESEND and extra_no in _covered(tx, shop_id, order_no)):
        return
    _give(tx, house, by, shop_id, order_no, extra_no, now)


def settle_freight(tx: Tx, house: House, shop_id: ShopId, order_no: str, now: datetime) -> None:
    """Brings the parcels of an order in step with what its steps by hand have written down for freight: each such entry stands for the oldest parcel left."""
    by, covered = operator("worker"), _covered(tx, shop_id, order_no)
    for extra_no in number_changes.resent_of_order(tx, shop_id, order_no):
        if extra_no in covered:
            take_gifts_back(tx, by, shop_id, order_no, _origin(extra_no), now)
        else:
            _give(tx, house, by, shop_id, order_no, extra_no, now)


def drop_freight(tx: Tx, house: House, by: Person, shop_id: ShopId, order_no: str, extra_no: int, now: datetime) -> None:
    """A parcel that is not sent after all costs nothing."""
    take_gifts_back(tx, by, shop_id, order_no, _origin(extra_no), now)
    settle_freight(tx, house, shop_id, order_no, now)


def _covered(tx: Tx, shop_id: ShopId, order_no: str) -> frozenset[int]:
    return frozenset(number_changes.resent_of_order(tx, shop_id, order_no)[: costs.freights_of_steps(tx, shop_id, order_no)])


def _give(tx: Tx, house: House, by: Person, shop_id: ShopId, order_no: str, extra_no: int, now: datetime) -> None:
    freight = terms_in(tx, shop_id, rulebook_in(tx, house, shop_id), now).freight_out
    if freight:
        give(tx, by, shop_id, Cost(order_no=order_no, kind=CostKind.FREIGHT, cause=CostCause.OTHER, fen=freight, once=f"{_origin(extra_no)}:0"), now)


def _origin(extra_no: int) -> str:
    return f"parcel:{extra_no}"
