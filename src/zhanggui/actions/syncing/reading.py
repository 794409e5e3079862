"""Reads one window of one source: every page, and what belongs to it, as sightings of ours. Nothing is stored here."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import msgspec

from zhanggui.actions.syncing.asking import Asking
from zhanggui.actions.syncing.found import Found, Held, Odd, Split, ToldCase, ToldOrder, is_strange, is_told_already, told_case, told_order
from zhanggui.actions.syncing.paging import Listed, Page, PageOf, TooMany, Unsteady, read_listed
from zhanggui.connectors.pdd.aftersales import case_statuses, refund_detail, refunds_of_order, refunds_updated
from zhanggui.connectors.pdd.calls import Call
from zhanggui.connectors.pdd.case_facts import case_sighting, doubt_of, listed_alone
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.orders import order_detail, orders_confirmed, orders_updated
from zhanggui.connectors.pdd.values import OddWire
from zhanggui.connectors.pdd.windows import Source, order_no_of
from zhanggui.core.coverage import SECOND, Reading, Span, cut, settled_to
from zhanggui.core.facts import FactKind, Sighting

T = TypeVar("T")
K = TypeVar("K")

READINGS = 3
"""So often a window whose totals do not fit together is read before it is given back."""
_NO_MOST = 1_000_000
SLIPS = 3
"""So often a window waits for a thing that is answered in a way nobody can read; after that it goes on without it."""
MOST_IN_A_ROW = 20
"""So many things one after the other a window goes on without where the trouble may be of all of them; then it is, and has to be told and mended."""
LONGEST = timedelta(minutes=3)
"""After so long a window is given back half read, well before anybody takes its reader for dead."""
_DOUBTS = 20
"""So many strange words of one window are asked about; more than that is no slip but a new word."""


class Partly(msgspec.Struct):
    """A window half read: what stands here need not be asked again by whoever goes on."""

    read_at: datetime
    listed: dict[int, Listed[ToldCase]] = msgspec.field(default_factory=dict)
    details: dict[str, Sighting[Any] | Odd] = msgspec.field(default_factory=dict)
    of_orders: dict[str, list[Sighting[Any] | Odd]] = msgspec.field(default_factory=dict)
    doubts: dict[str, Odd] = msgspec.field(default_factory=dict)
    """Cases whose amount the list and the detail tell in ways that do not fit together, or of which there was no detail to be had."""
    slips: dict[str, int] = msgspec.field(default_factory=dict)
    """How often a thing was answered in a way nobody could read."""
    in_a_row: dict[str, int] = msgspec.field(default_factory=dict)
    """How many things, by the method that tells them, were gone on without since it told one."""


class TooLong(Exception):
    """The reading has lasted as long as one may; what was read so far is kept."""


class WindowReader:
    """Reads one window. `partly` is what an earlier try of the same window came to."""

    def __init__(self, asking: Asking, source: Source, span: Span, read_at: datetime, held: Held) -> None:
        self._asking, self._source, self._span = asking, source, span
        self._held = held
        self._is_further = False
        self.partly = Partly(read_at)

    def read(self) -> Found:
        """What the window holds. Raises Split, Unsteady, TooLong, and what asking raises."""
        match self._source.name:
            case "orders":
                return self._orders(lambda page, short: orders_updated(*self._ends, page, self._source.page_size, use_has_next=short))
            case "recheck":
                return self._orders(lambda page, short: orders_confirmed(*self._ends, page, self._source.page_size, use_has_next=short))
            case _:
                return self._refunds()

    @property
    def _ends(self) -> tuple[datetime, datetime]:
        return self._span.begins, self._span.ends

    def _orders(self, call: Callable[[int, bool], Any]) -> Found:
        def page_of(number: int, short: bool) -> Page[msgspec.Raw]:
            page = self._asking.ask(call(number, short))
            return Page(page.orders, page.total, page.has_next)

        listed = self._listed(page_of, order_no_of)
        # read only now: of many pages the first is asked for twice
        taken, odd = self._trusted_orders([told_order(wire, self._asking.carriers) for wire in listed.things])
        cases = self._cases_unknown([order.no for order in taken if order.bears_case]) if self._source.name == "recheck" else []
        told = [sighting for order in taken for sighting in (order.sighting, *order.lines) if sighting is not None]
        found = [case for case in cases if not isinstance(case, Odd)]
        return self._found((*told, *found), (*odd, *(case for case in cases if isinstance(case, Odd))), len(taken), is_one_page=listed.is_one_page)

    def _trusted_orders(self, told: Sequence[ToldOrder]) -> tuple[list[ToldOrder], list[Odd]]:
        """The orders, those with a strange word or odd ones asked for once more by themselves; a version we hold already is not doubted."""
        doubted = {order.no for order in told if order.no and (order.sighting is None or is_strange(order.sighting.facts))}
        held = self._held.ages(FactKind.ORDER, sorted(doubted))
        taken: list[ToldOrder] = []
        odd: list[Odd] = []
        for order in told:
            again = order
            if order.no in doubted:
                if order.sighting is not None and held.get(order.no) == order.sighting.as_of:
                    continue
                if len(doubted) <= _DOUBTS:
                    again = self._alone(order)
            if again.odd is not None:
                odd.append(again.odd)
            else:
                taken.append(again)
        return taken, odd

    def _alone(self, order: ToldOrder) -> ToldOrder:
        """The order asked for by itself; as it was listed where the platform tells nothing of it alone."""
        try:
            return told_order(self._told(order_detail(order.no)), self._asking.carriers)
        except PlatformError as problem:
            if not self._goes_on_without(order.no, problem):
                raise
            return order

    def _cases_unknown(self, order_nos: Sequence[str]) -> list[Sighting[Any] | Odd]:
        """The cases of those of these orders of which we know none."""
        for order_no in self._held.without_case(order_nos):
            self._piece(self.partly.of_orders, order_no, partial(self._cases_of, order_no))
        return [case for cases in self.partly.of_orders.values() for case in cases]

    def _cases_of(self, order_no: str) -> list[Sighting[Any] | Odd]:
        try:
            page = self._told(refunds_of_order(order_no, self._span.ends))
        except PlatformError as problem:
            if not self._goes_on_without(order_no, problem):
                raise
            return [Odd(FactKind.ORDER, order_no, problem.say)]
        return [self._case(told_case(wire)) for wire in page.cases]

    def _refunds(self) -> Found:
        for status in case_statuses():
            if status:
                self._piece(self.partly.listed, status, partial(self._listed_in, status))
        cases = {case.no: case for listed in self.partly.listed.values() for case in listed.things}
        held, known = self._held.ages(FactKind.AFTERSALE, sorted(cases)), self._held.cases(sorted(cases))
        left_out = self._held.left_out(FactKind.AFTERSALE, sorted(cases))
        told = [self._case(case) for no, case in cases.items() if no in left_out or not is_told_already(case, known.get(no), held.get(no))]
        good = tuple(case for case in told if not isinstance(case, Odd))
        is_one_page = all(listed.is_one_page for listed in self.partly.listed.values())
        return self._found(good, tuple(case for case in told if isinstance(case, Odd)), len(cases), is_one_page=is_one_page)

    def _piece(self, read_before: dict[K, T], key: K, read: Callable[[], T]) -> T:
        """A piece of the window, from an earlier try or read now. Raises TooLong where the reading has lasted long and come a piece further."""
        if key not in read_before:
            if self._is_further and self._asking.passed > LONGEST:
                raise TooLong
            read_before[key] = read()
            self._is_further = True
        return read_before[key]

    def _listed_in(self, status: int) -> Listed[ToldCase]:
        return self._listed(self._page_of_refunds(status), lambda case: case.no or str(hash(bytes(case.wire))))

    def _page_of_refunds(self, status: int) -> PageOf[ToldCase]:
        def page_of(number: int, short: bool) -> Page[ToldCase]:  # noqa: ARG001  # the list of cases always tells its total
            page = self._asking.ask(refunds_updated(status, *self._ends, number, self._source.page_size))
            return Page(tuple(map(told_case, page.cases)), page.total, None)

        return page_of

    def _case(self, case: ToldCase) -> Sighting[Any] | Odd:
        """The case with its detail, which alone tells until when the seller has to act."""
        if case.sighting is None or case.sighting.facts.order_no is None:
            assert case.odd is not None or case.sighting is not None
            return case.odd if case.sighting is None and case.odd is not None else case.sighting  # type: ignore[return-value]  # one of the two is there
        return self._piece(self.partly.details, case.no, partial(self._detail, case.sighting.facts.order_no, case.no, case.wire))

    def _detail(self, order_no: str, case_no: str, listed: msgspec.Raw | None) -> Sighting[Any] | Odd:
        try:
            wire = self._told(refund_detail(order_no, case_no))
        except PlatformError as problem:
            if not self._goes_on_without(case_no, problem):
                raise
            return self._without_detail(case_no, listed, Odd(FactKind.AFTERSALE, case_no, problem.say))
        try:
            told = case_sighting(listed=listed, detailed=wire)
            if listed is not None and (doubt := doubt_of(listed, wire)) is not None:
                self.partly.doubts[case_no] = Odd(FactKind.AFTERSALE, case_no, doubt)
            if not is_strange(told.facts) or listed is None:
                return told
            alone = case_sighting(detailed=wire).facts  # of two words the one that we know
            words = {"state": alone.state, "state_text": alone.state_text, "status_code": alone.status_code, "expire_at": alone.expire_at}
            known = msgspec.structs.replace(told.facts, **words)
            return Sighting(known, told.given, told.place, told.as_of)
        except OddWire as odd:
            return Odd(FactKind.AFTERSALE, odd.number or case_no, odd.say)

    def _without_detail(self, case_no: str, listed: msgspec.Raw | None, odd: Odd) -> Sighting[Any] | Odd:
        """The case as it was listed, so that its deadline runs, and that there was no detail said beside it; a word we do not know is not believed alone."""
        held = self._held.cases([case_no]).get(case_no)
        told = None if listed is None else listed_alone(listed, held.facts if held else None)
        if told is None or is_strange(told.facts):
            return odd
        self.partly.doubts[case_no] = odd
        return told

    def _goes_on_without(self, no: str, problem: PlatformError) -> bool:
        """Whether the window goes on without this one thing: what is wrong concerns nothing else, so that no other thing may wait for it, and is no slip.

        Once one thing of the window was waited for, no other is.
        """
        if not problem.is_of_the_thing:
            return False
        if problem.trouble is Trouble.RETRY:
            self.partly.slips[no] = self.partly.slips.get(no, 0) + 1
            if max(self.partly.slips.values()) < SLIPS:
                return False
        before = self.partly.in_a_row.get(problem.method, 0)
        if problem.may_be_of_all and before >= MOST_IN_A_ROW:
            return False
        self.partly.in_a_row[problem.method] = before + problem.may_be_of_all
        return True

    def _told(self, call: Call[T]) -> T:
        """What the platform tells of one thing of the window."""
        told = self._asking.ask(call)
        self.partly.in_a_row.pop(call.method, None)
        return told

    def _listed(self, page_of: PageOf[T], key: Callable[[T], str]) -> Listed[T]:
        """Everything listed in the window. What cannot be trusted is read again, unless it lies in the minutes that have to be read again anyway."""
        most = self._source.most_pages if self._span.length > SECOND else _NO_MOST
        for reading in range(READINGS):
            try:
                return read_listed(page_of, key, size=self._source.page_size, most_pages=most)
            except TooMany as many:
                pieces = max(2, 2 * many.total // (most * self._source.page_size) + 1)
                raise Split(cut(self._span, max(SECOND, self._span.length / pieces))) from None
            except Unsteady as unsteady:
                if self._reaches_into_doubt:
                    return Listed(unsteady.things, is_one_page=False)
                if reading == READINGS - 1:
                    raise
        raise AssertionError("a reading ends one way or another")

    @property
    def _sure(self) -> datetime:
        """The moment up to which the read side has surely caught up."""
        return self.partly.read_at - self._source.settle

    @property
    def _reaches_into_doubt(self) -> bool:
        return self._span.ends > self._sure

    def _found(self, told: tuple[Sighting[Any], ...], odd: tuple[Odd, ...], things: int, *, is_one_page: bool) -> Found:
        settled = settled_to(Reading(self._span, self.partly.read_at, is_one_page), self._source.settle)
        begins = self._span.begins
        again = (Span(begins, self._sure),) if self._reaches_into_doubt and not is_one_page and begins < self._sure else ()
        return Found(sightings=told, odd=(*odd, *self.partly.doubts.values()), things=things, settled_to=settled, again=again)
