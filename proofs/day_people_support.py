"""The two people of a working day, at their own browsers: whoever prints and hands over, and whoever packs. Every key they press is counted."""

import time
from collections import Counter
from dataclasses import dataclass, field

from playwright.sync_api import Error, Page

SETTLED = "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling') && document.activeElement === document.querySelector('[data-scan]')"


@dataclass
class Hands:
    """One person's hands: what they pressed, by what for, and how often they scanned."""

    page: Page
    address: str
    keys: Counter[str] = field(default_factory=Counter)
    scans: int = 0
    wrong: int = 0

    def open(self, path: str) -> None:
        """Opens a page by its address, as a bookmark or a link does."""
        self.page.goto(self.address + path, wait_until="load")

    def press(self, key: str, what: str) -> None:
        """Presses a key, where nothing follows that has to be waited for."""
        self.keys[what] += 1
        self.page.keyboard.press(key)

    def sends(self, key: str, what: str) -> None:
        """Presses a key that sends a form, and waits for the page that answers."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(key, what)

    def scan(self, code: str) -> str:
        """Scans a code as a keyboard-wedge scanner types it, and reads the colour of the answer."""
        self.scans += 1
        self.page.keyboard.type(code)
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/ship/pack")):
            self.page.keyboard.press("Enter")
        self.until(SETTLED)
        return self.tone

    def until(self, told: str, seconds: float = 20) -> None:
        """Waits until this is so on the page, whose content policy forbids the driver's own way of waiting."""
        ends = time.monotonic() + seconds
        while not self._is(told):
            if time.monotonic() > ends:
                raise TimeoutError(told)
            time.sleep(0.004)

    def _is(self, told: str) -> bool:
        try:
            return bool(self.page.evaluate(told))
        except Error:  # the page was just going away
            return False

    @property
    def tone(self) -> str:
        """The colour the bench shows."""
        return self.page.locator("[data-bench]").get_attribute("data-tone") or ""


class Printer(Hands):
    """Who prints: takes all that waits into batches, gets the numbers, prints, hands over, tells the platform, destroys what must not leave."""

    def prints(self, shop_id: int) -> int:
        """Prints all that waits, batch by batch; says how many labels came out."""
        done = 0
        while self._waits(shop_id, "print"):
            self.press("a", "print")
            self.sends("m", "print")
            self.sends("n", "print")
            self.page.wait_for_selector("[data-print-printers]:not([disabled])", timeout=20_000)
            button = self.page.locator("form[data-print-run] button.primary")
            many = int("".join(filter(str.isdigit, button.inner_text().split("m")[0])) or 0)
            if not many:
                break
            self.press("m", "print")
            came = "performance.getEntriesByType('navigation')[0].name.includes('n=') && document.readyState === 'complete'"
            self.until(f"{came} || document.querySelector('[data-print-list] li') !== null", 300)
            done += many
        return done

    def hands_over(self, shop_id: int) -> None:
        """Hands over all that is packed; what shares its parcel with a refunded order stays, until those goods are out."""
        before = -1
        while (many := self._waits(shop_id, "hand_over")) and many != before:
            before = many
            self.press("a", "hand over")
            self.sends("m", "hand over")

    def tells(self, shop_id: int) -> None:
        """Has the platform told of every number it does not know."""
        before = -1
        while (many := self._waits(shop_id, "tell")) and many != before:
            before = many
            self.press("a", "upload")
            self.sends("m", "upload")

    def renumbers(self, shop_id: int) -> int:
        """Has the platform told of every new number that takes the place of one it knows."""
        done = 0
        self.open(f"/chase?shop={shop_id}&view=numbers")
        while (button := self.page.locator("button[value=send]")).count():
            button.first.focus()
            self.sends("Enter", "change of number")
            done += 1
            self.open(f"/chase?shop={shop_id}&view=numbers")
        return done

    def destroys(self, shop_id: int) -> int:
        """Destroys the labels of what must not leave."""
        many = self._waits(shop_id, "destroy")
        if many:
            self.press("a", "destroy")
            self.sends("m", "destroy")
        return many

    def _waits(self, shop_id: int, view: str) -> int:
        """Opens a list of the desk, and says how many rows wait in it."""
        self.open(f"/ship?shop={shop_id}&view={view}")
        return self.page.locator("form[data-ticks] tr[data-row]").count()


class Packer(Hands):
    """Who packs: scans a waybill, then every piece; sometimes takes the wrong goods first."""

    def sits_down(self, shop_id: int) -> None:
        """Opens the bench, once for the day."""
        self.open(f"/ship/pack?shop={shop_id}")

    def packs(self, number: str, pieces: list[tuple[str, int]], *, errs: bool) -> str:
        """Packs the parcel of this waybill; the last colour says what became of it."""
        tone = self.scan(number)
        if tone == "stop":
            return tone
        if errs:
            self.wrong += 1
            if self.scan("6900000000000") != "stop":
                return "missed"
        for code, many in pieces:
            for _ in range(many):
                tone = self.scan(code)
        return tone
