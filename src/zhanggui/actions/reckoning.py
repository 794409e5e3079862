"""Computes the deadlines of whatever was touched from fresh facts, stores what differs, and bears out or contradicts what people said of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec

from zhanggui.actions.cases.following import Source, turned
from zhanggui.actions.cases.following import follow as follow_cases
from zhanggui.actions.cases.following import forget as forget_cases
from zhanggui.actions.conversations.needing import needing_none
from zhanggui.actions.following import Followed, any_disputed
from zhanggui.actions.goods.following import follow as follow_goods
from zhanggui.actions.goods.shortages import restock_deadlines
from zhanggui.actions.hooks.telling import tell_deadline, tell_gone
from zhanggui.actions.interlock.following import follow as follow_interlock
from zhanggui.actions.knowing import bare, disputed, orders_known, pasts_alone
from zhanggui.actions.money.following import MoneyTouched
from zhanggui.actions.money.following import follow as follow_money
from zhanggui.actions.parcels.following import Following
from zhanggui.actions.placing import placed
from zhanggui.actions.said import Outcome, under_mark
from zhanggui.actions.shipdesk.following import follow as follow_desk
from zhanggui.core.clocks import case_deadlines, conversation_deadlines, order_deadlines, review_deadlines
from zhanggui.core.deadlines import Band, Deadline, DeadlineKind, Subject, SubjectKind
from zhanggui.core.facts import AftersaleFacts, OrderFacts, ReviewFacts
from zhanggui.core.knowledge import OrderKnowledge
from zhanggui.core.rules import Rulebook
from zhanggui.records import around, deadline_totals, deadlines, items, journal, marks, number_changes, stock, wakes
from zhanggui.records.db import Tx
from zhanggui.records.deadline_totals import Moved
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.facts.table import Known
from zhanggui.records.hook_notes import Ears
from zhanggui.records.journal_entries import MarkConfirmed, MarkContradicted
from zhanggui.records.measures import touched as measures

Computed = list[tuple[Deadline, datetime]]
Todo = tuple[str, str, str]


class Touched(msgspec.Struct):
    """The things whose deadlines have to be computed again, with the facts that are at hand anyway."""

    orders: dict[str, Known[OrderFacts] | None] = msgspec.field(default_factory=dict)
    fresh_orders: set[str] = msgspec.field(default_factory=set)
    """Orders that did not exist a moment ago, so that nothing hangs on them yet."""
    cases: set[str] = msgspec.field(default_factory=set)
    """Cases that may name no order; those of touched orders need not be named here."""
    reviews: dict[str, Known[ReviewFacts]] = msgspec.field(default_factory=dict)
    conversations: set[str] = msgspec.field(default_factory=set)
    talked: set[date] = msgspec.field(default_factory=set)
    """The Shanghai days on which something was said, or is said no more."""
    skus: set[str] = msgspec.field(default_factory=set)
    """Variants of products of which something else is told now."""
    money: MoneyTouched = msgspec.field(default_factory=MoneyTouched)
    """What bears on the bill and on refunds."""
    gone: set[Subject] = msgspec.field(default_factory=set)
    """Things that no longer exist: their deadlines go too."""
    nothing_hangs: bool = False
    """That nothing at all of the shop hangs on orders."""

    @property
    def measured(self) -> set[str]:
        """The orders whose part in the shop's measures has to be counted again: those of touched reviews and of what is gone, too."""
        reviewed = (*self.reviews, *(subject.no for subject in self.gone if subject.kind is SubjectKind.REVIEW))
        return {*self.orders, *(no.rpartition("/")[2] for no in reviewed), *(subject.no for subject in self.gone if subject.kind is SubjectKind.ORDER)}

    @property
    def are_bare(self) -> bool:
        """Whether nothing can hang on any of the orders, so that nothing need be asked about them."""
        return self.nothing_hangs and len(self.fresh_orders) == len(self.orders)


class Reckoning:
    """The deadlines of one shop, computed by its rules as of one moment. Adds up what moved between bands until `finish`.

    `asks_all_marks` looks up marks even for what time alone has placed: an undone import may have been the one that spoke against them. `by_platform` is
    what the platform itself told, `by_tracker` what a tracking service did. `seen_to` says, by kind of deadline, up to when
    everything that could bear on it is known, however old its facts are.
    """

    def __init__(
        self,
        tx: Tx,
        shop_id: int,
        rulebook: Rulebook,
        now: datetime,
        batch_id: int | None = None,
        *,
        asks_all_marks: bool = False,
        by_platform: bool = False,
        by_tracker: bool = False,
        seen_to: Mapping[DeadlineKind, datetime] | None = None,
    ) -> None:
        self.tx = tx
        self.shop_id = shop_id
        self.rulebook = rulebook
        self.now = now
        self.batch_id = batch_id
        self.moves: list[Moved] = []
        self.outcomes: dict[Outcome, list[int]] = {}
        self._wakes = False
        self._touched: set[str] = set()
        self._marked = marks.any_in_shop(tx, shop_id)
        self._asks_all_marks = asks_all_marks
        self._by_platform = by_platform
        self._by_tracker = by_tracker
        self._seen_to = seen_to or {}
        self._stocked: set[str] = set()
        self._asks_stock = stock.any_level(tx, shop_id)
        self.ears = Ears(tx, shop_id, now)
        """Whom this is told as it happens."""
        self._parcels = Following(tx, shop_id, rulebook, self.ears)

    def recompute(self, touched: Touched) -> None:
        """Computes and stores the deadlines of everything touched."""
        items.follow_told(self.tx, self.shop_id, sorted(touched.skus), self.now)
        computed, subjects, known_orders = self._orders_and_cases(touched)
        for no, known in touched.reviews.items():
            subjects.setdefault(SubjectKind.REVIEW.value, set()).add(no)
            computed += [(deadline, known.as_of) for deadline in review_deadlines(known.facts, self.rulebook)]
        computed += self._conversations(touched.conversations, subjects)
        forget_cases(self.tx, self.shop_id, [subject.no for subject in touched.gone if subject.kind is SubjectKind.AFTERSALE], self.now)
        for subject in touched.gone:
            subjects.setdefault(subject.kind.value, set()).add(subject.no)
        if self._seen_to:
            computed = [(deadline, max(as_of, self._seen_to.get(deadline.kind, as_of))) for deadline, as_of in computed]
        self.store(computed, subjects, touched.fresh_orders)
        due = _ship_by(computed) if touched.are_bare else None
        follow_desk(self.tx, self.shop_id, list(touched.orders), known_orders, touched.fresh_orders, bare_due=due)
        moved = follow_goods(self.tx, self.shop_id, touched.orders, known_orders, self.now, fresh=touched.fresh_orders, are_bare=touched.are_bare)
        items.drop_unused(self.tx, self.shop_id, sorted(touched.skus))
        follow_money(self.tx, self.shop_id, touched.money)
        measures.note(self.tx, self.shop_id, touched.measured, touched.talked)
        if self._asks_stock:
            self._stocked |= moved
        self.ears.flush_many()

    def recompute_stock(self, skus: Iterable[str]) -> None:
        """Has it looked at, in the end, whether more of these is promised than lies there."""
        self._stocked.update(skus)

    def store(self, computed: Computed, subjects: dict[str, set[str]], fresh_orders: set[str] | frozenset[str] = frozenset()) -> None:
        """Makes the stored deadlines of these subjects equal to the computed ones."""
        standing = self._standing(subjects, fresh_orders)
        self._note_for_wake(subjects, computed)
        rows = [placed(self.shop_id, deadline, self.now, self.rulebook.weights, as_of) for deadline, as_of in computed]
        rows = self._under_marks(rows, standing)
        new = [row for row in rows if _todo(row) not in standing]
        self._store_new(new)
        changed: list[StoredDeadline] = []
        for row in rows:
            before = standing.pop(_todo(row), None)
            if before is not None and not _same(before, row):
                changed.append(row)
            if self.ears.hears_deadlines:
                tell_deadline(self.ears, before, row)
        self.moves += deadlines.change(self.tx, self.shop_id, changed)
        for gone in standing.values():
            tell_gone(self.ears, gone)
        self.moves += deadlines.remove(self.tx, self.shop_id, list(standing.values()))

    def finish(self) -> None:
        """Lets the totals follow, settles the marks that were borne out or contradicted, and wakes whoever shows the shop."""
        self._parcels.finish()
        self._look_at_stock()
        self.ears.flush()
        deadline_totals.add(self.tx, self.shop_id, self.moves)
        self.moves.clear()
        if self.batch_id is not None:
            for outcome, mark_ids in self.outcomes.items():
                marks.settle(self.tx, self.shop_id, mark_ids, outcome, self.now, self.batch_id)
        if self._wakes:
            wakes.wake(self.tx, self.shop_id, sorted(self._touched))

    def _note_for_wake(self, subjects: dict[str, set[str]], computed: Computed) -> None:
        """Remembers which orders were touched, until they are too many to be named."""
        self._wakes = self._wakes or bool(computed) or any(subjects.values())
        if len(self._touched) <= wakes.MOST_ORDERS:
            self._touched |= subjects.get(SubjectKind.ORDER.value, set())
            self._touched |= {deadline.order_no for deadline, _ in computed if deadline.order_no}

    def _orders_and_cases(self, touched: Touched) -> tuple[Computed, dict[str, set[str]], dict[str, OrderKnowledge]]:
        in_hand = {no: known for no, known in touched.orders.items() if known is not None}
        known_orders = bare(self.tx, self.shop_id, in_hand) if touched.are_bare else orders_known(self.tx, self.shop_id, list(touched.orders), in_hand)
        self._parcels.follow(known_orders, touched.orders, touched.fresh_orders)
        computed: Computed = []
        for known in known_orders.values():
            computed += [(deadline, known.data_as_of) for deadline in order_deadlines(known, self.rulebook)]
        follow_interlock(self.tx, self.shop_id, known_orders, self.now)
        cases = self._cases(known_orders, touched)
        known_orders = self._follow_cases(cases, known_orders)
        alone = pasts_alone(self.tx, self.shop_id, (known.facts for known in cases.values()), known_orders)
        for no, known_case in cases.items():
            order = known_orders.get(known_case.facts.order_no or "")
            computed += [(deadline, known_case.as_of) for deadline in case_deadlines(known_case.facts, order, self.rulebook, alone.get(no))]
        followed = self._followed(known_orders, touched)
        subjects = {SubjectKind.ORDER.value: set(touched.orders), SubjectKind.AFTERSALE.value: touched.cases | cases.keys()}
        return computed + followed.computed, subjects | followed.subjects, known_orders

    def _follow_cases(self, cases: dict[str, Known[AftersaleFacts]], known_orders: dict[str, OrderKnowledge]) -> dict[str, OrderKnowledge]:
        """Keeps what happened to the cases; the orders, with what the steps of their cases tell now."""
        source = Source.PLATFORM if self._by_platform else Source.TRACKER if self._by_tracker else Source.HOUSE if self.batch_id is None else Source.FILE
        if not follow_cases(self.tx, self.shop_id, cases, known_orders, self.now, source=source, batch_id=self.batch_id, ears=self.ears):
            return known_orders
        moved = turned(self.tx, self.shop_id, list(cases))
        told = disputed(self.tx, self.shop_id, {no: known.cases for no, known in known_orders.items()})
        return {
            no: msgspec.structs.replace(
                known, cases_entered=moved.entered, cases_past=moved.past, cases_without_platform=told.without_at, disputes=told.seen.get(no, {})
            )
            if known.cases
            else known
            for no, known in known_orders.items()
        }

    def _followed(self, known_orders: dict[str, OrderKnowledge], touched: Touched) -> Followed:
        """What is followed up about the touched orders, once all else has followed; most shops follow up nothing, so that is asked first."""
        followed = Followed(self.tx, self.shop_id, self.rulebook, self.now)
        if touched.orders and not touched.are_bare and (any_disputed(known_orders) or number_changes.any_followed(self.tx, self.shop_id)):
            followed.of_orders(known_orders, touched.orders)
        return followed

    def _look_at_stock(self) -> None:
        """Lets the to-dos of what is short follow; in the end, since what orders wait for, and until when, is known only then."""
        skus = sorted(self._stocked)
        self._stocked.clear()
        if skus:
            self.store(restock_deadlines(self.tx, self.shop_id, skus, self.rulebook, self.now), {SubjectKind.SKU.value: set(skus)})

    def _cases(self, known_orders: dict[str, OrderKnowledge], touched: Touched) -> dict[str, Known[AftersaleFacts]]:
        """Every case of the touched orders, of those nobody told of too, and the touched cases that hang on no order."""
        strangers = [no for no in touched.orders if no not in known_orders]
        wanted = touched.cases | {case.case_no for known in known_orders.values() for case in known.cases}
        wanted |= {known.facts.case_no for listed in around.cases(self.tx, self.shop_id, strangers).values() for known in listed}
        return around.cases_by_no(self.tx, self.shop_id, sorted(wanted)) if wanted else {}

    def _conversations(self, order_nos: set[str], subjects: dict[str, set[str]]) -> Computed:
        computed: Computed = []
        subjects[SubjectKind.CONVERSATION.value] = set(order_nos)
        talks = around.messages(self.tx, self.shop_id, sorted(order_nos))
        needless = needing_none(self.tx, self.shop_id, ([known.facts for known in told] for told in talks.values()))
        for no, told in talks.items():
            as_of = max(known.as_of for known in told)
            found = conversation_deadlines(no, [known.facts for known in told], self.rulebook, needless)
            computed += [(deadline, as_of) for deadline in found]
        return computed

    def _standing(self, subjects: dict[str, set[str]], fresh_orders: set[str] | frozenset[str]) -> dict[Todo, StoredDeadline]:
        standing: dict[Todo, StoredDeadline] = {}
        for kind, numbers in subjects.items():
            old = numbers - fresh_orders if kind == SubjectKind.ORDER.value else numbers
            standing.update((_todo(row), row) for row in deadlines.held(self.tx, self.shop_id, kind, sorted(old)))
        return standing

    def _store_new(self, rows: Sequence[StoredDeadline]) -> None:
        deadlines.copy_new(self.tx, rows)
        self.moves += deadlines.moved_by_new(rows)

    def _under_marks(self, rows: list[StoredDeadline], standing: dict[Todo, StoredDeadline]) -> list[StoredDeadline]:
        """The rows where what people said of them puts them."""
        if not self._marked:
            return rows
        said = marks.latest(self.tx, self.shop_id, [_todo(row) for row in rows if self._asks_all_marks or _may_be_marked(row, standing.get(_todo(row)))])
        held: list[StoredDeadline] = []
        for row in rows:
            todo = _todo(row)
            before, mark = standing.get(todo), said.get(todo)
            kept = row if before is None else msgspec.structs.replace(row, assignee=before.assignee)
            if mark is not None:
                kept, outcome = under_mark(kept, mark, self.now)
                self._settle(kept, mark.mark_id, outcome)
            held.append(kept)
        return held

    def _settle(self, row: StoredDeadline, mark_id: int, outcome: Outcome | None) -> None:
        if outcome is None or self.batch_id is None:
            return
        self.outcomes.setdefault(outcome, []).append(mark_id)
        batch_id = None if self._by_platform or self._by_tracker else self.batch_id
        entry = (MarkConfirmed if outcome == "confirmed" else MarkContradicted)(row.kind, batch_id, self._by_tracker)
        kind, no = (SubjectKind.ORDER.value, row.order_no) if row.order_no else (row.subject_kind, row.subject_no)
        journal.write(self.tx, self.shop_id, entry, at=self.now, by=None, subject_kind=kind, subject_no=no, batch_id=self.batch_id)


def touch_orders(order_nos: Iterable[str]) -> Touched:
    """These orders and all that hangs on them, to be read afresh."""
    return Touched(orders=dict.fromkeys(order_nos))


def _ship_by(computed: Computed) -> dict[str, datetime]:
    """By when each order must be shipped."""
    return {deadline.subject.no: deadline.due_at for deadline, _ in computed if deadline.kind is DeadlineKind.SHIP_BY}


def _todo(row: StoredDeadline) -> Todo:
    return row.subject_kind, row.subject_no, row.kind


def _may_be_marked(row: StoredDeadline, before: StoredDeadline | None) -> bool:
    """Whether somebody may have spoken of the to-do: it bears a trace of that, or comes back after it was closed."""
    if before is None or before.assignee is not None:
        return True
    return before.band in (Band.SNOOZED, Band.SAID_DONE, Band.NOT_OURS) or (before.band is None and row.band is not None)


def _same(before: StoredDeadline, after: StoredDeadline) -> bool:
    """Whether nothing differs but when it was computed; a closed one need not know that newer data still show it closed."""
    if before.band is None and after.band is None:
        return msgspec.structs.replace(after, made_at=before.made_at, data_as_of=before.data_as_of) == before
    return msgspec.structs.replace(after, made_at=before.made_at) == before
