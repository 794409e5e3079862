"""Three hundred sentences as buyers type them, none of them out of the labelled chats: of those that nobody read while words were mended, most are read."""

import csv
from pathlib import Path

from zhanggui.estimates.intents import intents_of

TYPED = Path(__file__).parent / "intents" / "typed.csv"


def read(part: str) -> tuple[int, int, int, int]:
    """How many there are of a part, how many are read rightly, how many surely, and how many of these rightly; without sentence vectors."""
    many = right = sure = surely_right = 0
    with TYPED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] != part:
                continue
            found = intents_of(row["text"], vectors=False)
            surely = {each.intent.value for each in found if each.sure}
            many += 1
            right += found[0].intent.value == row["want"] or row["want"] in surely
            sure += bool(surely)
            surely_right += row["want"] in surely
    return many, right, sure, surely_right


def test_it_reads_four_in_five_of_what_nobody_looked_at_and_is_seldom_surely_wrong() -> None:
    many, right, sure, surely_right = read("held")

    assert many == 100
    assert right >= 80
    assert sure - surely_right <= 2


def test_it_reads_what_was_looked_at() -> None:
    many, right, sure, surely_right = read("build")

    assert many == 201
    assert right >= 190
    assert sure == surely_right
