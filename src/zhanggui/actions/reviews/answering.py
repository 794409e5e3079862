"""A person says that an answer to a review was entered in the back office: its clock ends, its words are checked."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.telling import tell_review
from zhanggui.actions.scripts.using import used
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.masking import storable
from zhanggui.core.say import say
from zhanggui.core.speech import Finding, check
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import journal, review_lists
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.reviews import ReviewAnswered, ReviewNotAnswered
from zhanggui.records.review_lists import ReviewRecord
from zhanggui.rulebook.reviews import review_book
from zhanggui.rulebook.speech import speech_book


def review_answered(
    house: House, by: Person, shop_id: ShopId, order_no: str, review_no: str, said: str, now: datetime, *, script_id: str = ""
) -> tuple[Finding, ...]:
    """Keeps the answer, and tells what in it must not be said. Raises Refused where it is empty or longer than the back office takes."""
    by.need(Permission.REVIEWS_WRITE, shop_id)
    text = storable(said).strip()
    longest = review_book().report.longest_reply
    if not text:
        raise Refused(say("Nothing was said."))
    if len(text) > longest:
        raise Refused(say("An answer has at most {longest} characters.", longest=longest))
    findings = tuple(check(text, speech_book(), now))

    def work(tx: Tx) -> None:
        _there(tx, shop_id, order_no, review_no)
        tell_review(tx, house, shop_id, review_no, order_no, {"reply": masked_said(text), "answered_at": now}, now)
        if script_id:
            used(tx, by, shop_id, script_id, order_no=order_no, now=now)
        entry = ReviewAnswered(review_no, len(findings))
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)
    return findings


def answer_taken_back(house: House, by: Person, shop_id: ShopId, order_no: str, review_no: str, now: datetime) -> None:
    """The answer was not entered after all: its clock runs again. Raises Refused where there is none."""
    by.need(Permission.REVIEWS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        review = _there(tx, shop_id, order_no, review_no).review
        if review.answered_at is None and not review.reply:
            raise Refused(say("The review has no answer."))
        tell_review(tx, house, shop_id, review_no, order_no, {"reply": None, "answered_at": None}, now)
        entry = ReviewNotAnswered(review_no)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)

    transact(house.pool, work)


def _there(tx: Tx, shop_id: ShopId, order_no: str, review_no: str) -> ReviewRecord:
    found = review_lists.one(tx, shop_id, (review_no, order_no))
    if found is None:
        raise NotAllowed(Permission.REVIEWS_WRITE.value)
    return found
