"""What a review judges, by sentences a merchant could check."""

import tomllib
from pathlib import Path

import pytest

from zhanggui.core.aspects.kinds import AspectName, Polarity
from zhanggui.core.aspects.reading import aspects_of
from zhanggui.core.aspects.table import table

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:18])
def test_it_reads_what_a_sentence_judges(case: dict[str, str]) -> None:
    found = aspects_of(case["text"])

    assert sorted(each.mark for each in found) == sorted(case["marks"].split())


def test_it_tells_the_deciding_words_by_their_places_in_the_text() -> None:
    text = "物流很快，😀 就是盒子压扁了"

    found = aspects_of(text)

    assert [(each.name, each.polarity) for each in found] == [(AspectName.SHIPPING, Polarity.GOOD), (AspectName.PACKAGING, Polarity.BAD)]
    assert [[text[span.start : span.end] for span in each.words] for each in found] == [["物流很快"], ["盒子压扁"]]
    assert all(span.text == text[span.start : span.end] for each in found for span in each.words)


def test_it_finds_a_word_behind_many_others_at_its_own_place() -> None:
    text = "今天天气晴朗。" * 120 + "里面的果子全烂了"

    found = aspects_of(text)

    assert [(each.mark, [text[span.start : span.end] for span in each.words]) for each in found] == [("quality-", ["全烂"])]


def test_it_reads_nothing_out_of_signs_and_of_nothing() -> None:
    assert aspects_of("") == ()
    assert aspects_of("！！！🙂🙂 123 [微笑]") == ()


def test_it_knows_words_of_every_aspect() -> None:
    assert {cues.name for cues in table().cues} == set(AspectName)
