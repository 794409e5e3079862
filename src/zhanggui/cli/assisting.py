"""`zhanggui mcp`: an assistant on this machine looks and suggests, by the Model Context Protocol over standard input and output."""

from typing import Any

import anyio
import click
import msgspec

from zhanggui import clock
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.shop_option import shop_of
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say
from zhanggui.mcp.caller import Caller
from zhanggui.mcp.extra import serving
from zhanggui.mcp.tools import TOOLS, Tool, schema_of
from zhanggui.people.permissions import operator


class ToolShape(msgspec.Struct, frozen=True, kw_only=True):
    """One tool: what it is for, the scope a token needs for it, and the JSON Schemas of what it takes and answers."""

    name: str
    title: str
    description: str
    scope: str | None
    suggests: bool
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]


class ToolsShape(msgspec.Struct, frozen=True):
    """Every tool."""

    tools: tuple[ToolShape, ...]


@click.command("mcp")
@click.option("--shop", "shop_name", metavar="NAME", help="The shop the assistant sees; no other.")
@click.option("--read-only", is_flag=True, help="Only the tools that look, none that suggests.")
@click.option("--name", "name", default="assistant", show_default=True, metavar="NAME", help="The name under which the assistant leaves notes and proposals.")
@click.option("--tools", "only_list", is_flag=True, help="List the tools with their schemas instead of serving.")
@with_desk
def mcp(desk: Desk, shop_name: str | None, read_only: bool, name: str, only_list: bool) -> int:
    """Let an assistant look and suggest by the Model Context Protocol, over standard input and output, until its input ends."""
    if only_list:
        desk.document(ToolsShape(tuple(map(_shape, TOOLS))))
        desk.lines(f"{tool.name:15} {tool.describes}" for tool in TOOLS)
        return DONE
    if shop_name is None:
        raise Refused(say("Name the shop that the assistant may see with --shop."))
    speaking = serving()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        left_out = {tool.scope for tool in TOOLS if tool.suggests} if read_only else set()
        caller = Caller(
            house=house,
            person=operator(name),
            shop_id=shop_id,
            scopes=frozenset(scope for scope in Scope if scope not in left_out),
            words=desk.catalog,
            now=clock.now,
            wall=clock.unwound,
        )
        anyio.run(speaking.over_stdio, caller)
    return DONE


def _shape(tool: Tool) -> ToolShape:
    return ToolShape(
        name=tool.name,
        title=tool.title,
        description=tool.describes,
        scope=None if tool.scope is None else tool.scope.value,
        suggests=tool.suggests,
        input_schema=schema_of(tool.takes),
        output_schema=schema_of(tool.gives),
    )
