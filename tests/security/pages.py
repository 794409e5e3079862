"""What a page of the house holds, read by the standard library's own parser: where it leads, what its forms send, what a strict policy would stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_FETCHING = ("hx-get", "data-live", "data-url", "sse-connect")


@dataclass
class Form:
    """One form: where it sends what, and the fields it has, filled in as they stand."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    is_multipart: bool = False

    def add(self, name: str, value: str) -> None:
        """Notes a field."""
        self.fields.setdefault(name, []).append(value)


@dataclass
class Page:
    """What stands on one page."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    """Scripts, styles and handlers that stand in the page itself, and addresses that are scripts."""
    foreign: list[str] = field(default_factory=list)
    """What would be loaded from elsewhere."""


def read_page(text: str, at: str) -> Page:
    """What the page at this path holds."""
    reader = _Reader(at)
    reader.feed(text)
    reader.close()
    return reader.page


def own(address: str | None, at: str) -> str | None:
    """The path of an address on a page, where it is one of the same house; nothing for an anchor alone."""
    if address is None or address.startswith(("#", "mailto:", "tel:", "data:", "blob:")):
        return None
    parts = urlsplit(urljoin(at, address.strip()))
    if parts.scheme or parts.netloc:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


class _Reader(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._at = at
        self._form: Form | None = None
        self._select: tuple[str, list[str], bool] | None = None
        self._area: tuple[str, list[str]] | None = None
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._look_over(tag, told)
        for name in ("href", *_FETCHING):
            if name in told and (path := own(told[name], self._at)) is not None and tag != "link":
                self.page.links.append(path)
        if tag == "form":
            method = "POST" if "hx-post" in told else told.get("method", "get").upper()
            target = told.get("hx-post") or told.get("action") or self._at
            self._form = Form(own(target, self._at) or self._at, method, is_multipart=told.get("enctype") == "multipart/form-data")
            self.page.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, told)
        if tag in {"script", "style"}:
            self._inside = tag if "src" not in told else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None and self._form is not None:
            name, options, chosen = self._select
            if options and not chosen:
                self._form.add(name, options[0])
            self._select = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            self._form.add(self._area[0], "".join(self._area[1]))
            self._area = None
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)
        if self._inside and data.strip():
            self.page.inline.append(f"{self._inside}: {data.strip()[:60]}")

    def _field(self, tag: str, told: Mapping[str, str]) -> None:
        form, name = self._form, told.get("name", "")
        assert form is not None
        match tag, told.get("type", "text"):
            case "input", "file" if name:
                form.files.append(name)
            case "input", "checkbox" | "radio" if name:
                if "checked" in told:
                    form.add(name, told.get("value", "on"))
                else:
                    form.fields.setdefault(name, [])
            case ("input", _) | ("button", _) if name:
                form.add(name, told.get("value", ""))
            case "select", _ if name:
                self._select = (name, [], False)
            case "option", _ if self._select is not None:
                select, options, chosen = self._select
                options.append(told.get("value", ""))
                if "selected" in told:
                    form.add(select, told.get("value", ""))
                    chosen = True
                self._select = (select, options, chosen)
            case "textarea", _ if name:
                self._area = (name, [])

    def _look_over(self, tag: str, told: Mapping[str, str]) -> None:
        for name, value in told.items():
            if name == "style" or name.startswith("on"):
                self.page.inline.append(f"{tag} {name}={value[:60]}")
            if name in {"href", "src", "action", "formaction"} and value.strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                self.page.inline.append(f"{tag} {name}={value[:60]}")
        loaded = told.get("src") if tag != "a" else None
        if tag == "link":
            loaded = told.get("href")
        if loaded and urlsplit(loaded).netloc:
            self.page.foreign.append(f"{tag} {loaded[:80]}")
        if tag == "form" and urlsplit(told.get("action", "")).netloc:
            self.page.foreign.append(f"form {told['action'][:80]}")
        if tag in {"base", "iframe", "object", "embed", "frame"}:
            self.page.foreign.append(tag)
