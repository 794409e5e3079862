"""Plain http in the shop's network: the certificate and how to install it, and nothing of the house."""

import asyncio
from pathlib import Path

import pytest
from cryptography import x509
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from tests.cast import Cast
from tests.site_client import browser, make_app
from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.site.certificates import Certificates
from zhanggui.site.listening import by_local_address
from zhanggui.site.phone import create_phone_app


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """The certificates of a house at 192.168.1.20."""
    made = Certificates(tmp_path / "certificates")
    made.renewed(clock.unwound(), ("192.168.1.20",))
    return made


@pytest.fixture
def phone(certificates: Certificates) -> Litestar:
    """The small application for phones."""
    return create_phone_app(certificates, 8443)


def test_it_leads_a_phone_to_the_one_page_there_is(phone: Litestar) -> None:
    with TestClient(phone, base_url="http://192.168.1.20:8000") as asking:
        page = asking.get("/")

    assert page.status_code == 200
    assert 'href="https://192.168.1.20:8443/"' in page.text
    assert 'href="/phone/certificate.crt"' in page.text
    assert "<svg" in page.text
    assert " style=" not in page.text


def test_it_shows_the_fingerprint_of_what_it_hands_out(phone: Litestar, certificates: Certificates) -> None:
    with TestClient(phone, base_url="http://192.168.1.20:8000") as asking:
        page, handed_out = asking.get("/phone"), asking.get("/phone/certificate.crt")

    assert certificates.authority_fingerprint() in page.text
    assert handed_out.headers["content-type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(handed_out.content) == x509.load_pem_x509_certificate(certificates.authority_file.read_bytes())


@pytest.mark.parametrize("path", ["/sign-in", "/today", "/first-run", "/health", "/certificates/authority.key", "/phone/../house.key", "/static/../phone.py"])
def test_it_shows_nothing_of_the_house(phone: Litestar, path: str) -> None:
    with TestClient(phone, base_url="http://192.168.1.20:8000") as asking:
        answer = asking.get(path)

    assert (answer.status_code, answer.content) == (404, b"")


def test_it_answers_to_bare_addresses_only(phone: Litestar) -> None:
    with TestClient(phone, base_url="http://evil.example") as asking:
        assert asking.get("/phone").status_code == 400


def test_it_speaks_the_language_of_the_phone(phone: Litestar) -> None:
    with TestClient(phone, base_url="http://192.168.1.20:8000") as asking:
        assert "Use it on a phone" in asking.get("/phone", headers={"accept-language": "en-US"}).text
        assert "在手机上使用" in asking.get("/phone", headers={"accept-language": "zh-CN"}).text
        asking.post("/language", data={"language": "en"})
        assert "Use it on a phone" in asking.get("/phone", headers={"accept-language": "zh-CN"}).text


@pytest.mark.parametrize(
    ("came_to", "gets"),
    [
        ("127.0.0.1", "the house"),
        ("::1", "the house"),
        ("192.168.1.20", "the phone page"),
        ("0.0.0.0", "the phone page"),  # noqa: S104 - nothing is bound here
        ("evil", "the phone page"),
        (None, "the phone page"),
    ],
)
def test_it_tells_by_the_address_a_connection_came_to_who_may_see_the_house(came_to: str | None, gets: str) -> None:
    answered: list[str] = []

    def note(word: str) -> object:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            answered.append(word)

        return answer

    answer = by_local_address(here=note("the house"), elsewhere=note("the phone page"))  # type: ignore[arg-type]  # two plain ASGI functions
    scope = {"type": "http", "server": (came_to, 8000) if came_to else None, "client": ("127.0.0.1", 1)}
    asyncio.run(answer(scope, None, None))  # type: ignore[arg-type]  # nothing is sent

    assert answered == [gets]


def test_it_says_to_somebody_inside_how_to_come_in_by_phone(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # Asking for the way out of this machine is not for tests.
    monkeypatch.setattr("zhanggui.site.phone_help.lan_addresses", lambda: ("192.168.1.20",))

    with browser(make_app(house), people.lin) as lin:
        alone = lin.get("/phone").text
    with browser(make_app(house, lan=True, port=8100), people.lin) as lin:
        served = lin.get("/phone").text

    assert "zhanggui up --lan" in alone
    assert "<svg" not in alone
    assert "http://192.168.1.20:8100/phone" in served
    assert "<svg" in served


def test_it_makes_links_for_others_that_do_not_lead_them_to_their_own_machine(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhanggui.site.app.lan_addresses", lambda: ("192.168.1.20",))
    monkeypatch.setattr("zhanggui.workbench.door.door.address_of", lambda _request: "127.0.0.1")

    with browser(make_app(house), people.lin) as lin:
        alone = lin.send_form(f"/shops/{people.shop_id}/invitations", {"role": "rep"}, page="/account").text
    with browser(make_app(house, lan=True), people.lin) as lin:
        served = lin.send_form(f"/shops/{people.shop_id}/invitations", {"role": "rep"}, page="/account").text

    assert f"http://127.0.0.1:8000/invitations/{people.shop_id}/" in alone
    assert f"https://192.168.1.20:8443/invitations/{people.shop_id}/" in served
