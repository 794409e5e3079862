"""In which language a request is answered: the person's, else the stranger's cookie, else what the browser prefers."""

from typing import Any

from litestar import Request

from zhanggui.people.accounts import LANGUAGES
from zhanggui.words import Catalog, load
from zhanggui.workbench.door.language import COOKIE


def words_of(request: Request[Any, Any, Any]) -> Catalog:
    """The catalog for this request."""
    person = request.scope.get("user")
    return load(person.language if person is not None else _strangers(request))


def _strangers(request: Request[Any, Any, Any]) -> str:
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    preferred = request.headers.get("accept-language", "").strip().lower()
    return "en" if preferred.startswith("en") else LANGUAGES[0]
