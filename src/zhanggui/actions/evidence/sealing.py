"""The journal is sealed block by block: what is under a seal can no longer be changed unnoticed."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.core.evidence import GENESIS, Head, JournalSeal, seal_body, seal_digest
from zhanggui.people.permissions import ShopId
from zhanggui.records import evidence, seals, shops
from zhanggui.records.db import Tx, transact

CHAIN = "journal"


def seal_journals(house: House, now: datetime) -> None:
    """Goes one step on in every shop. A block is sealed in the third step: first its end is noted, then who may still be writing below it, then it is done."""
    with house.pool.connection() as tx:
        every = [ShopId(shop.shop_id) for shop in shops.every(tx)]
    for shop_id in every:
        seal_some(house, shop_id, now)


def seal_some(house: House, shop_id: ShopId, now: datetime) -> None:
    """One step in one shop."""

    def work(tx: Tx) -> None:
        head = evidence.hold_head(tx, shop_id, CHAIN)
        mark = seals.mark(tx, shop_id)
        if mark is None or mark.upto <= seals.last_sealed(tx, shop_id):
            _begin(tx, shop_id)
            return
        safe = seals.is_safe(tx, shop_id) if mark.has_horizon else None
        if safe:
            _seal(tx, shop_id, head, mark.upto, now)
            _begin(tx, shop_id)
        elif safe is None:
            seals.set_horizon(tx, shop_id)

    transact(house.pool, work)


def _begin(tx: Tx, shop_id: ShopId) -> None:
    newest = seals.last_no(tx, shop_id)
    if newest > seals.last_sealed(tx, shop_id):
        seals.set_mark(tx, shop_id, newest)


def _seal(tx: Tx, shop_id: ShopId, head: Head, upto: int, now: datetime) -> None:
    first = seals.last_sealed(tx, shop_id) + 1
    count, body = seal_body(seals.entries(tx, shop_id, first, upto))
    seal = JournalSeal(
        shop_id=shop_id,
        seal_no=head.seq + 1,
        from_no=first,
        to_no=upto,
        entries=count,
        body=body,
        previous=head.digest if head.seq else GENESIS,
        digest=b"",
        made_at=now,
    )
    seal = msgspec.structs.replace(seal, digest=seal_digest(seal))
    seals.add(tx, seal)
    evidence.set_head(tx, shop_id, CHAIN, Head(seal.seal_no, seal.digest))
