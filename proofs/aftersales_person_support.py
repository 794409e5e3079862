"""A person of the shop: opens and counts the returns that arrive, and does by hand what the house leaves to people, as its pages say, at the pages."""

from collections import Counter
from datetime import UTC, datetime

from proofs.aftersales_hands_support import FormHands, Hands
from proofs.aftersales_house_support import Lived
from tests.site_client import make_app
from zhanggui.emulator.doors.deeds import Deed, Done, do
from zhanggui.emulator.world.cases import Case
from zhanggui.emulator.world.objecting import Parcel
from zhanggui.emulator.world.sending import Objection

OPENS, CLOSES = 8, 22
"""The hours of China in which somebody is there."""
GRADES = {"as_new": "as_new", "opened": "opened", "worn": "worn", "damaged": "came_damaged", "short": "as_new"}


class Person:
    """Whoever is in the shop; `counts` tells what was done."""

    def __init__(self, shop: Lived, hands: Hands | None = None) -> None:
        self.shop, self.world = shop, shop.world
        self.hands: Hands = hands or FormHands(make_app(shop.house), shop.people.lin)
        self.counts: Counter[str] = Counter()
        self._counted: set[int] = set()

    def __call__(self, _: Lived) -> None:
        """Two hours of work, if the shop is open."""
        hour = (datetime.fromtimestamp(self.world.now, UTC).hour + 8) % 24
        if OPENS <= hour < CLOSES:
            self._counts_returns()

    def by_hand(self, act: str, case: Case, **told: object) -> Done | None:
        """Do something in the back office or at the packing table; None where the platform objects."""
        deed = Deed(act=f"seller.{act}", after_sales_id=case.case_id, **told)  # type: ignore[arg-type]  # the deed's own fields
        try:
            done = do(self.shop.platform, deed)
        except Objection as objection:
            self.counts[f"the back office objected: {act} {objection.code}"] += 1
            return None
        self.shop.platform.note(f"back_office.{act}", {"after_sales_id": str(case.case_id)}, "ok", effects=(f"seller.{act}:{case.case_id}",))
        self.counts[f"by hand: {act}"] += 1
        return done

    def _counts_returns(self) -> None:
        """Every parcel the postman has brought is scanned, opened and counted."""
        for case in self.world.cases.each():
            if case.return_signed_at and case.case_id not in self._counted and case.is_open:
                self._counted.add(case.case_id)
                done = self.by_hand("opens", case)
                if done is not None and done.parcel is not None:
                    self._counts(case, done.parcel)

    def _counts(self, case: Case, parcel: Parcel) -> None:
        shop_id = self.shop.seat.shop_id
        page = self.hands.open(f"/returns?shop={shop_id}&code={case.return_number}")
        if f'action="/shops/{shop_id}/returns"' not in page or "data-grade" not in page:
            self.counts["returns that no page knew"] += 1
            return
        told, grades, button = {"weight": f"{parcel.weight} g"}, {}, ("all", "")
        if not parcel.pieces:
            button = ("all", "empty")
        elif parcel.content == "wrong":
            told |= {"other": "别的商品", "other_pieces": str(parcel.pieces)}
        else:
            grades = {GRADES[parcel.content]: parcel.pieces}
        self.hands.send(f"/shops/{shop_id}/returns", told, grades, button)
        self.counts[f"returns counted: {parcel.content}"] += 1
