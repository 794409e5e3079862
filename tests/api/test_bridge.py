"""Programs at the API: let in by a token of one shop and nothing else, each message once, drafts back, answers out."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.cast import Cast
from tests.site_client import HERE, browser, make_app
from tests.worker.waiting import until
from zhanggui import clock
from zhanggui.actions.bridge_answers import GIVEN_UP, Turn, answer_begun, forget_answers, held, keep_answer, let_answer_go
from zhanggui.actions.bridge_tokens import PER_ADDRESS, PER_TOKEN, bearer_of, make_token, revoke_token, tokens_seen
from zhanggui.actions.conversations.bridging import Incoming, take_message
from zhanggui.actions.conversations.handing import LISTENS, is_listening, release, take_back_answer
from zhanggui.actions.conversations.threading import messages_of, thread_of
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.api.shapes import AnsweredIn
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.chats.shapes import Who
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import api_tokens, replies
from zhanggui.records.api_tokens import KeptAnswer

MESSAGE = {"message_id": "m1", "conversation_id": "c1", "who": "buyer", "name": "快乐的鱼", "said": "什么时候发货，电话13812345678"}


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


@pytest.fixture
def tool(app: Litestar, house: House, people: Cast) -> Iterator[TestClient[Litestar]]:
    """A service tool with every scope."""
    with TestClient(app, base_url=HERE, raise_server_exceptions=True) as made:
        made.headers.update(bearing(token(house, people)))
        yield made


def token(house: House, people: Cast, *scopes: Scope, days: int | None = None) -> str:
    now = clock.now()
    return make_token(house, people.lin, people.shop_id, "客服工具", scopes or tuple(Scope), now, clock.unwound(), days=days).token


def bearing(bearer: str) -> dict[str, str]:
    return {"authorization": f"Bearer {bearer}"}


def put(tool: TestClient[Litestar], *messages: dict[str, Any], **more: Any) -> Any:
    return tool.post("/api/v1/messages", json={"messages": [{**MESSAGE, **message} for message in messages or ({},)]}, **more)


def test_it_takes_a_message_once_and_says_who_waits(tool: TestClient[Litestar]) -> None:
    first, again = put(tool).json(), put(tool).json()
    (waiting,) = tool.get("/api/v1/threads").json()["threads"]

    assert [each["messages"][0]["is_new"] for each in (first, again)] == [True, False]
    assert first["messages"][0]["thread_no"] == again["messages"][0]["thread_no"] == waiting["thread_no"]
    assert (waiting["conversation_id"], waiting["buyer"], waiting["wants"], waiting["waiting_text"]) == (
        "c1", "快**鱼", ["chase_shipping"], "什么时候发货，电话138****5678",
    )  # fmt: skip


def test_it_takes_all_messages_of_a_request_or_none(tool: TestClient[Litestar], house: House, people: Cast) -> None:
    answer = put(tool, {}, {"message_id": "m2", "who": "rep", "conversation_id": None, "name": "小美"})

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert tool.get("/api/v1/threads").json()["threads"] == []


def test_it_drafts_answers_at_once_where_asked(tool: TestClient[Litestar]) -> None:
    answer = put(tool, params={"drafts": "true"}).json()

    (drafts,) = answer["drafts"]
    assert drafts["thread_no"] == answer["messages"][0]["thread_no"]
    assert drafts["drafts"][0]["intent"] == "chase_shipping"
    assert drafts["drafts"] == tool.get(f"/api/v1/threads/{drafts['thread_no']}/drafts").json()["drafts"]


def test_it_says_which_field_cannot_be_read_and_repeats_nothing_of_it(tool: TestClient[Litestar]) -> None:
    answer = put(tool, {"who": "13812345678"}, {"said": 7})
    unread = tool.post("/api/v1/messages", content=b"{", headers={"content-type": "application/json"})

    large = tool.post("/api/v1/messages", content=b" " * 1_000_001, headers={"content-type": "application/json"})

    assert (answer.status_code, unread.status_code, large.status_code) == (400, 400, 413)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "messages[0]" in answer.json()["errors"][0]
    assert "13812345678" not in answer.text


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-03-01T10:00:00"])
def test_it_takes_no_moment_that_nobody_can_mean(tool: TestClient[Litestar], house: House, people: Cast, at: str) -> None:
    thread_no = put(tool).json()["messages"][0]["thread_no"]
    given = release(house, people.mei, people.shop_id, thread_no, "今天发出", clock.now())

    answers = [put(tool, {"message_id": "m2", "who": "rep", "at": at}), tool.post(f"/api/v1/answers/{given.message_key}/sent", json={"at": at})]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_it_takes_a_name_that_no_database_holds(tool: TestClient[Litestar]) -> None:
    thread_no = put(tool, {"who": "rep", "name": "小\0美", "said": "在的"}).json()["messages"][0]["thread_no"]

    (message,) = tool.get(f"/api/v1/threads/{thread_no}").json()["messages"]
    assert message["name"] == "小\ufffd美"


@pytest.mark.parametrize("body", [b'{"messages":' + b"[" * 100_000, b'{"messages":"\xed\xa0\x80"}'])
def test_it_calls_a_body_that_nobody_writes_unreadable(app: Litestar, house: House, people: Cast, body: bytes) -> None:
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as tool:
        answer = tool.post("/api/v1/messages", content=body, headers={"content-type": "application/json", **bearing(token(house, people))})

    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_it_keeps_that_a_person_answered_and_what_should_not_have_been_said(tool: TestClient[Litestar], house: House, people: Cast) -> None:
    thread_no = put(tool).json()["messages"][0]["thread_no"]
    answer = tool.post(f"/api/v1/threads/{thread_no}/answered", json={"said": "加我微信，给您发5元红包，给个五星好评"}).json()

    assert answer["is_new"]
    assert [finding["rule"] for finding in answer["findings"]] == ["off_platform_contact", "off_platform_payment", "review_reward"]
    assert thread_of(house, people.mei, people.shop_id, thread_no).waiting_since is None


def test_it_does_a_request_with_a_key_once(tool: TestClient[Litestar], house: House, people: Cast) -> None:
    thread_no = put(tool).json()["messages"][0]["thread_no"]
    url, headers = f"/api/v1/threads/{thread_no}/answered", {"idempotency-key": "k1"}
    first, again = (tool.post(url, json={"said": "今天18点前发出"}, headers=headers) for _ in range(2))
    other = tool.post(url, json={"said": "明天发出"}, headers=headers)

    assert first.json() == again.json()
    assert (other.status_code, len(messages_of(house, people.mei, people.shop_id, thread_no))) == (422, 2)
    forget_answers(house, clock.unwound() + timedelta(days=2))
    assert tool.post(url, json={"said": "明天发出"}, headers=headers).json()["is_new"]


def test_it_hands_an_answer_to_the_tool_once_and_the_buyer_is_answered_when_it_was_sent(tool: TestClient[Litestar], house: House, people: Cast) -> None:
    thread_no = put(tool).json()["messages"][0]["thread_no"]
    listened = is_listening(house, people.mei, people.shop_id, clock.unwound())
    given = release(house, people.mei, people.shop_id, thread_no, "今天18点前发出", clock.now())
    (out,) = tool.get("/api/v1/answers").json()["answers"]
    with house.pool.connection() as tx:
        counted = [speaker for _, speaker, _ in replies.between(tx, people.shop_id, clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))]
    on_its_way = thread_of(house, people.mei, people.shop_id, thread_no)
    fetched = [tool.post(f"/api/v1/answers/{out['key']}/fetched").status_code for _ in range(2)]
    sent = [tool.post(f"/api/v1/answers/{out['key']}/sent", json={"message_id": "r1"}).status_code for _ in range(2)]
    echo = put(tool, {"message_id": "r1", "who": "rep", "name": "小美", "said": "今天18点前发出"}).json()["messages"][0]

    assert (out["key"], out["conversation_id"], out["said"], out["rep"]) == (given.message_key, "c1", "今天18点前发出", people.mei.display_name)
    assert (on_its_way.on_its_way, on_its_way.waiting_since is not None, counted) == (1, True, ["buyer"])
    assert (fetched, sent, echo["is_new"]) == ([200, 422], [200, 200], False)
    after = thread_of(house, people.mei, people.shop_id, thread_no)
    assert (after.on_its_way, after.waiting_since, after.last_who) == (0, None, "rep")
    assert tool.get("/api/v1/answers").json()["answers"] == []
    assert (listened, is_listening(house, people.mei, people.shop_id, clock.unwound())) == (False, True)
    assert not is_listening(house, people.mei, people.shop_id, clock.unwound() + LISTENS)


def test_it_leaves_the_buyer_waiting_where_the_tool_could_not_send(tool: TestClient[Litestar], house: House, people: Cast) -> None:
    thread_no = put(tool).json()["messages"][0]["thread_no"]
    key = release(house, people.mei, people.shop_id, thread_no, "马上给您看", clock.now()).message_key
    tool.post(f"/api/v1/answers/{key}/fetched")
    with pytest.raises(Refused):
        take_back_answer(house, people.mei, people.shop_id, key, clock.now())
    failed = tool.post(f"/api/v1/answers/{key}/failed")

    stands = thread_of(house, people.mei, people.shop_id, thread_no)
    assert (failed.status_code, stands.on_its_way, stands.waiting_since is not None) == (200, 0, True)
    take_back_answer(house, people.mei, people.shop_id, key, clock.now())
    assert [row.who for row in messages_of(house, people.mei, people.shop_id, thread_no)] == ["buyer"]


def test_it_does_a_request_once_that_is_asked_twice_at_the_same_time(app: Litestar, tool: TestClient[Litestar], house: House, people: Cast) -> None:
    thread_no, bearer = put(tool).json()["messages"][0]["thread_no"], bearer_of(house, token(house, people), clock.unwound())
    assert bearer is not None
    address = f"/api/v1/threads/{thread_no}/answered"
    ask = partial(tool.post, address, json={"said": "今天发出"}, headers={"Idempotency-Key": "k1"})
    digest = sha256(msgspec.json.encode(["POST", address, AnsweredIn("今天发出")])).digest()
    with house.pool.connection() as tx:
        (theirs,) = [each for each in api_tokens.of_shop(tx, people.shop_id) if each.token_no != bearer.token.token_no]
    other = msgspec.structs.replace(bearer, token=theirs)

    begun = answer_begun(house, other, "k1", digest, clock.unwound())
    assert isinstance(begun, Turn)
    meanwhile = ask()
    let_answer_go(begun)
    after, again = ask(), ask()

    assert (meanwhile.status_code, meanwhile.headers["retry-after"], meanwhile.json()["status"]) == (409, "1", 409)
    assert (after.status_code, after.json()["is_new"], again.json()) == (200, True, after.json())


def test_whoever_was_killed_over_a_request_holds_it_for_a_minute(house: House, people: Cast) -> None:
    wall = clock.unwound()
    bearer = bearer_of(house, token(house, people), wall)
    assert bearer is not None

    after = wall + GIVEN_UP + timedelta(seconds=1)
    told = [answer_begun(house, bearer, "k", asked, at) for asked, at in ((b"x", wall), (b"x", wall + GIVEN_UP), (b"y", after), (b"x", after))]

    assert [each.status if isinstance(each, KeptAnswer) else None for each in told] == [None, 0, 0, None]


def test_whoever_was_killed_by_a_clock_that_was_a_day_ahead_holds_the_request_no_longer(house: House, people: Cast) -> None:
    wall = clock.unwound()
    bearer = bearer_of(house, token(house, people), wall)
    assert bearer is not None

    told = [answer_begun(house, bearer, "k", b"x", at) for at in (wall + timedelta(days=1), wall, wall)]

    assert [each.status if isinstance(each, KeptAnswer) else None for each in told] == [None, None, 0]


def test_a_request_that_takes_longer_is_held_and_what_was_taken_over_is_not_answered_by_the_first(
    house: House, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhanggui.actions.bridge_answers.SAID_EVERY", timedelta(milliseconds=10))
    wall = clock.unwound()
    bearer = bearer_of(house, token(house, people), wall)
    assert bearer is not None
    late = wall + GIVEN_UP + timedelta(seconds=1)
    first = answer_begun(house, bearer, "k", b"x", wall)
    assert isinstance(first, Turn)

    with held(first, lambda: late):
        assert until(lambda: first.since == late)
        meanwhile = answer_begun(house, bearer, "k", b"x", late)
    over = answer_begun(house, bearer, "k", b"x", late + GIVEN_UP + timedelta(seconds=1))
    keep_answer(first, b'"first"', late)
    let_answer_go(first)
    assert isinstance(over, Turn)
    keep_answer(over, b'"second"', late)

    assert isinstance(meanwhile, KeptAnswer)
    kept = answer_begun(house, bearer, "k", b"x", late)
    assert isinstance(kept, KeptAnswer)
    assert (kept.status, kept.answer) == (200, '"second"')


def test_the_same_words_to_another_address_are_another_request(tool: TestClient[Litestar]) -> None:
    thread_no = put(tool).json()["messages"][0]["thread_no"]
    key = {"idempotency-key": "k"}

    first = tool.post(f"/api/v1/threads/{thread_no}/answered", json={"said": "今天发出"}, headers=key)
    other = tool.post(f"/api/v1/threads/{thread_no + 1}/answered", json={"said": "今天发出"}, headers=key)

    assert (first.status_code, other.status_code) == (200, 422)


def test_it_lets_nobody_in_without_a_good_token(app: Litestar, house: House, people: Cast) -> None:
    good = token(house, people)
    (kept,) = tokens_seen(house, people.lin, people.shop_id)
    spoilt = [good[:-1], good.replace(f"_{people.shop_id}_", f"_{people.other_shop_id}_"), "x", "zhg_1_", ""]
    with browser(app, people.lin) as lin:
        by_cookie = lin.post("/api/v1/messages", json={"messages": [MESSAGE]})
        refused = [lin.get("/api/v1/threads", headers=bearing(each)).status_code for each in spoilt]
        let_in = lin.get("/api/v1/threads", headers=bearing(good)).status_code
        revoke_token(house, people.lin, people.shop_id, kept.token_no, clock.now(), clock.unwound())
        after = lin.get("/api/v1/threads", headers=bearing(good)).status_code

    assert (by_cookie.status_code, by_cookie.headers["www-authenticate"]) == (401, 'Bearer realm="zhanggui"')
    assert "set-cookie" not in by_cookie.headers
    assert (refused, let_in, after) == ([401] * 5, 200, 401)


def test_it_keeps_a_token_to_its_scopes_its_shop_and_its_days(house: House, people: Cast, tool: TestClient[Litestar]) -> None:
    narrow = bearing(token(house, people, Scope.MESSAGES_WRITE))
    now, wall = clock.now(), clock.unwound()
    theirs = bearing(make_token(house, people.zheng, people.other_shop_id, "别家", tuple(Scope), now, wall).token)
    over = bearing(make_token(house, people.lin, people.shop_id, "旧的", tuple(Scope), now, wall - timedelta(days=2), days=1).token)

    assert (put(tool, headers=narrow).status_code, tool.get("/api/v1/threads", headers=narrow).status_code) == (200, 403)
    assert put(tool, params={"drafts": "true"}, headers=narrow).status_code == 403
    assert tool.get("/api/v1/threads", params={"waiting": "false"}, headers=theirs).json() == {"threads": [], "next_cursor": None}
    assert tool.get("/api/v1/threads", headers=over).status_code == 401


def test_it_says_how_long_to_wait_where_a_token_asks_too_fast(tool: TestClient[Litestar], house: House) -> None:
    with house.pool.connection() as tx:
        tool.get("/api/v1/threads")
        tx.execute("update throttle set hits = %s where key like '%%token%%'", (PER_TOKEN.amount,))
    answer = tool.get("/api/v1/threads")

    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_an_address_that_shows_tokens_that_open_nothing_is_slowed_and_good_ones_go_on(tool: TestClient[Litestar], house: House) -> None:
    bad = {"authorization": "Bearer zhg_1_guess"}
    first = [tool.get("/api/v1/threads", headers={"authorization": shown}).status_code for shown in ("Bearer zhg_1_guess", "Bearer nonsense")]
    with house.pool.connection() as tx:
        tx.execute("update throttle set hits = %s where key like '%%unknown-token%%'", (PER_ADDRESS.amount,))
    slowed, without = tool.get("/api/v1/threads", headers=bad), tool.get("/api/v1/threads", headers={"authorization": ""})

    assert (first, slowed.status_code, without.status_code) == ([401, 401], 429, 401)
    assert 1 <= int(slowed.headers["retry-after"]) <= 900
    assert tool.get("/api/v1/threads").status_code == 200


def test_it_keeps_no_token_in_the_open(house: House, people: Cast) -> None:
    made = token(house, people, days=30)
    with house.pool.connection() as tx:
        rows = tx.execute("select t::text from api_tokens t union all select j::text from journal j").fetchall()

    assert not any(made in row[0] or made.rpartition("_")[2] in row[0] for row in rows)
    with pytest.raises(NotAllowed):
        make_token(house, people.mei, people.shop_id, "x", [Scope.THREADS_READ], clock.now(), clock.unwound())
    with pytest.raises(Refused):
        make_token(house, people.lin, people.shop_id, " ", [Scope.THREADS_READ], clock.now(), clock.unwound())


def test_it_describes_itself_to_whoever_is_signed_in_or_bears_a_token(app: Litestar, house: House, people: Cast) -> None:
    by_token = bearing(token(house, people))
    with browser(app, people.mei) as mei:
        told = mei.get("/api/v1/schema")
    with browser(app) as stranger:
        shut = stranger.get("/api/v1/schema")
        borne, nothing = stranger.get("/api/v1/schema", headers=by_token), stranger.get("/api/v1/nothing", headers=by_token)

    schema = json.loads(told.text)
    page = "".join((Path(__file__).parents[2] / "docs" / name).read_text("utf-8") for name in ("bridge.md", "api.md"))
    assert [path for path in schema["paths"] if f"{path}`" not in page] == []
    assert [scope.value for scope in Scope if f"`{scope.value}`" not in page] == []
    assert (shut.status_code, told.status_code, borne.text) == (401, 200, told.text)
    assert (nothing.status_code, nothing.headers["content-type"]) == (404, "application/problem+json")


def test_a_message_told_twice_at_once_comes_in_once(house: House, people: Cast) -> None:
    told = Incoming(message_id="m1", external_id="c1", who=Who.BUYER, said="在吗", name="快乐的鱼")
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: take_message(house, people.mei, people.shop_id, told, clock.now()), range(6)))

    assert sorted(each.is_new for each in taken) == [False] * 5 + [True]
    assert len({each.thread_no for each in taken}) == 1


NONSENSE = [
    "",
    " ",
    "a\x00b",
    "9" * 30,
    "\u202e\ufeff",
    "😀" * 50,
    "'; drop table threads; --",
    "<b>",
    None,
    7,
    ["x"],
    {"a": 1},
    True,
    "2026-13-45",
    "x" * 5000,
]


def test_it_answers_nonsense_in_words(tool: TestClient[Litestar]) -> None:
    fields = ("message_id", "conversation_id", "who", "name", "buyer", "said", "at", "order_no", "more")
    brought = [put(tool, {"message_id": f"{field}{number}", field: value}) for field in fields for number, value in enumerate(NONSENSE)]
    asked = [
        tool.get(path, params={name: str(value)})
        for path, name in (("/api/v1/threads", "cursor"), ("/api/v1/threads", "limit"), ("/api/v1/threads", "waiting"), ("/api/v1/answers", "limit"))
        for value in NONSENSE
    ]
    gone = [
        tool.post(f"/api/v1/{path}", json={"said": "在"})
        for path in ("threads/0/answered", f"threads/{'9' * 25}/answered", "answers/%00/sent", "answers/x/failed")
    ]

    assert {answer.status_code for answer in (*brought, *asked)} <= {200, 400, 422}
    assert {answer.status_code for answer in gone} <= {400, 404, 422}
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in (*brought, *asked, *gone) if answer.status_code != 200)
