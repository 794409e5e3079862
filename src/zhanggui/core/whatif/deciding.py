"""Decisions as data: what is done about which case or order, and when. And what may follow from each, as an order seen by the measures with its chance."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from zhanggui.core.advice.book import Grievance
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.measures.hits import is_asked, uploaded_in_time
from zhanggui.core.measures.seen import CaseSeen, OrderSeen
from zhanggui.core.whatif.leaving import Leaves, middle, together
from zhanggui.core.whatif.terms import Ends, Spread, WhatIfTerms


class Do(StrEnum):
    """What may be decided."""

    AGREE = "agree"
    """Give the buyer what the case asks for."""
    REFUSE = "refuse"
    LAPSE = "lapse"
    """Do nothing until the clock runs out."""
    WIN = "win"
    """The ruling, the complaint or the appeal goes for the shop."""
    LOSE = "lose"
    SHIP = "ship"
    """The order leaves, by the moment named."""
    LEAVE = "leave"
    """The order stays where it is."""


class Every(StrEnum):
    """All open things of one sort, instead of one by its number."""

    CASES = "cases"
    """Cases that wait for the shop's answer."""
    ORDERS = "orders"
    """Orders that wait to be shipped."""


GIVES_MONEY = frozenset({AftersaleKind.REFUND_ONLY, AftersaleKind.RETURN_AND_REFUND, AftersaleKind.UNKNOWN})
OF_ORDERS = frozenset({Do.SHIP, Do.LEAVE})
MOST_DECISIONS = 500
_PICKED_UP_IN = timedelta(hours=24)
_EARLY = timedelta(hours=1)


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One decision. It names a case, an order, or every open thing of one sort, which `kind` and `most_fen` may narrow."""

    do: Do
    case: str | None = None
    order: str | None = None
    every: Every | None = None
    kind: AftersaleKind | None = None
    """Of every case: those of this kind alone."""
    most_fen: int | None = None
    """Of every case: those that ask for no more than this."""
    at: datetime | None = None
    """When it is done; at once where nothing is said."""

    @property
    def is_whole(self) -> bool:
        """Whether it names exactly one thing or sort, and one its act is about."""
        named = [each for each in (self.case, self.order, self.every) if each is not None]
        if len(named) != 1:
            return False
        is_of_order = self.order is not None or self.every is Every.ORDERS
        return is_of_order == (self.do in OF_ORDERS)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One order, and perhaps one case of it, that something is decided about."""

    seen: OrderSeen
    case_no: str | None = None
    state: AftersaleState | None = None
    kind: AftersaleKind = AftersaleKind.UNKNOWN
    has_return: bool = False
    """Whether the goods are on their way back already, or here."""
    due_at: datetime | None = None
    """When the clock runs out that somebody has to decide by."""
    calls: float = 0.0
    """How likely a refused buyer calls in the platform."""
    loses: float = 0.0
    """How likely the shop then loses."""
    sends_back: float = 1.0
    """How likely goods that may come back do."""
    gives_all: bool = True
    """Whether agreeing gives back all that was paid, so that nothing has to leave any more."""
    leaves: Leaves = ()
    """Of an order that is still here: when it leaves by habit. Empty: it stays as it is."""

    @property
    def case(self) -> CaseSeen | None:
        """The case itself."""
        return next((each for each in self.seen.cases if each.case_no == self.case_no), None)

    @property
    def is_with_platform(self) -> bool:
        """Whether the platform decides."""
        return self.state is AftersaleState.PLATFORM_HANDLES

    @property
    def is_open(self) -> bool:
        """Whether something of it still waits to be decided."""
        if self.case_no is None:
            return self.seen.shipped_at is None
        return self.state in (AftersaleState.SELLER_TO_ANSWER, AftersaleState.SELLER_TO_RECEIVE, AftersaleState.PLATFORM_HANDLES, AftersaleState.REJECTED)


class Branch(msgspec.Struct, frozen=True):
    """One way it may go on: how likely, and the order as the measures would see it then."""

    chance: float
    seen: OrderSeen


def branches_of(do: Do, target: Target, at: datetime, terms: WhatIfTerms) -> tuple[Branch, ...]:
    """What may follow from doing this at that moment. Chances add up to one."""
    case = target.case
    if do in OF_ORDERS:
        return tuple(_shipped(target.seen, at, terms) if do is Do.SHIP else _left(target.seen))
    if case is None:
        return (Branch(1.0, target.seen),)
    return tuple(_and_leaves(target, at, _done(do, target, case, at, terms), terms))


def usual_of(target: Target, at: datetime, ends: Ends, terms: WhatIfTerms) -> tuple[Branch, ...]:
    """How it would go on by the shop's own habit: cases end as its cases ended, orders leave as its orders left. What is settled stays so."""
    if not target.is_open:
        return (Branch(1.0, target.seen),)
    case = target.case
    if case is None:
        return tuple(_usually_shipped(target.seen, target.leaves, at, terms))
    return tuple(_and_leaves(target, at, _usually_ends(target, case, at, ends, terms), terms))


def as_asked(target: Target) -> Target:
    """The thing as it stood when it had to be decided, to replay it: the case open, or the order in the house."""
    case = target.case
    if case is None:
        seen = msgspec.structs.replace(target.seen, shipped_at=None, picked_up_at=None, pickup_due=None, pickup_state=None, signed_at=None, abnormal_at=None)
        return msgspec.structs.replace(target, seen=seen)
    bare = msgspec.structs.replace(case, refunded_at=None, joined_at=None, is_ruled=False, return_delivered_at=None)
    return msgspec.structs.replace(target, seen=_with(target.seen, bare), state=AftersaleState.SELLER_TO_ANSWER, has_return=False)


def left_late(seen: OrderSeen, now: datetime) -> bool:
    """Whether its term to leave has run out, and it was not uploaded by then although it had to leave."""
    return seen.ship_due is not None and seen.ship_due < now and is_asked(seen, seen.ship_due) and not uploaded_in_time(seen)


def had_left_in_time(target: Target, terms: WhatIfTerms) -> tuple[Branch, ...]:
    """How an order would have gone had it left in time: uploaded an hour before its term ended, and with the carrier by its end."""
    seen, due = as_asked(target).seen, target.seen.ship_due
    return () if due is None else tuple(Branch(each.chance, _with_carrier_by(each.seen, due)) for each in _shipped(seen, due - _EARLY, terms))


def _with_carrier_by(seen: OrderSeen, due: datetime) -> OrderSeen:
    return msgspec.structs.replace(seen, picked_up_at=min(seen.picked_up_at or due, due), pickup_state=DeadlineState.MET)


def _done(do: Do, target: Target, case: CaseSeen, at: datetime, terms: WhatIfTerms) -> Iterator[Branch]:
    match do:
        case Do.AGREE:
            yield from _agreed(target, case, at, terms)
        case Do.REFUSE:
            yield from _refused(target, case, at, terms)
        case Do.LAPSE:
            yield from _lapsed(target, case, max(at, target.due_at or at), terms)
        case Do.WIN:
            yield Branch(1.0, _with(target.seen, _won(target, case)))
        case _:
            yield from _ruled(target, case, at, terms, lost=1.0)


def _usually_ends(target: Target, case: CaseSeen, at: datetime, ends: Ends, terms: WhatIfTerms) -> Iterator[Branch]:
    if target.is_with_platform:
        yield from _ruled(target, case, at, terms, lost=target.loses, spread=terms.hours.rules)
        return
    whole = ends.paid + ends.called + ends.nothing
    paid, called = ends.paid / whole, ends.called / whole
    yield from _times(paid, _agreed(target, case, at, terms))
    yield from _times(called, _called(target, case, at, terms))
    yield Branch(1 - paid - called, target.seen)


def _and_leaves(target: Target, at: datetime, branches: Iterable[Branch], terms: WhatIfTerms) -> Iterator[Branch]:
    """An order that is still here: where its case gives all of the money back nothing has to leave any more; else it leaves as orders of its age do."""
    if target.seen.shipped_at is not None or (target.case is not None and target.case.was_shipped):
        yield from branches
        return
    for branch in branches:
        if target.gives_all and any(each.refunded_at is not None and each.kind in GIVES_MONEY for each in branch.seen.cases):
            is_due = branch.seen.ship_due is not None
            yield Branch(branch.chance, msgspec.structs.replace(branch.seen, ship_state=DeadlineState.WAIVED if is_due else None))
        else:
            yield from _times(branch.chance, _usually_shipped(branch.seen, target.leaves, at, terms, is_brief=True))


def _agreed(target: Target, case: CaseSeen, at: datetime, terms: WhatIfTerms) -> Iterator[Branch]:
    if target.kind not in GIVES_MONEY:
        yield Branch(1.0, target.seen)  # goods for goods: no money goes back, and nothing is counted
    elif target.kind is not AftersaleKind.RETURN_AND_REFUND or target.has_return or target.is_with_platform:
        for chance, later in _spread(terms.hours.refund):
            yield Branch(chance, _with(target.seen, msgspec.structs.replace(case, refunded_at=at + later)))
    else:
        yield from _times(target.sends_back, _comes_back(target.seen, case, at, terms))
        if target.sends_back < 1:
            yield Branch(1 - target.sends_back, target.seen)


def _comes_back(seen: OrderSeen, case: CaseSeen, at: datetime, terms: WhatIfTerms) -> Iterator[Branch]:
    for comes, later in _spread(terms.hours.return_comes):
        for pays, after in _spread(terms.hours.return_pays):
            back = msgspec.structs.replace(case, return_delivered_at=at + later, refunded_at=at + later + after)
            yield Branch(comes * pays, _with(seen, back))


def _refused(target: Target, case: CaseSeen, at: datetime, terms: WhatIfTerms) -> Iterator[Branch]:
    if target.is_with_platform:
        yield from _ruled(target, case, at, terms, lost=target.loses, spread=terms.hours.rules)
        return
    yield from _times(target.calls, _called(target, case, at, terms))
    if target.calls < 1:
        yield Branch(1 - target.calls, target.seen)


def _called(target: Target, case: CaseSeen, at: datetime, terms: WhatIfTerms) -> Iterator[Branch]:
    """The platform is called in, and rules."""
    for chance, later in _spread(terms.hours.reacts):
        joined = msgspec.structs.replace(case, joined_at=case.joined_at or at + later)
        held = msgspec.structs.replace(target, seen=_with(target.seen, joined))
        yield from _times(chance, _ruled(held, joined, at + later, terms, lost=target.loses, spread=terms.hours.rules))


def _ruled(target: Target, case: CaseSeen, at: datetime, terms: WhatIfTerms, *, lost: float, spread: Spread = ((0, 100),)) -> Iterator[Branch]:
    """The platform rules: for the buyer with this chance, who is paid once the goods are back where they have to come."""
    if lost < 1:
        yield Branch(1 - lost, _with(target.seen, msgspec.structs.replace(case, refunded_at=None, is_ruled=False)))
    if not lost:
        return
    has_to_return = target.kind is AftersaleKind.RETURN_AND_REFUND and not target.has_return
    for chance, later in _spread(spread):
        ruled = msgspec.structs.replace(case, is_ruled=True)
        if has_to_return:
            yield from _times(lost * chance, _comes_back(target.seen, ruled, at + later, terms))
        else:
            yield Branch(lost * chance, _with(target.seen, msgspec.structs.replace(ruled, refunded_at=at + later)))


def _lapsed(target: Target, case: CaseSeen, at: datetime, terms: WhatIfTerms) -> Iterator[Branch]:
    """The clock runs out: what was asked for is given by the platform; before it, the shop has lost."""
    if target.is_with_platform:
        yield from _ruled(target, case, at, terms, lost=1.0)
    else:
        yield from _agreed(target, case, at, terms)


def _won(target: Target, case: CaseSeen) -> CaseSeen:
    """The case as it counts once it is won: an open one is not paid; of a settled one neither the reason nor the ruling counts any more."""
    if target.is_open:
        return msgspec.structs.replace(case, refunded_at=None, is_ruled=False)
    return msgspec.structs.replace(case, grievance=Grievance.NOT_WANTED, is_ruled=False)


def _shipped(seen: OrderSeen, at: datetime, terms: WhatIfTerms, *, is_brief: bool = False) -> Iterator[Branch]:
    """The order leaves, is picked up, and arrives; in brief, by the usual time alone."""
    if seen.shipped_at is not None:
        yield Branch(1.0, seen)
        return
    picks_up, arrives = terms.hours.picks_up, terms.hours.arrives
    for to_pick_up, to_arrive, chance in together(middle(picks_up), middle(arrives)) if is_brief else together(picks_up, arrives):
        picked_up_at, pickup_due = at + timedelta(hours=to_pick_up), at + _PICKED_UP_IN
        yield Branch(
            chance,
            msgspec.structs.replace(
                seen,
                shipped_at=at,
                ship_state=None if seen.ship_due is None else DeadlineState.MET if at <= seen.ship_due else DeadlineState.MISSED,
                picked_up_at=picked_up_at,
                pickup_due=pickup_due,
                pickup_state=DeadlineState.MET if picked_up_at <= pickup_due else DeadlineState.MISSED,
                signed_at=at + timedelta(hours=to_arrive),
            ),
        )


def _left(seen: OrderSeen) -> Iterator[Branch]:
    """The order does not leave while anybody looks."""
    if seen.shipped_at is not None:
        yield Branch(1.0, seen)
    else:
        yield Branch(1.0, msgspec.structs.replace(seen, ship_state=DeadlineState.OPEN if seen.ship_due is not None else None))


def _usually_shipped(seen: OrderSeen, leaves: Leaves, at: datetime, terms: WhatIfTerms, *, is_brief: bool = False) -> Iterator[Branch]:
    if not leaves:
        yield Branch(1.0, seen)
    for hours, chance in leaves:
        if hours is None:
            yield from _times(chance, _left(seen))
        else:
            yield from _times(chance, _shipped(seen, at + timedelta(hours=hours), terms, is_brief=is_brief))


def _with(seen: OrderSeen, case: CaseSeen) -> OrderSeen:
    return msgspec.structs.replace(seen, cases=tuple(case if each.case_no == case.case_no else each for each in seen.cases))


def _spread(spread: Spread) -> Iterator[tuple[float, timedelta]]:
    whole = sum(share for _, share in spread)
    return ((share / whole, timedelta(hours=hours)) for hours, share in spread)


def _times(chance: float, branches: Iterable[Branch]) -> Iterator[Branch]:
    return (Branch(chance * each.chance, each.seen) for each in branches) if chance else iter(())
