"""One review for the eye: what it says with the words that decided, drafts of an answer, on which grounds it may be reported, until when more may come."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.reviews.listing import ReviewRow, review_seen
from zhanggui.actions.reviews.reading import read_reviews
from zhanggui.actions.reviews.reporting import grounds_seen
from zhanggui.actions.scripts.library import scripts_of
from zhanggui.core.aspects.kinds import Aspect, Polarity
from zhanggui.core.aspects.reading import aspects_of
from zhanggui.core.facts import AftersaleState
from zhanggui.core.reviews.grounds import GroundTerms, Match, ReportGround, grounds_of, in_force
from zhanggui.core.reviews.periods import ReviewTime, review_time
from zhanggui.core.reviews.replies import ReviewToAnswer, fitting_scripts
from zhanggui.core.speech import Finding, check
from zhanggui.core.verdicts import Draft
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records.db import Tx
from zhanggui.rulebook.reviews import ReportTerms, review_book
from zhanggui.rulebook.speech import speech_book

_PAID_BACK = frozenset({AftersaleState.REFUNDED})
_OVER = frozenset({AftersaleState.REFUNDED, AftersaleState.CLOSED, AftersaleState.DONE, AftersaleState.REJECTED})


class ReplyDraft(msgspec.Struct, frozen=True):
    """An answer that may be copied, with what in it must not be said: the shop may have changed the words."""

    draft: Draft
    findings: tuple[Finding, ...]


class Piece(msgspec.Struct, frozen=True):
    """A piece of a text, and what it decided: a ground, an aspect, or nothing."""

    text: str
    tells: str = ""
    is_ground: bool = False


class WholeReview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one review."""

    row: ReviewRow
    pieces: tuple[Piece, ...]
    follow_up: tuple[Piece, ...]
    aspects: tuple[Aspect, ...]
    drafts: tuple[ReplyDraft, ...]
    grounds: tuple[Match, ...]
    every_ground: tuple[GroundTerms, ...]
    time: ReviewTime | None
    """Until when the buyer may add to it; None where nobody knows when the goods were received."""
    reply_findings: tuple[Finding, ...]
    """What the stored answer should not have said."""
    terms: ReportTerms


def whole_review(house: House, by: Person, shop_id: ShopId, order_no: str, review_no: str, now: datetime) -> WholeReview:
    """The review with drafts and grounds. Raises NotAllowed where there is none."""
    by.need(Permission.ORDERS_READ, shop_id)
    read_reviews(house, shop_id, now)
    with house.pool.connection() as tx:
        row = review_seen(tx, by, shop_id, order_no, review_no)
        grounds = grounds_seen(tx, shop_id, row.review, now)
        aspects = _aspects(row)
        return WholeReview(
            row=row,
            pieces=pieces_of(row.review.text or "", grounds, now),
            follow_up=pieces_of(row.follow_up or "", grounds, now),
            aspects=aspects,
            drafts=drafts_of(tx, shop_id, row, aspects, grounds, now),
            grounds=grounds,
            every_ground=in_force(review_book().ground, now),
            time=_time(row, now),
            reply_findings=tuple(check(row.reply, speech_book(), now)) if row.reply else (),
            terms=review_book().report,
        )


def drafts_of(tx: Tx, shop_id: ShopId, row: ReviewRow, aspects: Sequence[Aspect], grounds: Sequence[Match], now: datetime) -> tuple[ReplyDraft, ...]:
    """The answers that fit, best first."""
    complaints = [each for each in aspects if each.polarity is not Polarity.GOOD]
    asked = ReviewToAnswer(
        stars=row.stars,
        complaints=tuple(each.name.value for each in sorted(complaints, key=lambda each: -each.certainty)),
        has_text=bool(row.text),
        has_follow_up=row.follow_up is not None,
        case_is_open=any(case.state not in _OVER for case in row.cases),
        is_refunded=any(case.state in _PAID_BACK for case in row.cases),
        is_pressing=any(match.ground is ReportGround.EXTORTION and match.is_sure for match in grounds),
    )
    library, book = scripts_of(tx, shop_id, now), speech_book()
    drafts = (library.draft(script) for script in fitting_scripts(asked))
    return tuple(ReplyDraft(draft, tuple(check(draft.zh, book, now))) for draft in drafts if draft is not None)


def pieces_of(text: str, grounds: Iterable[Match], now: datetime) -> tuple[Piece, ...]:
    """The text in pieces, those that decided marked; words of a ground go before words of an aspect."""
    told = [(span, terms.ground.value, True) for terms, span in _ground_spans(text, grounds, now)]
    told += [((word.start, word.end), aspect.mark, False) for aspect in aspects_of(text) for word in aspect.words]
    pieces: list[Piece] = []
    at = 0
    for (start, end), tells, is_ground in sorted(told, key=lambda each: (each[0][0], not each[2])):
        if start >= at and end > start:
            pieces += [Piece(text[at:start])] if start > at else []
            pieces.append(Piece(text[start:end], tells, is_ground))
            at = end
    return (*pieces, Piece(text[at:])) if at < len(text) else tuple(pieces)


def _ground_spans(text: str, grounds: Iterable[Match], now: datetime) -> list[tuple[GroundTerms, tuple[int, int]]]:
    wanted = {match.ground for match in grounds}
    found = grounds_of([text], review_book().ground, now)
    return [(match.terms, each.span) for match in found if match.ground in wanted for each in match.deciding]


def _aspects(row: ReviewRow) -> tuple[Aspect, ...]:
    return aspects_of("\n".join(part for part in (row.review.title, row.review.text, row.follow_up) if part))


def _time(row: ReviewRow, now: datetime) -> ReviewTime | None:
    received = row.order.received_at if row.order is not None else None
    received = received or (row.parcel.delivered_at if row.parcel is not None else None)
    return None if received is None else review_time(received, review_book().period, now)
