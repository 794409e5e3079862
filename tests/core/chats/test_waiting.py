"""Who waits in a thread, held against a plain reading of the same messages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.chats.shapes import Mark, When, Who
from zhanggui.core.chats.waiting import Spoken, standing_of

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
WHO = {"b": Who.BUYER, "r": Who.REP, "o": Who.BOT, "s": Who.SYSTEM}


def spoken(letters: str) -> list[Spoken]:
    """One message a minute: b buyer, r rep, o robot, s system, x taken back by the buyer, w an answer on its way, u the buyer at an unknown moment."""
    return [
        Spoken(
            who=WHO.get(letter, Who.REP if letter == "w" else Who.BUYER),
            placed_at=START + timedelta(minutes=minute),
            when=When.UNKNOWN if letter == "u" else When.WRITTEN,
            text=f"{letter}{minute}",
            marks=frozenset({Mark.RECALLED}) if letter == "x" else frozenset(),
            is_sent=letter != "w",
        )
        for minute, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "waits_from", "known", "text", "turn"),
    [
        ("", None, False, "", ""),
        ("b", 0, True, "b0", "b0"),
        ("bb", 0, True, "b1", "b0 b1"),
        ("br", None, False, "", "b0"),
        ("brb", 2, True, "b2", "b2"),
        ("bobob", 0, True, "b4", "b0 b2 b4"),
        ("bw", 0, True, "b0", "b0"),
        ("xs", None, False, "", ""),
        ("brx", None, False, "", "b0"),
        ("ub", 0, False, "b1", "u0 b1"),
        ("rr", None, False, "", ""),
        ("bbbbbbbb", 0, True, "b7", "b2 b3 b4 b5 b6 b7"),
    ],
)
def test_it_says_who_waits_since_when(letters: str, waits_from: int | None, known: bool, text: str, turn: str) -> None:
    stands = standing_of(spoken(letters), None)

    assert stands.waiting_since == (None if waits_from is None else START + timedelta(minutes=waits_from))
    assert (stands.waiting_known, stands.waiting_text) == (known, text)
    assert " ".join(message.text for message in stands.turn if message.who is Who.BUYER) == turn


@given(st.text("bro", max_size=30), st.integers(-1, 30))
def test_the_buyer_waits_from_the_first_message_that_no_person_answered_and_nobody_settled(letters: str, settled: int) -> None:
    settled_at = None if settled < 0 else START + timedelta(minutes=settled)

    waiting = [place for place, letter in enumerate(letters) if letter == "b" and "r" not in letters[place:] and place > settled]

    expected = START + timedelta(minutes=waiting[0]) if waiting else None
    assert standing_of(spoken(letters), settled_at).waiting_since == expected


@pytest.mark.parametrize(
    ("order", "waits_from"),
    [("b0 h1", None), ("h1 b0", 0), ("b0 h2 b1", 1), ("b0 h2 b1 h3", None), ("b0 b1 t2 b1", None), ("h2 b0 b1 t3", None), ("h3 b1 b2", 1)],
)
def test_an_answer_given_here_answers_what_had_come_by_then_and_one_from_elsewhere_what_was_written_before(order: str, waits_from: int | None) -> None:
    """In the order in which they came: b of the buyer, h said here, t told by a tool, each with the minute it was written."""
    came = [
        Spoken(
            who=Who.BUYER if word[0] == "b" else Who.REP,
            placed_at=START + timedelta(minutes=int(word[1:])),
            when=When.WRITTEN,
            text=word,
            came=number,
            is_said_here=word[0] == "h",
        )
        for number, word in enumerate(order.split(), 1)
    ]

    stands = standing_of(sorted(came, key=lambda message: message.placed_at), None)

    assert stands.waiting_since == (None if waits_from is None else START + timedelta(minutes=waits_from))


def test_it_shortens_what_waits_to_one_line() -> None:
    long = Spoken(who=Who.BUYER, placed_at=START, when=When.WRITTEN, text="长" * 200 + "\n第二行")

    assert standing_of([long], None).waiting_text == "长" * 119 + "…"
