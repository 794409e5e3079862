"""Tracking text pasted by a person: an import of its own kind, so that it can be undone like any other."""

from datetime import datetime

from zhanggui.actions.access import shops_with
from zhanggui.actions.house import House
from zhanggui.actions.intake.looking import batch_view
from zhanggui.actions.intake.mending import store_by_hand
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView
from zhanggui.connectors.files.pasted import read_scans
from zhanggui.core.deadlines import SubjectKind
from zhanggui.core.facts import Place, ScanFacts, Sighting
from zhanggui.core.say import say
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import around, batches, journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries import ScansPasted

_GIVEN = frozenset({"carrier", "stage"})
PROFILE = "pasted"
LONGEST = 100_000
"""A parcel's whole history has a few thousand characters."""


def paste_scans(house: House, by: Person, shop_id: ShopId, order_no: str, text: str, now: datetime, *, tracking_no: str | None = None) -> BatchView:
    """Stores the tracking events in the text for the order's parcel. Raises Refused where the order has no parcel or no line can be read."""
    by.need(Permission.SCANS_WRITE, shop_id)
    if len(text) > LONGEST:
        raise Refused(say("The text is longer than {longest} characters. Paste the tracking of this parcel alone.", longest=LONGEST))

    def work(tx: Tx) -> BatchView:
        known = around.orders(tx, shop_id, [order_no]).get(order_no)
        if known is None:
            raise NotAllowed(Permission.SCANS_WRITE.value)
        parcel = tracking_no or known.facts.tracking_no
        if not parcel:
            raise Refused(say("The order has no parcel number yet. Import it with its parcel number first."))
        scans = read_scans(text, carrier=known.facts.carrier, tracking_no=parcel, now=now)
        if not scans:
            raise Refused(say("No line of the text could be read as a tracking event: each needs a date, a time and a text."))
        batch_id = store_by_hand(house, tx, by, shop_id, _sightings(scans), now, now, profile=PROFILE)
        entry = ScansPasted(parcel, len(scans))
        journal.write(tx, shop_id, entry, at=now, by=by.person_id, subject_kind=SubjectKind.ORDER.value, subject_no=order_no)
        shop = shops_with(tx, by, Permission.SCANS_WRITE, [shop_id])[shop_id]
        record = batches.one(tx, shop_id, batch_id)
        assert record is not None
        return batch_view(record, shop.name)

    return transact(house.pool, work)


def _sightings(scans: list[ScanFacts]) -> list[Sighting[ScanFacts]]:
    """What a paste tells: every event's stage, and the carrier where it is known."""
    return [Sighting(scan, _GIVEN, Place(PROFILE, row=number)) for number, scan in enumerate(scans, start=1)]
