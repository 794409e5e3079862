"""The page of the answers about one order: a want is chosen, and the way to its answer shown with the words to copy."""

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from zhanggui.actions.answers import answers_for
from zhanggui.actions.orders import order
from zhanggui.core.intents.kinds import WANTS, Intent, Wanted
from zhanggui.people.permissions import Permission
from zhanggui.workbench.answers.places import answers_path, offer_path
from zhanggui.workbench.desk import AtDesk, shop_number
from zhanggui.workbench.places import order_path


@get("/shops/{shop_id:int}/orders/{order_no:str}/answers", sync_to_thread=True)
def answers_page(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], want: FromQuery[str] = "", money: FromQuery[str] = "") -> Template:
    """What to answer about this order; `money`: the buyer wants the money in the same breath."""
    shop = shop_number(shop_id)
    view = order(desk.house, desk.by, shop, order_no, desk.now)
    if view is None:
        raise NotFoundException
    chosen = Intent(want) if want in set(WANTS) else Intent.CHASE_SHIPPING
    wanted = [chosen, Intent.REFUND] if money and chosen is not Intent.REFUND else [chosen]
    found = answers_for(desk.house, desk.by, shop, desk.now, wants=[Wanted(intent, 1.0, sure=True) for intent in wanted], order_no=order_no)
    return desk.page(
        "answers/page.html",
        view=view,
        wants=WANTS,
        chosen=chosen,
        answers=found,
        order_page=order_path(shop, order_no),
        path_of=lambda intent: answers_path(shop, order_no, intent.value),
        offer_path=lambda offer: offer_path(desk.by, shop, order_no, offer),
        answer_shop=shop,
        answer_order=order_no,
        answer_back=answers_path(shop, order_no, chosen.value),
        may_concede=desk.by.may(Permission.CONVERSATIONS_WRITE, shop),
        may_recall=desk.by.may(Permission.CHASING_WRITE, shop),
    )
