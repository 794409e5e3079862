"""Passkeys: what a browser is asked to sign, and whether it did, by Yubico's `fido2`. Nothing is stored while somebody is only being asked.

What is asked to be signed carries its own age and a seal of ours, so that a page can be asked for by anybody without a row being written; only what was
signed rightly is noted, and never taken twice.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from zhanggui.people.codes import HOUSE
from zhanggui.people.factors import StoredPasskey

LASTS = timedelta(minutes=5)
"""So long a browser may take to sign."""
LONGEST_ANSWER = 20_000
_NONCE, _MOMENT, _SEAL = 16, 8, 16
_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, OverflowError, RecursionError, struct.error, UnsupportedAlgorithm)
"""What reading something that no browser of ours made may raise."""


class PasskeyRefused(Exception):
    """The answer does not show what it was asked to show."""


class At(msgspec.Struct, frozen=True, kw_only=True):
    """Where a passkey is used: the name and the address of the house in the browser, and what it is used for, in words no other use has."""

    host: str
    origin: str
    secret: str
    purpose: str


class MadePasskey(msgspec.Struct, frozen=True):
    """A fresh passkey, as it is kept."""

    credential_id: bytes
    credential: bytes
    counted: int


class Shown(msgspec.Struct, frozen=True):
    """A passkey that was shown: which, how often its device says it was used, and the mark of what it signed."""

    credential_id: bytes
    counted: int
    spent: bytes
    ends_at: datetime


def asked_to_make(at: At, person_id: int, login: str, name: str, held: Sequence[StoredPasskey], now: datetime) -> dict[str, Any]:
    """What the browser is asked when a passkey is made: one that the device finds by itself, and that asks its owner's finger, face or PIN."""
    user = PublicKeyCredentialUserEntity(id=_handle(at, person_id), name=login, display_name=name)
    options, _ = _server(at).register_begin(
        user,
        _named(each for each in held if each.host == at.host),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=_challenge(at, now),
    )
    return _asked(options)


def asked_to_show(at: At, held: Sequence[StoredPasskey] | None, now: datetime) -> dict[str, Any]:
    """What the browser is asked when a passkey is shown; `held` None: whichever it has for this house."""
    named = None if held is None else _named(each for each in held if each.host == at.host)
    options, _ = _server(at).authenticate_begin(named, user_verification=UserVerificationRequirement.REQUIRED, challenge=_challenge(at, now))
    return _asked(options)


def made(at: At, answer: str, now: datetime) -> tuple[MadePasskey, bytes, datetime]:
    """The passkey the browser made, the mark of what it signed, and until when that is remembered. Raises PasskeyRefused."""
    told = _read(answer)
    try:
        challenge = RegistrationResponse.from_dict(told).response.client_data.challenge
        data = _server(at).register_complete(_state(at, challenge, now), told)
        credential = data.credential_data
        assert credential is not None
        kept = MadePasskey(credential.credential_id, bytes(credential), data.counter)
    except _UNREADABLE:
        raise PasskeyRefused from None
    return kept, _mark(challenge), now + LASTS


def number_told(answer: str) -> bytes:
    """Which passkey the browser says it shows. Raises PasskeyRefused."""
    told = _read(answer)
    try:
        return bytes(AuthenticationResponse.from_dict(told).raw_id)
    except _UNREADABLE:
        raise PasskeyRefused from None


def shown(at: At, passkey: StoredPasskey, answer: str, now: datetime) -> Shown:
    """The passkey, shown to this very house just now by a device that knew its owner. Raises PasskeyRefused."""
    told = _read(answer)
    if passkey.host != at.host:
        raise PasskeyRefused
    try:
        response = AuthenticationResponse.from_dict(told).response
        challenge = response.client_data.challenge
        _server(at).authenticate_complete(_state(at, challenge, now), [AttestedCredentialData(passkey.credential)], told)
        counted = response.authenticator_data.counter
    except _UNREADABLE:
        raise PasskeyRefused from None
    return Shown(passkey.credential_id, counted, _mark(challenge), now + LASTS)


def _asked(options: Mapping[str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = dict(options)["publicKey"]
    return asked | {"timeout": int(LASTS.total_seconds() * 1000)}


def _server(at: At) -> Fido2Server:
    is_ours: Callable[[str], bool] = lambda origin: origin == at.origin  # noqa: E731 - what the library asks
    return Fido2Server(PublicKeyCredentialRpEntity(id=at.host, name=HOUSE), verify_origin=is_ours)


def _challenge(at: At, now: datetime) -> bytes:
    begun = secrets.token_bytes(_NONCE) + int(now.timestamp()).to_bytes(_MOMENT, "big")
    return begun + _seal(at, begun)


def _state(at: At, challenge: bytes, now: datetime) -> dict[str, Any]:
    """What the library compares the answer with, once the challenge is known to be ours and fresh. Raises ValueError."""
    begun, seal = challenge[:-_SEAL], challenge[-_SEAL:]
    if len(begun) != _NONCE + _MOMENT or not hmac.compare_digest(seal, _seal(at, begun)):
        raise ValueError("not asked by this house")
    asked_at = datetime.fromtimestamp(int.from_bytes(begun[_NONCE:], "big"), UTC)
    if not -LASTS <= now - asked_at <= LASTS:
        raise ValueError("asked too long ago")
    return {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}


def _seal(at: At, begun: bytes) -> bytes:
    about = f"{at.purpose}\n{at.host}\n{at.origin}".encode()
    return hmac.new(b"passkey " + at.secret.encode(), begun + about, hashlib.sha256).digest()[:_SEAL]


def _handle(at: At, person_id: int) -> bytes:
    """What the device keeps of the person: nothing that names them."""
    return hmac.new(b"passkey of " + at.secret.encode(), str(person_id).encode(), hashlib.sha256).digest()


def _mark(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()


def _named(passkeys: Any) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=each.credential_id) for each in passkeys]


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    try:
        told = msgspec.json.decode(answer)
    except (msgspec.DecodeError, RecursionError):
        raise PasskeyRefused from None
    if not isinstance(told, dict):
        raise PasskeyRefused
    return told
