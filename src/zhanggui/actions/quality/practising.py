"""Rounds of practice: a pretended buyer chats, a person answers, and at the end it is graded, with what would have been good and why.

A round reads and writes the table of rounds alone: no order, no conversation, no promise, no journal entry and no act comes of it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.quality.grading import judging, wants_of
from zhanggui.actions.quality.pretending import LONGEST, Pretended, Said, may_be, pretended, slots_for
from zhanggui.actions.refused import Refused
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chats.masking import masked_chat
from zhanggui.core.grading import Fault, FaultKind, Grade, Party, grade
from zhanggui.core.grading.models import ModelAnswer, model_for
from zhanggui.core.intents.kinds import Intent
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.emulator.world.chats.manner import manner
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import practice
from zhanggui.records.db import Tx, transact
from zhanggui.records.practice import RoundRow
from zhanggui.rulebook.quality import model_answers

LONGEST_ANSWER, MOST_ANSWERS, TRIES, LISTED = 500, 40, 8, 60
LAST_WORD = timedelta(minutes=1)
"""What a buyer writes last is not waited for, whenever somebody looks."""


class Good(msgspec.Struct, frozen=True):
    """What would have been a good answer, and why."""

    want: str
    text: str
    model: ModelAnswer


class RoundSeen(msgspec.Struct, frozen=True):
    """A round as a page shows it: graded once it has ended."""

    row: RoundRow
    told: Pretended
    is_ended: bool
    grade: Grade | None = None
    good: tuple[Good, ...] = ()

    @property
    def taken(self) -> dict[int, str]:
        """How the buyer took the answers, by the place of the last message of those that were read together."""
        places = [place for place, line in enumerate(self.told.lines) if line.party is Party.REP]
        found: dict[int, str] = {}
        read = 0
        for heard in self.told.taken:
            read += heard.text.count("\n") + 1
            if read <= len(places):
                found[places[read - 1]] = heard.taken
        return found

    def faults_at(self, place: int) -> tuple[Fault, ...]:
        """The faults of one message."""
        return () if self.grade is None else tuple(fault for fault in self.grade.faults if fault.place == place)


class RoundListed(msgspec.Struct, frozen=True):
    """One round of the list."""

    row: RoundRow
    kinds: tuple[FaultKind, ...]


class PracticeSeen(msgspec.Struct, frozen=True):
    """The rounds of a shop: everybody's for whoever leads it, else one's own, with the scores over time."""

    rounds: tuple[RoundListed, ...]
    scores: dict[str, tuple[int, ...]]
    """By person the points of the ended rounds, the oldest first."""
    wants: tuple[str, ...]
    tempers: tuple[str, ...]


def begin_round(house: House, by: Person, shop_id: ShopId, now: datetime, *, want: str = "", temper: str = "", seed: int | None = None) -> int:
    """The number of a new round with a buyer of this want and temper, or whoever comes. Raises Refused where there is no such want or temper."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    held = manner()
    if want not in ("", *held.wants) or temper not in ("", *held.tempers):
        raise Refused(say("There is no such buyer to practise with."))
    first = secrets.randbelow(1 << 30) if seed is None else seed
    found = next((each for each in range(first, first + TRIES) if may_be(each, now, want, temper)), None)
    if found is None:
        raise Refused(say("No such buyer could be made this time. Try again."))
    return transact(house.pool, lambda tx: practice.begin(tx, shop_id, by.person_id, by.display_name, want, temper, found, now))


def answer_round(house: House, by: Person, shop_id: ShopId, round_no: int, text: str, now: datetime) -> None:
    """The person answers the pretended buyer. Raises Refused where there is nothing to say, or the round has ended."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    typed = masked_chat(" ".join(text.split())[:LONGEST_ANSWER]).text
    if not typed:
        raise Refused(say("Write an answer first."))

    def work(tx: Tx) -> None:
        row = _own(tx, by, shop_id, round_no, lock=True)
        said = said_in(row)
        if row.ended_at is not None or _told(row, said, now).is_over or len(said) >= MOST_ANSWERS:
            raise Refused(say("This round is over."))
        practice.save(tx, msgspec.structs.replace(row, said=msgspec.json.encode([*said, Said(now, typed)]).decode()))

    transact(house.pool, work)


def end_round(house: House, by: Person, shop_id: ShopId, round_no: int, now: datetime) -> None:
    """The round ends, and is graded for good. Ending it twice changes nothing."""
    by.need(Permission.CONVERSATIONS_WRITE, shop_id)
    transact(house.pool, lambda tx: _end(tx, house, shop_id, _own(tx, by, shop_id, round_no, lock=True), now))


def round_seen(house: House, by: Person, shop_id: ShopId, round_no: int, now: datetime) -> RoundSeen:
    """The round at this moment; a buyer who has left ends it."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)

    def work(tx: Tx) -> RoundSeen:
        row = _found(tx, by, shop_id, round_no)
        if row.ended_at is None and _told(row, said_in(row), now).is_over:
            row = _end(tx, house, shop_id, _locked(tx, shop_id, round_no), now)
        told = _told(row, said_in(row), row.ended_at or now)
        if row.ended_at is None:
            return RoundSeen(row, told, is_ended=False)
        return RoundSeen(row, told, True, graded_round(row, told, rulebook_in(tx, house, shop_id), row.ended_at), _good(told, row.ended_at))

    return transact(house.pool, work)


def practice_seen(house: House, by: Person, shop_id: ShopId) -> PracticeSeen:
    """The newest rounds, and everybody's scores over time."""
    by.need(Permission.CONVERSATIONS_READ, shop_id)
    with house.pool.connection() as tx:
        sees_all = by.may(Permission.PEOPLE_READ, shop_id) or by.person_id is None
        rows = practice.newest(tx, shop_id, LISTED) if sees_all else practice.of_person(tx, shop_id, by.person_id or 0, LISTED)
    scores: dict[str, list[int]] = {}
    for row in reversed(rows):
        if row.points is not None:
            scores.setdefault(row.name, []).append(row.points)
    listed = tuple(RoundListed(row, msgspec.json.decode(row.faults, type=tuple[FaultKind, ...])) for row in rows)
    return PracticeSeen(listed, {name: tuple(points) for name, points in scores.items()}, tuple(manner().wants), tuple(manner().tempers))


def graded_round(row: RoundRow, told: Pretended, rulebook: Rulebook, ended_at: datetime) -> Grade:
    """The grade of a round, by the same rules as the shop's own conversations."""
    talk = told.talk(row.name)
    return grade(talk, wants_of(talk), told.order, judging(rulebook, ended_at))


def said_in(row: RoundRow) -> Sequence[Said]:
    """What was answered so far."""
    return msgspec.json.decode(row.said, type=list[Said])


def _end(tx: Tx, house: House, shop_id: ShopId, row: RoundRow, now: datetime) -> RoundRow:
    if row.ended_at is not None:
        return row
    told = _told(row, said_in(row), now)
    ended_at = min(now, row.begun_at + LONGEST, told.lines[-1].at + LAST_WORD if told.has_left else now)
    graded = graded_round(row, told, rulebook_in(tx, house, shop_id), ended_at)
    kinds = [fault.kind for fault in graded.faults]
    points = graded.score if said_in(row) else 0
    ended = msgspec.structs.replace(row, ended_at=ended_at, points=points, outcome=told.outcome, faults=msgspec.json.encode(kinds).decode())
    practice.save(tx, ended)
    return ended


def _told(row: RoundRow, said: Sequence[Said], now: datetime) -> Pretended:
    return pretended(row.seed, row.begun_at, row.want, row.temper, said, now)


def _good(told: Pretended, at: datetime) -> tuple[Good, ...]:
    """A good answer for each thing that was wanted."""
    slots = slots_for(told, at)
    found = [(want, model_for(model_answers(), Intent(want), told.standing)) for want in told.wants]
    return tuple(Good(want, model.filled(slots), model) for want, model in found if model is not None)


def _found(tx: Tx, by: Person, shop_id: ShopId, round_no: int, *, lock: bool = False) -> RoundRow:
    row = practice.one(tx, shop_id, round_no, lock=lock)
    if row is None or not (row.person_id == by.person_id or by.may(Permission.PEOPLE_READ, shop_id)):
        raise Refused(say("There is no such round of practice."))
    return row


def _own(tx: Tx, by: Person, shop_id: ShopId, round_no: int, *, lock: bool) -> RoundRow:
    row = _found(tx, by, shop_id, round_no, lock=lock)
    if row.person_id != by.person_id:
        raise Refused(say("This is somebody else's round."))
    return row


def _locked(tx: Tx, shop_id: ShopId, round_no: int) -> RoundRow:
    row = practice.one(tx, shop_id, round_no, lock=True)
    assert row is not None
    return row
