"""What a reading found: sightings, what could not be read, and which versions of things we hold already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.connectors.pdd.case_facts import case_sighting
from zhanggui.connectors.pdd.order_facts import line_sightings, order_sighting, read_order
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.connectors.pdd.windows import bears_case
from zhanggui.core.coverage import Span
from zhanggui.core.facts import AftersaleFacts, AftersaleState, FactKind, OrderFacts, OrderLineFacts, OrderStage, RefundState, Sighting
from zhanggui.core.news import News, merge
from zhanggui.core.say import Say
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, sightings, sync_left_out
from zhanggui.records.db import Pool
from zhanggui.records.facts.table import Known


class Odd(msgspec.Struct, frozen=True):
    """A thing the platform told in a way that cannot be read. `no` is empty where not even its number could be."""

    kind: FactKind
    no: str
    reason: Say


class ToldOrder(msgspec.Struct, frozen=True):
    """One order of a page, read or not."""

    no: str
    sighting: Sighting[OrderFacts] | None
    lines: tuple[Sighting[OrderLineFacts], ...]
    odd: Odd | None
    bears_case: bool


class ToldCase(msgspec.Struct, frozen=True):
    """One case of a page, read or not, with the wire it came as: its detail is told together with it."""

    no: str
    sighting: Sighting[AftersaleFacts] | None
    odd: Odd | None
    wire: msgspec.Raw


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a window held, how far its reading can be relied upon, and what of it has to be read again by itself."""

    sightings: tuple[Sighting[Any], ...]
    odd: tuple[Odd, ...] = ()
    things: int
    settled_to: datetime
    again: tuple[Span, ...] = ()


class Split(Exception):
    """The window holds too much for one reading."""

    def __init__(self, parts: Sequence[Span]) -> None:
        super().__init__(f"in {len(parts)} parts")
        self.parts = tuple(parts)


def told_order(wire: msgspec.Raw, carriers: Carriers) -> ToldOrder:
    """An order as it came, read; its carriers by the names of these."""
    try:
        order = read_order(wire)
        sighting = order_sighting(order, carriers)
        return ToldOrder(sighting.facts.order_no, sighting, line_sightings(order), None, bears_case(wire))
    except OddWire as odd:
        return ToldOrder(odd.number, None, (), Odd(FactKind.ORDER, odd.number, odd.say), bears_case=False)


def told_case(wire: msgspec.Raw) -> ToldCase:
    """A case as the list tells it, read."""
    try:
        sighting = case_sighting(listed=wire)
        return ToldCase(sighting.facts.case_no, sighting, None, wire)
    except OddWire as odd:
        return ToldCase(odd.number, None, Odd(FactKind.AFTERSALE, odd.number, odd.say), wire)


def is_strange(facts: OrderFacts | AftersaleFacts) -> bool:
    """Whether a word stands in it that we do not know: it is asked about once more before it is believed."""
    if isinstance(facts, OrderFacts):
        return facts.stage is OrderStage.UNKNOWN or facts.refund is RefundState.UNKNOWN
    return facts.state is AftersaleState.UNKNOWN


def is_told_already(case: ToldCase, known: Known[AftersaleFacts] | None, held: datetime | None) -> bool:
    """Whether a case as the list tells it brings nothing to what is held of its version, so that its detail need not be asked for again.

    The same version alone is no proof: a case may have moved twice within its second, and a detail that lagged behind its list told the limit of the turn
    before.
    """
    told = case.sighting
    if told is None or told.as_of is None or known is None or held != told.as_of:
        return False
    if known.facts.state in _SELLERS_TURN and known.facts.expire_at is None:
        return False
    return is_strange(told.facts) or merge(known.facts, known.as_of, told.facts, told.given, told.as_of).news is not News.CHANGED


_SELLERS_TURN = frozenset({AftersaleState.SELLER_TO_ANSWER, AftersaleState.SELLER_TO_RECEIVE})
"""The states in which the detail tells until when the seller has to act."""


class Held:
    """What a shop holds of the platform's own versions of things."""

    def __init__(self, pool: Pool, shop_id: ShopId) -> None:
        self._pool, self._shop_id = pool, shop_id

    def ages(self, kind: FactKind, keys: Sequence[str]) -> dict[str, datetime]:
        """How old the versions of these things are, by key."""
        if not keys:
            return {}
        with self._pool.connection() as tx:
            return sightings.standing_ages(tx, self._shop_id, kind.value, keys)

    def cases(self, case_nos: Sequence[str]) -> dict[str, Known[AftersaleFacts]]:
        """What is known of these cases, by whatever told it."""
        if not case_nos:
            return {}
        with self._pool.connection() as tx:
            return around.cases_by_no(tx, self._shop_id, case_nos)

    def left_out(self, kind: FactKind, nos: Sequence[str]) -> set[str]:
        """Those of these things of which something could not be read when they were told last."""
        if not nos:
            return set()
        with self._pool.connection() as tx:
            return sync_left_out.among(tx, self._shop_id, kind.value, nos)

    def without_case(self, order_nos: Sequence[str]) -> list[str]:
        """Those of these orders of which no case is known, or one that the platform has never told us, since a file's may have moved on, or not whole."""
        if not order_nos:
            return []
        with self._pool.connection() as tx:
            known = around.cases(tx, self._shop_id, order_nos)
            case_nos = [case.facts.case_no for cases in known.values() for case in cases]
            told = sightings.standing_ages(tx, self._shop_id, FactKind.AFTERSALE.value, case_nos)
            whole = set(told) - sync_left_out.among(tx, self._shop_id, FactKind.AFTERSALE.value, case_nos)
        return [no for no in order_nos if not known.get(no) or any(case.facts.case_no not in whole for case in known[no])]
