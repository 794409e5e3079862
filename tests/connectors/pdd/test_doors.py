"""The doors: safe ones only, and those of an emulator beside the platform's own."""

import pytest

from zhanggui.connectors.pdd.doors import App, Doors, UnsafeDoor, doors_of, production_doors
from zhanggui.connectors.pdd.tokens import authorise_url


def test_it_knows_the_platform_s_own_doors() -> None:
    doors = production_doors()

    assert doors.router == "https://gw-api.pinduoduo.com/api/router"
    assert doors_of("https://gw-api.pinduoduo.com/api/router/") == doors


def test_it_finds_the_doors_of_an_emulator_on_one_port() -> None:
    assert doors_of("http://127.0.0.1:18080/api/router") == Doors(
        router="http://127.0.0.1:18080/api/router",
        upload="http://127.0.0.1:18080/api/upload",
        authorise="http://127.0.0.1:18080/service-market/auth",
        token="http://127.0.0.1:18080/oauth/token",
        messages="ws://127.0.0.1:18080/message",
    )


@pytest.mark.parametrize("gateway", ["http://localhost:1/api/router", "http://[::1]:1/api/router", "http://127.9.9.9/api/router", "https://example.com/x"])
def test_it_goes_in_the_clear_only_inside_this_machine(gateway: str) -> None:
    assert doors_of(gateway).router == gateway


@pytest.mark.parametrize(
    "gateway",
    ["http://example.com/api/router", "http://192.168.1.5/api/router", "http://127.0.0.1.example.com/x", "ftp://127.0.0.1/x", "", "gw-api", "http://[::1/x"],
)
def test_it_refuses_a_door_that_stands_open(gateway: str) -> None:
    with pytest.raises(UnsafeDoor):
        doors_of(gateway)


def test_it_shows_no_password_of_an_address() -> None:
    with pytest.raises(UnsafeDoor) as refused:
        doors_of("https://me:secret@example.com/api/router")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("gateway", ["https://me:secret@example.com:99999999/x", "https://:secret@example.com/x", "http://127.0.0.1\\@example.com:secret/x"])
def test_it_shows_no_password_of_an_address_that_cannot_be_read(gateway: str) -> None:
    with pytest.raises(UnsafeDoor) as refused:
        doors_of(gateway)

    assert ":secret@" not in str(refused.value)


@pytest.mark.parametrize(
    "gateway",
    [
        "http://127.0.0.1\n.example.com/x",
        "http://127.0.0.1\t/x",
        "https://example.com/a\0b",
        "https://a b/x",
        "https://example..com/x",
        f"https://{'a' * 64}.com/x",
        f"https://example.com/{'x' * 500}",
        "https://\ufe0f.com/x",
        "http://@127.0.0.1/x",
        "https://example.com\\@127.0.0.1/x",
    ],
)
def test_it_refuses_an_address_that_two_readers_may_read_differently(gateway: str) -> None:
    with pytest.raises(UnsafeDoor) as refused:
        doors_of(gateway)

    assert len(str(refused.value)) < 300


def test_it_leads_to_the_page_that_asks_the_seller() -> None:
    url = authorise_url(App("id 1", "s", production_doors()), "https://shop.example/connect?a=1", "st&te")

    assert url == (
        "https://fuwu.pinduoduo.com/service-market/auth?response_type=code&client_id=id+1"
        "&redirect_uri=https%3A%2F%2Fshop.example%2Fconnect%3Fa%3D1&state=st%26te&view=web"
    )
