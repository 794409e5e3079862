"""Who belongs to a shop: seeing, inviting, moving and removing its people. Only an owner writes here, and a shop is never left without one."""

from datetime import datetime

import msgspec

from zhanggui.actions.alerting.sending import HAS_LEFT
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people import accounts, factors, invitations, members, sign_ins
from zhanggui.people.accounts import Account
from zhanggui.people.invitations import Invitation
from zhanggui.people.members import Member
from zhanggui.people.permissions import MAY, NotAllowed, Permission, Person, PersonId, Role, ShopId
from zhanggui.records import alert_channels, alert_sends, api_tokens, journal
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import Entry, InvitationWithdrawn, MemberInvited, MemberLeft, MemberMoved, SignInsEnded
from zhanggui.records.journal_entries.bridge import TokenRevoked
from zhanggui.records.journal_entries.people import KeepingChanged
from zhanggui.records.says import packed


class PeopleView(msgspec.Struct, frozen=True, kw_only=True):
    """A shop's people and the invitations that still wait."""

    shop_id: ShopId
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]
    with_factor: frozenset[PersonId]
    """Those of them who show more than a password."""


def people_of(house: House, by: Person, shop_id: ShopId, now: datetime) -> PeopleView:
    """Who belongs to the shop, and who is invited. Raises NotAllowed."""
    by.need(Permission.PEOPLE_READ, shop_id)
    with house.pool.connection() as tx:
        belong = members.of_shop(tx, shop_id)
        shown = factors.with_any(tx, [member.person_id for member in belong])
        return PeopleView(shop_id=shop_id, members=belong, invitations=invitations.waiting(tx, shop_id, now), with_factor=shown)


def colleagues(house: House, by: Person, shop_id: ShopId) -> tuple[Member, ...]:
    """Those a to-do can be handed to: the members of the shop, for anybody who may mark to-dos there. Raises NotAllowed."""
    by.need(Permission.TODO_MARK, shop_id)
    with house.pool.connection() as tx:
        return members.of_shop(tx, shop_id)


def invite(house: House, by: Person, shop_id: ShopId, role: Role, note: str, now: datetime) -> str:
    """Make out an invitation. Returns the path of its link, which is shown once and cannot be read again. Raises NotAllowed, Refused."""
    by.need(Permission.PEOPLE_WRITE, shop_id)
    if by.person_id is None:
        raise Refused(say("An invitation is made out by a person; the operator gives roles directly."))
    with house.pool.connection() as tx:
        token = invitations.write(tx, shop_id, role, note, made_by=by.person_id, now=now)
        _journal(tx, shop_id, MemberInvited(role=role.value), by, now)
    return f"/invitations/{shop_id}/{token}"


def withdraw_invitation(house: House, by: Person, shop_id: ShopId, number: str, now: datetime) -> None:
    """Take an unused invitation back; doing so twice changes nothing. Raises NotAllowed."""
    by.need(Permission.PEOPLE_WRITE, shop_id)
    with house.pool.connection() as tx:
        if invitations.withdraw(tx, shop_id, number):
            _journal(tx, shop_id, InvitationWithdrawn(), by, now)


def change_role(house: House, by: Person, shop_id: ShopId, person_id: PersonId, role: Role, now: datetime) -> None:
    """Give a member another part in the shop, at once; who is no owner any more keeps no tokens of programs. Raises NotAllowed, Refused."""
    by.need(Permission.PEOPLE_WRITE, shop_id)
    with house.pool.connection() as tx:
        roles = members.roles_locked(tx, shop_id)
        if _member(roles, person_id) == role:
            return
        if role is not Role.OWNER:
            _keep_an_owner(roles, person_id)
        members.admit(tx, shop_id, person_id, role, now)
        _journal(tx, shop_id, MemberMoved(name=_name(tx, person_id), role=role.value), by, now)
        if Permission.SETTINGS_WRITE not in MAY[role]:
            _end_tokens(tx, shop_id, person_id, by, now)


def remove_member(house: House, by: Person, shop_id: ShopId, person_id: PersonId, now: datetime) -> None:
    """Take a member's part in the shop away, at once. Their account and what they did stay; what opens their own channels is wiped, and the tokens they
    made for programs end. Raises NotAllowed, Refused.
    """
    by.need(Permission.PEOPLE_WRITE, shop_id)
    with house.pool.connection() as tx:
        roles = members.roles_locked(tx, shop_id)
        _member(roles, person_id)
        _keep_an_owner(roles, person_id)
        _leave(tx, shop_id, person_id, by, now)


def sign_out_member(house: House, by: Person, shop_id: ShopId, person_id: PersonId, now: datetime) -> int:
    """End every sign-in of a member, say after a lost phone; how many there were. Raises NotAllowed."""
    by.need(Permission.PEOPLE_WRITE, shop_id)
    with house.pool.connection() as tx:
        _member(members.roles_locked(tx, shop_id), person_id)
        count = sign_ins.end_all(tx, person_id)
        factors.end_halves(tx, person_id)
        _journal(tx, shop_id, SignInsEnded(name=_name(tx, person_id)), by, now)
    return count


def set_keeper(house: House, by: Person, login: str, now: datetime, *, keeps: bool) -> Account:
    """Give somebody the keeping of the house, or take it from them, for the operator at the command line.

    Raises NotAllowed, and Refused where nobody would keep it any more.
    """
    _need_operator(by)
    with house.pool.connection() as tx:
        keepers, account = accounts.keepers_locked(tx), _account(tx, login)
        if (account.person_id in keepers) != keeps:
            _keep_a_keeper(keepers, account.person_id)
            accounts.set_keeper(tx, account.person_id, keeps=keeps)
            for shop_id in members.shops_of(tx, account.person_id):
                _journal(tx, shop_id, KeepingChanged(account.display_name, keeps), by, now)
    return msgspec.structs.replace(account, is_keeper=keeps)


def close_account(house: House, by: Person, login: str, now: datetime) -> Account:
    """Close somebody's account for good, for the operator at the command line: they leave every shop, and nothing opens by their name any more.

    Raises NotAllowed, and Refused where nobody would keep the house any more, or a shop would have no owner.
    """
    _need_operator(by)
    with house.pool.connection() as tx:
        keepers, account = accounts.keepers_locked(tx), _account(tx, login)
        _keep_a_keeper(keepers, account.person_id)
        for shop_id in members.shops_of(tx, account.person_id):
            roles = members.roles_locked(tx, shop_id)
            if roles.get(account.person_id) == Role.OWNER:
                _keep_an_owner(roles, account.person_id)
            _leave(tx, shop_id, account.person_id, by, now)
        accounts.close(tx, account.person_id, now)
        sign_ins.end_all(tx, account.person_id)
        factors.forget_all(tx, account.person_id)
    return msgspec.structs.replace(account, is_keeper=False)


def _leave(tx: Tx, shop_id: ShopId, person_id: PersonId, by: Person, now: datetime) -> None:
    """Their part in the shop ends, with what they set up for themselves there."""
    members.dismiss(tx, shop_id, person_id)
    _journal(tx, shop_id, MemberLeft(name=_name(tx, person_id)), by, now)
    alert_sends.withdraw_of_person(tx, shop_id, person_id, packed(HAS_LEFT), now)
    alert_channels.wipe_of(tx, shop_id, person_id)
    _end_tokens(tx, shop_id, person_id, by, now)


def _end_tokens(tx: Tx, shop_id: ShopId, person_id: PersonId, by: Person, now: datetime) -> None:
    """Whoever may make no tokens any more keeps none: they know them, and their scopes may reach further than the person does now."""
    for token_no, name in api_tokens.revoke_of(tx, shop_id, person_id, by.person_id, now):
        _journal(tx, shop_id, TokenRevoked(token_no, name), by, now)


def _member(roles: dict[PersonId, str], person_id: PersonId) -> str:
    """The member's role. Whoever is no member of this shop does not exist here."""
    if person_id not in roles:
        raise NotAllowed(Permission.PEOPLE_WRITE.value)
    return roles[person_id]


def _keep_an_owner(roles: dict[PersonId, str], leaving: PersonId) -> None:
    if not any(role == Role.OWNER for person_id, role in roles.items() if person_id != leaving):
        raise Refused(say("A shop needs an owner. Make somebody else an owner first."))


def _keep_a_keeper(keepers: frozenset[PersonId], leaving: PersonId) -> None:
    if keepers == {leaving}:
        raise Refused(say("Somebody has to keep the house. Give it to somebody else first: zhanggui people keeper LOGIN --give"))


def _need_operator(by: Person) -> None:
    if not by.all_shops:
        raise NotAllowed(Permission.PEOPLE_WRITE.value)


def _account(tx: Tx, login: str) -> Account:
    account = accounts.by_login(tx, login)
    if account is None:
        raise Refused(say("Nobody signs in as {login}. List the accounts with: zhanggui people list", login=login))
    return account


def _name(tx: Tx, person_id: PersonId) -> str:
    account = accounts.by_id(tx, person_id)
    return account.display_name if account else ""


def _journal(tx: Tx, shop_id: ShopId, entry: Entry, by: Person, now: datetime) -> None:
    journal.write(tx, shop_id, entry, at=now, by=by.person_id)
