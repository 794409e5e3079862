"""The report of a time as a file."""

import os
from datetime import datetime
from pathlib import Path

from zhanggui.actions.house import House
from zhanggui.actions.overview.seeing import overview
from zhanggui.actions.overview.shapes import Overview
from zhanggui.actions.overview.wording import report_of
from zhanggui.actions.papers.making import FONTS_NAMED_BY
from zhanggui.actions.refused import Refused
from zhanggui.core.periods import Period
from zhanggui.core.say import say
from zhanggui.papers.reports import report_pdf
from zhanggui.papers.trouble import PaperTrouble
from zhanggui.people.permissions import Person, ShopId
from zhanggui.words import Catalog


def report(house: House, by: Person, shop_id: ShopId, period: Period, now: datetime, words: Catalog) -> bytes:
    """The report of the period as PDF, in this language. Raises Refused before it has begun, and where nothing can be typeset."""
    if period.since > now:
        raise Refused(say("These days are still to come. Ask for a time that has begun."))
    try:
        return printed(overview(house, by, shop_id, period, now), words)
    except PaperTrouble as trouble:
        raise Refused(trouble.say) from None


def printed(seen: Overview, words: Catalog) -> bytes:
    """The overview on paper. Raises PaperTrouble."""
    fonts = Path(named) if (named := os.environ.get(FONTS_NAMED_BY)) else None
    return report_pdf(report_of(seen, words), made_at=seen.made_at, fonts=fonts)
