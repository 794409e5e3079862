"""Secrets at rest: sealed before they are stored, with keys that stay in the home folder and in no backup."""

from zhanggui.actions.house import House
from zhanggui.actions.ring import NAMED_BY, VaultShut, opened_at, sealed_at

__all__ = ["NAMED_BY", "VaultShut", "seal", "unseal"]


def seal(house: House, text: str) -> bytes:
    """The text so that only this house can read it."""
    return sealed_at(house.home, text.encode())


def unseal(house: House, sealed: bytes) -> str:
    """The text that was sealed. Raises VaultShut where no key at hand opens it, as after a restore into another home."""
    return opened_at(house.home, bytes(sealed)).decode()
