"""Business parameters, read from their strings, with the platform's own refusals where they cannot be."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from zhanggui.emulator.wire import errors

T = TypeVar("T")
LARGEST_PAGE = 100


class Page(msgspec.Struct, frozen=True):
    """Which stretch of a list is asked for, and whether only the next page's existence matters."""

    number: int
    size: int
    only_has_next: bool

    @property
    def begins(self) -> int:
        """How many items stand before this page."""
        return (self.number - 1) * self.size


class Arguments:
    """The parameters of one call."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None) -> str:
        """The text of a parameter; without a default it must be there."""
        value = self._values.get(name, "")
        if value != "":
            return value
        if default is None:
            raise errors.missing(name)
        return default

    def integer(self, name: str, default: int | None = None) -> int:
        """The whole number of a parameter."""
        value = self._values.get(name, "")
        if value == "":
            if default is None:
                raise errors.missing(name)
            return default
        try:
            return int(value)
        except ValueError as failed:
            raise errors.wrong(name, f"不是整数:{value}") from failed

    def among(self, name: str, allowed: tuple[int, ...], default: int | None = None) -> int:
        """A whole number out of a closed list."""
        number = self.integer(name, default)
        if number not in allowed:
            raise errors.wrong(name, f"取值只能是{','.join(map(str, allowed))}")
        return number

    def boolean(self, name: str) -> bool:
        """Whether a flag was sent as true, in any of the ways clients write it."""
        return self._values.get(name, "").lower() in {"true", "1"}

    def document(self, name: str, shape: type[T]) -> T:
        """A nested parameter that travels as one JSON text."""
        try:
            return msgspec.json.decode(self.text(name), type=shape, strict=False)
        except msgspec.DecodeError as failed:
            raise errors.wrong(name, str(failed)) from failed

    def page(self) -> Page:
        """The page asked for."""
        number, size = self.integer("page", 1), self.integer("page_size", LARGEST_PAGE)
        if number < 1:
            raise errors.wrong("page", "从1开始")
        if not 1 <= size <= LARGEST_PAGE:
            raise errors.wrong("page_size", f"取值1~{LARGEST_PAGE}")
        return Page(number, size, self.boolean("use_has_next"))

    def window(self, first: str, last: str, longest: int, why: str) -> tuple[int, int]:
        """A stretch of time, both ends in unix seconds, no longer than allowed."""
        begins, ends = self.integer(first), self.integer(last)
        if ends < begins:
            raise errors.wrong(last, "结束时间早于开始时间")
        if ends - begins > longest:
            raise errors.wrong(last, why)
        return begins, ends
