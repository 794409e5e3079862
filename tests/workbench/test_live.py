"""The stream behind a page: what it sends, to whom, from where it goes on, and that it ends."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.site_client import token_for
from tests.workbench.conftest import NOW
from tests.workbench.shop_files import CALM, LATE, SOON, order_file
from zhanggui import clock
from zhanggui.actions import cursors, importing
from zhanggui.actions.house import House
from zhanggui.actions.marks import mark_done, take_back
from zhanggui.actions.refused import Refused
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people import members, sign_ins
from zhanggui.people.permissions import Person, Role
from zhanggui.site.serving import plain_server, serve_until
from zhanggui.site.settings import Settings
from zhanggui.words import Language
from zhanggui.workbench.live import live as lives
from zhanggui.workbench.live.followers import MOST_HELD, MOST_PER_SIGN_IN
from zhanggui.workbench.live.views import TodayView, eyes_of
from zhanggui.workbench.today.listing import Listing

WITHIN = 8.0


@dataclass(frozen=True)
class Event:
    """One event as a browser reads it."""

    name: str
    number: str
    data: str


class Stream:
    """An open page's stream."""

    def __init__(self, port: int, cookie: str, path: str, *, since: str = "", last: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN)
        headers = {"cookie": cookie, "accept": "text/event-stream"} | ({"last-event-id": last} if last else {})
        self.connection.request("GET", path + ("&" if "?" in path else "?") + f"since={since}", headers=headers)
        self.answer = self.connection.getresponse()

    def next(self) -> Event:
        """The next event; the end of the stream is one named `end`."""
        told: dict[str, list[str]] = {}
        while line := self.answer.readline().decode():
            if line == "\n":
                if "event" in told:
                    return Event(told["event"][0], "".join(told.get("id", [])), "\n".join(told.get("data", [])))
                continue
            name, _, text = line.rstrip("\n").partition(":")
            told.setdefault(name, []).append(text.removeprefix(" "))
        return Event("end", "", "")

    def page(self) -> Event:
        """The next event that brings something."""
        while (event := self.next()).name in {"hello", "beat"}:
            pass
        return event

    def close(self) -> None:
        """The browser leaves."""
        self.answer.close()
        self.connection.close()


@dataclass(frozen=True)
class Served:
    """The application on a port."""

    app: Litestar
    port: int
    stop: threading.Event
    thread: threading.Thread

    def follow(self, person: Person, path: str = "/live/today", **more: str) -> Stream:
        """Opens a stream as this person."""
        return self.follow_by(token_for(self.app, person), path, **more)

    def follow_by(self, token: str, path: str = "/live/today", **more: str) -> Stream:
        """Opens a stream by this sign-in."""
        return Stream(self.port, f"{self.app.state.door.cookie_name}={token}", path, **more)


@pytest.fixture
def served(app: Litestar, house: House, people: Cast, tmp_path: Path) -> Iterator[Served]:
    """The application as `zhanggui up` serves it, over a shop with something in it."""
    file = tmp_path / "orders.csv"
    file.write_bytes(order_file(NOW))
    batch = importing.preview(house, people.lin, people.shop_id, [file], NOW, as_of=NOW)
    importing.confirm(house, people.lin, people.shop_id, batch.batch_id, NOW)
    with _serving(app, house) as running:
        yield running


def _live(app: Litestar) -> Any:
    return app.state.live


@contextmanager
def _serving(app: Litestar, house: House) -> Iterator[Served]:
    listening, stop, started = socket.create_server(("127.0.0.1", 0)), threading.Event(), threading.Event()
    server = plain_server(app, Settings(home=house.home))
    closing_live = _live(app).close
    work = lambda: serve_until(stop, [(server, listening)], started=started.set, hourly=lambda: None, closing=closing_live)  # noqa: E731 - named for the thread
    thread = threading.Thread(target=lambda: anyio.run(work))
    thread.start()
    assert started.wait(10)
    try:
        yield Served(app, listening.getsockname()[1], stop, thread)
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def _done(house: House, people: Cast, order_no: str = LATE) -> None:
    mark_done(house, people.zhou, people.shop_id, Subject(SubjectKind.ORDER, order_no), DeadlineKind.SHIP_BY, now=NOW)


def test_it_sends_the_whole_list_first_and_then_only_what_changed(served: Served, house: House, people: Cast) -> None:
    with closing(served.follow(people.mei)) as stream:
        whole = stream.page()
        _done(house, people)
        changed = stream.page()

    assert "data-same" not in whole.data
    assert f"data-open>{LATE}<" in whole.data
    assert f"data-open>{CALM}<" in whole.data
    assert LATE not in changed.data
    assert f"data-open>{CALM}<" not in changed.data
    assert changed.data.count("data-same") == whole.data.count("<li") - 1
    assert len(changed.data) < len(whole.data)


def test_it_gives_nobody_elses_form_token_away(served: Served, people: Cast) -> None:
    with closing(served.follow(people.mei)) as stream:
        page = stream.page().data

    assert 'name="_csrf_token" value=""' in page
    assert 'name="_csrf_token" value="' not in page.replace('value=""', "")


def test_a_page_that_shows_everything_is_sent_nothing_until_something_happens(
    served: Served, people: Cast, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "BEATS_EVERY", 0.3)
    with closing(served.follow(people.mei)) as first:
        first.page()
        stamp = _live(served.app).stamp()
        with closing(served.follow(people.lin, since=stamp)) as second:
            quiet = [second.next().name for _ in range(3)]
            _done(house, people)
            news = second.page()

    assert quiet == ["hello", "beat", "beat"]
    assert "data-same" not in news.data
    assert LATE not in news.data


def test_it_goes_on_where_a_browser_was_cut_off(served: Served, house: House, people: Cast) -> None:
    with closing(served.follow(people.mei)) as stream:
        last = stream.page().number
    _done(house, people, LATE)
    _done(house, people, SOON)

    with closing(served.follow(people.mei, last=last)) as back:
        missed = back.page()

    assert "data-same" in missed.data
    assert f"data-open>{LATE}<" not in missed.data
    assert f"data-open>{SOON}<" not in missed.data
    with closing(served.follow(people.mei, last="0000000000-7")) as stranger:
        assert "data-same" not in stranger.page().data


def test_only_what_concerns_the_view_is_told(served: Served, house: House, people: Cast) -> None:
    with closing(served.follow(people.zheng)) as theirs, closing(served.follow(people.mei, f"/live/shops/{people.shop_id}/orders/{CALM}")) as other_order:
        before = theirs.page(), other_order.page()
        _done(house, people)
        with closing(served.follow(people.mei)) as mine:
            mine.page()
        for stream in (theirs, other_order):
            stream.connection.sock.settimeout(0.4)
            with pytest.raises(TimeoutError):
                stream.next()

    assert LATE not in before[0].data
    assert CALM in before[1].data


@pytest.mark.parametrize("path", ["/live/today?shop={shop}", "/live/shops/{shop}/orders/" + LATE])
def test_there_is_no_stream_of_anothers_shop(served: Served, people: Cast, path: str) -> None:
    with closing(served.follow(people.zheng, path.format(shop=people.shop_id))) as stream:
        assert stream.answer.status == 404


def test_a_stranger_gets_no_stream(served: Served) -> None:
    with closing(served.follow_by("invented")) as stream:
        assert stream.answer.status in {303, 401}


def test_it_ends_with_the_sign_in(served: Served, house: House, people: Cast) -> None:
    token = token_for(served.app, people.mei)
    with closing(served.follow_by(token)) as stream:
        stream.page()
        with house.pool.connection() as tx:
            sign_ins.end(tx, sign_ins.digest_of(token))

        assert [stream.page().name, stream.next().name] == ["over", "end"]


def test_it_ends_when_the_person_may_do_less_or_more(served: Served, house: House, people: Cast) -> None:
    assert people.mei.person_id is not None
    with closing(served.follow(people.mei)) as stream:
        stream.page()
        with house.pool.connection() as tx:
            members.admit(tx, people.shop_id, people.mei.person_id, Role.VIEWER, NOW)

        assert stream.page().name == "over"


def test_it_ends_when_the_sign_in_runs_out_by_itself(served: Served, house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "AGES_EVERY", 0.3)
    token = token_for(served.app, people.mei)
    with closing(served.follow_by(token)) as stream:
        stream.page()
        with house.pool.connection() as tx:
            tx.execute("update sign_ins set ends_at = %s where token_digest = %s", (clock.unwound() - timedelta(minutes=1), sign_ins.digest_of(token)))

        assert stream.page().name == "over"


def test_the_oldest_page_of_a_browser_gives_way_to_the_newest(served: Served, people: Cast) -> None:
    token = token_for(served.app, people.mei)
    streams = [served.follow_by(token) for _ in range(MOST_PER_SIGN_IN)]
    [stream.page() for stream in streams]

    with closing(served.follow_by(token)) as newest:
        assert streams[0].page().name == "elsewhere"
        assert newest.page().name == "page"
    for stream in streams:
        stream.close()


@pytest.mark.parametrize("after", ["x", cursors.write((1.0, "\0", "ship_by", 1))])
def test_it_ends_a_page_of_an_address_that_somebody_made_up(served: Served, people: Cast, after: str) -> None:
    with closing(served.follow(people.mei, f"/live/today?band=2&after={after}")) as stream:
        assert stream.page().name == "over"


@pytest.mark.parametrize("accept", ["text/event-stream", "text/html"])
def test_it_keeps_no_lists_with_endless_addresses(served: Served, people: Cast, accept: str) -> None:
    cookies = {served.app.state.door.cookie_name: token_for(served.app, people.mei)}
    with httpx.Client(base_url=f"http://127.0.0.1:{served.port}", cookies=cookies, headers={"accept": accept}) as mei:
        answers = [mei.get(path, params={"kind": "x" * 2000}).status_code for path in ("/live/today", "/today")]
        from_elsewhere = {"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{served.port}/today?kind={'x' * 2000}"}
        panel = mei.get(f"/shops/{people.shop_id}/todos/order/ship_by", params={"no": LATE}, headers=from_elsewhere)

    assert answers == [404, 404]
    assert (panel.status_code, "x" * 2000 in panel.text) == (200, False)


def test_browsers_that_let_nothing_go_take_no_places_of_others(house: House, people: Cast) -> None:
    view = TodayView(eyes_of(people.mei, Language.ZH_HANS), Listing(), (people.shop_id,))

    async def follow_and_never_read() -> None:
        live = lives.Live(house, lambda: NOW, clock.unwound)
        held = [live.join(view, people.mei, b"one") for _ in range(MOST_HELD)]
        with pytest.raises(Refused):
            live.join(view, people.mei, b"one")
        other = live.join(view, people.mei, b"other")
        await live.close()

        assert [follower.ends for follower in held].count("elsewhere") == MOST_HELD - MOST_PER_SIGN_IN
        assert other.ends == "closed"

    anyio.run(follow_and_never_read)


def test_it_ends_when_the_sign_in_ended_while_the_page_was_asking(house: House, people: Cast) -> None:
    view = TodayView(eyes_of(people.mei, Language.ZH_HANS), Listing(), (people.shop_id,))

    async def follow_with_an_ended_sign_in() -> None:
        live = lives.Live(house, lambda: NOW, clock.unwound)
        follower = live.join(view, people.mei, b"ended a moment ago")
        assert await follower.news(WITHIN)
        told = follower.ends
        await live.close()

        assert told == "over"

    anyio.run(follow_with_an_ended_sign_in)


def test_the_house_closes_at_once_with_streams_open(served: Served, people: Cast) -> None:
    streams = [served.follow(person) for person in people.ours]
    [stream.page() for stream in streams]

    began = time.monotonic()
    served.stop.set()
    served.thread.join(10)

    assert time.monotonic() - began < 2
    told = [stream.page().name for stream in streams]
    for stream in streams:
        stream.close()
    assert told == ["closed"] * 3


def test_it_goes_on_after_the_database_ended_its_connections(served: Served, house: House, people: Cast) -> None:
    with closing(served.follow(people.mei)) as stream:
        stream.page()
        with house.pool.connection() as tx:
            tx.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        time.sleep(0.2)
        _done(house, people)

        assert LATE not in stream.page().data


def test_whoever_asks_without_a_stream_gets_the_list_once(served: Served, people: Cast) -> None:
    cookies = {served.app.state.door.cookie_name: token_for(served.app, people.mei)}
    with httpx.Client(base_url=f"http://127.0.0.1:{served.port}", cookies=cookies, headers={"accept": "text/html"}) as mei:
        page = mei.get("/live/today?view=said_done").text
        order = mei.get(f"/live/shops/{people.shop_id}/orders/{LATE}").text

    assert "<html" not in page
    assert 'value="said_done"' in page
    assert "<html" not in order
    assert LATE in order


def test_what_was_taken_back_is_there_again(served: Served, house: House, people: Cast) -> None:
    with closing(served.follow(people.mei)) as stream:
        stream.page()
        _done(house, people)
        stream.page()
        take_back(house, people.zhou, people.shop_id, Subject(SubjectKind.ORDER, LATE), DeadlineKind.SHIP_BY, now=NOW)

        assert f"data-open>{LATE}<" in stream.page().data
