"""What the fuzzed house is asked: every route with every field turned upside down, links and forms as its own pages show them, the API, and addresses nobody
wrote. The same dice ask the same."""

import json
import random
import re
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from proofs.fuzz_visitors_support import Visitor
from tests.makers.hostile import CANARY, hostile
from tests.site.expectations import ROUTES, Route, Who, files_of
from tests.site.planted import Planted
from zhanggui.api.routes import described

NONSENSE = (
    *(
        "",
        " ",
        "x",
        "-1",
        "0",
        "1",
        "9" * 30,
        "1" * 4300,
        "1e309",
        "nan",
        "-0",
        "0x10",
        "٣",
        "１２",
        "²",
        "½",
        "\x00",
        "a\x00b",
        "'",
        '"',
        CANARY,
        "%",
        "%25",
        "\\",
    ),
    *(
        "{}",
        "[]",
        "null",
        "true",
        "~~~~~",
        "../..",
        "..%2f..",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "//evil.example",
        "/\\evil.example",
    ),
    *(
        "2026-13-45",
        "9999-12-31T23:59:59",
        "0001-01-01",
        "2026-02-29",
        "24:00",
        "-1:00",
        "2026-11-21T10:00:00+99:99",
        "𠮷" * 300,
        "\ud7ff\ue000",
        "\u202eabc",
        "\ufeff",
    ),
    *(
        "' or '1'='1",
        "1;select pg_sleep(9)",
        "\\x00",
        "%s",
        "%(x)s",
        "{0.__class__}",
        "{{31337*31337}}",
        "${31337*31337}",
        "a\r\nX-Zq: 1",
        "a\r\nSet-Cookie: zq=1",
    ),
    *("=1+1", "@SUM(A1)", "1" + " " * 4000, "路" * 4000, "13800000000 " * 300, "a" * 100_000, ",".join("x" * 2 for _ in range(3000)), "\n" * 5000, "\t", "　"),
)
"""What is put into fields."""
ENDS_IT = {"/sign-out", "/account/ended_sign_ins"}
_METHODS = ("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "x")
_HEADERS = (
    ("accept", "*/*"),
    ("accept", "application/json"),
    ("accept-language", "en;q=" + "9" * 400),
    ("content-type", "application/json"),
    ("content-type", "application/msgpack"),
    ("content-type", "multipart/form-data; boundary=x"),
    ("content-type", "text/plain; charset=utf-7"),
    ("cookie", "zhanggui=x; " * 50),
    ("range", "bytes=0-,1-,2-"),
    ("if-none-match", "*"),
    ("if-modified-since", "nonsense"),
    ("x-forwarded-for", "127.0.0.1"),
    ("x-forwarded-proto", "https"),
    ("x-http-method-override", "DELETE"),
    ("x-original-url", "/settings"),
    ("hx-request", "true"),
    ("hx-current-url", "//evil.example"),
    ("origin", "https://evil.example"),
    ("referer", "https://evil.example/"),
    ("sec-fetch-site", "cross-site"),
    ("idempotency-key", "x" * 300),
    ("authorization", "Bearer " + "x" * 90),
    ("authorization", "Basic eDp4"),
    ("last-event-id", "9" * 40),
    ("accept-encoding", "br;q=nonsense"),
    ("expect", "nothing"),
    ("upgrade", "websocket"),
)
_PAGES = [route for route in ROUTES if route.method == "GET" and not route.route.startswith("/live")]
_FORMS = [route for route in ROUTES if route.method == "POST" and route.who is not Who.TOKEN and route.route not in ENDS_IT]
_DESCRIBED = msgspec.json.decode(described())
_CALLS = [(method.upper(), path) for path, operations in _DESCRIBED["paths"].items() for method in operations] + [("POST", "/mcp"), ("GET", "/mcp")]
_FIELDS = {name for shape in _DESCRIBED["components"]["schemas"].values() for name in shape.get("properties", {})}
_NAMES = sorted(_FIELDS | {"jsonrpc", "method", "params", "id"})
_SLOT = re.compile(r"\{([a-z_]+)\}")
_QUERY = (
    "shop",
    "view",
    "after",
    "before",
    "cursor",
    "number",
    "q",
    "show",
    "days",
    "state",
    "kind",
    "page",
    "sort",
    "from",
    "until",
    "goods",
    "sku",
    "order_no",
    "done",
)


def _filled(path: str, shop: Planted) -> str:
    """The path of a call with the numbers of a shop."""
    told = {
        "thread_no": shop.thread_no,
        "order_no": shop.order_no,
        "case_no": shop.order_no,
        "tracking_no": shop.tracking_no,
        "sku": quote(shop.leaving.sku, safe=""),
        "import_no": shop.batch_done,
        "act_no": shop.acts[0],
    }
    return _SLOT.sub(lambda slot: str(told.get(slot[1], "1")), path)


class Asking:
    """Asks by its dice."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._of_people = ((self.page, 28), (self.form, 28), (self.link, 15), (self.own_form, 14), (self.program, 2), (self.path, 8), (self.abroad, 5))
        self._of_programs = ((self.page, 3), (self.form, 2), (self.program, 85), (self.path, 6), (self.abroad, 4))

    def once(self, visitor: Visitor) -> None:
        """One request of some kind."""
        ways, weights = zip(*(self._of_programs if visitor.is_program else self._of_people), strict=True)
        self._dice.choices(ways, weights)[0](visitor)

    def page(self, visitor: Visitor) -> None:
        """A page with nonsense in its address."""
        route = self._dice.choice(_PAGES)
        query = {self._dice.choice(_QUERY): self._value() for _ in range(self._dice.randrange(4))}
        path = route.ask(visitor.home)
        whole = f"{path}{'&' if '?' in path else '?'}{urlencode(query)}" if query else path
        visitor.asks("pages", "GET", whole, headers=self._headers())

    def form(self, visitor: Visitor) -> None:
        """A form of a route, some of its fields turned upside down."""
        route = self._dice.choice(_FORMS)
        more: dict[str, Any] = files_of(route)
        data = self._turned(route.send(visitor.home))
        if self._dice.random() < 0.9:
            data["_csrf_token"] = visitor.form_token()
        visitor.asks("forms", "POST", self._path_of(route, visitor), data=data, headers=self._headers(), **more)

    def link(self, visitor: Visitor) -> None:
        """A link that stands on a page."""
        if not visitor.links:
            return self.page(visitor)
        at, _, query = self._dice.choice(visitor.links).partition("?")
        if query and self._dice.random() < 0.5:
            name = self._dice.choice(query.split("&")).partition("=")[0]
            query += "&" + urlencode({name: self._value()})
        visitor.asks("links", "GET", f"{at}?{query}" if query else at)
        return None

    def own_form(self, visitor: Visitor) -> None:
        """A form as it stands on a page, one field changed; files with what harms."""
        if not visitor.forms:
            return self.page(visitor)
        form = self._dice.choice(visitor.forms)
        if form.action in ENDS_IT:
            return self.page(visitor)
        data: dict[str, Any] = {name: list(values) for name, values in form.fields.items()}
        if data and self._dice.random() < 0.7:
            data[self._dice.choice(sorted(data))] = [self._value()]
        if form.method != "POST":
            visitor.asks("own forms", "GET", form.action.partition("?")[0] + "?" + urlencode(data, doseq=True))
            return None
        data["_csrf_token"] = visitor.form_token()
        visitor.asks("own forms", "POST", form.action, **self._body(form.is_multipart, data, form.files))
        return None

    def program(self, visitor: Visitor) -> None:
        """A call of the API with a body nobody described."""
        method, path = self._dice.choice(_CALLS)
        whole = _filled(path, visitor.home)
        if self._dice.random() < 0.15:
            whole = self._bent(whole)
        if method == "GET":
            query = {self._dice.choice((*_QUERY, "limit", "waiting", "drafts")): self._value()}
            visitor.asks("programs", "GET", f"{whole}?{urlencode(query)}", headers=self._headers())
            return
        headers = {"content-type": "application/json"}
        if self._dice.random() < 0.2 and (key := self._value()[:250]).isascii() and key.isprintable():
            headers["idempotency-key"] = key
        visitor.asks("programs", "POST", whole, content=self._json(), headers=headers)

    def path(self, visitor: Visitor) -> None:
        """An address that nobody wrote, by some method."""
        dice = self._dice
        pieces = [piece for route in dice.sample(ROUTES, 3) for piece in route.route.strip("/").split("/")]
        told = "/" + "/".join(
            quote(self._value()[:200], safe=dice.choice(("", "/%"))) if dice.random() < 0.3 else dice.choice(pieces) for _ in range(dice.randrange(1, 7))
        )
        visitor.asks("addresses", dice.choice(_METHODS), told.replace("{", "").replace("}", ""), headers=self._headers())

    def abroad(self, visitor: Visitor) -> None:
        """Any route of the shop they are not of."""
        route = self._dice.choice(ROUTES)
        if route.method == "GET":
            visitor.asks("another shop", "GET", route.ask(visitor.abroad))
            return
        if route.route not in ENDS_IT:
            data = {**route.send(visitor.abroad), "_csrf_token": visitor.form_token()}
            visitor.asks("another shop", "POST", route.ask(visitor.abroad), data=data, **files_of(route))

    def _path_of(self, route: Route, visitor: Visitor) -> str:
        path = route.ask(visitor.home)
        return self._bent(path) if self._dice.random() < 0.15 else path

    def _bent(self, path: str) -> str:
        pieces = path.split("/")
        pieces[self._dice.randrange(1, len(pieces))] = quote(self._value()[:200], safe="")
        return "/".join(pieces)

    def _turned(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        data = dict(fields)
        for name in sorted(data):
            if self._dice.random() < 0.35:
                data[name] = self._value() if self._dice.random() < 0.9 else [self._value(), self._value()]
        if self._dice.random() < 0.2:
            data[self._dice.choice((*_QUERY, "__class__", "a[b]", "rows", "picked"))] = self._value()
        if data and self._dice.random() < 0.1:
            del data[self._dice.choice(sorted(data))]
        return data

    def _body(self, is_multipart: bool, data: dict[str, Any], files: list[str]) -> dict[str, Any]:
        if not is_multipart:
            return {"data": data}
        bad = hostile(self._dice.randrange(10**6))
        return {"data": data, "files": [(name, (bad.name, bad.content, "text/csv")) for name in files] or [("nothing", ("", b""))]}

    def _headers(self) -> dict[str, str]:
        return dict([self._dice.choice(_HEADERS)]) if self._dice.random() < 0.2 else {}

    def _value(self) -> str:
        dice = self._dice
        if dice.random() < 0.8:
            return dice.choice(NONSENSE)
        return "".join(
            chr(dice.choice((dice.randrange(32, 127), dice.randrange(0x4E00, 0x9FFF), dice.randrange(0xD7FF), ord(dice.choice(string.digits)))))
            for _ in range(dice.randrange(1, 40))
        )

    def _json(self, depth: int = 0) -> bytes:
        if self._dice.random() < 0.08:
            return self._dice.choice((b"", b"{", b"[" * 20_000, b'"\xff\xfe"', b'{"messages": ' + b"9" * 5000 + b"}", b"\x00", b"NaN", b"{}" * 100))
        return json.dumps(self._thing(depth), ensure_ascii=self._dice.random() < 0.5).encode("utf-8", "replace")

    def _thing(self, depth: int) -> Any:
        dice = self._dice
        if depth > 3 or dice.random() < 0.35:
            return dice.choice((None, True, -1, 0, 2**63, 1e308, self._value(), self._value(), "2026-11-21T10:00:00+08:00", "buyer", "x"))
        if depth and dice.random() < 0.3:
            return [self._thing(depth + 1) for _ in range(dice.choice((0, 1, 3, 120)))] if dice.random() < 0.5 else [self._thing(depth + 1)]
        return {dice.choice(_NAMES): self._thing(depth + 1) for _ in range(dice.randrange(1, 6))}
