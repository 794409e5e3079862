"""Tokens are refreshed in time and by one worker only; where that fails for good, a person is asked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.cast import Cast
from tests.connected import connect, name_app
from tests.emulator.caller import DAY, HOUR, Caller, quiet, running
from zhanggui import clock
from zhanggui.actions.applications import NewApplication, connect_app
from zhanggui.actions.connecting import GivenTokens, begin_connect, connect_by_hand, finish_connect
from zhanggui.actions.connections import ConnectionView, check_connection, confirm_shop, connection_state
from zhanggui.actions.house import House
from zhanggui.actions.journal import journal
from zhanggui.actions.platform import NotConnected, access_to, ask, connected_shops
from zhanggui.actions.refreshing import LAST_DOOR_TRIES, lapse, refresh_due_tokens
from zhanggui.actions.today import todo_item
from zhanggui.connectors.pdd.doors import doors_of
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.shipping import ship
from zhanggui.connectors.pdd.shop import mall_info
from zhanggui.core.connection import ConnectionState
from zhanggui.core.deadlines import Band, DeadlineKind, Subject, SubjectKind
from zhanggui.core.say import say
from zhanggui.core.verdicts import Act
from zhanggui.people.permissions import ShopId, operator
from zhanggui.records import connections, sync_sources

REFRESH = "pdd.pop.auth.token.refresh"
TODO = Subject(SubjectKind.CONNECTION, "pdd")


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet(gate={"token_seconds": DAY})) as caller:
        yield caller


def moment(platform: Caller) -> datetime:
    """The moment of the emulated world, by which the house goes here."""
    return datetime.fromtimestamp(platform.now(), UTC)


def authorised(house: House, people: Cast, platform: Caller) -> datetime:
    """The shop connected over the platform's page, so that the end of its tokens is known; the moment it was."""
    now, wall = moment(platform), clock.unwound()
    name_app(house, people.shop_id, platform, now=now)
    url = begin_connect(house, people.lin, people.shop_id, sign_in=b"s", redirect_uri="http://127.0.0.1:8000/back", wall=wall)
    location = platform.http.get(url + "&auto=1").headers["location"]
    query = dict(part.split("=", 1) for part in location.partition("?")[2].split("&"))
    finish_connect(house, people.lin, state=query["state"], code=query["code"], sign_in=b"s", now=now, wall=wall)
    confirm_shop(house, people.lin, people.shop_id, platform.line.shop_id, now, wall)
    return now


def state(house: House, people: Cast, now: datetime) -> ConnectionView:
    return connection_state(house, people.lin, people.shop_id, now)


def name_at(house: House, shop_id: ShopId, now: datetime) -> str:
    return ask(house, shop_id, mall_info(), now, clock.unwound()).name


def test_it_refreshes_when_a_quarter_of_the_life_is_left_and_not_before(house: House, people: Cast, platform: Caller) -> None:
    began = authorised(house, people, platform)
    before = access_to(house, people.shop_id, began)

    early = refresh_due_tokens(house, began + timedelta(hours=17, minutes=59), clock.unwound())
    platform.step(18 * HOUR)
    now = moment(platform)
    refreshed = refresh_due_tokens(house, now, clock.unwound())
    again = refresh_due_tokens(house, now, clock.unwound())

    view = state(house, people, now)
    assert (early, refreshed, again) == (0, 1, 0)
    assert access_to(house, people.shop_id, now).access_token != before.access_token
    assert (view.refreshed_at, view.ends_at, view.refresh_at) == (now, now + timedelta(days=1), now + timedelta(hours=18))
    assert view.renewal is not None
    assert view.renewal.deadline.due_at == now + timedelta(hours=21)
    assert name_at(house, people.shop_id, now) == platform.line.shops[0].shop_name


def test_one_worker_refreshes_and_the_others_find_it_done(house: House, people: Cast, platform: Caller) -> None:
    authorised(house, people, platform)
    platform.step(18 * HOUR)
    now = moment(platform)

    with ThreadPoolExecutor(6) as workers:
        counted = list(workers.map(lambda _: refresh_due_tokens(house, now, clock.unwound()), range(6)))

    assert sum(counted) == 1
    assert len(platform.ledger(method=REFRESH)) == 1


def test_a_call_that_finds_its_token_over_refreshes_it_and_is_made_again(house: House, people: Cast, platform: Caller) -> None:
    now = authorised(house, people, platform)
    platform.do("token.expires")

    with ThreadPoolExecutor(6) as workers:
        names = list(workers.map(lambda _: name_at(house, people.shop_id, now), range(6)))

    assert names == [platform.line.shops[0].shop_name] * 6
    assert [entry["outcome"] for entry in platform.ledger(method=REFRESH)] == ["ok"]


def test_what_rested_for_want_of_a_token_goes_on_once_there_is_a_fresh_one(house: House, people: Cast, platform: Caller) -> None:
    now, wall = authorised(house, people, platform), clock.unwound()
    with house.pool.connection() as tx:
        sync_sources.rest(tx, people.shop_id, ["orders", "refunds", "recheck"], wall + timedelta(minutes=5))
        sync_sources.look_next(tx, people.shop_id, ["orders", "refunds", "recheck"])
        resting = sync_sources.shops_due(tx, wall)
    platform.do("token.expires")

    name_at(house, people.shop_id, now)

    with house.pool.connection() as tx:
        assert (resting, sync_sources.shops_due(tx, clock.unwound())) == ([], [people.shop_id])


def test_an_act_is_not_made_again_but_the_token_is_fresh(house: House, people: Cast, platform: Caller) -> None:
    now = authorised(house, people, platform)
    order_no = platform.new_orders(1)[0]
    platform.do("token.expires")
    act = ship(order_no, "85", "YT1234567890123")

    with pytest.raises(PlatformError) as problem:
        ask(house, people.shop_id, act, now, clock.unwound())

    assert (problem.value.trouble, problem.value.may_have_acted) == (Trouble.TOKEN, False)
    assert platform.ledger(effect="order.shipped") == []
    ask(house, people.shop_id, act, now, clock.unwound())
    assert len(platform.ledger(method="pdd.logistics.online.send", outcome="ok")) == 1


def test_it_asks_a_person_once_nothing_can_be_refreshed_any_more(house: House, people: Cast, platform: Caller) -> None:
    authorised(house, people, platform)
    platform.step(DAY - HOUR)
    platform.do("token.expires")
    now = moment(platform)
    platform.step(2 * HOUR)

    with pytest.raises(PlatformError):
        name_at(house, people.shop_id, now)

    item = todo_item(house, people.mei, people.shop_id, TODO, DeadlineKind.RENEW_TOKEN, now + timedelta(minutes=1))
    view = state(house, people, now)
    calls = len(platform.ledger())
    assert (view.state, view.lapsed_at, connected_shops(house)) == (ConnectionState.LAPSED, now, ())
    assert item is not None
    assert (item.verdict.act, item.deadline.counts_from, item.deadline.due_at) == (Act.AUTHORISE_AGAIN, "lapsed_at", now)
    assert view.problem == item.verdict.because[0]
    assert str(view.problem.slots["reason"]).startswith("10019 access_token已过期")
    assert journal(house, people.lin, shop_ids=[people.shop_id]).entries[0].kind == "connection_lapsed"
    with pytest.raises(NotConnected, match="authorisation does not hold"):
        name_at(house, people.shop_id, now)
    assert len(platform.ledger()) == calls


@pytest.mark.parametrize("code", [10017, 30000])
def test_it_asks_a_person_where_the_gateway_refreshes_nothing_and_the_older_door_is_gone(house: House, people: Cast, platform: Caller, code: int) -> None:
    now, wall = no_older_door(house, people, platform), clock.unwound()
    platform.mood(refused_method=REFRESH, refused_code=code)
    platform.do("token.expires")

    states = []
    for hours in range(LAST_DOOR_TRIES):
        with pytest.raises(PlatformError):
            ask(house, people.shop_id, mall_info(), now, wall + timedelta(hours=hours))
        states.append(state(house, people, now).state)

    item = todo_item(house, people.mei, people.shop_id, TODO, DeadlineKind.RENEW_TOKEN, now + timedelta(minutes=1))
    assert states == [ConnectionState.CONNECTED] * (LAST_DOOR_TRIES - 1) + [ConnectionState.LAPSED]
    assert item is not None
    assert item.verdict.act is Act.AUTHORISE_AGAIN


def test_it_leaves_off_in_time_where_nothing_can_be_refreshed(house: House, people: Cast, platform: Caller) -> None:
    no_older_door(house, people, platform)
    platform.mood(refused_method=REFRESH, refused_code=10017)
    platform.step(7 * HOUR + HOUR // 2)
    now, wall = moment(platform), clock.unwound()

    for hours in range(LAST_DOOR_TRIES):
        refresh_due_tokens(house, now, wall + timedelta(hours=hours))

    view = state(house, people, now)
    assert (view.state, view.refresh_at) == (ConnectionState.CONNECTED, None)
    assert len(platform.ledger(method=REFRESH)) == LAST_DOOR_TRIES


@pytest.mark.parametrize(("lasts", "gone"), [(40 * 24, 31 * 24), (8, 6)], ids=["a token of forty days", "a token of eight hours"])
def test_in_time_it_goes_on_trying_whatever_the_older_door_answers(house: House, people: Cast, platform: Caller, lasts: int, gone: int) -> None:
    began = no_older_door(house, people, platform, lasts=timedelta(hours=lasts))
    platform.mood(refused_method=REFRESH, refused_code=10017)
    platform.step(gone * HOUR)
    now, wall = moment(platform), clock.unwound()

    for hours in range(2 * LAST_DOOR_TRIES):
        refresh_due_tokens(house, now, wall + timedelta(hours=hours))

    view = state(house, people, now)
    assert (view.state, view.refresh_at) == (ConnectionState.CONNECTED, began + timedelta(hours=lasts * 3 / 4))
    assert len(platform.ledger(method=REFRESH)) == 2 * LAST_DOOR_TRIES


def test_only_what_the_older_door_answers_counts_against_it(house: House, people: Cast, platform: Caller) -> None:
    now, wall = no_older_door(house, people, platform), clock.unwound()
    platform.do("token.expires")

    states = []
    for hours in range(2 * LAST_DOOR_TRIES):
        platform.mood(refused_method=REFRESH, refused_code=50000 if hours < LAST_DOOR_TRIES else 10017)
        with pytest.raises(PlatformError):
            ask(house, people.shop_id, mall_info(), now, wall + timedelta(hours=hours))
        states.append(state(house, people, now).state)

    assert states == [ConnectionState.CONNECTED] * (2 * LAST_DOOR_TRIES - 1) + [ConnectionState.LAPSED]


def test_it_goes_on_trying_while_the_older_door_cannot_be_reached(house: House, people: Cast, platform: Caller) -> None:
    now, wall = no_older_door(house, people, platform, "http://127.0.0.1:9/oauth/token"), clock.unwound()
    platform.mood(refused_method=REFRESH, refused_code=10017)
    platform.do("token.expires")

    for hours in range(LAST_DOOR_TRIES + 2):
        with pytest.raises(PlatformError):
            ask(house, people.shop_id, mall_info(), now, wall + timedelta(hours=hours))

    assert state(house, people, now).state is ConnectionState.CONNECTED


def no_older_door(house: House, people: Cast, platform: Caller, address: str = "", *, lasts: timedelta = timedelta(hours=8)) -> datetime:
    """The shop connected through an application whose older door is not there; the moment it was."""
    now, line = moment(platform), platform.line
    doors = msgspec.structs.replace(doors_of(line.gateway), token=address or f"{platform.base}/nowhere")
    connect_app(house, operator(), people.shop_id, NewApplication(client_id=line.client_id, client_secret=line.client_secret, doors=doors), now)
    given = GivenTokens(access_token=line.access_token, refresh_token=line.refresh_token, ends_at=now + lasts)
    connect_by_hand(house, people.lin, people.shop_id, given, now, clock.unwound(), is_sure=True)
    return now


def test_it_waits_while_the_platform_is_in_trouble_and_asks_nobody(house: House, people: Cast, platform: Caller) -> None:
    authorised(house, people, platform)
    platform.step(18 * HOUR)
    now, wall = moment(platform), clock.unwound()
    platform.mood(server_error=1.0)

    first = refresh_due_tokens(house, now, wall)
    at_once = refresh_due_tokens(house, now, wall + timedelta(seconds=29))
    tried = len(platform.ledger(method=REFRESH))
    platform.mood(server_error=0.0)
    later = refresh_due_tokens(house, now, wall + timedelta(seconds=31))

    assert (first, at_once, later) == (0, 0, 1)
    assert tried == 1
    assert state(house, people, now).state is ConnectionState.CONNECTED


def test_it_goes_by_the_access_token_where_there_is_nothing_to_refresh_with(house: House, people: Cast, platform: Caller) -> None:
    now, wall = moment(platform), clock.unwound()
    name_app(house, people.shop_id, platform, now=now)
    given = GivenTokens(access_token=platform.line.access_token, refresh_token="0" * 40, ends_at=now + timedelta(hours=8))
    connect_by_hand(house, people.lin, people.shop_id, given, now, wall, is_sure=True)
    platform.step(6 * HOUR)
    later = moment(platform)

    refreshed = refresh_due_tokens(house, later, wall)

    view = state(house, people, later)
    assert (refreshed, view.state, view.refresh_at, view.ends_at) == (0, ConnectionState.CONNECTED, None, now + timedelta(hours=8))
    assert name_at(house, people.shop_id, later) == platform.line.shops[0].shop_name
    assert refresh_due_tokens(house, later, wall) == 0
    assert len(platform.ledger(method=REFRESH)) == 1


def test_a_token_given_by_hand_is_reckoned_to_last_a_year(house: House, people: Cast, platform: Caller) -> None:
    now = moment(platform)

    connect(house, people.shop_id, platform, now=now)

    view = state(house, people, now)
    assert view.renewal is not None
    assert (view.by_hand, view.ends_at, view.renewal.deadline.due_at) == (True, None, now + timedelta(days=350))
    assert [step.cites for step in view.renewal.steps if step.cites] == ["pdd.authorisation@2015-09-01"] * 2 + ["house.renew_token@2015-09-01"] * 3
    item = todo_item(house, people.lin, people.shop_id, TODO, DeadlineKind.RENEW_TOKEN, now)
    assert item is not None
    assert (item.band, item.data_is_stale) == (Band.WATCHED, False)


def test_a_connection_is_over_when_its_time_is(house: House, people: Cast, platform: Caller) -> None:
    now = authorised(house, people, platform)

    with pytest.raises(NotConnected, match="ended at"):
        access_to(house, people.shop_id, now + timedelta(days=1))

    problem = state(house, people, now + timedelta(days=1)).problem
    assert problem is not None
    assert problem.slots["ended_at"] == now + timedelta(days=1)


def test_a_lapsed_connection_comes_back_when_the_platform_takes_its_token_again(house: House, people: Cast, platform: Caller) -> None:
    now = authorised(house, people, platform)
    with house.pool.connection() as tx:
        row = connections.one(tx, people.shop_id)
    assert row is not None
    lapse(house, people.shop_id, say("Nothing."), "10019", now, stale=row.tokens)

    check_connection(house, people.lin, people.shop_id, now, clock.unwound())

    view = state(house, people, now)
    assert (view.state, view.refresh_at) == (ConnectionState.CONNECTED, now + timedelta(hours=18))
    assert connected_shops(house) == (people.shop_id,)
    assert todo_item(house, people.lin, people.shop_id, TODO, DeadlineKind.RENEW_TOKEN, now).band is Band.WATCHED  # type: ignore[union-attr]
