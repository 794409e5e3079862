"""A message by mail: always over TLS, with an id of its own, so that a mail that is sent twice can be known as one."""

import smtplib
import socket
import ssl
from collections.abc import Collection
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime

from zhanggui.connectors.notify.errors import NotifyError
from zhanggui.connectors.notify.leash import Leash
from zhanggui.connectors.notify.letters import Letter, cut_to
from zhanggui.connectors.notify.reaching import reached
from zhanggui.connectors.notify.services import Service, about
from zhanggui.connectors.notify.ways import Mail, Safety
from zhanggui.connectors.pdd.errors import Trouble

_PATIENCE, _LONGEST_SECONDS = 10.0, 60.0
"""For one answer, and for the whole mail: less than a worker holds it for itself."""
_BUSY = (421, 450, 451, 452)
"""What a server says that wants to be asked more slowly, or again later."""
_TEMPORARY, _FOREVER = 400, 500


def send_mail(way: Mail, letter: Letter, context: ssl.SSLContext, *, allowed: Collection[str] | None) -> None:
    """Hands the message to the mail server. Raises NotifyError."""
    ip, port = reached(way.host, way.port, allowed=allowed)
    with Leash(_LONGEST_SECONDS) as leash:
        _send(way, letter, (ip, port), context, leash)


def _send(way: Mail, letter: Letter, there: tuple[str, int], context: ssl.SSLContext, leash: Leash) -> None:
    try:
        server = _open(way, there, context, leash)
    except ssl.SSLError as problem:
        raise NotifyError(Trouble.PERSON, "astray", text=type(problem).__name__) from None
    except (OSError, smtplib.SMTPException) as problem:
        raise NotifyError(Trouble.RETRY, "no_way", text=f"{way.host}: {type(problem).__name__}") from None
    try:
        _converse(server, way, letter)
    finally:
        server.close()


def mail_of(way: Mail, letter: Letter) -> EmailMessage:
    """The mail."""
    mail = EmailMessage(policy=WIRE)
    mail["Subject"] = " ".join(letter.title.split())
    mail["From"] = way.sender
    mail["To"] = ", ".join(way.receivers)
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.id}@{way.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(cut_to(letter.text, about(Service.EMAIL).longest))
    for file in letter.attached:
        kind, _, precisely = file.kind.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=precisely, filename=file.name)
    return mail


class _Pinned(smtplib.SMTP):
    """Connects to the machine that was checked, and insists on the certificate of the name that was meant."""

    def __init__(self, way: Mail, there: tuple[str, int], context: ssl.SSLContext, leash: Leash) -> None:
        self._there, self._leash = there, leash
        self._wraps = context if way.safety is Safety.TLS else None
        super().__init__(way.host, way.port, local_hostname="zhanggui", timeout=_PATIENCE)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - the checked machine goes in place of the port's
        plain = self._leash.hold(socket.create_connection(self._there, timeout))
        if self._wraps is None:
            return plain
        try:
            return self._wraps.wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise


def _open(way: Mail, there: tuple[str, int], context: ssl.SSLContext, leash: Leash) -> smtplib.SMTP:
    server = _Pinned(way, there, context, leash)
    if way.safety is Safety.STARTTLS:
        try:
            server.starttls(context=context)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _converse(server: smtplib.SMTP, way: Mail, letter: Letter) -> None:
    """One mail. Up to its last byte nothing has arrived; once all is said, a missing answer leaves it open."""
    try:
        server.ehlo_or_helo_if_needed()
        if way.user:
            server.login(way.user, way.password)
        _check(server.mail(way.sender), "mailbox")
        for receiver in way.receivers:
            _check(server.rcpt(receiver), "mailbox")
    except smtplib.SMTPAuthenticationError as problem:
        raise NotifyError(Trouble.PERSON, "login", code=str(problem.smtp_code), text=_words(problem.smtp_error)) from None
    except (OSError, smtplib.SMTPException, UnicodeError) as problem:
        raise NotifyError(Trouble.RETRY, "no_way", text=type(problem).__name__) from None
    try:
        _check(server.data(mail_of(way, letter).as_bytes()), "refused")
    except smtplib.SMTPDataError as problem:
        _check((problem.smtp_code, problem.smtp_error if isinstance(problem.smtp_error, bytes) else problem.smtp_error.encode()), "refused")
    except (OSError, smtplib.SMTPException) as problem:
        raise NotifyError(Trouble.RETRY, "no_answer", text=type(problem).__name__, may_have_arrived=True) from None


def _check(answer: tuple[int, bytes], do: str) -> None:
    code, said = answer
    if code < _TEMPORARY:
        return
    if code in _BUSY:
        raise NotifyError(Trouble.SLOW_DOWN, "slow", code=str(code), text=_words(said), wait=timedelta(seconds=about(Service.EMAIL).pause))
    if code < _FOREVER:
        raise NotifyError(Trouble.RETRY, "wait", code=str(code), text=_words(said))
    raise NotifyError(Trouble.PERSON if do == "mailbox" else Trouble.FOREVER, do, code=str(code), text=_words(said))


def _words(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", "replace")
