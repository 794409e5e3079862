"""Where somebody came from, kept short: enough to see that it was not oneself, too little to follow people by."""

from ipaddress import ip_address, ip_network

HERE = "here"
"""The machine itself."""
_KEPT = {4: 24, 6: 48}


def short_network(address: str | None) -> str:
    """The net of the address; nothing for what is none."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    return HERE if parsed.is_loopback else str(ip_network((parsed, _KEPT[parsed.version]), strict=False))
