"""No link, form or header leads anybody elsewhere than to this house, or puts a header into an answer."""

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.site.planted import plant
from tests.site_client import browser, make_app
from zhanggui.actions.house import House
from zhanggui.workbench.desk import back_to, own_path
from zhanggui.workbench.door.door import local_path
from zhanggui.workbench.evidence.handlers import handed_over

ELSEWHERE = (
    *(
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
    ),
    *("https://evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", "/today\r\nSet-Cookie: zq=1"),
)
PAGES = (b"<html><script>zq</script>", b"<svg onload=zq>", b"\xef\xbb\xbf<!doctype html>", b"%PDF-1.7", b"\xff\xd8\xff<script>zq</script>")
NAMES = ('a"; filename="b.html', "a\r\nX-Zq: 1.jpg", "../../etc/passwd", "图.jpg", "<svg onload=zq>.png", "a\x00b.png", "a;b=c.png")


@pytest.mark.parametrize("back", ELSEWHERE)
def test_nobody_is_sent_elsewhere(back: str) -> None:
    assert own_path(back, "/today") == "/today"
    assert local_path(back) == "/"


def test_nobody_is_sent_to_an_address_that_no_header_holds(house: House, people: Cast) -> None:
    assert (own_path("/" + "a" * 8000, "/today"), local_path("/" + "a" * 2000)) == ("/today", "/")
    assert [back_to(path, note=note).url for path, note in (("/today", "a" * 9000), ("/" + "a" * 9000, None))] == ["/today", "/"]
    with browser(make_app(house)) as stranger:
        answer = stranger.get("/people?shop=1&cursor=" + "+" * 40_000, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("back", ["/today", "/orders?shop=1&after=x%2F", "/shops/1/orders/260301-1#evidence"])
def test_a_path_of_the_house_is_kept(back: str) -> None:
    assert own_path(back, "/") == back
    assert local_path(back) == back


@pytest.mark.parametrize("name", NAMES)
def test_a_file_s_name_puts_nothing_into_a_header(name: str) -> None:
    answer = handed_over(b"x", "image/png", name, in_place=True)

    disposition = answer.headers["Content-Disposition"]
    assert disposition.count('"') == 2
    assert disposition.isascii()
    assert disposition.isprintable()
    assert ";" not in disposition.partition("filename=")[2]


def test_what_was_brought_is_never_a_page(house: House, people: Cast, tmp_path: Path) -> None:
    ours = plant(house, people, tmp_path, ours=True)
    app = make_app(house)
    path, answers = f"/shops/{ours.shop_id}/orders/{ours.leaving.sent_no}/evidence", []

    with browser(app, people.lin) as lin:
        form = {"note": "", "reference": "", "sha256": "", "taken_at": "", "_csrf_token": lin.form_token("/account")}
        for number, content in enumerate(PAGES, start=1):
            kept = lin.post(path, data=form, files={"files": ("a.html", content, "text/html")})
            assert kept.status_code == 303
            answers.append(lin.get(f"{path}/{ours.leaving.evidence + number}"))

    assert [answer.content for answer in answers] == list(PAGES)
    assert [answer.headers["content-type"] for answer in answers] == [*["application/octet-stream"] * 4, "image/jpeg"]
    assert [answer.headers["content-disposition"].partition(";")[0] for answer in answers] == [*["attachment"] * 4, "inline"]
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}
    assert all(answer.headers["content-security-policy"].startswith("default-src 'none'") for answer in answers)
