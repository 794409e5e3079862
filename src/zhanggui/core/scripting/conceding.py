"""How far a rep may go with a buyer who haggles: the limits of the product and of the shop, less what was given already."""

from enum import StrEnum

import msgspec

from zhanggui.core.ledger.costs import CostKind
from zhanggui.core.money import Fen
from zhanggui.core.say import Say, say


class Concession(StrEnum):
    """What is conceded."""

    PRICE = "lower_price"
    """The price is changed before it is paid."""
    COUPON = "coupon_given"
    GIFT = "gift_added"
    POSTAGE = "postage_taken_over"


COST_OF = {Concession.COUPON: CostKind.COUPON, Concession.GIFT: CostKind.GIFT, Concession.POSTAGE: CostKind.FREIGHT}
"""How each stands in the ledger of costs, where there is an order; a lower price is in what was paid already."""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit as the shop set it."""

    goods_id: str = ""
    """Empty: of every product without one of its own."""
    most_fen: Fen
    most_percent: int
    month_fen: Fen | None = None
    """Of all concessions of thirty days; None where there is no such limit."""


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """What may still be conceded to this buyer, and what decides it."""

    left: Fen
    most: Fen
    given: Fen
    """To this buyer already."""
    because: Say


def room(limit: Limit | None, price: Fen | None, given: Fen, given_in_month: Fen) -> Room:
    """What is left. Without a limit nothing may be conceded: the owner sets one first. A percentage without a known price allows nothing."""
    if limit is None:
        return Room(left=Fen(0), most=Fen(0), given=given, because=say("The shop has set no room to concede."))
    most = min(limit.most_fen, Fen((price or 0) * limit.most_percent // 100))
    if price is None:
        return Room(left=Fen(0), most=Fen(0), given=given, because=say("The price is not known, so the share of it is not either."))
    left = max(Fen(most - given), Fen(0))
    if limit.month_fen is not None and limit.month_fen - given_in_month < left:
        rest = max(Fen(limit.month_fen - given_in_month), Fen(0))
        because = say("Of {month_fen} for thirty days {rest_fen} are left.", month_fen=limit.month_fen, rest_fen=rest)
        return Room(left=rest, most=most, given=given, because=because)
    because = say("At most {most_fen}, or {percent} % of the price, for one buyer.", most_fen=limit.most_fen, percent=limit.most_percent)
    return Room(left=left, most=most, given=given, because=because)
