"""Odd requests that once broke something, or nearly."""

from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from tests.cast import Cast
from tests.site.planted import plant
from tests.site_client import browser, make_app
from zhanggui.actions.house import House


@pytest.fixture
def app(house: House) -> Litestar:
    """The whole application."""
    return make_app(house)


def test_a_field_named_like_something_handlers_are_given_is_refused_like_any_other(app: Litestar, house: House, people: Cast, tmp_path: Path) -> None:
    ours = plant(house, people, tmp_path, ours=True)
    sent: dict[str, Any] = {"order_no": ours.order_no, "step": "", "door": ["a", "b"]}

    with browser(app, people.lin) as lin:
        answer = lin.send_form(f"/shops/{ours.shop_id}/ship/told", sent, page="/account")

    assert answer.status_code == 400
