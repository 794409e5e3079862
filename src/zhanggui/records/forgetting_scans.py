"""What tracking events tell is taken away, save when they happened and what it was: by that the parcels are still counted."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from zhanggui.core.facts import FactKind, ScanFacts, ScanStage, key_of
from zhanggui.core.parcels import Parcel
from zhanggui.core.say import Say
from zhanggui.records import forgetting_imports, parcels
from zhanggui.records.db import Tx
from zhanggui.records.facts import scans
from zhanggui.records.facts.table import fetch, remove, store

SAYS = {
    ScanStage.PICKED_UP: "已揽收",
    ScanStage.IN_TRANSIT: "运输中",
    ScanStage.ARRIVED: "已到达",
    ScanStage.OUT_FOR_DELIVERY: "派送中",
    ScanStage.READY_FOR_PICKUP: "待取件",
    ScanStage.DELIVERED: "已签收",
    ScanStage.REFUSED: "已拒收",
    ScanStage.RETURN_TO_SENDER: "退回中",
    ScanStage.EXCEPTION: "异常",
    ScanStage.UNKNOWN: "—",
}
"""All that an event says then, in the language of the carriers."""

PARCELS = """
    select tracking_no from orders where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no is not null
    union select tracking_no from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no is not null
    union select return_tracking_no from aftersales where shop_id = %(shop_id)s and order_no = any(%(nos)s) and return_tracking_no is not null
    union select tracking_no from parcels where shop_id = %(shop_id)s and order_no = any(%(nos)s)
    union select tracking_no from dispatches where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no is not null
    union select tracking_no from ship_parts where shop_id = %(shop_id)s and order_no = any(%(nos)s) and tracking_no is not null
"""
TOLD = """
    select facts::text, as_of from scans
    where shop_id = %(shop_id)s and tracking_no = any(%(nos)s) and at < %(before)s and text <> all(%(says)s)
"""
TAKE_SIGHTINGS = """
    delete from sightings where shop_id = %(shop_id)s and kind = %(kind)s and key = any(%(keys)s)
    returning batch_id, key, as_of, shape, facts::text
"""
PUT_SIGHTINGS = """
    insert into sightings (shop_id, batch_id, kind, key, as_of, shape, facts)
    select %(shop_id)s, batch_id, %(kind)s, key, as_of, shape, facts::json
    from unnest(%(batches)s::bigint[], %(keys)s::text[], %(ages)s::timestamptz[], %(shapes)s::smallint[], %(told)s::text[])
        as told (batch_id, key, as_of, shape, facts)
    on conflict (shop_id, kind, key, batch_id, as_of) do nothing
"""
SET_PARCELS = """
    update parcels set facts = told.facts::json
    from unnest(%(order_nos)s::text[], %(tracking_nos)s::text[], %(told)s::text[]) as told (order_no, tracking_no, facts)
    where parcels.shop_id = %(shop_id)s and parcels.order_no = told.order_no and parcels.tracking_no = told.tracking_no
"""
QUOTED = frozenset({"text", "meant", "where"})
"""What a trouble of a parcel says in the words of an event, or of the address."""

_decode = msgspec.json.Decoder(ScanFacts).decode
_encode = msgspec.json.Encoder().encode


def parcels_of(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> list[str]:
    """The parcels of these orders, there and back."""
    return sorted(str(no) for (no,) in tx.execute(PARCELS, {"shop_id": shop_id, "nos": list(order_nos)}))


def forget(tx: Tx, shop_id: int, tracking_nos: Sequence[str], before: datetime) -> int:
    """How many events of these parcels from before this moment lost their words, here and in what was told."""
    slots = {"shop_id": shop_id, "nos": list(tracking_nos), "before": before, "says": list(SAYS.values())}
    told = [(_decode(text), as_of) for text, as_of in tx.execute(TOLD, slots)] if tracking_nos else []
    if not told:
        return 0
    anew = {key_of(facts): (facts, as_of) for facts, as_of in ((_plain(each), as_of) for each, as_of in told)}
    remove(tx, scans.TABLE, shop_id, [facts for facts, _ in told])
    there = fetch(tx, scans.TABLE, shop_id, [facts for facts, _ in anew.values()])
    store(tx, scans.TABLE, shop_id, [(facts, as_of, _encode(facts).decode()) for key, (facts, as_of) in anew.items() if key not in there])
    _forget_told(tx, shop_id, [key_of(facts) for facts, _ in told])
    return len(told)


def forget_parcels(tx: Tx, shop_id: int, order_nos: Sequence[str]) -> int:
    """How many parcels of these orders lost the city they went to, and the words of events in what was wrong with them."""
    held = parcels.held(tx, shop_id, order_nos)
    anew = {key: text for key, (parcel, before) in held.items() if (text := parcels.encoded(_unnamed(parcel))) != before}
    if anew:
        slots = {"order_nos": [no for no, _ in anew], "tracking_nos": [no for _, no in anew], "told": list(anew.values())}
        tx.execute(SET_PARCELS, {"shop_id": shop_id, **slots})
    return len(anew)


def _unnamed(parcel: Parcel) -> Parcel:
    troubles = tuple(msgspec.structs.replace(one, because=_unquoted(one.because)) for one in parcel.anomalies)
    return msgspec.structs.replace(parcel, city="", anomalies=troubles)


def _unquoted(because: Say) -> Say:
    return Say(because.text, {name: SAYS[ScanStage.UNKNOWN] if name in QUOTED else value for name, value in because.slots.items()})


def _forget_told(tx: Tx, shop_id: int, keys: Sequence[str]) -> None:
    taken = tx.execute(TAKE_SIGHTINGS, {"shop_id": shop_id, "kind": FactKind.SCAN.value, "keys": list(keys)}).fetchall()
    if not taken:
        return
    plain = [_plain(_decode(text)) for *_, text in taken]
    slots = {
        "batches": [row[0] for row in taken],
        "keys": [key_of(facts) for facts in plain],
        "ages": [row[2] for row in taken],
        "shapes": [row[3] for row in taken],
        "told": [_encode(facts).decode() for facts in plain],
    }
    tx.execute(PUT_SIGHTINGS, {"shop_id": shop_id, "kind": FactKind.SCAN.value, **slots})
    forgetting_imports.forget_events(tx, shop_id, dict(zip((row[1] for row in taken), slots["keys"], strict=True)), {row[0] for row in taken})


def _plain(facts: ScanFacts) -> ScanFacts:
    return msgspec.structs.replace(facts, text=SAYS[facts.stage])
