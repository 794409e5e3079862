"""What a message with the report of a week says, worded when it leaves: the figures as text, and the PDF where it can be typeset."""

from datetime import datetime

from zhanggui.actions.alerting.wording import Worded
from zhanggui.actions.house import House
from zhanggui.actions.overview.mailing import is_timely, reader_of, week_named
from zhanggui.actions.overview.reporting import printed
from zhanggui.actions.overview.seeing import overview
from zhanggui.actions.overview.wording import lines_of
from zhanggui.connectors.notify.letters import Attached
from zhanggui.connectors.notify.services import Service
from zhanggui.core.periods import week_name
from zhanggui.core.say import say
from zhanggui.papers.trouble import PaperTrouble
from zhanggui.people.permissions import ShopId
from zhanggui.records.alert_channels import StoredChannel
from zhanggui.records.db import Tx
from zhanggui.words import load


def report_worded(tx: Tx, house: House, shop_id: ShopId, channel: StoredChannel, once: str, now: datetime) -> Worded | None:
    """The message; None where it is for nobody any more."""
    week, by = week_named(once), reader_of(tx, shop_id, channel)
    if week is None or by is None or not is_timely(week, now):
        return None
    words, seen = load(channel.language), overview(house, by, shop_id, week, now)
    title, text = lines_of(seen, words)
    attached: tuple[Attached, ...] = ()
    if channel.service == Service.EMAIL:
        try:
            attached = (Attached(f"{week_name(week)}.pdf", "application/pdf", printed(seen, words)),)
        except PaperTrouble as trouble:
            text += "\n\n" + words.render(say("The report as PDF is missing: {reason}", reason=words.render(trouble.say)))
    told: dict[str, object] = {"week": week_name(week), "orders": seen.sales.orders, "paid_fen": seen.sales.paid}
    saved, lost = (None, None) if seen.clocks is None else (seen.clocks.saved, seen.clocks.lost)
    told |= {"saved_fen": saved, "lost_fen": lost, "reviews": seen.stars.reviews, "bad_reviews": seen.stars.bad}
    return Worded(title, text, {"kind": "report", "shop": seen.shop.name} | told, attached)
