"""Reviews come in by the bridge and by pasted text: masked, each once, by the same road as files."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from zhanggui.actions.buyer_digests import buyer_key
from zhanggui.actions.house import House
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.telling import BRIDGE, given_of, number_of, tell_reviews
from zhanggui.connectors.files.cells import LONGEST_NAME, MOST_LINKS, NotUnderstood, id_parser, link
from zhanggui.core.chats.masking import masked_said
from zhanggui.core.chats.single import shown_name, whole_name
from zhanggui.core.facts import Facts, Place, ReviewFacts, Sighting
from zhanggui.core.masking import masked_numbers, storable
from zhanggui.core.reviews.pasting import LONGEST_PASTE, PastedReview, PastedReviews, read_pasted
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import around, batches, journal, locks
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.reviews import ReviewsPasted

PASTED = "pasted_reviews"
MOST_AT_ONCE = 100
LONGEST_SAID = 5_000
_BYTES = 16
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_number = id_parser(None)


class ReviewTold(msgspec.Struct, frozen=True, kw_only=True):
    """One review as a program tells it. What is None is not told; without a number the order's only review is meant."""

    order_no: str
    review_no: str | None = None
    score: int | None = None
    service_score: int | None = None
    shipping_score: int | None = None
    text: str | None = None
    created_at: datetime | None = None
    follow_up: str | None = None
    follow_up_at: datetime | None = None
    reply: str | None = None
    answered_at: datetime | None = None
    pictures: int | None = None
    picture_addresses: tuple[str, ...] | None = None
    has_video: bool | None = None
    is_default: bool | None = None
    is_anonymous: bool | None = None
    buyer: str | None = None
    """The buyer's name: kept masked, and as a keyed digest where it is whole."""
    goods_id: str | None = None
    spec: str | None = None
    report_text: str | None = None


class ReviewTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A review that was taken in; `is_new` where the shop did not know it."""

    review_no: str
    order_no: str
    is_new: bool


class PasteTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a paste, and the import that takes it back."""

    batch_id: int
    taken: tuple[ReviewTaken, ...]
    read: PastedReviews


def take_reviews(house: House, by: Person, shop_id: ShopId, told: Sequence[ReviewTold], now: datetime) -> tuple[ReviewTaken, ...]:
    """Stores what a program tells, all or none of it; the same once more changes nothing. Raises Refused where one cannot be taken."""
    by.need(Permission.REVIEWS_WRITE, shop_id)
    if len(told) > MOST_AT_ONCE:
        raise Refused(say("At most {most} reviews at once.", most=MOST_AT_ONCE))
    for review in told:
        _look_over(review)

    def work(tx: Tx) -> tuple[ReviewTaken, ...]:
        key = buyer_key(tx, shop_id, now)
        facts = [_facts(tx, shop_id, key, review, now) for review in told]
        taken = _taken(tx, shop_id, facts)
        sightings: list[Sighting[Facts]] = [Sighting(each, given_of(each), Place(BRIDGE), now) for each in facts]
        if sightings:
            tell_reviews(tx, house, shop_id, sightings, BRIDGE, now)
        return taken

    return transact(house.pool, work)


def paste_seen(by: Person, shop_id: ShopId, text: str, now: datetime) -> PastedReviews:
    """What would be read of a paste; nothing is stored."""
    by.need(Permission.REVIEWS_WRITE, shop_id)
    _look_at_length(text)
    return read_pasted(text, now)


def take_paste_of_reviews(house: House, by: Person, shop_id: ShopId, text: str, now: datetime) -> PasteTaken:
    """Stores the reviews of a paste as an import of its own, so that it can be undone like any other. Raises Refused where none is read.

    The same paste once more is the same import.
    """
    read = paste_seen(by, shop_id, text, now)
    if not read.reviews:
        raise Refused(say("No review was read: each needs its order number, and stars or words."))

    def work(tx: Tx) -> PasteTaken:
        facts = [_of_paste(tx, shop_id, each) for each in read.reviews]
        locks.hold_shop(tx, shop_id)
        taken, digest = _taken(tx, shop_id, facts), hashlib.sha256(f"{PASTED}\n{text.strip()}".encode()).digest()
        before = batches.of_file(tx, shop_id, digest)
        if before is not None:
            return PasteTaken(batch_id=before, taken=taken, read=read)
        sightings = [Sighting(each, given_of(each), Place(PASTED, row=review.line), now) for each, review in zip(facts, read.reviews, strict=True)]
        batch_id = store_by_hand(house, tx, by, shop_id, sightings, now, now, profile=PASTED)
        batches.remember_files(tx, shop_id, batch_id, [digest])
        journal.write(tx, shop_id, ReviewsPasted(len(facts), batch_id), at=now, by=by.person_id)
        return PasteTaken(batch_id=batch_id, taken=taken, read=read)

    return transact(house.pool, work)


def _look_at_length(text: str) -> None:
    if len(text) > LONGEST_PASTE:
        raise Refused(say("The text is longer than {longest} characters. Paste it in parts.", longest=LONGEST_PASTE))


def _look_over(review: ReviewTold) -> None:
    """Raises Refused for a review that cannot be taken."""
    for number in (review.order_no, review.review_no, review.goods_id):
        if number is not None and not _is_number(number):
            raise Refused(say("{number} is no number of an order, a review or a product.", number=storable(number)[:40]))
    if any(stars is not None and not 1 <= stars <= 5 for stars in (review.score, review.service_score, review.shipping_score)):
        raise Refused(say("Stars go from 1 to 5."))
    if max((len(text) for text in (review.text, review.follow_up, review.reply) if text), default=0) > LONGEST_SAID:
        raise Refused(say("A review has at most {longest} characters.", longest=LONGEST_SAID))
    if max((len(text) for text in (review.buyer, review.spec, review.report_text) if text), default=0) > LONGEST_NAME:
        raise Refused(say("A name has at most {longest} characters.", longest=LONGEST_NAME))
    for at in (review.created_at, review.answered_at, review.follow_up_at):
        if at is not None and (at.tzinfo is None or not _EARLIEST <= at < _LATEST):  # beyond, a moment may have no place in another zone
            raise Refused(say("A moment must tell its time zone, and lie after the year {year}.", year=str(_EARLIEST.year)))
    if review.score is None and not (review.text or review.follow_up or review.reply):
        raise Refused(say("A review has stars or words."))


def _is_number(number: str) -> bool:
    try:
        return bool(_number(number) == number)
    except NotUnderstood:
        return False


def _facts(tx: Tx, shop_id: ShopId, key: bytes, review: ReviewTold, now: datetime) -> ReviewFacts:
    told: dict[str, Any] = msgspec.structs.asdict(review) | {"review_no": review.review_no or number_of(tx, shop_id, review.order_no)}
    for name in ("text", "follow_up", "reply"):
        told[name] = masked_said(storable(told[name])) if told[name] else None
    for name in ("spec", "report_text"):
        told[name] = masked_numbers(storable(told[name])) if told[name] else None
    for name in ("created_at", "answered_at", "follow_up_at"):
        told[name] = None if told[name] is None else min(told[name].astimezone(UTC), now)
    addresses = tuple(dict.fromkeys(one for address in review.picture_addresses or () if (one := _link(address)) is not None))[:MOST_LINKS]
    whole = whole_name(review.buyer) if review.buyer else None
    told["picture_addresses"] = addresses or None
    told["buyer_masked"] = shown_name(review.buyer) if review.buyer else None
    told["buyer"] = None if whole is None or review.is_anonymous else hmac.new(key, whole.encode(), hashlib.sha256).digest()[:_BYTES].hex()
    return ReviewFacts(**told)


def _link(address: str) -> str | None:
    try:
        return link(address)
    except NotUnderstood:
        return None


def _of_paste(tx: Tx, shop_id: ShopId, review: PastedReview) -> ReviewFacts:
    told = msgspec.structs.asdict(review) | {"review_no": review.review_no or number_of(tx, shop_id, review.order_no)}
    del told["line"]
    return ReviewFacts(**told)


def _taken(tx: Tx, shop_id: ShopId, facts: Sequence[ReviewFacts]) -> tuple[ReviewTaken, ...]:
    stored = around.reviews(tx, shop_id, sorted({each.order_no for each in facts}))
    known = {(one.facts.review_no, no) for no, listed in stored.items() for one in listed}
    return tuple(ReviewTaken(review_no=each.review_no, order_no=each.order_no, is_new=(each.review_no, each.order_no) not in known) for each in facts)
