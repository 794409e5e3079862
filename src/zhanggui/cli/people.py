"""`zhanggui people`: make accounts, list them, say who keeps the house, close what somebody left behind, and let in again who is locked out:
by a new password, or without lost second factors.
"""

import secrets
import sys
from collections.abc import Callable, Mapping
from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.joining import make_person
from zhanggui.actions.own_account import reset_password as give_password
from zhanggui.actions.own_factors import drop_factors
from zhanggui.actions.people import close_account, set_keeper
from zhanggui.actions.shops import shops_seen
from zhanggui.cli.columns import columns
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.say import say
from zhanggui.people import accounts
from zhanggui.people.accounts import Account
from zhanggui.people.permissions import Role, ShopId
from zhanggui.people.throttle import Throttle
from zhanggui.records.db import Tx

_PASSWORD_BYTES = 12


class RoleShape(msgspec.Struct, frozen=True):
    """A person's part in one shop."""

    shop: str
    role: str


class PersonShape(msgspec.Struct, frozen=True, kw_only=True):
    """One account. `password` is there only when the program itself has just made it up."""

    person_id: int
    login: str
    display_name: str
    language: str
    is_keeper: bool
    made_at: datetime
    roles: tuple[RoleShape, ...]
    password: str | None = None


class PeopleShape(msgspec.Struct, frozen=True):
    """Every open account."""

    people: tuple[PersonShape, ...]


@click.group("people")
def people() -> None:
    """Make and list accounts, set passwords."""


@people.command("add")
@click.argument("login")
@click.option("--name", default="", metavar="TEXT", help="The name others see; the sign-in name when left out.")
@click.option("--shop", "shop_name", metavar="NAME", help="The shop to admit the person to.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.OWNER.value, show_default=True, help="The person's part in that shop.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; otherwise one is made up and shown once.")
@with_desk
def add(desk: Desk, login: str, name: str, shop_name: str | None, role: str, password_stdin: bool) -> int:
    """Make an account."""
    password, made_up = _password(password_stdin)
    with desk.house() as house:
        shop_id = None if shop_name is None else shop_of(house, desk.by, shop_name)
        shops = _shop_names(desk, house)
        account = make_person(house, desk.by, login=login, password=password, name=name, now=clock.now(), roles={shop_id: Role(role)} if shop_id else {})
        with house.pool.connection() as tx:
            shape = _shape(tx, account, made_up, shops)
    desk.document(shape)
    desk.line("{name} can sign in as {login}.", name=shape.display_name, login=shape.login)
    _show_password(desk, made_up)
    return DONE


@people.command("list")
@with_desk
def list_people(desk: Desk) -> int:
    """List the accounts and their parts in the shops."""
    with desk.house() as house:
        shops = _shop_names(desk, house)
        with house.pool.connection() as tx:
            shapes = tuple(_shape(tx, account, None, shops) for account in accounts.every(tx))
    desk.document(PeopleShape(shapes))
    desk.lines(columns([[shape.login, shape.display_name, ", ".join(_parts(desk, shape))] for shape in shapes]))
    if not shapes:
        desk.line("There is no account yet. The first sign-in page makes the owner, or: zhanggui people add LOGIN")
    return DONE


def _parts(desk: Desk, shape: PersonShape) -> list[str]:
    """What a person is in the house and in each shop."""
    kept = [desk.said(say("keeps the house"))] if shape.is_keeper else []
    return [*kept, *(f"{part.shop}: {desk.catalog.word(part.role)}" for part in shape.roles)]


@people.command("reset-password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; otherwise one is made up and shown once.")
@with_desk
def reset_password(desk: Desk, login: str, password_stdin: bool) -> int:
    """Set a new password, and end every sign-in of that person."""
    password, made_up = _password(password_stdin)
    shape = _changed(desk, lambda house: give_password(house, desk.by, Throttle(house.pool, clock.unwound), login, password, clock.now()), made_up)
    desk.line("{login} has a new password; every sign-in was ended.", login=shape.login)
    _show_password(desk, made_up)
    return DONE


@people.command("keeper")
@click.argument("login")
@click.option("--give/--take", "keeps", default=None, help="Give the keeping of the whole house, or take it; somebody always keeps it.")
@with_desk
def keeper(desk: Desk, login: str, keeps: bool | None) -> int:
    """Say who keeps the house: its one switch, its keys and what is set for every shop."""
    if keeps is None:
        raise click.UsageError(desk.said(say("Give either --give or --take.")))
    shape = _changed(desk, lambda house: set_keeper(house, desk.by, login, clock.now(), keeps=keeps))
    desk.line("{login} keeps the house now." if keeps else "{login} no longer keeps the house.", login=shape.login)
    return DONE


@people.command("close")
@click.argument("login")
@with_desk
def close(desk: Desk, login: str) -> int:
    """Close the account of somebody who left, for good."""
    shape = _changed(desk, lambda house: close_account(house, desk.by, login, clock.now()))
    desk.line("{login} signs in no more: sign-ins, second factors, tokens and own channels were ended.", login=shape.login)
    return DONE


@people.command("drop-factors")
@click.argument("login")
@with_desk
def drop_second_factors(desk: Desk, login: str) -> int:
    """Take the second factors of somebody who lost them away, and end every sign-in of that person."""
    shape = _changed(desk, lambda house: drop_factors(house, desk.by, login, clock.now()))
    desk.line("{login} signs in by the password alone again; every sign-in was ended.", login=shape.login)
    return DONE


def _changed(desk: Desk, change: Callable[[House], Account], made_up: str | None = None) -> PersonShape:
    """Changes an account, and tells how it stands after it."""
    with desk.house() as house:
        shops = _shop_names(desk, house)
        account = change(house)
        with house.pool.connection() as tx:
            shape = _shape(tx, account, made_up, shops)
    desk.document(shape)
    return shape


def _password(from_stdin: bool) -> tuple[str, str | None]:
    """The password to set, and the same again when we made it up."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), None
    made_up = secrets.token_urlsafe(_PASSWORD_BYTES)
    return made_up, made_up


def _show_password(desk: Desk, made_up: str | None) -> None:
    if made_up is not None:
        desk.line("The password, shown this once: {password}", password=made_up)


def _shop_names(desk: Desk, house: House) -> dict[ShopId, str]:
    return {shop.shop_id: shop.name for shop in shops_seen(house, desk.by)}


def _shape(tx: Tx, account: Account, password: str | None, shops: Mapping[ShopId, str]) -> PersonShape:
    person = accounts.person(tx, account.person_id)
    return PersonShape(
        person_id=account.person_id,
        login=account.login,
        display_name=account.display_name,
        language=account.language,
        is_keeper=account.is_keeper,
        made_at=utc(account.made_at),
        roles=() if person is None else tuple(RoleShape(shops[shop_id], role.value) for shop_id, role in person.roles.items()),
        password=password,
    )
