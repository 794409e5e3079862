"""What plain http shows in the shop's network: how to trust this house's certificate, the certificate itself, and the way on to https. Nothing else."""

from litestar import Litestar, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Response, Template

from zhanggui import clock
from zhanggui.people.accounts import known_language
from zhanggui.site.certificates import Certificates
from zhanggui.site.headers import add_headers
from zhanggui.site.hosts import KnownHosts, own_names
from zhanggui.site.language import words_of
from zhanggui.workbench.codes import drawn_code
from zhanggui.workbench.door.door import AnyRequest, host_of
from zhanggui.workbench.door.language import COOKIE, LanguageForm
from zhanggui.workbench.static_files import static_router
from zhanggui.workbench.templating import STATIC, template_config

OPEN = {"open": True}


class _Network:
    """What the handlers of this small application know."""

    def __init__(self, certificates: Certificates, https_port: int) -> None:
        self.certificates = certificates
        self.https_port = https_port

    def address(self, request: AnyRequest) -> str:
        """The https address of the host that was asked."""
        host = host_of(request.headers.get("host", ""))
        return f"https://[{host}]:{self.https_port}/" if ":" in host else f"https://{host}:{self.https_port}/"


def create_phone_app(certificates: Certificates, https_port: int) -> Litestar:
    """The small application for phones that do not trust the certificate yet."""
    network = _Network(certificates, https_port)
    return Litestar(
        route_handlers=[
            threshold,
            phone_page,
            certificate,
            choose_language,
            static_router("/static", STATIC, "static"),
        ],
        dependencies={"network": Provide(lambda: network, sync_to_thread=False)},
        middleware=[KnownHosts(own_names(()))],
        exception_handlers={HTTPException: _nothing_here},
        before_send=[add_headers],
        template_config=template_config(),
        openapi_config=None,
        logging_config=None,
    )


@get("/", sync_to_thread=False)
def threshold() -> Redirect:
    """To the one page there is."""
    return Redirect("/phone")


@post("/language", sync_to_thread=False)
def choose_language(data: URLEncodedBody[LanguageForm]) -> Redirect:
    """The same buttons as in the house; there is nobody here whose choice could be forged but the one who clicks."""
    answer = Redirect("/phone", status_code=303)
    answer.set_cookie(Cookie(key=COOKIE, value=known_language(data.language), path="/", httponly=True, samesite="lax"))
    return answer


@get("/phone", sync_to_thread=False)
def phone_page(request: AnyRequest, network: NamedDependency[_Network]) -> Template:
    """How to trust this house, for each kind of phone, and the address to go on to as text and as a code."""
    address = network.address(request)
    context = {
        "words": words_of(request),
        "by": None,
        "now": clock.now(),
        "address": address,
        "code": drawn_code(address),
        "fingerprint": network.certificates.authority_fingerprint(),
    }
    return Template("door/phone.html", context=context)


@get("/phone/certificate.crt", sync_to_thread=False)
def certificate(network: NamedDependency[_Network]) -> Response[bytes]:
    """The certificate to install; phones know what to do with this type."""
    return Response(
        network.certificates.authority_der(),
        media_type="application/x-x509-ca-cert",
        headers={"content-disposition": 'attachment; filename="zhanggui.crt"'},
    )


def _nothing_here(_: AnyRequest, error: HTTPException) -> Response[bytes]:
    return Response(b"", status_code=error.status_code)
