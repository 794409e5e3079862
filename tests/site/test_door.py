"""The door from outside: the first run, signing in and out, and what a stranger meets."""

from tests.cast import Cast
from tests.site_client import browser, make_app
from zhanggui.actions.house import House


def test_it_leads_a_stranger_to_the_sign_in_page_and_back(house: House, people: Cast) -> None:
    app = make_app(house)

    with browser(app) as stranger:
        answer = stranger.get("/account?done=name")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/account%3Fdone%3Dname"


def test_it_shows_the_sign_in_page_to_a_stranger(house: House, people: Cast) -> None:
    with browser(make_app(house)) as stranger:
        answer = stranger.get("/sign-in")

    assert answer.status_code == 200
    assert "登录" in answer.text


def test_it_shows_their_account_to_somebody_signed_in(house: House, people: Cast) -> None:
    app = make_app(house)

    with browser(app, people.lin) as lin:
        answer = lin.get("/account")

    assert answer.status_code == 200
    assert "林" in answer.text
