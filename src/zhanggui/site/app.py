"""The application: the routes of the desk and of the door, with who asks, when, in which language and over which house given to every handler."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from jinja2.runtime import Context
from litestar import Litestar, Request
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException
from litestar.middleware import DefineMiddleware
from litestar.types import ControllerRouterHandler

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.api.routes import api_router
from zhanggui.people.permissions import Person
from zhanggui.people.throttle import Throttle
from zhanggui.site.assistants import assistants_router
from zhanggui.site.authentication import SignInAuthentication
from zhanggui.site.headers import add_headers
from zhanggui.site.health import backups_health, health, live_health
from zhanggui.site.hosts import KnownHosts, own_names
from zhanggui.site.lan import lan_addresses
from zhanggui.site.language import words_of
from zhanggui.site.line_ends import PlainLineEnds
from zhanggui.site.metrics import Figures, metrics
from zhanggui.site.paces import KeepingPace
from zhanggui.site.phone_help import phone_help
from zhanggui.site.refusals import HANDLERS
from zhanggui.site.secret import secret_of
from zhanggui.site.settings import Settings
from zhanggui.site.slashes import NumbersWithSlashes
from zhanggui.site.threads import in_threads
from zhanggui.site.uploads import ORDINARY_BODY, ClosedUploads, with_upload_limit
from zhanggui.site.watching import watched
from zhanggui.words import Catalog
from zhanggui.workbench.desk import provide_desk
from zhanggui.workbench.door.door import Door
from zhanggui.workbench.door.routes import route_handlers as door_handlers
from zhanggui.workbench.door.visit import provide_visit
from zhanggui.workbench.live.live import Live
from zhanggui.workbench.routes import route_handlers as desk_handlers
from zhanggui.workbench.templating import template_config


def create_app(
    house: House,
    settings: Settings,
    *,
    secure: bool,
    first_run_code: str | None = None,
    more_handlers: Sequence[ControllerRouterHandler] = (),
    bar: Callable[[Context], str] | None = None,
    live: Live | None = None,
    figures: Figures | None = None,
) -> Litestar:
    """The application over this house. `secure` says that browsers reach it by https, so that cookies may say so too.

    `more_handlers` and `bar` are what a demo adds: pages of its own, and what stands above every page. Applications over
    the same house in the same event loop share what keeps open pages in step, and the `figures` of their process. What it stands over lies in its state alone.
    """
    live = live or Live(house, clock.now, clock.unwound)
    door = open_door(house, settings, secure=secure, first_run_code=first_run_code)
    handlers = with_upload_limit([health, live_health, backups_health, metrics, phone_help, *door_handlers, *desk_handlers, *more_handlers], settings.upload_mb)
    app = Litestar(
        route_handlers=[*in_threads(handlers), api_router(lambda made: with_upload_limit(in_threads(made), settings.upload_mb)), assistants_router()],
        dependencies={
            **{name: _of_state(name) for name in ("house", "door", "settings", "live", "figures")},
            "by": Provide(provide_person, sync_to_thread=False),
            "now": Provide(clock.now, sync_to_thread=False),
            "words": Provide(provide_words, sync_to_thread=False),
            "visit": Provide(provide_visit),
            "desk": Provide(provide_desk),
        },
        middleware=[
            KnownHosts(own_names(settings.hosts)),
            ClosedUploads(),
            NumbersWithSlashes(),
            PlainLineEnds(),
            DefineMiddleware(SignInAuthentication),
            KeepingPace(is_on=settings.paces),
        ],
        csrf_config=CSRFConfig(
            secret=door.secret,
            cookie_name=door.csrf_cookie_name,
            cookie_secure=secure,
            cookie_httponly=True,
            cookie_samesite="lax",
        ),
        exception_handlers=HANDLERS,
        before_send=[add_headers],
        on_shutdown=[close_live],
        template_config=template_config(bar),
        request_max_body_size=ORDINARY_BODY,
        openapi_config=None,
        # The pages are HTML and the log is ours; nothing of a request is written to it by the framework.
        logging_config=None,
    )
    app.state.figures = figures or Figures()
    app.asgi_handler = watched(app.asgi_handler, app.state.figures)
    stand_over(app, house, settings, door, live)
    return app


def stand_over(app: Litestar, house: House, settings: Settings, door: Door, live: Live) -> None:
    """Has the application answer for this house; another door must have the same secret, by which the forms are checked."""
    app.state.house, app.state.settings, app.state.door, app.state.live = house, settings, door, live


async def close_live(app: Litestar) -> None:
    """End every stream that keeps an open page in step."""
    await app.state.live.close()


def open_door(house: House, settings: Settings, *, secure: bool, first_run_code: str | None = None) -> Door:
    """The door of this house."""
    secret = settings.secret or secret_of(house.pool)
    throttle = Throttle(house.pool, clock.unwound)
    code = {} if first_run_code is None else {"first_run_code": first_run_code}
    return Door(house, throttle, secure, secret, from_outside=partial(_from_outside, settings), **code)


def _from_outside(settings: Settings) -> str | None:
    addresses = lan_addresses() if settings.lan else ()
    return f"https://{addresses[0]}:{settings.https_port}" if addresses else None


def provide_person(request: Request[Any, Any, Any]) -> Person:
    """Whoever is signed in. Raises NotAuthorizedException, should an open page ask for a person."""
    person = request.user
    if not isinstance(person, Person):
        raise NotAuthorizedException
    return person


def provide_words(request: Request[Any, Any, Any]) -> Catalog:
    """The words of the reader."""
    return words_of(request)


def _of_state(name: str) -> Provide:
    def of_state(request: Request[Any, Any, Any]) -> Any:
        return request.app.state[name]

    return Provide(of_state, sync_to_thread=False)
