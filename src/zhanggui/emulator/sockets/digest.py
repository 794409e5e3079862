"""The digest in the address of the message socket."""

import base64
import hashlib
import hmac


def digest(client_id: str, milliseconds: str, client_secret: str) -> str:
    """Base64 of the lower-case hex MD5 over id, milliseconds and secret."""
    inner = hashlib.md5(f"{client_id}{milliseconds}{client_secret}".encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(inner.encode()).decode()


def is_digest(client_id: str, milliseconds: str, client_secret: str, given: str) -> bool:
    """Whether the digest given is the right one; its trailing = may have been lost on the way."""
    return hmac.compare_digest(digest(client_id, milliseconds, client_secret).rstrip("=").encode(), given.rstrip("=").encode())
