"""A relay between us and a platform on the loopback, that can break off every link; without a platform behind it, it takes calls and never answers."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Takes links on a port of its own."""

    def __init__(self, behind: tuple[str, int] | None) -> None:
        self.behind = behind
        self.links = 0
        self._ends: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def drop(self) -> None:
        """Break off every link there is."""
        for end in tuple(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more."""
        self._listening.close()
        self.drop()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                self.links += 1
                self._ends.add(ours)
                if self.behind is not None:
                    theirs = socket.create_connection(self.behind)
                    self._ends.add(theirs)
                    threading.Thread(target=self._carry, args=(ours, theirs), daemon=True).start()

    def _carry(self, ours: socket.socket, theirs: socket.socket) -> None:
        with suppress(OSError), selectors.DefaultSelector() as ears, ours, theirs:
            ears.register(ours, selectors.EVENT_READ, theirs)
            ears.register(theirs, selectors.EVENT_READ, ours)
            while True:
                for key, _ in ears.select():
                    told = key.fileobj.recv(65536)  # type: ignore[union-attr]  # only sockets are registered
                    if not told:
                        return
                    key.data.sendall(told)


@contextmanager
def relaying(behind: tuple[str, int] | None) -> Iterator[Relay]:
    """A relay for as long as the block lasts."""
    relay = Relay(behind)
    try:
        yield relay
    finally:
        relay.close()
