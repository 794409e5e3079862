"""The demo's own pages: one click to be 林, 小美 or 老周, steps of the clock, and the bar that offers both above every page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import FileSystemLoader, pass_context
from jinja2.runtime import Context
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from markupsafe import Markup

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.own_account import set_own_language
from zhanggui.core.moments import in_shanghai
from zhanggui.demo.behind import page_of
from zhanggui.demo.connected import sync_at_once
from zhanggui.demo.story_data import Worded, second_shop_name, story
from zhanggui.demo.telling import PASSWORD, next_chapter, present_chapter, step_an_hour, step_to_chapter
from zhanggui.people import accounts
from zhanggui.people.permissions import Person
from zhanggui.words import Catalog, Language
from zhanggui.workbench.door.door import OPEN, local_path
from zhanggui.workbench.door.visit import AtDoor, onward
from zhanggui.workbench.static_files import static_router
from zhanggui.workbench.templating import environment, words_of

_HERE = Path(__file__).parent


class StepForm(msgspec.Struct):
    """Which chapter to go on to; an hour where none is named. `next` is the page to come back to."""

    chapter: str = ""
    next: str = "/today"


class SignInForm(msgspec.Struct):
    """Whom to be."""

    login: str
    next: str = "/today"


@post("/demo/steps", sync_to_thread=True)
def step(house: NamedDependency[House], by: NamedDependency[Person], data: URLEncodedBody[StepForm]) -> Redirect:  # noqa: ARG001 - asking for `by` keeps strangers out
    """Step the clock: to the next chapter, or on by an hour."""
    if data.chapter:
        step_to_chapter(house, data.chapter)
    else:
        step_an_hour(house)
    sync_at_once(house)
    return onward(local_path(data.next))


@post("/demo/sign-ins", opt=OPEN, sync_to_thread=True)
def sign_in(visit: AtDoor, data: URLEncodedBody[SignInForm]) -> Redirect:
    """Be one of the shop's people, without a password: everything here is invented. They speak the language one has been reading."""
    if data.login not in {person.login for person in story().shop.people}:
        raise NotFoundException
    with visit.door.house.pool.connection() as tx:
        account = accounts.by_login(tx, data.login)
        person = None if account is None else accounts.person(tx, account.person_id)
    if person is None:
        raise NotFoundException
    set_own_language(visit.door.house, person, visit.words.language)
    return visit.enter(visit.begin(person), local_path(data.next))


route_handlers: list[ControllerRouterHandler] = [
    step,
    sign_in,
    static_router("/demo/static", _HERE / "static", "demo-static"),
]


def demo_bar(home: Path) -> Callable[[Context], Markup]:
    """What base.html calls to put the bar above a page."""
    template = environment().overlay(loader=FileSystemLoader(_HERE)).get_template("bar.html")

    @pass_context
    def bar(context: Context) -> Markup:
        words = words_of(context)
        return Markup(template.render(**_told(home, words), **_reader(context)))  # noqa: S704 - the template escapes what it is given

    return bar


def _told(home: Path, words: Catalog) -> dict[str, object]:
    chapters, here, coming, now = story().chapters, present_chapter(home), next_chapter(home), clock.now()
    return {
        "words": words,
        "words_role": words.word,
        "now": now,
        "weekday": f"weekday.{in_shanghai(now).isoweekday()}",
        "number": chapters.index(here) + 1,
        "of": len(chapters),
        "title": _in(words, here.title),
        "text": _in(words, here.text),
        "coming": coming,
        "coming_title": "" if coming is None else _in(words, coming.title),
        "behind": page_of(home),
        "second_shop": second_shop_name(),
        "people": story().shop.people,
        "password": PASSWORD,
    }


def _reader(context: Context) -> dict[str, object]:
    """Who reads the page, where, and the token their forms carry."""
    return {"by": context.get("by"), "csrf_input": context.get("csrf_input", ""), "path": _path(context.get("request"))}


def _path(request: Request[Any, Any, Any] | None) -> str:
    """The page to come back to after a step."""
    if request is None or request.method != "GET":
        return "/today"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _in(words: Catalog, text: Worded) -> str:
    return text.zh if words.language is Language.ZH_HANS else text.en
