"""Puts messages together while the lines of a paste are read one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zhanggui.core.chats.folding import Line, half, line_of
from zhanggui.core.chats.heads import Head
from zhanggui.core.chats.names import label_of
from zhanggui.core.chats.shapes import Mark, Part, Unread, When, Who, Why
from zhanggui.core.chats.stamps import Days, Stamp, stamp_at, stamps_in
from zhanggui.core.chats.words import words

_DAY = timedelta(days=1)
_LONGEST_TRACE = 48
"""The trace of a message taken back, and the words of the page, are short."""


@dataclass
class Draft:
    """A message that is being put together."""

    name: str | None
    who: Who | None
    at: datetime | None
    when: When
    lines: list[int]
    pieces: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)

    @property
    def said(self) -> str:
        """What was said, line by line."""
        return "\n".join(self.pieces)

    def add(self, piece: str) -> None:
        """One more line of it, with what its placeholders stand for."""
        if not piece:
            return
        self.pieces.append(piece)
        table = words()
        for found in table.placeholder.finditer(half(piece)):
            self.marks |= {Mark(kind) for kind, names in table.marks.items() if found[1] in names}
        if piece.startswith(("http://", "https://")):
            self.marks.add(Mark.LINK)
        if table.bot_wrote.search(half(piece)) and self.who is None:
            self.who = Who.BOT


class Reader:
    """Goes through the lines of a paste and keeps what each of them is."""

    def __init__(self, now: datetime) -> None:
        """Nothing has been read yet."""
        self._now = now
        self.days = Days(now)
        self.drafts: list[Draft] = []
        self.left: list[Unread] = []
        self.parts: dict[int, Part] = {}
        self.is_stamped_below = False
        self._open: Draft | None = None
        self._above: tuple[datetime | None, When] = (None, When.UNKNOWN)
        self._is_timed = False
        self._waiting: list[Draft] = []

    def note(self, lines: Sequence[int], part: Part) -> None:
        """Keeps what became of these lines."""
        self.parts.update(dict.fromkeys(lines, part))

    def marks_robot(self, line: Line) -> bool:
        """Whether the line says that a machine wrote what stands above it."""
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.who is not None or not last.pieces or not words().bot_below.fullmatch(line.half):
            return False
        self.note((line.no,), Part.PAGE)
        last.who = Who.BOT
        return True

    def blank(self, line: Line) -> None:
        """Nothing is written on this line."""
        self.note((line.no,), Part.BLANK)

    def unread(self, line: Line, why: Why, lines: Sequence[int] = ()) -> None:
        """This line was not understood."""
        self.note(lines or (line.no,), Part.UNREAD)
        self.left.append(Unread(line.no, line.text, why))

    def time(self, line: Line, stamp: Stamp) -> None:
        """A moment that stands alone: of what follows, of the name just above it, or, in some pastes, of what stands above."""
        self.note((line.no,), Part.TIME)
        at, when = self.days.of(stamp)
        if when is When.UNKNOWN:
            self._open = None if self._open is not None and self._open.pieces else self._open
            return
        above = self._open is not None and not self._open.pieces
        if self.is_stamped_below or above:
            for draft in self._waiting if self.is_stamped_below else ():
                draft.at, draft.when = at, When.RECKONED if draft is not self._waiting[-1] else when
            if above and self._open is not None:
                self._open.at, self._open.when = at, when
            if self.is_stamped_below:
                self._waiting, self._open = [], None
            return
        self._open, self._above, self._is_timed = None, (at, _at_best_reckoned(when)), True

    def head(self, line: Line, head: Head) -> None:
        """Somebody begins to speak."""
        if _is_trace(head.text, head.name):
            self.recalled(line, head.text, head.name, head.stamp)
            return
        self.note((line.no,), Part.HEAD)
        at, when = self.days.of(head.stamp) if head.stamp is not None else self._above
        text, below = _without_tail(head, self._now)
        if below is not None:
            at, when = self.days.of(below)
        self._begin(Draft(head.name, None, at, when, [line.no]))
        if self._open is not None:
            self._open.add(text)
            self._mark_card(line_of(line.no, text))
        if head.name is None:
            self._open = None

    def text(self, line: Line) -> None:
        """A line that says neither who nor when."""
        if self._is_of_page(line):
            return
        if _is_trace(line.text, None):
            self.recalled(line, line.text, None, None)
            return
        if self._is_of_system(line):
            self._system(line)
            return
        card = _card(line)
        if self._open is None and card is not None:
            self._system(line, card)
        elif self._open is not None:
            self.note((line.no,), Part.CARD if card is not None else Part.TEXT)
            self._open.lines.append(line.no)
            self._open.add(line.text)
            self._mark_card(line)
        elif self._is_timed:
            self.note((line.no,), Part.TEXT)
            self._begin(Draft(None, None, *self._above, [line.no]))
            self.drafts[-1].add(line.text)
            self._open = None
        else:
            self.unread(line, Why.NO_SPEAKER)

    def recalled(self, line: Line, text: str, name: str | None, stamp: Stamp | None) -> None:
        """The trace of a message that was taken back; it breaks nobody's speech off."""
        self.note((line.no,), Part.SYSTEM)
        at, when = self.days.of(stamp) if stamp is not None else self._above
        who = None if name is not None else _who_took_back(line.half)
        before = self._open
        self._begin(Draft(name, who, at, when, [line.no], marks={Mark.RECALLED}))
        self.drafts[-1].pieces.append(text or line.text)
        self._open = before if before is not None and before.pieces else None

    def row(self, lines: Sequence[int], name: str, moment: str, text: str, others: Sequence[str]) -> None:
        """One row of a table is one message."""
        self.note(lines, Part.TEXT)
        stamp = stamp_at(half(moment), 0, self._now)
        at, when = self.days.of(stamp) if stamp is not None else (None, When.UNKNOWN)
        self._begin(Draft(name or None, None, at, when, list(lines), others=list(others)))
        if _is_trace(text, name):
            self.drafts[-1].marks.add(Mark.RECALLED)
        self.drafts[-1].add(text)
        self.drafts[-1].pieces.extend(others)

    def end(self) -> None:
        """The paste is over: times without any day end before the moment of reading."""
        self._open = None
        assumed = [draft for draft in self.drafts if draft.when is When.ASSUMED]
        last = max((draft.at for draft in assumed if draft.at is not None), default=self._now)
        days = -((self._now - last) // _DAY)
        for draft in assumed if last > self._now else ():
            assert draft.at is not None
            draft.at -= days * _DAY

    def _begin(self, draft: Draft) -> None:
        self.drafts.append(draft)
        self._waiting.append(draft)
        self._open = draft

    def _system(self, line: Line, card: Mark | None = None) -> None:
        self.note((line.no,), Part.SYSTEM if card is None else Part.CARD)
        last = self.drafts[-1] if self.drafts else None
        if card is not None and last is not None and last.who is Who.SYSTEM and last.lines[-1] >= line.no - 2 and last.marks:
            last.lines.append(line.no)
        else:
            at, when = self._above
            last = Draft(None, Who.SYSTEM, at, when, [line.no])
            self.drafts.append(last)
            self._waiting.append(last)
        last.add(line.text)
        if card is not None:
            last.marks.add(card)

    def _mark_card(self, line: Line) -> None:
        card = _card(line)
        if card is not None and self._open is not None:
            self._open.marks.add(card)

    def _is_of_page(self, line: Line) -> bool:
        if not words().is_page.fullmatch(line.half.strip(" -—")):
            return False
        if self._open is not None and not self._open.pieces and "读" not in line.half and "送达" not in line.half:
            return False
        self.note((line.no,), Part.PAGE)
        return True

    def _is_of_system(self, line: Line) -> bool:
        if self._open is not None and not self._open.pieces and label_of(line.half) is not Who.SYSTEM:
            return False
        return words().is_system.search(line.half) is not None


def _at_best_reckoned(when: When) -> When:
    return When.RECKONED if when is When.WRITTEN else when


def _is_trace(text: str, name: str | None) -> bool:
    return len(text) <= _LONGEST_TRACE and words().is_recalled.search(half(text)) is not None and (name is not None or not text.endswith(("?", "？", "吗")))


def _who_took_back(text: str) -> Who | None:
    table = words().recalled
    if any(text.startswith(word) for word in table["theirs"]):
        return Who.BUYER
    if any(text.startswith(word) for word in table["mine"]):
        return Who.REP
    return Who.UNKNOWN


def _without_tail(head: Head, now: datetime) -> tuple[str, Stamp | None]:
    """What was said, without the moment that some pastes put behind it."""
    if head.stamp is not None:
        return head.text, None
    told = half(head.text)
    last = [stamp for stamp in stamps_in(told, now) if stamp.clock is not None]
    if not last or told[last[-1].end :].strip(" )]") or not (told[: last[-1].start].endswith((" ", "\t", "(", "[")) or not told[: last[-1].start]):
        return head.text, None
    stamp = last[-1]
    is_apart = told[: stamp.start].endswith(("  ", "\t", "(", "[")) or stamp.day is not None or not told[: stamp.start]
    return (head.text[: stamp.start].rstrip(" \t(["), stamp) if is_apart else (head.text, None)


def _card(line: Line) -> Mark | None:
    """Which kind of card the line is of."""
    table = words()
    field_name = line.half.split(":", 1)[0].strip() if ":" in line.half else None
    for kind in (Mark.ORDER, Mark.GOODS):
        if field_name is not None and field_name in table.fields[kind.value]:
            return kind
        if table.card_lines[kind.value].fullmatch(line.half):
            return kind
    return None
