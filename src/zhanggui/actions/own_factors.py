"""The second factors of one's own account: an authenticator app, passkeys, recovery codes; and which roles a shop asks them of."""

from datetime import datetime
from typing import Any

import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.own_account import journal_everywhere, own_account, own_id
from zhanggui.actions.refused import Refused
from zhanggui.actions.second_factors import WRONG_CODE
from zhanggui.actions.vault import seal, unseal
from zhanggui.core.say import say
from zhanggui.people import accounts, codes, factors, passkeys, sign_ins
from zhanggui.people.accounts import Account
from zhanggui.people.factors import StoredPasskey
from zhanggui.people.passkeys import At, MadePasskey, PasskeyRefused
from zhanggui.people.permissions import NotAllowed, Permission, Person, PersonId, Role, ShopId
from zhanggui.records import journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.factors import (
    AppAdded,
    AppDropped,
    FactorAsked,
    FactorsDropped,
    PasskeyAdded,
    PasskeyDropped,
    RecoveryCodesMade,
)

MOST_PASSKEYS = 20
NAMELESS = "Passkey"


class OwnFactors(msgspec.Struct, frozen=True, kw_only=True):
    """What this person shows besides a password, and where it is asked of them."""

    has_app: bool
    passkeys: tuple[StoredPasskey, ...]
    recovery_codes_left: int
    asked_in: tuple[str, ...]
    """Names of shops."""

    @property
    def is_any(self) -> bool:
        """Whether there is any second factor."""
        return self.has_app or bool(self.passkeys)


class NewApp(msgspec.Struct, frozen=True):
    """The secret of an app that is still to be shown to work: as text, and as the address an app reads from a QR code."""

    secret: str
    address: str

    def __repr__(self) -> str:
        return "NewApp()"


def own_factors(house: House, by: Person) -> OwnFactors:
    """The second factors of whoever asks. Raises NotAllowed."""
    return second_factors_of(house, own_id(by))


def second_factors_of(house: House, person_id: PersonId) -> OwnFactors:
    """The second factors of somebody whose password was right."""
    with house.pool.connection() as tx:
        return _factors(tx, person_id)


def begin_app(house: House, by: Person, wall: datetime) -> NewApp:
    """A fresh secret for an app; it counts once a code of it was shown. Raises Refused where an app works already."""
    account, secret = own_account(house, by), codes.new_secret()
    with house.pool.connection() as tx:
        if not factors.begin_app(tx, account.person_id, seal(house, secret), wall):
            raise Refused(say("You have an app already. Remove it first, then add another."))
    return NewApp(secret, codes.app_address(secret, account.login))


def begun_app(house: House, by: Person) -> NewApp | None:
    """The same again for whoever mistyped the code; None where nothing was begun. Raises VaultShut."""
    account = own_account(house, by)
    with house.pool.connection() as tx:
        app = factors.app_of(tx, account.person_id)
    if app is None or app.is_proven:
        return None
    secret = unseal(house, app.sealed)
    return NewApp(secret, codes.app_address(secret, account.login))


def prove_app(house: House, by: Person, code: str, *, this: bytes, now: datetime, wall: datetime) -> tuple[str, ...]:
    """The app works from now on. Fresh recovery codes where there were none, to be shown once. Raises Refused."""
    person_id = own_id(by)
    with house.pool.connection() as tx:
        app = factors.app_of(tx, person_id)
    if app is None or app.is_proven:
        raise Refused(say("This form is out of date. Load the page again."))
    step = codes.step_of(unseal(house, app.sealed), code, wall)
    if step is None:
        raise Refused(WRONG_CODE)

    def work(tx: Tx) -> tuple[str, ...]:
        had_any = factors.has_any(tx, person_id)
        if not factors.prove_app(tx, person_id, app.sealed, step, wall):
            raise Refused(say("This form is out of date. Load the page again."))
        journal_everywhere(tx, person_id, AppAdded(by.display_name), now, by=person_id)
        return _now_strong(tx, by, person_id, this=this, had_any=had_any, now=now, wall=wall)

    return transact(house.pool, work)


def drop_app(house: House, by: Person, now: datetime) -> None:
    """No codes are asked any more. Raises Refused where a shop asks for a second factor and this is the last."""
    person_id = own_id(by)

    def work(tx: Tx) -> None:
        _keep_one(_factors(tx, person_id), app=1)
        if factors.drop_app(tx, person_id):
            journal_everywhere(tx, person_id, AppDropped(by.display_name), now, by=person_id)
            _end_what_stood_for_it(tx, person_id, now)

    transact(house.pool, work)


def passkey_to_make(house: House, by: Person, at: At, wall: datetime) -> dict[str, Any]:
    """What the browser is asked, to make a passkey."""
    account = own_account(house, by)
    with house.pool.connection() as tx:
        held = factors.passkeys_of(tx, account.person_id)
    return passkeys.asked_to_make(at, account.person_id, account.login, account.display_name, held, wall)


def add_passkey(house: House, by: Person, at: At, answer: str, name: str, *, this: bytes, now: datetime, wall: datetime) -> tuple[str, ...]:
    """Keep the passkey the browser has made. Fresh recovery codes where there were none, to be shown once. Raises Refused."""
    person_id = own_id(by)
    try:
        made, mark, ends_at = passkeys.made(at, answer, wall)
    except PasskeyRefused:
        raise Refused(say("The passkey was not taken. Load the page again and try once more.")) from None

    def work(tx: Tx) -> tuple[str, ...]:
        own = _factors(tx, person_id)
        if len(own.passkeys) >= MOST_PASSKEYS:
            raise Refused(say("You have {most} passkeys already. Remove one that you do not use.", most=MOST_PASSKEYS))
        if not factors.spend(tx, mark, ends_at) or not _keeps(tx, person_id, at, made, name, wall):
            raise Refused(say("This passkey is kept already."))
        journal_everywhere(tx, person_id, PasskeyAdded(by.display_name), now, by=person_id)
        return _now_strong(tx, by, person_id, this=this, had_any=own.is_any, now=now, wall=wall)

    return transact(house.pool, work)


def _keeps(tx: Tx, person_id: PersonId, at: At, made: MadePasskey, name: str, wall: datetime) -> bool:
    return factors.add_passkey(
        tx,
        person_id,
        host=at.host,
        credential_id=made.credential_id,
        credential=made.credential,
        counted=made.counted,
        name=accounts.tidy_name(name) or NAMELESS,
        now=wall,
    )


def drop_passkey(house: House, by: Person, number: str, now: datetime) -> None:
    """The passkey opens nothing any more; doing so twice changes nothing. Raises Refused where a shop asks for a second factor and this is the last."""
    person_id = own_id(by)

    def work(tx: Tx) -> None:
        own = _factors(tx, person_id)
        if any(each.number == number for each in own.passkeys):
            _keep_one(own, passkeys=1)
        if factors.drop_passkey(tx, person_id, number) is not None:
            journal_everywhere(tx, person_id, PasskeyDropped(by.display_name), now, by=person_id)
            _end_what_stood_for_it(tx, person_id, now)

    transact(house.pool, work)


def new_recovery_codes(house: House, by: Person, *, now: datetime, wall: datetime) -> tuple[str, ...]:
    """A fresh set, to be shown once; the former ones are void. Raises Refused where there is nothing they could stand in for."""
    person_id = own_id(by)

    def work(tx: Tx) -> tuple[str, ...]:
        if not factors.has_any(tx, person_id):
            raise Refused(say("Recovery codes stand in for a second factor. Add an app or a passkey first."))
        journal_everywhere(tx, person_id, RecoveryCodesMade(by.display_name), now, by=person_id)
        return _fresh_codes(tx, person_id, wall)

    return transact(house.pool, work)


def drop_factors(house: House, by: Person, login: str, now: datetime) -> Account:
    """Take somebody's second factors away, for the operator at the command line; end all their sign-ins. Raises NotAllowed, Refused."""
    if not by.all_shops:
        raise NotAllowed("people:write")
    with house.pool.connection() as tx:
        account = accounts.by_login(tx, login)
        if account is None:
            raise Refused(say("Nobody signs in as {login}. List the accounts with: zhanggui people list", login=login))
        factors.forget_all(tx, account.person_id)
        sign_ins.end_all(tx, account.person_id)
        journal_everywhere(tx, account.person_id, FactorsDropped(account.display_name), now, by=by.person_id)
    return account


def put_factor_terms(house: House, by: Person, shop_id: ShopId, roles: frozenset[Role], now: datetime, *, is_strong: bool) -> None:
    """Ask a second factor of exactly these roles, at once. `is_strong`: whoever asks has shown one in this sign-in. Raises NotAllowed, Refused."""
    by.need(Permission.PEOPLE_WRITE, shop_id)
    if by.roles.get(shop_id) in roles and not is_strong:
        raise Refused(say("This would shut you out too. Add a second factor to your own account first, then ask it of others."))

    def work(tx: Tx) -> None:
        for role, is_asked in factors.put_terms(tx, shop_id, roles, by.person_id, now).items():
            journal.write(tx, shop_id, FactorAsked(role, is_asked), at=now, by=by.person_id)

    transact(house.pool, work)


def factor_terms(house: House, by: Person, shop_id: ShopId) -> frozenset[Role]:
    """The roles the shop asks a second factor of."""
    by.need(Permission.PEOPLE_READ, shop_id)
    with house.pool.connection() as tx:
        return factors.terms_of(tx, shop_id)


def _factors(tx: Tx, person_id: PersonId) -> OwnFactors:
    app = factors.app_of(tx, person_id)
    return OwnFactors(
        has_app=app is not None and app.is_proven,
        passkeys=factors.passkeys_of(tx, person_id),
        recovery_codes_left=factors.recovery_codes_left(tx, person_id),
        asked_in=factors.asked_in(tx, person_id),
    )


def _now_strong(tx: Tx, by: Person, person_id: PersonId, *, this: bytes, had_any: bool, now: datetime, wall: datetime) -> tuple[str, ...]:
    """This sign-in has shown a second factor now; those that were begun by a password alone end."""
    sign_ins.strengthen(tx, this)
    if had_any:
        return ()
    sign_ins.end_all(tx, person_id, but=this)
    journal_everywhere(tx, person_id, RecoveryCodesMade(by.display_name), now, by=person_id)
    return _fresh_codes(tx, person_id, wall)


def _fresh_codes(tx: Tx, person_id: PersonId, wall: datetime) -> tuple[str, ...]:
    fresh = codes.new_recovery_codes()
    factors.put_recovery_codes(tx, person_id, [codes.recovery_digest(person_id, code) for code in fresh], wall)
    return fresh


def _keep_one(own: OwnFactors, *, app: int = 0, passkeys: int = 0) -> None:
    left = int(own.has_app) - app + len(own.passkeys) - passkeys
    if own.asked_in and left < 1:
        raise Refused(say("{shop} asks a second factor of you, and this is your last. Add another first.", shop=own.asked_in[0]))


def _end_what_stood_for_it(tx: Tx, person_id: PersonId, now: datetime) -> None:
    """Without any second factor recovery codes stand in for nothing, and no sign-in has shown one."""
    if not factors.has_any(tx, person_id):
        factors.put_recovery_codes(tx, person_id, [], now)
        sign_ins.weaken_all(tx, person_id)
