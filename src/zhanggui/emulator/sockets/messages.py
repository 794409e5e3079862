"""The message socket: digest checked, heartbeats watched, messages sent again until acknowledged."""

import asyncio
from contextlib import suppress

import msgspec
from litestar import websocket
from litestar.exceptions import WebSocketDisconnect

from zhanggui.emulator.doors.asking import Socket, platform_of
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.sockets.digest import is_digest
from zhanggui.emulator.sockets.stream import Message

TICK = 0.1
ACK_WORDS = {"ack", "1"}
BEAT_WORDS = {"heartbeat", "0"}


class Frame(msgspec.Struct, frozen=True):
    """A frame of a client: one SDK writes the command as a number."""

    command: str | int = msgspec.field(name="commandType")
    id: int | str = 0


class Body(msgspec.Struct, frozen=True):
    """The inside of a push."""

    type: str
    mall_id: int = msgspec.field(name="mallID")
    content: str


class Push(msgspec.Struct, frozen=True):
    """A frame of ours."""

    id: int
    command: str = msgspec.field(name="commandType")
    time: int
    send_time: int = msgspec.field(name="sendTime")
    message: Body


class Session:
    """One connection: when it was heard last."""

    def __init__(self, platform: Platform, socket: Socket) -> None:
        self._platform, self._socket = platform, socket
        self._heard_at = platform.clock.wall()

    async def run(self) -> None:
        """Send and listen until the client leaves or falls silent."""
        sending = asyncio.create_task(self._send_on())
        try:
            await self._listen_on()
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sending

    async def _listen_on(self) -> None:
        """Take heartbeats and acknowledgements; give up on a silent link."""
        longest = self._platform.scenario.gate.silence_seconds
        with suppress(WebSocketDisconnect):
            while True:
                try:
                    text = await asyncio.wait_for(self._socket.receive_text(), longest)
                except TimeoutError:
                    await self._socket.close(code=1001, reason="heartbeat timeout")
                    return
                await self._take(text)

    async def _take(self, text: str) -> None:
        """One frame of the client."""
        try:
            frame = msgspec.json.decode(text, type=Frame)
            ident = int(frame.id)
        except (msgspec.DecodeError, ValueError):
            await self._send(Push(0, "Fail", self._ms(), self._ms(), Body("", 0, "frame not understood")))
            return
        word = str(frame.command).lower()
        if word in ACK_WORDS:
            if self._platform.streams.acknowledge(ident):
                self._platform.remember("ack", ident)
        elif word not in BEAT_WORDS:
            await self._send(Push(ident, "Fail", self._ms(), self._ms(), Body("", 0, f"unknown commandType {frame.command}")))

    async def _send_on(self) -> None:
        """Send what is due, as soon as something new has come, or a while later what is due again."""
        bell, streams = asyncio.Event(), self._platform.streams
        streams.bells.add(bell)
        try:
            while True:
                bell.clear()
                for message in streams.due():
                    await self._send(self._push(message))
                with suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), TICK)
        finally:
            streams.bells.discard(bell)

    def _push(self, message: Message) -> Push:
        """A message as a frame."""
        return Push(message.ident, "Common", message.at * 1000, self._ms(), Body(message.topic, message.mall_id, message.content))

    async def _send(self, push: Push) -> None:
        """Send one frame as JSON text."""
        await self._socket.send_text(msgspec.json.encode(push).decode())

    def _ms(self) -> int:
        """The wall's moment in milliseconds."""
        return int(self._platform.clock.wall() * 1000)


@websocket("/message/{client_id:str}/{milliseconds:str}/{given:str}")
async def message_socket(socket: Socket) -> None:
    """Let a client with the right digest in."""
    platform, path = platform_of(socket), socket.path_params
    client_id, milliseconds, given = str(path["client_id"]), str(path["milliseconds"]), str(path["given"])
    await socket.accept()
    if client_id != platform.app.client_id or not is_digest(client_id, milliseconds, platform.app.client_secret, given):
        refusal = Push(0, "Fail", 0, 0, Body("", 0, "digest check failed"))
        await socket.send_text(msgspec.json.encode(refusal).decode())
        await socket.close(code=1008, reason="digest check failed")
        platform.note("pmc.connect", {}, "digest")
        return
    platform.note("pmc.connect", {}, "ok")
    await Session(platform, socket).run()
