"""Papers of one order, to print: its packing slip, or its shipping label in one of two sizes."""

import re

import msgspec
from litestar import Response, post
from litestar.params import FromPath, URLEncodedBody

from zhanggui.actions.papers.making import Wanted, make_papers
from zhanggui.actions.refused import Refused
from zhanggui.core.say import say
from zhanggui.papers.geometry import SIZES
from zhanggui.papers.shapes import Paper
from zhanggui.workbench.desk import AtDesk, shop_number

_ODD = re.compile(r"[^0-9A-Za-z-]+", re.ASCII)


class PaperForm(msgspec.Struct, frozen=True):
    """Which paper: `packing`, or a label by its size."""

    paper: str = ""


@post("/shops/{shop_id:int}/orders/{order_no:str}/papers", sync_to_thread=True, status_code=200)
def make_paper(desk: AtDesk, shop_id: FromPath[int], order_no: FromPath[str], data: URLEncodedBody[PaperForm]) -> Response[bytes]:
    """Makes the paper and hands it over as a file."""
    if data.paper not in {Paper.PACKING.value, *SIZES}:
        raise Refused(say("There is no such paper."))
    size = data.paper if data.paper in SIZES else None
    wanted = Wanted(paper=Paper.PACKING if size is None else Paper.LABEL, size=size or "76x130", order_nos=(order_no,))
    made = make_papers(desk.house, desk.by, shop_number(shop_id), wanted, desk.now)
    if made.not_made:
        raise Refused(made.not_made[0].because)
    name = f"{wanted.paper.value}-{_ODD.sub('', order_no)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type="application/pdf", headers=headers)
