"""What holds of every advice, whatever the case: lawful, explained, within the limits, and the cheapest of what is open."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui import rulebook
from zhanggui.core.advice.advising import advise, told
from zhanggui.core.advice.book import Counts, Grievance
from zhanggui.core.advice.case import Buyer, CaseToAdvise, Fault, Goods, Indicator, ReturnGrade, ReturnLeg, Standing, Stopping, Trace, Tried
from zhanggui.core.advice.indicators import QUALITY, guarded, quality_guard
from zhanggui.core.advice.reading import grievance_of
from zhanggui.core.facts import AftersaleKind, AftersaleState
from zhanggui.core.money import Fen
from zhanggui.core.verdicts import Act, Verdict

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BOOK, SCRIPTS = rulebook.load(), rulebook.scripts()
TERMS = BOOK.advice.terms
REASONS = (
    *("", "少件/漏发", "卖家发错货", "不想要了", "质量问题", "与描述不符", "假冒品牌", "包装破损", "未收到货"),
    *("快递无跟踪记录", "未按约定时间发货", "缺货", "其他"),
)
PAYING = frozenset(
    {
        Act.CANCEL_SHIPPING_AND_REFUND,
        Act.DESTROY_WAYBILL_AND_REFUND,
        Act.AGREE_REFUND,
        Act.GIVE_AWAY,
        Act.AGREE_RETURN,
        Act.OFFER_PARTIAL,
        Act.REFUND_RETURN,
    }
)
FORBIDDEN = ("好评", "五星", "返现", "微信", "改一下原因", "修改原因", "换个原因", "撤销介入")


def case_of(**facts: Any) -> CaseToAdvise:
    usual: dict[str, Any] = {
        "kind": AftersaleKind.REFUND_ONLY,
        "refund_amount": Fen(2990),
        "goods": Goods.DELIVERED,
        "applied_at": NOW - timedelta(hours=2),
        "shipped_at": NOW - timedelta(days=4),
        "delivered_at": NOW - timedelta(days=1),
    }
    return CaseToAdvise(**(usual | facts))


def advised(case: CaseToAdvise, **terms: Any) -> Verdict:
    return advise(case, msgspec.structs.replace(TERMS, **terms), BOOK, NOW, scripts=SCRIPTS)


moments = st.none() | st.integers(0, 400).map(lambda hours: NOW - timedelta(hours=hours))
cases = st.builds(
    CaseToAdvise,
    kind=st.sampled_from(AftersaleKind),
    refund_amount=st.integers(1, 200_000).map(Fen),
    goods=st.sampled_from(Goods),
    state=st.sampled_from(AftersaleState),
    reason=st.sampled_from(REASONS),
    goods_cost=st.none() | st.integers(0, 100_000).map(Fen),
    missing_cost=st.none() | st.integers(0, 10_000).map(Fen),
    applied_at=moments,
    shipped_at=moments,
    uploaded_at=moments,
    last_news_at=moments,
    delivered_at=moments,
    due_at=st.none() | st.integers(-5, 60).map(lambda hours: NOW + timedelta(hours=hours)),
    says_received=st.none() | st.booleans(),
    pictures=st.none() | st.integers(0, 4),
    asked_at=moments,
    same_picture_elsewhere=st.none() | st.booleans(),
    threatens=st.none() | st.booleans(),
    trace=st.sampled_from(Trace),
    fault=st.none() | st.sampled_from(Fault),
    packed_right=st.none() | st.booleans(),
    weight_right=st.none() | st.booleans(),
    in_stock=st.none() | st.booleans(),
    no_reason_exempt=st.none() | st.booleans(),
    free_return=st.none() | st.booleans(),
    stopping=st.none() | st.sampled_from(Stopping),
    return_leg=st.none() | st.sampled_from(ReturnLeg),
    return_grade=st.none() | st.sampled_from(ReturnGrade),
    counted=st.none() | st.integers(0, 200_000).map(Fen),
    is_as_complained=st.none() | st.booleans(),
    is_waived=st.booleans(),
    evidence=st.none() | st.integers(0, 5),
    shown=st.none() | st.integers(0, 100),
    paid=st.none() | st.integers(1, 400_000).map(Fen),
    gone_back=st.none() | st.integers(1, 200_000).map(Fen),
    others_open=st.none() | st.integers(1, 2),
    counts_already=st.lists(st.sampled_from(Indicator), unique=True).map(tuple),
    graded=st.none() | st.dictionaries(st.sampled_from(ReturnGrade), st.integers(0, 50), max_size=3),
    buyer=st.none() | st.builds(Buyer, orders=st.integers(0, 30), refunds=st.integers(0, 10)),
    standing=st.none() | st.builds(Standing, formed=st.integers(0, 5000), quality=st.integers(0, 200), disputes=st.integers(0, 50)),
)


@settings(max_examples=120, deadline=None)
@given(case=cases)
def test_it_gives_the_cheapest_lawful_answer_with_its_reasons(case: CaseToAdvise) -> None:
    found = advised(case)

    open_to = [each for each in found.weighed if each.barred is None]
    if open_to:
        assert (found.act, open_to[0].cost) == (open_to[0].act, min(each.cost for each in open_to))
        assert len(found.because) >= 2
    else:
        assert found.act in (Act.LOOK, Act.WAIT_FOR_BUYER)
    for each in found.weighed:
        assert abs(each.cost - sum(line.fen for line in each.lines)) <= len(each.lines) + 1
        assert each.amount is None or 0 < each.amount <= case.refund_amount


@settings(max_examples=120, deadline=None)
@given(case=cases)
def test_it_never_pays_more_than_was_counted_and_never_alone_where_something_speaks_against_it(case: CaseToAdvise) -> None:
    found = advised(case)

    opened = case.state is AftersaleState.SELLER_TO_RECEIVE and case.return_grade is not None
    if opened and case.is_waived:
        assert not found.alone
    elif opened and case.counted is not None and case.counted < case.refund_amount:
        assert found.act is not Act.REFUND_RETURN
        assert found.amount is None or found.amount <= case.counted
    if case.left is not None:
        assert all((each.amount or case.refund_amount) <= case.left for each in found.weighed if each.barred is None and each.act in PAYING)
        assert not found.alone
    if found.alone and case.goods not in (Goods.NOT_PRINTED, Goods.PRINTED):
        assert not case.same_picture_elsewhere
        assert not case.threatens
        assert case.buyer is None or case.buyer.refunds < TERMS.repeat_refunds
        assert found.act is Act.AGREE_RETURN or case.refund_amount <= TERMS.alone_up_to * TERMS.trusted_times


@settings(max_examples=80, deadline=None)
@given(case=cases)
def test_it_never_asks_for_another_reason_or_pays_for_praise(case: CaseToAdvise) -> None:
    found = advised(case)

    for answer in found.weighed:
        said = told(case, TERMS, BOOK, NOW, answer, SCRIPTS, {})
        texts = [draft.zh for draft in (said.message, said.form) if draft is not None]
        assert [word for text in texts for word in FORBIDDEN if word in text] == []


def test_no_more_is_offered_than_was_asked_for_whatever_was_counted() -> None:
    back = {"kind": AftersaleKind.RETURN_AND_REFUND, "state": AftersaleState.SELLER_TO_RECEIVE, "return_grade": ReturnGrade.WORN}

    found = advised(case_of(**back, refund_amount=Fen(2000), counted=Fen(2990)))

    assert [each.amount for each in found.weighed if each.act is Act.REFUND_COUNTED] == [2000]


OPENED: dict[str, Any] = {"kind": AftersaleKind.RETURN_AND_REFUND, "state": AftersaleState.SELLER_TO_RECEIVE, "reason": "质量问题"}


@pytest.mark.parametrize(("fault", "act"), [(None, Act.REFUSE), (Fault.SELLER, Act.REFUND_RETURN), (Fault.BUYER, Act.REFUSE)])
def test_whose_fault_it_was_goes_before_what_an_opened_return_makes_believe(fault: Fault | None, act: Act) -> None:
    found = advised(case_of(**OPENED, return_grade=ReturnGrade.WORN, counted=Fen(2990), fault=fault))

    assert (found.act, found.alone) == (act, False)


@pytest.mark.parametrize(
    ("reason", "grade", "is_right"),
    [
        ("质量问题", ReturnGrade.WRONG, False),
        ("质量问题", ReturnGrade.EMPTY, False),
        ("质量问题", ReturnGrade.WORN, True),
        ("卖家发错货", ReturnGrade.WRONG, True),
    ],
)
def test_who_was_found_to_be_right_before_the_return_is_not_right_about_foreign_goods_in_it(reason: str, grade: ReturnGrade, is_right: bool) -> None:
    back = case_of(**{**OPENED, "reason": reason}, return_grade=grade, counted=Fen(1495), fault=Fault.SELLER)

    found, unfound = advised(back), advised(msgspec.structs.replace(back, fault=None))

    assert ("It was found out that the buyer is right." in [said.text for said in found.because]) == is_right
    assert (_refusing(found) > _refusing(unfound)) == is_right


def _refusing(found: Verdict) -> int:
    return next(each.cost for each in found.weighed if each.act is Act.REFUSE)


def test_what_a_person_decided_to_pay_all_the_same_is_not_refused_and_never_goes_alone() -> None:
    short = case_of(**OPENED, return_grade=ReturnGrade.AS_NEW, counted=Fen(1000))

    found = advised(msgspec.structs.replace(short, counted=None, is_waived=True))

    assert (advised(short).act, found.act, found.alone) == (Act.REFUND_COUNTED, Act.REFUND_RETURN, False)
    assert found.headline.text == "Refund all the same, as a person decided"
    assert [each.barred is not None for each in found.weighed if each.act is Act.REFUSE] == [True]


def test_the_pieces_say_more_of_a_complaint_than_the_worst_of_them() -> None:
    case = case_of(**OPENED, return_grade=ReturnGrade.DAMAGED, counted=Fen(2990))

    assert [advised(msgspec.structs.replace(case, is_as_complained=told)).act for told in (None, True, False)] == [
        Act.REFUND_RETURN,
        Act.REFUND_RETURN,
        Act.REFUSE,
    ]


@pytest.mark.parametrize("goods", [Goods.DELIVERED, Goods.ON_THE_WAY])
def test_it_does_not_refuse_whom_it_knows_to_be_right(goods: Goods) -> None:
    found = advised(case_of(reason="质量问题", fault=Fault.SELLER, goods=goods))

    assert [each.barred is not None for each in found.weighed if each.act is Act.REFUSE] == [True]


def test_a_small_sum_is_the_shops_own() -> None:
    case = case_of(reason="质量问题", pictures=1, refund_amount=Fen(1800))

    assert advised(case).act is Act.OFFER_PARTIAL
    assert advised(case, small_sum=Fen(2000)).act is Act.AGREE_REFUND
    assert advised(case, small_sum=Fen(2000)).alone


def test_own_history_outweighs_an_assumed_chance() -> None:
    case = case_of(reason="不想要了", kind=AftersaleKind.RETURN_AND_REFUND)
    never_sent = msgspec.structs.replace(case, standing=Standing(formed=1000, past={"sends_back": Tried(1000, 0)}))

    assert advised(case).weighed[0].cost == 1316
    assert advised(never_sent).weighed[0].cost == 13


def test_a_case_weighs_more_near_the_limit_of_its_indicator() -> None:
    far = case_of(reason="质量问题", pictures=2, fault=Fault.SELLER, standing=Standing(formed=1000, quality=5))
    near = msgspec.structs.replace(far, standing=Standing(formed=1000, quality=28))

    costs = [next(each.cost for each in advised(case).weighed if each.act is Act.AGREE_REFUND) for case in (far, near)]

    assert costs == [3390, 4190]


@pytest.mark.parametrize(
    ("at", "goods", "hours_since_shipped", "counts"),
    [
        ("2017-05-01", Goods.NOT_PRINTED, None, Counts.YES),
        ("2019-05-01", Goods.ON_THE_WAY, 60, Counts.NO),
        ("2019-05-01", Goods.DELIVERED, 60, Counts.YES),
        ("2021-06-01", Goods.ON_THE_WAY, 23, Counts.NO),
        ("2021-06-01", Goods.ON_THE_WAY, 25, Counts.YES),
        ("2026-11-20", Goods.ON_THE_WAY, 25, Counts.YES),
        ("2026-11-20", Goods.NOT_PRINTED, None, Counts.NO),
    ],
)
def test_the_guard_counts_by_the_version_in_force(at: str, goods: Goods, hours_since_shipped: int | None, counts: Counts) -> None:
    now = datetime.fromisoformat(f"{at}T12:00:00+08:00")
    shipped_at = None if hours_since_shipped is None else now - timedelta(hours=hours_since_shipped)
    case = case_of(goods=goods, reason="质量问题", applied_at=now, shipped_at=shipped_at, delivered_at=now if goods is Goods.DELIVERED else None)

    found = quality_guard(case, Grievance.QUALITY, BOOK.advice, now)

    assert found is not None
    assert found.counts is counts


def test_the_guard_tells_what_the_rate_becomes() -> None:
    case = case_of(reason="质量问题", standing=Standing(formed=800, quality=12))
    version = BOOK.advice.versions_of(QUALITY)[-1]

    found = guarded(case, Grievance.QUALITY, version, NOW)

    assert (found.before, found.after) == (1.5, 1.625)
    assert guarded(case, Grievance.MISSING, version, NOW).counts is Counts.MAYBE
    assert guarded(case, Grievance.NOT_WANTED, version, NOW).counts is Counts.NO


@pytest.mark.parametrize(
    ("reason", "grievance"),
    [
        ("少件/漏发", Grievance.MISSING),
        ("卖家发错货", Grievance.WRONG_ITEM),
        ("包装/商品破损/污渍", Grievance.DAMAGED),
        ("质量问题", Grievance.QUALITY),
        ("商品与页面描述不符", Grievance.NOT_AS_DESCRIBED),
        ("不喜欢、效果不好", Grievance.NOT_WANTED),
        ("七天无理由退换货", Grievance.NOT_WANTED),
        ("快递一直未送到", Grievance.NOT_RECEIVED),
        ("快递无跟踪记录", Grievance.NO_NEWS),
        ("快递一直没更新", Grievance.NO_NEWS),
        ("物流三天没有动静", Grievance.NO_NEWS),
        ("未按约定时间发货", Grievance.LATE),
        ("缺货", Grievance.OUT_OF_STOCK),
        ("假冒品牌", Grievance.FAKE),
        ("其他", Grievance.OTHER),
    ],
)
def test_it_reads_the_platforms_reasons(reason: str, grievance: Grievance) -> None:
    assert grievance_of(reason, AftersaleKind.REFUND_ONLY, BOOK.advice).kind is grievance


@pytest.mark.parametrize(
    ("now", "due_at", "waits"),
    [
        ("2026-11-20T09:30", "2026-11-20T15:00", True),
        ("2026-11-20T11:30", "2026-11-20T15:00", False),
        ("2026-11-20T19:00", "2026-11-21T05:00", True),
        ("2026-11-20T21:30", "2026-11-21T05:00", False),
    ],
)
def test_it_stops_waiting_while_somebody_is_still_there(now: str, due_at: str, waits: bool) -> None:
    at = datetime.fromisoformat(f"{now}:00+08:00")
    facts = {"due_at": datetime.fromisoformat(f"{due_at}:00+08:00"), "goods": Goods.NO_TRACE, "reason": "快递无跟踪记录", "delivered_at": None}
    case = case_of(**facts, shipped_at=at - timedelta(hours=30), last_news_at=at - timedelta(hours=25))

    found = advise(case, TERMS, BOOK, at, scripts=SCRIPTS)

    assert (found.act is Act.CHASE_CARRIER) == waits


def test_the_seven_days_begin_the_day_after_receipt_and_end_with_the_seventh() -> None:
    received = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai on the 10th, so that the last day is the 17th
    end = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)

    barred = [
        next(each.barred for each in advised(_unwanted(received, asked_at)).weighed if each.act is Act.REFUSE) is not None
        for asked_at in (received + timedelta(days=7, minutes=1), end - timedelta(seconds=1), end)
    ]

    assert barred == [True, True, False]


def _unwanted(received: datetime, asked_at: datetime) -> CaseToAdvise:
    return case_of(kind=AftersaleKind.RETURN_AND_REFUND, reason="不想要了", delivered_at=received, applied_at=asked_at)


def test_a_version_of_an_indicator_begins_at_midnight_in_shanghai() -> None:
    begins = datetime(2022, 8, 31, 16, 0, tzinfo=UTC)

    found = [BOOK.advice.metric_at(QUALITY, at) for at in (begins - timedelta(seconds=1), begins)]

    assert [None if version is None else version.effective_from.isoformat() for version in found] == ["2021-01-01", "2022-09-01"]


def test_a_shop_whose_buyers_never_call_in_the_platform_is_advised_all_the_same() -> None:
    never = {**TERMS.chances, "escalates_true": 0.0, "escalates_false": 0.0}

    verdict = advised(case_of(reason="质量问题"), chances=never)

    assert next(each for each in verdict.weighed if each.act is Act.REFUSE).cost >= 0
