"""What buyers want is read of messages as they are typed, with the characters that decided, and never surer than it is."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proofs.intents_turns_support import are_there, turns

from zhanggui.core.intents.kinds import Intent, Said, Source, Speaker
from zhanggui.estimates import intents
from zhanggui.estimates.intents import EXAMPLES, intents_of, learnt
from zhanggui.estimates.intents_examples import NoExample, examples_in, own_examples
from zhanggui.estimates.intents_learning import digest

CASES = tomllib.loads((Path(__file__).parents[1] / "core" / "intents" / "cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("vectors", [False, True])
@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_it_reads_what_is_wanted(case: dict[str, list[str]], vectors: bool) -> None:
    if vectors and not intents.vectors_are_there():
        pytest.skip("no sentence vectors on this machine")

    read = intents_of(str(case["text"]), [Said(text) for text in case.get("before", [])], vectors=vectors)

    assert {one.intent.value for one in read} == set(case["wants"])


def test_it_learnt_from_todays_examples() -> None:
    assert learnt().made_from == digest(EXAMPLES)


def test_it_has_thirty_examples_of_every_want() -> None:
    of_want = dict.fromkeys(Intent, 0)
    for example in examples_in(EXAMPLES.read_text("utf-8")):
        for intent in example.intents:
            of_want[intent] += 1

    assert {intent: count for intent, count in of_want.items() if count < 30} == {}


@pytest.mark.skipif(not are_there(), reason="the labelled chats are not here")
def test_it_copied_no_example_from_the_labelled_turns() -> None:
    theirs = {turn.text.strip() for turn in turns("build")}

    assert [example.text for example in examples_in(EXAMPLES.read_text("utf-8")) if len(example.text) > 4 and example.text in theirs] == []


@pytest.mark.parametrize("text", ["月亮真圆", "多久", "他最慢的话", "蓝天白云"])
def test_it_is_not_sure_of_what_says_little(text: str) -> None:
    assert [one.sure for one in intents_of(text, vectors=False)] == [False]


def test_it_names_the_characters_that_decided_where_words_did() -> None:
    (read,) = intents_of("亲 什么时候发货", vectors=False)

    assert (read.intent, read.by, [span.text for span in read.words]) == (Intent.CHASE_SHIPPING, Source.WORDS, ["什么时候发货"])


def test_it_names_the_characters_that_decided_where_it_was_learnt() -> None:
    message = "这鞋跟高几公分"

    (read,) = intents_of(message, vectors=False)

    assert read.by is Source.LEARNT
    assert all(message[span.start : span.end] == span.text for span in read.words)


def test_it_hears_what_went_before() -> None:
    alone = intents_of("那要多久", vectors=False)[0]
    before = (Said("我申请退款了"), Said("亲，已经为您同意了", Speaker.REP))

    told = intents_of("那要多久", before, vectors=False)[0]

    assert not alone.sure
    assert told.intent is Intent.CHASE_REFUND


def test_it_hears_a_shops_own_examples_first() -> None:
    own = own_examples("[stock]\n大白兔啥时候回仓\n")

    (read,) = intents_of("大白兔啥时候回仓呀", own=own, vectors=False)

    assert (read.intent, read.by, read.sure) == (Intent.STOCK, Source.EXAMPLE, read.confidence >= learnt().plain.sure)
    assert [span.text for span in read.words] == ["大白兔啥时候回仓"]


@pytest.mark.parametrize("text", ["不在小节里的话\n", "[no_such_want]\n你好\n"])
def test_it_refuses_a_file_of_examples_that_is_none(text: str) -> None:
    with pytest.raises(NoExample) as refused:
        own_examples(text)

    assert refused.value.line == 1


def test_it_does_not_ask_a_processor_for_what_it_has_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("flags\t\t: fpu sse2\n")
    monkeypatch.setattr(intents, "_PROCESSOR", tmp_path / "cpuinfo")
    intents._encoder.cache_clear()

    there = intents.vectors_are_there()
    intents._encoder.cache_clear()

    assert not there


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3))
def test_it_answers_whatever_is_typed(text: str, before: list[str]) -> None:
    read = intents_of(text, [Said(each) for each in before], vectors=False)

    assert 1 <= len(read) <= 3
    assert len({one.intent for one in read}) == len(read)
    assert all(0 <= one.confidence <= 1 and one.sure == (one.confidence >= 0.9) for one in read if one.confidence not in (0.9, 0.89))
    assert all(text[span.start : span.end] == span.text for one in read for span in one.words)
