"""The addresses of this machine in the shop's network."""

import socket
from ipaddress import ip_address, ip_network

_NOWHERE = ("192.0.2.1", 9)
"""An address that belongs to nobody (RFC 5737): asking the way there tells our own address, and nothing is sent."""

NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),  # private by RFC 1918
    *("169.254.0.0/16", "100.64.0.0/10", "198.18.0.0/15"),  # link-local, behind a carrier's translation, test beds
    *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),  # documentation: some virtual machines live there
)
"""Addresses that mean nothing on the internet: a page there belongs to the network one is in."""

_NETWORKS = tuple(ip_network(network) for network in NETWORKS)


def lan_addresses() -> tuple[str, ...]:
    """The private addresses other machines reach this one by, the one of the usual way out first."""
    found = [*_way_out(), *_of_own_name()]
    return tuple(dict.fromkeys(address for address in found if is_of_a_lan(address)))


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


def is_of_a_lan(text: str) -> bool:
    """Whether the address belongs to a network of somebody's own."""
    address = ip_address(text)
    return any(address in network for network in _NETWORKS)
