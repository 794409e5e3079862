"""Taking up an invitation, with a new account or one's own."""

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.joining import accept, accept_anew, invitation
from zhanggui.actions.refused import Refused
from zhanggui.people import admission
from zhanggui.people.admission import EntryRefused
from zhanggui.people.invitations import Invitation
from zhanggui.people.permissions import Person, ShopId
from zhanggui.workbench.door.door import OPEN
from zhanggui.workbench.door.visit import AtDoor, Visit, need_same, onward


class InvitationForm(msgspec.Struct):
    """What the form of the invitation page sends; nothing at all from somebody who is signed in."""

    login: str = ""
    password: str = ""
    password_again: str = ""
    name: str = ""


@get("/invitations/{shop_id:int}/{token:str}", opt=OPEN, sync_to_thread=True)
def invitation_page(visit: AtDoor, shop_id: FromPath[int], token: FromPath[str]) -> Template:
    """The page behind the link."""
    return visit.page("invitation", invitation=_open(visit, shop_id, token), form=InvitationForm(), path=_path(shop_id, token))


@post("/invitations/{shop_id:int}/{token:str}", opt=OPEN, sync_to_thread=True)
def accept_invitation(visit: AtDoor, shop_id: FromPath[int], token: FromPath[str], data: URLEncodedBody[InvitationForm]) -> Redirect | Template:
    """Join the shop."""
    found = _open(visit, shop_id, token)
    try:
        if visit.by is not None:
            accept(visit.door.house, visit.by, ShopId(shop_id), token, visit.now)
            return onward("/today")
        need_same(data.password, data.password_again)
        account = accept_anew(
            visit.door.house,
            ShopId(shop_id),
            token,
            login=data.login,
            password=data.password,
            name=data.name,
            now=visit.now,
            language=visit.words.language,
        )
    except Refused as refusal:
        return visit.again("invitation", refusal.say, invitation=found, form=data, path=_path(shop_id, token))
    return visit.enter(visit.begin(Person(person_id=account.person_id, display_name=account.display_name)), "/")


def _open(visit: Visit, shop_id: int, token: str) -> Invitation:
    try:
        # Guessing is hopeless with 192 random bits, but it need not be free either.
        found = invitation(visit.door.house, ShopId(shop_id), token, visit.now)
        if found is None:
            admission.count_try(visit.door.throttle, account=None, address=visit.address, now=clock.unwound())
    except (EntryRefused, OverflowError):
        raise NotFoundException from None
    if found is None:
        raise NotFoundException
    return found


def _path(shop_id: int, token: str) -> str:
    return f"/invitations/{shop_id}/{token}"
