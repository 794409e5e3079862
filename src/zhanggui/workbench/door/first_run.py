"""The first run: whoever stands at the machine, or knows the code it shows, becomes the owner. Afterwards the page is gone."""

import secrets

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.joining import first_owner, nobody_yet
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people import admission
from zhanggui.people.admission import EntryRefused
from zhanggui.people.permissions import Person
from zhanggui.workbench.door.door import OPEN, is_at_the_machine
from zhanggui.workbench.door.visit import AtDoor, Visit, need_same


class FirstRunForm(msgspec.Struct):
    """What the form of the first-run page sends."""

    login: str
    password: str
    password_again: str
    name: str = ""
    shop_name: str = ""
    code: str = ""


@get("/first-run", opt=OPEN, sync_to_thread=True)
def first_run_page(visit: AtDoor) -> Template:
    """The page that makes the owner, while there is none."""
    _only_while_empty(visit)
    return visit.page("first_run", form=FirstRunForm("", "", ""), needs_code=not is_at_the_machine(visit.request))


@post("/first-run", opt=OPEN, sync_to_thread=True)
def first_run(visit: AtDoor, data: URLEncodedBody[FirstRunForm]) -> Redirect | Template:
    """Make the owner and the first shop, and let the owner in."""
    _only_while_empty(visit)
    needs_code = not is_at_the_machine(visit.request)
    try:
        if needs_code:
            _check_code(visit, data.code)
        need_same(data.password, data.password_again)
        account = first_owner(
            visit.door.house,
            login=data.login,
            password=data.password,
            name=data.name,
            shop_name=data.shop_name,
            now=visit.now,
            language=visit.words.language,
        )
    except (Refused, EntryRefused) as refusal:
        problem = refusal.say if isinstance(refusal, Refused) else refusal.reason
        return visit.again("first_run", problem, form=data, needs_code=needs_code)
    return visit.enter(visit.begin(Person(person_id=account.person_id, display_name=account.display_name)), "/")


def _only_while_empty(visit: Visit) -> None:
    if not nobody_yet(visit.door.house):
        raise NotFoundException


def _check_code(visit: Visit, code: str) -> None:
    admission.count_try(visit.door.throttle, account="first run", address=visit.address, now=clock.unwound())
    if not secrets.compare_digest(code.strip().encode(), visit.door.first_run_code.encode()):
        raise Refused(say("The code is not right. It stands in the window in which Zhanggui was started."))
