"""Conversations are graded once they are calm: each day of a thread, again whenever something more is said in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.knowing import orders_known
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.chats.shapes import Sending
from zhanggui.core.grading import OrderKnown, Party, Spoke, grade
from zhanggui.core.grading.grading import Fault, Grade, Judging
from zhanggui.core.grading.order import order_known
from zhanggui.core.grading.reaching import reach_of
from zhanggui.core.intents.kinds import Said, Speaker, Wanted
from zhanggui.core.moments import shanghai_day
from zhanggui.core.rules import Rulebook
from zhanggui.estimates.intents import intents_of
from zhanggui.people.permissions import ShopId
from zhanggui.records import quality, sync_sources, threads
from zhanggui.records.conversations import MessageRow
from zhanggui.records.db import Tx, transact
from zhanggui.records.quality import AnswersRow, FaultRow, GradeRow
from zhanggui.records.says import packed
from zhanggui.rulebook.quality import quality_book
from zhanggui.rulebook.speech import speech_book

CALM = timedelta(minutes=45)
"""A talk in which nothing was said for so long is graded: the half hour to do what was said, and the minutes by which the platform is read behind."""
LOOKED_BACK = timedelta(days=30)
AT_ONCE = 100
MOST_MESSAGES = 400
SHOWN = 300
_BEFORE = 6
_PARTIES = {"buyer": Party.BUYER, "rep": Party.REP, "bot": Party.BOT}


def grade_talks(house: House, now: datetime) -> None:
    """Grade what is calm, a hundred threads of each shop at a time."""
    for shop_id in every_shop(house):
        grade_shop(house, shop_id, now)


def grade_shop(house: House, shop_id: ShopId, now: datetime, *, calm: timedelta = CALM) -> int:
    """Grade the threads of a shop that are calm and were not graded since; how many there were."""
    with house.pool.connection() as tx:
        due = quality.ungraded(tx, shop_id, now - LOOKED_BACK, now - calm, AT_ONCE)
        rulebook = rulebook_in(tx, house, shop_id)
    for thread_no, last_at in due:
        transact(house.pool, lambda tx, no=thread_no, to=last_at: _grade_thread(tx, shop_id, no, to, rulebook, now))  # type: ignore[misc]
    return len(due)


def judging(rulebook: Rulebook, now: datetime) -> Judging:
    """What conversations are judged by."""
    return Judging(book=quality_book(), speech=speech_book(), reach=reach_of(rulebook), now=now)


def wants_of(talk: Sequence[Spoke]) -> list[Sequence[Wanted]]:
    """What the buyer wants by each message."""
    said = [Said(each.text, Speaker.BUYER if each.party is Party.BUYER else Speaker.REP) for each in talk]
    return [
        intents_of(each.text, said[max(0, place - _BEFORE) : place], vectors=False) if each.party is Party.BUYER and each.text.strip() else ()
        for place, each in enumerate(talk)
    ]


def _grade_thread(tx: Tx, shop_id: ShopId, thread_no: int, last_at: datetime, rulebook: Rulebook, now: datetime) -> None:
    if threads.locked(tx, shop_id, thread_no) is None:  # held, so that whatever comes in late from now on finds the mark and has the talk graded anew
        return
    messages = [message for message in _once(threads.messages_of(tx, shop_id, thread_no, MOST_MESSAGES)) if _was_said(message)]
    orders = orders_known(tx, shop_id, sorted({message.order_no for message in messages if message.order_no}))
    read_to = {source.kind: source.horizon for source in sync_sources.horizons(tx, [shop_id]) if source.horizon is not None} if orders else {}
    facts = {no: order_known(known, now, read_to) for no, known in orders.items()}
    by = judging(rulebook, now)
    for day, of_day in groupby(messages, key=lambda message: shanghai_day(message.placed_at)):
        if day >= shanghai_day(now - LOOKED_BACK):
            _grade_day(tx, shop_id, thread_no, day, list(of_day), facts, by, after=_answer_after(day, messages))
    quality.mark(tx, shop_id, thread_no, last_at)


def _answer_after(day: date, messages: Sequence[MessageRow]) -> Spoke | None:
    """What a person answered first once the day was over."""
    return next((_spoken(message) for message in messages if message.who == "rep" and shanghai_day(message.placed_at) > day), None)


def _spoken(message: MessageRow) -> Spoke:
    return Spoke(_PARTIES[message.who], message.at, message.said, message.name if message.who == "rep" else "")


def _was_said(message: MessageRow) -> bool:
    """Whether it reached the other side: an answer on its way to the tool, or one that the tool could not send, was said to nobody."""
    return message.who in _PARTIES and message.sending == Sending.NOT.value


def _once(messages: Iterable[MessageRow]) -> list[MessageRow]:
    """Each message once: overlapping pastes hold the same ones."""
    return list({message.key: message for message in messages}.values())


def _grade_day(
    tx: Tx,
    shop_id: ShopId,
    thread_no: int,
    day: date,
    messages: Sequence[MessageRow],
    orders: Mapping[str, OrderKnown],
    by: Judging,
    *,
    after: Spoke | None,
) -> None:
    talk = [_spoken(message) for message in messages]
    about = orders.get(next((message.order_no for message in reversed(messages) if message.order_no), ""))
    told = grade(talk, wants_of(talk), about, by, after)
    row = GradeRow(
        shop_id=shop_id, thread_no=thread_no, day=day, messages=len(talk), answers=told.answers, points=told.score,
        knows_order=told.knows_order, last_at=messages[-1].placed_at, graded_at=by.now,
    )  # fmt: skip
    quality.save(tx, row, _by_rep(talk, told), [_fault_row(thread_no, day, talk, fault) for fault in told.faults])


def _by_rep(talk: Sequence[Spoke], told: Grade) -> list[AnswersRow]:
    """What each person wrote and what their faults took."""
    names = sorted({said.rep for said in talk if said.party is Party.REP} | {fault.rep for fault in told.faults})
    return [
        AnswersRow(
            rep=name,
            answers=sum(said.party is Party.REP and said.rep == name for said in talk),
            points=min(100, sum(fault.points for fault in told.faults if fault.rep == name)),
        )
        for name in names
    ]


def _fault_row(thread_no: int, day: date, talk: Sequence[Spoke], fault: Fault) -> FaultRow:
    said = talk[fault.place]
    return FaultRow(
        thread_no=thread_no, day=day, place=fault.place, kind=fault.kind.value, rep=fault.rep, at=said.at, said=said.text[:SHOWN],
        words=fault.words[:SHOWN], because=packed(fault.because), about=fault.about, points=fault.points,
    )  # fmt: skip
