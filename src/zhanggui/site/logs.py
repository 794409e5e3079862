"""How the log is written: plain lines, or one JSON document a line; and which request a line belongs to.

What an error says of itself may repeat what a buyer wrote, so the log tells its kind and where it happened, never its words.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

REQUESTS = "zhanggui.requests"
"""The logger of answered requests: a line each, in JSON only."""
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is answered at the moment; empty outside of one."""

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WordlessFormatter(logging.Formatter):
    """Plain lines; an error by its kind and its places alone."""

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name is the base class's
        """The kind of what was raised, and where."""
        return _told(ei)

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the request it belongs to."""
        line = super().format(record)
        return f"{line} (request {asked})" if (asked := request_id.get()) else line


class JsonFormatter(logging.Formatter):
    """One JSON document a line: time, level, logger, message, the request, and the fields that were given apart."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if asked := request_id.get():
            told["request"] = asked
        told |= getattr(record, "fields", {})
        if record.exc_info:
            told["error"] = _told(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def write_log(form: str) -> None:
    """Have everything logged written to stderr in this form: plain from warnings on, JSON with a line for each request too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else WordlessFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(REQUESTS).setLevel(logging.INFO if form == "json" else logging.WARNING)


def _told(raised: _Raised) -> str:
    """The kinds of an error and of what it came from, with their places and without their words."""
    error, told = raised[1], []
    while error is not None:
        told.append(f"{type(error).__name__} at\n" + "".join(traceback.format_tb(error.__traceback__)).rstrip())
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nfrom ".join(told)
