"""Reads single things from the platform again and stores them: an order, a case with its order, the scans of a parcel.

The platform tells whole orders and cases one by one, so that each is asked for by itself; whoever has many stores what they told in one transaction.
Where the platform cannot be asked for scans, the shop's tracking service is, if it has one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from zhanggui.actions.carrier_choice.naming import carrier_meant
from zhanggui.actions.house import House
from zhanggui.actions.intake.standing import PROFILE, TRACKED
from zhanggui.actions.parcels.lookups import note_unknown
from zhanggui.actions.platform import NotConnected
from zhanggui.actions.syncing.asking import Asking, InWhoseName
from zhanggui.actions.syncing.finishing import store_told
from zhanggui.actions.syncing.found import Held, Odd, is_strange, told_case, told_order
from zhanggui.actions.tracing import asked_of_tracker, tracker_of
from zhanggui.connectors.carriers.asking import Parcel, phone_tail
from zhanggui.connectors.pdd.aftersales import refund_detail, refunds_of_order
from zhanggui.connectors.pdd.carriers import Carrier
from zhanggui.connectors.pdd.case_facts import case_sighting, listed_alone
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.logistics import trace
from zhanggui.connectors.pdd.orders import order_detail
from zhanggui.connectors.pdd.scan_facts import scan_sightings
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.core.facts import AftersaleFacts, FactKind, OrderFacts, ScanFacts, Sighting
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, locks
from zhanggui.records.db import Tx, transact

What = Literal["order", "case", "parcel"]
Told = tuple[list[Sighting[Any]], list[Odd]]


class ToldAgain(msgspec.Struct, frozen=True):
    """What was told of one thing, and by whom; not stored yet."""

    what: What
    sightings: Sequence[Sighting[Any]] = ()
    odd: Sequence[Odd] = ()
    profile: str = PROFILE
    unknown_no: str | None = None
    """The parcel that was asked about, where nothing was known of it."""

    @property
    def is_there(self) -> bool:
        """Whether the thing itself was told; of a case its order alone may have been, or no more than the list tells, which does not say how it stands."""
        is_whole = all(odd.kind is not _KIND_OF[self.what] for odd in self.odd)
        return is_whole and any(isinstance(sighting.facts, _FACTS_OF[self.what]) for sighting in self.sightings)


_PASSING = frozenset({Trouble.RETRY, Trouble.SLOW_DOWN})
"""Troubles after which the platform itself tells soon, so that nobody else need be paid for the same."""
_NOT_THERE = frozenset({"foreign", "business"})
"""The ways in which the platform says that it has no such thing, or not for this shop."""
_KIND_OF: dict[str, FactKind] = {"order": FactKind.ORDER, "case": FactKind.AFTERSALE, "parcel": FactKind.SCAN}
_FACTS_OF: dict[str, type] = {"order": OrderFacts, "case": AftersaleFacts, "parcel": ScanFacts}


def read_again(house: House, shop_id: ShopId, what: What, no: str, now: datetime, wall: datetime, *, order_no: str | None = None) -> bool:
    """Whether the platform told of the thing; what it told is stored. Raises PlatformError, NotConnected, and LockNotAvailable while an import runs.

    A tracking service's trouble is a TrackerError, a PlatformError too.
    """
    told = told_again(house, shop_id, what, no, now, wall, order_no=order_no)
    store_again(house, shop_id, [told], now)
    return told.is_there


def told_again(
    house: House, shop_id: ShopId, what: What, no: str, now: datetime, wall: datetime, *, order_no: str | None = None, name: InWhoseName | None = None
) -> ToldAgain:
    """What the platform tells of the thing now. Raises PlatformError and NotConnected.

    A case is asked for by its order: named here, written before it (`order/case`), or known already. Without one there is nobody to ask.
    """
    asking = Asking(house, shop_id, now, wall, name)
    match what:
        case "order":
            return ToldAgain(what, *_order(asking, Held(house.pool, shop_id), no))
        case "case":
            return ToldAgain(what, *_case(asking, house, shop_id, no, order_no, now))
        case "parcel":
            told, profile = _parcel(asking, house, shop_id, no, order_no, now, wall)
            return ToldAgain(what) if told is None else ToldAgain(what, *told, profile, None if any(told) else no)


def store_again(house: House, shop_id: ShopId, told: Sequence[ToldAgain], now: datetime) -> None:
    """Stores what was told of these things, all of it or nothing. Raises LockNotAvailable while an import runs."""
    profiles = sorted({one.profile for one in told if one.sightings or one.odd})
    unknown = [one.unknown_no for one in told if one.unknown_no is not None]
    if not profiles and not unknown:
        return

    def work(tx: Tx) -> None:
        locks.do_not_wait_long(tx)
        locks.hold_shop(tx, shop_id)
        for profile in profiles:
            mine = [one for one in told if one.profile == profile]
            sightings, odd = ([each for one in mine for each in getattr(one, part)] for part in ("sightings", "odd"))
            store_told(house, tx, shop_id, sightings, odd, now, profile)
        if unknown:
            note_unknown(house, tx, shop_id, unknown, now)

    transact(house.pool, work)


def _order(asking: Asking, held: Held, no: str) -> Told:
    """The order; one with a word we do not know is asked for twice before it is believed."""
    try:
        told = told_order(asking.ask(order_detail(no)), asking.carriers)
        if told.sighting is None or is_strange(told.sighting.facts):
            told = told_order(asking.ask(order_detail(no)), asking.carriers)
    except PlatformError as problem:
        if problem.do in _NOT_THERE:
            return [], []
        raise
    if told.sighting is None:
        return [], [told.odd] if told.odd else []
    if is_strange(told.sighting.facts) and held.ages(FactKind.ORDER, [no]).get(no) == told.sighting.as_of:
        return [], []
    return [told.sighting, *told.lines], []


def _case(asking: Asking, house: House, shop_id: ShopId, no: str, order_no: str | None, now: datetime) -> Told:
    """The case, and its order with it: both move together."""
    before, slash, after = no.partition("/")
    case_no = after if slash else no
    order_no = order_no or (before if slash else _order_of_case(house, shop_id, case_no))
    if order_no is None:
        return [], []
    held, listed = Held(house.pool, shop_id), None
    order, odd = _order(asking, held, order_no)
    try:
        listed = _listed(asking, order_no, case_no, now)
        wire = asking.ask(refund_detail(order_no, case_no))
    except PlatformError as problem:
        if problem.do not in _NOT_THERE:
            raise
        told, why = _without_detail(held, case_no, listed, problem)
        return [*order, *told], [*odd, *why]
    try:
        case = case_sighting(listed=listed, detailed=wire)
    except OddWire as strange:
        return order, [*odd, Odd(FactKind.AFTERSALE, strange.number or case_no, strange.say)]
    if is_strange(case.facts) and held.ages(FactKind.AFTERSALE, [case.facts.case_no]).get(case.facts.case_no) == case.as_of:
        return order, odd
    return [*order, case], odd


def _without_detail(held: Held, case_no: str, listed: msgspec.Raw | None, problem: PlatformError) -> Told:
    """The case as it was listed, so that its deadline runs, and why there is no more; nothing where that version is held already."""
    known = held.cases([case_no]).get(case_no)
    told = None if listed is None else listed_alone(listed, known.facts if known else None)
    if told is None or is_strange(told.facts) or held.ages(FactKind.AFTERSALE, [case_no]).get(case_no) == told.as_of:
        return [], []
    return [told], [Odd(FactKind.AFTERSALE, case_no, problem.say)]


def _listed(asking: Asking, order_no: str, case_no: str, now: datetime) -> msgspec.Raw | None:
    """The case as the list tells it, which alone says when it was opened: what is read here stands in the place of what was known, so it must be whole."""
    page = asking.ask(refunds_of_order(order_no, now))
    return next((wire for wire in page.cases if told_case(wire).no == case_no and told_case(wire).odd is None), None)


def _parcel(asking: Asking, house: House, shop_id: ShopId, no: str, order_no: str | None, now: datetime, wall: datetime) -> tuple[Told | None, str]:
    """The scans of a parcel of ours and who told them, None where nobody was asked; its order names the carrier."""
    with house.pool.connection() as tx:
        orders = [order_no] if order_no else around.orders_of_parcels(tx, shop_id, [no])
        known, cases = around.orders(tx, shop_id, orders), around.cases(tx, shop_id, orders)
    found = ((_carrier_of(one.facts, [case.facts for case in cases.get(of, ())], no), one.facts) for of, one in known.items())
    carrier, order = next(((name, facts) for name, facts in found if name), (None, None))
    if carrier is None or order is None:
        return None, PROFILE
    meant = carrier_meant(carrier, asking.carriers)
    try:
        return _by_platform(asking, meant, no), PROFILE
    except (NotConnected, PlatformError) as problem:
        tracker = None if isinstance(problem, PlatformError) and problem.trouble in _PASSING else tracker_of(house, shop_id)
        if tracker is None:
            raise
    parcel = Parcel(no, carrier, phone_tail(order.receiver_masked), meant.code if meant else "")
    told = asked_of_tracker(house, tracker, parcel, now, wall)
    if told is None or (told.left_out and not told.scans):
        return None, TRACKED  # what could not be read is no silence
    return (list(told.scans), []), TRACKED


def _carrier_of(order: OrderFacts, cases: Iterable[AftersaleFacts], no: str) -> str | None:
    """Who carries this parcel of the order: its own, one beside it, or one in which goods come back."""
    if order.tracking_no == no:
        return order.carrier
    beside = next((parcel.carrier for parcel in order.further_parcels or () if parcel.tracking_no == no), None)
    return beside or next((case.return_carrier for case in cases if case.return_tracking_no == no), None)


def _by_platform(asking: Asking, carrier: Carrier | None, no: str) -> Told | None:
    """The scans as the platform tells them; None where it cannot be asked about this carrier.

    Raises NotConnected before the carrier is looked at: a tracking service may know more of them.
    """
    asking.access()
    if carrier is None:
        return None
    nodes = asking.ask(trace(carrier.code, no))
    try:
        return list(scan_sightings(nodes, tracking_no=no, carrier=carrier.name)), []
    except OddWire as odd:
        return [], [Odd(FactKind.SCAN, no, odd.say)]


def _order_of_case(house: House, shop_id: ShopId, case_no: str) -> str | None:
    with house.pool.connection() as tx:
        known = around.cases_by_no(tx, shop_id, [case_no]).get(case_no)
    return known.facts.order_no if known else None
