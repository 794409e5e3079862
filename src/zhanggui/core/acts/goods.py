"""Acts on products: what is sent, what each rests on, and whether it happened, as the platform's own words on the product show."""

from collections.abc import Sequence

import msgspec

from zhanggui.core.acts.happening import Happened
from zhanggui.core.facts import SkuFacts
from zhanggui.core.money import Fen


class PutOnShelf(msgspec.Struct, frozen=True, kw_only=True, tag="goods.shelf"):
    """Put a product on the shelf, or take it off."""

    goods_id: str
    on_shelf: bool
    title: str = ""

    @property
    def order_no(self) -> None:
        """It concerns no order."""
        return None


class PutStock(msgspec.Struct, frozen=True, kw_only=True, tag="goods.stock"):
    """Set how many pieces of a variant the platform offers."""

    goods_id: str
    sku_id: str
    pieces: int
    title: str = ""

    @property
    def order_no(self) -> None:
        """It concerns no order."""
        return None


class PutPrices(msgspec.Struct, frozen=True, kw_only=True, tag="goods.price"):
    """Set the prices of a variant: for a group, and for one buyer alone."""

    goods_id: str
    sku_id: str
    group_price: Fen
    single_price: Fen
    title: str = ""

    @property
    def order_no(self) -> None:
        """It concerns no order."""
        return None


GoodsRequest = PutOnShelf | PutStock | PutPrices
OF_GOODS = (PutOnShelf, PutStock, PutPrices)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """How the platform offers what an act is about; what does not matter to the act stays None."""

    on_shelf: bool | None = None
    offered: int | None = None
    group_price: Fen | None = None
    single_price: Fen | None = None


def offer_of(request: GoodsRequest, skus: Sequence[SkuFacts]) -> Offer:
    """How it is offered, by what is told of the variants of the product. A product is on the shelf where any of its variants can be ordered."""
    match request:
        case PutOnShelf():
            told = [sku.on_shelf for sku in skus if sku.on_shelf is not None]
            return Offer(on_shelf=any(told) if told else None)
        case PutStock():
            return Offer(offered=next((sku.offered for sku in skus if sku.sku_id == request.sku_id), None))
        case PutPrices():
            sku = next((sku for sku in skus if sku.sku_id == request.sku_id), None)
            return Offer() if sku is None else Offer(group_price=sku.group_price, single_price=sku.single_price)


def offer_happened(request: GoodsRequest, now: Offer, before: Offer) -> Happened:
    """Whether the platform offers it as was asked: yes; no, as before; or in a third way, since somebody else changed it or some were sold."""
    if now == Offer():
        return Happened.UNCLEAR
    if now == wanted_by(request):
        return Happened.YES
    return Happened.NO if now == before else Happened.OTHERWISE


def wanted_by(request: GoodsRequest) -> Offer:
    """How it would be offered afterwards."""
    match request:
        case PutOnShelf():
            return Offer(on_shelf=request.on_shelf)
        case PutStock():
            return Offer(offered=request.pieces)
        case PutPrices():
            return Offer(group_price=request.group_price, single_price=request.single_price)
