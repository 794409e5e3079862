"""The shop's side of conversations is graded as people have labelled it; the held part was not looked at while the grading was built."""

import dataclasses
from collections import Counter
from datetime import timedelta
from importlib.resources import files

import pytest

from tests.core.grading.labelled import NOW, Labelled, faults_of, graded, read
from zhanggui.core.grading import FaultKind
from zhanggui.core.grading.grading import Judging, grade
from zhanggui.core.grading.talk import Party, Spoke
from zhanggui.core.intents.kinds import WANTS
from zhanggui.rulebook import RuleRefused
from zhanggui.rulebook.quality import model_answers, quality_book, quality_book_of
from zhanggui.rulebook.speech import speech_book

BUILD, HELD = read("build"), read("held")


@dataclasses.dataclass(frozen=True)
class Figures:
    """How many faults were found, found wrongly, and missed."""

    found: int
    wrongly: int
    missed: int


def figures(part: tuple[Labelled, ...]) -> Figures:
    told: Counter[str] = Counter()
    for labelled in part:
        got, meant = faults_of(labelled), set(labelled.faults)
        told.update(found=len(got & meant), wrongly=len(got - meant), missed=len(meant - got))
    return Figures(told["found"], told["wrongly"], told["missed"])


@pytest.mark.parametrize("labelled", BUILD, ids=lambda each: each.id)
def test_it_finds_what_people_have_labelled(labelled: Labelled) -> None:
    assert faults_of(labelled) == set(labelled.faults)


def test_it_does_as_well_on_the_part_that_was_held_back_as_the_docs_say() -> None:
    assert figures(HELD) == Figures(found=14, wrongly=1, missed=1)


def test_the_labels_hold_every_kind_of_fault_and_talks_without_any() -> None:
    for part in (BUILD, HELD):
        kinds = {fault.partition("@")[0] for labelled in part for fault in labelled.faults}

        assert kinds == set(FaultKind)
        assert sum(not labelled.faults for labelled in part) * 3 >= len(part)


def test_a_fault_says_by_which_words_under_which_clause_and_what_is_better() -> None:
    told = graded(next(each for each in BUILD if each.id == "b03"))

    (fault,) = told.faults
    assert (fault.kind, fault.rep, fault.words) == (FaultKind.PASSED_BUCK, "小美", "不归我们")
    assert fault.grounds[0].clause.en == "E-commerce law, art. 20: the seller bears the risk on the way"
    assert "求助" in fault.indicator.zh
    assert fault.good.zh.startswith("这件事交给我")
    assert told.score == 85


def test_a_fault_of_forbidden_speech_bears_the_clauses_and_the_safe_sentence_of_its_rule() -> None:
    (fault,) = graded(next(each for each in BUILD if each.id == "b06")).faults

    assert fault.about == "review_reward"
    assert fault.good == speech_book().by_id["review_reward"].safe


def test_what_is_not_known_of_the_order_is_not_held_against_anybody() -> None:
    told = next(each for each in BUILD if each.id == "b05")

    without = Labelled(told.id, told.lines, told.faults, None)

    assert faults_of(without) == {"late@2"}
    assert not graded(without).knows_order


def test_nobody_is_late_with_an_answer_of_which_nobody_told_when_it_was_given() -> None:
    asked = Spoke(Party.BUYER, NOW - timedelta(hours=3), "什么时候发货？")
    answer = Spoke(Party.REP, None, "您好，今天18点前发货", "小美")
    judging = Judging(book=quality_book(), speech=speech_book(), reach=lambda _at: timedelta(minutes=3), now=NOW)

    answered, unanswered = (grade(talk, [[] for _ in talk], None, judging).faults for talk in ((asked, answer), (asked,)))

    assert FaultKind.LATE not in {fault.kind for fault in answered}
    assert [fault.kind for fault in unanswered] == [FaultKind.LATE]


def test_every_good_answer_may_be_said_and_there_is_one_for_every_want() -> None:
    models = model_answers()

    assert {model.want for model in models} >= set(WANTS)
    assert [model.want for model in models if _findings(model.zh)] == []


def _findings(text: str) -> list[str]:
    labelled = Labelled("model", ("10:00:00 B 在吗", f"10:00:30 R {text}"), (), {"formed": "09:00", "ship_by": "22 09:00"})
    return [fault.words for fault in graded(labelled).faults if fault.kind is not FaultKind.CONTRADICTED]


@pytest.mark.parametrize(
    ("old", "new"),
    [('kind = "rude"', 'kind = "late"'), ("points = 30", "points = 300"), ("[claims.shipped]", "[claims.sent]"), ("爱[买要]不[买要]", "爱[买要")],
)
def test_it_refuses_a_broken_book(old: str, new: str) -> None:
    text = (files("zhanggui.rulebook") / "quality.toml").read_text("utf-8")
    assert old in text

    with pytest.raises(RuleRefused, match=r"quality\.toml"):
        quality_book_of(text.replace(old, new, 1))
