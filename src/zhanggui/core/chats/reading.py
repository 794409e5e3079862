"""Reads a pasted conversation, line by line; every line is accounted for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from zhanggui.core.chats.drafting import Draft, Reader
from zhanggui.core.chats.folding import Line, line_of, lines_of
from zhanggui.core.chats.heads import Manner, time_line
from zhanggui.core.chats.masking import hidden_pieces
from zhanggui.core.chats.orders import order_numbers, tracking_numbers
from zhanggui.core.chats.shapes import Chat, ChatLine, Mark, Message, Part, Speaking, Who, Why
from zhanggui.core.chats.speakers import Digest, speakers_of
from zhanggui.core.chats.tables import Columns, Row, columns_of, table_of
from zhanggui.core.chats.words import words
from zhanggui.core.promises import promises_in

LONGEST_PASTE = 400_000
"""What stands further down than so many characters is not read: nobody copies more of one conversation."""
_PROMISE = frozenset({Who.REP, Who.BOT})


def read_chat(text: str, now: datetime, *, reps: Collection[str] = (), digest: Digest | None = None) -> Chat:
    """The conversation in the text: who said what when, what it names and what was promised; days are reckoned from `now`.

    Personal data are masked before anything else is done. `reps` are names that are known to be the shop's; `digest` makes the key by which a buyer is
    known again from a name that is not kept.
    """
    lines = lines_of(text[:LONGEST_PASTE])
    rows = table_of([line.text for line in lines])
    columns = columns_of(rows, now) if rows else None
    reader = Reader(now)
    if rows and columns:
        _read_rows(reader, rows, columns, len(lines))
    else:
        _read_lines(reader, lines, Manner([line for line in lines if not line.is_blank], reps, now), now)
    return _chat(reader, lines, reps, digest)


def _read_lines(reader: Reader, lines: Sequence[Line], manner: Manner, now: datetime) -> None:
    written = [line for line in lines if not line.is_blank]
    reader.is_stamped_below = not manner.is_stamped and _stamped_below(written, now)
    last_clock = max((line.no for line in written if _tells_a_time(line, manner, now)), default=0)
    for line in lines:
        if line.is_blank:
            reader.blank(line)
        elif reader.marks_robot(line):
            continue
        elif (stamp := time_line(line, now)) is not None and (line.no <= last_clock or line.half[:1].isdigit()):
            reader.time(line, stamp)
        elif (head := manner.head(line)) is not None:
            reader.head(line, head)
        else:
            reader.text(line)
    reader.end()


def _tells_a_time(line: Line, manner: Manner, now: datetime) -> bool:
    """Whether a time of the day stands here: "today" alone is what somebody said, unless times follow."""
    stamp = time_line(line, now)
    if stamp is None:
        head = manner.head(line)
        stamp = None if head is None else head.stamp
    return stamp is not None and (stamp.clock is not None or stamp.moment is not None)


def _stamped_below(lines: Sequence[Line], now: datetime) -> bool:
    """Whether each moment stands alone below what was said: the paste ends with one and does not begin with one."""
    telling = [line for line in lines if not words().is_page.fullmatch(line.half)]
    return len(telling) > 1 and time_line(telling[-1], now) is not None and time_line(telling[0], now) is None


def _read_rows(reader: Reader, rows: Sequence[Row], columns: Columns, count: int) -> None:
    taken = {no: row for row in rows for no in range(row.first, row.last + 1)}
    for no in range(1, count + 1):
        if no not in taken:
            reader.blank(Line(no, "", ""))
    for row in rows:
        lines = tuple(range(row.first, row.last + 1))
        if row is columns.heading:
            reader.note(lines, Part.HEAD)
        elif len(row.cells) <= max(columns.text, columns.speaker):
            reader.unread(line_of(row.first, " ".join(row.cells)), Why.SHORT_ROW, lines)
        else:
            moment = " ".join(row.cells[number] for number in columns.moments if number < len(row.cells))
            others = [cell for number, cell in enumerate(row.cells) if cell and number not in (columns.text, columns.speaker, *columns.moments)]
            reader.row(lines, row.cells[columns.speaker], moment, row.cells[columns.text], others)
    reader.end()


def _chat(reader: Reader, lines: Sequence[Line], reps: Collection[str], digest: Digest | None) -> Chat:
    _hide_split_numbers(reader.drafts)
    said: dict[str, list[str]] = {}
    for draft in reader.drafts:
        if draft.name is not None:
            said.setdefault(draft.name, []).append(draft.said)
    speakers = speakers_of(said, reps, digest)
    places = {name: place for place, name in enumerate(speakers)}
    messages = tuple(_message(no, draft, speakers, places) for no, draft in enumerate(reader.drafts, start=1))
    parts = tuple(ChatLine(no, part) for no, part in sorted(reader.parts.items()))
    masked = sorted({kind for line in lines for kind in line.masked})
    return Chat(speakers=tuple(speakers.values()), messages=messages, unread=tuple(reader.left), lines=parts, masked=tuple(masked))


def _hide_split_numbers(drafts: Sequence[Draft]) -> None:
    """Stars out numbers that somebody wrote over several lines or messages in a row."""
    for _, row in groupby(drafts, key=lambda draft: (draft.name, draft.who)):
        some = list(row)
        hidden = iter(hidden_pieces([piece for draft in some for piece in draft.pieces]))
        for draft in some:
            draft.pieces = [next(hidden) for _ in draft.pieces]


def _message(no: int, draft: Draft, speakers: dict[str, Speaking], places: dict[str, int]) -> Message:
    who = draft.who or (speakers[draft.name].who if draft.name is not None else Who.UNKNOWN)
    text = draft.said
    named = "\n".join((text, *draft.others))
    return Message(
        no=no,
        who=who,
        speaker=None if draft.name is None else places[draft.name],
        at=draft.at,
        when=draft.when,
        text=text,
        lines=tuple(draft.lines),
        marks=tuple(mark for mark in Mark if mark in draft.marks),
        order_nos=order_numbers(named),
        tracking_nos=tracking_numbers(named),
        promises=promises_in(text, draft.at) if who in _PROMISE and Mark.RECALLED not in draft.marks else (),
    )
