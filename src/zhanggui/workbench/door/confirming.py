"""What is weighty is done by somebody who has shown a short while ago who they are: a desk that was left open changes no roles.

Put `guards=[recently_confirmed]` on a handler that changes who may do what, or what the house does by itself; where only some of what a form
sends is weighty, call `need_recent` in the handler. Switching something off never needs it.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from zhanggui import clock
from zhanggui.people.sign_ins import Known, is_confirmed
from zhanggui.workbench.door.answering import page_before

SIGN_IN = "sign_in"
"""Under what the sign-in of a request lies in its state."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class NotConfirmed(Exception):
    """It is long ago that whoever sits there has shown who they are; `back` is the page they came from."""

    def __init__(self, back: str) -> None:
        super().__init__("not confirmed")
        self.back = back


def recently_confirmed(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """A guard: answers only those who have shown a short while ago who they are. Raises NotConfirmed."""
    need_recent(connection)


def need_recent(connection: AnyConnection) -> None:
    """The same for part of what a handler does. Raises NotConfirmed."""
    known = sign_in_of(connection)
    if known is None or not is_confirmed(known.confirmed_at, clock.unwound()):
        raise NotConfirmed(page_before(connection) or "/account")


def sign_in_of(connection: AnyConnection) -> Known | None:
    """The sign-in the request came with."""
    known = connection.scope.get("state", {}).get(SIGN_IN)
    return known if isinstance(known, Known) else None
