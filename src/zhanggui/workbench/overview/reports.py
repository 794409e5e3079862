"""The report of a week as a file, and through which channels it is sent."""

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from zhanggui.actions.overview.mailing import put_report_channel
from zhanggui.actions.overview.reporting import report
from zhanggui.core.periods import week_in
from zhanggui.workbench.desk import AtDesk, back_to, shop_number
from zhanggui.workbench.overview.places import HERE


class ChannelForm(msgspec.Struct, frozen=True):
    """Whether the channel carries the report."""

    on: str = ""


@get("/shops/{shop_id:int}/reports/{week:str}", sync_to_thread=True)
def week_report(desk: AtDesk, shop_id: FromPath[int], week: FromPath[str]) -> Response[bytes]:
    """The report of that week, in the reader's language."""
    period = week_in(week)
    if period is None:
        raise NotFoundException
    content = report(desk.house, desk.by, shop_number(shop_id), period, desk.now, desk.words)
    headers = {"Content-Disposition": f'attachment; filename="{week}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@post("/shops/{shop_id:int}/report_channels/{channel_no:int}", sync_to_thread=True)
def put_report_way(desk: AtDesk, shop_id: FromPath[int], channel_no: FromPath[int], data: URLEncodedBody[ChannelForm]) -> Redirect:
    """The report goes through this channel from now on, or no more."""
    put_report_channel(desk.house, desk.by, shop_number(shop_id), channel_no, desk.now, is_on=bool(data.on))
    return back_to(HERE, shop=shop_id, done="kept")
