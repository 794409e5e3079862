"""Why the group bots are spoken directly: what Apprise makes of a service's refusal, and of a signature. Should this fail one day, look at it again."""

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

from tests.connectors.notify.conftest import Services
from tests.connectors.notify.receiver import SECRET, TOKEN


def test_apprise_takes_a_refusal_for_delivered(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(services.authority))

    said_to_be_sent = NotifyWeComBot(key="nobody-knows-this-key").notify(body="10:00 前发货")  # type: ignore[no-untyped-call]

    assert said_to_be_sent
    assert services.receiver.answer(services.receiver.heard[0])[1]["errcode"] == 93000  # type: ignore[index]


def test_apprise_encodes_the_signature_twice(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(services.authority))

    NotifyDingTalk(token=TOKEN, secret=SECRET).notify(body="10:00 前发货")  # type: ignore[no-untyped-call]

    (heard,) = services.receiver.heard
    assert heard.query["sign"][0].endswith("%3D")
