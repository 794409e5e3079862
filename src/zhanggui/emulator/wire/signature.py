"""The signature of a call: who made it knew the secret, and nobody changed it on the way."""

import hashlib
import hmac
from collections.abc import Mapping


def signed(secret: str, parameters: Mapping[str, str]) -> str:
    """The signature these parameters must carry: MD5 in upper-case hex over secret, sorted names and values, secret."""
    text = "".join(f"{name}{parameters[name]}" for name in sorted(parameters) if name != "sign")
    return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()


def is_signed(secret: str, parameters: Mapping[str, str], signature: str) -> bool:
    """Whether the signature fits the parameters as received, or as received without the empty ones (clients differ there)."""
    if hmac.compare_digest(signed(secret, parameters).encode(), signature.encode()):
        return True
    filled = {name: value for name, value in parameters.items() if value != ""}
    return len(filled) < len(parameters) and hmac.compare_digest(signed(secret, filled).encode(), signature.encode())
