"""Grades the shop's side of one conversation."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.core.grading.book import FaultKind, QualityBook
from zhanggui.core.grading.facing import contradictions
from zhanggui.core.grading.talk import OrderKnown, Party, Spoke
from zhanggui.core.intents.kinds import Intent, Wanted
from zhanggui.core.say import Say, say
from zhanggui.core.speech.book import Bilingual, Ground, SpeechBook
from zhanggui.core.speech.checking import PROMISE, SHIP_WITHIN, check, time_to_ship

WHOLE = 100
INSULT = "insult"
NOT_ASKED = frozenset({Intent.OTHER, Intent.THANKS})
NO_QUESTION = NOT_ASKED | {Intent.COMPLAINT, Intent.REVIEW_THREAT}
OPEN = ("什么", "多久", "怎么", "哪", "几", "多少", "为啥", "啥")
"""A question with one of these is not answered by a yes or a no."""
WORSE = frozenset({FaultKind.RUDE, FaultKind.PASSED_BUCK, FaultKind.FORBIDDEN})
"""Whoever answers so has answered, only badly: the question is not counted as left open besides."""
ASKING = ("?", "？", "!", "！", "吗", "怎么", "没", "不是", "多久", "什么", "在", "人呢", "急", "快点", "[")
"""Signs of a message that looks for an answer whatever it is about; a card or a picture does, too."""
Reach = Callable[[datetime], timedelta | None]
"""Within which time a person must answer a message of that moment; None outside the hours."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was wrong: in which message, by which of its characters, why, what the clauses are, what it costs, and what is good instead."""

    kind: FaultKind
    place: int
    rep: str
    start: int = 0
    end: int = 0
    words: str = ""
    because: Say
    grounds: tuple[Ground, ...]
    indicator: Bilingual
    good: Bilingual
    points: int
    about: str = ""
    """What was asked, or which rule of forbidden speech was broken."""


class Grade(msgspec.Struct, frozen=True):
    """The faults in the order of the messages, how many messages a person wrote, and what is left of a hundred points."""

    faults: tuple[Fault, ...]
    answers: int
    knows_order: bool

    @property
    def score(self) -> int:
        """What is left of a hundred."""
        return max(0, WHOLE - sum(fault.points for fault in self.faults))


class Judging(msgspec.Struct, frozen=True, kw_only=True):
    """What a conversation is judged by."""

    book: QualityBook
    speech: SpeechBook
    reach: Reach
    now: datetime


def grade(talk: Sequence[Spoke], wants: Sequence[Sequence[Wanted]], order: OrderKnown | None, by: Judging, after: Spoke | None = None) -> Grade:
    """The grade of a conversation; `wants` says of each message what its buyer wanted by it. One fault of a kind a message; only persons are judged.

    `after`: what a person said first once this conversation was over, the next day for one.
    """
    found: dict[tuple[int, FaultKind], Fault] = {}
    spoken = tuple(_spoken(talk, order, by))
    answered_badly = frozenset(fault.place for fault in spoken if fault.kind in WORSE)
    for fault in (*spoken, *_late(talk, wants, by, after), *_open_questions(talk, wants, answered_badly, by)):
        found.setdefault((fault.place, fault.kind), fault)
    faults = sorted(found.values(), key=lambda fault: (fault.place, fault.kind))
    return Grade(tuple(faults), sum(each.party is Party.REP for each in talk), order is not None)


def _fault(by: Judging, kind: FaultKind, place: int, said: Spoke, because: Say, at: tuple[int, int]) -> Fault:
    """A fault with what its rule says of it."""
    rule = by.book.rules[kind]
    start, end = at
    return Fault(
        kind=kind,
        place=place,
        rep=said.rep,
        start=start,
        end=end,
        words=said.text[start:end],
        because=because,
        grounds=rule.grounds_at(said.at or by.now),
        indicator=rule.indicator,
        good=rule.good,
        points=rule.points,
    )


def _spoken(talk: Sequence[Spoke], order: OrderKnown | None, by: Judging) -> Iterator[Fault]:
    """What is wrong with the words of each message."""
    for place, said in enumerate(talk):
        if said.party is not Party.REP:
            continue
        yield from _forbidden(place, said, order, by)
        if (cold := by.book.coldness.first(said.text)) is not None:
            yield _fault(by, FaultKind.RUDE, place, said, say("Cold or belittling words."), cold.span())
        if (passed := by.book.passing.first(said.text)) is not None:
            yield _fault(by, FaultKind.PASSED_BUCK, place, said, say("The buyer is sent on to somebody else."), passed.span())
        for because, span in contradictions(said, order, by.book):
            yield _fault(by, FaultKind.CONTRADICTED, place, said, because, span)


def _forbidden(place: int, said: Spoke, order: OrderKnown | None, by: Judging) -> Iterator[Fault]:
    """What must not be said; promises are held against the limit of the order itself where it is known."""
    for finding in check(said.text, by.speech, said.at or by.now, ship_within=_left_to_ship(said, order)):
        kind = {PROMISE: FaultKind.OVER_PROMISED, INSULT: FaultKind.RUDE}.get(finding.rule.id, FaultKind.FORBIDDEN)
        fault = _fault(by, kind, place, said, say("This must not be said to a buyer."), (finding.start, finding.end))
        yield msgspec.structs.replace(fault, grounds=finding.grounds, good=finding.rule.safe, about=finding.rule.id)


def _left_to_ship(said: Spoke, order: OrderKnown | None) -> timedelta | None:
    """How long the order may still take to leave; None where it has left."""
    if order is None or said.at is None:
        return SHIP_WITHIN
    if order.shipped_at is not None and order.shipped_at <= said.at:
        return None
    return time_to_ship(order.ship_by, said.at)


def _late(talk: Sequence[Spoke], wants: Sequence[Sequence[Wanted]], by: Judging, after: Spoke | None) -> Iterator[Fault]:
    """Each wait of the buyer for a person that lasted too long; a turn that asks nothing, as a last word does, needs no answer."""
    turn: list[int] = []
    for place, said in enumerate(talk):
        if said.party is Party.BUYER:
            turn.append(place)
        elif said.party is Party.REP:
            if said.at is not None:  # when nobody told when it was said, nobody can say that it was late
                yield from _waited(talk, turn, wants, (said.at, said.rep), by)
            turn = []
    if after is None:
        last = next((said.rep for said in reversed(talk) if said.party is Party.REP), "")
        yield from _waited(talk, turn, wants, (None, last), by)
    elif after.at is not None:
        yield from _waited(talk, turn, wants, (after.at, after.rep), by)


def _waited(talk: Sequence[Spoke], turn: Sequence[int], wants: Sequence[Sequence[Wanted]], answer: tuple[datetime | None, str], by: Judging) -> Iterator[Fault]:
    """The wait of one turn of the buyer's, shown at the first of its messages that asks and is more than a card or a picture."""
    asked_at = talk[turn[0]].at if turn and any(_asks(talk[place], wants[place]) for place in turn) else None
    if asked_at is None or (within := by.reach(asked_at)) is None:
        return
    answered_at, rep = answer
    began = next((place for place in turn if not talk[place].text.startswith("[") and _asks(talk[place], wants[place])), turn[0])
    until = answered_at or by.now
    if until - asked_at <= within:
        return
    minutes = int((until - asked_at).total_seconds() // 60)
    because = say("Answered after {minutes} min.", minutes=minutes) if answered_at else say("Nobody answered.")
    yield msgspec.structs.replace(_fault(by, FaultKind.LATE, began, talk[began], because, (0, len(talk[began].text))), rep=rep)


def _asks(said: Spoke, wants: Sequence[Wanted]) -> bool:
    """Whether a message looks for an answer: it wants something, or it says that something is not as it was told."""
    return any(each.sure and each.intent not in NOT_ASKED for each in wants) or any(word in said.text for word in ASKING)


def _open_questions(talk: Sequence[Spoke], wants: Sequence[Sequence[Wanted]], answered_badly: frozenset[int], by: Judging) -> Iterator[Fault]:
    """What the buyer surely asked and no later message of a person touches, where persons wrote at all."""
    for place, said in enumerate(talk):
        answers = [later for later in talk[place + 1 :] if later.party is Party.REP]
        if said.party is not Party.BUYER or not answers or any(place < bad for bad in answered_badly):
            continue
        for want in wants[place]:
            if want.sure and want.intent not in NO_QUESTION and not any(_touches(want.intent, said.text, later.text, by.book) for later in answers):
                span = (want.words[0].start, want.words[0].end) if want.words else (0, len(said.text))
                fault = _fault(by, FaultKind.UNANSWERED, place, said, say("No answer touches what was asked here."), span)
                yield msgspec.structs.replace(fault, rep=answers[-1].rep, about=want.intent.value)


def _touches(intent: Intent, asked: str, text: str, book: QualityBook) -> bool:
    """Whether an answer touches what was wanted; a yes or a no does where the question can be answered so."""
    own = book.touching.get(intent.value)
    if own is None or own.search(text) is not None or book.touching["any"].search(text) is not None:
        return True
    return not any(word in asked for word in OPEN) and book.touching["yes"].search(text.strip()) is not None
