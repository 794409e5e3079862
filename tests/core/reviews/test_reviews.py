"""Until when buyers may review, which answer fits, the steps of expert reviews, and that every script of an answer may be said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zhanggui import rulebook
from zhanggui.core.reviews.experts import EXPERT_STEPS
from zhanggui.core.reviews.grounds import ReportGround
from zhanggui.core.reviews.periods import review_time
from zhanggui.core.reviews.replies import BY_ASPECT, ReviewToAnswer, fitting_scripts
from zhanggui.core.speech import check
from zhanggui.rulebook.reviews import review_book
from zhanggui.rulebook.speech import speech_book

PAGE = (Path(__file__).parents[3] / "docs" / "reviews.md").read_text("utf-8")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "now", "may_review", "may_follow_up"),
    [
        ((2018, 5, 1), (2018, 5, 15), True, True),
        ((2018, 5, 1), (2018, 5, 16), False, True),
        ((2022, 5, 1), (2022, 5, 30), True, True),
        ((2022, 5, 1), (2022, 5, 31), False, True),
        ((2023, 8, 1), (2023, 9, 20), False, True),
        ((2023, 8, 1), (2023, 9, 27), True, True),
        ((2026, 1, 1), (2026, 11, 22), True, False),
    ],
)
def test_it_goes_by_the_rule_of_its_day(received: tuple[int, int, int], now: tuple[int, int, int], may_review: bool, may_follow_up: bool) -> None:
    asked = datetime(*now, tzinfo=UTC)

    time = review_time(datetime(*received, tzinfo=UTC), review_book().period, asked)

    assert time is not None
    assert (time.may_review(asked), time.may_follow_up(asked)) == (may_review, may_follow_up)


def test_it_knows_no_time_before_the_first_rule() -> None:
    old = datetime(2014, 1, 1, tzinfo=UTC)

    assert review_time(old, review_book().period, old + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("review", "scripts"),
    [
        (ReviewToAnswer(stars=1), ("review_bad",)),
        (ReviewToAnswer(stars=3, complaints=("price",)), ("review_reply_price", "review_middling")),
        (ReviewToAnswer(stars=2, complaints=("courier", "quality", "courier")), ("review_reply_courier", "review_reply_quality", "review_bad")),
        (ReviewToAnswer(stars=1, complaints=("quality",), case_is_open=True), ("review_reply_case", "review_reply_quality", "review_bad")),
        (ReviewToAnswer(stars=1, is_refunded=True, case_is_open=True), ("review_reply_settled", "review_bad")),
        (
            ReviewToAnswer(stars=1, is_pressing=True, complaints=("service", "quality")),
            ("review_reply_pressing", "review_reply_service", "review_reply_quality"),
        ),
        (ReviewToAnswer(stars=2, has_follow_up=True), ("review_reply_follow_up", "review_bad")),
        (ReviewToAnswer(stars=5, has_text=True), ("review_reply_good",)),
        (ReviewToAnswer(stars=5), ("review_reply_good_silent",)),
        (ReviewToAnswer(stars=4, complaints=("shipping",), has_text=True), ("review_reply_shipping", "review_bad")),
        (ReviewToAnswer(stars=None, complaints=("weight",), has_text=True), ("review_reply_weight", "review_bad")),
    ],
)
def test_it_answers_what_was_said(review: ReviewToAnswer, scripts: tuple[str, ...]) -> None:
    assert fitting_scripts(review) == scripts


def test_every_answer_may_be_said_and_needs_nothing_filled_in() -> None:
    answers = [script for script in rulebook.scripts().by_id.values() if script.room == "reviews"]

    assert len(answers) == len(BY_ASPECT) + 6
    assert [(script.id, finding.words) for script in answers for finding in check(script.zh, speech_book(), NOW)] == []
    assert [script.id for script in answers if script.slots] == []


def test_the_page_shows_every_step_and_every_ground() -> None:
    steps = [line for line in PAGE.splitlines() if line.startswith("| `expert_")]

    assert steps == [f"| `{state}` | `{event.removeprefix('expert.')}` | `{to}` |" for (state, event), to in EXPERT_STEPS.items()]
    assert [ground for ground in ReportGround if f"`{ground}`" not in PAGE] == []
