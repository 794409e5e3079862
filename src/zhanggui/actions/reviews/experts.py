"""Expert reviews (行家心得): entered by hand, found again, reported with reason, text and pictures of the vault, and followed to their end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions import cursors
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.chats.single import shown_name
from zhanggui.core.masking import storable
from zhanggui.core.moments import shanghai_day, start_of_day
from zhanggui.core.reviews.experts import ExpertEvent, ExpertState, expert_after, expert_events
from zhanggui.core.reviews.grounds import Match, ReportGround, grounds_of
from zhanggui.core.say import say
from zhanggui.core.speech import Finding, check
from zhanggui.core.steps import NotThatStep
from zhanggui.core.working_time import UnknownYear, WorkCalendar
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import evidence, expert_reviews, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.expert_reviews import ExpertRecord, pieces_written
from zhanggui.records.journal_entries.reviews import ExpertReviewMoved
from zhanggui.rulebook.reviews import ReportTerms, review_book
from zhanggui.rulebook.speech import speech_book

LONGEST_SAID = 5_000
LONGEST_REPORT = 500
LONGEST_SHORT = 200
MOST_PIECES = 6
_HIGHEST = 2**62
_DEFAULT_DAYS = 7
"""Counted where the working days of a year are not announced yet."""


class ExpertTold(msgspec.Struct, frozen=True, kw_only=True):
    """An expert review as a person enters it."""

    goods_id: str
    said: str
    title: str = ""
    author: str = ""
    placed_at: datetime | None = None


class ReportTold(msgspec.Struct, frozen=True, kw_only=True):
    """The report as it is made ready: why, in which words, and which pieces of an order's evidence go with it."""

    reason: str = ""
    report: str = ""
    order_no: str = ""
    pieces: tuple[int, ...] = ()
    note: str = ""


class ExpertRow(msgspec.Struct, frozen=True, kw_only=True):
    """An expert review as the page shows it."""

    expert: ExpertRecord
    state: ExpertState
    events: tuple[ExpertEvent, ...]
    grounds: tuple[Match, ...]
    findings: tuple[Finding, ...]
    """What the text of the report should not say."""


class ExpertsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of them, the newest first."""

    rows: tuple[ExpertRow, ...]
    next_cursor: str | None
    terms: ReportTerms


def experts_seen(
    house: House,
    by: Person,
    shop_id: ShopId,
    now: datetime,
    *,
    state: str = "",
    goods_id: str = "",
    words: str = "",
    cursor: str | None = None,
    limit: int = 30,
) -> ExpertsPage:
    """Those found by state, product id, and words of the product's name, the text or the author."""
    by.need(Permission.ORDERS_READ, shop_id)
    if state and state not in set(ExpertState):
        raise Refused(say("{state} is no state of an expert review.", state=state[:40]))
    before = cursors.read(cursor, int) if cursor else _HIGHEST
    with house.pool.connection() as tx:
        found = expert_reviews.page(tx, shop_id, before, limit + 1, state=state or None, goods_id=goods_id.strip() or None, words=words.strip() or None)
    shown = found[:limit]
    rows = tuple(_row(each, now) for each in shown)
    return ExpertsPage(rows=rows, next_cursor=cursors.write_one(shown[-1].expert_no) if len(found) > limit else None, terms=review_book().report)


def keep_expert(house: House, by: Person, shop_id: ShopId, told: ExpertTold, now: datetime) -> int:
    """The number under which it is kept, masked. Raises Refused without a product or words."""
    by.need(Permission.REVIEWS_WRITE, shop_id)
    goods_id, said = told.goods_id.strip(), storable(told.said).strip()
    if not goods_id or len(goods_id) > LONGEST_SHORT or not said:
        raise Refused(say("Enter the number of the product, and what the expert review says."))
    if len(said) > LONGEST_SAID or max(len(told.title), len(told.author)) > LONGEST_SHORT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_SAID))

    def work(tx: Tx) -> int:
        number = expert_reviews.insert(
            tx,
            shop_id,
            storable(goods_id),
            title=storable(told.title).strip() or expert_reviews.title_of(tx, shop_id, goods_id),
            author=shown_name(told.author) if told.author.strip() else "",
            said=masked_said(said),
            placed_at=told.placed_at,
            state=ExpertState.SHOWN.value,
            by=by.person_id,
            now=now,
        )
        journal.write(tx, shop_id, ExpertReviewMoved(number, goods_id, ExpertState.SHOWN.value), at=now, by=by.person_id)
        return number

    return transact(house.pool, work)


def step_expert(house: House, by: Person, shop_id: ShopId, expert_no: int, event: ExpertEvent, now: datetime, told: ReportTold | None = None) -> ExpertState:
    """The state after a step. Raises Refused where it is past that step, or the report is not whole."""
    by.need(Permission.REVIEWS_WRITE, shop_id)
    entered = told or ReportTold()
    _look_over(entered, event)

    def work(tx: Tx) -> ExpertState:
        expert = expert_reviews.locked(tx, shop_id, expert_no)
        if expert is None:
            raise NotAllowed(Permission.REVIEWS_WRITE.value)
        try:
            state = expert_after(ExpertState(expert.state), event)
        except NotThatStep:
            raise Refused(say("The expert review is past that: {state}.", state=expert.state)) from None
        after = _after(tx, house, expert, state, event, entered, now)
        if not expert_reviews.save(tx, after):
            raise Refused(say("Somebody changed this meanwhile. Look at it again."))
        journal.write(tx, shop_id, ExpertReviewMoved(expert_no, expert.goods_id, state.value), at=now, by=by.person_id)
        return state

    return transact(house.pool, work)


def forget_expert(house: House, by: Person, shop_id: ShopId, expert_no: int) -> None:
    """Takes one off the list that was entered by mistake. Raises Refused once anything was done about it."""
    by.need(Permission.REVIEWS_WRITE, shop_id)
    with house.pool.connection() as tx:
        if not expert_reviews.remove(tx, shop_id, expert_no, ExpertState.SHOWN.value):
            raise Refused(say("Something was done about this expert review, so that it stays on the list."))


def _look_over(told: ReportTold, event: ExpertEvent) -> None:
    if event is ExpertEvent.PREPARE and not (told.reason.strip() and told.report.strip()):
        raise Refused(say("A report needs its reason and its text."))
    if len(told.report) > LONGEST_REPORT or max(len(told.reason), len(told.note)) > LONGEST_SHORT:
        raise Refused(say("The text is longer than {longest} characters.", longest=LONGEST_REPORT))
    if len(told.pieces) > MOST_PIECES:
        raise Refused(say("At most {most} pictures go with a report.", most=MOST_PIECES))


def _after(tx: Tx, house: House, expert: ExpertRecord, state: ExpertState, event: ExpertEvent, told: ReportTold, now: datetime) -> ExpertRecord:
    note = masked_said(storable(told.note).strip()) or expert.note
    match event:
        case ExpertEvent.PREPARE:
            pieces = _pieces(tx, expert.shop_id, told.order_no.strip(), told.pieces)
            ready = {
                "reason": masked_said(storable(told.reason).strip()),
                "report": masked_said(storable(told.report).strip()),
                "pieces": pieces_written(pieces),
            }
            return msgspec.structs.replace(expert, state=state.value, note=note, ended_at=None, **ready)
        case ExpertEvent.FILE:
            due = _due(house.rulebook.calendar, now)
            return msgspec.structs.replace(expert, state=state.value, note=note, filed_at=now, due_at=due, ended_at=None)
        case _:
            return msgspec.structs.replace(expert, state=state.value, note=note, due_at=None, ended_at=now if expert.filed_at is not None else None)


def _pieces(tx: Tx, shop_id: int, order_no: str, numbers: Sequence[int]) -> list[tuple[str, int]]:
    chosen = tuple(dict.fromkeys(numbers))
    if any(not 0 < seq < _HIGHEST or evidence.one(tx, shop_id, order_no, seq) is None for seq in chosen):
        raise Refused(say("The vault holds no such piece of evidence of that order."))
    return [(order_no, seq) for seq in chosen]


def _due(calendar: WorkCalendar, now: datetime) -> datetime:
    try:
        return start_of_day(calendar.add_working_days(shanghai_day(now), review_book().report.expert_working_days) + timedelta(days=1))
    except UnknownYear:
        return now + timedelta(days=_DEFAULT_DAYS)


def _row(expert: ExpertRecord, now: datetime) -> ExpertRow:
    state = ExpertState(expert.state)
    # a rival or an advertiser may well write one; nobody is pressed by a review that no order stands behind
    grounds = tuple(match for match in grounds_of([expert.said], review_book().ground, now) if match.ground is not ReportGround.EXTORTION)
    findings = tuple(check(expert.report, speech_book(), now)) if expert.report else ()
    return ExpertRow(expert=expert, state=state, events=expert_events(state), grounds=grounds, findings=findings)
