"""What opens a channel is read from what people paste, refused where it could lead astray, and never shown."""

import socket

import pytest

from tests.connectors.notify.receiver import KEY, SECRET, TOKEN
from zhanggui.connectors.notify.errors import DO, NotifyError
from zhanggui.connectors.notify.reaching import reached
from zhanggui.connectors.notify.services import Service, about
from zhanggui.connectors.notify.ways import DingTalk, Feishu, NoWay, OtherService, Typed, Webhook, WeCom, shown_of, way_of


@pytest.mark.parametrize(
    ("service", "typed", "way", "shown"),
    [
        (Service.WECOM, Typed(address=f" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY} "), WeCom(KEY), "···5aaa"),
        (Service.WECOM, Typed(address=KEY), WeCom(KEY), "···5aaa"),
        (Service.DINGTALK, Typed(address=f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}", secret=SECRET), DingTalk(TOKEN, SECRET), "···37a2"),
        (Service.FEISHU, Typed(address=f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}/"), Feishu(TOKEN), "···37a2"),
        (
            Service.WEBHOOK,
            Typed(address="https://hooks.linji.test:8443/a", secret=SECRET),
            Webhook("https://hooks.linji.test:8443/a", SECRET),
            "hooks.linji.test",
        ),
        (Service.OTHER, Typed(address="schan://SCT123"), OtherService("schan://SCT123"), "Server酱"),
    ],
)
def test_it_reads_what_people_paste(service: Service, typed: Typed, way: object, shown: str) -> None:
    read = way_of(service, typed)

    assert (read, shown_of(read)) == (way, shown)
    assert TOKEN not in repr(read)
    assert KEY not in repr(read)
    assert SECRET not in f"{read!r}{typed!r}"


@pytest.mark.parametrize(
    ("service", "typed"),
    [
        (Service.WECOM, Typed(address="https://evil.test/cgi-bin/webhook/send?key=693a91f6-7xxx")),
        (Service.DINGTALK, Typed(address="https://oapi.dingtalk.com/robot/send")),
        (Service.FEISHU, Typed(address="https://open.feishu.cn.evil.test/open-apis/bot/v2/hook/0123456789")),
        (Service.WEBHOOK, Typed(address="http://hooks.linji.test/a", secret=SECRET)),
        (Service.WEBHOOK, Typed(address="https://hooks.linji.test/a", secret="short")),
        (Service.WEBHOOK, Typed(address="https://lin:pass@hooks.linji.test/a", secret=SECRET)),
        (Service.WEBHOOK, Typed(address="https://hooks.linji.test\\@evil.test/a", secret=SECRET)),
        (Service.OTHER, Typed(address="json://127.0.0.1/")),
        (Service.OTHER, Typed(address="tgram://123/456?verify=no")),
        (Service.OTHER, Typed(address="mailtos://user:pass@example.com")),
        (Service.EMAIL, Typed(host="smtp.linji.test", port="25", safety="none", sender="a@b.test", receivers="c@d.test")),
        (Service.EMAIL, Typed(host="smtp.linji.test", port="465", safety="tls", sender="a@b.test\r\nBcc: x@y.test", receivers="c@d.test")),
        (Service.EMAIL, Typed(host="smtp.linji.test", port="465", safety="tls", sender="a@b.test", receivers="c@d.test", user="only a name")),
        (Service.EMAIL, Typed(host="smtp.linji.test", port="465", safety="tls", sender="a@b.test", receivers=",".join(f"p{n}@d.test" for n in range(21)))),
        (Service.WECOM, Typed(address="k" * 501)),
    ],
)
def test_it_refuses_what_opens_nothing_or_leads_elsewhere(service: Service, typed: Typed) -> None:
    with pytest.raises(NoWay):
        way_of(service, typed)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "192.168.1.2",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused
        "::1",
        "fd00::1",
        "fe80::1",
        "fec0::1",
        "64:ff9b::7f00:1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "224.0.0.1",
    ],
)
def test_it_reaches_no_private_network(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [public, (family, socket.SOCK_STREAM, 6, "", (address, 443))])

    with pytest.raises(NotifyError) as problem:
        reached("hooks.linji.test", 443, allowed=frozenset())

    assert problem.value.do == "private"
    assert reached("Hooks.linji.test.", 443, allowed=frozenset({"hooks.linji.test"})) == ("93.184.215.14", 443)


def test_every_code_of_a_service_has_its_way_out() -> None:
    told = {code.do for service in Service for code in about(service).codes.values()}

    assert told <= set(DO)
