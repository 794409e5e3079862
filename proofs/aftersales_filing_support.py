"""What a person of the shop hands in and files: evidence once the platform looks at a case, appeals, complaints, claims on carriers; all of it on the house's
pages, and in the emulator's back office as those say. A colleague signs for evidence.
"""

import io
import random
import re
from collections import Counter
from collections.abc import Iterator

from PIL import Image

from proofs.aftersales_hands_support import ALL, File, Hands, further, rows_of, step_with
from proofs.aftersales_house_support import Lived
from zhanggui.emulator.doors.deeds import Deed, Done, do
from zhanggui.emulator.world.cases import PLATFORM_LOOKS, Case
from zhanggui.emulator.world.objecting import ABNORMAL, INSTANT, MALICIOUS
from zhanggui.emulator.world.sending import Objection

DAY = 86400
PICTURES = ("发货打包称重.jpg", "面单与物流签收.jpg", "与买家聊天记录.jpg")
"""Three pictures every shop can take: what each shows stands in its name. Where fewer are proposed the places left are filled with the others."""
WORDS = "订单已按约定发货，附发货称重、物流轨迹及沟通记录，情况如上，请平台核实。"
HEARD_WITHIN = 6 * DAY
"""Whoever has heard nothing for so long has lost."""
KINDS = {"wrongful_instant_refund": INSTANT, "abnormal_return": ABNORMAL, "malicious_order": MALICIOUS}
"""The register's kinds, as the back office calls them."""
DISPUTE = re.compile(r'href="(/shops/\d+/disputes/\d+)">(\d+)</a>')
STATE = re.compile(r'<span class="chip[^"]*">([^<]+)</span>')
CONTESTED = re.compile(r"/contest_refund\?no=(\d+)")
STEP = re.compile(r'action="(/shops/\d+/(?:complaints|claims)/\d+/step)"')
ORDER_NO = re.compile(r">(\d{6}-\d+)</a>")


class Filing:
    """The shop's evidence, complaints and claims; `counts` tells what was done."""

    def __init__(self, shop: Lived, hands: Hands, colleague: Hands, counts: Counter[str]) -> None:
        self.shop, self.world, self.shop_id = shop, shop.world, shop.seat.shop_id
        self.hands, self.colleague = hands, colleague
        self.counts = counts
        self._seen: dict[str, str] = {}
        self._shown: set[str] = set()
        self._waiting: dict[str, int] = {}
        self.damaged: list[Case] = []
        self.settled: set[int] = set()

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

    def keeps_evidence(self, order_no: str) -> bool:
        """Brings the picture of packing and weighing into the vault, once an order; whether it was brought now."""
        if order_no in self._shown:
            return False
        self._shown.add(order_no)
        path = f"/shops/{self.shop_id}/orders/{order_no}"
        self.hands.open(path)
        self.hands.send(f"{path}/evidence", {"note": "发货打包称重"}, files=[picture(order_no, 0)])
        self.counts["pictures brought into the vault"] += 1
        return True

    # What the platform looks at

    def answers_platform(self) -> None:
        """Every dispute whose state is another than when it was last looked at."""
        for row in self._listed(f"/complaints?view=disputes&shop={self.shop_id}"):
            named, state = DISPUTE.search(row), STATE.search(row)
            case = None if named is None else self.world.cases.get(int(named[2]))
            if named is None or state is None or case is None or self._is_known(named[1], state[1]):
                continue
            self._takes_up(named[1], case)

    def _is_known(self, what: str, state: str) -> bool:
        """Whether it stood like this already; what awaits an answer is looked at again once there may be one."""
        is_same = self._seen.get(what) == state and not self._has_heard(what)
        self._seen[what] = state
        return is_same

    def _takes_up(self, path: str, case: Case) -> None:
        """One dispute, as far as it goes today."""
        page = self.hands.open(path)
        if f'action="{path}/choice"' in page:
            page = self._hands_in(path, case, page)
        if case.case_id in self.settled and 'value="dispute.agree"' in page:
            self.hands.send(f"{path}/word", {}, button=("event", "dispute.agree"))
        elif f'action="{path}/appeal"' in page:
            self._appeals(path, case)
        elif 'value="dispute.win_appeal"' in page and self._has_heard(path):
            won = self.world.hidden.appeals.get(case.case_id, False)
            self.hands.send(f"{path}/word", {}, button=("event", "dispute.win_appeal" if won else "dispute.lose_appeal"))
            self._waiting.pop(path)
            self.counts[f"appeals {'won' if won else 'lost'}"] += 1

    def _appeals(self, path: str, case: Case) -> None:
        """An appeal is made ready, handed in, and noted; where the platform takes none it is left as it is."""
        if not case.is_disputed or self.by_hand("appeals", case, text=WORDS, pictures=len(PICTURES)) is None:
            self.hands.send(f"{path}/word", {}, button=("event", "dispute.accept"))
            return
        self._enters(self.hands.send(f"{path}/appeal", {}))
        self._waiting[path] = self.world.now

    def _enters(self, page: str) -> str:
        """Notes that what the step says was entered in the back office."""
        step = step_with(page, "outcome_entered")
        return page if step is None else self.hands.send(step, {"note": ""}, button=("outcome", "outcome_entered"))

    def _has_heard(self, what: str) -> bool:
        return what in self._waiting and self.world.now - self._waiting[what] > HEARD_WITHIN

    def _hands_in(self, path: str, case: Case, page: str) -> str:
        """Pictures into the vault, three chosen, signed by a colleague, handed in once; the page as it stands then."""
        lacks = len(PICTURES) - page.count('name="images"')
        if lacks > 0:
            self.hands.send(f"{path}/pictures", {}, files=[picture(path, place) for place in range(len(PICTURES))][-lacks:])
        self.hands.send(f"{path}/choice", {"images": ALL})
        self.colleague.open(path)
        self.colleague.send(f"{path}/signature", {})
        page = self.hands.open(path)
        pictures = page.count('" download>')
        if case.status == PLATFORM_LOOKS and self.by_hand("shows", case, text=WORDS, pictures=pictures) is not None:
            page = self._enters(page)
            self.counts[f"evidence handed in with {pictures} pictures"] += 1
        return page

    # What is filed

    def files(self) -> None:
        """Once a day: complaints about refunds at once, returns and malice, then claims on carriers."""
        for number in CONTESTED.findall(self.hands.open(f"/today?shop={self.shop_id}&kind=contest_refund")):
            self._complains(number)
        malice = self.hands.open(f"/complaints?view=malice&shop={self.shop_id}")
        if 'name="picked"' in malice and " checked" in malice:
            self.hands.send(f"/shops/{self.shop_id}/complaints/malicious", {})
        self._works_register()
        self._claims()

    def _complains(self, case_no: str) -> None:
        case = self.world.cases.get(int(case_no))
        if case is None or f"instant {case_no}" in self._seen:
            return
        self._seen[f"instant {case_no}"] = ""
        self.hands.open(f"/complaints?view=register&shop={self.shop_id}")
        told = {"kind": "wrongful_instant_refund", "order_no": self.world.order_sn(case.row), "case_no": case_no}
        told |= {"because": "商品已签收，买家未退回", "at_stake": in_yuan(case.amount)}
        self.hands.send(f"/shops/{self.shop_id}/complaints", told)

    def _works_register(self) -> None:
        """File what is to be filed, and note what became of what was."""
        start = f"/complaints?view=register&shop={self.shop_id}"
        words = {title: kind for kind, title in re.findall(r'<option value="(\w+)">([^<]+)</option>', self.hands.open(start))}
        for row in self._listed(start):
            named, step = re.search(r"<h2[^>]*>([^<]+)</h2>", row), STEP.search(row)
            case = self._case_in(row)
            about = KINDS.get(words.get(named[1].strip(), "")) if named else None
            if step is None or case is None or about is None or case.is_open:
                continue  # the platform hears of it once the case is over
            if 'value="complaint.file"' in row:
                filed = self.by_hand("complains", case, reason=about, pictures=len(PICTURES)) is not None
                self._tells(start, step[1], "complaint.file" if filed else "complaint.drop")
                if filed:
                    self._waiting[step[1]] = self.world.now
            elif 'value="complaint.win"' in row:
                self._hears(start, step[1], case, about)

    def _hears(self, start: str, step: str, case: Case, about: str) -> None:
        """The platform has answered a complaint, or has been silent for too long."""
        if (case.case_id, about) in self.world.hidden.won:
            self._tells(start, step, "complaint.win", got=in_yuan(case.amount) if about != MALICIOUS else "")
            self.counts[f"complaints won: {about}"] += 1
        elif self._has_heard(step):
            self._tells(start, step, "complaint.lose")
            self.counts[f"complaints lost: {about}"] += 1

    def _claims(self) -> None:
        """Parcels that are lost or were broken on the way are claimed from their carriers, each claim step by step."""
        start = f"/chase?view=claims&shop={self.shop_id}"
        for case in self.damaged:
            self.hands.open(start)
            told = {"order_no": self.world.order_sn(case.row), "loss": "damaged", "freight": ""}
            self.hands.send(f"/shops/{self.shop_id}/claims", told)
        self.damaged.clear()
        page = self.hands.open(start)
        while 'name="loss" value="lost"' in page:
            before = page.count('name="loss" value="lost"')
            page = self.hands.send(f"/shops/{self.shop_id}/claims", {}, button=("loss", "lost"))
            if page.count('name="loss" value="lost"') >= before:
                break  # the page said no: the rest is for tomorrow
        for row in self._listed(start):
            step, about = STEP.search(row), self._case_in(row)
            if step is not None and about is not None and 'value="claim.file"' in row:
                self._files_claim(start, step[1], about)

    def _files_claim(self, start: str, step: str, case: Case) -> None:
        """The carrier answers at once: it pays, or does not."""
        done = self.by_hand("claims", case)
        if done is None:
            self._tells(start, step, "claim.drop")
            return
        self._tells(start, step, "claim.file")
        self.counts["claims paid" if done.fen else "claims refused"] += 1
        if done.fen:
            self._tells(start, step, "claim.pay", amount=in_yuan(done.fen))
        else:
            self._tells(start, step, "claim.refuse")

    # Pages

    def _tells(self, start: str, step: str, event: str, **told: str) -> None:
        """Presses the button of the step; where the list has moved it is looked for."""
        path = start
        while path:
            page = self.hands.open(path)
            if f'action="{step}"' in page and f'value="{event}"' in page:
                self.hands.send(step, told, button=("event", event))
                return
            path = further(page)

    def _listed(self, path: str) -> Iterator[str]:
        """The rows of a list, page by page."""
        pages = []
        while path:
            pages.append(self.hands.open(path))
            path = further(pages[-1])
        return iter([row for page in pages for row in rows_of(page)])

    def _case_in(self, row: str) -> Case | None:
        """The case a row names; else the newest of the order it names."""
        named = ORDER_NO.search(row)
        place = None if named is None else self.world.row_of(named[1])
        cases = [] if place is None else [self.world.cases.get(ident) for ident in self.world.orders.cases.get(place, ())]
        return next((case for case in reversed(cases) if case is not None), None)


def in_yuan(fen: int) -> str:
    """A sum as it is typed."""
    return f"{fen / 100:.2f}"


def picture(of: str, place: int) -> File:
    """A picture of the shop's own, unlike any other."""
    drawn = random.Random(f"{of} {place}").randbytes(12 * 9 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (12, 9), drawn).resize((800, 600), Image.Resampling.NEAREST).save(out, "JPEG", quality=60)
    return PICTURES[place], out.getvalue()
