"""What people do with their own account: name, language, password, sign-ins. Needs no role anywhere."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.people import accounts, admission, entries, factors, members, sign_ins
from zhanggui.people.accounts import Account, AccountRefused
from zhanggui.people.admission import EntryRefused
from zhanggui.people.entries import Entered
from zhanggui.people.permissions import NotAllowed, Person, PersonId
from zhanggui.people.sign_ins import SignIn
from zhanggui.people.throttle import Throttle
from zhanggui.records import journal
from zhanggui.records.db import Tx
from zhanggui.records.journal_entries import Entry, NameChanged, PasswordChanged, SignInsEnded


def own_account(house: House, by: Person) -> Account:
    """The account of whoever asks. Raises NotAllowed."""
    with house.pool.connection() as tx:
        account = accounts.by_id(tx, own_id(by))
    if account is None:
        raise NotAllowed("account")
    return account


def own_sign_ins(house: House, by: Person, now: datetime, *, this: bytes | None = None) -> tuple[SignIn, ...]:
    """Where this person is signed in."""
    with house.pool.connection() as tx:
        return sign_ins.of_person(tx, own_id(by), now, this=this)


def own_entries(house: House, by: Person, limit: int) -> tuple[Entered, ...]:
    """The newest sign-ins under one's own name, and the tries that failed."""
    with house.pool.connection() as tx:
        return entries.newest(tx, own_id(by), limit)


def end_own_sign_in(house: House, by: Person, number: str) -> None:
    """End one's own sign-in of this number; doing so twice changes nothing."""
    with house.pool.connection() as tx:
        sign_ins.end_numbered(tx, own_id(by), number)


def end_other_sign_ins(house: House, by: Person, now: datetime, *, but: bytes | None) -> int:
    """Sign out everywhere else; how many sign-ins that ended."""
    person_id = own_id(by)
    with house.pool.connection() as tx:
        ended = sign_ins.end_all(tx, person_id, but=but)
        if ended:
            journal_everywhere(tx, person_id, SignInsEnded(name=by.display_name), now, by=person_id)
    return ended


def rename_self(house: House, by: Person, name: str, now: datetime) -> None:
    """Change the name others see. Raises Refused."""
    person_id = own_id(by)
    try:
        with house.pool.connection() as tx:
            accounts.set_name(tx, person_id, name)
            entry = NameChanged(before=by.display_name, after=accounts.tidy_name(name))
            if entry.before != entry.after:
                journal_everywhere(tx, person_id, entry, now, by=person_id)
    except AccountRefused as refusal:
        raise Refused(refusal.reason) from None


def set_own_language(house: House, by: Person, language: str) -> None:
    """Read the house in another language."""
    with house.pool.connection() as tx:
        accounts.set_language(tx, own_id(by), language)


def change_own_password(
    house: House, by: Person, throttle: Throttle, *, present: str, new: str, address: str | None, now: datetime, real_now: datetime, keep: bytes | None
) -> None:
    """Change one's password with the present one, and end every other sign-in. Raises Refused."""
    person_id = own_id(by)
    try:
        admission.confirm_password(house.pool, throttle, person_id, present, address=address, now=real_now)
        _give_password(house, person_id, new, by=person_id, now=now, keep=keep)
    except EntryRefused as refusal:
        raise Refused(refusal.reason) from None


def reset_password(house: House, by: Person, throttle: Throttle | None, login: str, new: str, now: datetime) -> Account:
    """Give somebody a new password, for the operator at the command line; end all their sign-ins and their lock-out. Raises NotAllowed, Refused."""
    if not by.all_shops:
        raise NotAllowed("people:write")
    with house.pool.connection() as tx:
        account = accounts.by_login(tx, login)
    if account is None:
        raise Refused(say("Nobody signs in as {login}. List the accounts with: zhanggui people list", login=login))
    _give_password(house, account.person_id, new, by=by.person_id, now=now, keep=None)
    if throttle is not None:
        throttle.forgive(admission.throttle_key(account.login))
    return account


def _give_password(house: House, person_id: PersonId, new: str, *, by: PersonId | None, now: datetime, keep: bytes | None) -> None:
    try:
        with house.pool.connection() as tx:
            accounts.set_password(tx, person_id, new)
            sign_ins.end_all(tx, person_id, but=keep)
            factors.end_halves(tx, person_id)
            account = accounts.by_id(tx, person_id)
            journal_everywhere(tx, person_id, PasswordChanged(name=account.display_name if account else ""), now, by=by)
    except AccountRefused as refusal:
        raise Refused(refusal.reason) from None


def journal_everywhere(tx: Tx, person_id: PersonId, entry: Entry, now: datetime, *, by: PersonId | None) -> None:
    """Write it in the journal of each of the person's shops, where their owners will look for it."""
    for shop_id in members.shops_of(tx, person_id):
        journal.write(tx, shop_id, entry, at=now, by=by)


def own_id(by: Person) -> PersonId:
    """The number of whoever asks. Raises NotAllowed for the operator, who has no account."""
    if by.person_id is None:
        raise NotAllowed("account")
    return by.person_id
