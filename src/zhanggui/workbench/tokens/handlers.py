"""The forms of the Settings page that let a program in, or shut it out."""

import msgspec
from litestar import post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui import clock
from zhanggui.actions.bridge_tokens import make_token, revoke_token
from zhanggui.actions.refused import Refused
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say
from zhanggui.workbench.desk import AtDesk, back_to, number_in, shop_number
from zhanggui.workbench.door.confirming import recently_confirmed
from zhanggui.workbench.settings.handlers import settings_shown


class NewTokenForm(msgspec.Struct, frozen=True):
    """A program's name, what it may do, and for how many days; blank: until it is taken back."""

    name: str = ""
    scopes: list[str] | str = msgspec.field(default_factory=list)
    days: str = ""

    @property
    def chosen(self) -> list[str]:
        """The scopes that were ticked; a form with one tick sends no list."""
        return [self.scopes] if isinstance(self.scopes, str) else self.scopes


@post("/shops/{shop_id:int}/tokens", guards=[recently_confirmed], sync_to_thread=True, status_code=200)
def new_token(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[NewTokenForm]) -> Template:
    """Makes a token. It stands in this answer alone and cannot be read again, hence no redirect."""
    typed = data.days.strip()
    days = number_in(typed) if typed else None
    if typed and days is None:
        raise Refused(say("{typed} is not a whole number.", typed=typed[:40]))
    known = {scope.value for scope in Scope}
    if not set(data.chosen) <= known:
        raise Refused(say("This form is out of date. Load the page again."))
    shop = shop_number(shop_id)
    made = make_token(desk.house, desk.by, shop, data.name, [Scope(scope) for scope in data.chosen], desk.now, clock.unwound(), days=days)
    return settings_shown(desk, str(shop_id), made=made, made_for=data.name.strip())


@post("/shops/{shop_id:int}/tokens/{token_no:int}/revocation", sync_to_thread=True)
def revoke_one(desk: AtDesk, shop_id: FromPath[int], token_no: FromPath[int]) -> Redirect:
    """Takes a token back."""
    revoke_token(desk.house, desk.by, shop_number(shop_id), token_no, desk.now, clock.unwound())
    return back_to("/settings", shop=shop_id, done="token_gone")
