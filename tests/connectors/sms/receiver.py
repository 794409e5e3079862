"""A receiver of the provider's documented protocol over TLS, under its own name: signatures, used nonces, limits, errors, lost answers."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "dysmsapi.aliyuncs.com"
KEY_ID, SECRET = "LTAI-testid", "the-secret-of-the-test"


class Receiver(ThreadingHTTPServer):
    """What was sent, and how the next call is to be answered."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.sent: list[dict[str, str]] = []
        self.mood = ""
        self.carrier_refuses = False
        self.nonces: set[str] = set()
        self.a_day = 50
        self.clock: datetime | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the play."""

    def answer(self, form: dict[str, str]) -> dict[str, Any]:
        wrong = self._wrong(form)
        if wrong:
            return wrong
        if form["Action"] == "QuerySendDetails":
            found = [
                {"OutId": each["OutId"], "SendStatus": 2 if self.carrier_refuses else 3, "PhoneNum": each["PhoneNumbers"], "ErrCode": "DELIVERED"}
                for each in self.sent
                if each["PhoneNumbers"] == form["PhoneNumber"]
            ]
            return {"Code": "OK", "Message": "OK", "TotalCount": str(len(found)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}
        if self.mood.startswith(("isv.", "isp.", "Throttling")):
            return {"Code": self.mood, "Message": f"refused {form['PhoneNumbers']}", "RequestId": "R"}
        if sum(1 for each in self.sent if each["PhoneNumbers"] == form["PhoneNumbers"]) >= self.a_day:
            return {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发天级流控Permits:50", "RequestId": "R"}
        self.sent.append(form)
        return {"Code": "OK", "Message": "OK", "RequestId": "R", "BizId": f"9006{len(self.sent):04d}^0"}

    def _wrong(self, form: dict[str, str]) -> dict[str, Any] | None:
        told = {name: value for name, value in form.items() if name != "Signature"}
        joined = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(told.items()))
        wanted = hmac.new(f"{SECRET}&".encode(), f"POST&%2F&{quote(joined, safe='-_.~')}".encode(), hashlib.sha1).digest()
        if form.get("AccessKeyId") != KEY_ID:
            return {"Code": "InvalidAccessKeyId.NotFound", "Message": "Specified access key is not found.", "RequestId": "R"}
        if base64.b64encode(wanted).decode() != form.get("Signature"):
            return {"Code": "SignatureDoesNotMatch", "Message": f"signed with {SECRET[:3]}", "RequestId": "R"}
        if form["SignatureNonce"] in self.nonces:
            return {"Code": "SignatureNonceUsed", "Message": "Specified signature nonce was used already.", "RequestId": "R"}
        self.nonces.add(form["SignatureNonce"])
        at = datetime.strptime(form["Timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if self.clock is not None and abs(at - self.clock) > timedelta(minutes=15):
            return {"Code": "InvalidTimeStamp.Expired", "Message": "Specified time stamp or date value is expired.", "RequestId": "R"}
        return None


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True))
        told = json.dumps(self.server.answer(form)).encode()
        match self.server.mood if form["Action"] == "SendSms" else "":
            case "cut":
                self.close_connection = True
                self.connection.close()
                return
            case "garbage":
                told = b"<html>bad gateway</html>"
            case "broken":
                self.send_response(500)
                self.end_headers()
                return
        self.send_response(200 if json_ok(told) else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


def json_ok(told: bytes) -> bool:
    """Whether the answer is a yes; the provider answers a no with 400."""
    return b'"Code": "OK"' in told


@contextmanager
def receiving(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[tuple[Receiver, ssl.SSLContext]]:
    """The receiver under the provider's name, and the certificates by which it is trusted."""
    ours, theirs = _certificates(folder)
    server = Receiver(theirs)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    looked_up = socket.getaddrinfo

    def found(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        return looked_up("127.0.0.1", server.server_port, *more, **named) if host in (NAME, NAME.encode()) else looked_up(host, port, *more, **named)

    patch.setattr(socket, "getaddrinfo", found)
    try:
        yield server, ours
    finally:
        server.shutdown()
        server.server_close()


def _certificates(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    began = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "provider.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(file)
    return ssl.create_default_context(cafile=file), theirs
