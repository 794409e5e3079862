"""What a page at the door has at hand, where nobody may be signed in yet."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say
from zhanggui.people import entries, sign_ins
from zhanggui.people.entries import Came, EntryKind
from zhanggui.people.networks import short_network
from zhanggui.people.permissions import Person
from zhanggui.words import Catalog
from zhanggui.workbench.door.confirming import sign_in_of
from zhanggui.workbench.door.door import AnyRequest, Door, address_of, device_of, passkey_place


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

    @property
    def sign_in(self) -> bytes:
        """The sign-in of somebody who is signed in."""
        assert self.digest is not None
        return self.digest

    @property
    def came(self) -> Came:
        """Where from, in the few words that are kept of it."""
        return Came(device_of(self.request), short_network(self.address), self.address)

    @property
    def is_strong(self) -> bool:
        """Whether a second factor was shown in this sign-in."""
        known = sign_in_of(self.request)
        return known is not None and known.is_strong

    @property
    def is_by_name(self) -> bool:
        """Whether the house was asked for by a name, to which alone passkeys can be bound."""
        return passkey_place(self.door, self.request, "") is not None

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
        wall, came = clock.unwound(), self.came
        with self.door.house.pool.connection() as tx:
            entries.write(tx, person.person_id, EntryKind.INVITED, came, wall)
            return sign_ins.begin(tx, person.person_id, wall, device=came.device, network=came.network)


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


def asked(path: str, **query: str) -> str:
    """The path with its query."""
    return f"{path}?{urlencode(query)}"
