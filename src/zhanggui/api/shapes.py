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
