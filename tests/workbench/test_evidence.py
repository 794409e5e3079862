"""The order page takes evidence in, shows it, hands it over byte for byte, and never runs it."""

import io
import zipfile
from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM
from zhanggui.people.permissions import Person

pytestmark = pytest.mark.usefixtures("stocked")
PNG = b"\x89PNG\r\n\x1a\n scales"
PAGE = b"<script>alert(1)</script>"


def _bring(mei: Seat, people: Cast, **data: str) -> str:
    page = f"/shops/{people.shop_id}/orders/{CALM}"
    files = [("files", ("秤.png", PNG, "image/png")), ("files", ("trick.png", PAGE, "image/png"))]
    answer = mei.post(f"{page}/evidence", data={**data, "_csrf_token": mei.form_token(page)}, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#evidence")
    return page


def test_it_takes_files_and_a_film(mei: Seat, people: Cast) -> None:
    page = _bring(mei, people, note="512 克", taken_at="2026-11-21T14:00", reference="NAS 3/7.mp4")

    text = mei.get(page).text

    for shown in ("秤.png", "512 克", "NAS 3/7.mp4", "第 3 件"):
        assert shown in text


def test_it_hands_over_what_it_took_and_runs_nothing(mei: Seat, people: Cast) -> None:
    page = _bring(mei, people)

    picture, trick = mei.get(f"{page}/evidence/1"), mei.get(f"{page}/evidence/2")

    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert (trick.content, trick.headers["content-type"]) == (PAGE, "application/octet-stream")
    assert trick.headers["content-disposition"].startswith("attachment;")
    assert trick.headers["x-content-type-options"] == "nosniff"


def test_it_hands_over_a_packet(mei: Seat, people: Cast) -> None:
    page = _bring(mei, people)

    answer = mei.send_form(f"{page}/evidence/packet", page=page)

    with zipfile.ZipFile(io.BytesIO(answer.content)) as packet:
        assert packet.read("files/00001-秤.png") == PNG


def test_it_refuses_an_empty_form_and_a_strange_moment(mei: Seat, people: Cast) -> None:
    page = f"/shops/{people.shop_id}/orders/{CALM}"

    nothing = mei.post(f"{page}/evidence", data={"_csrf_token": mei.form_token(page)}, files=[("files", ("", b"", ""))])
    strange = mei.post(f"{page}/evidence", data={"_csrf_token": mei.form_token(page), "taken_at": "soon"}, files=[("files", ("a.png", PNG, "image/png"))])

    assert (nothing.status_code, strange.status_code) == (422, 422)
    assert "还没有证据" in mei.get(page).text


def test_it_keeps_nothing_where_one_of_several_cannot_be_kept(mei: Seat, people: Cast) -> None:
    page = f"/shops/{people.shop_id}/orders/{CALM}"
    files = [("files", ("秤.png", PNG, "image/png")), ("files", ("空.png", b"", "image/png"))]

    refused = mei.post(f"{page}/evidence", data={"_csrf_token": mei.form_token(page)}, files=files)

    assert refused.status_code == 422
    assert "还没有证据" in mei.get(page).text


def test_an_outsider_meets_a_wall(mei: Seat, at_desk: Callable[[Person], Seat], people: Cast) -> None:
    page = _bring(mei, people)

    assert at_desk(people.zheng).get(f"{page}/evidence/1").status_code == 404
