"""How to come in by phone, for somebody who is in already: the address of the certificate page as text and as a code, or how to have one."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from zhanggui.site.certificates import Certificates
from zhanggui.site.lan import lan_addresses
from zhanggui.site.settings import Settings
from zhanggui.workbench.codes import drawn_code
from zhanggui.workbench.door.visit import AtDoor, ByPerson


@get("/phone", sync_to_thread=True)
def phone_help(visit: AtDoor, by: ByPerson, settings: NamedDependency[Settings]) -> Template:  # noqa: ARG001 - asking for `by` keeps strangers out
    """What to point a phone's camera at."""
    addresses = lan_addresses() if settings.lan else ()
    certificates = Certificates(settings.home / "certificates")
    told = [f"http://{address}:{settings.port}/phone" for address in addresses]
    return visit.page(
        "phone_help",
        addresses=told,
        code=drawn_code(told[0]) if told else None,
        fingerprint=certificates.authority_fingerprint() if told and certificates.authority_file.exists() else None,
    )
