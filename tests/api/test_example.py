"""The example client as a program of its own, between the emulator's buyers and the house: messages in, a rep's answer out, each once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from runpy import run_path

import pytest

from tests.cast import Cast
from tests.emulator.caller import Caller, quiet, running
from tests.journeys.conftest import Site, served
from tests.site_client import make_app
from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.conversations.handing import answer_fetched, answers_out, release
from zhanggui.actions.conversations.threading import messages_of, threads_listed
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "bridge_client.py"
SHOP = {"size": {"history": 100, "history_days": 14, "per_day": 0, "goods": 4, "buyers": 2_000}, "speed": 0.0}
ANSWER = "亲，今天18点前给您发出"


@pytest.fixture(scope="module")
def platform() -> Iterator[Caller]:
    with running(quiet(**SHOP)) as emulator:
        yield emulator


@pytest.fixture
def site(house: House, platform: Caller) -> Iterator[Site]:
    """The site at the emulator's hour."""
    clock.use_home(house.home)
    clock.wind(house.home, datetime.fromtimestamp(platform.now(), UTC) + timedelta(minutes=1) - clock.unwound())
    with served(make_app(house)) as running_site:
        yield running_site
    clock.use_home(None)


def passed(site: Site, platform: Caller, token: str, *more: str) -> subprocess.CompletedProcess[str]:
    addresses = ["--house", site.address, "--tool", platform.base]
    environment = {**os.environ, "ZHANGGUI_TOKEN": token}
    return subprocess.run([sys.executable, str(PROGRAM), *addresses, "--once", *more], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_it_passes_messages_in_and_answers_out_each_once(site: Site, platform: Caller, house: House, people: Cast) -> None:
    token = make_token(house, people.lin, people.shop_id, "桥", tuple(Scope), clock.now(), clock.unwound()).token
    (conversation,) = platform.do("buyer.talks", want="chase_shipping", temper="calm")["talks"]
    first = passed(site, platform, token)
    ((thread,), _) = threads_listed(house, people.mei, people.shop_id, is_waiting=True)
    release(house, people.mei, people.shop_id, thread.thread_no, ANSWER, clock.now())
    second = passed(site, platform, token)
    third = passed(site, platform, token)

    heard = [message for message in platform.http.get(f"/chats/{conversation}").json()["messages"] if message["who"] == "rep"]
    ours = messages_of(house, people.mei, people.shop_id, thread.thread_no)
    assert [json.loads(each.stdout)["answers"] for each in (first, second, third)] == [0, 1, 0], second.stderr
    assert thread.external_id == conversation
    assert [(each["text"], each["nick"]) for each in heard] == [(ANSWER, people.mei.display_name)]
    assert [(row.who, row.sending) for row in ours if row.who == "rep"] == [("rep", "")]


def test_it_sends_on_what_was_cut_off_between_fetching_and_sending(site: Site, platform: Caller, house: House, people: Cast) -> None:
    token = make_token(house, people.lin, people.shop_id, "桥", tuple(Scope), clock.now(), clock.unwound()).token
    (conversation,) = platform.do("buyer.talks", want="refund", temper="calm")["talks"]
    passed(site, platform, token)
    thread_no = next(each.thread_no for each in threads_listed(house, people.mei, people.shop_id, is_waiting=False)[0] if each.external_id == conversation)
    release(house, people.mei, people.shop_id, thread_no, "亲，我帮您看一下", clock.now())
    (out,) = answers_out(house, people.mei, people.shop_id)
    answer_fetched(house, people.mei, people.shop_id, out.key)
    again = passed(site, platform, token)

    heard = [message["text"] for message in platform.http.get(f"/chats/{conversation}").json()["messages"] if message["who"] == "rep"]
    assert (json.loads(again.stdout)["answers"], heard) == (1, ["亲，我帮您看一下"])


def test_a_message_that_the_house_does_not_take_keeps_no_other_back(site: Site, house: House, people: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    client = run_path(str(PROGRAM))
    token = make_token(house, people.lin, people.shop_id, "桥", tuple(Scope), clock.now(), clock.unwound()).token
    said = ["在吗", " ", "长" * 5000, "什么时候发货"]
    told = [{"message_id": f"m{no}", "conversation_id": f"c{no}", "who": "buyer", "name": "快乐的鱼", "said": text} for no, text in enumerate(said)]

    client["bring"](client["Zhanggui"](site.address, token), told)

    found, _ = threads_listed(house, people.mei, people.shop_id, is_waiting=True)
    assert [thread.external_id for thread in found] == ["c0", "c3"]
    assert capsys.readouterr().err.count("a message was left out: 4") == 2


def test_it_says_what_is_wrong_and_stops(site: Site, platform: Caller) -> None:
    platform.do("buyer.talks", want="price", temper="calm")

    assert "ZHANGGUI_TOKEN" in passed(site, platform, "").stderr
    assert "401" in passed(site, platform, "zhg_1_x").stderr
