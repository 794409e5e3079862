"""What no client of HTTP would ever write, straight onto the socket."""

import random
import socket
from time import monotonic
from urllib.parse import urlsplit

from proofs.fuzz_visitors_support import Judge

_PATIENCE = 20.0
_LINES = (
    b"GET / HTTP/1.1",
    b"GET /sign-in HTTP/1.1",
    b"get /sign-in http/1.1",
    b"GET /sign-in",
    b"GET  /sign-in  HTTP/1.1",
    b"GET /sign-in HTTP/9.9",
    b"GET http://evil.example/sign-in HTTP/1.1",
    b"GET /sign-in\x00 HTTP/1.1",
    b"GET /\xff\xfe HTTP/1.1",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0",
    b"CONNECT evil.example:443 HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"POST /sign-in HTTP/1.1",
    b"POST /sign-in HTTP/1.1",
    b"POST /api/v1/messages HTTP/1.1",
    b"",
)
_HEADERS = (
    b"Host: 127.0.0.1",
    b"Host: 127.0.0.1\r\nHost: evil.example",
    b"Host: evil.example",
    b"Host:",
    b"X" * 70_000 + b": 1",
    b"X: " + b"1" * 200_000,
    b"no colon at all",
    b" folded: line",
    b"X\x00Y: 1",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: +5",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: \x0bchunked",
    b"Content-Type: multipart/form-data",
    b"Content-Type: multipart/form-data; boundary=",
    b"Content-Type: multipart/form-data; boundary=" + b"x" * 5000,
    b"Content-Type: application/x-www-form-urlencoded",
    b"Content-Type: application/json",
    b"Content-Encoding: gzip",
    b"Expect: 100-continue",
    b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==",
    b"Connection: upgrade\r\nUpgrade: h2c",
    b"Cookie: " + b"a=b; " * 3000,
)
_BODIES = (
    b"",
    b"a=b&",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"FFFFFFFFFFFFFFFFF\r\n",
    b"-1\r\nx\r\n",
    b"5;" + b"x" * 20_000 + b"\r\nhello\r\n",
    b"--x\r\n" * 3000,
    b"\x00" * 3000,
    b"GET /settings HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"%" * 3000,
    b"a=1&" * 20_000,
)


def ask_raw(address: str, dice: random.Random, judge: Judge) -> None:
    """One conversation, and what the house said to it."""
    parts = urlsplit(address)
    head = [dice.choice(_LINES), *(dice.choice(_HEADERS) for _ in range(dice.randrange(5)))]
    if dice.random() < 0.7:
        head.insert(1, b"Host: 127.0.0.1")
    told = dice.choice((b"\r\n", b"\r\n", b"\n")).join(head) + b"\r\nConnection: close\r\n\r\n" + dice.choice(_BODIES)
    if dice.random() < 0.1:
        told = told[: dice.randrange(len(told) + 1)]
    began, said = monotonic(), b""
    judge.counts["raw"] += 1
    try:
        with socket.create_connection((parts.hostname, parts.port), _PATIENCE) as line:
            line.sendall(told)
            line.shutdown(socket.SHUT_WR)
            while len(said) < 4096 and (piece := line.recv(4096)):
                said += piece
    except TimeoutError:
        judge.note(f"hangs: {told[:120]!r}")
    except OSError:
        judge.counts["raw: the line was cut"] += 1  # while it still wrote what nobody would read: a refusal as good as any
    judge.took(monotonic() - began, repr(told[:80]))
    status = said.split(b" ", 2)[1:2]
    if status and status[0][:1] == b"5":
        judge.note(f"{status[0].decode()}: {told[:200]!r}")
    judge.counts[f"raw: {status[0].decode('ascii', 'replace') if status else 'nothing'}"] += 1
