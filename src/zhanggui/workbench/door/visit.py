"""What a page at the door has at hand, where nobody may be signed in yet."""

from dataclasses import dataclass
from datetime import datetime

from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say
from zhanggui.people import sign_ins
from zhanggui.people.permissions import Person
from zhanggui.words import Catalog
from zhanggui.workbench.door.door import AnyRequest, Door, address_of, device_of


@dataclass(frozen=True)
class Visit:
    """One request at the door. `by` is None for a stranger; `digest` is the sign-in it came with."""

    request: AnyRequest
    door: Door
    by: Person | None
    digest: bytes | None
    now: datetime
    words: Catalog

    @property
    def address(self) -> str | None:
        """Where the request came from."""
        return address_of(self.request)

    def page(self, template: str, *, status: int = 200, **context: object) -> Template:
        """A page at the door. Never kept by the browser: it may carry a token or a name."""
        ours = {"by": self.by, "now": self.now, "words": self.words, "here": "door"}
        return Template(f"door/{template}.html", context=ours | context, status_code=status, headers={"Cache-Control": "no-store", "Vary": "Cookie"})

    def again(self, template: str, problem: Say, **context: object) -> Template:
        """The same page once more, with what was wrong."""
        return self.page(template, status=HTTP_422_UNPROCESSABLE_ENTITY, problem=problem, **context)

    def enter(self, token: str, path: str) -> Redirect:
        """Go on inside with a new sign-in; the one the browser came with, if any, is ended."""
        if self.digest is not None:
            with self.door.house.pool.connection() as tx:
                sign_ins.end(tx, self.digest)
        answer = onward(path)
        self.door.let_in(answer, token)
        return answer

    def begin(self, person: Person) -> str:
        """A new sign-in for a person who has just shown who they are."""
        assert person.person_id is not None
        with self.door.house.pool.connection() as tx:
            return sign_ins.begin(tx, person.person_id, clock.unwound(), device=device_of(self.request))


AtDoor = NamedDependency[Visit]
ByPerson = NamedDependency[Person]


async def provide_visit(request: AnyRequest, door: NamedDependency[Door], now: NamedDependency[datetime], words: NamedDependency[Catalog]) -> Visit:
    """The visit of this request."""
    return Visit(request, door, request.user, request.auth, now, words)


def need_same(password: str, again: str) -> None:
    """Two fields that hide what is typed must hold the same. Raises Refused."""
    if password != again:
        raise Refused(say("The two passwords are not the same."))


def onward(path: str) -> Redirect:
    """The browser goes on by GET, so that a reload repeats nothing."""
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
