"""Programs walk every call: each is opened by its own scope and by no other, in the one shop of the token, and answers as the description says."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # comes without types
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.actions.cases.telling import case_told, platform_tells
from tests.api.calls import CALLS, Call, ForPrograms
from tests.cast import Cast
from tests.site.planted import plant
from tests.site.test_outsiders import _fingerprint as fingerprint
from tests.site_client import HERE, make_app
from zhanggui import clock
from zhanggui.actions.bridge_rights import RIGHTS
from zhanggui.actions.bridge_tokens import bearer_of, make_token, revoke_token
from zhanggui.actions.conversations.handing import release
from zhanggui.actions.hooks.spreading import spread_events
from zhanggui.actions.house import House
from zhanggui.api.routes import described
from zhanggui.core.bridge.scopes import Scope
from zhanggui.people.permissions import Permission, Person, ShopId

EXAMPLES = Path(__file__).parents[2] / "src" / "zhanggui" / "api" / "examples.json"
WRITES_EXAMPLES = "ZHANGGUI_WRITE_EXAMPLES"
"""Set, the answers of the walk become the examples of the description."""
INSTEAD = {"松子": "山核桃", "林记坚果": "示例店铺", "YT7777777777777": "YT7600000000001", "260301-77777777777777": "260301-12345678901234"}
"""What marks our planted shop, and what stands in an example for it."""


@pytest.fixture
def ours(house: House, people: Cast, tmp_path: Path) -> ForPrograms:
    """Our shop, full."""
    return planted(house, people, tmp_path, ours=True)


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


def planted(house: House, people: Cast, folder: Path, *, ours: bool) -> ForPrograms:
    """Something of everything; events are noted, since a token may read them."""
    shop = people.shop_id if ours else people.other_shop_id
    made_token(house, people.lin if ours else people.zheng, shop, Scope.EVENTS_READ)
    base, now = plant(house, people, folder, ours=ours), clock.now()
    case_no = "9000001" if ours else "9000003"
    platform_tells(house, shop, [case_told(now, case_no=case_no, order_no=base.order_no)], now)
    said = release(house, base.owner, shop, base.thread_no, "松子今天发" if ours else "毛尖今天发", now)
    while spread_events(house, shop, now, clock.unwound(), "test"):
        pass
    return ForPrograms(**{**vars(base), "markers": (*base.markers, case_no)}, case_no=case_no, answer_key=said.message_key)


def made_token(house: House, owner: Person, shop_id: ShopId, *scopes: Scope) -> str:
    return make_token(house, owner, shop_id, "ERP", scopes, clock.now(), clock.unwound()).token


@contextmanager
def program(app: Litestar, token: str | None) -> Iterator[TestClient[Litestar]]:
    """A program, with a token or none."""
    with TestClient(app, base_url=HERE) as made:
        made.headers.update({"accept-language": "en", **({} if token is None else {"authorization": f"Bearer {token}"})})
        yield made


def asked(client: httpx.Client, call: Call, planted: ForPrograms) -> httpx.Response:
    return client.request(call.method, call.address(planted), **call.send(planted))


def seen(answer: httpx.Response, planted: ForPrograms, call: Call) -> list[str]:
    """What of the shop stands in the answer that the request did not say itself."""
    said = call.address(planted) + repr(call.send(planted))
    return [marker for marker in planted.markers if marker in answer.text + repr(answer.headers) and marker not in said]


def test_it_walks_every_call_that_is_described_and_each_scope_opens_something() -> None:
    told = json.loads(described())

    assert {f"{call.method} /api/v1{call.path}" for call in CALLS} == {f"{method.upper()} {path}" for path, each in told["paths"].items() for method in each}
    assert {(call.method, call.path): call.scope.value for call in CALLS} == {
        (method.upper(), path.removeprefix("/api/v1")): operation["x-scope"] for path, each in told["paths"].items() for method, operation in each.items()
    }
    assert set(RIGHTS) == set(Scope)


def test_it_answers_each_call_by_its_scope_alone_and_as_it_is_described(app: Litestar, ours: ForPrograms, people: Cast, house: House) -> None:
    described_as = Described()
    examples: dict[str, Any] = {}

    for call in CALLS:
        with holding(app, house, people.lin, ours.shop_id, call.scope) as holder:
            answer = asked(holder, call, ours)
        assert answer.status_code in call.right, (call.method, call.path, answer.status_code, answer.text)
        described_as.check(call, answer)
        if answer.status_code == 200:
            examples[f"{call.method} /api/v1{call.path}"] = answer.json()

    if os.environ.get(WRITES_EXAMPLES):
        known = json.loads(EXAMPLES.read_text("utf-8"))
        written = json.dumps(known | shortened(examples), ensure_ascii=False, indent=1, sort_keys=True)
        for marker, instead in INSTEAD.items():
            written = written.replace(marker, instead)
        EXAMPLES.write_text(written + "\n", "utf-8")


def test_it_opens_nothing_with_every_other_scope_or_without_a_token(app: Litestar, ours: ForPrograms, people: Cast, house: House) -> None:
    others = {scope: made_token(house, people.lin, ours.shop_id, *(set(Scope) - {scope})) for scope in sorted({call.scope for call in CALLS})[:10]}
    before = fingerprint(house.pool, ours)

    with program(app, None) as stranger:
        for call in CALLS:
            answer = asked(stranger, call, ours)
            assert (answer.status_code, seen(answer, ours, call)) == (401, []), (call.method, call.path)
    assert fingerprint(house.pool, ours) == before
    for call in CALLS:
        if call.scope in others:
            with program(app, others[call.scope]) as holder:
                answer = asked(holder, call, ours)
            assert (answer.status_code, seen(answer, ours, call)) == (403, []), (call.method, call.path)
            assert call.scope.value in answer.headers["www-authenticate"]


def test_it_shows_a_program_of_another_shop_nothing_of_ours(app: Litestar, ours: ForPrograms, people: Cast, house: House, tmp_path: Path) -> None:
    theirs = planted(house, people, tmp_path, ours=False)
    token = made_token(house, people.zheng, theirs.shop_id, *Scope)
    before = fingerprint(house.pool, ours)

    with program(app, token) as stranger:
        for call in CALLS:
            answer = asked(stranger, call, ours)
            assert answer.status_code in (200, 404, 422), (call.method, call.path, answer.status_code)
            assert not seen(answer, ours, call), (call.method, call.path)

    assert fingerprint(house.pool, ours) == before


def test_it_does_for_a_program_no_more_than_its_scopes_bring(house: House, people: Cast) -> None:
    token = made_token(house, people.lin, people.shop_id, Scope.TODO_READ)

    bearer = bearer_of(house, token, clock.unwound())

    assert bearer is not None
    assert [permission for permission in Permission if bearer.person.may(permission, people.shop_id)] == [Permission.TODO_READ]
    assert not bearer.person.may(Permission.TODO_READ, people.other_shop_id)


def test_it_shows_an_example_of_every_answer_that_is_such_an_answer() -> None:
    described_as = Described()

    for call in CALLS:
        content = described_as.operation(call)["responses"]["200"]["content"]["application/json"]
        described_as.validate(content["schema"], content["example"])


class Described:
    """The API as it describes itself."""

    def __init__(self) -> None:
        self.whole = json.loads(described())

    def operation(self, call: Call) -> dict[str, Any]:
        """One call of it."""
        found: dict[str, Any] = self.whole["paths"][f"/api/v1{call.path}"][call.method.lower()]
        return found

    def check(self, call: Call, answer: httpx.Response) -> None:
        """The answer is one of those that are described."""
        told = self.operation(call)["responses"][str(answer.status_code)]
        (kind, content), *_ = told["content"].items()
        assert answer.headers["content-type"].startswith(kind)
        self.validate(content["schema"], answer.json())

    def validate(self, schema: dict[str, Any], value: Any) -> None:
        """The value fits, with nothing that is not described."""
        closed = {name: {"additionalProperties": False, **each} for name, each in self.whole["components"]["schemas"].items()}
        jsonschema.Draft202012Validator({**schema, "components": {"schemas": closed}}).validate(value)


def shortened(value: Any) -> Any:
    """The value with one of each list: enough for an example."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return [shortened(each) for each in value[:1]] if isinstance(value, list) else value


@contextmanager
def holding(app: Litestar, house: House, owner: Person, shop_id: ShopId, scope: Scope) -> Iterator[TestClient[Litestar]]:
    """A program whose token carries this scope alone, for one call."""
    made = make_token(house, owner, shop_id, "ERP", [scope], clock.now(), clock.unwound())
    with program(app, made.token) as holder:
        yield holder
    revoke_token(house, owner, shop_id, made.token_no, clock.now(), clock.unwound())
