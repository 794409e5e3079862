"""The official SDK's own client, over standard input and output and over HTTP: both ages of the protocol, tokens, and what is refused at the door."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.cast import Cast
from tests.journeys.conftest import Site, served
from tests.site_client import make_app
from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token, revoke_token
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.mcp.tools import TOOLS
from zhanggui.records.db import conninfo_of

ALL = [tool.name for tool in TOOLS]


@pytest.fixture
def site(house: House, people: Cast) -> Iterator[Site]:
    """The pages and what else is served."""
    with served(make_app(house)) as running:
        yield running


def token(house: House, people: Cast, *scopes: Scope) -> str:
    return make_token(house, people.lin, people.shop_id, "小助手", scopes or tuple(Scope), clock.now(), clock.unwound()).token


@asynccontextmanager
async def assistant(site: Site, bearer: str, mode: str = "auto") -> AsyncIterator[Client]:
    """The SDK's client with a token."""
    headers = {"authorization": f"Bearer {bearer}", "accept-language": "en"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False) as http,
        Client(streamable_http_client(f"{site.address}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_it_speaks_over_http_by_a_token(site: Site, house: House, people: Cast, mode: str) -> None:
    async def talk() -> tuple[list[str], object, str, str]:
        async with assistant(site, token(house, people), mode) as client:
            tools = (await client.list_tools()).tools
            shop = await client.call_tool("shop")
            wrong = await client.call_tool("todo", {"limit": 0})
            with pytest.raises(MCPError) as unknown:
                await client.call_tool("send_everything")
            return [tool.name for tool in tools], shop.structured_content, wrong.content[0].text, str(unknown.value)  # type: ignore[union-attr]  # text

    names, shop, wrong, unknown = anyio.run(talk)

    assert names == ALL
    assert isinstance(shop, dict)
    assert shop["shop"] == "林记坚果"
    assert wrong == "The arguments do not fit: Expected `int` >= 1 - at `$.limit`."
    assert "There is no tool send_everything" in unknown


def test_it_lists_only_what_the_token_opens(site: Site, house: House, people: Cast) -> None:
    async def talk() -> list[str]:
        async with assistant(site, token(house, people, Scope.RULES_READ)) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert anyio.run(talk) == ["rules", "check_text"]


def test_it_lets_nobody_in_without_a_good_token_and_keeps_no_stream(site: Site, house: House, people: Cast) -> None:
    good = token(house, people)
    with house.pool.connection() as tx:
        number = tx.execute("select max(token_no) from api_tokens").fetchone()
    ping = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}

    with httpx.Client(base_url=site.address, headers=accept, trust_env=False) as http:
        bare = http.post("/mcp", json=ping)
        forged = http.post("/mcp", json=ping, headers={"authorization": "Bearer zhg_1_x"})
        stream = http.get("/mcp", headers={"authorization": f"Bearer {good}"})
        large = http.post("/mcp", content=b"x" * (1 << 20) + b"x", headers={"authorization": f"Bearer {good}", "content-type": "application/json"})
        nonsense = http.post("/mcp", content=b"{", headers={"authorization": f"Bearer {good}", "content-type": "application/json"})
        assert number is not None
        revoke_token(house, people.lin, people.shop_id, number[0], clock.now(), clock.unwound())
        taken_back = http.post("/mcp", json=ping, headers={"authorization": f"Bearer {good}"})

    assert [answer.status_code for answer in (bare, forged, stream, large, nonsense, taken_back)] == [401, 401, 405, 413, 400, 401]
    assert bare.headers["www-authenticate"] == 'Bearer realm="zhanggui"'
    assert "zhg_" not in bare.text + forged.text


def test_it_speaks_over_standard_input_and_output(house: House, people: Cast, tmp_path: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "zhanggui.cli", "--home", str(tmp_path), "--lang", "zh", "mcp", "--shop", "林记坚果", "--read-only", "--name", "小助手"],
        env={"DATABASE_URL": conninfo_of(house.pool)},
    )

    async def talk() -> tuple[list[str], object, str]:
        async with Client(command) as client:
            tools = (await client.list_tools()).tools
            todo = await client.call_tool("todo", {"limit": 5})
            noted = await client.call_tool("leave_note", {"order_no": "A1", "text": "x"})
            return [tool.name for tool in tools], todo.structured_content, noted.content[0].text  # type: ignore[union-attr]  # text

    names, todo, noted = anyio.run(talk)

    assert names == [tool.name for tool in TOOLS if not tool.suggests]
    assert isinstance(todo, dict)
    assert (todo["shop"], todo["todo"]) == ("林记坚果", [])
    assert noted.startswith("这个令牌没有这项权限，需要 `notes:write`")
