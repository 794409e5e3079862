"""The application: every door of the platform on one port, and the ticking that keeps its worlds in time."""

import asyncio
import sys
import traceback
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import Scope

from zhanggui.emulator.carriers.kdniao import kdniao
from zhanggui.emulator.carriers.kuaidi100 import kuaidi100_poll, kuaidi100_query
from zhanggui.emulator.doors import chats, oauth, watching
from zhanggui.emulator.doors.gateway import gateway_door
from zhanggui.emulator.doors.neighbours import only_neighbours
from zhanggui.emulator.doors.pictures import buyers_picture
from zhanggui.emulator.doors.upload import upload_door
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.sockets.messages import message_socket
from zhanggui.emulator.sockets.printing import Component, print_socket

TICK, SLICE = 0.02, 0.01


def make_app(platform: Platform) -> Litestar:
    """The application of a platform."""
    app = Litestar(
        [
            gateway_door, upload_door, oauth.ask_merchant, oauth.decide, oauth.exchange, kdniao, kuaidi100_query, kuaidi100_poll,
            message_socket, print_socket, watching.page, watching.ledger, watching.forget_ledger, watching.state, watching.about, watching.wind,
            watching.change_mood, watching.change_limits, watching.make_happen, watching.back_office, watching.bill_file,
            chats.next_messages, chats.conversation, chats.give_answer,
            buyers_picture,
        ],
        guards=[only_neighbours],
        lifespan=[ticking],
        state=State(),
        openapi_config=None,
        logging_config=None,
        after_exception=[confess],
    )  # fmt: skip
    stand_over(app, platform)
    return app


def stand_over(app: Litestar, platform: Platform) -> None:
    """Have an application that does not run serve this platform from now on, with a print component that knows nothing."""
    app.state.platform, app.state.component = platform, Component()


@asynccontextmanager
async def ticking(app: Litestar) -> AsyncGenerator[None]:
    """Time goes on while the application runs."""
    task = asyncio.create_task(keep_time(app.state.platform))
    task.add_done_callback(own_up)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def confess(exception: Exception, scope: Scope) -> None:
    """Print a fault of our own, so that nobody takes it for a mood; a wrong address is not one."""
    if not isinstance(exception, HTTPException):
        sys.stderr.write(f"emulator: fault while serving {scope['path']}\n{''.join(traceback.format_exception(exception))}")


def own_up(task: "asyncio.Task[None]") -> None:
    """Print why time stopped, if it stopped by a fault of ours."""
    if not task.cancelled() and (fault := task.exception()) is not None:
        sys.stderr.write(f"emulator: time stopped\n{''.join(traceback.format_exception(fault))}")


async def keep_time(platform: Platform) -> None:
    """Let the worlds play what happens, in slices so short that no caller waits long."""
    while True:
        done = platform.catch_up(SLICE)
        await asyncio.sleep(TICK if done else 0)
