"""Whether a command wrote what `zhanggui schema` says that it writes."""

from collections.abc import Sequence
from typing import Any

import msgspec

from zhanggui.cli.answers import ANSWERS, Refused, shapes_of


def command_in(words: Sequence[str]) -> str | None:
    """The command among the words that were typed."""
    return next((name for name in (" ".join(words[at : at + length]) for length in (2, 1) for at in range(len(words))) if name in ANSWERS), None)


def fits(words: Sequence[str], out: bytes) -> bool:
    """Whether every document is of a shape that the command declares, or a refusal; wrong use writes none."""
    name = command_in(words)
    if name is None or "--schema" in words:  # which writes the schema of what the command reads
        return True
    return all(any(_is(line, shape) for shape in (*shapes_of(name), Refused)) for line in out.splitlines())


def _is(line: bytes, shape: Any) -> bool:
    try:
        told = msgspec.json.decode(line, type=shape)
    except msgspec.DecodeError:
        return False
    return not isinstance(told, msgspec.Struct) or msgspec.json.decode(line).keys() == set(told.__struct_fields__)
