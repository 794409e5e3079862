"""What every reader of dated versions asks of them: sourced, titled in both languages, ended after they began, and never two at once."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Protocol

from zhanggui.core.rules import Title
from zhanggui.rulebook.blocks import RuleRefused


class Version(Protocol):
    """One version of a rule, of a formula, of what an activity asks."""

    @property
    def cite(self) -> str:
        """The version as everything else refers to it."""

    @property
    def title(self) -> Title:
        """What it is called."""

    @property
    def source(self) -> str:
        """Who says so."""

    @property
    def effective_from(self) -> date:
        """The first day."""

    @property
    def effective_until(self) -> date | None:
        """The first day on which it no longer holds."""


def check_version(file: str, one: Version) -> None:
    """A version says what it rests on, and ends after it began. Raises RuleRefused, naming the file."""
    if one.effective_until is not None and one.effective_until <= one.effective_from:
        raise RuleRefused(f"{file}: {one.cite}: it ends before it begins")
    if not (one.source.strip() and one.title.zh and one.title.en):
        raise RuleRefused(f"{file}: {one.cite}: a title in both languages and a source are needed")


def check_succession(file: str, versions: Iterable[Version]) -> None:
    """Of all versions of one thing never two hold at once. Raises RuleRefused, naming the file."""
    for earlier, later in pairwise(sorted(versions, key=lambda one: one.effective_from)):
        if earlier.effective_until is None or later.effective_from < earlier.effective_until:
            raise RuleRefused(f"{file}: {later.cite}: two versions at once")
