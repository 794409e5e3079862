"""Who speaks to the world outside: these few modules and no others, none of them led elsewhere by an answer, each to addresses that somebody has checked."""

import ast
import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import zhanggui
from tests.cast import Cast
from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.house import House
from zhanggui.connectors.drafting.asking import Endpoint, Prompt
from zhanggui.connectors.drafting.drafter import Drafter
from zhanggui.connectors.drafting.errors import DraftingError
from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.hooks import HookWay, to_hook
from zhanggui.connectors.notify.letters import Letter
from zhanggui.connectors.notify.notifier import Notifier
from zhanggui.connectors.notify.ways import Mail, Safety, Webhook
from zhanggui.connectors.pdd.doors import UnsafeDoor, doors_of
from zhanggui.people.permissions import NotAllowed

ROOT = Path(zhanggui.__file__).parent
GUARDS = {
    "connectors/carriers/line.py": "the services' own addresses; another only by the keeper of the house (actions/trackers.py)",
    "connectors/certificates.py": "reads whom to trust, opens nothing",
    "connectors/drafting/drafter.py": "reaching.reached: public, or named in the settings; the machine that was checked is the one spoken to",
    "connectors/notify/leash.py": "cuts off, opens nothing",
    "connectors/notify/mail.py": "reaching.reached",
    "connectors/notify/notifier.py": "hands on to wire, mail and others",
    "connectors/notify/reaching.py": "the guard itself",
    "connectors/notify/wire.py": "reaching.reached",
    "connectors/pdd/line.py": "the platform's own addresses; others only by the keeper of the house (actions/applications.py)",
    "connectors/pdd/messages.py": "as line.py",
    "connectors/pdd/old_door.py": "as line.py",
    "connectors/pdd/pictures.py": "the platform's picture hosts alone (doors.toml)",
    "connectors/sms/line.py": "one address, a constant",
}
"""Every module of the connectors that opens connections, and who says where to. Other rooms listen, or ask this machine."""
SPEAKS = frozenset({"httpx", "requests", "smtplib", "socket", "websockets", "urllib3", "aiohttp", "ftplib", "telnetlib"})
SPEAKS_BY_MODULE = frozenset({"urllib.request", "http.client", "xmlrpc.client"})
ON_THIS_MACHINE = frozenset({"server", "site", "worker", "emulator", "demo"})
"""They listen, or speak to their own children through a socket of this machine."""
INWARD = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "255.255.255.255", "198.18.0.1"),
    "0.0.0.0",  # noqa: S104 - refused
    *(
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ),
)
LETTER = Letter(id="m_1", at=clock.now(), title="试", text="试")


def test_nobody_else_speaks_to_the_outside() -> None:
    speakers = {str(file.relative_to(ROOT)) for file in ROOT.rglob("*.py") if file.relative_to(ROOT).parts[0] not in ON_THIS_MACHINE and _speaks(file)}

    assert speakers == set(GUARDS)


def test_no_connection_follows_where_an_answer_leads_or_goes_by_the_environment() -> None:
    calls = [(file.relative_to(ROOT), call) for file in ROOT.rglob("*.py") for call in _clients(file)]

    assert len(calls) >= 5
    for file, call in calls:
        told = {word.arg: word.value for word in call.keywords}
        for name in ("follow_redirects", "trust_env"):
            assert isinstance(told.get(name), ast.Constant), (file, name)
            assert getattr(told[name], "value", None) is False, (file, name)
        assert "timeout" in told, file


@pytest.mark.parametrize("inward", INWARD)
@pytest.mark.parametrize("way", ["webhook", "mail", "hook", "drafting"])
def test_a_name_that_leads_inwards_is_not_spoken_to(inward: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[object] = []
    family = socket.AF_INET6 if ipaddress.ip_address(inward).version == 6 else socket.AF_INET
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [public, (family, socket.SOCK_STREAM, 6, "", (inward, 443))])
    monkeypatch.setattr(socket.socket, "connect", lambda _, where: spoken.append(where))

    with pytest.raises((NotifyError, DraftingError)) as refused:
        _WAYS[way]()

    assert getattr(refused.value, "do", "") == "private"
    assert spoken == []


@pytest.mark.parametrize(
    "address", ["http://10.0.0.7/api", "http://evil.example/api", "ftp://x.example/", "https://a@b.example/", "https://x.example\\@y/", "//x", ""]
)
def test_a_gateway_that_would_carry_secrets_in_the_clear_is_none(address: str) -> None:
    with pytest.raises(UnsafeDoor):
        doors_of(address)


def test_only_the_keeper_of_the_house_names_another_gateway(house: House, people: Cast) -> None:
    app = NewApplication(client_id="c", client_secret="s", doors=doors_of("http://127.0.0.1:9/api/router"))

    with pytest.raises(NotAllowed):
        connect_app(house, people.lin, people.shop_id, app, clock.now())


def _webhook() -> None:
    Notifier().deliver(Webhook("https://hooks.linji.test/x", "a secret of sixteen"), LETTER)


def _mail() -> None:
    Notifier().deliver(Mail("smtp.linji.test", 465, Safety.TLS, "", "", "a@linji.test", ("b@linji.test",)), LETTER)


def _hook() -> None:
    way = HookWay(url="https://hooks.linji.test/x", secret="a secret of sixteen")
    Notifier().carry(to_hook(way, "evt_1", b"{}", clock.now(), ()), allowed=())


def _draft() -> None:
    Drafter().ask(Endpoint("https://llm.linji.test/v1", "m"), Prompt("x", "y"))


_WAYS: dict[str, Callable[[], None]] = {"webhook": _webhook, "mail": _mail, "hook": _hook, "drafting": _draft}


def _speaks(file: Path) -> bool:
    text = file.read_text("utf-8")
    if not any(name in text for name in SPEAKS | SPEAKS_BY_MODULE):  # most modules need not be read closer
        return False
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.partition(".")[0] in SPEAKS or name in SPEAKS_BY_MODULE for name in names):
            return True
    return False


def _clients(file: Path) -> Iterator[ast.Call]:
    text = file.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if "httpx" in text else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"Client", "AsyncClient"} and _is_httpx(node.func.value):
            yield node


def _is_httpx(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "httpx"
