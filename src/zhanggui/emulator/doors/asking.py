"""Who asks at a door, and which platform stands behind it."""

from litestar import Request, WebSocket
from litestar.datastructures import State

from zhanggui.emulator.platform import Platform

Asking = Request[object, object, State]
Socket = WebSocket[object, object, State]


def platform_of(asking: Asking | Socket) -> Platform:
    """The platform behind the door."""
    platform: Platform = asking.app.state.platform
    return platform
