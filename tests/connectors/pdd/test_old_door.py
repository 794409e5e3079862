"""The older exchange of codes and tokens: as careful with what comes back as the gateway is."""

import socket
import threading

import msgspec
import pytest

from tests.connectors.pdd.samples import wire
from tests.connectors.pdd.test_line import http, says, server
from zhanggui.connectors.pdd import line as line_module
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError
from zhanggui.connectors.pdd.old_door import METHOD, by_code, by_refresh

SECRET = "a secret of odd shape"


def at_token_door(app: App) -> App:
    return App(app.client_id, SECRET, msgspec.structs.replace(app.doors, token=app.doors.router))


def test_it_gives_up_an_answer_that_grows_beyond_all_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "_LARGEST_ANSWER", 1000)

    with server(says(http(b"x" * 2000))) as (app, _), pytest.raises(PlatformError) as raised:
        by_code(at_token_door(app), "code", "http://127.0.0.1/back")

    assert (raised.value.do, raised.value.may_have_acted) == ("strange", True)


def test_it_gives_up_an_answer_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "_LONGEST_ANSWER_SECONDS", 0.2)

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        with connection:
            for _time in range(100):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return
                pause.wait(0.02)

    pause = threading.Event()
    with server(drip) as (app, _), pytest.raises(PlatformError) as raised:
        by_code(at_token_door(app), "code", "http://127.0.0.1/back")

    assert (raised.value.reason, raised.value.may_have_acted) == ("the answer drips", True)


def test_it_stars_out_the_secrets_that_the_other_side_repeats() -> None:
    said = wire({"error_code": 10019, "error_msg": "client_secret a secret of odd shape, refresh_token an-odd-token"})

    with server(says(http(said))) as (app, _), pytest.raises(PlatformError) as raised:
        by_refresh(at_token_door(app), "an-odd-token")

    assert raised.value.text == "client_secret ***, refresh_token ***"


@pytest.mark.parametrize(("said", "do"), [({"code": 404, "message": "not found"}, "strange"), ({"error_code": 30000, "error_msg": "no"}, "package")])
def test_whatever_it_cannot_do_with_an_answer_is_the_older_door_s(said: dict[str, object], do: str) -> None:
    with server(says(http(wire(said)))) as (app, _), pytest.raises(PlatformError) as raised:
        by_refresh(at_token_door(app), "an-odd-token")

    assert (raised.value.method, raised.value.do) == (METHOD, do)
    assert METHOD in str(raised.value)


def test_it_follows_nobody_elsewhere() -> None:
    with server(says(http(b"", "307 Temporary Redirect", "Location: http://127.0.0.1:1/\r\n"))) as (app, told), pytest.raises(PlatformError) as raised:
        by_code(at_token_door(app), "code", "http://127.0.0.1/back")

    assert (raised.value.do, len(told)) == ("astray", 1)
