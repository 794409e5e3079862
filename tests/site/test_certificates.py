"""The house's own certificates: who trusts them, for what, and when they are made anew."""

import socket
import ssl
import stat
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from zhanggui import clock
from zhanggui.site.certificates import Certificates

NOW = clock.unwound().replace(microsecond=0)
ADDRESSES = ("192.168.1.20", "10.0.0.7")


def test_it_makes_a_certificate_that_a_phone_accepts_after_installing_the_authority(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)

    assert certificates.renewed(NOW, ADDRESSES) is True

    assert _shakes_hands(certificates, "192.168.1.20") == ""
    assert _shakes_hands(certificates, "10.0.0.7") == ""
    assert "IP address mismatch" in _shakes_hands(certificates, "192.168.1.21")


def test_it_keeps_the_certificate_while_it_fits(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)
    before = certificates.chain_file.read_bytes()

    assert certificates.renewed(NOW + timedelta(days=59), ADDRESSES[:1]) is False
    assert certificates.chain_file.read_bytes() == before


@pytest.mark.parametrize("cut_off", ["house.key", "house.pem"])
def test_a_pair_of_which_only_one_was_written_is_made_anew(tmp_path: Path, cut_off: str) -> None:
    certificates, other = Certificates(tmp_path / "here"), Certificates(tmp_path / "other")
    certificates.renewed(NOW, ADDRESSES)
    other.renewed(NOW, ADDRESSES)
    (tmp_path / "here" / cut_off).write_bytes((tmp_path / "other" / cut_off).read_bytes())

    assert certificates.renewed(NOW, ADDRESSES) is True

    assert _shakes_hands(certificates, "192.168.1.20") == ""


@pytest.mark.parametrize("left", [b"", b"-----BEGIN"])
def test_a_certificate_that_was_cut_off_is_made_anew(tmp_path: Path, left: bytes) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)
    certificates.chain_file.write_bytes(left)

    assert certificates.renewed(NOW, ADDRESSES) is True


@pytest.mark.parametrize(("days", "addresses"), [(61, ADDRESSES), (0, (*ADDRESSES, "192.168.1.99"))])
def test_it_makes_a_new_one_before_its_end_and_for_new_addresses_by_the_same_authority(tmp_path: Path, days: int, addresses: tuple[str, ...]) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)
    authority, leaf = certificates.authority_fingerprint(), certificates.chain_file.read_bytes()

    assert certificates.renewed(NOW + timedelta(days=days), addresses) is True

    assert certificates.authority_fingerprint() == authority
    assert certificates.chain_file.read_bytes() != leaf


@pytest.mark.parametrize("lost", ["authority.pem", "authority.key", "house.pem", "house.key"])
def test_it_mends_a_lost_file(tmp_path: Path, lost: str) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)
    (tmp_path / lost).unlink()

    assert certificates.renewed(NOW, ADDRESSES) is True
    assert _shakes_hands(certificates, "192.168.1.20") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps to the rights of the folder")
def test_it_shows_its_keys_to_nobody_else(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("*.key")}
    assert modes == {"authority.key": 0o600, "house.key": 0o600}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["authority.key", "authority.pem", "house.key", "house.pem"]


def test_it_has_an_authority_that_may_speak_for_private_networks_only(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)

    authority = x509.load_der_x509_certificate(certificates.authority_der())
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints)
    networks = {str(each.value) for each in allowed.value.permitted_subtrees or () if isinstance(each, x509.IPAddress)}
    names = {each.value for each in allowed.value.permitted_subtrees or () if isinstance(each, x509.DNSName)}

    assert allowed.critical is True
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"} <= networks
    assert "0.0.0.0/0" not in networks
    assert "localhost" in names
    assert not any("." in name and not name.endswith(".local") and name != socket.gethostname().lower() for name in names)


def test_it_lasts_no_longer_than_phones_accept(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    certificates.renewed(NOW, ADDRESSES)

    leaf = x509.load_pem_x509_certificate(certificates.chain_file.read_bytes())

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=398)


def _shakes_hands(certificates: Certificates, address: str) -> str:
    """What a client that trusts the authority says against the house at this address; nothing when all is well."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificates.chain_file, certificates.key_file)
    trusting = ssl.create_default_context(cafile=str(certificates.authority_file))
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=_answer, args=(serving, ours))
    thread.start()
    try:
        with theirs, trusting.wrap_socket(theirs, server_hostname=address) as talking:
            talking.recv(1)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    finally:
        thread.join()
    return ""


def _answer(serving: ssl.SSLContext, ours: socket.socket) -> None:
    try:
        with ours, serving.wrap_socket(ours, server_side=True) as talking:
            talking.send(b"x")
    except (ssl.SSLError, OSError):
        return
