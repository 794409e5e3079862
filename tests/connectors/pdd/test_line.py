"""The line: what happens when the platform is slow, cut off, lost, hostile or simply elsewhere, told by small servers that behave so."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import msgspec
import pytest

from tests.connectors.pdd.samples import answered, refused
from zhanggui.connectors.pdd import line as line_module
from zhanggui.connectors.pdd.doors import App, doors_of
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Limit, Limits, Paces
from zhanggui.connectors.pdd.pictures import NoPicture, fetch_picture
from zhanggui.connectors.pdd.shipping import ship
from zhanggui.connectors.pdd.shop import platform_time

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TIME = answered("time_get_response", time="2026-11-21 09:00:00")
SHIPPED = answered("logistics_online_send_response", is_success=True)
SHIP = ship("261120-1", "85", "YT7600000000001")


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}Connection: close\r\n\r\n".encode() + body


Behaviour = Callable[[socket.socket, bytes], None]


def says(*replies: bytes) -> Behaviour:
    """A server that says these one after the other, the last for ever."""
    left = list(replies)
    return lambda connection, _: connection.sendall(left.pop(0) if len(left) > 1 else left[0])


@contextmanager
def server(behave: Behaviour) -> Iterator[tuple[App, list[bytes]]]:
    """A server of one behaviour, as an application's gateway, and what it was told."""
    listening = socket.create_server(("127.0.0.1", 0))
    told: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                request = _request(connection)
                told.append(request)
                behave(connection, request)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield App("id", "secret", doors_of(f"http://127.0.0.1:{listening.getsockname()[1]}/api/router")), told
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _request(connection: socket.socket) -> bytes:
    """A whole request, read to the end of its body."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = next((int(each.split(b":")[1]) for each in head.split(b"\r\n") if each.lower().startswith(b"content-length")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def line() -> Iterator[Line]:
    held = Line()
    yield held
    held.close()


def trouble_of(line: Line, app: App) -> PlatformError:
    """The trouble that shipping runs into."""
    with pytest.raises(PlatformError) as problem:
        line.call(app, SHIP, access_token="tok", now=NOW)
    return problem.value


def test_it_sends_one_signed_json_object_and_reads_the_answer(line: Line) -> None:
    with server(says(http(TIME))) as (app, told):
        moment = line.call(app, platform_time(), now=NOW)

    assert moment == NOW
    head, _, body = told[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/router HTTP/1.1")
    assert b"application/json" in head
    assert b'"type":"pdd.time.get"' in body
    assert b"secret" not in told[0]


@pytest.mark.parametrize(
    ("status", "trouble", "do", "may_have_acted"),
    [
        ("500 Internal Server Error", Trouble.RETRY, "failed", True),
        ("502 Bad Gateway", Trouble.RETRY, "failed", True),
        ("408 Request Timeout", Trouble.RETRY, "failed", True),
        ("429 Too Many Requests", Trouble.SLOW_DOWN, "slow", False),
        ("302 Found", Trouble.PERSON, "astray", False),
        ("403 Forbidden", Trouble.PERSON, "astray", False),
        ("404 Not Found", Trouble.PERSON, "astray", False),
    ],
)
def test_it_tells_what_a_status_means(line: Line, status: str, trouble: Trouble, do: str, may_have_acted: bool) -> None:
    with server(says(http(SHIPPED, status, "Location: http://127.0.0.1:9/\r\n"))) as (app, told):
        problem = trouble_of(line, app)

    assert (problem.trouble, problem.do, problem.may_have_acted) == (trouble, do, may_have_acted)
    assert len(told) == 1  # a redirection is not followed, and nothing is sent twice


@pytest.mark.parametrize(
    ("reply", "do"),
    [
        (b"", "strange"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + SHIPPED[:20], "strange"),
        (http(SHIPPED[:-5]), "strange"),
        (http(b"<html>busy</html>"), "strange"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "strange"),
    ],
)
def test_it_does_not_know_whether_an_act_was_carried_out_when_the_answer_is_cut(line: Line, reply: bytes, do: str) -> None:
    with server(says(reply)) as (app, told):
        problem = trouble_of(line, app)

    assert (problem.trouble, problem.do, problem.may_have_acted) == (Trouble.RETRY, do, True)
    assert len(told) == 1


def test_it_does_not_wait_for_ever(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "_PATIENCE", httpx.Timeout(0.2))
    enough = threading.Event()

    def stay_silent(_: socket.socket, __: bytes) -> None:
        enough.wait(2)

    with server(stay_silent) as (app, _):
        problem = trouble_of(line, app)
        enough.set()

    assert (problem.trouble, problem.do, problem.may_have_acted) == (Trouble.RETRY, "no_answer", True)


def test_it_gives_up_an_answer_that_drips(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "_LONGEST_ANSWER_SECONDS", 0.3)
    enough = threading.Event()

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not enough.wait(0.05):
            try:
                connection.sendall(b" ")
            except OSError:
                return

    with server(drip) as (app, _):
        problem = trouble_of(line, app)
        enough.set()

    assert (problem.do, problem.may_have_acted) == ("no_answer", True)


def test_it_gives_up_an_answer_that_grows_beyond_all_measure(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "_LARGEST_ANSWER", 1000)

    with server(says(http(b" " * 5000 + SHIPPED))) as (app, _):
        problem = trouble_of(line, app)

    assert (problem.do, problem.may_have_acted) == ("strange", True)


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 2024 00:00:00 +99999999999999999999", f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT", f"Mon, 01 Jan 2024 {'9' * 4000}:00:00 GMT", "x"]
)
def test_it_minds_no_date_that_no_calendar_holds(line: Line, date: str) -> None:
    with server(says(http(SHIPPED, headers=f"Date: {date}\r\n"))) as (app, _):
        done = line.call(app, SHIP, access_token="token", now=NOW)

    assert done.text == ""


def test_it_does_not_go_by_a_clock_that_is_centuries_away(line: Line) -> None:
    astray = http(refused(10001, "公共参数错误:timestamp"), headers="Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n")

    with server(says(astray)) as (app, told):
        trouble = trouble_of(line, app)

    assert (trouble.do, len(told)) == ("clock", 1)


def test_it_stars_out_what_it_sent_where_the_platform_repeats_it(line: Line) -> None:
    app_secret, token = "a secret of odd shape", "tok~en/of+odd=shape"
    with (
        server(says(http(refused(10019, f"access_token {token} or {app_secret} is wrong", sub_text=f"got {token}")))) as (app, _),
        pytest.raises(PlatformError) as raised,
    ):
        line.call(App(app.client_id, app_secret, app.doors), SHIP, access_token=token, now=NOW)

    assert "access_token *** or *** is wrong: got ***" in str(raised.value)
    told = f"{raised.value} {raised.value!r} {raised.value.say}"
    assert token not in told
    assert app_secret not in told


def test_it_says_of_an_address_that_nothing_can_be_sent_to_that_nothing_was_sent(line: Line) -> None:
    doors = doors_of("https://example.com/x")
    unreachable = msgspec.structs.replace(doors, router="https://xn--/x")

    with pytest.raises(PlatformError) as raised:
        line.call(App("id", "secret", unreachable), SHIP, access_token="token", now=NOW)

    assert (raised.value.do, raised.value.may_have_acted) == ("no_way", False)


def test_it_knows_that_nothing_was_sent_when_nobody_is_there(line: Line) -> None:
    problem = trouble_of(line, App("id", "secret", doors_of("http://127.0.0.1:9/api/router")))

    assert (problem.trouble, problem.do, problem.may_have_acted) == (Trouble.RETRY, "no_way", False)


def test_it_keeps_its_own_pace_and_sends_nothing_beyond_it() -> None:
    line = Line(Paces(Limits((Limit("*", "shop", 4, 60.0),), share=1.0, burst=0.25)))

    with server(says(http(SHIPPED))) as (app, told):
        line.call(app, SHIP, shop_key="a", access_token="tok", now=NOW)
        with pytest.raises(PlatformError) as problem:
            line.call(app, SHIP, shop_key="a", access_token="tok", now=NOW)
        line.call(app, SHIP, shop_key="b", access_token="tok", now=NOW)
    line.close()

    assert (problem.value.trouble, problem.value.do, problem.value.may_have_acted) == (Trouble.SLOW_DOWN, "pace", False)
    assert timedelta(seconds=15) < problem.value.wait <= timedelta(seconds=20)
    assert len(told) == 2


def test_it_goes_slower_once_the_platform_has_asked_for_it(line: Line) -> None:
    with server(says(http(refused(70031, "调用过于频繁，请调整调用频率")), http(SHIPPED))) as (app, told):
        first = trouble_of(line, app)
        second = trouble_of(line, app)

    assert (first.code, first.wait) == (70031, timedelta(seconds=2))
    assert (second.do, second.trouble) == ("pace", Trouble.SLOW_DOWN)
    assert len(told) == 1


def test_it_signs_by_the_platform_s_clock_once_it_was_told_that_ours_is_wrong(line: Line) -> None:
    ahead = format_datetime(NOW + timedelta(minutes=15), usegmt=True)
    wrong = http(refused(10001, "公共参数错误:timestamp"), headers=f"Date: {ahead}\r\n")

    with server(says(wrong, http(SHIPPED))) as (app, told):
        line.call(app, SHIP, access_token="tok", now=NOW)
        line.call(app, SHIP, access_token="tok", now=NOW)

    assert [f'"timestamp":"{seconds}"'.encode() in request for seconds, request in zip((1795222800, 1795223700, 1795223700), told, strict=True)] == [True] * 3


def test_it_signs_by_our_clock_again_once_that_was_set_right(line: Line) -> None:
    ahead, right = (format_datetime(NOW + timedelta(minutes=minutes), usegmt=True) for minutes in (15, 0))
    wrong = [http(refused(10001, "公共参数错误:timestamp"), headers=f"Date: {date}\r\n") for date in (ahead, right)]

    with server(says(wrong[0], http(SHIPPED), wrong[1], http(SHIPPED))) as (app, told):
        line.call(app, SHIP, access_token="tok", now=NOW)
        line.call(app, SHIP, access_token="tok", now=NOW)

    signed = (1795222800, 1795223700, 1795223700, 1795222800)
    assert [f'"timestamp":"{seconds}"'.encode() in request for seconds, request in zip(signed, told, strict=True)] == [True] * 4


def test_it_asks_a_person_where_the_platform_s_clock_does_not_help(line: Line) -> None:
    wrong = http(refused(10001, "公共参数错误:timestamp"), headers=f"Date: {format_datetime(NOW + timedelta(minutes=15), usegmt=True)}\r\n")

    with server(says(wrong)) as (app, told):
        problem = trouble_of(line, app)

    assert (problem.trouble, problem.do) == (Trouble.PERSON, "clock")
    assert len(told) == 2


def test_it_can_be_used_again_after_it_was_closed(line: Line) -> None:
    with server(says(http(TIME))) as (app, _):
        line.call(app, platform_time(), now=NOW)
        line.close()

        assert line.call(app, platform_time(), now=NOW) == NOW


def test_it_heeds_no_proxy_of_the_surroundings(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    with server(says(http(TIME))) as (app, _):
        assert line.call(app, platform_time(), now=NOW) == NOW


def test_it_unpacks_nothing_of_what_it_fetches_and_stops_where_it_grows_too_large() -> None:
    packed = gzip.compress(gzip.compress(bytes(1_000_000)))
    with server(says(http(packed, headers="Content-Encoding: gzip, gzip\r\n"), http(bytes(5001)))) as (app, told):
        line = Line()

        fetched = [line.fetch(app.doors.router, 5000) for _ in range(2)]

    assert fetched == [(200, packed), (200, None)]
    assert b"accept-encoding: identity\r\n" in told[0].lower()


def test_a_picture_whose_address_has_run_out_is_tried_again_and_one_that_is_gone_is_not() -> None:
    final = []
    with server(says(http(b"", "403 Forbidden"), http(b"", "404 Not Found"))) as (app, _):
        for _ in range(2):
            with pytest.raises(NoPicture) as problem:
                fetch_picture(Line(), app.doors, "https://img.pddpic.com/a.jpg?sign=1")
            final.append(problem.value.is_final)

    assert final == [False, True]
