"""What must not be said to buyers is found through its disguises, what may be said is left alone, and every finding says where, why and what instead."""

import csv
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.scripts import Scripts, type_of_fill
from zhanggui.core.speech import Finding, check
from zhanggui.core.speech.folding import fold
from zhanggui.rulebook.speech import speech_book

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BOOK = speech_book()
HERE = Path(__file__).parent


@cache
def written(name: str = "cases.csv") -> tuple[dict[str, str], ...]:
    with (HERE / name).open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def found(text: str, at: datetime = NOW, ship_within: timedelta | None = timedelta(hours=48)) -> tuple[Finding, ...]:
    return check(text, BOOK, at, ship_within=ship_within)


def rules(text: str) -> set[str]:
    return {finding.rule.id for finding in found(text)}


def test_it_finds_the_written_sentences_by_their_rule() -> None:
    forbidden = [row for row in written() if row["rule"]]

    missed = [row["text"] for row in forbidden if row["rule"] not in rules(row["text"])]

    assert len(forbidden) >= 500
    assert missed == []


def test_it_finds_most_of_what_was_written_later() -> None:
    later = [row for row in written("written_later.csv") if row["rule"]]

    missed = [row["text"] for row in later if row["rule"] not in rules(row["text"])]

    assert len(missed) <= len(later) // 33


def test_it_does_not_get_worse_on_sentences_that_nobody_looks_at_while_mending() -> None:
    unread = written("unread.csv")

    found = [row for row in unread if row["rule"] and row["rule"] in rules(row["text"])]
    flagged = [row for row in unread if not row["rule"] and rules(row["text"])]

    assert len(unread) == 210
    assert len(found) >= 129
    assert len(flagged) <= 5


def test_it_leaves_alone_what_may_be_said() -> None:
    allowed = [row["text"] for row in (*written(), *written("written_later.csv")) if not row["rule"]]

    flagged = {text: rules(text) for text in allowed if rules(text)}

    assert len(allowed) >= 300
    assert flagged == {}


@pytest.mark.parametrize(
    "text",
    [
        "您的包裹已经发出，单号在订单里，麻烦您先撤销退款申请，收到不满意再退",
        "您可以在售后单里改为退货退款，我们收到后马上退",
        "欢迎您如实评价，好的坏的都可以说",
        "退款原因按实际情况选择就好",
        "麻烦给个好评，谢谢",
    ],
)
def test_it_never_flags_what_the_rules_allow(text: str) -> None:
    assert found(text) == ()


def test_it_says_where_why_and_what_instead() -> None:
    text = "亲，加 V 信聊，好评返现3元"

    contact, reward = found(text)

    assert [contact.rule.id, contact.start, contact.end, contact.words] == ["off_platform_contact", 2, 7, "加 V 信"]
    assert text[reward.start : reward.end] == reward.words == "好评返现"
    assert reward.grounds[0].clause.zh == "《网络反不正当竞争暂行规定》第九条第（五）项"
    assert reward.safe.startswith("如果方便，欢迎您如实评价")


def test_it_judges_by_the_clauses_in_force_at_the_moment() -> None:
    before, since = found("好评返现", datetime(2024, 8, 31, tzinfo=UTC)), found("好评返现", datetime(2024, 9, 1, tzinfo=UTC))

    assert [ground.clause.en for ground in before[0].grounds] == ["E-commerce law, art. 17", "The platform's rules of service: no cash for reviews"]
    assert since[0].grounds[0].clause.en == "Interim provisions on online unfair competition, art. 9(5)"
    assert found("好评返现", datetime(2017, 1, 1, tzinfo=UTC)) == ()


@pytest.mark.parametrize(("hours", "is_late"), [(48, True), (119, True), (120, False), (None, False)])
def test_it_holds_a_promise_to_ship_against_the_order_s_own_limit(hours: int | None, is_late: bool) -> None:
    limit = None if hours is None else timedelta(hours=hours)

    late = [finding.rule.id for finding in found("您好，3-5天发货", ship_within=limit)]

    assert late == (["over_promise"] if is_late else [])


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("加微信", "blanks"), ("好评返现", "zero width"), ("支付宝转我", "signs"), ("别选质量问题", "full width")],
)
def test_it_sees_through_what_is_strewn_between(text: str, hidden: str) -> None:
    between = {"blanks": " 　", "zero width": "\u200b", "signs": "*_", "full width": "－"}[hidden]

    strewn = between.join(text)

    assert rules(strewn) == rules(text) != set()
    assert found(strewn)[0].start == 0


def test_it_does_not_join_the_end_of_one_sentence_to_the_next() -> None:
    assert found("商品很好，评价也不少。返回上一页，现在就能看到") == ()


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: str(rule.id))
def test_it_offers_sentences_that_may_themselves_be_said(rule: object) -> None:
    told = next(each for each in BOOK.rules if each is rule)

    assert found(told.safe.zh) == ()
    assert told.safe.en
    assert all(ground.source and ground.grade in {"A", "B", "C", "S"} and ground.basis in {"published", "observed", "assumed"} for ground in told.grounds)


@pytest.mark.parametrize("name", BOOK.wordings)
def test_it_writes_words_as_they_stand_after_folding(name: str) -> None:
    wording = BOOK.wordings[name]

    astray = [way for way in wording.say if fold(way.strip("^$").replace("#", ""), BOOK.alike).text != way.strip("^$").replace("#", "")]

    assert astray == []


SCRIPTS = rulebook.scripts()


@pytest.mark.parametrize("script_id", SCRIPTS.by_id)
def test_it_passes_everything_the_house_proposes(script_id: str) -> None:
    draft = Scripts.of([SCRIPTS.by_id[script_id]]).draft(script_id, **{slot: _fill(slot) for slot in SCRIPTS.by_id[script_id].slots})

    assert draft is not None
    assert found(draft.zh) == ()


def _fill(slot: str) -> type_of_fill:
    if slot.endswith("_fen"):
        return 1990
    if slot in {"promise", "due", "last_event"}:
        return datetime(2026, 11, 23, 10, tzinfo=UTC)
    return {"title": "短袖T恤", "carrier": "圆通快递", "tracking_no": "YT1234567890123", "order_no": "261122-123456789012345"}.get(slot, "商品")


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_it_takes_any_text_and_points_inside_it(text: str) -> None:
    for finding in found(text):
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.words


@given(st.text(alphabet="好评返现加微信vqx1３元 。，❤️🧧", max_size=120))
@settings(max_examples=60, deadline=None)
def test_it_stays_steady_on_text_made_of_its_own_words(text: str) -> None:
    for finding in found(text):
        assert text[finding.start : finding.end] == finding.words
        assert finding.grounds


def test_it_takes_a_long_text_without_end() -> None:
    assert 1 <= len(found("好评返现" * 5000)) <= 200


@pytest.mark.parametrize(
    "text",
    [
        "好评返现我们店是不做的",
        "微信加不了哦",
        "我们不会打电话找您要评价的",
        "不要私下转账给任何人",
        "凡是让您扫码付款的都是骗子，千万别信",
        "这不是药，不能治病",
    ],
)
def test_it_leaves_a_thing_alone_that_is_denied_or_warned_of(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("上一位客人叫王建国，住朝阳区", True),
        ("郑阿姨的手机我给您", True),
        ("王女士您好，您的地址改好了", False),
        ("收件人张伟，电话对吗，麻烦核对一下", False),
        ("派件员王师傅的电话我发您", False),
    ],
)
def test_it_tells_another_buyer_from_the_one_it_speaks_to(text: str, is_told: bool) -> None:
    assert ("others_data" in rules(text)) is is_told
