"""A receiver behind the real transport: the services' names lead to it, it speaks TLS with certificates of an authority of the test, and answers as the
services document: what it takes, what it refuses and with which code, and from when on it was sent too much.

What it checks it works out for itself, from the services' own descriptions, and not with the code under test.
"""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""The moment by the receiver's clock."""
WECOM, DINGTALK, FEISHU = "qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"
HOOK, MAIL = "hooks.linji.test", "smtp.linji.test"
SERVERCHAN = "sctapi.ftqq.com"
NAMES = (WECOM, DINGTALK, FEISHU, HOOK, MAIL, SERVERCHAN)
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "566cc69da782ec33e1bf27a7f29c37a2"
SECRET = "SECc0ffee00112233445566778899aabbcc"
SENDKEY = "SCT0123456789abcdef"
USER, PASSWORD = "alerts@linji.test", "authorisation-code"
RATE = 20


@dataclass
class Heard:
    """One request as it arrived."""

    host: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Everything that arrived, and how the next ones are answered."""

    https_port: int = 0
    mail_port: int = 0
    starttls_port: int = 0
    heard: list[Heard] = field(default_factory=list)
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    keyword: str = ""
    mood: str = ""
    """`cut`: hangs up instead of answering; `busy`: 503; `moved`: a redirect; `garbled`: no JSON; `failed`: 500;
    `strange`: an unknown code, and our secret in its words; `drips`: an answer without an end, a little at a time; of mail: `full`, `slow`, `cut`, `drips`."""
    taken: dict[str, int] = field(default_factory=dict)
    """Messages taken by each bot in this minute."""

    def answer(self, heard: Heard) -> tuple[int, dict[str, Any] | str]:
        """Status and body."""
        self.heard.append(heard)
        if self.mood in _MOODS:
            return _MOODS[self.mood]
        if self.mood == "strange":
            opens = (heard.query.get("key") or heard.query.get("access_token") or [heard.path.rpartition("/")[2]])[0]
            return 200, {"errcode": 77777, "errmsg": f"something new about {opens}", "code": 77777, "msg": f"something new about {opens}"}
        match heard.host:
            case host if host == WECOM:
                return 200, self._wecom(heard)
            case host if host == DINGTALK:
                return 200, self._dingtalk(heard)
            case host if host == FEISHU:
                return 200, self._feishu(heard)
            case host if host == SERVERCHAN:
                return (200, {"code": 0}) if heard.path == f"/{SENDKEY}.send" else (400, {"code": 40001, "message": "bad sendkey"})
            case _:
                return self._hook(heard)

    def _wecom(self, heard: Heard) -> dict[str, Any]:
        if heard.path != "/cgi-bin/webhook/send" or heard.query.get("key") != [KEY]:
            return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1700000000_1], more info at https://open.work.weixin.qq.com"}
        if heard.json["msgtype"] != "text":
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if len(heard.json["text"]["content"].encode()) > 2048:
            return {"errcode": 45002, "errmsg": "content size out of limit"}
        if self._is_too_much("wecom"):
            return {"errcode": 45009, "errmsg": "api freq out of limit, hint: [1700000000_2]"}
        return {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, heard: Heard) -> dict[str, Any]:
        if heard.path != "/robot/send" or heard.query.get("access_token") != [TOKEN]:
            return {"errcode": 300005, "errmsg": "token is not exist"}
        stamp, sign = heard.query.get("timestamp", [""])[0], heard.query.get("sign", [""])[0]
        right = base64.b64encode(hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()).decode()
        if not stamp.isdecimal() or abs(int(stamp) / 1000 - AT.timestamp()) > 3600:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        if sign != right:
            return {"errcode": 310000, "errmsg": "sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]"}
        if self.keyword not in heard.json["text"]["content"]:
            return {"errcode": 310000, "errmsg": "keywords not in content"}
        if self._is_too_much("dingtalk"):
            return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
        return {"errcode": 0, "errmsg": "ok"}

    def _feishu(self, heard: Heard) -> dict[str, Any]:
        if heard.path != f"/open-apis/bot/v2/hook/{TOKEN}":
            return {"code": 19001, "data": {}, "msg": "param invalid: incoming webhook access token invalid"}
        body = heard.json
        right = base64.b64encode(hmac.new(f"{body.get('timestamp')}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()).decode()
        if body.get("sign") != right or abs(int(body["timestamp"]) - AT.timestamp()) > 3600:
            return {"code": 19021, "data": {}, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if self.keyword not in body["content"]["text"]:
            return {"code": 19024, "data": {}, "msg": "Key Words Not Found"}
        if self._is_too_much("feishu"):
            return {"code": 11232, "data": {}, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"}
        return {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}

    def _hook(self, heard: Heard) -> tuple[int, dict[str, Any]]:
        signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
        right = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        if heard.headers["webhook-signature"] != f"v1,{right}" or abs(int(heard.headers["webhook-timestamp"]) - AT.timestamp()) > 300:
            return 401, {"error": "wrong signature"}
        return 204, {}

    def _is_too_much(self, bot: str) -> bool:
        self.taken[bot] = self.taken.get(bot, 0) + 1
        return self.taken[bot] > RATE


_MOODS: dict[str, tuple[int, dict[str, Any] | str]] = {
    "busy": (503, {}),
    "failed": (500, {}),
    "moved": (302, {}),
    "garbled": (200, "<html>a captive portal</html>"),
}


@contextmanager
def receiving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Receiver, ssl.SSLContext]]:
    """A receiver that runs, and what vouches for its certificates. For the time being the names of the services lead to it, whatever their port."""
    ours, theirs = _certificates(folder)
    receiver = Receiver()
    with _https(receiver, theirs) as https_port, _smtp(receiver, theirs, implicit=True) as mail_port, _smtp(receiver, theirs, implicit=False) as starttls_port:
        receiver.https_port, receiver.mail_port, receiver.starttls_port = https_port, mail_port, starttls_port
        ports = {465: mail_port, 587: starttls_port}
        real = socket.getaddrinfo

        def resolved(host: Any, port: Any, *args: Any, **more: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            return real("127.0.0.1", ports.get(int(port or 443), https_port), *args, **more) if name in NAMES else real(host, port, *args, **more)

        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        yield receiver, ours


@contextmanager
def _https(receiver: Receiver, context: ssl.SSLContext) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            host = self.headers["Host"].partition(":")[0]
            heard = Heard(host, parts.path, parse_qs(parts.query), {name.lower(): value for name, value in self.headers.items()}, body)
            status, said = receiver.answer(heard)
            self.close_connection = True
            if receiver.mood == "cut":
                return
            if receiver.mood == "drips":
                _drip(self.wfile.write, b"HTTP/1.1 200 OK\r\nX-More: ", b"x")
            told = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(0 if status == 204 else len(told)))
            self.send_header("Location", "https://example.invalid/")
            self.send_header("Retry-After", "7")
            self.end_headers()
            if status != 204:
                self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # hanging up is part of the play
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
    with _served(lambda: server.serve_forever(0.02), server.shutdown, server.server_close):
        yield server.server_address[1]


def _drip(say: Callable[[bytes], Any], first: bytes, more: bytes) -> None:
    """Says a little every now and then, until the other side is gone; not for ever, should it never go."""
    say(first)
    for _ in range(200):
        time.sleep(0.05)
        say(more)


@contextmanager
def _served(serve: Callable[[], None], stop: Callable[[], None], close: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()
        close()


@contextmanager
def _smtp(receiver: Receiver, context: ssl.SSLContext, *, implicit: bool) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    ends = threading.Event()
    listener.settimeout(0.05)

    def serve() -> None:
        while not ends.is_set():
            try:
                plain, _ = listener.accept()
            except TimeoutError:
                continue
            plain.settimeout(5)
            _Conversation(receiver, plain, context, implicit=implicit).hold()

    with _served(serve, ends.set, listener.close):
        yield listener.getsockname()[1]


class _Conversation:
    """One mail client and the server."""

    def __init__(self, receiver: Receiver, plain: socket.socket, context: ssl.SSLContext, *, implicit: bool) -> None:
        self._receiver, self._context, self._socket = receiver, context, plain
        self._is_safe = implicit
        self._is_known = False
        self._sender, self._receivers = "", list[str]()

    def hold(self) -> None:
        """From the greeting to the end."""
        try:
            if self._is_safe:
                self._socket = self._context.wrap_socket(self._socket, server_side=True)
            self._file = self._socket.makefile("rb")
            if self._receiver.mood == "drips":
                _drip(self._socket.sendall, b"", b"220-wait\r\n")
            self._say("220 smtp.linji.test ESMTP")
            while line := self._file.readline():
                if not self._answered(line.decode().strip()):
                    break
        except OSError:
            pass
        finally:
            if hasattr(self, "_file"):
                self._file.close()
            self._socket.close()

    def _say(self, line: str) -> None:
        self._socket.sendall(f"{line}\r\n".encode())

    def _answered(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        match word.upper():
            case "EHLO" | "HELO":
                self._say("250-smtp.linji.test")
                self._say("250 AUTH PLAIN" if self._is_safe else "250 STARTTLS")
            case "STARTTLS":
                self._say("220 go ahead")
                self._file.close()
                self._socket = self._context.wrap_socket(self._socket, server_side=True)
                self._file, self._is_safe = self._socket.makefile("rb"), True
            case "AUTH":
                told = base64.b64decode(rest.partition(" ")[2]).decode()
                self._is_known = told == f"\0{USER}\0{PASSWORD}"
                self._say("235 2.7.0 authenticated" if self._is_known else "535 5.7.8 authentication failed")
            case "MAIL":
                if self._receiver.mood == "slow":
                    self._say("450 4.7.1 too many messages, slow down")
                else:
                    self._sender = rest.partition("<")[2].partition(">")[0]
                    self._say("250 2.1.0 ok" if self._is_known and self._is_safe else "530 5.7.0 authentication required")
            case "RCPT":
                receiver = rest.partition("<")[2].partition(">")[0]
                self._receivers.append(receiver)
                self._say("550 5.1.1 no such mailbox" if receiver.startswith("nobody") else "250 2.1.5 ok")
            case "DATA":
                self._say("354 go on")
                self._take()
            case "RSET" | "NOOP":
                self._say("250 ok")
            case _:
                self._say("221 bye")
                return False
        return True

    def _take(self) -> None:
        lines = []
        while (line := self._file.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self._receiver.mails.append((self._sender, self._receivers, b"".join(lines)))
        if self._receiver.mood == "cut":
            raise ConnectionAbortedError
        self._say("552 5.2.2 mailbox full" if self._receiver.mood == "full" else "250 2.0.0 queued")


def _certificates(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a client trusts, and what the receiver shows: a certificate for all names, signed by an authority of the test."""
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    began, ends = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=365 * 50)
    root = (
        x509.CertificateBuilder(authority, authority, signer.public_key(), 1, began, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(signer.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
                data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(signer, hashes.SHA256())
    )  # fmt: skip
    leaf = (
        x509.CertificateBuilder(authority, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOOK)]), key.public_key(), 2, began, ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in NAMES]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "server.pem").write_bytes(private + leaf.public_bytes(pem))
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "server.pem")
    return ssl.create_default_context(cafile=str(folder / "ca.pem")), theirs
