"""Codes: six digits of an authenticator app (RFC 6238, by pyotp), and recovery codes, of which each works once."""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

HOUSE = "Zhanggui"
"""What the app calls us."""
STEP = 30
DIGITS = 6
LATE = 1
"""How many steps the clock of a phone may be ahead or behind."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""
_PARTS, _PART = 4, 4


def new_secret() -> str:
    """A fresh secret for an app."""
    return pyotp.random_base32()


def app_address(secret: str, login: str) -> str:
    """The address an app reads from a QR code, or from a link on the phone itself."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(name=login, issuer_name=HOUSE)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which half-minute the code belongs to, of those that are near enough; None for a wrong one. All of them are compared, whichever it is."""
    app, typed, found = pyotp.TOTP(secret, digits=DIGITS, interval=STEP), tidy(code), None
    present = int(now.timestamp()) // STEP
    for step in range(present - LATE, present + LATE + 1):
        if hmac.compare_digest(app.generate_otp(step).encode(), typed.encode()):
            found = step
    return found


def tidy(code: str) -> str:
    """What was typed without the spaces and dashes people put into codes."""
    return "".join(char for char in code[:80].lower() if char.isalnum())


def new_recovery_codes() -> tuple[str, ...]:
    """A fresh set, each of eighty bits nearly: nobody guesses one, nor finds it from its digest."""
    return tuple("-".join("".join(secrets.choice(_LETTERS) for _ in range(_PART)) for _ in range(_PARTS)) for _ in range(RECOVERY_CODES))


def recovery_digest(person_id: int, code: str) -> bytes:
    """What is stored of a recovery code."""
    return hashlib.sha256(f"recovery {person_id} {tidy(code)}".encode()).digest()


def looks_like_recovery(code: str) -> bool:
    """Whether this was meant as a recovery code."""
    return len(tidy(code)) > DIGITS
