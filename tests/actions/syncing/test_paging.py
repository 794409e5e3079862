"""Reading a list backwards loses nothing while things leave the window, and says so when it cannot have been whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.actions.syncing.paging import Listed, Page, TooMany, Unsteady, read_listed


class Window:
    """A closed window on the platform's side: newest first; between two calls things may leave, or (wrongly) come in."""

    def __init__(self, many: int, size: int, *, tells_next: bool, lies: list[int] | None = None) -> None:
        self.things = list(range(many))
        self.size, self.tells_next = size, tells_next
        self.lies = list(lies or [])
        self.leaving: list[int] = []
        self.calls = 0

    def page_of(self, number: int, short: bool) -> Page[int]:
        self.calls += 1
        if self.leaving:
            gone = self.leaving.pop(0)
            self.things = [thing for thing in self.things if thing != gone]
        begins = (number - 1) * self.size
        here = tuple(self.things[begins : begins + self.size])
        total = max(0, len(self.things) + (self.lies.pop(0) if self.lies else 0))
        has_next = begins + len(here) < len(self.things) if self.tells_next else None
        return Page(here, None if short and self.tells_next else total, has_next)


def read(window: Window, most_pages: int = 1000) -> Listed[int]:
    return read_listed(window.page_of, str, size=window.size, most_pages=most_pages)


@given(st.integers(0, 60), st.integers(1, 9), st.booleans(), st.lists(st.integers(0, 59), max_size=20))
def test_everything_that_stays_in_the_window_is_read(many: int, size: int, tells_next: bool, leaving: list[int]) -> None:
    window = Window(many, size, tells_next=tells_next)
    window.leaving = leaving

    listed = read(window)

    assert set(window.things) <= set(listed.things)
    assert listed.is_one_page == (window.calls == 1)


@given(st.integers(0, 60), st.integers(1, 9), st.booleans(), st.lists(st.integers(-9, 9), max_size=12))
def test_wrong_totals_never_hide_anything(many: int, size: int, tells_next: bool, lies: list[int]) -> None:
    window = Window(many, size, tells_next=tells_next, lies=lies)

    try:
        listed = read(window)
    except Unsteady:
        return

    assert sorted(set(listed.things)) == list(range(many))


def test_it_asks_once_for_what_fits_on_a_page() -> None:
    window = Window(3, 100, tells_next=True)

    assert read(window) == Listed((0, 1, 2), is_one_page=True)
    assert window.calls == 1


def test_it_says_when_there_is_too_much_before_reading_it() -> None:
    window = Window(500, 10, tells_next=True)

    with pytest.raises(TooMany) as refused:
        read(window, most_pages=20)

    assert refused.value.total == 500
    assert window.calls == 1


def test_it_notices_that_the_window_grew() -> None:
    class Growing(Window):
        def page_of(self, number: int, short: bool) -> Page[int]:
            page = super().page_of(number, short)
            self.things.insert(0, -self.calls)
            return page

    with pytest.raises(Unsteady) as refused:
        read(Growing(30, 10, tells_next=True))

    assert str(refused.value) == "30 were told, then 35; 32 came"
