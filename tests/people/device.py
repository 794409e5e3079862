"""A device that makes and shows passkeys, as a telephone would: the browser's side of the protocol, with keys of its own."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor


def coded(told: bytes) -> str:
    """As browsers write bytes."""
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """And read them."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One device with one passkey. `knows_owner`: whether it asked for a finger or a PIN; `counts`: whether it counts its uses."""

    origin: str
    knows_owner: bool = True
    counts: bool = True
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, asked: dict[str, Any]) -> str:
        """The answer to being asked to make a passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor.encode(cose)
        told = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], 0x40) + about})
        return self._written({"clientDataJSON": coded(self._client("webauthn.create", asked)), "attestationObject": coded(told)})

    def shows(self, asked: dict[str, Any]) -> str:
        """The answer to being asked to show it."""
        client, data = self._client("webauthn.get", asked), self._data(asked["rpId"], 0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written({"clientDataJSON": coded(client), "authenticatorData": coded(data), "signature": coded(signature)})

    def _data(self, host: str, flags: int) -> bytes:
        self.counter += self.counts
        present = 0x01 | (0x04 if self.knows_owner else 0) | flags
        return hashlib.sha256(host.encode()).digest() + bytes([present]) + struct.pack(">I", self.counter)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}).encode()

    def _written(self, response: dict[str, str]) -> str:
        number = coded(self.credential_id)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response, "clientExtensionResults": {}})
