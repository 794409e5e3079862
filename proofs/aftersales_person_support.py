"""A person of the shop: opens and counts the returns that arrive, and does by hand what the house leaves to people, as its pages say, at the pages."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape

from proofs.aftersales_filing_support import Filing
from proofs.aftersales_hands_support import Hands, attribute, further_of_band, rows_of, step_with
from proofs.aftersales_house_support import Lived
from zhanggui.emulator.world.cases import DONE, PLATFORM_LOOKS, REJECTED, Case
from zhanggui.emulator.world.objecting import Parcel
from zhanggui.emulator.world.orders import SHIPPED

OPENS, CLOSES = 8, 22
"""The hours of China in which somebody is there."""
GRADES = {"as_new": "as_new", "opened": "opened", "worn": "worn", "damaged": "came_damaged", "short": "as_new"}
SENT_BY_HOUSE = frozenset({"cancel_shipping_and_refund", "agree_refund", "refund_return", "agree_return", "give_away"})
CASE = re.compile(r'href="/shops/\d+/aftersales/(\d+)"')
STEP_TOLD = re.compile(r'<td class="c-goods"><span class="strong">([^<]+)</span>')
TODO = re.compile(r"/todos/aftersale/(?:answer_refund|inspect_return)\?no=(\d+)")
DAMAGED = "破损"
Told = dict[str, object]
BY_HAND: Mapping[str, tuple[str, Told]] = {
    "refuse": ("rejects", {"reason": "与事实不符，见凭证"}),
    "resend": ("proposes", {"reason": "resend", "text": "为您补发"}),
    "ask_buyer": ("asks", {}),
    "intercept": ("recalls", {}),
}
"""What the page advises and no method of the platform can do: the act in the back office."""


class Person:
    """Whoever is in the shop; `counts` tells what was done."""

    def __init__(self, shop: Lived, hands: Hands, colleague: Hands) -> None:
        self.shop, self.world = shop, shop.world
        self.hands = hands
        self.counts: Counter[str] = Counter()
        self.filing = Filing(shop, hands, colleague, self.counts)
        self.by_hand = self.filing.by_hand
        self._counted: set[int] = set()
        self._done: set[tuple[int, int, bool, str]] = set()
        self._damaged: set[int] = set()
        self._offered: dict[str, Case] = {}
        self._looked_at: dict[str, tuple[int, bool, str]] = {}

    def __call__(self, _: Lived) -> None:
        """Two hours of work, if the shop is open; what is filed, and what was left as it was, in the first of them."""
        hour = (datetime.fromtimestamp(self.world.now, UTC).hour + 8) % 24
        if not OPENS <= hour < CLOSES:
            return
        if hour < OPENS + 2:
            self._looked_at.clear()
            self.filing.files()
            self._hears_buyers()
        self._counts_returns()
        self._works_off()
        self.filing.answers_platform()

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
        """Every case on the page of after-sales that waits for somebody, as its own page advises; one that stands as it stood today is left."""
        for number, step in self._waiting():
            case = self.world.cases.get(int(number))
            if case is None or not case.is_open or (case.return_number and not case.return_signed_at):
                continue  # a return that is still on its way, as the list says, is left to travel
            stands = (case.status, bool(case.return_signed_at), step)
            if self._looked_at.get(number) != stands:
                self._looked_at[number] = stands
                self._answers(case)

    def _waiting(self) -> Iterator[tuple[str, str]]:
        """The cases of the list, each with its next step; the rest of a long list stands on Today."""
        page = self.hands.open(f"/aftersales?shop={self.shop.seat.shop_id}")
        found = {named[1]: STEP_TOLD.search(row) for row in rows_of(page) if (named := CASE.search(row))}
        for more in re.findall(r'href="(/today\?band=[^"]+)"', page):
            path = unescape(more)
            while path:
                page = self.hands.open(path)
                found |= {number: None for number in TODO.findall(page) if number not in found}
                path = further_of_band(page)
        return iter([(number, told[1] if told else "") for number, told in found.items()])

    def _answers(self, case: Case) -> None:
        """One case: sent through the house where it offers that, else made ready as a step, done in the back office, and its outcome kept."""
        shop_id = self.shop.seat.shop_id
        base = f"/shops/{shop_id}/aftersales/{case.case_id}"
        page = self._page_of(case, base)
        advised, amount = attribute(page, "data-act"), attribute(page, "data-amount")
        key = (case.case_id, case.status, bool(case.return_signed_at), advised)
        if not advised or key in self._done:
            return
        self.counts[f"advised: {advised}"] += 1
        if advised == "hand_in_evidence":
            return  # on the page of the dispute
        if advised in SENT_BY_HOUSE and f'action="/shops/{shop_id}/acts"' in page:
            self._done.add(key)
            self.hands.send(f"/shops/{shop_id}/acts", {})
            self.counts["sent through the house"] += 1
            return
        if f'action="{base}/steps"' in page and f'name="act" value="{advised}"' in page:
            page = self.hands.send(f"{base}/steps", {})
        if self._in_back_office(case, advised, amount):
            self._done.add(key)
            self._keeps_outcome(base, page, advised, case)

    def _page_of(self, case: Case, base: str) -> str:
        """The page of a case, with a picture of its packing in the vault where one may have to defend oneself."""
        page = self.hands.open(base)
        if 'data-answer="refuse"' not in page or not case.was_shipped:
            return page
        if DAMAGED in case.reason and case.pictures and case.case_id not in self._damaged:
            self._damaged.add(case.case_id)
            self.filing.damaged.append(case)
        if self.filing.keeps_evidence(self.world.order_sn(case.row)):
            page = self.hands.open(base)
        return page

    def _keeps_outcome(self, base: str, page: str, advised: str, case: Case) -> None:
        """Say on the page that it was entered, or that the buyer was asked."""
        step = step_with(page, "outcome_entered")
        if advised == "ask_buyer":
            self.hands.send(f"{base}/asked", {})
        elif step is not None:
            self.hands.send(step, {"note": ""}, button=("outcome", "outcome_entered"))
            self.counts["guided steps followed"] += 1
            self._offered[base] = case

    def _hears_buyers(self) -> None:
        """What buyers said to what was offered to them, once their cases show it."""
        for base, case in list(self._offered.items()):
            if case.status == REJECTED:
                continue
            del self._offered[base]
            said = "outcome_accepted" if case.status == DONE or (case.is_open and case.status != PLATFORM_LOOKS) else "outcome_declined"
            step = step_with(self.hands.open(base), said, but="outcome_entered")
            if step is not None:
                self.hands.send(step, {}, button=("outcome", said))
                self.counts[f"told on the page: {said}"] += 1

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
                self.filing.settled.add(case.case_id)
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
