"""The language: kept with the account of whoever is signed in, in a cookie for a stranger."""

import msgspec
from litestar import post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.own_account import set_own_language
from zhanggui.people.accounts import known_language
from zhanggui.workbench.door.answering import page_at
from zhanggui.workbench.door.door import OPEN
from zhanggui.workbench.door.visit import AtDoor, onward

COOKIE = "language"
A_YEAR = 365 * 24 * 3600


class LanguageForm(msgspec.Struct):
    """What the two language buttons send."""

    language: str
    back: str = "/"


@post("/language", opt=OPEN, sync_to_thread=True)
def choose_language(visit: AtDoor, data: URLEncodedBody[LanguageForm]) -> Redirect:
    """Show the house in this language from now on."""
    language = known_language(data.language)
    if visit.by is not None:
        set_own_language(visit.door.house, visit.by, language)
    answer = onward(page_at(visit.request.app, data.back))
    answer.set_cookie(Cookie(key=COOKIE, value=language, path="/", max_age=A_YEAR, httponly=True, secure=visit.door.secure, samesite="lax"))
    return answer
