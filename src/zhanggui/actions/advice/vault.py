"""What the vault holds for an order, as advice counts it: how many pieces, how much of what a dispute would need they show, and pictures seen elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from zhanggui.core.advice.learnt import CLAIM_OF
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.disputes.needs import ClaimType, Shows, covered, shown_by
from zhanggui.core.facts import AftersaleFacts, AftersaleKind
from zhanggui.core.rules import Rulebook
from zhanggui.people.permissions import ShopId
from zhanggui.records import advice_goods
from zhanggui.records.db import Tx
from zhanggui.rulebook.complaints import dispute_words, needs_at


class Held(msgspec.Struct, frozen=True):
    """How many pieces are kept of an order, and what they show; nothing where nobody said what any of them shows."""

    pieces: int
    shows: frozenset[Shows]


def held_of(tx: Tx, shop_id: ShopId, order_nos: Sequence[str]) -> dict[str, Held]:
    """What is kept of each of these orders."""
    found: dict[str, Held] = {}
    words = dispute_words()
    for order_no, name, note, media_type, told in advice_goods.pieces(tx, shop_id, order_nos):
        if media_type == "application/json":
            continue  # a list of what was handed in
        shows = {Shows(each) for each in told} if told is not None else set(shown_by(f"{name} {note}".lower(), words))
        before = found.get(order_no, Held(0, frozenset()))
        found[order_no] = Held(before.pieces + 1, before.shows | shows)
    return found


def shown_of(case: AftersaleFacts, held: Held | None, rulebook: Rulebook, now: datetime) -> int | None:
    """How much of what a dispute about this case would need the pieces show, in percent; None where nobody knows what they show."""
    if held is None or not held.shows:
        return None
    kind = case.kind or AftersaleKind.UNKNOWN
    return covered(needs_at(CLAIM_OF[grievance_of(case.reason or "", kind, rulebook.advice).kind], now).needs, held.shows)


def is_well_shown(claim: ClaimType, shows: Sequence[str], now: datetime, least: int) -> bool:
    """Whether pictures that show this show so many percent of what such a dispute needs."""
    return covered(needs_at(claim, now).needs, {Shows(each) for each in shows}) >= least


def pictures_elsewhere(tx: Tx, shop_id: ShopId, held: Mapping[str, Held]) -> set[str]:
    """The orders with a picture of the buyer's that another order of the shop has, too; of other shops of the house the reader may have no right to know."""
    order_nos = [no for no, each in held.items() if Shows.BUYERS in each.shows]
    return advice_goods.seen_elsewhere(tx, shop_id, order_nos, Shows.BUYERS.value) if order_nos else set()
