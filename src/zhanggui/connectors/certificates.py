"""What vouches for the certificates of those we speak to: read once a process, since reading it takes as long as forty calls."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that every line trusts, whatever the environment names."""
    return httpx.create_ssl_context(trust_env=False)
