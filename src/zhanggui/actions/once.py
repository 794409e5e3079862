"""A form that writes something down does so once, however often it is sent: its key is kept in the transaction that did it."""

from datetime import datetime, timedelta

import msgspec

from zhanggui.records import forms_sent
from zhanggui.records.db import Tx

_KEPT = timedelta(days=1)


class Once(msgspec.Struct, frozen=True):
    """A form as it was sent: a digest of who sent what from which drawn form, and when that was."""

    digest: str
    wall: datetime


class DoneBefore(Exception):
    """The very form was sent before, and did what it says."""


def need_first(tx: Tx, once: Once | None) -> None:
    """Raises DoneBefore where this form was sent before. What bears no key is done each time."""
    if once is not None and not forms_sent.note(tx, once.digest, once.wall, once.wall + _KEPT):
        raise DoneBefore
