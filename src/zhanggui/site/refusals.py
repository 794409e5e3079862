"""What a request gets that cannot be answered: a page in the reader's language that gives nothing away, or JSON to programs."""

import logging
import traceback
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException, NotAuthorizedException, ValidationException
from litestar.response import Redirect, Response, Template
from litestar.serialization import decode_json
from litestar.status_codes import HTTP_303_SEE_OTHER
from psycopg import DataError, Error, OperationalError
from psycopg.errors import ProgramLimitExceeded, ReadOnlySqlTransaction
from psycopg_pool import PoolTimeout

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.api.bearing import words_for
from zhanggui.api.problems import problem
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import NotAllowed
from zhanggui.server.trouble import NO_ROOM, DiskFull, disk_full, trouble_behind
from zhanggui.site.hosts import UnknownHost
from zhanggui.site.language import words_of
from zhanggui.site.paces import TooFast
from zhanggui.workbench.door.answering import page_before
from zhanggui.workbench.door.confirming import NotConfirmed
from zhanggui.workbench.door.door import local_path

log = logging.getLogger("zhanggui.site")

AnyRequest = Request[Any, Any, Any]
API = "/api/"
"""Below this address programs ask; they get no pages."""
READ_ONLY = frozenset({"GET", "HEAD"})
ExceptionHandler = Callable[[AnyRequest, Any], Response[Any]]


class Sorry(msgspec.Struct, frozen=True):
    """How one kind of refusal is put into words."""

    title: Say
    sentence: Say


NOT_FOUND = Sorry(say("Not found"), say("There is no such page, or it is not yours to see."))
SORRIES = {
    400: Sorry(say("Not understood"), say("The request cannot be read. Please go back and try again.")),
    403: Sorry(say("Not accepted"), say("The page stood open too long, or the form did not come from it. Please go back, reload the page and send it again.")),
    404: NOT_FOUND,
    405: NOT_FOUND,
    413: Sorry(say("Too large"), say("What was sent is larger than this house takes. Send it in parts, or raise ZHANGGUI_UPLOAD_MB.")),
    429: Sorry(say("Too many tries"), say("Please wait a while before trying again.")),
    503: Sorry(say("Not ready"), say("The database does not answer at the moment. Please try again in a minute.")),
}
OTHER_NAME = Sorry(say("Unknown name"), say("This house does not answer to the name it was asked for by. Whoever runs it can add the name to ZHANGGUI_HOSTS."))
BROKEN = Sorry(say("Something broke"), say("This is our fault, not yours; nothing was changed by halves. The log of Zhanggui says more."))


def not_signed_in(request: AnyRequest, _: NotAuthorizedException) -> Response[Any]:
    """To the sign-in page, and back here afterwards."""
    if request.headers.get("hx-request") == "true":
        return Response(b"", status_code=401, headers={"HX-Redirect": _sign_in_and(page_before(request) or "/")})
    if request.method not in READ_ONLY or not _wants_page(request):
        return _answer(request, 401, Sorry(say("Not signed in"), say("Please sign in first.")))
    query = request.scope["query_string"].decode("ascii", "replace")
    back = local_path(request.scope["path"] + (f"?{query}" if query else ""))
    return Redirect(_sign_in_and(back), status_code=HTTP_303_SEE_OTHER)


def _sign_in_and(back: str) -> str:
    return f"/sign-in?next={quote(back, safe='/')}" if back != "/" else "/sign-in"


def not_confirmed(request: AnyRequest, trouble: NotConfirmed) -> Response[Any]:
    """To the page that asks who sits there, and back to the form afterwards."""
    ask = f"/account/confirmation?next={quote(local_path(trouble.back), safe='/')}"
    if request.headers.get("hx-request") == "true":
        return Response(b"", status_code=403, headers={"HX-Redirect": ask})
    if not _wants_page(request):
        return _answer(request, 403, Sorry(say("Not confirmed"), say("Show again who you are, then do it once more.")))
    return Redirect(ask, status_code=HTTP_303_SEE_OTHER)


def not_allowed(request: AnyRequest, _: NotAllowed) -> Response[Any]:
    """As if it did not exist."""
    return _answer(request, 404, NOT_FOUND)


def refused(request: AnyRequest, refusal: Refused) -> Response[Any]:
    """The reason, where the page had no place of its own for it."""
    return _answer(request, 422, Sorry(say("That cannot be done"), refusal.say))


def failed(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A sentence for the status. What the error says of itself may repeat what was sent, so it is not shown."""
    status = 404 if error.status_code == 405 else error.status_code
    return _answer(request, status, SORRIES.get(status, SORRIES[400] if status < 500 else BROKEN), _fields(error))


def _fields(error: HTTPException) -> list[str]:
    """Which fields of what a program sent cannot be read, and why; words of ours and the library's, none of what was sent."""
    listed = error.extra if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    told = [(str(each.get("key", "")), str(each.get("message", ""))) for each in listed if isinstance(each, dict)]
    return [f"{key}: {message}" if key else message for key, message in told if "Invalid enum value" not in message] or [key for key, _ in told if key]


def asked_by_another_name(request: AnyRequest, _: UnknownHost) -> Response[Any]:
    """What whoever runs the house can do about it, should the name be theirs."""
    return _answer(request, 400, OTHER_NAME)


def unstorable(request: AnyRequest, error: Error) -> Response[Any]:
    """What was sent holds something no database keeps: the character zero, a number of thirty digits, a name longer than an index holds."""
    log.info("refused by the database: %s while answering %s %s", type(error).__name__, request.method, request.scope.get("path_template", ""))
    return _answer(request, 400, SORRIES[400])


def unknown_encoding(request: AnyRequest, error: LookupError) -> Response[Any]:
    """A form in an encoding that nobody knows. Keys and places not found are our own mistakes, though they are lookups too."""
    return _answer(request, 400, SORRIES[400]) if type(error) is LookupError else broken(request, error)


def unreadable(request: AnyRequest, error: Exception) -> Response[Any]:
    """A body of JSON in no encoding, or nested deeper than anybody writes. Raised elsewhere the same is our own mistake."""
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    return _answer(request, 400, SORRIES[400]) if innermost.name == decode_json.__name__ else broken(request, error)


def too_fast(request: AnyRequest, refusal: TooFast) -> Response[Any]:
    """When the next may come."""
    answer = _answer(request, 429, SORRIES[429])
    answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


_OF_WHAT_WAS_SENT = frozenset({"parse_values_from_connection_kwargs", "stream"})
"""Where in Litestar it is raised."""


def misread(request: AnyRequest, error: InternalServerException) -> Response[Any]:
    """A field that cannot be read and bears the name of something handlers are given (`door`, `by`): Litestar takes it for a mistake of ours.

    What handlers are given is made by ourselves and never read from a request, so only what was sent can be meant. It says the same of whoever went away
    in the middle of what they sent.
    """
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    return failed(request, ValidationException()) if innermost.name in _OF_WHAT_WAS_SENT else broken(request, error)


def without_database(request: AnyRequest, error: OperationalError) -> Response[Any]:
    """The database is away: said so, and worth another try; or its disk is full, which somebody has to mend."""
    log.error("no database: %s", type(error).__name__)
    trouble = trouble_behind(error, request.app.state.house.home)
    return _no_room(request, trouble) if isinstance(trouble, DiskFull) else _answer(request, 503, SORRIES[503])


def not_written(request: AnyRequest, error: OSError) -> Response[Any]:
    """A file could not be written: for want of room, or by a mistake of ours."""
    if error.errno not in NO_ROOM:
        return broken(request, error)
    log.error("no room for a file while answering %s %s", request.method, request.scope.get("path_template", ""))
    return _no_room(request, disk_full(request.app.state.house.home))


def _no_room(request: AnyRequest, trouble: DiskFull) -> Response[Any]:
    return _answer(request, 503, Sorry(say("No room left"), trouble.say))


def broken(request: AnyRequest, error: Exception) -> Response[Any]:
    """Our mistake: where it happened goes to the log, without values, since those may be a buyer's."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s while answering %s %s\n%s", type(error).__name__, request.method, request.scope.get("path_template", ""), where)
    return _answer(request, 500, BROKEN)


HANDLERS: dict[type[Exception] | int, ExceptionHandler] = {
    NotAuthorizedException: not_signed_in,
    NotAllowed: not_allowed,
    NotConfirmed: not_confirmed,
    Refused: refused,
    HTTPException: failed,
    InternalServerException: misread,
    TooFast: too_fast,
    UnknownHost: asked_by_another_name,
    DataError: unstorable,
    ProgramLimitExceeded: unstorable,  # an OperationalError by its class, though the database is there
    LookupError: unknown_encoding,
    UnicodeDecodeError: unreadable,
    RecursionError: unreadable,
    OperationalError: without_database,
    PoolTimeout: without_database,
    ReadOnlySqlTransaction: without_database,
    OSError: not_written,
    Exception: broken,
}


def _answer(request: AnyRequest, status: int, sorry: Sorry, errors: Sequence[str] = ()) -> Response[Any]:
    if request.scope["path"].startswith(API):
        told = words_for(request.headers)
        return problem(status, told.render(sorry.title), told.render(sorry.sentence), errors)
    words = words_of(request)
    if not _wants_page(request):
        return Response({"status": status, "title": words.render(sorry.title), "detail": words.render(sorry.sentence)}, status_code=status)
    by, is_unsent = request.scope.get("user"), request.method not in READ_ONLY
    said = {"title": sorry.title, "sentence": sorry.sentence, "is_unsent": is_unsent, "before": page_before(request) if is_unsent else None}
    return Template("door/sorry.html", context={"words": words, "by": by, "now": clock.now(), "here": "door", **said}, status_code=status)


def _wants_page(request: AnyRequest) -> bool:
    return "application/json" not in request.headers.get("accept", "")
