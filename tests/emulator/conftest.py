"""Emulators for the tests of this room."""

from collections.abc import Iterator

import pytest

from tests.emulator.caller import Caller, quiet, running


@pytest.fixture
def shop() -> Iterator[Caller]:
    """A shop in which nothing happens by itself."""
    with running(quiet()) as caller:
        yield caller
