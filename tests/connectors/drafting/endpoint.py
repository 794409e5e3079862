"""A server on this machine that speaks the chat protocol over TLS, with a certificate of its own making; what it answers, or fails to, is the test's to say."""

import datetime as dt
import ipaddress
import json
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[BaseHTTPRequestHandler], None]


def says(text: str, *, status: int = 200, finish: str = "stop") -> Answer:
    """The protocol's answer with this text."""
    return raw(json.dumps({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}]}).encode(), status)


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Any answer at all."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, without end, until nobody listens."""
    handler.send_response(200)
    handler.end_headers()
    pause = threading.Event()
    while not pause.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def never_begins(handler: BaseHTTPRequestHandler) -> None:
    """A header that grows byte by byte; not for ever, should nobody go."""
    pause = threading.Event()
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-More: ")
    for _ in range(400):
        pause.wait(0.02)
        handler.wfile.write(b"x")
        handler.wfile.flush()


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Says that more comes than does."""
    handler.send_response(200)
    handler.send_header("Content-Length", "9999")
    handler.end_headers()
    handler.wfile.write(b'{"choices"')
    handler.close_connection = True


@dataclass
class Served:
    """The server at work: where it is, what it was asked, and what it answers next."""

    address: str
    trusting: ssl.SSLContext
    answer: Answer = field(default_factory=lambda: says("您好"))
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def never(self, _: BaseHTTPRequestHandler) -> None:
        """No answer until the test is over."""
        self.over.wait(30)


@contextmanager
def serving() -> Iterator[Served]:
    """A server on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            told.bodies.append(body)
            told.asked.append({"path": self.path, "host": self.headers["Host"], **json.loads(body)})
            told.keys.append(self.headers.get("Authorization", ""))
            try:
                told.answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    certificate, key = _made()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "pem"
        pem.write_bytes(certificate + key)
        context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told = Served(f"https://localhost:{server.server_address[1]}/v1", ssl.create_default_context(cadata=certificate.decode()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@cache
def _made() -> tuple[bytes, bytes]:
    """A certificate for this machine and its key, made once a run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(begins).not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC)).add_extension(names, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    plain = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), plain
