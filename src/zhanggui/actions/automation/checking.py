"""Whether a rule may be kept, and whether it may be switched on: by itself, by its golden cases, and beside the rules that are on."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from zhanggui import __version__
from zhanggui.actions.advice.terms import terms_in
from zhanggui.actions.house import House
from zhanggui.actions.rules import rulebook_in
from zhanggui.core.advice.book import ShopTerms
from zhanggui.core.automation.checking import Trouble, is_sound, troubles, troubles_between
from zhanggui.core.automation.deeds import DEEDS
from zhanggui.core.automation.golden import GoldenResult, golden_results, golden_trouble
from zhanggui.core.automation.rules import AutoRule, DeedKind
from zhanggui.core.rules import Rulebook
from zhanggui.core.say import say
from zhanggui.core.speech.checking import check
from zhanggui.people import members
from zhanggui.people.permissions import ShopId
from zhanggui.records.db import Tx
from zhanggui.rulebook.speech import speech_book


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against a rule: that it may not even be kept, that it may not be switched on, and how its golden cases went."""

    wrong: tuple[Trouble, ...]
    """What keeps it from being kept."""
    against: tuple[Trouble, ...]
    """What keeps it from being switched on."""
    golden: tuple[GoldenResult, ...]

    @property
    def may_be_kept(self) -> bool:
        """Whether it may be kept, switched off."""
        return not self.wrong

    @property
    def may_be_on(self) -> bool:
        """Whether it may be switched on."""
        return not self.wrong and not self.against


def check_rule(tx: Tx, house: House, shop_id: ShopId, rule: AutoRule, others: Sequence[AutoRule], now: datetime) -> Checked:
    """Everything that speaks against the rule, beside the others that are on."""
    wrong = (*troubles(rule), *_of_words(rule, now), *_of_people(tx, shop_id, rule))
    if wrong:
        return Checked(wrong=tuple(wrong), against=(), golden=())
    book = rulebook_in(tx, house, shop_id)
    golden = golden_results(rule, book, terms_in(tx, shop_id, book, now), now)
    trouble = golden_trouble(rule, golden)
    beside = troubles_between([*(other for other in others if other.id != rule.id and is_sound(other)), rule])
    return Checked(wrong=(), against=(*(() if trouble is None else (Trouble("case", trouble),)), *beside), golden=golden)


def ground_mark(book: Rulebook, terms: ShopTerms) -> str:
    """What golden cases rest on, as one word: once it is another, they are run again."""
    told = f"{__version__}/{_mark_of(book)}/{msgspec.json.encode(terms).decode()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _mark_of(book: Rulebook) -> str:
    told = "\n".join(f"{rule.cite} {rule.effective_from} {rule.effective_until} {rule.term} {rule.amount}" for rule in book.all)
    return hashlib.sha256((told + repr(book.advice)).encode()).hexdigest()


def _of_words(rule: AutoRule, now: datetime) -> Iterator[Trouble]:
    """What must not be said to a buyer is not said by a rule either."""
    for at, deed in enumerate(rule.do, 1):
        if DEEDS[deed.act].goes_to_buyer and deed.text:
            for finding in check(deed.text, speech_book(), now, ship_within=None):
                yield Trouble(f"do.{at}", say("“{words}” must not be said to a buyer. Say instead: {safe}", words=finding.words, safe=finding.safe))


def _of_people(tx: Tx, shop_id: ShopId, rule: AutoRule) -> Iterator[Trouble]:
    named = {deed.to for deed in rule.do if deed.act is DeedKind.ASSIGN}
    if named:
        known = {member.login for member in members.of_shop(tx, shop_id)}
        for login in sorted(named - known):
            yield Trouble("do", say("Nobody with the sign-in name {login} has a part in this shop.", login=login[:80]))
