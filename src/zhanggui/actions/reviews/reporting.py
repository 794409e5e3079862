"""A review is reported on one of the eight grounds, once: it goes onto the register of complaints, which holds its clock, its text and its outcome."""

from collections.abc import Sequence
from datetime import datetime

from zhanggui.actions.complaints.opening import Complaint, open_complaint
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.complaints.states import ComplaintKind
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import MessageFacts, ReviewFacts, Speaker
from zhanggui.core.money import Fen
from zhanggui.core.reviews.grounds import Deciding, Match, ReportGround, grounds_of
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, journal, review_lists, review_reports
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.reviews import ReviewReported
from zhanggui.rulebook.reviews import review_book

ONCE = say("This review was reported before, and a review is reported once only.")


def report_review(house: House, by: Person, shop_id: ShopId, order_no: str, review_no: str, ground: ReportGround, now: datetime) -> int:
    """The number of the complaint on the register. Raises Refused where the review was reported before, or its order is not known."""
    by.need(Permission.COMPLAINTS_WRITE, shop_id)

    def work(tx: Tx) -> int:
        found = review_lists.one(tx, shop_id, (review_no, order_no))
        if found is None:
            raise NotAllowed(Permission.COMPLAINTS_WRITE.value)
        if found.review.report_text or review_reports.of_reviews(tx, shop_id, [found.key]):
            raise Refused(ONCE)
        match = next((one for one in grounds_seen(tx, shop_id, found.review, now) if one.ground is ground), None)
        deciding = () if match is None else match.deciding
        told = Complaint(kind=ComplaintKind.REVIEW_REPORT, order_no=order_no, because=because(ground, deciding), at_stake=Fen(0), noticed_at=now, ref=review_no)
        complaint_no = open_complaint(tx, house, by, shop_id, told, now)
        words = [each.words for each in deciding if not each.in_chat]
        if not review_reports.put(tx, shop_id, found.key, complaint_no, ground.value, words, by=by.person_id, now=now):
            raise Refused(ONCE)
        entry = ReviewReported(review_no, ground.value, complaint_no)
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
        return complaint_no

    return transact(house.pool, work)


def grounds_seen(tx: Tx, shop_id: ShopId, review: ReviewFacts, now: datetime) -> tuple[Match, ...]:
    """The grounds that the review, and what its buyer wrote to the shop, bear."""
    said = around.messages(tx, shop_id, [review.order_no]).get(review.order_no, ())
    return grounds_of((review.title, review.text, review.follow_up), review_book().ground, now, _of_buyer([each.facts for each in said]))


def because(ground: ReportGround, deciding: Sequence[Deciding]) -> Say:
    """Why, in a sentence for the platform. What the buyer wrote to the shop is pointed at and not copied."""
    words = "、".join(dict.fromkeys(each.words for each in deciding if not each.in_chat))
    if words:
        return say("Reported for {ground}: the review says “{words}”.", ground=ground.value, words=words)
    if deciding:
        return say("Reported for {ground}, as the chat with the buyer shows.", ground=ground.value)
    return say("Reported for {ground}.", ground=ground.value)


def _of_buyer(messages: Sequence[MessageFacts]) -> list[str]:
    return [message.text for message in messages if message.speaker is Speaker.BUYER]
