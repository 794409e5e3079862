"""The page of alerts, the bell, and the channels: seen, acknowledged, set; secrets are never shown, and nobody sets what is another's."""

import re
from collections.abc import Iterator

import httpx
import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.connectors.notify.receiver import AT, KEY, PASSWORD, SECRET, TOKEN, Receiver, receiving
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from zhanggui import clock
from zhanggui.actions.alerting import Matter, raise_alert
from zhanggui.actions.alerting.channels import channels_seen, terms_seen
from zhanggui.actions.alerting.watching import watch_alerts
from zhanggui.actions.house import House
from zhanggui.core.alerts.quiet import Days, Quiet
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.core.money import Fen
from zhanggui.core.say import say
from zhanggui.people.permissions import Person
from zhanggui.records.db import transact
from zhanggui.words import Language
from zhanggui.workbench.alerts.listing import AlertListing
from zhanggui.workbench.live.views import AlertsView, eyes_of

SETTINGS = "/alerts/settings"
BOT = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"


@pytest.fixture
def rung(house: House, stocked: str) -> House:
    """The story's shop after the watch has looked."""
    watch_alerts(house, NOW)
    return house


def path(people: Cast, rest: str) -> str:
    return f"/shops/{people.shop_id}/{rest}"


def test_it_shows_what_rings_and_ends_once_somebody_takes_note(rung: House, people: Cast, mei: Seat) -> None:
    before = mei.get("/alerts").text
    numbers = re.findall(r'name="alert" value="(\d+)"><button data-key="a"', before)

    answer = mei.send_form(path(people, "alert_acknowledgements"), {"alert": numbers, "back": "/alerts?view=open"}, page="/alerts")

    assert (len(numbers), answer.status_code, answer.headers["location"]) == (2, 303, "/alerts?view=open&noted=2")
    assert "立即发货并告知买家时间" in before
    assert "风险 ¥3.00" in before
    assert "没有提醒。" in mei.get("/alerts").text
    assert "小美 于 14:30 知悉" in mei.get("/alerts?view=acknowledged").text


def test_the_bell_tells_how_many_nobody_has_acknowledged(rung: House, mei: Seat, people: Cast) -> None:
    on_a_page, alone = mei.get("/orders").text, mei.get("/alerts/bell").text

    assert 'aria-label="2 条提醒"' in on_a_page
    assert 'aria-label="2 条提醒"' in alone
    assert "<html" not in alone


KEPT = {
    DeadlineKind.RENEW_TOKEN: SubjectKind.CONNECTION,
    DeadlineKind.TOP_UP: SubjectKind.WAYBILL_ACCOUNT,
    DeadlineKind.RULE_CHANGES: SubjectKind.RULE_NOTICE,
    DeadlineKind.MEND_HOOK: SubjectKind.HOOK,
    DeadlineKind.MEND_BACKUP: SubjectKind.BACKUP,
}
"""What rings and has a page that not everybody may open."""


@pytest.mark.parametrize("kind", KEPT)
def test_the_list_is_kept_in_step_whatever_rings_for_whoever_looks(house: House, people: Cast, kind: DeadlineKind) -> None:
    act = say("Look at it")
    matter = Matter(kind=kind, subject=Subject(KEPT[kind], "1"), act=act, because=act, due_at=NOW, money=Fen(0))
    transact(house.pool, lambda tx: raise_alert(tx, people.shop_id, matter, NOW))

    def drawn(by: Person) -> str:
        return "".join(AlertsView(eyes_of(by, Language.EN), AlertListing(), (people.shop_id,)).draw(house, NOW).frame)

    assert "Look at it" in drawn(people.mei)
    assert "data-open>" in drawn(people.lin)


def test_it_keeps_what_opens_a_channel_to_itself(house: House, people: Cast, lin: Seat) -> None:
    answer = lin.send_form(
        path(people, "alert_channels"), {"service": "dingtalk", "name": "打包群", "address": BOT, "secret": SECRET, "tells": "both"}, page=SETTINGS
    )

    page, journal = lin.get(answer.headers["location"]).text, lin.get("/journal").text
    (channel,) = channels_seen(house, people.lin, people.shop_id, NOW)
    with house.pool.connection() as tx:
        stored = tx.execute("select sealed, shown from alert_channels").fetchone()
    assert (channel.name, channel.shown, channel.tells) == ("打包群", "···37a2", "both")
    assert "打包群" in page
    assert "打包群" in journal
    assert stored is not None
    assert not [secret for secret in (TOKEN, SECRET) if secret in page + journal or secret.encode() in bytes(stored[0])]


def test_it_says_what_is_wrong_with_a_channel_and_keeps_none(house: House, people: Cast, lin: Seat) -> None:
    answer = lin.send_form(path(people, "alert_channels"), {"service": "wecom", "name": "群", "address": "https://evil.test/?key=abcdefgh"}, page=SETTINGS)

    assert answer.status_code == 422
    assert "请粘贴企业微信机器人的完整地址" in answer.text
    assert channels_seen(house, people.lin, people.shop_id, NOW) == ()


def test_a_rep_adds_a_channel_of_her_own_and_sees_no_other(house: House, people: Cast, lin: Seat, mei: Seat) -> None:
    lin.send_form(path(people, "alert_channels"), {"service": "wecom", "name": "店群", "address": KEY}, page=SETTINGS)

    refused = mei.send_form(path(people, "alert_channels"), {"service": "wecom", "name": "抢占", "address": KEY}, page=SETTINGS)
    own = mei.send_form(path(people, "alert_channels"), {"service": "wecom", "name": "小美", "address": KEY, "mine": "1"}, page=SETTINGS)

    assert (refused.status_code, own.status_code) == (404, 303)
    assert [each.name for each in channels_seen(house, people.mei, people.shop_id, NOW)] == ["小美"]
    assert [(each.name, each.may_change) for each in channels_seen(house, people.lin, people.shop_id, NOW)] == [("店群", True), ("小美", False)]
    assert mei.send_form(path(people, "alert_channels/1/state"), {"step": "removed"}, page=SETTINGS).status_code == 404
    assert lin.send_form(path(people, "alert_channels/2/test"), page=SETTINGS).status_code == 404


@pytest.fixture
def services(app: Litestar, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The services behind the real transport, whose certificates this house trusts."""
    with receiving(tmp_path_factory.mktemp("services"), monkeypatch) as (receiver, trusted):
        monkeypatch.setattr(httpx, "create_ssl_context", lambda: trusted)
        monkeypatch.setattr(clock, "unwound", lambda: AT)
        monkeypatch.setenv("ZHANGGUI_NOTIFY_HOSTS", "smtp.linji.test, hooks.linji.test")
        yield receiver


CHANNELS = {
    "wecom": {"address": KEY},
    "dingtalk": {"address": BOT, "secret": SECRET},
    "feishu": {"address": f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}", "secret": SECRET},
    "webhook": {"address": "https://hooks.linji.test/alerts", "secret": SECRET},
    "email": {
        "host": "smtp.linji.test",
        "port": "465",
        "safety": "tls",
        "user": "alerts@linji.test",
        "secret": PASSWORD,
        "sender": "alerts@linji.test",
        "receivers": "lin@linji.test",
    },
}


def test_the_test_of_every_channel_arrives(services: Receiver, house: House, people: Cast, lin: Seat) -> None:
    for service, typed in CHANNELS.items():
        lin.send_form(path(people, "alert_channels"), {"service": service, "name": service, **typed}, page=SETTINGS)

    answers = [lin.send_form(path(people, f"alert_channels/{number}/test"), page=SETTINGS) for number in range(1, 6)]

    assert [answer.status_code for answer in answers] == [303] * 5
    assert (len(services.heard), len(services.mails)) == (4, 1)
    assert all(each.well_at == AT and each.problem is None for each in channels_seen(house, people.lin, people.shop_id, AT))


def test_a_test_that_is_refused_says_why(services: Receiver, people: Cast, lin: Seat) -> None:
    lin.send_form(path(people, "alert_channels"), {"service": "dingtalk", "name": "群", "address": BOT, "secret": "SECwrong"}, page=SETTINGS)

    answer = lin.send_form(path(people, "alert_channels/1/test"), page=SETTINGS)

    assert answer.status_code == 422
    assert "310000 sign not match" in answer.text
    assert "SECwrong" not in answer.text


def test_the_shop_s_terms_are_kept_as_typed(house: House, people: Cast, lin: Seat) -> None:
    typed = {
        "is_on": "1",
        "least_money": "2.50",
        "escalate_minutes": "20",
        "digest_at": "08:30",
        "people": [str(people.mei.person_id), "", str(people.lin.person_id)],
        "kind": ["ship_by", "pickup_by"],
        "minutes": ["240", ""],
        "begins": ["22:30", "12:00", "", ""],
        "ends": ["07:30", "13:00", "", ""],
        "days": ["every_day", "days_off", "every_day", "every_day"],
    }

    answer = lin.send_form(path(people, "alert_terms"), typed, page=SETTINGS)

    terms = terms_seen(house, people.lin, people.shop_id)
    assert answer.status_code == 303
    assert (terms.least_money, terms.escalate_minutes, str(terms.digest_at), terms.people) == (
        250,
        20,
        "08:30:00",
        (people.mei.person_id, people.lin.person_id),
    )
    assert terms.warn_minutes == {"ship_by": 240, "pickup_by": None}
    assert [(f"{each.begins:%H:%M}", f"{each.ends:%H:%M}", each.days) for each in terms.quiet] == [
        ("22:30", "07:30", Days.EVERY_DAY),
        ("12:00", "13:00", Days.DAYS_OFF),
    ]
    assert all(isinstance(each, Quiet) for each in terms.quiet)
    assert 'value="08:30"' in lin.get(SETTINGS).text


def test_terms_that_cannot_be_meant_are_refused(house: House, people: Cast, lin: Seat) -> None:
    before = terms_seen(house, people.lin, people.shop_id)
    wrong: dict[str, dict[str, str]] = {
        "不是一个时刻": {"begins": "25:00", "ends": "07:00", "days": "every_day"},
        "至少等一分钟": {"escalate_minutes": "0"},
        "不是整数": {"escalate_minutes": "soon"},
        "最多提前": {"kind": "ship_by", "minutes": "9999999"},
        "不提醒": {"kind": "refund_differs", "minutes": "60"},
        "只能依次通知本店的人": {"people": "999999"},
        "不能小于零": {"least_money": "-1"},
    }

    answers = {words: lin.send_form(path(people, "alert_terms"), form, page=SETTINGS) for words, form in wrong.items()}

    assert {answer.status_code for answer in answers.values()} == {422}
    assert [words for words, answer in answers.items() if words not in answer.text] == []
    assert terms_seen(house, people.lin, people.shop_id) == before
