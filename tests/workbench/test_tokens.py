"""Tokens of programs on the Settings page: shown once, listed without what they are, taken back."""

import re

from tests.cast import Cast
from tests.site_client import browser, make_app
from zhanggui import clock
from zhanggui.actions.bridge_tokens import bearer_of, tokens_seen
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope


def test_the_owner_lets_a_program_in_and_shuts_it_out(house: House, people: Cast) -> None:
    with browser(make_app(house), people.lin) as lin:
        path = f"/shops/{people.shop_id}/tokens"
        made = lin.send_form(path, {"name": "客服工具", "scopes": ["threads:read", "drafts:read"], "days": "30"}, page="/settings")
        one = lin.send_form(path, {"name": "<b>另一个", "scopes": "messages:write"}, page="/settings")
        later = lin.get("/settings")
        (token,) = re.findall(r"zhg_\d+_[\w-]+", made.text)
        first, second = tokens_seen(house, people.lin, people.shop_id)
        bearer = bearer_of(house, token, clock.unwound())
        gone = lin.send_form(f"{path}/{first.token_no}/revocation", page="/settings")
        nameless = lin.send_form(path, {"name": "", "scopes": "messages:write"}, page="/settings")
        unknown = lin.send_form(path, {"name": "x", "scopes": "everything"}, page="/settings")

    assert (made.status_code, one.status_code, made.headers["cache-control"]) == (200, 200, "no-store")
    assert (first.scopes, second.scopes) == (["drafts:read", "threads:read"], ["messages:write"])
    assert (token in later.text, "客服工具" in later.text, "<b>另" in later.text) == (False, True, False)
    assert bearer is not None
    assert (bearer.shop_id, bearer.may(Scope.DRAFTS_READ), bearer.may(Scope.ANSWERS_SEND)) == (people.shop_id, True, False)
    assert (gone.status_code, bearer_of(house, token, clock.unwound())) == (303, None)
    assert (nameless.status_code, unknown.status_code) == (422, 422)
