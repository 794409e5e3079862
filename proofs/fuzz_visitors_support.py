"""Who asks the fuzzed house: strangers, people of every role, and programs; each with what they may not see, and what every answer has to keep to."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import unquote_plus

import httpx

from proofs.fuzz_house_support import FuzzedHouse, Generation
from tests.emulator.caller import NO_CERTIFICATES
from tests.makers.hostile import CANARY
from tests.security.pages import Form, read_page
from tests.site.planted import Planted

LONGEST = 30.0
"""Seconds. Whatever takes longer hangs; most answers take hundredths."""
LONGEST_ADDRESS = 60_000
"""Whoever writes a longer one is cut off while still writing, and may not hear why."""
SUMS = {"{{31337*31337}}": "982007569", "${31337*31337}": "982007569"}
_TRACES = ("Traceback (most recent call last)", "psycopg.errors", 'File "/', "site-packages", "jinja2.exceptions")
_TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')
_KEPT = 400
_HEADERS = ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy")
_MOST_TOLD = 40
_DESCRIPTION = "/api/v1/schema"
"""Its examples are of goods that anybody may sell."""


@dataclass
class Judge:
    """Counts answers, and keeps what should not have been."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_at: str = ""

    def note(self, what: str) -> None:
        """Something that should not have been; the same is told once."""
        if what not in self.failures and len(self.failures) < _MOST_TOLD:
            self.failures.append(what)

    def took(self, seconds: float, what: str) -> None:
        """How long an answer took."""
        if seconds > self.slowest:
            self.slowest, self.slowest_at = seconds, what


@dataclass
class Visitor:
    """Somebody at the house."""

    name: str
    house: FuzzedHouse
    generation: Generation
    judge: Judge
    hidden: tuple[str, ...]
    """What must not stand in any answer to them, unless they said it themselves."""
    http: httpx.Client
    token: str = ""
    """The form token, once a page told it."""
    links: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))
    forms: deque[Form] = field(default_factory=lambda: deque(maxlen=_KEPT))

    @property
    def is_person(self) -> bool:
        """Whether somebody signed in."""
        return self.name in self.generation.people

    @property
    def is_program(self) -> bool:
        """Whether a token asks."""
        return self.name in self.generation.tokens

    @property
    def home(self) -> Planted:
        """The shop they are of, or look at from outside."""
        return self.generation.theirs if self.name in {"another's owner", "theirs"} else self.generation.ours

    @property
    def abroad(self) -> Planted:
        """The shop they are not of."""
        return self.generation.ours if self.home is self.generation.theirs else self.generation.theirs

    def signs_in(self) -> None:
        """A new sign-in, whatever became of the last."""
        if self.is_person:
            self.http.cookies.clear()
            self.http.cookies.set(self.house.cookie, self.house.sign_in(self.generation.people[self.name]), domain="127.0.0.1")
            self.token = ""

    def form_token(self) -> str:
        """The token that forms carry."""
        if not self.token:
            answer = self._request("GET", "/account" if self.is_person else "/sign-in", headers={"accept": "text/html"})
            found = _TOKEN.search(answer.text)
            if found is None and self.is_person:
                self.signs_in()
                answer = self._request("GET", "/account")
                found = _TOKEN.search(answer.text)
            self.token = found[1] if found else "none"
        return self.token

    def asks(self, kind: str, method: str, path: str, **more: Any) -> httpx.Response | None:
        """Sends one request and has its answer judged; None where there was none."""
        self.judge.counts[kind] += 1
        about = f"{self.name}: {method} {path[:160]}"
        began = monotonic()
        try:
            answer = self._request(method, path, **more)
        except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError, ValueError):
            self.judge.counts["not sent: no client could write it"] += 1
            return None
        except httpx.TimeoutException:
            self.judge.note(f"hangs: {about}")
            return None
        except httpx.HTTPError as problem:
            if len(path) > LONGEST_ADDRESS:
                self.judge.counts["cut off: an address longer than any"] += 1
                return None
            self.judge.note(f"cut off ({type(problem).__name__}): {about}")
            return None
        self.judge.took(monotonic() - began, about)
        self._judged(answer, about, path + repr(more))
        return answer

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer. A connection that was kept open may be closed in the very moment in which it is used again: then by another one."""
        try:
            return self.http.request(method, path, **more)
        except httpx.RemoteProtocolError:
            return self.http.request(method, path, **more)

    def _judged(self, answer: httpx.Response, about: str, sent: str) -> None:
        judge = self.judge
        judge.counts[f"answered {answer.status_code}"] += 1
        if answer.status_code >= 500:
            judge.note(f"{answer.status_code}: {about} {sent[-300:]}")
        if any(name not in answer.headers for name in _HEADERS):
            judge.note(f"without its headers: {about}")
        if "x-zq" in answer.headers or "zq=1" in answer.headers.get("set-cookie", ""):
            judge.note(f"a header was put in: {about} {sent[-200:]}")
        location = answer.headers.get("location", "/")
        if not location.startswith("/") or location.startswith(("//", "/\\")):
            judge.note(f"sent elsewhere ({location[:60]}): {about} {sent[-200:]}")
        self._read(answer, about, sent)

    def _read(self, answer: httpx.Response, about: str, sent: str) -> None:
        text = answer.text if "octet-stream" not in answer.headers.get("content-type", "") else ""
        is_page = "text/html" in answer.headers.get("content-type", "")
        if is_page and CANARY in text:
            self.judge.note(f"markup comes back as it is: {about} {sent[-200:]}")
        for asked, told in SUMS.items():
            if asked in sent and told in text:
                self.judge.note(f"a sum was worked out: {about}")
        if trace := next((mark for mark in _TRACES if mark in text and mark not in sent), None):
            self.judge.note(f"tells of its inside ({trace}): {about}")
        whole = text + repr(answer.headers)
        if _DESCRIPTION not in about and (seen := [mark for mark in self.hidden if mark in whole]):
            said = unquote_plus(sent) + sent
            if leaked := [mark for mark in seen if mark not in said]:
                self.judge.note(f"shows {leaked[0]} of another shop: {about} {sent[-200:]}")
        if is_page and answer.status_code == 200 and len(text) < 400_000:
            self._gather(text, str(answer.url.path), about)

    def _gather(self, text: str, at: str, about: str) -> None:
        page = read_page(text, at)
        if page.inline or page.foreign:
            self.judge.note(f"stands inline or loads from elsewhere ({(page.inline + page.foreign)[0]}): {about}")
        self.links.extend(link for link in page.links if not link.startswith(("/live", "/static")))
        self.forms.extend(page.forms)
        if found := _TOKEN.search(text):
            self.token = found[1]


def visitors(house: FuzzedHouse, generation: Generation, judge: Judge) -> list[Visitor]:
    """A stranger, the people of our shop, the owner of another, and a program of each."""
    ours, theirs = generation.ours.markers, generation.theirs.markers
    hidden = {"stranger": (*ours, *theirs), "another's owner": ours, "theirs": ours} | dict.fromkeys(
        [name for name in generation.people if name != "another's owner"], theirs
    )
    hidden["ours"] = theirs
    found = []
    for name in ("stranger", *generation.people, *generation.tokens):
        headers = (
            {"accept": "text/html"} if name not in generation.tokens else {"authorization": f"Bearer {generation.tokens[name]}", "accept": "application/json"}
        )
        http = httpx.Client(base_url=house.address, timeout=LONGEST, verify=NO_CERTIFICATES, trust_env=False, headers=headers)
        visitor = Visitor(name, house, generation, judge, tuple(hidden[name]), http)
        visitor.signs_in()
        found.append(visitor)
    return found
