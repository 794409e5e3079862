"""阿里云短信 is asked as its documents say, over TLS, and its answers are read for what they mean to the text."""

import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.connectors.sms.receiver import KEY_ID, SECRET, Receiver, receiving
from zhanggui.connectors.sms.aliyun import FOUND, NOT_FOUND, REFUSED, Account, Asked, look_up, send, signature
from zhanggui.connectors.sms.errors import TextError, TextTrouble
from zhanggui.connectors.sms.line import SmsLine
from zhanggui.rulebook.texts import aliyun_verdicts

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
NUMBER = "13812345678"
US = Account(KEY_ID, SECRET)
_NONCES = count()


def asked(out_id: str = "zg-1-1", account: Account = US, number: str = NUMBER, nonce: str = "") -> Asked:
    filling = {"title": "坚果 a*b~c", "tail": "1234"}
    return send(account, number, "林记坚果", "SMS_1", filling, out_id, AT, nonce or f"n{next(_NONCES)}", aliyun_verdicts())


def record(out_id: str) -> Asked:
    return look_up(US, NUMBER, date(2026, 3, 1), out_id, AT, f"n{next(_NONCES)}", aliyun_verdicts())


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Receiver, ssl.SSLContext]]:
    with receiving(tmp_path, monkeypatch) as both:
        yield both


def test_it_signs_as_the_two_worked_examples_of_the_documents_do() -> None:
    plain = {
        "SignatureVersion": "1.0",
        "Action": "DescribeRegions",
        "Format": "XML",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "Version": "2014-05-26",
        "AccessKeyId": "testid",
        "SignatureMethod": "HMAC-SHA1",
        "Timestamp": "2016-02-23T12:46:24Z",
    }
    text = {
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "AccessKeyId": "testId",
        "SignatureVersion": "1.0",
        "Timestamp": "2017-07-12T02:42:19Z",
        "Format": "XML",
        "Action": "SendSms",
        "Version": "2017-05-25",
        "RegionId": "cn-hangzhou",
        "PhoneNumbers": "15300000001",
        "SignName": "阿里云短信测试专用",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "OutId": "123",
    }

    assert signature("GET", plain, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="
    assert signature("GET", text, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_it_sends_over_tls_under_the_providers_own_name_and_finds_it_in_the_record(provider: tuple[Receiver, ssl.SSLContext]) -> None:
    receiver, context = provider
    line = SmsLine(context)

    receipt = line.ask(asked("zg-1-7"))

    assert receipt == "90060001^0"
    (told,) = receiver.sent
    assert (told["PhoneNumbers"], told["SignName"], told["OutId"]) == (NUMBER, "林记坚果", "zg-1-7")
    assert told["TemplateParam"] == '{"title":"坚果 a*b~c","tail":"1234"}'
    assert [line.ask(record(out_id)) for out_id in ("zg-1-7", "zg-1-8")] == [FOUND, NOT_FOUND]
    line.close()


def test_it_speaks_to_nobody_whose_certificate_it_does_not_know(provider: tuple[Receiver, ssl.SSLContext]) -> None:
    receiver, _ = provider
    line = SmsLine()

    with pytest.raises(TextError) as refused:
        line.ask(asked())

    assert refused.value.trouble is TextTrouble.BUSY
    assert receiver.sent == []


@pytest.mark.parametrize(
    ("mood", "trouble"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", TextTrouble.NUMBER),
        ("isv.MOBILE_NUMBER_ILLEGAL", TextTrouble.NUMBER),
        ("isv.DAY_LIMIT_CONTROL", TextTrouble.BUSY),
        ("Throttling.User", TextTrouble.BUSY),
        ("isv.OUT_OF_SERVICE", TextTrouble.PERSON),
        ("isv.NEVER_HEARD_OF", TextTrouble.PERSON),
        ("isp.SYSTEM_ERROR", TextTrouble.UNSURE),
        ("cut", TextTrouble.UNSURE),
        ("garbage", TextTrouble.UNSURE),
        ("broken", TextTrouble.UNSURE),
    ],
)
def test_it_knows_what_a_trouble_means_for_the_text(provider: tuple[Receiver, ssl.SSLContext], mood: str, trouble: TextTrouble) -> None:
    receiver, context = provider
    receiver.mood = mood

    with pytest.raises(TextError) as refused:
        SmsLine(context, httpx.Timeout(3.0)).ask(asked(), secrets=(NUMBER, SECRET))

    assert refused.value.trouble is trouble
    assert NUMBER not in f"{refused.value} {refused.value.say}"


def test_it_is_told_of_a_wrong_key_a_wrong_secret_a_used_nonce_and_a_full_number(provider: tuple[Receiver, ssl.SSLContext]) -> None:
    receiver, context = provider
    receiver.a_day = 1
    line = SmsLine(context)
    line.ask(asked(nonce="same"))

    codes = []
    for call in (asked(account=Account("LTAI-other", SECRET)), asked(account=Account(KEY_ID, "wrong")), asked(nonce="same"), asked()):
        with pytest.raises(TextError) as refused:
            line.ask(call)
        codes.append((refused.value.code, refused.value.trouble))

    assert codes == [
        ("InvalidAccessKeyId.NotFound", TextTrouble.PERSON),
        ("SignatureDoesNotMatch", TextTrouble.PERSON),
        ("SignatureNonceUsed", TextTrouble.PERSON),
        ("isv.BUSINESS_LIMIT_CONTROL", TextTrouble.NUMBER),
    ]
    assert len(receiver.sent) == 1


def test_a_text_that_the_carrier_did_not_take_is_told_apart() -> None:
    body = b'{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"OutId":"zg-1-1","SendStatus":2}]}}'

    assert record("zg-1-1").decode(200, body) == REFUSED


def test_it_shows_neither_number_nor_secret() -> None:
    assert NUMBER not in repr(asked())
    assert SECRET not in repr(US)
