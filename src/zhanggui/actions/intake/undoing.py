"""Takes a stored import back: its rows go, what is left of every thing is folded anew, and everything that rests on it follows."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.conversations.undoing import forget_conversation
from zhanggui.actions.house import House
from zhanggui.actions.intake.ageing import set_ages
from zhanggui.actions.intake.folding import folded
from zhanggui.actions.intake.learning import learn_hours
from zhanggui.actions.intake.storing import CHUNK
from zhanggui.actions.intake.tally import Outcome
from zhanggui.actions.intake.touching import gone, touch_facts
from zhanggui.actions.reckoning import Reckoning, Touched
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import AftersaleFacts, AftersaleState, FactKind, Facts, OrderFacts, ReviewFacts
from zhanggui.core.say import say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.records import batches, case_moves, journal, locks, marks, quarantine, sightings
from zhanggui.records.batches import BatchRecord
from zhanggui.records.db import Tx
from zhanggui.records.facts import TABLES
from zhanggui.records.facts.orders import teaches_hours
from zhanggui.records.facts.sealed import decoder, encoder
from zhanggui.records.facts.table import Known, Table, fetch, remove, store
from zhanggui.records.journal_entries import BatchUndone
from zhanggui.records.measures import touched as measures
from zhanggui.records.order_totals import Totals

_WAITS = AftersaleState.SELLER_TO_ANSWER


def take_back(house: House, tx: Tx, by: Person, shop_id: ShopId, batch_id: int, now: datetime) -> None:
    """Undoes a stored import and the rows mended of it. Raises Refused for one that is not stored, and for a mended row alone: nothing could bring it again."""
    locks.hold_shop(tx, shop_id)
    record = batches.one(tx, shop_id, batch_id)
    if record is None or record.state != "done":
        raise Refused(say("Only an import that is stored can be undone."))
    if record.part_of is not None:
        reason = say("Import {part} is a mended row of import {batch_id} and goes with it. Undo import {batch_id}.", part=batch_id, batch_id=record.part_of)
        raise Refused(reason)
    for part in batches.parts(tx, shop_id, batch_id):
        mended = batches.one(tx, shop_id, part)
        assert mended is not None
        _take_back(house, tx, by, shop_id, mended, now)
    _take_back(house, tx, by, shop_id, record, now)


def _take_back(house: House, tx: Tx, by: Person, shop_id: ShopId, record: BatchRecord, now: datetime) -> None:
    batch_id = record.batch_id
    batches.move(tx, shop_id, batch_id, "done", "undone", ended_at=now)
    rulebook = rulebook_in(tx, house, shop_id)
    reopened = marks.reopen_of_batch(tx, shop_id, batch_id)
    stepped = case_moves.remove_of_batch(tx, shop_id, batch_id)
    measures.note(tx, shop_id, {order_no for _, order_no in stepped if order_no})
    undoing = Undoing(tx, shop_id, batch_id, Reckoning(tx, shop_id, rulebook, now, asks_all_marks=True), now, {no for no, _ in stepped})
    undoing.run()
    forget_conversation(tx, shop_id, batch_id, undoing.reckoning)
    undoing.touch_again([no for kind, no in reopened if kind == SubjectKind.ORDER.value])
    undoing.finish()
    batches.forget_files(tx, shop_id, batch_id)
    quarantine.remove(tx, shop_id, batch_id)
    outcome = msgspec.json.decode(record.outcome or "{}", type=Outcome)
    if outcome.journal is not None:
        journal.remove_told_by_batch(tx, shop_id, batch_id, *outcome.journal)
    set_ages(tx, shop_id, rulebook, now)
    journal.write(tx, shop_id, BatchUndone(batch_id), at=now, by=by.person_id, batch_id=batch_id)


class Undoing:
    """One import on its way out. `stepped` are the cases of which it told a step."""

    def __init__(self, tx: Tx, shop_id: int, batch_id: int, reckoning: Reckoning, now: datetime, stepped: Collection[str] = ()) -> None:
        self.tx = tx
        self.shop_id = shop_id
        self.batch_id = batch_id
        self.now = now
        self.reckoning = reckoning
        self._stepped = stepped
        self._totals = Totals()
        self._goods: set[str] = set()

    def run(self) -> None:
        """Takes the rows of the import away, chunk by chunk."""
        for some in sightings.of_batch(self.tx, self.shop_id, self.batch_id, CHUNK):
            by_kind: dict[str, dict[str, str]] = {}
            for kind, key, facts in some:
                by_kind.setdefault(kind, {})[key] = facts
            touched = Touched()
            for kind, told in by_kind.items():
                self._take_back(TABLES[FactKind(kind)], told, touched)
            self.reckoning.recompute(touched)
        sightings.remove_batch(self.tx, self.shop_id, self.batch_id)

    def touch_again(self, order_nos: Sequence[str]) -> None:
        """Computes orders again whose marks are open once more."""
        if order_nos:
            self.reckoning.recompute(Touched(orders=dict.fromkeys(order_nos)))

    def finish(self) -> None:
        """Stores what was added up along the way."""
        learn_hours(self.tx, self.shop_id, self._goods, self.reckoning, self.now)
        self._totals.store(self.tx, self.shop_id)
        self.reckoning.finish()

    def _take_back(self, table: Table[Facts], told: dict[str, str], touched: Touched) -> None:
        decode, encode = decoder(self.tx, self.shop_id, table.facts), encoder(self.tx, self.shop_id, table.kind)
        facts = {key: decode(text) for key, text in told.items()}
        before = fetch(self.tx, table, self.shop_id, list(facts.values()))
        left = sightings.of_keys(self.tx, self.shop_id, table.kind.value, list(told), except_batch=self.batch_id)
        after = {key: folded(self.tx, table, self.shop_id, records) for key, records in left.items()}
        changed = [key for key in before if before[key] != after.get(key)]
        # what hangs on a thing that goes is found while it is still there
        touch_facts(self.tx, self.shop_id, table.kind, [before[key].facts for key in changed], touched)
        remove(self.tx, table, self.shop_id, [before[key].facts for key in changed])
        kept = [after[key] for key in changed if key in after]
        store(self.tx, table, self.shop_id, [(known.facts, known.as_of, encode(known.facts)) for known in kept])
        for key in changed:
            self._follow(before[key].facts, after.get(key), touched)
        touch_facts(self.tx, self.shop_id, table.kind, [known.facts for known in kept], touched)
        if table.kind is FactKind.AFTERSALE:
            # what others told as well stays as it is, but since when it is known went along with the steps, and until when it was told of in another turn
            same = [known.facts for key, known in after.items() if before.get(key) == known]
            again = [case for case in same if isinstance(case, AftersaleFacts) and (case.case_no in self._stepped or case.state is _WAITS)]
            touch_facts(self.tx, self.shop_id, table.kind, again, touched)

    def _follow(self, before: Facts, after: Known[Facts] | None, touched: Touched) -> None:
        subject = gone(before) if after is None else None
        if subject is not None and subject.kind is not SubjectKind.CONVERSATION:
            touched.gone.add(subject)
        if isinstance(before, ReviewFacts) and after is not None:
            touched.reviews[f"{before.review_no}/{before.order_no}"] = after  # type: ignore[assignment]  # of the same kind
        if isinstance(before, OrderFacts):
            self._totals.go(before)
            self._may_teach(before)
            if after is not None and isinstance(after.facts, OrderFacts):
                self._totals.come(after.facts)
                self._may_teach(after.facts)

    def _may_teach(self, order: OrderFacts) -> None:
        if order.goods_id is not None and teaches_hours(order):
            self._goods.add(order.goods_id)
