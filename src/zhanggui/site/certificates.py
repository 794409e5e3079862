"""The house's own certificate authority, and the certificate it answers with in the shop's network.

Phones trust the authority once, by installing its certificate; the certificate of the house itself is short-lived and renewed without anybody noticing.
The authority may only speak for private addresses and this machine's name: whoever steals its key cannot pretend to be a bank.
"""

import datetime as dt
import ipaddress
import os
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from zhanggui.site.lan import NETWORKS

AUTHORITY_LASTS = timedelta(days=3650)
LEAF_LASTS = timedelta(days=90)
"""Apple refuses longer than 398 days; short is safer and costs nothing."""
RENEWED_BEFORE_END = timedelta(days=30)
BACKDATED = timedelta(days=1)
"""Phones whose clock is a little slow must not refuse a new certificate."""


class Certificates:
    """The certificate files of one home: `authority.*` made once, `house.*` renewed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority_file = folder / "authority.pem"
        self.authority_key_file = folder / "authority.key"
        self.chain_file = folder / "house.pem"
        self.key_file = folder / "house.key"

    def renewed(self, now: datetime, addresses: Sequence[str]) -> bool:
        """Make what is missing, near its end or for other addresses; whether the house has a new certificate."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.authority_file.exists() or not self.authority_key_file.exists() or _ends_within(self.authority_file, LEAF_LASTS, now):
            self._make_authority(now)
            self.chain_file.unlink(missing_ok=True)
        if self.are_there and self._fits(now, addresses):
            return False
        self._make_leaf(now, addresses)
        return True

    @property
    def are_there(self) -> bool:
        """Whether the house has any certificate to answer with."""
        return self.chain_file.exists() and self.key_file.exists()

    def authority_der(self) -> bytes:
        """The authority's certificate as phones install it."""
        return _read(self.authority_file).public_bytes(serialization.Encoding.DER)

    def authority_fingerprint(self) -> str:
        """The SHA-256 of the authority's certificate, to compare on the phone."""
        return _read(self.authority_file).fingerprint(hashes.SHA256()).hex(":").upper()

    def _fits(self, now: datetime, addresses: Sequence[str]) -> bool:
        try:
            leaf, key = _read(self.chain_file), serialization.load_pem_private_key(self.key_file.read_bytes(), password=None)
        except ValueError:
            return False  # cut off in the middle of being written
        if leaf.public_key() != key.public_key():
            return False  # only one of the two was written
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        told = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
        return set(addresses) <= told and not _ends_within(self.chain_file, RENEWED_BEFORE_END, now)

    def _make_authority(self, now: datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Zhanggui on {_machine()}"[:64])])
        allowed: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_network(network)) for network in ("127.0.0.0/8", *NETWORKS)]
        allowed += [x509.DNSName(each) for each in _names()]
        certificate = (
            _builder(name, name, key.public_key(), now, AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        _write_private(self.authority_key_file, _pem_of_key(key))
        _write(self.authority_file, certificate.public_bytes(serialization.Encoding.PEM))

    def _make_leaf(self, now: datetime, addresses: Sequence[str]) -> None:
        authority = _read(self.authority_file)
        signer = serialization.load_pem_private_key(self.authority_key_file.read_bytes(), password=None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = (
            _builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zhanggui")]), authority.subject, key.public_key(), now, LEAF_LASTS)
            .add_extension(x509.SubjectAlternativeName(_alternative_names(addresses)), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
        )
        _write_private(self.key_file, _pem_of_key(key))
        _write(self.chain_file, leaf.public_bytes(serialization.Encoding.PEM) + self.authority_file.read_bytes())


def _builder(subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + lasts)
    )


def _alternative_names(addresses: Sequence[str]) -> list[x509.GeneralName]:
    by_address: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(address)) for address in dict.fromkeys(["127.0.0.1", *addresses])]
    return by_address + [x509.DNSName(name) for name in _names()]


def _names() -> list[str]:
    machine = _machine()
    return list(dict.fromkeys(["localhost", machine, f"{machine}.local"]))


def _machine() -> str:
    name = socket.gethostname().lower()
    # A name in other letters cannot stand in a certificate; the addresses do without it.
    return name if name.replace("-", "").replace(".", "").isalnum() and name.isascii() else "zhanggui"


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _ends_within(file: Path, span: timedelta, now: datetime) -> bool:
    return _read(file).not_valid_after_utc - now.astimezone(dt.UTC) < span


def _read(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(file: Path, data: bytes) -> None:
    half_written = file.with_suffix(f".{os.getpid()}")
    half_written.write_bytes(data)
    half_written.replace(file)


def _write_private(file: Path, data: bytes) -> None:
    """Write a key that only its owner can read from the first byte on. Windows keeps to the rights of the folder."""
    half_written = file.with_suffix(f".{os.getpid()}")
    half_written.unlink(missing_ok=True)
    descriptor = os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
    half_written.replace(file)
