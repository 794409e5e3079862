"""A round of practice: the pretended buyer chats, a person answers, and the grade stands under each answer once it is over."""

import msgspec
from litestar import get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from zhanggui.actions.quality.practising import answer_round, begin_round, end_round, round_seen
from zhanggui.people.permissions import Permission
from zhanggui.workbench.desk import AtDesk, back_to, shop_number

ROUNDS = "/shops/{shop_id:int}/practice"
ROUND = ROUNDS + "/{round_no:int}"


class BeginForm(msgspec.Struct, frozen=True):
    """With whom to practise; whoever comes where nothing is chosen."""

    want: str = ""
    temper: str = ""


class AnswerForm(msgspec.Struct, frozen=True):
    """What the buyer is answered."""

    text: str = ""


@post(ROUNDS, sync_to_thread=True)
def begin_practice(desk: AtDesk, shop_id: FromPath[int], data: URLEncodedBody[BeginForm]) -> Redirect:
    """A new round begins."""
    round_no = begin_round(desk.house, desk.by, shop_number(shop_id), desk.now, want=data.want, temper=data.temper)
    return back_to(_path(shop_id, round_no))


@get(ROUND, sync_to_thread=True)
def practice_page(desk: AtDesk, shop_id: FromPath[int], round_no: FromPath[int]) -> Template:
    """The round; to htmx its talk alone, which looks after itself while the round goes on."""
    shop = shop_number(shop_id)
    seen = round_seen(desk.house, desk.by, shop, round_no, desk.now)
    mine = seen.row.person_id == desk.by.person_id and desk.by.may(Permission.CONVERSATIONS_WRITE, shop)
    template = "quality/talk.html" if desk.is_fragment else "quality/round.html"
    headers = {"HX-Refresh": "true"} if desk.is_fragment and seen.is_ended else None
    return desk.page(template, headers=headers, shop_id=shop_id, seen=seen, path=_path(shop_id, round_no), mine=mine)


@post(ROUND + "/answers", sync_to_thread=True)
def answer_practice(desk: AtDesk, shop_id: FromPath[int], round_no: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Redirect:
    """The buyer is answered."""
    answer_round(desk.house, desk.by, shop_number(shop_id), round_no, data.text, desk.now)
    return back_to(_path(shop_id, round_no))


@post(ROUND + "/end", sync_to_thread=True)
def end_practice(desk: AtDesk, shop_id: FromPath[int], round_no: FromPath[int]) -> Redirect:
    """The round ends and is graded."""
    end_round(desk.house, desk.by, shop_number(shop_id), round_no, desk.now)
    return back_to(_path(shop_id, round_no))


def _path(shop_id: int, round_no: int) -> str:
    return f"/shops/{shop_id}/practice/{round_no}"
