"""Through many random imports, undos, marks and hours: after every step, what is stored is what a recount from the facts gives."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.test_any_order import disagreements
from tests.cast import Cast
from tests.makers.random_facts import BEGAN, GOODS, RandomFacts
from zhanggui.actions import importing, marks, shops, today
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known, pasts_alone
from zhanggui.actions.placing import BY_HAND, standing
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.clocks import case_deadlines, conversation_deadlines, order_deadlines, review_deadlines
from zhanggui.core.deadlines import Deadline, DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import ShopId
from zhanggui.records import around, deadlines
from zhanggui.records.db import Tx

STEPS = 25
Key = tuple[Subject, DeadlineKind]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_stored_is_what_a_recount_gives(house: House, people: Cast, tmp_path: Path, seed: int) -> None:
    life = _Life(house, people, tmp_path, random.Random(seed))

    for _ in range(STEPS):
        step = life.live()

        assert disagreements(house) == [], step
        assert _differing(house, people.shop_id, life.now) == [], step


class _Life:
    """A shop to which random things happen while time passes."""

    def __init__(self, house: House, people: Cast, folder: Path, dice: random.Random) -> None:
        self._house, self._people, self._folder, self._dice = house, people, folder, dice
        self._facts = RandomFacts(dice)
        self._standing: list[int] = []
        self.now = BEGAN + timedelta(hours=12)

    def live(self) -> str:
        """Let one thing happen, and say what."""
        self.now += timedelta(minutes=self._dice.randrange(1, 300))
        (deed,) = self._dice.choices((self._bring, self._undo, self._mark, self._enter_hours), (6, 2, 4, 1))
        deed()
        today.settle(self._house, [self._people.shop_id], self.now)
        return deed.__name__

    def _bring(self) -> None:
        path = self._folder / f"{self.now:%d%H%M}.jsonl"
        self._facts.write(path, self.now)
        as_of = self.now - timedelta(minutes=self._dice.choice((0, 0, 0, 300, 900)))
        previewed = importing.preview(self._house, self._people.lin, self._people.shop_id, [path], self.now, profile="facts", as_of=as_of)
        done = importing.confirm(self._house, self._people.lin, self._people.shop_id, previewed.batch_id, self.now)
        assert previewed.results == done.results
        self._standing.append(done.batch_id)

    def _undo(self) -> None:
        if self._standing:
            batch_id = self._standing.pop(self._dice.randrange(len(self._standing)))
            importing.undo(self._house, self._people.lin, self._people.shop_id, batch_id, self.now)

    def _mark(self) -> None:
        todos = today.todo(self._house, self._people.lin, self._people.shop_id, self.now, 50)
        if not todos:
            return
        todo = self._dice.choice(todos).deadline
        where = (self._house, self._people.mei, self._people.shop_id, todo.subject, todo.kind)
        try:
            match self._dice.randrange(4):
                case 0:
                    marks.mark_done(*where, now=self.now)
                case 1:
                    marks.snooze(*where, until=self.now + timedelta(hours=self._dice.randrange(1, 20)), now=self.now)
                case 2:
                    marks.not_ours(*where, now=self.now)
                case _:
                    marks.take_back(*where, now=self.now)
        except Refused:
            return

    def _enter_hours(self) -> None:
        hours = self._dice.choice((12, 24, 72, None))
        shops.set_promised_hours(self._house, self._people.lin, self._people.shop_id, self._dice.choice(GOODS), hours, self.now)


def _differing(house: House, shop_id: ShopId, now: datetime) -> list[object]:
    """Deadlines that are stored otherwise than they are computed, or stand elsewhere than time puts them."""
    with house.pool.connection() as tx:
        computed = _computed(tx, house, shop_id)
        subjects = sorted({(subject.kind.value, subject.no) for subject, _ in computed})
        stored = {
            (row.subject, DeadlineKind(row.kind)): row
            for kind in SubjectKind
            if kind is not SubjectKind.SOURCE
            for row in deadlines.of_subjects(tx, shop_id, kind.value, [no for of_kind, no in subjects if of_kind == kind])
        }
        weights = rulebook_in(tx, house, shop_id).weights
        (rows,) = tx.execute("select count(*) from deadlines where shop_id = %s and subject_kind <> 'source'", (shop_id,)).fetchone() or (0,)
    assert (len(stored), set(stored)) == (rows, set(computed))
    found: list[object] = [(stored[key].deadline(), computed[key]) for key in computed if stored[key].deadline() != computed[key]]
    for key, deadline in computed.items():
        row, at = stored[key], standing(deadline, now, weights)
        if row.band not in BY_HAND and (row.band, row.look_at, row.score) != (at.band, at.look_at, at.score):
            found.append((key, row.band, at))
    return found


def _computed(tx: Tx, house: House, shop_id: ShopId) -> dict[Key, Deadline]:
    """Every deadline of the shop, straight from its facts."""
    rulebook = rulebook_in(tx, house, shop_id)
    nos = _listed(tx, "select order_no from orders where shop_id = %(shop_id)s", shop_id)
    told_of = _listed(
        tx,
        "select order_no from messages where shop_id = %(shop_id)s union select order_no from reviews where shop_id = %(shop_id)s",
        shop_id,
    )
    known = orders_known(tx, shop_id, nos)
    found = [deadline for one in known.values() for deadline in order_deadlines(one, rulebook)]
    for case in around.cases_by_no(tx, shop_id, _listed(tx, "select case_no from aftersales where shop_id = %(shop_id)s", shop_id)).values():
        past = pasts_alone(tx, shop_id, [case.facts], known).get(case.facts.case_no)
        found += case_deadlines(case.facts, known.get(case.facts.order_no or ""), rulebook, past)
    for listed in around.reviews(tx, shop_id, told_of).values():
        found += [deadline for one in listed for deadline in review_deadlines(one.facts, rulebook)]
    for no, messages in around.messages(tx, shop_id, told_of).items():
        found += conversation_deadlines(no, [one.facts for one in messages], rulebook)
    return {(deadline.subject, deadline.kind): deadline for deadline in found}


def _listed(tx: Tx, statement: str, shop_id: ShopId) -> list[str]:
    return [no for (no,) in tx.execute(statement, {"shop_id": shop_id}) if no is not None]
