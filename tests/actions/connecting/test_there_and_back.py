"""The way to the platform's page and back: who may finish it, once and in time, and which shop may come back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cast import Cast
from tests.connected import name_app
from tests.emulator.caller import Caller, quiet, running
from zhanggui import clock
from zhanggui.actions import connecting
from zhanggui.actions.connecting import Outcome, begin_connect, finish_connect
from zhanggui.actions.connections import confirm_shop, connection_state, disconnect, refuse_shop
from zhanggui.actions.house import House
from zhanggui.actions.platform import NotConnected, access_to, ask
from zhanggui.actions.refused import Refused
from zhanggui.actions.shops import rename_shop
from zhanggui.connectors.pdd.errors import DO
from zhanggui.connectors.pdd.shop import mall_info
from zhanggui.core.connection import ConnectionState
from zhanggui.core.deadlines import DeadlineKind, Subject, SubjectKind
from zhanggui.people.permissions import NotAllowed, Person, ShopId
from zhanggui.records import deadlines

BACK = "http://127.0.0.1:8000/platform/authorised"
SIGN_IN = b"this sign-in"


@pytest.fixture
def platform() -> Iterator[Caller]:
    with running(quiet(size={"shops": 2})) as caller:
        yield caller


def sent_back(platform: Caller, url: str, which: int = 0) -> dict[str, str]:
    """What the platform's page sends the browser back with once the merchant says yes for one of the shops."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    form = {name: asked[name] for name in ("client_id", "redirect_uri", "state")}
    answer = platform.http.post("/_authorize", data=form | {"mall_id": platform.line.shops[which].shop_id, "decision": "yes"})
    location = answer.headers["location"]
    assert location.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def begun(house: House, by: Person, shop_id: ShopId, *, wall: datetime | None = None) -> str:
    return begin_connect(house, by, shop_id, sign_in=SIGN_IN, redirect_uri=BACK, wall=wall or clock.unwound())


def finished(house: House, by: Person, came: dict[str, str], *, sign_in: bytes = SIGN_IN, wall: datetime | None = None) -> Outcome:
    return finish_connect(house, by, state=came["state"], code=came.get("code", ""), sign_in=sign_in, now=clock.now(), wall=wall or clock.unwound())


def there_and_back(house: House, by: Person, shop_id: ShopId, platform: Caller, which: int = 0) -> Outcome:
    return finished(house, by, sent_back(platform, begun(house, by, shop_id), which))


def test_it_asks_whether_a_shop_of_another_name_is_the_one_meant_and_reads_nothing_before(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)

    outcome = there_and_back(house, people.lin, people.shop_id, platform)

    theirs = platform.line.shops[0]
    assert outcome == Outcome(people.shop_id, ConnectionState.TO_CONFIRM, theirs.shop_name, theirs.shop_id)
    with pytest.raises(NotConnected):
        access_to(house, people.shop_id, clock.now())
    confirm_shop(house, people.lin, people.shop_id, theirs.shop_id, clock.now(), clock.unwound())
    assert ask(house, people.shop_id, mall_info(), clock.now(), clock.unwound()).name == theirs.shop_name
    assert connection_state(house, people.lin, people.shop_id, clock.now()).state is ConnectionState.CONNECTED


def test_it_connects_a_shop_of_the_same_name_at_once(house: House, people: Cast, platform: Caller) -> None:
    rename_shop(house, people.lin, people.shop_id, platform.line.shops[0].shop_name, clock.now())
    name_app(house, people.shop_id, platform)
    before = clock.now()

    outcome = there_and_back(house, people.lin, people.shop_id, platform)

    view = connection_state(house, people.lin, people.shop_id, clock.now())
    assert outcome.state is ConnectionState.CONNECTED
    assert (view.owner_id, view.by_hand, view.problem) == (platform.line.shop_id, False, None)
    assert view.ends_at is not None
    assert timedelta(seconds=31_535_948) <= view.ends_at - before < timedelta(seconds=31_536_000)


def test_it_wipes_a_shop_that_is_said_to_be_another(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    there_and_back(house, people.lin, people.shop_id, platform)

    refuse_shop(house, people.lin, people.shop_id, clock.now())

    view = connection_state(house, people.lin, people.shop_id, clock.now())
    assert (view.state, view.owner_id, view.mall_name) == (ConnectionState.UNCONNECTED, None, None)
    assert there_and_back(house, people.lin, people.shop_id, platform, which=1).owner_id == platform.line.shops[1].shop_id


def test_it_refuses_another_shop_and_keeps_the_one_that_was_there(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    there_and_back(house, people.lin, people.shop_id, platform)
    confirm_shop(house, people.lin, people.shop_id, platform.line.shop_id, clock.now(), clock.unwound())
    before = access_to(house, people.shop_id, clock.now())

    with pytest.raises(Refused) as refusal:
        there_and_back(house, people.lin, people.shop_id, platform, which=1)

    assert refusal.value.say.slots["came"] == platform.line.shops[1].shop_id
    assert access_to(house, people.shop_id, clock.now()) == before
    assert connection_state(house, people.lin, people.shop_id, clock.now()).owner_id == platform.line.shop_id


def test_it_refuses_another_shop_even_after_a_disconnection(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    there_and_back(house, people.lin, people.shop_id, platform)
    confirm_shop(house, people.lin, people.shop_id, platform.line.shop_id, clock.now(), clock.unwound())
    disconnect(house, people.lin, people.shop_id, clock.now())
    name_app(house, people.shop_id, platform)

    with pytest.raises(Refused):
        there_and_back(house, people.lin, people.shop_id, platform, which=1)
    outcome = there_and_back(house, people.lin, people.shop_id, platform)

    assert outcome.state is ConnectionState.CONNECTED


def test_it_refuses_to_be_one_shop_of_the_platform_twice_and_does_not_tell_which_other(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    there_and_back(house, people.lin, people.shop_id, platform)
    confirm_shop(house, people.lin, people.shop_id, platform.line.shop_id, clock.now(), clock.unwound())
    name_app(house, people.other_shop_id, platform)

    with pytest.raises(Refused) as refusal:
        there_and_back(house, people.zheng, people.other_shop_id, platform)

    assert "林记坚果" not in repr(refusal.value.say)
    assert connection_state(house, people.zheng, people.other_shop_id, clock.now()).state is ConnectionState.UNCONNECTED


def test_it_takes_a_way_back_once(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))
    finished(house, people.lin, came)
    calls = len(platform.ledger(method="pdd.pop.auth.token.create"))

    with pytest.raises(Refused, match="This way back"):
        finished(house, people.lin, came)

    assert len(platform.ledger(method="pdd.pop.auth.token.create")) == calls


@pytest.mark.parametrize("harm", ["another sign-in", "too late", "another secret", "another shop", "no state", "a strange state"])
def test_it_takes_no_way_back_that_is_not_its_own(house: House, people: Cast, platform: Caller, harm: str) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))
    own = came["state"]
    states = {"another secret": own[:-1] + ("A" if own[-1] != "A" else "B"), "no state": "", "a strange state": "１.x" + "\x00\ud800"}
    states["another shop"] = f"{people.other_shop_id}.{own.partition('.')[2]}"
    both = Person(person_id=people.lin.person_id, display_name="林", roles={**people.lin.roles, people.other_shop_id: people.zheng.roles[people.other_shop_id]})
    sign_in = b"another" if harm == "another sign-in" else SIGN_IN
    late = clock.unwound() + (timedelta(minutes=10) if harm == "too late" else timedelta(0))

    with pytest.raises(Refused, match="This way back"):
        finished(house, both, came | {"state": states.get(harm, own)}, sign_in=sign_in, wall=late)

    assert platform.ledger(method="pdd.pop.auth.token.create") == []
    assert connection_state(house, people.lin, people.shop_id, clock.now()).state is ConnectionState.UNCONNECTED


def test_it_changes_nothing_when_the_merchant_says_no(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))

    with pytest.raises(Refused, match="without a yes"):
        finished(house, people.lin, {"state": came["state"]})

    assert connection_state(house, people.lin, people.shop_id, clock.now()).state is ConnectionState.UNCONNECTED


def test_it_tells_the_platforms_own_words_when_a_code_is_no_good(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))

    with pytest.raises(Refused) as refusal:
        finished(house, people.lin, came | {"code": "0" * 40})

    (trouble,) = connection_state(house, people.lin, people.shop_id, clock.now()).troubles
    assert str(refusal.value.say.slots["reason"]).startswith("50001 ")
    assert (trouble.method, trouble.code, trouble.times) == ("pdd.pop.auth.token.create", "50001", 1)
    assert "code无效或已过期" in trouble.told


def test_it_lets_nobody_connect_but_owners_of_the_shop(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))

    for outsider in (people.zheng, people.mei, people.zhou):
        with pytest.raises(NotAllowed):
            begun(house, outsider, people.shop_id)
        with pytest.raises(NotAllowed):
            finished(house, outsider, came)
        with pytest.raises(NotAllowed):
            connection_state(house, outsider, people.shop_id, clock.now())
        with pytest.raises(NotAllowed):
            disconnect(house, outsider, people.shop_id, clock.now())

    assert finished(house, people.lin, came).state is ConnectionState.TO_CONFIRM


def test_it_exchanges_at_the_older_door_where_the_gateway_may_not_be_asked(house: House, people: Cast) -> None:
    with running(quiet(gate={"packages_withheld": [""]})) as platform:
        name_app(house, people.shop_id, platform)

        outcome = there_and_back(house, people.lin, people.shop_id, platform)

        assert outcome.owner_id == platform.line.shop_id
        assert [entry["outcome"] for entry in platform.ledger(method="oauth.token")] == ["ok"]


def test_it_has_a_deadline_to_authorise_again_and_none_once_disconnected(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    there_and_back(house, people.lin, people.shop_id, platform)
    confirm_shop(house, people.lin, people.shop_id, platform.line.shop_id, clock.now(), clock.unwound())
    subject = Subject(SubjectKind.CONNECTION, "pdd")

    with house.pool.connection() as tx:
        row = deadlines.one(tx, people.shop_id, subject, DeadlineKind.RENEW_TOKEN)
    view = connection_state(house, people.lin, people.shop_id, clock.now())
    assert view.ends_at is not None
    assert row is not None
    assert (row.due_at, row.band) == (view.ends_at - timedelta(days=15), 8)

    disconnect(house, people.lin, people.shop_id, clock.now())
    with house.pool.connection() as tx:
        assert deadlines.one(tx, people.shop_id, subject, DeadlineKind.RENEW_TOKEN) is None


def test_it_says_to_begin_again_when_the_answer_to_a_code_is_lost(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))
    platform.mood(cut_after=1.0)

    with pytest.raises(Refused, match="Begin again"):
        finished(house, people.lin, came)

    assert connection_state(house, people.lin, people.shop_id, clock.now()).state is ConnectionState.UNCONNECTED


def test_it_says_to_begin_again_when_the_shop_is_not_told_once_the_code_is_used(
    house: House, people: Cast, platform: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "WHO_WAIT", 0.0)
    monkeypatch.setattr(connecting, "WHO_LONGEST", 0.0)
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))
    platform.mood(refused_method="pdd.mall.info.get", refused_code=52102)

    with pytest.raises(Refused, match="Begin again"):
        finished(house, people.lin, came)

    assert len(platform.ledger(method="pdd.mall.info.get")) == connecting.WHO_TRIES
    assert [one.code for one in connection_state(house, people.lin, people.shop_id, clock.now()).troubles] == ["52102"]


def test_it_says_what_is_the_matter_where_the_same_would_be_met_again(house: House, people: Cast, platform: Caller) -> None:
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))
    platform.mood(refused_method="pdd.mall.info.get", refused_code=70032)

    with pytest.raises(Refused) as refused:
        finished(house, people.lin, came)

    assert refused.value.say.text == DO["risk"]


def test_it_asks_again_which_shop_came_back(house: House, people: Cast, platform: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        platform.mood(name="fair", refused_code=0)

    monkeypatch.setattr("zhanggui.actions.connecting.time.sleep", sleep)
    name_app(house, people.shop_id, platform)
    came = sent_back(platform, begun(house, people.lin, people.shop_id))
    platform.mood(refused_method="pdd.mall.info.get", refused_code=52102)

    outcome = finished(house, people.lin, came)

    assert outcome.owner_id == platform.line.shop_id
    assert len(slept) == 1
