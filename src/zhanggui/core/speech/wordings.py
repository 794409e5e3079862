"""Finds notions in a folded text: each way people type them, also by sound and in pinyin."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from zhanggui.core.speech.alike import Alike
from zhanggui.core.speech.folding import Break, Folded

MOST = 40
"""Places of one notion that are looked at."""
_FIGURES = "0123456789零一二两三四五六七八九十百千几半壹贰叁肆伍陆柒捌玖拾x"
AMOUNT = r"(?:\d{1,12}(?:\.\d{1,4})?|[零一二两三四五六七八九十百千几半壹贰叁肆伍陆柒捌玖拾]{1,12})"
"""Bounded, since each digit of a long row begins an amount anew."""
_MOBILE = re.compile(r"(?=(1[3-9]\d{9}))")
_NUMBER = re.compile(r"\d{6,}")
_HANDLE = re.compile(r"(?=([a-z][a-z0-9]{4,19}|[qv]\d{5,11}))")
_FAMILY = "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁宋唐邓韩冯曹彭曾萧肖田董潘袁蔡蒋余杜叶魏苏吕丁卢姚沈姜崔谭陆范汪廖韦贾夏邹熊孟秦邱侯尹薛闫黎史陶贺郝龚邵覃戴孔"
_NAME = f"[{_FAMILY}][一-龥]{{1,2}}"
_TITLED_NAME = f"[{_FAMILY}何许马程江毛严莫雷段]{{1,2}}(?:先生|女士|小姐|阿姨|大姐|大哥|大爷|大妈|叔叔|太太|同学|姐|哥)"
_LEAD = "(?:叫|姓名是|名字是|收件人是?|收货人是?|写的是|下单的是|付款的是|买家是?|顾客是?|客户是?|客人是?|那位|这位|一位|有位|是位)(?:一位)?"
_NAMED = re.compile(
    f"(?=({_LEAD}(?:{_TITLED_NAME}|{_NAME})|(?<!您)是{_TITLED_NAME}|姓[{_FAMILY}]的|在{_NAME}(?:那里|那儿|那边|家里|手里|手上)|的{_NAME}(?=手机|电话|号码|住)))"
)
_TITLED = re.compile(f"(?=({_TITLED_NAME}))")
MOBILE, NUMBER, HANDLE, NAMED, TITLED = "mobile", "number", "handle", "named", "titled"
"""Notions that are no words: a mobile number, any long number, a name of letters and digits as accounts have it, somebody told of by name, and a surname with
its title."""
_PEOPLE = {NAMED: _NAMED, TITLED: _TITLED}
NO_WORDS = frozenset({MOBILE, NUMBER, HANDLE, NAMED, TITLED})


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One notion and the ways people type it. `#` stands for an amount, `^` and `$` for the edge of a phrase."""

    say: tuple[str, ...]
    sounds: bool = True
    """Whether characters that sound alike, and their pinyin, count as the same."""
    never: tuple[str, ...] = ()
    """What sounds or reads alike and means something else."""
    not_after: str = ""
    """Characters that, standing right before, make another word of it."""
    not_before: str = ""
    """Characters that, standing right behind, make another word of it."""


class Place(NamedTuple):
    """Where a notion stands in the folded text."""

    start: int
    end: int


class Finder:
    """All notions, ready to be looked for. What a text cannot hold is not looked for, and no pattern is made before a text may hold it."""

    def __init__(self, wordings: Mapping[str, Wording], alike: Alike) -> None:
        self.wordings = wordings
        self._digits = str.maketrans(dict(alike.digits))
        self._beginning: dict[str, list[_Way]] = {}
        self._holding: dict[str, set[_Sign]] = {}
        signs = _Signs(alike)
        for name, wording in wordings.items():
            for said in wording.say:
                way = _Way(name, said, [signs.of(character, sounds=wording.sounds and len(said) > 1) for character in said.strip("^$")])
                for character in way.signs[0].begins:
                    self._beginning.setdefault(character, []).append(way)
        for sign in signs.all():
            for character in sign.begins:
                self._holding.setdefault(character, set()).add(sign)

    def likely(self, folded: Folded) -> Mapping[str, Iterable["_Way"]]:
        """The ways of each notion that the characters of the text allow; a syllable counts as allowed by its first letter."""
        characters = set(folded.text)
        held = set[_Sign]().union(*(self._holding.get(character, ()) for character in characters))
        found: dict[str, set[_Way]] = {}
        for character in characters:
            for way in self._beginning.get(character, ()):
                if way.others <= held:
                    found.setdefault(way.notion, set()).add(way)
        return found

    def numbers(self, folded: Folded, name: str) -> list[Place]:
        """Where a notion stands that is no word."""
        text = folded.text.translate(self._digits)
        if name == HANDLE:
            found = (match for match in _HANDLE.finditer(folded.text) if folded.is_edge(match.start()) and any(map(str.isdigit, match[1])))
            return [Place(*match.span(1)) for match in found]
        if name == NUMBER:
            return [Place(*match.span()) for match in _NUMBER.finditer(text)]
        if name in _PEOPLE:
            return [Place(*match.span(1)) for match in _PEOPLE[name].finditer(folded.text)]
        return [Place(*match.span(1)) for match in _MOBILE.finditer(text) if _is_whole_number(folded, text, *match.span(1))]


def _is_whole_number(folded: Folded, text: str, start: int, end: int) -> bool:
    """Whether no further digit goes on beside it."""
    goes_before = not folded.is_edge(start) and text[start - 1].isdigit()
    goes_on = not folded.is_edge(end) and text[end].isdigit()
    return not goes_before and not goes_on


class Seen:
    """The notions of one text; each is looked for once, however many rules ask for it."""

    def __init__(self, finder: Finder, folded: Folded) -> None:
        self._finder, self._folded = finder, folded
        self._likely = finder.likely(folded)
        self._places: dict[str, Sequence[Place]] = {}

    def places(self, name: str) -> Sequence[Place]:
        """Where the notion stands, in order; a text that repeats a word a thousand times needs no thousand findings."""
        if name not in self._places:
            self._places[name] = self._look_for(name)[:MOST]
        return self._places[name]

    def _look_for(self, name: str) -> list[Place]:
        if name in NO_WORDS:
            return self._finder.numbers(self._folded, name)
        ways = self._likely.get(name, ())
        if not ways:
            return []
        wording = self._finder.wordings[name]
        barred = [span for words in wording.never for span in _spans(words, self._folded.text)]
        found = {place for way in ways for place in _of_way(way, wording, self._folded, barred)}
        return _apart(found, len(self._folded.text))


def _apart(found: Iterable[Place], length: int) -> list[Place]:
    """The places that do not lie over one another; of several that begin together the longest."""
    taken = [False] * length
    kept = []
    for place in sorted(found, key=lambda place: (place.start, -place.end)):
        if not any(taken[place.start : place.end]):
            taken[place.start : place.end] = [True] * (place.end - place.start)
            kept.append(place)
    return kept


def _spans(words: str, text: str) -> Iterator[Place]:
    start = text.find(words)
    while start >= 0:
        yield Place(start, start + len(words))
        start = text.find(words, start + 1)


def _of_way(way: "_Way", wording: Wording, folded: Folded, barred: Sequence[Place]) -> Iterator[Place]:
    for match in way.pattern.finditer(folded.text):
        start, end = match.span()
        if (way.from_edge and not folded.is_edge(start)) or (way.to_edge and not folded.is_edge(end)):
            continue
        if any(other.start <= start and end <= other.end for other in barred) or not _stands_free(wording, folded, start, end):
            continue
        if _is_one_word(folded, start, end):
            yield Place(start, end)


def _stands_free(wording: Wording, folded: Folded, start: int, end: int) -> bool:
    """Whether no neighbour makes another word of it; letters stand alone."""
    text = folded.text
    before, behind = text[start - 1 : start], text[end : end + 1]
    if _runs_on(before, text[start]) and folded.breaks[start] is Break.NONE:
        return False
    if _runs_on(behind, text[end - 1]) and folded.breaks[end] is Break.NONE:
        return False
    return not (before and before in wording.not_after) and not (behind and behind in wording.not_before)


def _runs_on(neighbour: str, edge: str) -> bool:
    """Whether a letter or digit goes on beside a letter: then it is the piece of another word."""
    return bool(neighbour) and neighbour.isascii() and edge.isascii() and edge.isalpha() and neighbour.isalnum()


def _is_one_word(folded: Folded, start: int, end: int) -> bool:
    """Whether what stands between the characters was strewn there, and does not part two sentences."""
    inside = folded.breaks[start + 1 : end]
    if Break.STOP not in inside:
        return True
    return all(each is not Break.NONE for each in inside) and folded.is_edge(start) and folded.is_edge(end)


class _Sign:
    """One character of a way of typing: what may stand in its place."""

    def __init__(self, pattern: str, characters: Iterable[str], syllable: str = "") -> None:
        self.pattern = pattern
        self.begins = frozenset(characters) | frozenset(syllable[:1])


class _Signs:
    """The signs, each made once."""

    def __init__(self, alike: Alike) -> None:
        self._alike = alike
        self._known: dict[tuple[str, bool], _Sign] = {}

    def of(self, character: str, *, sounds: bool) -> _Sign:
        """The sign of a character."""
        key = (character, sounds and "一" <= character <= "鿿")
        if key not in self._known:
            self._known[key] = self._made(*key)
        return self._known[key]

    def all(self) -> Iterable[_Sign]:
        """Every sign there is."""
        return self._known.values()

    def _made(self, character: str, sounds: bool) -> _Sign:
        if character == "#":
            return _Sign(AMOUNT, _FIGURES)
        if not sounds:
            return _Sign(re.escape(character), character)
        instead, syllable = self._alike.stand_ins(character), self._alike.sound_of.get(character, "")
        if len(syllable) < 2:
            return _Sign(f"[{instead}]", instead)
        return _Sign(f"(?:[{instead}]|{syllable})", instead, syllable)


class _Way:
    """One way of typing a notion."""

    def __init__(self, notion: str, said: str, signs: Sequence[_Sign]) -> None:
        self.notion, self.signs = notion, signs
        self.others = frozenset(signs[1:])
        self.from_edge, self.to_edge = said.startswith("^"), said.endswith("$")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, made when a text may hold it for the first time."""
        return re.compile("".join(sign.pattern for sign in self.signs))
