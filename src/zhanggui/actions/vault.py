"""Secrets at rest: sealed before they are stored, with keys that stay in the home folder and in no backup.

The ring is home/keys/vault.keys, one key a line; the first seals, all of them open, so that a key can be replaced. ZHANGGUI_VAULT_KEY may hold the ring
instead, with commas, where the home folder itself is not to be trusted with it.
"""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say

NAMED_BY = "ZHANGGUI_VAULT_KEY"
FOLDER, FILE = "keys", "vault.keys"


class VaultShut(Refused):
    """What was sealed cannot be opened with the keys at hand."""


def seal(house: House, text: str) -> bytes:
    """The text so that only this house can read it."""
    return MultiFernet(_ring(house.home, make=True)).encrypt(text.encode())


def unseal(house: House, sealed: bytes) -> str:
    """The text that was sealed. Raises VaultShut where no key at hand opens it, as after a restore into another home."""
    ring = _ring(house.home, make=False)
    if not ring:
        raise VaultShut(_no_key(house.home))
    try:
        return MultiFernet(ring).decrypt(sealed).decode()
    except InvalidToken:
        raise VaultShut(_no_key(house.home)) from None


def _ring(home: Path, *, make: bool) -> list[Fernet]:
    """The keys at hand, the sealing one first. Raises VaultShut for a ring that is none."""
    named = os.environ.get(NAMED_BY, "")
    file = home / FOLDER / FILE
    if not named and make and not file.exists():
        _make(file)
    try:
        words = named.split(",") if named else file.read_text("ascii").split()
        return [Fernet(word.strip()) for word in words if word.strip()]
    except FileNotFoundError:
        return []
    except (ValueError, OSError):
        # neither the key nor what is wrong with it is repeated
        where = NAMED_BY if named else str(file)
        raise VaultShut(say("The keys in {where} cannot be read. Put them back as they were; without them sealed secrets stay shut.", where=where)) from None


def _make(file: Path) -> None:
    """A fresh ring of one key. Two processes that make it at the same moment end with the same one, and it is whole or not there."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = file.with_name(f".{FILE}.{os.getpid()}-{os.urandom(4).hex()}")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(Fernet.generate_key() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(making, file)
    finally:
        making.unlink()


def _no_key(home: Path) -> Say:
    return say(
        "The secrets of this connection were sealed with a key that is not in {file}, as after a restore from a backup, which never carries it. "
        "Put the file of the old home back, or connect the shop again.",
        file=str(home / FOLDER / FILE),
    )
