"""Who calls a tool: in whose name, in which one shop, with which scopes, and in which language it is answered."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import Say
from zhanggui.people.permissions import Person, ShopId
from zhanggui.words import Catalog


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """One assistant at work in one shop."""

    house: House
    person: Person
    shop_id: ShopId
    scopes: frozenset[Scope]
    words: Catalog
    now: Callable[[], datetime]
    wall: Callable[[], datetime]

    def said(self, sentence: Say) -> str:
        """The sentence in the caller's language."""
        return self.words.render(sentence)

    def said_each(self, sentences: tuple[Say, ...]) -> tuple[str, ...]:
        """Each of the sentences."""
        return tuple(map(self.said, sentences))
