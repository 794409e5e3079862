"""What people and programs may send that no form of ours would: refused in words, and nothing is spoilt for those who come after."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.workbench.conftest import NOW
from tests.workbench.seat import Seat
from tests.workbench.shop_files import LATE, SENT, order_file
from zhanggui.actions.house import House
from zhanggui.actions.intake.files import plain_name

ENDLESS = "9" * 5000
"""More digits than a number of the database has, and more than Python reads at once."""


def _upload(who: Seat, people: Cast, name: str = "orders.csv", **fields: str) -> tuple[int, str]:
    form = {"shop": str(people.shop_id), "_csrf_token": who.form_token("/imports"), **fields}
    answer = who.post("/imports", data=form, files={"files": (name, order_file(NOW), "text/csv")})
    return answer.status_code, answer.headers.get("location", answer.text)


@pytest.mark.parametrize("address", [f"/today?person={ENDLESS}", f"/today?marked=done~{ENDLESS}~order~ship_by~x~x", f"/orders?shop={ENDLESS}"])
def test_it_takes_endless_digits_in_an_address_for_no_number(lin: Seat, stocked: str, address: str) -> None:
    assert lin.get(address).status_code in {200, 404}


def test_it_takes_endless_digits_in_a_form_for_no_number(lin: Seat, people: Cast, stocked: str) -> None:
    todo = {"subject_kind": "order", "subject_no": LATE, "kind": "ship_by"}

    handed = lin.send_form(f"/shops/{people.shop_id}/marks", {**todo, "act": "handed", "assignee": ENDLESS})
    promised = lin.send_form(f"/shops/{people.shop_id}/promised_hours", {"goods_id": "901", "hours": ENDLESS})
    uploaded, _ = _upload(lin, people, shop=ENDLESS)

    assert (handed.status_code, promised.status_code, uploaded) == (422, 422, 422)


@pytest.mark.parametrize("name", ["订" * 120 + ".csv", "😀" * 119 + ".csv", "x" * 400 + ".csv", "../../x.csv", "..", "C:\\a\\b.csv", "a\x00b\n.csv"])
def test_it_takes_a_file_of_any_name(lin: Seat, people: Cast, name: str) -> None:
    status, _ = _upload(lin, people, name)

    assert status == 303


def test_it_keeps_the_end_of_a_name_that_is_too_long() -> None:
    name = plain_name("订" * 300 + "七月.csv")

    assert name.endswith("订七月.csv")
    assert len(name.encode()) <= 240


def test_it_reads_no_file_of_the_machine_as_a_profile(lin: Seat, people: Cast, tmp_path: Path) -> None:
    there = tmp_path / "there.toml"
    there.write_text('name = "x"\nfamily = []\n', encoding="utf-8")

    answers = [_upload(lin, people, profile=str(path)) for path in (there, tmp_path / "not there.toml", "/etc/passwd")]

    assert [status for status, _ in answers] == [422, 422, 422]
    assert all("没有名为" in page for _, page in answers)


@pytest.mark.parametrize("moment", ["2026-11-21T14:31", "2099-01-01", "9999-12-31T23:00:00+00:00", "0001-01-01 09:00"])
def test_it_believes_no_data_of_a_day_to_come_or_of_no_day_at_all(lin: Seat, people: Cast, moment: str) -> None:
    status, _ = _upload(lin, people, as_of=moment)

    assert status == 422
    assert lin.get("/imports").status_code == 200


def test_it_puts_nothing_off_until_the_end_of_time(lin: Seat, people: Cast, stocked: str) -> None:
    todo = {"subject_kind": "order", "subject_no": LATE, "kind": "ship_by"}

    answer = lin.send_form(f"/shops/{people.shop_id}/marks", {**todo, "act": "snoozed", "until": "9999-12-31T23:00:00Z"})

    assert answer.status_code == 422
    assert lin.get("/today?view=snoozed").status_code == 200


def test_it_shows_a_refused_moment_as_it_stood(lin: Seat, people: Cast) -> None:
    line = '{"fact": "order", "order_no": "F1", "stage": "to_ship", "paid_at": "2026-13-45T25:00:00Z"}\n{"fact": "order", "order_no": "F2"}'
    form = {"shop": str(people.shop_id), "_csrf_token": lin.form_token("/imports")}
    path = lin.post("/imports", data=form, files={"files": ("f.jsonl", line.encode(), "text/plain")}).headers["location"]
    lin.send_form(f"{path}/confirmation", page=path)

    pages = [lin.get(path), lin.get(f"{path}/quarantine")]

    assert [page.status_code for page in pages] == [200, 200]
    assert "2026-13-45T25:00:00Z" in pages[1].text


def test_it_shows_a_refused_line_that_has_no_columns_at_all(lin: Seat, people: Cast) -> None:
    line = '{"fact": "order", "order_no": 99999999999999999999999, '
    form = {"shop": str(people.shop_id), "_csrf_token": lin.form_token("/imports")}
    path = lin.post("/imports", data=form, files={"files": ("f.jsonl", line.encode(), "text/plain")}).headers["location"]
    lin.send_form(f"{path}/confirmation", page=path)

    page = lin.get(f"{path}/quarantine")

    assert page.status_code == 200
    assert "99999999999999999999999" in page.text


def test_it_leaves_no_note_on_an_order_that_is_not_there(lin: Seat, people: Cast, stocked: str) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/orders/260101-000000000000000/notes", {"text": "给谁？"})

    assert answer.status_code == 404
    assert "260101-000000000000000" not in lin.get("/journal").text


def test_it_takes_no_endless_text_where_a_line_is_meant(lin: Seat, people: Cast, stocked: str) -> None:
    shop, endless = f"/shops/{people.shop_id}", "长" * 5000
    forms = {
        f"{shop}/marks": {"subject_kind": "order", "subject_no": LATE, "kind": "ship_by", "act": "done", "reason": endless},
        f"{shop}/name": {"name": endless},
        f"{shop}/orders/{SENT}/scans": {"text": endless * 21},
        f"{shop}/settings": {"name": "link.order", "value": f"https://{endless}"},
        f"{shop}/promised_hours": {"goods_id": endless, "hours": "24"},
    }

    assert [lin.send_form(path, form).status_code for path, form in forms.items()] == [422] * 5


def test_it_leaves_no_shop_without_a_name(lin: Seat, people: Cast) -> None:
    assert lin.send_form(f"/shops/{people.shop_id}/name", {"name": "  "}).status_code == 422


def test_it_keeps_uploads_from_the_other_accounts_of_the_machine(lin: Seat, people: Cast, house: House) -> None:
    status, _ = _upload(lin, people, as_of=f"{NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%S+00:00}")

    assert status == 303
    assert (house.home / "spool").stat().st_mode & 0o077 == 0
