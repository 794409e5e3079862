"""Notices of the platform are read: rule, number, day, publication; what is not there is not guessed."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.core.moments import in_shanghai
from zhanggui.core.whatif.noticing import Mark, NoticeRead, Proposal, read_notice
from zhanggui.rulebook import load
from zhanggui.rulebook.notices import notice_words

TODAY = date(2026, 11, 22)
CASES = tomllib.loads((Path(__file__).parent / "notices.toml").read_text("utf-8"))["notice"]
PIECES = st.sampled_from(
    [
        "发货时限",
        "48小时",
        "调整为",
        "百分之五",
        "2026年12月1日",
        "起生效",
        "。",
        "\n",
        "举证",
        "十二",
        "元",
        "最低",
        "0",
        "发布日期：",
        "99月",
        "￥",
        "仅退款",
        "未发货",
    ],
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_reads_what_the_notice_says(case: dict[str, Any]) -> None:
    read = read_notice(case["text"].strip(), notice_words(), TODAY)

    assert [_short(each) for each in read.proposals] == case["rules"]
    assert _told(read) == (case.get("published"), case.get("starts"), case.get("after"), case.get("weight", "general"))


def test_dates_in_thousands_of_sentences_are_read() -> None:
    text = "自2026年3月1日起，发货时限由48小时调整为24小时。" + "3月1日5元；" * 2000

    read = read_notice(text, notice_words(), TODAY)

    assert [_short(each) for each in read.proposals][:1] == [_short(read_notice(text[:40], notice_words(), TODAY).proposals[0])]


def test_the_old_number_and_the_new_one_are_marked_apart() -> None:
    text = "现货发货时限由48小时调整为24小时。"

    read = read_notice(text, notice_words(), TODAY)

    assert [(text[span.start : span.end], span.mark) for span in read.spans] == [("发货时限", Mark.RULE), ("48小时", Mark.OLD_NUMBER), ("24小时", Mark.NUMBER)]


def test_every_topic_names_a_rule_that_is_there_and_has_what_the_topic_sets() -> None:
    by_id: dict[str, list[Any]] = {}
    for rule in load().all:
        by_id.setdefault(rule.id, []).append(rule)

    wrong = [topic.rule for topic in notice_words().topic if not any(getattr(rule, topic.wants.value) is not None for rule in by_id.get(topic.rule, []))]

    assert wrong == []


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_and_its_marks_lie_in_it_apart(text: str) -> None:
    read = read_notice(text, notice_words(), TODAY)

    ends = [0, *(span.end for span in read.spans)]
    assert all(0 <= before <= span.start < span.end <= len(text) for before, span in zip(ends, read.spans, strict=False))


def _told(read: NoticeRead) -> tuple[str | None, str | None, int | None, str]:
    starts = None if read.starts_at is None else in_shanghai(read.starts_at).strftime("%Y-%m-%d %H:%M")
    return None if read.published_on is None else read.published_on.isoformat(), starts, read.starts_after_days, read.weight.value


def _short(proposal: Proposal) -> str:
    told = [proposal.rule]
    if proposal.term is not None:
        term = proposal.term
        told.append(f"{term.hours}h" if term.hours else f"{term.minutes}m" if term.minutes else f"{term.days}d")
    if proposal.amount is not None:
        bracket = proposal.amount.brackets[0]
        if bracket.fixed_fen is not None:
            told.append(f"{bracket.fixed_fen / 100:.2f}")
        else:
            told.append(f"{bracket.percent}% {bracket.min_fen / 100:.2f}-{(bracket.max_fen or 0) / 100:.2f}")
    return " ".join([*told, *(["carried"] if proposal.is_carried else []), *(["working"] if proposal.working_days else [])])
