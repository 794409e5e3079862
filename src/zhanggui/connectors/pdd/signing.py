"""The two proofs that a call or a connection is ours: the signature of a call, and the digest of the message socket.

MD5 is what the platform asks for; nothing else is trusted to it.
"""

import base64
import hashlib
from collections.abc import Mapping


def signature(secret: str, parameters: Mapping[str, str]) -> str:
    """The signature of a call: MD5 in upper-case hex over secret, names and values in the order of the names, secret."""
    text = "".join(f"{name}{parameters[name]}" for name in sorted(parameters) if name != "sign")
    return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()


def message_digest(client_id: str, milliseconds: int, secret: str) -> str:
    """The digest in the address of the message socket: Base64 of the lower-case hex MD5 over id, milliseconds and secret."""
    inner = hashlib.md5(f"{client_id}{milliseconds}{secret}".encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(inner.encode()).decode()
