"""Where the acts beside an answer are done."""

from collections.abc import Mapping
from urllib.parse import urlencode

from zhanggui.core.answers import Offer, OfferKind
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.workbench.places import TodoPlace, case_path, order_path

_DESK = "/ship"
_LISTS: Mapping[OfferKind, tuple[str, Mapping[str, str]]] = {
    OfferKind.STOP_PARCEL: (_DESK, {"view": "destroy"}),
    OfferKind.SHIP_NOW: (_DESK, {}),
    OfferKind.RECALL: ("/chase", {"view": "recalls"}),
    OfferKind.CHASE_CARRIER: ("/chase", {}),
}


def offer_path(by: Person, shop_id: ShopId, order_no: str | None, offer: Offer) -> str | None:
    """The page on which it is done: the to-do or the case it belongs to, the warehouse's list (for whoever may see it), the carriers', else the order."""
    if offer.todo is not None:
        subject, kind = offer.todo
        return TodoPlace(shop_id, subject, kind, order_no).panel
    if offer.case_no is not None:
        return case_path(shop_id, offer.case_no)
    if offer.kind in _LISTS and (_LISTS[offer.kind][0] != _DESK or by.may(Permission.SHIPPING_WRITE, shop_id)):
        path, query = _LISTS[offer.kind]
        return f"{path}?{urlencode({**query, 'shop': shop_id})}"
    return None if order_no is None or offer.kind is OfferKind.ASK_TO_WITHDRAW else order_path(shop_id, order_no)


def answers_path(shop_id: ShopId, order_no: str, want: str = "") -> str:
    """The page of the answers about an order."""
    path = f"{order_path(shop_id, order_no)}/answers"
    return f"{path}?{urlencode({'want': want})}" if want else path
