"""How a person comes to the house: as its first, by an invitation, or made by the operator."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say
from zhanggui.people import accounts, invitations, members
from zhanggui.people.accounts import Account, AccountRefused
from zhanggui.people.invitations import Invitation
from zhanggui.people.permissions import NotAllowed, Person, PersonId, Role, ShopId
from zhanggui.records import journal, shops
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import MemberJoined, ShopCreated


def nobody_yet(house: House) -> bool:
    """Whether the house has no person at all."""
    with house.pool.connection() as tx:
        return accounts.nobody_yet(tx)


def first_owner(house: House, *, login: str, password: str, name: str, shop_name: str, now: datetime, language: str = "zh_Hans") -> Account:
    """Make the first person: keeper of the house, owner of every shop there is and of the one named here. Raises Refused."""
    shop_name = accounts.tidy_name(shop_name)
    try:
        with house.pool.connection() as tx:
            account = accounts.first_person(tx, login, password, name, now, language=language)
            _own_every_shop(tx, account, shop_name, now)
    except AccountRefused as refusal:
        raise Refused(refusal.reason) from None
    return account


def make_person(
    house: House, by: Person, *, login: str, password: str, name: str, now: datetime, roles: dict[ShopId, Role] | None = None, language: str = "zh_Hans"
) -> Account:
    """Make an account with roles, for the operator at the command line. The very first one keeps the house. Raises NotAllowed, Refused."""
    if not by.all_shops:
        raise NotAllowed("people:write")
    try:
        with house.pool.connection() as tx:
            is_first = accounts.nobody_yet(tx)
            account = accounts.make(tx, login=login, password=password, display_name=name, now=now, language=language, is_keeper=is_first)
            for shop_id, role in (roles or {}).items():
                _join(tx, shop_id, account.person_id, account.display_name, role, now)
    except AccountRefused as refusal:
        raise Refused(refusal.reason) from None
    return account


def invitation(house: House, shop_id: ShopId, token: str, now: datetime) -> Invitation | None:
    """The open invitation behind a link; whoever holds the link may see it."""
    with house.pool.connection() as tx:
        return invitations.found(tx, shop_id, token, now)


def accept(house: House, by: Person, shop_id: ShopId, token: str, now: datetime) -> None:
    """Take up an invitation as somebody who has an account already. Raises Refused."""
    if by.person_id is None:
        raise NotAllowed("people:write")
    with house.pool.connection() as tx:
        if members.role_of(tx, shop_id, by.person_id) is not None:
            raise Refused(say("You belong to this shop already; an owner can change your part in it."))
        _use(tx, shop_id, token, by.person_id, by.display_name, now)


def accept_anew(house: House, shop_id: ShopId, token: str, *, login: str, password: str, name: str, now: datetime, language: str = "zh_Hans") -> Account:
    """Take up an invitation with a new account. Raises Refused, and then makes none."""
    try:
        with house.pool.connection() as tx:
            if invitations.found(tx, shop_id, token, now) is None:
                raise Refused(_over())
            account = accounts.make(tx, login=login, password=password, display_name=name, now=now, language=language)
            _use(tx, shop_id, token, account.person_id, account.display_name, now)
    except AccountRefused as refusal:
        raise Refused(refusal.reason) from None
    return account


def _own_every_shop(tx: Tx, account: Account, shop_name: str, now: datetime) -> None:
    there = shops.every(tx)
    if shop_name and shop_name not in {shop.name for shop in there}:
        made = shops.insert(tx, shop_name, now)
        if made is not None:
            journal.write(tx, made.shop_id, ShopCreated(name=made.name), at=now, by=account.person_id)
            there.append(made)
    for shop in there:
        _join(tx, ShopId(shop.shop_id), account.person_id, account.display_name, Role.OWNER, now)


def _use(tx: Tx, shop_id: ShopId, token: str, person_id: PersonId, name: str, now: datetime) -> None:
    role = invitations.use(tx, shop_id, token, person_id, now)
    if role is None:
        raise Refused(_over())
    _join(tx, shop_id, person_id, name, role, now)


def _join(tx: Tx, shop_id: ShopId, person_id: PersonId, name: str, role: Role, now: datetime) -> None:
    members.admit(tx, shop_id, person_id, role, now)
    journal.write(tx, shop_id, MemberJoined(name=name, role=role.value), at=now, by=person_id)


def _over() -> Say:
    return say("This invitation was used or is over. Ask for a new one.")
