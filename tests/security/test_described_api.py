"""The API is asked whatever its own description allows: it never breaks, and answers as it is described."""

from pathlib import Path

from tests.cast import Cast
from tests.security.described import ask_as_described
from tests.site.planted import plant
from tests.site_client import HERE, browser, make_app
from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope


def test_whatever_is_asked_of_the_api_is_answered_as_described(house: House, people: Cast, tmp_path: Path) -> None:
    plant(house, people, tmp_path, ours=True)
    token = make_token(house, people.lin, people.shop_id, "程序", tuple(Scope), clock.now(), clock.unwound()).token

    with browser(make_app(house)) as program:
        answers = list(ask_as_described(program, HERE, token, examples=2, dice=1))

    assert len(answers) > 20
    assert [answer for answer in answers if answer.is_wrong] == []
