"""The second half of signing in, and showing again who sits there: by a code, a recovery code, or a passkey."""

from datetime import datetime
from typing import Any

from zhanggui.actions.house import House
from zhanggui.actions.own_account import own_id
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import VaultShut, unseal
from zhanggui.core.say import Say, say
from zhanggui.people import admission, codes, entries, factors, passkeys, sign_ins
from zhanggui.people.admission import EntryRefused
from zhanggui.people.entries import Came, EntryKind
from zhanggui.people.factors import StoredPasskey
from zhanggui.people.passkeys import At, PasskeyRefused
from zhanggui.people.permissions import Person, PersonId
from zhanggui.people.throttle import Throttle
from zhanggui.records.db import Tx, transact

HALF_IS_OVER = say("That took too long. Please sign in again.")
WRONG_CODE = say("The code is not right, or was used already. Wait for the next one, and see that the phone's clock is right.")
WRONG_RECOVERY = say("This recovery code is not right, or was used already.")
WRONG_PASSKEY = say("The passkey was not taken. Try again, or sign in with your password.")
APP_IS_SHUT = say(
    "The codes of your app cannot be checked: the key they were sealed with is gone, as after a restore. Take a recovery code or a passkey, or have "
    "whoever runs Zhanggui do: zhanggui people drop-factors NAME"
)


def half_way(house: House, token: str | None, now: datetime) -> PersonId | None:
    """Who has given a right password with this token, and has the second factor still to show."""
    if not token:
        return None
    with house.pool.connection() as tx:
        return factors.half(tx, token, now)


def enter_by_code(house: House, throttle: Throttle, half_token: str, code: str, *, came: Came, now: datetime) -> str:
    """The token of a new sign-in, for whoever shows a code after the password. Raises Refused."""
    person_id = _half_way(house, half_token, now)
    kind = check_code(house, throttle, person_id, code, came=came, now=now)
    return _whole(house, half_token, person_id, kind, came, now)


def enter_by_second_passkey(house: House, throttle: Throttle, half_token: str, at: At, answer: str, *, came: Came, now: datetime) -> str:
    """The token of a new sign-in, for whoever shows a passkey after the password. Raises Refused."""
    person_id = _half_way(house, half_token, now)
    check_passkey(house, throttle, at, answer, came=came, now=now, whose=person_id)
    return _whole(house, half_token, person_id, EntryKind.PASSKEY, came, now)


def enter_by_passkey(house: House, throttle: Throttle, at: At, answer: str, *, came: Came, now: datetime) -> str:
    """The token of a new sign-in, for whoever shows a passkey alone: the device has asked for a finger, a face or a PIN. Raises Refused."""
    person_id = check_passkey(house, throttle, at, answer, came=came, now=now)
    with house.pool.connection() as tx:
        return _begun(tx, person_id, EntryKind.PASSKEY, came, now)


def passkeys_to_show(house: House, at: At, person_id: PersonId | None, now: datetime) -> dict[str, Any]:
    """What a browser is asked for; of somebody who is known already, one of theirs."""
    if person_id is None:
        return passkeys.asked_to_show(at, None, now)
    with house.pool.connection() as tx:
        held = factors.passkeys_of(tx, person_id)
    return passkeys.asked_to_show(at, held, now)


def confirm_by_password(house: House, by: Person, throttle: Throttle, digest: bytes, password: str, *, came: Came, now: datetime) -> None:
    """It is still they, by the password. Raises Refused."""
    person_id = own_id(by)
    try:
        admission.confirm_password(house.pool, throttle, person_id, password, address=came.address, now=now)
    except EntryRefused as refusal:
        raise Refused(refusal.reason) from None
    _confirm(house, digest, now)


def confirm_by_code(house: House, by: Person, throttle: Throttle, digest: bytes, code: str, *, came: Came, now: datetime) -> None:
    """It is still they, by a code. Raises Refused."""
    check_code(house, throttle, own_id(by), code, came=came, now=now)
    _confirm(house, digest, now, is_strong=True)


def confirm_by_passkey(house: House, by: Person, throttle: Throttle, digest: bytes, at: At, answer: str, *, came: Came, now: datetime) -> None:
    """It is still they, by a passkey. Raises Refused."""
    check_passkey(house, throttle, at, answer, came=came, now=now, whose=own_id(by))
    _confirm(house, digest, now, is_strong=True)


def check_code(house: House, throttle: Throttle, person_id: PersonId, code: str, *, came: Came, now: datetime) -> EntryKind:
    """Which kind of code it was, used up. Raises Refused."""
    key = f"second factor {person_id}"
    _count(throttle, key, came, now)
    if codes.looks_like_recovery(code):
        kind, wrong, is_right = EntryKind.RECOVERY, WRONG_RECOVERY, _uses_recovery_code(house, person_id, code, now)
    else:
        kind, wrong, is_right = EntryKind.CODE, WRONG_CODE, _uses_app_code(house, person_id, code, now)
    if not is_right:
        _refuse(house, person_id, EntryKind.WRONG_CODE, wrong, came, now)
    throttle.forgive(key)
    return kind


def check_passkey(house: House, throttle: Throttle, at: At, answer: str, *, came: Came, now: datetime, whose: PersonId | None = None) -> PersonId:
    """Whose passkey was shown; `whose` says whose it must be. Raises Refused."""
    _count(throttle, None, came, now)
    held = _held(house, answer)
    if held is None:
        raise Refused(WRONG_PASSKEY)
    person_id = PersonId(held.person_id)
    if (whose is not None and person_id != whose) or not _is_shown(house, at, held, answer, now):
        _refuse(house, person_id, EntryKind.WRONG_PASSKEY, WRONG_PASSKEY, came, now)
    return person_id


def _held(house: House, answer: str) -> StoredPasskey | None:
    """The passkey that the browser says it shows."""
    try:
        number = passkeys.number_told(answer)
    except PasskeyRefused:
        return None
    with house.pool.connection() as tx:
        return factors.passkey(tx, number)


def _is_shown(house: House, at: At, held: StoredPasskey, answer: str, now: datetime) -> bool:
    """Whether it was shown indeed, for the first time, and by no copy of its device."""
    try:
        told = passkeys.shown(at, held, answer, now)
    except PasskeyRefused:
        return False
    return transact(house.pool, lambda tx: factors.spend(tx, told.spent, told.ends_at) and factors.use_passkey(tx, told.credential_id, told.counted, now))


def _uses_recovery_code(house: House, person_id: PersonId, code: str, now: datetime) -> bool:
    with house.pool.connection() as tx:
        return factors.use_recovery_code(tx, person_id, codes.recovery_digest(person_id, code), now)


def _uses_app_code(house: House, person_id: PersonId, code: str, now: datetime) -> bool:
    with house.pool.connection() as tx:
        app = factors.app_of(tx, person_id)
    if app is None or not app.is_proven:
        return False
    try:
        step = codes.step_of(unseal(house, app.sealed), code, now)
    except VaultShut:
        raise Refused(APP_IS_SHUT) from None
    if step is None:
        return False
    with house.pool.connection() as tx:
        return factors.use_step(tx, person_id, step)


def _half_way(house: House, token: str, now: datetime) -> PersonId:
    person_id = half_way(house, token, now)
    if person_id is None:
        raise Refused(HALF_IS_OVER)
    return person_id


def _whole(house: House, half_token: str, person_id: PersonId, kind: EntryKind, came: Came, now: datetime) -> str:
    def work(tx: Tx) -> str | None:
        # of two that come with one half at once, one is let in
        return _begun(tx, person_id, kind, came, now) if factors.end_half(tx, half_token) else None

    token = transact(house.pool, work)
    if token is None:
        raise Refused(HALF_IS_OVER)
    return token


def _begun(tx: Tx, person_id: PersonId, kind: EntryKind, came: Came, now: datetime) -> str:
    entries.write(tx, person_id, kind, came, now)
    return sign_ins.begin(tx, person_id, now, device=came.device, network=came.network, is_strong=True)


def _confirm(house: House, digest: bytes, now: datetime, *, is_strong: bool = False) -> None:
    with house.pool.connection() as tx:
        sign_ins.confirm(tx, digest, now)
        if is_strong:
            sign_ins.strengthen(tx, digest)


def _count(throttle: Throttle, key: str | None, came: Came, now: datetime) -> None:
    try:
        admission.count_try(throttle, account=key, address=came.address, now=now, factor=key)
    except EntryRefused as refusal:
        raise Refused(refusal.reason) from None


def _refuse(house: House, person_id: PersonId, kind: EntryKind, reason: Say, came: Came, now: datetime) -> None:
    with house.pool.connection() as tx:
        entries.write(tx, person_id, kind, came, now)
    raise Refused(reason)
