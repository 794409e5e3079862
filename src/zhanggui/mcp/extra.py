"""What the extra `mcp` brings along: the official SDK, loaded when the first assistant comes, since most houses have none and it takes a second."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from zhanggui.actions.refused import Refused
from zhanggui.core.say import say


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec("mcp") is not None


def serving() -> ModuleType:
    """The part of this room that speaks through the SDK. Raises Refused where the extra is missing."""
    if not is_there():
        raise Refused(say("Assistants need the extra mcp: pip install '.[mcp]'."))
    return import_module("zhanggui.mcp.serving")
