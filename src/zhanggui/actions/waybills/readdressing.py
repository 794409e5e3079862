"""Labels whose receiver has moved since the number was taken: the platform is told the new one, and the label is made anew under the same number."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.outbox.watch import Watch
from zhanggui.actions.vault import seal
from zhanggui.actions.waybills.calling import answered
from zhanggui.actions.waybills.moving import kept, write
from zhanggui.actions.waybills.printables import is_for_the_component_alone
from zhanggui.actions.waybills.receiving import objections, receivers_of
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.waybill import Document, Receiver, change
from zhanggui.core.say import Say, say
from zhanggui.core.waybills import NumberState, has_moved, receiver_key
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, waybills
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.waybills import WaybillReaddressed
from zhanggui.records.waybills import StoredWaybill

FRESH = timedelta(minutes=2)
"""What the platform told of a receiver so lately is believed without asking again."""


def readdressed(house: House, shop_id: ShopId, rows: Sequence[StoredWaybill], by: int | None, watch: Watch) -> dict[int, Say]:
    """Makes the labels anew whose receivers have moved; why others, of these rows, cannot be printed. Raises NotConnected and VaultShut."""
    doubtful = _doubtful(house, shop_id, rows, watch)
    told = receivers_of(house, shop_id, [no for row in doubtful for no in row.order_nos], watch.now, watch.wall)
    own = {no for row in doubtful if row.part == 1 for no in row.order_nos}
    against = objections(house, shop_id, told, watch.now, watch.wall, further=told.keys() - own)
    why_not: dict[int, Say] = {}
    for row in doubtful:
        bad = next((against[no] for no in row.order_nos if no in against), None)
        why = bad.why if bad else _renewed(house, shop_id, row, {no: each for no in row.order_nos if isinstance(each := told[no], Receiver)}, by, watch)
        if why is not None:
            why_not[row.waybill_id] = why
    return why_not


def _doubtful(house: House, shop_id: ShopId, rows: Sequence[StoredWaybill], watch: Watch) -> list[StoredWaybill]:
    """Numbers that were not told just now, or whose orders we know to have moved."""
    with house.pool.connection() as tx:
        orders = around.orders(tx, shop_id, [no for row in rows for no in row.order_nos])
    return [
        row
        for row in rows
        if row.told_at is None
        or watch.now - row.told_at > FRESH
        or any(row.goes_to is not None and no in orders and has_moved(row.goes_to, receiver_key(orders[no].facts)) for no in row.order_nos)
    ]


def _renewed(house: House, shop_id: ShopId, row: StoredWaybill, told: Mapping[str, Receiver], by: int | None, watch: Watch) -> Say | None:
    """Why the label cannot be printed; None where its receiver stands as it was, or the label names the new one now."""
    first = told[row.order_nos[0]]
    before = row.goes_to
    if before is not None and not any(has_moved(before, receiver_key(each.facts)) for each in told.values()):
        return None
    if len({each.place for each in told.values()}) > 1:
        return say("One of the orders in this parcel goes elsewhere now. Give its number back and take one for each.")
    document = Document(object_id=row.object_id, order_nos=tuple(row.order_nos), receiver=first, goods=())
    try:
        module = answered(house, shop_id, change(row.carrier_code, row.number or "", document), watch.now, watch.wall)
    except PlatformError as problem:
        return problem.say  # nothing is printed; the same is asked again with the next try
    key = msgspec.json.encode(receiver_key(first.facts)).decode()
    sealed = seal(house, module.print_data) if is_for_the_component_alone(module.print_data) else None

    def work(tx: Tx) -> None:
        held = waybills.locked(tx, shop_id, [row.waybill_id])[0]
        if held.at is NumberState.HELD:
            after = kept(tx, msgspec.structs.replace(held, receiver=key, print_data=sealed))
            write(tx, after, WaybillReaddressed(row.carrier, row.number or ""), watch.now, by)

    transact(house.pool, work)
    return None
