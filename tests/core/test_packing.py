"""What is scanned into a parcel is held against what was ordered."""

import pytest

from zhanggui.core.batches import parcels_of
from zhanggui.core.batches.packing import Ordered, Tone, is_code, put_in, weight_in

NUTS, PINE = Ordered(("NUT-750", "6901234567892"), 2), Ordered((), 1)


@pytest.mark.parametrize(
    ("text", "counts", "tone"),
    [
        ("NUT-750", (1, 0), Tone.CALM),
        (" nut-750 ", (1, 0), Tone.CALM),
        ("6901234567892", (1, 0), Tone.CALM),
        ("2*NUT-750", (2, 0), Tone.CALM),
        ("2×6901234567892", (2, 0), Tone.CALM),
        ("2", (0, 1), Tone.CALM),
        ("3*NUT-750", (0, 0), Tone.STOP),
        ("NUT-751", (0, 0), Tone.STOP),
        ("3", (0, 0), Tone.STOP),
        ("1*2", (0, 0), Tone.STOP),
        ("", (0, 0), Tone.STOP),
    ],
)
def test_a_scan_counts_what_it_means_and_stops_what_does_not_belong(text: str, counts: tuple[int, ...], tone: Tone) -> None:
    answer = put_in((NUTS, PINE), (0, 0), text)

    assert (answer.counts, answer.tone) == (counts, tone)


@pytest.mark.parametrize(
    ("codes", "text", "counts"),
    [
        (("A-1", "3X1"), "3X1", (0, 1)),
        (("A-1", "3X1"), "2*3x1", (0, 2)),
        (("2XL-RED", "L-RED"), "2XL-RED", (1, 0)),
        (("L-RED", "M-RED"), "2XL-RED", (0, 0)),
        (("2*A", "A"), "2*A", (1, 0)),
        (("500G", "2"), "500g", (1, 0)),
        (("A", "1"), "1", (0, 1)),
    ],
)
def test_what_is_a_code_as_it_stands_is_that_code(codes: tuple[str, ...], text: str, counts: tuple[int, ...]) -> None:
    lines = tuple(Ordered((code,), 5) for code in codes)

    assert put_in(lines, (0, 0), text).counts == counts
    assert is_code(lines, text) == (sum(counts) == 1)


def test_a_piece_too_many_stops_and_is_not_counted() -> None:
    answer = put_in((NUTS, PINE), (2, 0), "NUT-750")

    assert (answer.counts, answer.tone) == ((2, 0), Tone.STOP)


def test_the_last_piece_completes_the_parcel() -> None:
    answer = put_in((NUTS, PINE), (2, 0), "2")

    assert (answer.tone, answer.is_complete((NUTS, PINE))) == (Tone.GOOD, True)


def test_one_code_on_two_lines_fills_the_first_and_then_the_second() -> None:
    lines = (Ordered(("A",), 1), Ordered(("A",), 1))

    assert put_in(lines, (1, 0), "A").counts == (1, 1)


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        *(("0.53kg", 530), ("530 g", 530), ("1.2公斤", 1200), ("530", None), ("kg", None), ("NUT-750g", None)),
        *(("1000kg", 1_000_000), ("1000.001kg", None), ("0g", None), ("9" * 400 + "g", None)),
    ],
)
def test_a_weight_is_read_as_the_scale_types_it(text: str, grams: int | None) -> None:
    assert weight_in(text) == grams


def test_orders_to_one_door_share_a_parcel_where_they_are_combined() -> None:
    doors = {"1": "a", "2": None, "3": "a", "4": None}

    assert parcels_of(["1", "2", "3", "4", "1"], doors, combine=True) == (("1", "3"), ("2",), ("4",))
    assert parcels_of(["1", "2", "3"], doors, combine=False) == (("1",), ("2",), ("3",))
