"""Commands that are loaded when they are asked for."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from importlib import import_module

import click


class OnDemand(MutableMapping[str, click.Command]):
    """The commands of a group by name; each is made when it is first asked for, from what stands for it in a table."""

    def __init__(self, table: Mapping[str, str], make: Callable[[str], click.Command]) -> None:
        self._table = dict(table)
        self._make = make
        self._made: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._made:
            self._made[name] = self._make(self._table[name])
        return self._made[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._table[name] = ""
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._table[name]
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def loaded(where: str) -> click.Command:
    """The command that stands at `module:name` in this room."""
    module, name = where.split(":")
    command: click.Command = getattr(import_module(f"zhanggui.cli.{module}"), name)
    return command
