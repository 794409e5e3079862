"""The keys of the house: what everything sealed is sealed with in the end. They stay in the home folder and in no backup.

The ring is home/keys/vault.keys, one key a line; the first seals, all of them open, so that a key can be replaced. ZHANGGUI_VAULT_KEY may hold the ring
instead, with commas, where the home folder itself is not to be trusted with it.
"""

import hashlib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from zhanggui.actions.refused import Refused
from zhanggui.core.say import Say, say

NAMED_BY = "ZHANGGUI_VAULT_KEY"
FOLDER, FILE, RETIRING = "keys", "vault.keys", "vault.retiring"


class VaultShut(Refused):
    """What was sealed cannot be opened with the keys at hand."""


def sealed_at(home: Path, content: bytes) -> bytes:
    """The content so that only the house of this home can read it."""
    return MultiFernet(_ring(home, make=True)).encrypt(content)


def opened_at(home: Path, sealed: bytes) -> bytes:
    """What was sealed. Raises VaultShut where no key at hand opens it, as after a restore into another home."""
    ring = _ring(home, make=False)
    if not ring:
        raise VaultShut(_no_key(home))
    try:
        return MultiFernet(ring).decrypt(sealed)
    except InvalidToken:
        raise VaultShut(_no_key(home)) from None


def resealed_at(home: Path, sealed: bytes) -> bytes:
    """The same under the newest key. Raises VaultShut where no key at hand opens it."""
    try:
        return MultiFernet(_ring(home, make=True)).rotate(sealed)
    except InvalidToken:
        raise VaultShut(_no_key(home)) from None


def keys_at(home: Path) -> int:
    """How many keys are at hand."""
    return len(_ring(home, make=False))


def is_opened_by_newest(home: Path, sealed: bytes) -> bool:
    """Whether the newest key alone opens it, so that the older ones are not needed for it."""
    ring = _ring(home, make=False)
    try:
        ring[0].decrypt(sealed)
    except (IndexError, InvalidToken):
        return False
    return True


def is_outside() -> bool:
    """Whether the ring is told by the environment, which this program cannot change."""
    return bool(os.environ.get(NAMED_BY))


def told_outside() -> Say:
    """What whoever runs the house does then."""
    return say("The keys are told by {name}: put a fresh key before the others there, restart everything, and ask again.", name=NAMED_BY)


class Retiring(msgspec.Struct, frozen=True):
    """Keys that others took the place of: since when, and which, by their digests. They open until nothing can be under way with them any more."""

    since: datetime
    digests: tuple[str, ...]


def add_key(home: Path, at: datetime) -> None:
    """A fresh key goes before the others, which retire. Whoever calls keeps others from it meanwhile. Raises VaultShut where the ring is kept outside."""
    file = _own_file(home)
    words = _words(file)
    _write(file.with_name(RETIRING), [msgspec.json.encode(Retiring(at, tuple(_digest(word) for word in words)))])
    _write(file, [Fernet.generate_key(), *words])


def retiring(home: Path) -> Retiring | None:
    """The keys that are to go; None where none is."""
    with suppress(FileNotFoundError, msgspec.DecodeError):
        return msgspec.json.decode((home / FOLDER / RETIRING).read_bytes(), type=Retiring)
    return None


def drop_keys(home: Path, gone: Retiring) -> int:
    """How many of these went; what somebody put there since stays. Whoever calls has seen that nothing needs them, and keeps others from adding any."""
    file = _own_file(home)
    words = _words(file)
    kept = [word for number, word in enumerate(words) if number == 0 or _digest(word) not in gone.digests]
    if len(kept) < len(words):
        _write(file, kept)
    file.with_name(RETIRING).unlink(missing_ok=True)
    return len(words) - len(kept)


def _digest(word: bytes) -> str:
    return hashlib.sha256(word).hexdigest()


def _own_file(home: Path) -> Path:
    if is_outside():
        raise VaultShut(told_outside())
    _ring(home, make=True)
    return home / FOLDER / FILE


def _words(file: Path) -> list[bytes]:
    return file.read_bytes().split()


def _write(file: Path, words: list[bytes]) -> None:
    """The file as a whole in the place of the former, so that whoever reads it finds either; on the disk before anything is sealed with what it holds."""
    making = _written(file, words)
    making.replace(file)
    _settle(file.parent)


def _written(file: Path, words: list[bytes]) -> Path:
    making = file.with_name(f".{file.name}.{os.getpid()}-{os.urandom(4).hex()}")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(b"\n".join(words) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    return making


def _settle(folder: Path) -> None:
    """Has the disk keep what was renamed in this folder, where the system lets folders be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
    making = _written(file, [Fernet.generate_key()])
    try:
        with suppress(FileExistsError):
            os.link(making, file)
        _settle(file.parent)
    finally:
        making.unlink()


def _no_key(home: Path) -> Say:
    return say(
        "What was sealed here was sealed with a key that is not in {file}, as after a restore from a backup, which never carries it. "
        "Add the keys of the old home to that file, below its own; secrets of connections can be entered again.",
        file=str(home / FOLDER / FILE),
    )
