"""The addresses of this machine in the shop's network."""

import socket
from ipaddress import ip_address

_NOWHERE = ("192.0.2.1", 9)
"""An address that belongs to nobody (RFC 5737): asking the way there tells our own address, and nothing is sent."""


def lan_addresses() -> tuple[str, ...]:
    """The private addresses other machines reach this one by, the one of the usual way out first."""
    found = [*_way_out(), *_of_own_name()]
    return tuple(dict.fromkeys(address for address in found if _is_of_a_lan(address)))


def _way_out() -> list[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_NOWHERE)
        except OSError:
            return []
        return [asking.getsockname()[0]]


def _of_own_name() -> list[str]:
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        return []


def _is_of_a_lan(text: str) -> bool:
    address = ip_address(text)
    return address.is_private and not address.is_loopback and not address.is_unspecified
