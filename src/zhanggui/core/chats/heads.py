"""Lines that say who speaks or when: the forms in which people copy them, and which of these a paste really uses."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from zhanggui.core.chats.folding import Line
from zhanggui.core.chats.names import bare_name, is_label, is_plausible, known_by_name, label_of
from zhanggui.core.chats.shapes import Who
from zhanggui.core.chats.stamps import Stamp, stamp_at, stamps_in
from zhanggui.core.chats.words import words

_EDGES = " \t|,，-—–=_*·•>《》"
_CLOSING = " \t)]】|,，-—–"
_COLON = re.compile(r"^(?P<name>(?:[^:\t]{1,24}店\s?:\s?[^:\t\s]{1,12}|[^:\t]{1,34}?))\s*:\s*(?P<text>.*)$", re.DOTALL)
_TAB = re.compile(r"^(?P<name>[^\t]{1,30})\t+\s*(?P<text>.+)$", re.DOTALL)
_BRACKET = re.compile(r"^(?P<name>[\[【<(（][^\]】>)）\n]{1,24}[\]】>)）])\s*:?\s*(?P<text>.*)$", re.DOTALL)
_SPACED = re.compile(r"^(?P<name>\S{1,20})\s+(?P<text>\S.*)$", re.DOTALL)
_BEFORE = re.compile(r"[\s(\[【|,，:：—–-]+$")
_NO_HEAD = re.compile(r"时间|点$|到$|前$|后$|明天|下单|发货|预计|大概|是$|在$|号$")


_SHORT_NAME = 16
_LONGEST_HEAD = 100
"""Name and moment end before so many signs."""


class Form(StrEnum):
    """How a head is written."""

    NAME_STAMP = "name_stamp"
    NAME_STAMP_TEXT = "name_stamp_text"
    STAMP_NAME = "stamp_name"
    STAMP_NAME_TEXT = "stamp_name_text"
    STAMP_TEXT = "stamp_text"
    COLON = "colon"
    BRACKET = "bracket"
    TAB = "tab"
    ALONE = "alone"


class Head(NamedTuple):
    """A line that may be a head: who, when, and what is said on the same line."""

    form: Form
    name: str | None
    stamp: Stamp | None
    text: str

    @property
    def shape(self) -> tuple[Form, bool, bool]:
        """What heads of one paste have in common."""
        has_day = self.stamp is not None and self.stamp.day is not None
        return self.form, has_day, self.stamp is not None


def time_line(line: Line, now: datetime) -> Stamp | None:
    """The moment of a line that holds nothing else."""
    bare = line.half.strip(_EDGES + "[]()【】")
    start = line.half.find(bare)
    stamp = stamp_at(line.half, start, now) if bare else None
    return stamp if stamp is not None and not line.half[stamp.end :].strip(_EDGES + "[]()【】") else None


def candidates(line: Line, now: datetime) -> Iterator[Head]:
    """The heads this line may be, the most telling first."""
    yield from _stamp_first(line, now)
    yield from _name_then_stamp(line, now)
    for form, pattern in ((Form.BRACKET, _BRACKET), (Form.COLON, _COLON), (Form.TAB, _TAB)):
        found = pattern.match(line.half)
        if found is not None and is_plausible(name := bare_name(found["name"])):
            yield Head(form, name, None, line.text[found.start("text") :])
    if is_plausible(name := bare_name(line.half.rstrip(": "))):
        yield Head(Form.ALONE, name, None, "")


def _stamp_first(line: Line, now: datetime) -> Iterator[Head]:
    start = len(line.half) - len(line.half.lstrip(" \t[(【<"))
    stamp = stamp_at(line.half, start, now)
    if stamp is None or (stamp.clock is None and stamp.moment is None):
        return
    rest = line.half[stamp.end :].lstrip(_CLOSING)
    at = len(line.half) - len(rest)
    if not rest:
        return
    for pattern in (_COLON, _TAB, _BRACKET, _SPACED):
        found = pattern.match(rest)
        if found is not None and is_plausible(name := bare_name(found["name"])) and (pattern is _COLON or found["text"]):
            form = Form.STAMP_NAME if not found["text"] else Form.STAMP_NAME_TEXT if pattern is not _SPACED else Form.STAMP_TEXT
            yield Head(form, name, stamp, line.text[at + found.start("text") :])
    if is_plausible(name := bare_name(rest)):
        yield Head(Form.STAMP_NAME, name, stamp, "")
    yield Head(Form.STAMP_TEXT, None, stamp, line.text[at:].lstrip(":： "))


def _name_then_stamp(line: Line, now: datetime) -> Iterator[Head]:
    for stamp in stamps_in(line.half[:_LONGEST_HEAD], now):
        ahead = line.half[: stamp.start]
        if not ahead.strip() or (stamp.clock is None and stamp.moment is None):
            continue
        name = bare_name(_BEFORE.sub("", ahead))
        if not is_plausible(name) or (
            ahead.rstrip()[-1:] not in ")]】([【|,，:：-—–" and not ahead[-1:].isspace() and label_of(name) is None and "*" not in name
        ):
            continue
        rest = line.half[stamp.end :].lstrip(_CLOSING)
        at = len(line.half) - len(rest)
        if not rest or rest == ":":
            yield Head(Form.NAME_STAMP, name, stamp, "")
        elif rest.startswith(":"):
            yield Head(Form.NAME_STAMP, name, stamp, line.text[at + 1 :].strip())
        else:
            yield Head(Form.NAME_STAMP_TEXT, name, stamp, line.text[at:])
        return


class Manner:
    """The forms of heads that a paste uses, and the names it knows."""

    def __init__(self, lines: Sequence[Line], reps: Collection[str], now: datetime) -> None:
        """Reads the whole paste once."""
        self._reps = reps
        self._known: dict[str, bool] = {}
        self._candidates = {line.no: tuple(candidates(line, now)) for line in lines}
        heads = tuple(self._candidates.values())
        self._names: Counter[tuple[Form, str]] = Counter((head.form, head.name) for each in heads for head in each if head.name is not None)
        self._shapes = self._established(heads)
        self._speak_by_colon = self._colons(heads)
        self._stamped = frozenset(head.name for each in heads for head in each if head.stamp is not None and head.shape in self._shapes)
        chosen = [head for each in heads if (head := self._chosen(each, frozenset())) is not None and head.name is not None]
        self.names = frozenset(head.name for head in chosen if head.name is not None)
        self.is_stamped = any(head.stamp is not None for head in chosen)

    def head(self, line: Line) -> Head | None:
        """The head that the line is; None where it is none in this paste."""
        return self._chosen(self._candidates[line.no], self.names)

    def _chosen(self, heads: Sequence[Head], names: Collection[str]) -> Head | None:
        return next((head for head in heads if self._is_head(head, names)), None)

    def _is_head(self, head: Head, names: Collection[str]) -> bool:
        if head.name is None:
            return head.shape in self._shapes
        is_known = head.name in names or self._says_who(head.name)
        match head.form:
            case Form.NAME_STAMP | Form.STAMP_NAME | Form.STAMP_NAME_TEXT:
                return is_known or (head.shape in self._shapes and not _NO_HEAD.search(head.name))
            case Form.NAME_STAMP_TEXT:
                return is_known and self._names[Form.NAME_STAMP_TEXT, head.name] + (head.stamp is not None and head.stamp.day is not None) > 1
            case Form.STAMP_TEXT | Form.BRACKET:
                return is_known
            case Form.COLON | Form.ALONE if self._shapes:
                return self._is_surely(head.form, head.name)
            case Form.COLON:
                return is_known or self._names[Form.COLON, head.name] > 1 or self._speak_by_colon
            case Form.TAB:
                return is_known or self._names[Form.TAB, head.name] > 1
        return head.name in names or (self._says_who(head.name) and not self._has_better(head.name))

    def _is_surely(self, form: Form, name: str) -> bool:
        """Whether a name without a moment speaks in a paste whose heads bear one; else it is part of what was said."""
        if name in self._stamped or name in self._reps:
            return True
        return is_label(name) and (form is Form.COLON or not self._has_better(name))

    def _says_who(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = known_by_name(name, self._reps) is not None
        return self._known[name]

    def _has_better(self, name: str) -> bool:
        """Whether this paste writes its heads in another way, so that a word alone on a line is what somebody said."""
        label = label_of(name)
        if label in {Who.SYSTEM, Who.BOT} or "*" in name:
            return False
        return bool(self._shapes) or any(form is Form.COLON and self._says_who(known) for form, known in self._names)

    def _established(self, heads: Sequence[Sequence[Head]]) -> frozenset[tuple[Form, bool, bool]]:
        """The forms with a moment that this paste uses: those of a known side, of a name that comes twice, and of its first line."""
        first = next((each for each in heads if each), ())
        shapes = {head.shape for head in first[:1] if head.stamp is not None and head.name is not None and not _NO_HEAD.search(head.name)}
        for each in heads:
            for head in each:
                if head.stamp is None or head.name is None or head.form in {Form.STAMP_TEXT, Form.NAME_STAMP_TEXT}:
                    continue
                if self._says_who(head.name) or (self._names[head.form, head.name] > 1 and not _NO_HEAD.search(head.name)):
                    shapes.add(head.shape)
        bare = [head for each in heads for head in each[-1:] if head.form is Form.STAMP_TEXT and head.name is None]
        if not shapes and len(bare) * 2 > sum(1 for each in heads if each):
            shapes |= {head.shape for head in bare}
        return frozenset(shapes)

    def _colons(self, heads: Sequence[Sequence[Head]]) -> bool:
        """Whether most lines are somebody's name, a colon, and what was said, and at least one of the names comes up twice or says who it is."""
        by_colon = [head.name for each in heads for head in each if head.form is Form.COLON and head.name is not None]
        alone = [head for each in heads for head in each if head.form is Form.COLON and not head.text and len(head.name or "") <= _SHORT_NAME]
        if len(alone) > 1 and not self._shapes:
            return True
        known = [name for name in by_colon if self._says_who(name) or self._names[Form.COLON, name] > 1]
        return bool(known) and not self._shapes and len(by_colon) * 2 > sum(1 for each in heads if each) and len(set(by_colon)) <= 8


def is_marked_by_words(text: str) -> bool:
    """Whether a whole line stands for a picture and the like."""
    return words().placeholder.fullmatch(text) is not None
