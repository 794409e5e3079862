"""The People page: members and their roles, invitations, sign-ins ended."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.own_factors import factor_terms, put_factor_terms
from zhanggui.actions.people import change_role, invite, people_of, remove_member, sign_out_member, withdraw_invitation
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import MAY, Permission, PersonId, Role
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.door.confirming import recently_confirmed, sign_in_of
from zhanggui.workbench.door.door import Door

_DONE = {
    "role": say("The role is changed, at once."),
    "removed": say("Their part in the shop is taken away. What they did stays in the journal."),
    "signed_out": say("Every sign-in of theirs is ended."),
    "withdrawn": say("The invitation is withdrawn."),
    "terms": say("Kept. Whoever has such a role and showed no second factor has no rights here until they do."),
}


class InviteForm(msgspec.Struct, frozen=True):
    """The role somebody is invited to, and a note of whom it is meant for."""

    role: Role
    note: str = ""


class MemberForm(msgspec.Struct, frozen=True):
    """What is done with a member."""

    act: str
    role: str = ""


class FactorTermsForm(msgspec.Struct, frozen=True):
    """The roles a second factor is asked of."""

    roles: list[str] | str = msgspec.field(default_factory=list)

    @property
    def chosen(self) -> list[str]:
        """The roles that were ticked; a form with one tick sends no list."""
        return [self.roles] if isinstance(self.roles, str) else self.roles


class WithdrawForm(msgspec.Struct, frozen=True):
    """Which invitation goes."""

    number: str


@get("/people", sync_to_thread=True)
def people_page(desk: AtDesk, shop: FromQuery[str] = "", done: FromQuery[str] = "") -> Template:
    """Who belongs to the shop, and who is invited."""
    return _page(desk, shop, done=_DONE.get(done))


@post("/shops/{shop_id:int}/invitations", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def invite_person(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[InviteForm], door: NamedDependency[Door]) -> Template:
    """Makes out an invitation. Its link is in this answer alone and cannot be read again, hence no redirect."""
    path = invite(desk.house, desk.by, shop_number(shop_id), data.role, data.note, desk.now)
    return _page(desk, str(shop_id), link=door.link(desk.request, path), invited_as=data.role)


@post("/shops/{shop_id:int}/invitations/withdrawal", sync_to_thread=True)
def withdraw(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[WithdrawForm]) -> Redirect:
    """Takes an unused invitation back."""
    withdraw_invitation(desk.house, desk.by, shop_number(shop_id), data.number, desk.now)
    return back_to("/people", shop=shop_id, done="withdrawn")


@post("/shops/{shop_id:int}/people/{person_id:int}", guards=[recently_confirmed], sync_to_thread=True)
def change_member(desk: AtDesk, shop_id: FromPath[int], person_id: FromPath[int], data: URLEncodedBody[MemberForm]) -> Redirect:
    """Gives a member another role, takes their part away, or ends their sign-ins."""
    shop, person = shop_number(shop_id), PersonId(person_id)
    match data.act:
        case "role" if data.role in set(Role):
            change_role(desk.house, desk.by, shop, person, Role(data.role), desk.now)
        case "removed":
            remove_member(desk.house, desk.by, shop, person, desk.now)
        case "signed_out":
            sign_out_member(desk.house, desk.by, shop, person, desk.now)
        case _:
            raise Refused(say("This form is out of date. Load the page again."))
    return back_to("/people", shop=shop_id, done=data.act)


@post("/shops/{shop_id:int}/factor-terms", guards=[recently_confirmed], sync_to_thread=True)
def put_asked_roles(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[FactorTermsForm]) -> Redirect:
    """Asks a second factor of exactly the roles that are ticked."""
    if not set(data.chosen) <= set(Role):
        raise Refused(say("This form is out of date. Load the page again."))
    known = sign_in_of(desk.request)
    is_strong = known is not None and known.is_strong
    put_factor_terms(desk.house, desk.by, shop_number(shop_id), frozenset(Role(role) for role in data.chosen), desk.now, is_strong=is_strong)
    return back_to("/people", shop=shop_id, done="terms")


def _page(desk: Desk, shop: str, *, done: Say | None = None, link: str | None = None, invited_as: Role | None = None) -> Template:
    shops = desk.shops(Permission.PEOPLE_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    people = people_of(desk.house, desk.by, chosen.shop_id, desk.now) if chosen else None
    may_write = chosen is not None and desk.by.may(Permission.PEOPLE_WRITE, chosen.shop_id)
    return desk.page(
        "people/page.html",
        shops=shops,
        shop=chosen,
        people=people,
        roles=tuple(Role),
        permissions=tuple(Permission),
        may=MAY,
        may_write=may_write,
        asked=factor_terms(desk.house, desk.by, chosen.shop_id) if chosen else frozenset(),
        done=done,
        link=link,
        invited_as=invited_as,
    )
