"""A connection that is cut off in the end: a server that sends a byte now and then satisfies every patience that counts from byte to byte."""

import socket
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Any, Self

_CONNECTED = "connection.connect_tcp.complete"


class Leash:
    """Cuts off the connections made under it after so many seconds, whatever they are in the middle of."""

    def __init__(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._held: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        for held in self._held:
            held.close()

    def hold(self, plain: socket.socket) -> socket.socket:
        """The connection again, from now on under the leash; what TLS wraps later is cut off with it."""
        self._held.append(plain.dup())
        return plain

    def trace(self, event: str, told: dict[str, Any]) -> None:
        """Holds every connection that httpx makes, told by its own extension of this name."""
        if event == _CONNECTED:
            self.hold(told["return_value"].get_extra_info("socket"))

    def _cut(self) -> None:
        for held in self._held:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
