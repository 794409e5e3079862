"""What is written to the platform and to the buyer is true of the case, and promises nothing that the answer refuses."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.core.advice.test_golden import BOOK, CASES, NOW, SCRIPTS, advised
from zhanggui.core.advice.advising import told
from zhanggui.core.advice.book import Aim
from zhanggui.core.advice.case import CaseToAdvise
from zhanggui.core.advice.reading import IN_HAND, grievance_of
from zhanggui.core.facts import AftersaleKind
from zhanggui.core.money import Fen
from zhanggui.core.verdicts import Act, Weighed

HERE = {"goods": "delivered", "delivered_at": "2026-11-19T04:00:00+08:00"}
LONG_AGO = {"goods": "delivered", "delivered_at": "2026-11-07T22:00:00+08:00"}
BACK = {"kind": "return_and_refund", "state": "seller_to_receive", "return_leg": "delivered", **LONG_AGO}


def case_of(facts: dict[str, Any]) -> CaseToAdvise:
    usual = {"kind": "refund_only", "refund_amount": 2990, "applied_at": NOW - timedelta(hours=2)}
    return msgspec.convert(usual | facts, CaseToAdvise)


def texts(act: Act, case: CaseToAdvise, amount: Fen | None = None) -> dict[str, tuple[str, str]]:
    """The message to the buyer and the text for the form, each with the name of its script."""
    said = told(case, BOOK.advice.terms, BOOK, NOW, Weighed(act=act, cost=Fen(0), lines=(), amount=amount), SCRIPTS, {})
    return {name: (draft.script, draft.zh) for name, draft in (("message", said.message), ("form", said.form)) if draft is not None}


def scripts(act: Act, facts: dict[str, Any]) -> tuple[str | None, str | None]:
    found = texts(act, case_of(facts))
    return tuple(found[name][0] if name in found else None for name in ("message", "form"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("facts", "script", "form"),
    [
        ({**LONG_AGO, "kind": "return_and_refund", "reason": "不喜欢"}, "advice_refuse_request", "form_past_the_week"),
        ({**HERE, "kind": "return_and_refund", "reason": "不喜欢", "no_reason_exempt": True}, "advice_refuse_request", "form_exempt"),
        ({**HERE, "reason": "不想要了", "no_reason_exempt": True}, "advice_refuse_request", "form_exempt"),
        ({**HERE, "kind": "return_and_refund", "reason": "不想要了", "paid": 2990, "gone_back": 2990}, "advice_paid_back", "form_paid_back"),
        ({**HERE, "reason": "少件/漏发", "pictures": 0}, "advice_refuse", "form_not_shown"),
        ({**HERE, "reason": "少件/漏发", "packed_right": True}, "advice_refuse", "form_scanned"),
        ({**HERE, "reason": "少件/漏发", "weight_right": True}, "advice_refuse", "form_weighed"),
        ({**HERE, "reason": "少件/漏发", "packed_right": True, "weight_right": True}, "advice_refuse", "form_packed_right"),
        ({**HERE, "reason": "质量问题", "packed_right": True}, "advice_refuse", "form_not_shown"),
        ({**LONG_AGO, "reason": "质量问题", "pictures": 1}, "advice_refuse_request", "form_not_agreed"),
        ({**HERE, "kind": "exchange", "reason": "质量问题", "pictures": 1, "fault": "buyer"}, "advice_refuse_request", "form_not_agreed"),
        ({**HERE, "reason": "未收到货", "says_received": False}, "advice_refuse_request", "form_delivered"),
        ({**HERE, "reason": "物流太慢"}, "advice_refuse", "form_delivered"),
        ({"goods": "delivered", "reason": "物流太慢"}, "advice_refuse", "form_not_shown"),
        ({"goods": "on_the_way", "reason": "不想要了"}, "advice_on_its_way", "form_on_its_way"),
        ({"goods": "on_the_way", "reason": "物流太慢"}, "advice_on_its_way", "form_on_its_way"),
        ({"goods": "on_the_way", "reason": "少件/漏发", "packed_right": True}, "advice_refuse_request", "form_scanned"),
        ({"goods": "on_the_way", "reason": "质量问题"}, "advice_refuse_request", "form_not_agreed"),
        ({"goods": "on_the_way", "kind": "exchange", "reason": "物流太慢"}, "advice_refuse_request", "form_not_agreed"),
        ({"goods": "no_trace", "reason": "快递无跟踪记录", "trace": "reshipped"}, "advice_sent_again", "form_sent_again"),
        ({**BACK, "reason": "不喜欢", "return_grade": "worn"}, "advice_refuse_return", "form_return_not_whole"),
        ({**BACK, "reason": "不喜欢", "return_grade": "empty"}, "advice_refuse_return", "form_return_empty"),
        ({**BACK, "reason": "不喜欢", "return_grade": "as_new", "paid": 2990, "gone_back": 2990}, "advice_paid_back", "form_paid_back"),
    ],
)
def test_a_refusal_says_what_the_facts_bear_out(facts: dict[str, Any], script: str, form: str) -> None:
    assert scripts(Act.REFUSE, facts) == (script, form)


@pytest.mark.parametrize(
    ("facts", "script", "form"),
    [
        ({**HERE, "reason": "不想要了"}, "advice_offer_return", "form_send_back"),
        ({**HERE, "reason": "质量问题"}, "advice_offer_return", "form_return_instead"),
        ({**HERE, "reason": "质量问题", "stopping": "failed"}, "advice_offer_return", "form_return_instead"),
        ({**HERE, "kind": "exchange", "reason": "不想要了", "in_stock": False}, "advice_offer_return", "form_return_instead"),
        ({"goods": "on_the_way", "reason": "不想要了"}, "advice_on_its_way", "form_on_its_way"),
        ({"goods": "on_the_way", "reason": "少件/漏发"}, "advice_offer_return", "form_return_instead"),
    ],
)
def test_a_return_is_proposed_by_what_was_asked_and_complained_of(facts: dict[str, Any], script: str, form: str) -> None:
    assert scripts(Act.OFFER_RETURN, facts) == (script, form)


@pytest.mark.parametrize(
    ("facts", "script"),
    [
        ({**HERE, "reason": "质量问题"}, "advice_refund"),
        ({**HERE, "reason": "未收到货"}, "advice_refund_refuse_parcel"),
        ({**HERE, "reason": "其他", "says_received": False}, "advice_refund_refuse_parcel"),
        ({"goods": "on_the_way", "reason": "不想要了"}, "advice_refund_refuse_parcel"),
        ({"goods": "coming_back", "reason": "不想要了"}, "advice_refund_refuse_parcel"),
        ({"goods": "no_trace", "reason": "快递无跟踪记录"}, "advice_refund_refuse_parcel"),
        ({"goods": "lost", "reason": "未收到货"}, "advice_refund_refuse_parcel"),
        ({**HERE, "state": "seller_to_receive", "reason": "不想要了", "stopping": "confirmed"}, "advice_refund_refuse_parcel"),
        ({"goods": "back", "reason": "不想要了"}, "advice_refund_agreed"),
        ({**HERE, "kind": "return_and_refund", "state": "platform_handles", "reason": "质量问题"}, "advice_refund_agreed"),
    ],
)
def test_nobody_is_told_to_keep_what_he_does_not_have(facts: dict[str, Any], script: str) -> None:
    assert scripts(Act.AGREE_REFUND, facts) == (script, None)


@pytest.mark.parametrize(
    ("facts", "script"),
    [
        ({"reason": "不喜欢", "return_grade": "opened", "counted": 2990}, "advice_return_paid"),
        ({"reason": "质量问题", "return_grade": "damaged", "counted": 2990}, "advice_refund_agreed"),
        ({"reason": "不喜欢", "return_grade": "as_new", "counted": 1495}, "advice_refund_agreed"),
    ],
)
def test_only_a_whole_return_is_said_to_be_in_order(facts: dict[str, Any], script: str) -> None:
    assert scripts(Act.REFUND_RETURN, BACK | facts) == (script, None)


@pytest.mark.parametrize("golden", CASES, ids=[str(number) for number in range(1, len(CASES) + 1)])
def test_no_answer_that_is_open_says_what_is_not_so(golden: dict[str, Any]) -> None:
    case = case_of(golden["facts"])

    for answer in advised(golden["facts"], Aim(golden.get("aim", "indicators"))).weighed:
        if answer.barred is None:
            said = {name: text for name, (_, text) in texts(answer.act, case, answer.amount).items()}
            assert _untrue(answer.act, case, **said) == []


def _untrue(act: Act, case: CaseToAdvise, message: str = "", form: str = "") -> list[str]:
    """What these texts say, and is not so of the case."""
    is_refund = case.kind is AftersaleKind.REFUND_ONLY
    may_send_back = is_refund and not case.no_reason_exempt and _asked_within_a_week(case)
    is_gone = case.goods in ("on_the_way", "no_trace")
    travels = is_gone and grievance_of(case.reason, case.kind, BOOK.advice).kind not in IN_HAND
    told = {
        "仅退款": is_refund or "仅退款" not in form,
        "扫码复核": case.packed_right or "扫码复核" not in form,
        "称重": case.weight_right or "称重" not in form,
        "原图": not any(word in form for word in ("原图", "面单", "发货时记录")),
        "拍照": not any(word in message for word in ("拍照", "拍了照")),
        "退货退款": act is not Act.REFUSE or may_send_back or "退货退款" not in form,
        "申请退货": act is not Act.REFUSE or may_send_back or is_gone or "申请退货" not in message,
        "立即退款": act is not Act.REFUSE or is_gone or "立即退款" not in form,
        "运输途中": travels or not any(word in message + form for word in ("运输途中", "正在路上", "耐心等待")),
        "签收": case.delivered_at is not None or not any(word in form for word in ("显示包裹已签收", "签收已超过")),
        "您留着": (case.goods == "delivered" and case.says_received is not False) or "您留着" not in message,
        "没有问题": case.return_grade in ("as_new", "opened") or "没有问题" not in message,
    }
    return [words for words, holds in told.items() if not holds]


def _asked_within_a_week(case: CaseToAdvise) -> bool:
    asked_at: datetime = case.applied_at or NOW
    return case.delivered_at is None or asked_at - case.delivered_at < timedelta(days=8)
