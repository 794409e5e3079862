"""Every channel is delivered through the real transport to a receiver that speaks the service's protocol, and refused as the service refuses."""

import logging
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from time import monotonic
from typing import Any

import msgspec
import pytest

from tests.connectors.notify.conftest import LETTER, Services
from tests.connectors.notify.receiver import DINGTALK, FEISHU, HOOK, KEY, MAIL, PASSWORD, SECRET, SENDKEY, TOKEN, USER, WECOM
from zhanggui.connectors.notify import mail as mail_module
from zhanggui.connectors.notify import wire
from zhanggui.connectors.notify.bots import heard_from_feishu, heard_from_wecom
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.notifier import Notifier
from zhanggui.connectors.notify.ways import DingTalk as DingTalkWay
from zhanggui.connectors.notify.ways import Feishu as FeishuWay
from zhanggui.connectors.notify.ways import Mail, OtherService, Safety, Way, Webhook
from zhanggui.connectors.notify.ways import WeCom as WeComWay
from zhanggui.connectors.notify.wire import Answer
from zhanggui.connectors.pdd.errors import Trouble

ALLOWED = frozenset({HOOK, MAIL})
OUR_WECOM = WeComWay(KEY)
OUR_DINGTALK = DingTalkWay(TOKEN, SECRET)
OUR_FEISHU = FeishuWay(TOKEN, SECRET)
OUR_HOOK = Webhook(f"https://{HOOK}/alerts?team=7", SECRET)
OUR_MAIL = Mail(MAIL, 465, Safety.TLS, USER, PASSWORD, USER, ("lin@linji.test", "mei@linji.test"))
BOTS = (OUR_WECOM, OUR_DINGTALK, OUR_FEISHU)
BY_HTTPS = (*BOTS, OUR_HOOK)


def refused(services: Services, way: Way, letter: Any = LETTER) -> NotifyError:
    """What went wrong."""
    with pytest.raises(NotifyError) as problem:
        services.notifier.deliver(way, letter, allowed=ALLOWED)
    return problem.value


@pytest.mark.parametrize(("way", "host"), [(OUR_WECOM, WECOM), (OUR_DINGTALK, DINGTALK), (OUR_FEISHU, FEISHU)])
def test_it_delivers_to_the_bot_of_a_group(services: Services, way: Way, host: str) -> None:
    services.notifier.deliver(way, LETTER)

    (heard,) = services.receiver.heard
    assert heard.host == host
    body = heard.json
    text = body["content"]["text"] if "content" in body else body["text"]["content"]
    assert text == f"{LETTER.title}\n{LETTER.text}"


def test_it_delivers_to_somebody_s_own_program_signed(services: Services) -> None:
    services.notifier.deliver(OUR_HOOK, LETTER, allowed=ALLOWED)

    (heard,) = services.receiver.heard
    assert (heard.path, heard.query, heard.headers["webhook-id"]) == ("/alerts", {"team": ["7"]}, LETTER.id)
    assert heard.json == {"type": "alerts", "id": LETTER.id, "title": LETTER.title, "text": LETTER.text, "shop": "林记坚果"}


@pytest.mark.parametrize("way", [OUR_MAIL, msgspec.structs.replace(OUR_MAIL, port=587, safety=Safety.STARTTLS)])
def test_it_delivers_by_mail(services: Services, way: Mail) -> None:
    services.notifier.deliver(way, LETTER, allowed=ALLOWED)

    ((sender, receivers, raw),) = services.receiver.mails
    mail = message_from_bytes(raw, policy=default)
    assert (sender, receivers) == (USER, ["lin@linji.test", "mei@linji.test"])
    assert (mail["Subject"], mail["Message-ID"], mail["Auto-Submitted"]) == (LETTER.title, f"<{LETTER.id}@linji.test>", "auto-generated")
    assert mail.get_content().replace("\r\n", "\n").strip() == LETTER.text


def test_it_delivers_through_apprise(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(services.authority))

    services.notifier.deliver(OtherService(f"schan://{SENDKEY}"), LETTER)

    (heard,) = services.receiver.heard
    assert (heard.host, heard.path) == ("sctapi.ftqq.com", f"/{SENDKEY}.send")


@pytest.mark.parametrize(
    ("way", "code", "do"),
    [
        (WeComWay("another-key-12345"), "93000", "address"),
        (DingTalkWay("0" * 32, SECRET), "300005", "address"),
        (DingTalkWay(TOKEN, "SECwrong"), "310000", "sign"),
        (FeishuWay("0" * 32, SECRET), "19001", "address"),
        (FeishuWay(TOKEN, "SECwrong"), "19021", "sign"),
        (Webhook(f"https://{HOOK}/alerts", "another secret of ours"), "401", "address"),
        (msgspec.structs.replace(OUR_MAIL, password="wrong"), "535", "login"),
        (msgspec.structs.replace(OUR_MAIL, receivers=("nobody@linji.test",)), "550", "mailbox"),
    ],
)
def test_it_asks_a_person_where_the_service_does_not_know_us(services: Services, way: Way, code: str, do: str) -> None:
    problem = refused(services, way)

    assert (problem.trouble, problem.code, problem.do, problem.may_have_arrived) == (Trouble.PERSON, code, do, False)


@pytest.mark.parametrize(("way", "code"), [(OUR_DINGTALK, "310000"), (OUR_FEISHU, "19024")])
def test_it_asks_a_person_where_the_bot_insists_on_a_word(services: Services, way: Way, code: str) -> None:
    services.receiver.keyword = "掌柜"

    problem = refused(services, way)

    assert (problem.trouble, problem.code, problem.do) == (Trouble.PERSON, code, "sign")


@pytest.mark.parametrize(("way", "stamp"), [(OUR_DINGTALK, "310000"), (OUR_FEISHU, "19021")])
def test_it_is_told_when_the_clock_is_wrong(services: Services, way: Way, stamp: str) -> None:
    late = msgspec.structs.replace(LETTER, at=LETTER.at + timedelta(hours=2))

    assert refused(services, way, late).code == stamp


@pytest.mark.parametrize(("way", "code", "wait"), [(OUR_WECOM, "45009", 60), (OUR_DINGTALK, "130101", 600), (OUR_FEISHU, "11232", 60)])
def test_it_slows_down_where_the_service_was_sent_too_much(services: Services, way: Way, code: str, wait: int) -> None:
    for _ in range(20):
        services.notifier.deliver(way, LETTER)

    problem = refused(services, way)

    assert (problem.trouble, problem.code, problem.wait) == (Trouble.SLOW_DOWN, code, timedelta(seconds=wait))


@pytest.mark.parametrize("way", BY_HTTPS)
def test_it_waits_as_long_as_it_is_asked_to(services: Services, way: Way) -> None:
    services.receiver.mood = "busy"

    problem = refused(services, way)

    assert (problem.trouble, problem.may_have_arrived) == (Trouble.SLOW_DOWN, False)
    assert problem.wait == timedelta(seconds=7)


@pytest.mark.parametrize("way", BY_HTTPS)
@pytest.mark.parametrize("mood", ["cut", "failed"])
def test_it_says_that_it_may_have_arrived_where_the_answer_is_lost(services: Services, way: Way, mood: str) -> None:
    services.receiver.mood = mood

    problem = refused(services, way)

    assert (problem.trouble, problem.may_have_arrived) == (Trouble.RETRY, True)
    assert len(services.receiver.heard) == 1


def test_it_says_that_a_mail_may_have_arrived_where_the_answer_is_lost(services: Services) -> None:
    services.receiver.mood = "cut"

    problem = refused(services, OUR_MAIL)

    assert (problem.do, problem.may_have_arrived, len(services.receiver.mails)) == ("no_answer", True, 1)


@pytest.mark.parametrize(("mood", "trouble", "code"), [("full", Trouble.FOREVER, "552"), ("slow", Trouble.SLOW_DOWN, "450")])
def test_it_reads_what_a_mail_server_says(services: Services, mood: str, trouble: Trouble, code: str) -> None:
    services.receiver.mood = mood

    problem = refused(services, OUR_MAIL)

    assert (problem.trouble, problem.code) == (trouble, code)


@pytest.mark.parametrize("way", BY_HTTPS)
def test_it_follows_no_redirect(services: Services, way: Way) -> None:
    services.receiver.mood = "moved"

    problem = refused(services, way)

    assert (problem.trouble, problem.do, len(services.receiver.heard)) == (Trouble.PERSON, "astray", 1)


@pytest.mark.parametrize("way", BOTS)
def test_it_takes_a_page_for_no_answer(services: Services, way: Way) -> None:
    services.receiver.mood = "garbled"

    problem = refused(services, way)

    assert (problem.do, problem.may_have_arrived) == ("strange", True)


@pytest.mark.parametrize("way", BOTS)
def test_it_never_repeats_a_secret_that_the_service_repeats(services: Services, way: Way) -> None:
    services.receiver.mood = "strange"

    problem = refused(services, way)

    assert (problem.trouble, problem.code, problem.text) == (Trouble.RETRY, "77777", "something new about ***")


def test_it_cuts_what_the_service_would_find_too_long(services: Services) -> None:
    long = msgspec.structs.replace(LETTER, text="\n".join(f"{number} 第几行" for number in range(400)))

    services.notifier.deliver(OUR_WECOM, long)

    content = services.receiver.heard[0].json["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("第几行\n…")


def test_it_trusts_no_certificate_of_a_stranger(services: Services) -> None:
    with pytest.raises(NotifyError) as problem:
        Notifier().deliver(OUR_WECOM, LETTER)

    assert (problem.value.do, services.receiver.heard) == ("no_way", [])


def test_no_log_holds_what_opens_a_channel(services: Services, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(services.authority))
    caplog.set_level(logging.DEBUG)
    ways = (*BY_HTTPS, OUR_MAIL, OtherService(f"schan://{SENDKEY}"))

    for way in ways:
        services.notifier.deliver(way, LETTER, allowed=ALLOWED)

    told = caplog.text + "".join(map(repr, ways))
    assert [secret for secret in (KEY, TOKEN, SECRET, PASSWORD, SENDKEY, LETTER.text) if secret in told] == []


@pytest.mark.parametrize("said", [b'{"code":0,"msg":"success"}', b'{"Extra":null,"StatusCode":0,"StatusMessage":"success"}'])
def test_it_knows_both_ways_in_which_feishu_says_yes(said: bytes) -> None:
    heard_from_feishu(Answer(200, said))


def test_it_greets_a_mail_server_that_wants_no_name(services: Services) -> None:
    problem = refused(services, msgspec.structs.replace(OUR_MAIL, user="", password=""))

    assert (problem.code, problem.do) == ("530", "mailbox")


@pytest.mark.parametrize("way", [OUR_HOOK, OUR_MAIL, msgspec.structs.replace(OUR_MAIL, port=587, safety=Safety.STARTTLS)])
def test_it_waits_for_no_server_that_drips(services: Services, monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    for module in (wire, mail_module):
        monkeypatch.setattr(module, "_LONGEST_SECONDS", 0.5)
    services.receiver.mood = "drips"
    began = monotonic()

    problem = refused(services, way)

    assert (problem.trouble, monotonic() - began < 5) == (Trouble.RETRY, True)


def test_no_word_of_a_letter_calls_on_everybody_of_a_group(services: Services) -> None:
    services.notifier.deliver(OUR_FEISHU, msgspec.structs.replace(LETTER, text='小美<at user_id="all">所有人</at>'))

    assert "<" not in services.receiver.heard[0].json["content"]["text"]


def test_no_half_of_a_secret_is_shown() -> None:
    whole = NotifyError(Trouble.PERSON, "sign", text="x" * 180 + SECRET)
    masked = NotifyError(Trouble.PERSON, "sign", text=f"no such token abc13812345678def {SECRET}")

    for problem in (whole, masked):
        problem.hide((SECRET, "abc13812345678def"))

    assert (whole.reason, masked.reason) == ("x" * 180 + "***", "no such token *** ***")


@pytest.mark.parametrize("said", [b'{"errcode":1,"errmsg":"\xd4\xe7"}', b'{"errcode":' + b"[" * 60_000])
def test_an_answer_in_another_encoding_or_without_a_bottom_is_one_that_cannot_be_understood(said: bytes) -> None:
    with pytest.raises(NotifyError) as problem:
        heard_from_wecom(Answer(200, said))

    assert (problem.value.do, problem.value.may_have_arrived) == ("strange", True)
