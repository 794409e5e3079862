"""The one way in which two entries are tied: SHA-256 over the digests before and the bytes of the entry."""

import hashlib
from collections.abc import Sequence

GENESIS = bytes(32)
"""What the first entry of a chain follows."""

_MARK = b"zhanggui chain 1\n"


def digest_of(content: bytes) -> bytes:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(content).digest()


def linked(before: Sequence[bytes], body: bytes) -> bytes:
    """The digest of an entry that follows these: 32 bytes each, so that nothing can be moved from one part into another."""
    if any(len(one) != len(GENESIS) for one in before):
        raise ValueError("a digest has 32 bytes")
    return hashlib.sha256(_MARK + b"".join(before) + digest_of(body)).digest()
