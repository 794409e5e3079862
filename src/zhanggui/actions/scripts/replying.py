"""Quick replies for a rep: filled from the order, its product and what the shop tells of itself, and checked like everything that goes out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from zhanggui.actions.goods.stock import stock_of
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.core.scripting.cards import link_to
from zhanggui.core.scripting.filling import Goods, fills, fit_of
from zhanggui.core.scripting.replies import Reply, replies
from zhanggui.core.scripting.situations import Situation
from zhanggui.core.scripts import Fit, Scripts, type_of_fill
from zhanggui.core.speech import Finding, check
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import items, order_goods, scripts, shops
from zhanggui.records.db import Tx
from zhanggui.records.items import ItemRow
from zhanggui.rulebook.speech import speech_book


class QuickReply(msgspec.Struct, frozen=True, kw_only=True):
    """One quick reply. `draft` is None where it cannot be sent now: `missing` names the slots without a fact, `fits` says whether the order stands so."""

    script_id: str
    version: int
    situation: str
    when_zh: str
    when_en: str
    draft: Draft | None
    missing: tuple[str, ...]
    fits: bool
    findings: tuple[Finding, ...]
    """What must not be said, as where the title of a product says it."""


class Filling(msgspec.Struct, frozen=True):
    """Everything a quick reply is filled with."""

    scripts: Scripts
    fills: Mapping[str, type_of_fill]
    fit: Fit
    known: OrderKnowledge | None
    rulebook: Rulebook


class Filled(msgspec.Struct, frozen=True):
    """Quick replies, and how the order stands that they are filled for."""

    replies: tuple[QuickReply, ...]
    fit: Fit
    """`no_order` also where the shop does not know the order."""


def quick_replies(
    house: House, by: Person, shop_id: ShopId, *, situation: str = "", search: str = "", order_no: str | None = None, sku: str | None = None, now: datetime
) -> tuple[QuickReply, ...]:
    """The quick replies of a situation, or all that the words find, those that can be sent first; `order_no` or `sku` is what is talked about."""
    return filled_replies(house, by, shop_id, situation=situation, search=search, order_no=order_no, sku=sku, now=now).replies


def filled_replies(
    house: House, by: Person, shop_id: ShopId, *, situation: str = "", search: str = "", order_no: str | None = None, sku: str | None = None, now: datetime
) -> Filled:
    """The same, with how the order stands."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        filling = filling_of(tx, house, shop_id, order_no, sku, now)
    found = replies(filling.scripts, filling.fills, filling.fit, situation=situation, search=search)
    return Filled(tuple(checked_reply(reply, now) for reply in found), filling.fit)


def checked_reply(reply: Reply, now: datetime) -> QuickReply:
    """The reply with what must not be said in it."""
    return QuickReply(
        script_id=reply.script.id,
        version=reply.script.version,
        situation=reply.script.situation,
        when_zh=reply.script.when_zh,
        when_en=reply.script.when_en,
        draft=reply.draft,
        missing=reply.missing,
        fits=reply.fits,
        findings=_findings(reply.draft.zh, now.replace(minute=0, second=0, microsecond=0)) if reply.draft is not None else (),
    )


@lru_cache(maxsize=1024)
def _findings(text: str, hour: datetime) -> tuple[Finding, ...]:
    """What must not be said in it. Pages look at the same drafts again and again; clauses begin at midnight, so within an hour they are the same."""
    return check(text, speech_book(), hour)


def filling_of(tx: Tx, house: House, shop_id: ShopId, order_no: str | None, sku: str | None, now: datetime) -> Filling:
    """What there is to fill with, of an order or a product; an order nobody knows is none."""
    rulebook = rulebook_in(tx, house, shop_id)
    known = orders_known(tx, shop_id, [order_no]).get(order_no) if order_no else None
    goods = goods_of(tx, shop_id, known, sku)
    library = scripts_of(tx, shop_id, now)
    own = {**scripts.facts(tx, shop_id), "shop": _name(tx, shop_id), "promotion": promotions(library)}
    return Filling(library, fills(known, goods, own, rulebook, now), fit_of(known, rulebook, now), known, rulebook)


def goods_of(tx: Tx, shop_id: ShopId, known: OrderKnowledge | None, sku: str | None) -> Goods | None:
    """What is known of the variant: the one that was named, else the only one that the order takes."""
    if sku is None and known is not None:
        taken = order_goods.of_orders(tx, shop_id, [known.order.order_no])
        sku = taken[0].sku if len(taken) == 1 else None
    row = items.one(tx, shop_id, sku) if sku is not None else None
    if row is None:
        return None if known is None else Goods(goods_id=known.order.goods_id or "", link=link_to(known.order.goods_id))
    found = goods_with_stock(tx, shop_id, [row])[0]
    if known is None or found.goods_id:
        return found
    # what only orders name bears the order's own number of the product
    return msgspec.structs.replace(found, goods_id=known.order.goods_id or "", link=link_to(known.order.goods_id))


def goods_with_stock(tx: Tx, shop_id: ShopId, rows: Sequence[ItemRow]) -> list[Goods]:
    """The variants as they may be talked about: no more is free than lies in the house unreserved, and than the platform would sell."""
    counted = stock_of(tx, shop_id, [row.sku for row in rows]) if rows else {}
    found = []
    for row in rows:
        told = row.facts
        free = [number for number in (counted[row.sku].free, None if told is None else told.offered) if number is not None]
        found.append(
            Goods(
                goods_id=row.goods_id,
                title=row.title,
                spec=row.spec,
                price=None if told is None or told.on_shelf is False else told.group_price,
                free=min(free, default=None),
                link=link_to(row.goods_id),
            )
        )
    return found


def promotions(library: Scripts) -> str:
    """The shop's promotions of the moment in one line: its own words of that situation that need no slot."""
    said = [each.zh for each in library.by_id.values() if each.situation == Situation.PROMOTION and each.version and not each.slots]
    return "；".join(text.rstrip("。；; ") for text in said)


def _name(tx: Tx, shop_id: ShopId) -> str:
    found = shops.of_ids(tx, [shop_id])
    return found[0].name if found else ""
