"""The tools through the official SDK: a server for one caller, over standard input and output or for one request over HTTP."""

from functools import partial

import anyio.to_thread
import mcp_types as types
from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from zhanggui import __version__
from zhanggui.mcp.caller import Caller
from zhanggui.mcp.tools import INSTRUCTIONS, Tool, call, schema_of, tool_named, tools_of

MOST_BYTES = 1 << 20
"""No tool takes more than a message."""


def server_for(caller: Caller) -> Server:
    """A server that shows and calls the tools that this caller's scopes open."""

    async def list_tools(_: ServerRequestContext, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_told(tool) for tool in tools_of(caller.scopes)])

    async def call_tool(_: ServerRequestContext, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool = tool_named(asked.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {asked.name[:100]}.")
        done = await anyio.to_thread.run_sync(partial(call, caller, tool, asked.arguments or {}))
        return types.CallToolResult(content=[types.TextContent(text=done.text)], structured_content=done.answer, is_error=done.is_error)

    return Server("zhanggui", version=__version__, title="Zhanggui 掌柜", instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool)


async def over_stdio(caller: Caller) -> None:
    """Serves whoever started this process, until its standard input ends."""
    server = server_for(caller)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def over_http(caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers one request. Nothing is kept between requests, so that any process of the house may answer the next."""
    manager = StreamableHTTPSessionManager(server_for(caller), json_response=True, stateless=True, max_request_body_size=MOST_BYTES)
    async with manager.run():
        await manager.handle_request(scope, receive, send)


def _told(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.describes,
        input_schema=schema_of(tool.takes),
        output_schema=schema_of(tool.gives),
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.suggests, destructive_hint=False, idempotent_hint=tool.name != "leave_note", open_world_hint=False
        ),
    )
