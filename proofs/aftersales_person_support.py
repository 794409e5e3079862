"""A person of the shop: opens and counts the returns that arrive, and does by hand what the house leaves to people, as its pages say, at the pages."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from proofs.aftersales_hands_support import Hands, attribute
from proofs.aftersales_house_support import Lived
from zhanggui.emulator.doors.deeds import Deed, Done, do
from zhanggui.emulator.world.cases import PLATFORM_LOOKS, Case
from zhanggui.emulator.world.objecting import Parcel
from zhanggui.emulator.world.orders import SHIPPED
from zhanggui.emulator.world.sending import Objection

OPENS, CLOSES = 8, 22
"""The hours of China in which somebody is there."""
GRADES = {"as_new": "as_new", "opened": "opened", "worn": "worn", "damaged": "came_damaged", "short": "as_new"}
SENT_BY_HOUSE = frozenset({"cancel_shipping_and_refund", "agree_refund", "refund_return", "agree_return", "give_away"})
FORM = "订单已按约定发货，附发货称重、物流轨迹及沟通记录，情况如上，请平台核实。"
CASE = re.compile(r'href="/shops/\d+/aftersales/(\d+)"')
OUTCOME = re.compile(r'action="(/shops/\d+/steps/\d+/outcome)"')
Told = dict[str, object]
BY_HAND: Mapping[str, tuple[str, Told]] = {
    "refuse": ("rejects", {"reason": "与事实不符，见凭证"}),
    "resend": ("proposes", {"reason": "resend", "text": "为您补发"}),
    "hand_in_evidence": ("shows", {"text": FORM, "pictures": 3}),
    "ask_buyer": ("asks", {}),
    "intercept": ("recalls", {}),
}
"""What the page advises and no method of the platform can do: the act in the back office."""


class Person:
    """Whoever is in the shop; `counts` tells what was done."""

    def __init__(self, shop: Lived, hands: Hands) -> None:
        self.shop, self.world = shop, shop.world
        self.hands = hands
        self.counts: Counter[str] = Counter()
        self._counted: set[int] = set()
        self._done: set[tuple[int, int, str]] = set()

    def __call__(self, _: Lived) -> None:
        """Two hours of work, if the shop is open."""
        hour = (datetime.fromtimestamp(self.world.now, UTC).hour + 8) % 24
        if OPENS <= hour < CLOSES:
            self._counts_returns()
            self._works_off()

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

    def _works_off(self) -> None:
        """Every case on the page of after-sales that waits for somebody, as its own page advises."""
        for number in dict.fromkeys(CASE.findall(self.hands.open(f"/aftersales?shop={self.shop.seat.shop_id}"))):
            case = self.world.cases.get(int(number))
            if case is not None and case.is_open and not (case.return_number and not case.return_signed_at):
                self._answers(case)  # a return that is still on its way, as the list says, is left to travel

    def _answers(self, case: Case) -> None:
        """One case: sent through the house where it offers that, else made ready as a step, done in the back office, and its outcome kept."""
        shop_id = self.shop.seat.shop_id
        base = f"/shops/{shop_id}/aftersales/{case.case_id}"
        page = self.hands.open(base)
        advised, amount = attribute(page, "data-act"), attribute(page, "data-amount")
        key = (case.case_id, case.status, advised)
        if not advised or key in self._done:
            return
        self.counts[f"advised: {advised}"] += 1
        if advised in SENT_BY_HOUSE and f'action="/shops/{shop_id}/acts"' in page:
            self._done.add(key)
            self.hands.send(f"/shops/{shop_id}/acts", {})
            self.counts["sent through the house"] += 1
            return
        is_step = f'action="{base}/steps"' in page
        if is_step:
            page = self.hands.send(f"{base}/steps", {})
        if self._in_back_office(case, advised, amount):
            self._done.add(key)
            self._keeps_outcome(base, page, advised)

    def _keeps_outcome(self, base: str, page: str, advised: str) -> None:
        """Say on the page that it was entered, or that the buyer was asked."""
        step = OUTCOME.search(page)
        if advised == "ask_buyer":
            self.hands.send(f"{base}/asked", {})
        elif step is not None:
            self.hands.send(step[1], {"note": ""}, button=("outcome", "outcome_entered"))
            self.counts["guided steps followed"] += 1

    def _in_back_office(self, case: Case, advised: str, amount: str) -> bool:
        """Whether it was done by hand."""
        if advised in BY_HAND:
            act, told = BY_HAND[advised]
            return self.by_hand(act, case, **told) is not None
        match advised:
            case "offer_partial" | "refund_counted" if amount.isdigit():
                return self.by_hand("offers", case, fen=int(amount), text="协商部分退款") is not None
            case "give_away":
                return self.by_hand("offers", case, fen=case.amount or self.world.orders.paid(case.row), text="不用退回，直接退款") is not None
            case "agree_refund" if case.status == PLATFORM_LOOKS:
                return self.by_hand("gives_in", case) is not None
            case "offer_return":
                return self._wants_back(case)
            case "agree_exchange":
                return self._sends_again(case)
        return False

    def _wants_back(self, case: Case) -> bool:
        """Under way the buyer may refuse the parcel; later they may send it back."""
        if self.world.orders.status[case.row] == SHIPPED:
            return self.by_hand("agrees_if_refused", case) is not None
        return self.by_hand("proposes", case, reason="return", text="请退货退款") is not None

    def _sends_again(self, case: Case) -> bool:
        """An exchange waits for the goods first, a repair too."""
        match case.status:
            case 14 if not case.return_number:
                return self.by_hand("lets_return", case) is not None
            case 21:
                return self.by_hand("agrees_to_repair", case) is not None
            case 22:
                return self.by_hand("sends_repaired", case) is not None
        return self.by_hand("replaces", case) is not None
