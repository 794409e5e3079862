"""The deeds of programs, each one action of the house."""

from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response

from zhanggui import clock
from zhanggui.actions.bridge_tokens import Bearer, note_look
from zhanggui.actions.conversations.bridging import Incoming, Taken, answered, take_messages
from zhanggui.actions.conversations.handing import answer_failed, answer_fetched, answer_sent, answers_out
from zhanggui.actions.conversations.threading import messages_of, thread_of, threads_listed
from zhanggui.actions.house import House
from zhanggui.api.bearing import NEEDS, NOT_FOR_IT, words_for
from zhanggui.api.drafting import drafts_of, findings_out
from zhanggui.api.problems import problem
from zhanggui.api.shapes import (
    AnsweredIn,
    AnsweredOut,
    AnswerOut,
    AnswersOut,
    Done,
    MessageIn,
    MessageOut,
    MessagesIn,
    MessagesTaken,
    MessageTaken,
    SentIn,
    ThreadDrafts,
    ThreadOut,
    ThreadsOut,
    WholeThread,
)
from zhanggui.api.told_once import told_once
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.chats.shapes import Who
from zhanggui.records.conversations import MessageRow
from zhanggui.records.threads import ThreadRecord

AnyRequest = Request[Any, Any, Any]
AtHouse = NamedDependency[House]
AtMoment = NamedDependency[datetime]
_MESSAGES = 50
_HIGHEST = 2**63 - 1


@post("/messages", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.MESSAGES_WRITE})
def put_messages(request: AnyRequest, house: AtHouse, now: AtMoment, data: JSONBody[MessagesIn], drafts: FromQuery[bool] = False) -> Response[MessagesTaken]:
    """Brings messages: all or none of them, each once; with `drafts`, answers to the threads in which a buyer waits are drafted at once.

    Under an Idempotency-Key the whole request is done once.
    """
    bearer: Bearer = request.auth
    if drafts and not bearer.may(Scope.DRAFTS_READ):
        words, (title, detail) = words_for(request.headers), NOT_FOR_IT
        return problem(403, words.render(title), words.render(detail))

    def work() -> MessagesTaken:
        taken = take_messages(house, bearer.person, bearer.shop_id, [_incoming(message) for message in data.messages], now, tells=False)
        told = tuple(_taken(message, each) for message, each in zip(data.messages, taken, strict=True))
        spoken = dict.fromkeys(each.thread_no for message, each in zip(data.messages, taken, strict=True) if message.who is Who.BUYER) if drafts else ()
        return MessagesTaken(told, tuple(_drafted(request, house, bearer, thread_no, now) for thread_no in spoken))

    return told_once(request, house, [drafts, data], work)


@get("/threads", sync_to_thread=True, opt={NEEDS: Scope.THREADS_READ})
def list_threads(request: AnyRequest, house: AtHouse, waiting: FromQuery[bool] = True, cursor: FromQuery[str] = "", limit: FromQuery[int] = 50) -> ThreadsOut:
    """The threads in which a buyer waits, the longest first; without `waiting` all of them, the latest first."""
    bearer: Bearer = request.auth
    found, next_cursor = threads_listed(house, bearer.person, bearer.shop_id, is_waiting=waiting, cursor=cursor or None, limit=limit)
    return ThreadsOut(tuple(_thread(thread) for thread in found), next_cursor)


@get("/threads/{thread_no:int}", sync_to_thread=True, opt={NEEDS: Scope.THREADS_READ})
def one_thread(request: AnyRequest, house: AtHouse, thread_no: FromPath[int]) -> WholeThread:
    """A thread with its last fifty messages, the newest last."""
    bearer: Bearer = request.auth
    thread = thread_of(house, bearer.person, bearer.shop_id, _number(thread_no))
    rows = messages_of(house, bearer.person, bearer.shop_id, thread.thread_no, _MESSAGES)
    return WholeThread(_thread(thread), tuple(_message(row) for row in rows))


@get("/threads/{thread_no:int}/drafts", sync_to_thread=True, opt={NEEDS: Scope.DRAFTS_READ})
def thread_drafts(request: AnyRequest, house: AtHouse, now: AtMoment, thread_no: FromPath[int]) -> ThreadDrafts:
    """Drafts of an answer to what the buyer wants by the last turn, best first, three at most. A person looks at them before anything is sent."""
    bearer: Bearer = request.auth
    thread = thread_of(house, bearer.person, bearer.shop_id, _number(thread_no))
    return _drafted(request, house, bearer, thread.thread_no, now)


@post("/threads/{thread_no:int}/answered", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ANSWERS_WRITE})
def put_answered(request: AnyRequest, house: AtHouse, now: AtMoment, thread_no: FromPath[int], data: JSONBody[AnsweredIn]) -> Response[AnsweredOut]:
    """Says that a person answered the buyer with these words. Under an Idempotency-Key it is said once."""
    bearer: Bearer = request.auth

    def work() -> AnsweredOut:
        taken = answered(house, bearer.person, bearer.shop_id, _number(thread_no), data.said, now)
        return AnsweredOut(taken.thread_no, taken.message_key, taken.is_new, findings_out(taken.findings))

    return told_once(request, house, data, work)


@get("/answers", sync_to_thread=True, opt={NEEDS: Scope.ANSWERS_SEND})
def list_answers(request: AnyRequest, house: AtHouse, limit: FromQuery[int] = 100, fetched: FromQuery[bool] = False) -> AnswersOut:
    """The answers that reps gave out for the tool to send, the oldest first. Fetch each by its key before it is sent.

    With `fetched`, those that were fetched and of which nothing was said since: a tool that was cut off looks here what became of them.
    """
    bearer: Bearer = request.auth
    note_look(house, bearer, clock.unwound())
    found = answers_out(house, bearer.person, bearer.shop_id, max(1, limit), is_fetched=fetched)
    return AnswersOut(
        tuple(
            AnswerOut(key=each.key, thread_no=each.thread_no, conversation_id=each.external_id, said=each.said, rep=each.rep, given_at=each.given_at)
            for each in found
        )
    )


@post("/answers/{key:str}/fetched", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ANSWERS_SEND})
def put_fetched(request: AnyRequest, house: AtHouse, key: FromPath[str]) -> Response[Done]:
    """Takes an answer out to send it: nobody else gets it from now on. Refused where it does not wait any more: then do not send it."""
    bearer: Bearer = request.auth

    def work() -> Done:
        answer_fetched(house, bearer.person, bearer.shop_id, key)
        return Done(key, "fetched")

    return told_once(request, house, None, work)


@post("/answers/{key:str}/sent", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ANSWERS_SEND})
def put_sent(request: AnyRequest, house: AtHouse, now: AtMoment, key: FromPath[str], data: JSONBody[SentIn]) -> Response[Done]:
    """Says that an answer was sent: only now the buyer is answered. Saying so twice changes nothing."""
    bearer: Bearer = request.auth

    def work() -> Done:
        answer_sent(house, bearer.person, bearer.shop_id, key, now, message_id=data.message_id, at=data.at)
        return Done(key, "sent")

    return told_once(request, house, data, work)


@post("/answers/{key:str}/failed", sync_to_thread=True, status_code=200, opt={NEEDS: Scope.ANSWERS_SEND})
def put_failed(request: AnyRequest, house: AtHouse, key: FromPath[str]) -> Response[Done]:
    """Says that an answer could not be sent: the buyer goes on waiting, and the rep is shown so."""
    bearer: Bearer = request.auth

    def work() -> Done:
        answer_failed(house, bearer.person, bearer.shop_id, key, clock.now())
        return Done(key, "failed")

    return told_once(request, house, None, work)


def _incoming(message: MessageIn) -> Incoming:
    return Incoming(
        message_id=message.message_id,
        who=message.who,
        said=message.said,
        at=message.at,
        external_id=message.conversation_id,
        name=message.name,
        buyer=message.buyer,
        order_no=message.order_no,
    )


def _taken(message: MessageIn, taken: Taken) -> MessageTaken:
    return MessageTaken(
        message_id=message.message_id,
        thread_no=taken.thread_no,
        is_new=taken.is_new,
        order_no=taken.order_no,
        findings=findings_out(taken.findings),
    )


def _drafted(request: AnyRequest, house: House, bearer: Bearer, thread_no: int, now: datetime) -> ThreadDrafts:
    return ThreadDrafts(thread_no, drafts_of(house, bearer.person, bearer.shop_id, thread_no, now, words_for(request.headers)))


def _thread(thread: ThreadRecord) -> ThreadOut:
    return ThreadOut(
        thread_no=thread.thread_no,
        conversation_id=thread.external_id,
        buyer=thread.shown,
        order_no=thread.order_no,
        waiting_since=thread.waiting_since,
        waiting_text=thread.waiting_text,
        wants=tuple(wanted.intent.value for wanted in thread.wanted),
        last_at=thread.last_at,
        last_who=thread.last_who,
    )


def _message(row: MessageRow) -> MessageOut:
    return MessageOut(key=row.key, who=row.who, name=row.name, at=row.at, said=row.said, marks=tuple(row.marks), sending=row.sending)


def _number(number: int) -> int:
    """The number, where a row can bear it. Raises NotFoundException."""
    if not 0 < number <= _HIGHEST:
        raise NotFoundException
    return number


route_handlers = (put_messages, list_threads, one_thread, thread_drafts, put_answered, list_answers, put_fetched, put_sent, put_failed)
