"""The `zhanggui` command: every command, and the exit codes they share."""

import logging
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click

from zhanggui import __version__
from zhanggui.cli.acts import acts
from zhanggui.cli.backups import backup, restore
from zhanggui.cli.batches import batches, quarantine, undo
from zhanggui.cli.checking import check_number_command
from zhanggui.cli.connecting import connect, disconnect
from zhanggui.cli.deductions import deductions
from zhanggui.cli.desk import LANGUAGES, REFUSED, WRONG_USE, Start, language_of
from zhanggui.cli.doctor import doctor
from zhanggui.cli.explaining import explain
from zhanggui.cli.goods import goods
from zhanggui.cli.help import in_words
from zhanggui.cli.importing import import_files
from zhanggui.cli.labels import labels
from zhanggui.cli.measures import measures
from zhanggui.cli.people import people
from zhanggui.cli.pretending import emulator
from zhanggui.cli.rules import rules
from zhanggui.cli.scans import scans
from zhanggui.cli.serving import demo, up
from zhanggui.cli.shops import shops
from zhanggui.cli.slips import slips
from zhanggui.cli.syncing import sync
from zhanggui.cli.todo import todo
from zhanggui.cli.verifying import verify
from zhanggui.cli.working import worker
from zhanggui.words import load

_COMMANDS = (
    *(up, demo, worker, import_files, todo, explain, rules, measures, batches, undo, quarantine, shops, people, backup, restore, doctor, emulator),
    *(scans, check_number_command, labels, slips, acts, deductions, goods),
    *(connect, disconnect, sync, verify),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="zhanggui")
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), envvar="ZHANGGUI_HOME", metavar="DIR", help="The folder where data live (or ZHANGGUI_HOME)."
)
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="The language to speak; the terminal's own when left out, English with --json.")
@click.pass_context
def program(ctx: click.Context, home: Path | None, lang: str | None) -> None:
    """Zhanggui (掌柜): which order, refund or parcel of your shop to touch first, by when, what it costs not to, and why.

    Every command takes --json. Exit codes: 0 done, 1 refused in whole or in part with reasons, 2 wrong use.
    """
    ctx.obj = Start(home=home, language=lang)


for _command in _COMMANDS:
    program.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 1 refused in whole or in part, 2 wrong use."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    _speak_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _spoken(words).main(args=words, prog_name="zhanggui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG_USE
    except click.ClickException as error:
        error.show(sys.stderr)
        return WRONG_USE
    except click.Abort:
        click.echo("", err=True)
        return REFUSED
    return code if isinstance(code, int) else 0


def _spoken(words: Sequence[str]) -> click.Group:
    """The program with its help in the language that `--lang` names, else the terminal's own."""
    named = next((after for word, after in pairwise(words) if word == "--lang"), None)
    language = language_of(named if named in LANGUAGES else None, as_json=False, environment=os.environ)
    return in_words(program, load(language).gettext)


def _speak_utf8() -> None:
    """Write UTF-8 also where the terminal's own encoding has no Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
