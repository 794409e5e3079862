"""Answers of tracking services: scans, nothing yet, refusals with what to do, and odd ones."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.connectors.carriers import kdniao, kuaidi100
from zhanggui.connectors.carriers.asking import Parcel, Told
from zhanggui.connectors.carriers.errors import DO, TrackerError
from zhanggui.connectors.carriers.tables import answers_of
from zhanggui.connectors.pdd.errors import Trouble
from zhanggui.core.facts import ScanStage

PARCEL = Parcel("YT7600000000001", "圆通快递")


def hundred(**answer: Any) -> Told:
    """What an answer of 快递100 tells."""
    return kuaidi100.read(json.dumps(answer).encode(), PARCEL)


def bird(**answer: Any) -> Told:
    """What an answer of 快递鸟 tells."""
    return kdniao.read(json.dumps(answer).encode(), PARCEL)


def test_the_hundred_tells_scans_oldest_first_with_their_stages() -> None:
    data = [
        {"time": "2026-03-02 09:00:00", "ftime": "2026-03-02 09:00:00", "context": "无从得知的一句话", "status": "签收", "statusCode": "3"},
        {"time": "2026-03-01 18:20:11", "ftime": "2026-03-01 18:20:11", "context": "【杭州市】已揽收", "status": "揽收", "statusCode": "103"},
        {"time": "2026-03-01 18:20:11", "ftime": "2026-03-01 18:20:11", "context": "【杭州市】已揽收", "status": "揽收", "statusCode": "103"},
    ]

    told = hundred(message="ok", status="200", state="3", data=data)

    assert [(scan.facts.at, scan.facts.text, scan.facts.stage) for scan in told.scans] == [
        (datetime(2026, 3, 1, 10, 20, 11, tzinfo=UTC), "【杭州市】已揽收", ScanStage.PICKED_UP),
        (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "无从得知的一句话", ScanStage.DELIVERED),
    ]
    assert {(scan.facts.tracking_no, scan.facts.carrier) for scan in told.scans} == {("YT7600000000001", "圆通快递")}


def test_the_bird_tells_scans_with_their_stages() -> None:
    traces = [
        {"AcceptTime": "2026-03-01 18:20:11", "AcceptStation": "【杭州市】已揽收", "Action": "1"},
        {"AcceptTime": "2026-03-02 09:00:00", "AcceptStation": "无从得知的一句话", "Action": "202"},
    ]

    told = bird(Success=True, State="2", Traces=traces)

    assert [scan.facts.stage for scan in told.scans] == [ScanStage.PICKED_UP, ScanStage.OUT_FOR_DELIVERY]


def test_the_text_goes_before_the_code_and_an_unknown_code_stays_unknown() -> None:
    data = [
        {"ftime": "2026-03-01 18:20:11", "context": "【杭州市】已揽收", "statusCode": "3"},
        {"ftime": "2026-03-01 19:00:00", "context": "无从得知的一句话", "statusCode": "777"},
    ]

    told = hundred(status="200", message="ok", data=data)

    assert [scan.facts.stage for scan in told.scans] == [ScanStage.PICKED_UP, ScanStage.UNKNOWN]


def test_who_signed_is_masked() -> None:
    told = bird(Success=True, Traces=[{"AcceptTime": "2026-03-01 18:20:11", "AcceptStation": "已签收，签收人：张三丰"}])

    assert "张三丰" not in told.scans[0].facts.text


@pytest.mark.parametrize(
    "answer",
    [
        {"result": False, "returnCode": "500", "message": "查询无结果，请隔段时间再查"},
        {"result": False, "returnCode": 500, "message": "查询无结果，请隔段时间再查"},
        {"status": "201", "message": "查询无结果"},
        {"status": "200", "message": "ok", "data": []},
    ],
)
def test_no_trace_yet_is_no_error_of_the_hundred(answer: dict[str, Any]) -> None:
    assert hundred(**answer) == Told()


@pytest.mark.parametrize(
    "answer",
    [
        {"Success": True, "State": "0", "Reason": "暂无轨迹信息", "Traces": []},
        {"Success": False, "State": "0", "Reason": "暂无轨迹信息", "Traces": None},
        {"Success": "true"},
    ],
)
def test_no_trace_yet_is_no_error_of_the_bird(answer: dict[str, Any]) -> None:
    assert bird(**answer) == Told()


@pytest.mark.parametrize(
    ("code", "do", "trouble"),
    [
        ("400", "key", Trouble.PERSON),
        ("408", "phone", Trouble.FOREVER),
        ("501", "wait", Trouble.RETRY),
        ("502", "slow", Trouble.SLOW_DOWN),
        ("503", "key", Trouble.PERSON),
        ("504", "wait", Trouble.RETRY),
        ("601", "account", Trouble.PERSON),
        ("799", "unknown", Trouble.PERSON),
    ],
)
def test_a_refusal_of_the_hundred_says_what_to_do(code: str, do: str, trouble: Trouble) -> None:
    with pytest.raises(TrackerError) as refused:
        hundred(result=False, returnCode=code, message="不行")

    assert (refused.value.do, refused.value.trouble, refused.value.may_have_acted) == (do, trouble, False)
    assert refused.value.say.slots == {"service": "快递100", "reason": f"{code} 不行"}


@pytest.mark.parametrize(
    ("answer", "do", "trouble"),
    [
        ({"ResultCode": "105", "Reason": "非法参数：DataSign错误"}, "key", Trouble.PERSON),
        ({"ResultCode": "106", "Reason": "RequestType不支持"}, "account", Trouble.PERSON),
        ({"ResultCode": "107", "Reason": "用户ID不存在"}, "account", Trouble.PERSON),
        ({"Reason": "没有可用套餐"}, "account", Trouble.PERSON),
        ({"Reason": "请求过于频繁"}, "slow", Trouble.SLOW_DOWN),
        ({"Reason": "没见过的话"}, "unknown", Trouble.PERSON),
    ],
)
def test_a_refusal_of_the_bird_says_what_to_do(answer: dict[str, Any], do: str, trouble: Trouble) -> None:
    with pytest.raises(TrackerError) as refused:
        bird(Success=False, **answer)

    assert (refused.value.do, refused.value.trouble) == (do, trouble)


def test_an_event_that_cannot_be_read_is_left_out_and_counted() -> None:
    good, bad = {"ftime": "2026-03-01 18:20:11", "context": "已揽收"}, {"ftime": "gestern", "context": "已揽收"}

    told = hundred(status="200", data=[good, bad])

    assert (len(told.scans), told.left_out) == (1, 1)
    with pytest.raises(TrackerError, match="none of 1 events"):
        hundred(status="200", data=[bad])


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"status":"200","data":7}', b"\xff", b"[" * 100_000])
def test_an_answer_of_another_shape_is_asked_again(body: bytes) -> None:
    for read in (kuaidi100.read, kdniao.read):
        with pytest.raises(TrackerError) as strange:
            read(body, PARCEL)

        assert (strange.value.do, strange.value.trouble) == ("strange", Trouble.RETRY)


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=12), lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(st.dictionaries(st.sampled_from(["status", "returnCode", "message", "data", "Success", "Reason", "ResultCode", "Traces"]), _JSON))
def test_whatever_comes_is_told_or_a_trouble_of_ours(answer: dict[str, Any]) -> None:
    for read in (kuaidi100.read, kdniao.read):
        try:
            told = read(json.dumps(answer).encode(), PARCEL)
        except TrackerError:
            continue

        assert told.scans == ()


@pytest.mark.parametrize("service", ["kuaidi100", "kdniao"])
def test_every_way_out_of_the_tables_has_its_sentence(service: str) -> None:
    answers = answers_of(service)

    ways = {each.do for each in (*answers.codes.values(), *(worded.answer for worded in answers.texts))}

    assert ways - {"no_trace"} <= set(DO)
