"""Who may come in: programs and the emulator's own pages, and no page of elsewhere that a browser on the same machine has open."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.emulator.caller import quiet, running


@pytest.mark.parametrize("headers", [{"origin": "https://shop.example"}, {"origin": "null"}, {"origin": "http://6.6.6.6"}, {"host": "rebound.example:18080"}])
def test_it_turns_away_pages_of_elsewhere(headers: dict[str, str]) -> None:
    with running(quiet()) as platform:
        before = platform.http.get("/_about").json()["mood"]
        answers = [platform.http.post(path, json={}, headers=headers) for path in ("/_clock", "/_mood", "/_limits", "/_do", "/api/router")]
        read = platform.http.get("/_state", headers=headers)
        after = platform.http.get("/_about").json()["mood"]

    assert {answer.status_code for answer in [*answers, read]} == {403}
    assert after == before


@pytest.mark.parametrize("path", ["/print", "/message/a/1/b"])
def test_it_opens_no_socket_to_pages_of_elsewhere(path: str) -> None:
    with running(quiet()) as platform:
        address = platform.line.print.removesuffix("/print") + path
        with pytest.raises(InvalidStatus) as refused, connect(address, origin=Origin("https://shop.example"), proxy=None):
            pass

    assert refused.value.response.status_code == 403


def test_it_lets_in_its_own_page_and_names_of_the_surroundings() -> None:
    with running(quiet()) as platform:
        own = platform.line.gateway.removesuffix("/api/router")
        near = [{"origin": own}, {"origin": "http://127.0.0.1:8000"}, {"host": "localhost:1"}, {"host": "emulator"}]
        answers = [platform.http.post("/_clock", json={"step": 0.0}, headers=headers) for headers in near]

    assert {answer.status_code for answer in answers} == {200}
