"""Reads the words by which notices of the platform are read."""

from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from zhanggui.core.rules import Basis, Grade
from zhanggui.core.whatif.noticing import NoticeWords
from zhanggui.rulebook.blocks import decoded


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checked: date
    basis: Basis
    grade: Grade
    source: str
    words: NoticeWords


@cache
def notice_words() -> NoticeWords:
    """The words by which a notice is read. Raises RuleRefused, naming file and line."""
    return decoded((files("zhanggui.rulebook") / "notices.toml").read_text("utf-8"), _File, "notices.toml").words
