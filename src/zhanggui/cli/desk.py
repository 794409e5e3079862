"""What every command has at hand: the home, the language, and the two ways of speaking (JSON to programs, lines to people)."""

import locale
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click
import msgspec
from psycopg import OperationalError

from zhanggui import words
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.cli.homes import opened
from zhanggui.core.say import Say, say, type_of_slot
from zhanggui.people.accounts import AccountRefused
from zhanggui.people.permissions import Person, operator
from zhanggui.records.migrate import MigrationRefused
from zhanggui.server import ServerTrouble
from zhanggui.server.trouble import trouble_behind
from zhanggui.site.cannot_listen import CannotListen
from zhanggui.site.homes import default_home
from zhanggui.site.settings import SettingRefused

P = ParamSpec("P")

LANGUAGES = {"zh": "zh_Hans", "en": "en"}
"""The languages as they are typed, and the catalogs they mean."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

DONE = 0
REFUSED = 1
WRONG_USE = 2


@dataclass(frozen=True)
class Desk:
    """One run of one command."""

    named_home: Path | None
    """The folder named by the person, by option or environment."""
    language: str
    as_json: bool

    @property
    def home(self) -> Path:
        """The folder where data live."""
        return self.named_home or default_home(os.environ)

    @property
    def catalog(self) -> words.Catalog:
        """The words of this run's language."""
        return words.load(self.language)

    @property
    def by(self) -> Person:
        """Whoever runs commands on the machine itself."""
        return operator()

    def house(self) -> AbstractContextManager[House]:
        """The opened house of this run."""
        return opened(self.home)

    def said(self, sentence: Say) -> str:
        """The sentence in this run's language."""
        return plain(self.catalog.render(sentence))

    def document(self, document: object) -> None:
        """Write one JSON document to stdout, where JSON was asked for."""
        if self.as_json:
            sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
            sys.stdout.buffer.flush()

    def line(self, text: str, **slots: type_of_slot) -> None:
        """Say a sentence to a person, where no JSON was asked for."""
        if not self.as_json:
            click.echo(self.said(say(text, **slots)))

    def lines(self, lines: Iterable[str]) -> None:
        """Write ready lines to a person, where no JSON was asked for."""
        if not self.as_json:
            for line in lines:
                click.echo(plain(line))

    def aside(self, text: str, **slots: type_of_slot) -> None:
        """Say something beside the answer, on stderr in both ways of speaking."""
        click.echo(self.said(say(text, **slots)), err=True)

    def one_deed(self, *asked: bool) -> None:
        """Raises UsageError where more than one thing is to be done: a refusal of the second would say nothing of the first, which was done."""
        if sum(asked) > 1:
            raise click.UsageError(self.said(say("One thing is done at a time. Run the command once for each.")))

    def refuse(self, *reasons: Say) -> int:
        """Say why nothing was done, and what to do about it; the exit code of a refusal."""
        if self.as_json:
            self.document({"refused": [self.said(reason) for reason in reasons]})
        for reason in reasons:
            click.echo(self.said(reason), err=True)
        return REFUSED


def plain(text: str) -> str:
    """The text without what would steer the terminal: a buyer, a file or the platform may have written parts of it."""
    return _CONTROL.sub("\ufffd", text)


@dataclass(frozen=True)
class Start:
    """What was said before the name of the command."""

    home: Path | None
    language: str | None


def language_of(named: str | None, as_json: bool, environment: Mapping[str, str]) -> str:
    """The language to speak: the one named; English to programs; else the one of the terminal."""
    if named:
        return LANGUAGES[named]
    if as_json:
        return "en"
    spoken = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or locale.getlocale()[0] or ""
    return "zh_Hans" if spoken.lower().startswith(("zh", "chinese")) else "en"


def with_desk(command: Callable[Concatenate[Desk, P], int]) -> Callable[..., int]:
    """Give a command its `--json` and its desk; the number it returns is the exit code."""

    @click.option("--json", "as_json", is_flag=True, help="Write one JSON document to stdout, and nothing else.")
    @click.pass_obj
    @wraps(command)
    def with_options(start: Start, /, *args: Any, as_json: bool, **kwargs: Any) -> int:
        desk = Desk(named_home=start.home, language=language_of(start.language, as_json, os.environ), as_json=as_json)
        try:
            return command(desk, *args, **kwargs)
        except (Refused, ServerTrouble, MigrationRefused, CannotListen) as refusal:
            return desk.refuse(refusal.say)
        except (AccountRefused, SettingRefused) as refusal:
            return desk.refuse(refusal.reason)
        except OperationalError as problem:
            return desk.refuse(trouble_behind(problem, desk.home).say)

    return with_options
