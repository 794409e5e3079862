"""A rep of the shift at a browser of their own: looks at the list, takes who stands on top, answers with the draft the page holds."""

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Page, Request
from playwright.sync_api import TimeoutError as TooLong

ROWS = """
() => [...document.querySelectorAll('#threadlist .threadrow')].map((row) => ({
  no: Number(row.id.split('-').pop()),
  waits: row.querySelector('.clock') !== null,
  owners: [...row.querySelectorAll('.sub > span:not(.chip):not(.money)')].map((part) => part.textContent.trim()),
}))
"""
SHOWN = "(nos) => nos.every((no) => document.querySelector(`#threadlist .threadrow[id$='-${no}'] .clock`) !== null)"
AGAIN = "亲，我一直在的，您具体想了解哪一点？告诉我，我马上帮您看。"
"""What a rep types where the page has no words, or none that were not said before."""
LISTENS = """
(() => {
  window.since = [];
  const note = (what) => { window.since.push(what); };
  addEventListener("keydown", (event) => note(event.key + " on " + event.target.tagName), true);
  addEventListener("click", (event) => note("click on " + event.target.tagName + " " + (event.target.dataset.key || "")), true);
  addEventListener("submit", (event) => note(event.defaultPrevented ? "submit, prevented" : "submit"));
  addEventListener("invalid", (event) => note("invalid " + event.target.name), true);
  document.addEventListener("zhanggui:live", () => note("drawn anew"));
  if (window.navigation) window.navigation.addEventListener("navigate", () => note("navigate"));
})();
"""
"""So that of a key from which nothing came it can be told how far it came."""
NOBODY = 0
TRIES, PATIENCE = 4, 15_000


@dataclass
class Rep:
    """One rep: a window, and what was done in it."""

    name: str
    page: Page
    address: str
    shop_id: int
    counts: Counter[str] = field(default_factory=Counter)
    said: dict[int, set[str]] = field(default_factory=dict)
    left: list[int] = field(default_factory=list)
    """Threads that needed no answer."""
    failures: list[str] = field(default_factory=list)
    asked: int = 0
    """So many pages were asked for."""

    def sits_down(self) -> None:
        """Opens the inbox."""
        self.page.add_init_script(LISTENS)
        self.page.on("request", self._notes)
        self.page.goto(f"{self.address}/inbox", wait_until="load")

    def shows(self, thread_nos: list[int], until: float) -> bool:
        """Whether all of these stand on this list as waiting, by the page itself, before the moment is over."""
        while True:
            try:
                if self.page.evaluate(SHOWN, thread_nos):
                    return True
            except Error:  # the page was just going away
                pass
            if time.monotonic() > until:
                return False
            time.sleep(0.01)

    def missing(self, thread_nos: list[int]) -> list[int]:
        """Those of these that do not stand on this list as waiting."""
        waiting = {row["no"] for row in self.page.evaluate(ROWS) if row["waits"]}
        return [no for no in thread_nos if no not in waiting]

    def answers_one(self, colleagues: set[str]) -> int:
        """Answers whoever stands on top and is nobody else's, or says that no answer is needed; the thread, NOBODY where nobody waits."""
        rows = [row for row in self.page.evaluate(ROWS) if row["waits"] and not colleagues & set(row["owners"])]
        if not rows:
            return NOBODY
        number = int(rows[0]["no"])
        if not self._opens(number):
            self.counts["talks that left the list before they were opened"] += 1
            return number
        if not self.page.locator(".talkhead .clock").count():
            self.counts["talks opened that were just answered"] += 1
            return number
        if not rows[0]["owners"]:
            self._presses("t")
            self.counts["talks taken"] += 1
        if self._has_words(number):
            self._gives(number)
        else:
            self._presses("x")
            self.counts["talks that needed no more answer"] += 1
            self.left.append(number)
        return number

    def _gives(self, number: int) -> None:
        """Gives the answer, and looks at what became of it: a page that was only drawn anew has sent nothing."""
        for _ in range(TRIES):
            came_by = self._presses("s")
            if came_by.redirected_from is not None:
                done = parse_qs(urlsplit(came_by.url).query).get("done", [""])[0]
                self.counts["answers given" if done == "given" else f"answers that were not given to the tool ({done})"] += 1
                return
            if came_by.method == "POST":
                held = " ".join(self.page.locator("#findings").inner_text().split())
                self.failures.append(f"{self.name} was not let say in talk {number}: {self.page.locator('#composer-said').input_value()} ({held})")
                return
            self.counts["pages drawn anew under a key"] += 1
        raise AssertionError(f"{self.name} pressed s {TRIES} times at {self.page.url}, and nothing was sent")

    def _opens(self, number: int) -> bool:
        """Opens a talk by its row; the list lives, so a click can meet a row that is just being drawn anew, or one that has gone."""
        row = self.page.locator(f"#thread-{self.shop_id}-{number} a")
        for _ in range(TRIES):
            if not row.count():
                return False
            with suppress(TooLong):
                with self.page.expect_navigation(wait_until="load", timeout=PATIENCE):
                    row.click(timeout=PATIENCE)
                return True
            self.counts["clicks that had to be done again"] += 1
        raise AssertionError(f"{self.name} clicked talk {number} {TRIES} times at {self.page.url}, and nothing came of it")

    def _presses(self, key: str) -> Request:
        """Presses a key that sends a form, away from every field; once more where nothing came of it, which is counted. By what the next page came."""
        for _ in range(TRIES):
            self.page.evaluate("() => { window.since = []; if (document.activeElement) document.activeElement.blur(); }")
            asked = self.asked
            with suppress(TooLong):
                with self.page.expect_navigation(wait_until="load", timeout=PATIENCE) as going:
                    self.page.keyboard.press(key)
                return going.value.request
            self.counts[f"keys that had to be pressed again ({self._how_far(asked)})"] += 1
        raise AssertionError(f"{self.name} pressed {key} {TRIES} times at {self.page.url}, and nothing came of it")

    def _how_far(self, asked: int) -> str:
        """How far a key came from which no page did."""
        if self.asked > asked:
            return f"asked for, and no page within {PATIENCE // 1000} s"
        heard = self.page.evaluate("window.since")
        return f"nothing asked for: {', '.join(map(str, heard[:12]))}" if heard else "not heard by the page"

    def _notes(self, request: Request) -> None:
        self.asked += request.is_navigation_request()

    def _has_words(self, number: int) -> bool:
        """Leaves the draft that the page put into the answer, where it says something new; else takes the next draft, else types, once."""
        said = self.said.setdefault(number, set())
        words = self.page.locator("#composer-said").input_value().strip()
        others = self.page.locator("blockquote.draft[id^=draft-]").all_text_contents()
        chosen = next((text for text in (words, *map(str.strip, others), AGAIN) if text and text not in said), "")
        if not chosen:
            return False
        if chosen != words:
            self.page.locator("#composer-said").fill(chosen)
        self.counts["answers by the first draft" if chosen == words else "answers by another draft" if chosen != AGAIN else "answers typed by hand"] += 1
        said.add(chosen)
        return True
