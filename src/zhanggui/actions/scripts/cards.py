"""Product cards: the shop's products as a buyer would be told of them."""

from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.actions.scripts.replying import goods_with_stock
from zhanggui.core.scripting.filling import Goods, fills
from zhanggui.core.scripting.replies import replies
from zhanggui.core.scripting.situations import Situation
from zhanggui.core.scripts import Fit
from zhanggui.core.speech import Finding, check
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import items
from zhanggui.rulebook.speech import speech_book

MOST_CARDS = 40
LONGEST_WORDS = 60


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One product card. Without a draft too little is known of the product to speak of it."""

    sku: str
    goods: Goods
    draft: Draft | None
    findings: tuple[Finding, ...]
    """What the title says that must not be said."""


def product_cards(house: House, by: Person, shop_id: ShopId, words: str, now: datetime) -> tuple[Card, ...]:
    """The cards of the products whose title or variant holds the words, or that go by the number."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    words = words.strip()[:LONGEST_WORDS]
    with house.pool.connection() as tx:
        rows = items.of_number(tx, shop_id, words, MOST_CARDS) if words else []
        rows = rows or items.page(tx, shop_id, words or None, items.FIRST, MOST_CARDS)
        goods = goods_with_stock(tx, shop_id, rows)
        library, rulebook = scripts_of(tx, shop_id, now), rulebook_in(tx, house, shop_id)
    found = []
    for row, each in zip(rows, goods, strict=True):
        filled = fills(None, each, {}, rulebook, now)
        ready = [reply.draft for reply in replies(library, filled, Fit.NO_ORDER, situation=Situation.PRODUCT_CARD) if reply.draft is not None]
        draft = max(ready, key=lambda draft: len(library.by_id[draft.script].slots), default=None)
        found.append(Card(sku=row.sku, goods=each, draft=draft, findings=check(draft.zh, speech_book(), now) if draft is not None else ()))
    return tuple(found)
