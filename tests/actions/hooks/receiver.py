"""A program of somebody's own that is told of events: it checks each signature by the words of Standard Webhooks, and answers by its mood."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Program:
    """What arrived, and how the next is answered."""

    port: int = 0
    secret: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    forged: int = 0
    answers: Callable[[dict[str, Any]], int] = lambda _: 204
    """By what came, the status."""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/events"

    @property
    def taken(self) -> list[tuple[str, str]]:
        """Kind and number of the thing, of everything that arrived."""
        return [(each["type"], each["data"]["no"]) for each in self.heard]

    def is_signed(self, headers: Any, body: bytes) -> bool:
        """Whether one of the signatures is by the secret that this program knows."""
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return right in headers["webhook-signature"].split(" ")


@contextmanager
def listening() -> Iterator[Program]:
    """A program on a free port of this machine."""
    program = Program()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if not program.is_signed(self.headers, body):
                program.forged += 1
                self.answer(401)
                return
            told = json.loads(body)
            status = program.answers(told)
            if status < 300:
                program.heard.append(told)
                program.ids.append(self.headers["webhook-id"])
            self.answer(status)

        def answer(self, status: int) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    program.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield program
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
