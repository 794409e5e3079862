"""What programs send and are told. Moments are ISO 8601 with a zone; texts of buyers are masked."""

from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.core.chats.shapes import Who

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
OrderNo = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class MessageIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One message as the tool has it."""

    message_id: Annotated[Id, msgspec.Meta(description="The tool's own id. A message comes in once. Unique in its conversation, or in the shop without one.")]
    who: Annotated[Who, msgspec.Meta(description="Who wrote it; a robot answers nobody.")]
    said: Annotated[str, msgspec.Meta(min_length=1, max_length=4000, description="The words; `[图片]` and the like stand for what is no word.")]
    at: Annotated[datetime | None, msgspec.Meta(description="When it was written; without it, now.")] = None
    conversation_id: Annotated[Id | None, msgspec.Meta(description="The tool's own id of the conversation.")] = None
    name: Annotated[str, msgspec.Meta(max_length=200, description="Who wrote it. A buyer's name is kept masked and as a keyed digest.")] = ""
    buyer: Annotated[str, msgspec.Meta(max_length=200, description="The buyer's name, where somebody else wrote.")] = ""
    order_no: Annotated[OrderNo | None, msgspec.Meta(description="The order it is about, where the tool knows it.")] = None


class MessagesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages in the order in which they were written."""

    messages: Annotated[tuple[MessageIn, ...], msgspec.Meta(min_length=1, max_length=100)]


Stars = Annotated[int, msgspec.Meta(ge=1, le=5)]
Said = Annotated[str, msgspec.Meta(max_length=5000)]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class ReviewIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One review as the tool sees it in the back office. What is left out is not told; telling it again changes what is told."""

    order_no: OrderNo
    review_id: Annotated[Id | None, msgspec.Meta(description="The platform's number of the review; without it the order's only review is meant.")] = None
    stars: Annotated[Stars | None, msgspec.Meta(description="For the goods as described.")] = None
    service_stars: Stars | None = None
    shipping_stars: Stars | None = None
    said: Annotated[Said | None, msgspec.Meta(description="The buyer's words; kept masked.")] = None
    at: datetime | None = None
    follow_up: Annotated[Said | None, msgspec.Meta(description="What the buyer added later; kept masked.")] = None
    follow_up_at: datetime | None = None
    reply: Annotated[Said | None, msgspec.Meta(description="The shop's public answer.")] = None
    answered_at: datetime | None = None
    pictures: Annotated[tuple[str, ...], msgspec.Meta(max_length=20, description="Addresses of pictures, https only; others are left out.")] = ()
    has_video: bool | None = None
    is_default: Annotated[bool | None, msgspec.Meta(description="Given by the platform because the buyer gave none.")] = None
    is_anonymous: bool | None = None
    buyer: Annotated[Short | None, msgspec.Meta(description="The buyer's name: kept masked, and as a keyed digest where it is whole.")] = None
    goods_id: Id | None = None
    spec: Short | None = None
    report_state: Annotated[Short | None, msgspec.Meta(description="What the back office says of a report of this review.")] = None


class ReviewsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reviews in any order."""

    reviews: Annotated[tuple[ReviewIn, ...], msgspec.Meta(min_length=1, max_length=100)]


class ReviewOut(msgspec.Struct, frozen=True):
    """What became of one review."""

    review_id: str
    order_no: str
    is_new: bool


class ReviewsTaken(msgspec.Struct, frozen=True):
    """What became of the reviews, in the order given."""

    reviews: tuple[ReviewOut, ...]


class FindingOut(msgspec.Struct, frozen=True):
    """Words that should not be said to a buyer, by which rule, and what can be said instead."""

    rule: str
    span: tuple[int, int]
    safe: str


class StepOut(msgspec.Struct, frozen=True):
    """One step of the way to a draft."""

    question: str
    found: str
    is_known: bool


class PromiseOut(msgspec.Struct, frozen=True):
    """What a draft promises, and until when."""

    kind: str
    until: datetime


class DraftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A draft of an answer, to be looked at by a person before it is sent."""

    intent: str
    leaf: str
    title: str
    is_sure: bool
    text: str
    gloss: str
    promise: PromiseOut | None
    path: tuple[StepOut, ...]
    confirm: tuple[str, ...]
    findings: tuple[FindingOut, ...]


class MessageTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one message."""

    message_id: str
    thread_no: int
    is_new: bool
    order_no: str | None
    findings: tuple[FindingOut, ...]


class ThreadDrafts(msgspec.Struct, frozen=True):
    """The drafts for one thread, best first, three at most."""

    thread_no: int
    drafts: tuple[DraftOut, ...]


class MessagesTaken(msgspec.Struct, frozen=True):
    """What became of the messages; `drafts` only where they were asked for, for every thread in which a buyer waits."""

    messages: tuple[MessageTaken, ...]
    drafts: tuple[ThreadDrafts, ...] = ()


class ThreadOut(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer's talk."""

    thread_no: int
    conversation_id: str | None
    buyer: str
    order_no: str | None
    waiting_since: datetime | None
    waiting_text: str
    wants: tuple[str, ...]
    last_at: datetime
    last_who: str


class ThreadsOut(msgspec.Struct, frozen=True):
    """Threads, and the cursor to go on with where there are more."""

    threads: tuple[ThreadOut, ...]
    next_cursor: str | None


class MessageOut(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a thread, masked."""

    key: str
    who: str
    name: str
    at: datetime | None
    said: str
    marks: tuple[str, ...]
    sending: str


class WholeThread(msgspec.Struct, frozen=True):
    """A thread with its last messages, the newest last."""

    thread: ThreadOut
    messages: tuple[MessageOut, ...]


class AnsweredIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was said to the buyer."""

    said: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]


class AnsweredOut(msgspec.Struct, frozen=True):
    """How the answer was kept."""

    thread_no: int
    key: str
    is_new: bool
    findings: tuple[FindingOut, ...]


class AnswerOut(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a rep gave out, to be sent to the buyer; `key` names it."""

    key: str
    thread_no: int
    conversation_id: str
    said: str
    rep: str
    given_at: datetime


class AnswersOut(msgspec.Struct, frozen=True):
    """The answers that wait for the tool, the oldest first."""

    answers: tuple[AnswerOut, ...]


class SentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the tool knows the message it sent, and when it went out."""

    message_id: Id | None = None
    at: datetime | None = None


class Done(msgspec.Struct, frozen=True):
    """It is noted."""

    key: str
    state: str
