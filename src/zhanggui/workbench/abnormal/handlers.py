"""Suspected orders: why, until when the platform can be asked not to have them shipped, and what it answered."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.abnormal import abnormal_orders, answer, ask, clear, look_again, withdraw
from zhanggui.actions.refused import Refused
from zhanggui.core.abnormal import AbnormalEvent, AbnormalState
from zhanggui.core.decide.abnormal import told as told_sign
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, ShopId
from zhanggui.workbench.desk import AtDesk, Desk, back_to, shop_number
from zhanggui.workbench.evidence.handlers import moment_given
from zhanggui.workbench.places import order_path

MOST = 500
VIEWS: Mapping[AbnormalState, Say] = {
    AbnormalState.SUSPECTED: say("Suspected"),
    AbnormalState.ASKED: say("Asked"),
    AbnormalState.APPROVED: say("Approved"),
    AbnormalState.REFUSED: say("Refused: ship anyway"),
    AbnormalState.WITHDRAWN: say("Withdrawn"),
    AbnormalState.CLEARED: say("Cleared"),
}
HEADINGS: Mapping[AbnormalState, Say] = {
    AbnormalState.SUSPECTED: say("Signs speak against these orders. They are only signs: nothing is kept back by them."),
    AbnormalState.ASKED: say("The platform was asked. Nothing of these orders is printed or leaves until it answers, and their time to ship runs on."),
    AbnormalState.APPROVED: say("The platform agreed: not shipped, paid back by the platform, and no sales."),
    AbnormalState.REFUSED: say("The platform said no: ship these in time."),
    AbnormalState.WITHDRAWN: say("The request was taken back: ship these."),
    AbnormalState.CLEARED: say("Somebody looked and found nothing wrong."),
}
_UNDO = (AbnormalEvent.LOOK_AGAIN, say("Take back"))
BUTTONS: Mapping[AbnormalState, tuple[tuple[AbnormalEvent, Say], ...]] = {
    AbnormalState.SUSPECTED: ((AbnormalEvent.ASK, say("Asked in the back office")), (AbnormalEvent.CLEAR, say("Nothing wrong"))),
    AbnormalState.ASKED: (
        (AbnormalEvent.APPROVE, say("The platform agreed")),
        (AbnormalEvent.REFUSE, say("The platform said no")),
        (AbnormalEvent.WITHDRAW, say("Withdrawn: ship it")),
    ),
    AbnormalState.APPROVED: (_UNDO,),
    AbnormalState.REFUSED: (_UNDO,),
    AbnormalState.WITHDRAWN: ((AbnormalEvent.ASK, say("Asked again in the back office")),),
    AbnormalState.CLEARED: (_UNDO, (AbnormalEvent.ASK, say("Asked in the back office"))),
}
"""What can be said of an order in each state; the table of steps holds it."""
KEYS: Mapping[AbnormalEvent, str] = {
    AbnormalEvent.ASK: "a",
    AbnormalEvent.CLEAR: "c",
    AbnormalEvent.APPROVE: "y",
    AbnormalEvent.REFUSE: "n",
    AbnormalEvent.WITHDRAW: "w",
    AbnormalEvent.LOOK_AGAIN: "u",
}


class StepForm(msgspec.Struct, frozen=True):
    """The orders ticked or typed, what is said of them, and where one was."""

    order_no: list[str] | str = ""
    typed: str = ""
    step: str = ""
    reason: str = ""
    asked_at: str = ""
    view: str = ""

    @property
    def orders(self) -> list[str]:
        """The orders named, each once."""
        listed = [self.order_no] if isinstance(self.order_no, str) else self.order_no
        return [no for no in dict.fromkeys([*listed, *self.typed.split()]) if no]


@get("/abnormal", sync_to_thread=True)
def abnormal_page(
    desk: AtDesk,
    shop: FromQuery[str] = "",
    view: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """The list of one shop, by what has come of the orders."""
    shops = desk.shops(Permission.ORDERS_READ)
    chosen = desk.chosen(shops, shop) or (shops[0] if shops else None)
    at = next((state for state in AbnormalState if state.value == view), AbnormalState.SUSPECTED)
    found = abnormal_orders(desk.house, desk.by, chosen.shop_id, at, desk.now, cursor=after or None) if chosen else None
    return desk.page(
        "abnormal/page.html",
        shops=shops,
        shop=chosen,
        found=found,
        view=at,
        views=[(state, title, _address(chosen.shop_id if chosen else None, state)) for state, title in VIEWS.items()],
        heading=HEADINGS[at],
        buttons=BUTTONS[at],
        keys=KEYS,
        may_write=chosen is not None and desk.by.may(Permission.SHIPPING_WRITE, chosen.shop_id),
        signs=told_sign,
        done=int(done) if done.isdecimal() and len(done) < 6 else None,
        order_path=order_path,
        next_href=_address(chosen.shop_id, at, found.cursor) if chosen and found and found.cursor else None,
        first_href=_address(chosen.shop_id, at) if chosen and after else None,
    )


@post("/shops/{shop_id:int}/abnormal", sync_to_thread=True)
def put_abnormal(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[StepForm]) -> Redirect:
    """Keeps what was said of the orders. Raises Refused where nothing of it could be kept."""
    shop = desk.by.need(Permission.SHIPPING_WRITE, shop_number(shop_id))
    if not data.orders:
        raise Refused(say("Tick an order first, or type its number."))
    if len(data.orders) > MOST:
        raise Refused(say("At most {most} orders go through a step at once.", most=MOST))
    told = _step(desk, shop, data)
    refused = {no: why for no, why in told.items() if why is not None}
    if refused:
        _refuse(len(told) - len(refused), refused)
    return back_to("/abnormal", shop=shop, view=data.view, done=len(told))


def _step(desk: Desk, shop: ShopId, data: StepForm) -> Mapping[str, Say | None]:
    house, by, now, nos = desk.house, desk.by, desk.now, data.orders
    doing: Mapping[str, Callable[[], Mapping[str, Say | None]]] = {
        AbnormalEvent.ASK: lambda: ask(house, by, shop, nos, data.reason, now, asked_at=moment_given(data.asked_at)),
        AbnormalEvent.CLEAR: lambda: clear(house, by, shop, nos, now),
        AbnormalEvent.APPROVE: lambda: answer(house, by, shop, nos, now, is_approved=True),
        AbnormalEvent.REFUSE: lambda: answer(house, by, shop, nos, now, is_approved=False),
        AbnormalEvent.WITHDRAW: lambda: withdraw(house, by, shop, nos, now),
        AbnormalEvent.LOOK_AGAIN: lambda: look_again(house, by, shop, nos, now),
    }
    if data.step not in doing:
        raise Refused(say("There is no such step."))
    return doing[data.step]()


def _refuse(done: int, refused: Mapping[str, Say]) -> None:
    """Says of the first order why not, and how many went through; the others say it where they are looked at."""
    no, why = next(iter(refused.items()))
    if len(refused) == 1 and not done:
        raise Refused(why)
    raise Refused(say("{done} done, {left} not. Order {order_no}, for one: look at it by itself to see why.", done=done, left=len(refused), order_no=no))


def _address(shop_id: ShopId | None, view: AbnormalState, after: str | None = None) -> str:
    kept = urlencode({name: value for name, value in {"shop": shop_id, "view": view.value, "after": after}.items() if value})
    return f"/abnormal?{kept}"
