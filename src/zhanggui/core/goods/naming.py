"""Which SKU an order means: by the platform's id, else by the seller's own code, else by product and variant."""

import re
from collections.abc import Iterable

import msgspec

from zhanggui.core.facts import OrderFacts, OrderLineFacts, SkuFacts

_PARTS = re.compile(r"[\s,，;；、/|+]+")
ID, CODE, GOODS = "", "code:", "goods:"


class Asked(msgspec.Struct, frozen=True, gc=False):
    """One SKU as a source names it, and how many pieces of it."""

    sku_id: str | None
    code: str | None
    goods_id: str | None
    spec: str | None
    title: str | None
    quantity: int

    @property
    def name(self) -> str | None:
        """The name it goes by until a list of products tells its id; None where nothing tells it from other goods."""
        if self.sku_id:
            return self.sku_id
        if self.code:
            return CODE + self.code
        return f"{GOODS}{self.goods_id}/{folded_spec(self.spec)}" if self.goods_id else None

    @property
    def by_other_name(self) -> str:
        """The name it was looked up by, empty where that was the platform's own id."""
        return "" if self.sku_id else self.name or ""


class Names:
    """The SKUs that lists of products name, to find the one that a source means."""

    def __init__(self, told: Iterable[SkuFacts]) -> None:
        self._by_code: dict[str, list[SkuFacts]] = {}
        self._by_goods: dict[str, list[SkuFacts]] = {}
        for sku in told:
            if sku.outer_sku:
                self._by_code.setdefault(sku.outer_sku, []).append(sku)
            if sku.goods_id:
                self._by_goods.setdefault(sku.goods_id, []).append(sku)

    def sku_of(self, asked: Asked) -> str | None:
        """The SKU that is meant; where several fit, none of them, and it keeps the name it was asked by."""
        if asked.sku_id or asked.name is None:
            return asked.name
        if asked.code:
            coded = self._by_code.get(asked.code, [])
            fit = coded if len(coded) <= 1 else [sku for sku in coded if sku.goods_id == asked.goods_id]
        else:
            siblings = self._by_goods.get(asked.goods_id or "", [])
            wanted = folded_spec(asked.spec)
            fit = [sku for sku in siblings if folded_spec(sku.spec) == wanted] if wanted else siblings
        return fit[0].sku_id if len(fit) == 1 else asked.name


def asked_of(order: OrderFacts, lines: Iterable[OrderLineFacts] = ()) -> tuple[Asked, ...]:
    """What an order takes: its lines where any that was bought names its goods, else the order's own goods; and the gifts that go along."""
    lines = list(lines)
    told = [(_of_line(line), line.is_gift) for line in lines]
    named = [asked for asked, _ in told if asked.name is not None]
    if all(is_gift for asked, is_gift in told if asked.name is not None):
        named = [_of_order(order), *named]
    if not lines and order.gift_id:
        named.append(_gift_of(order))
    return tuple(asked for asked in named if asked.quantity > 0)


def name_of(goods: OrderFacts | OrderLineFacts) -> str | None:
    """The name by which an order without lines, or one of its lines, means its goods; None where nothing tells them from others."""
    return Asked(goods.sku_id, goods.outer_sku, goods.goods_id, goods.spec, goods.title, 0).name


def gift_name_of(order: OrderFacts) -> str | None:
    """The name by which an order without lines means its gift."""
    return _gift_of(order).name


def names_of(sku: SkuFacts) -> set[str]:
    """Every name, other than its id, by which an order may have meant this SKU."""
    names = {CODE + sku.outer_sku} if sku.outer_sku else set()
    if sku.goods_id:
        names |= {f"{GOODS}{sku.goods_id}/{folded_spec(sku.spec)}", f"{GOODS}{sku.goods_id}/"}
    return names


def folded_spec(spec: str | None) -> str:
    """The variant without what differs from source to source: the platform parts its values by blanks here and by commas there."""
    return ",".join(part for part in _PARTS.split((spec or "").casefold()) if part)


def _of_order(order: OrderFacts) -> Asked:
    return Asked(order.sku_id, order.outer_sku, order.goods_id, order.spec, order.title, 1 if order.quantity is None else order.quantity)


def _gift_of(order: OrderFacts) -> Asked:
    return Asked(None, None, order.gift_id, order.gift_spec, order.gift_title, 1 if order.gift_quantity is None else order.gift_quantity)


def _of_line(line: OrderLineFacts) -> Asked:
    return Asked(line.sku_id, line.outer_sku, line.goods_id, line.spec, line.title, 1 if line.quantity is None else line.quantity)
