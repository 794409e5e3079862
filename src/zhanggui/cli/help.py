"""The help of every command in the reader's language. Click keeps help as plain English text; here it is worded before anything is run."""

from collections.abc import Callable
from copy import copy
from inspect import cleandoc
from typing import TypeVar

import click

from zhanggui.cli.on_demand import OnDemand

Worded = Callable[[str], str]
C = TypeVar("C", bound=click.Command)


def in_words(command: C, worded: Worded) -> C:
    """The same command with its help, and that of its options and commands, in the words given."""
    made = copy(command)
    made.help = made.help and worded(cleandoc(made.help))
    made.params = [_option(param, worded) for param in command.params]
    if isinstance(made, click.Group) and isinstance(command, click.Group):
        inner = command.commands
        made.commands = OnDemand({name: name for name in inner}, lambda name: in_words(inner[name], worded))
    return made


def _option(param: click.Parameter, worded: Worded) -> click.Parameter:
    if not isinstance(param, click.Option) or not param.help:
        return param
    made = copy(param)
    made.help = worded(param.help)
    return made
