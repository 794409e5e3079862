"""The `zhanggui` command: every command, and the exit codes they share."""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click

from zhanggui import __version__
from zhanggui.cli.desk import LANGUAGES, REFUSED, WRONG_USE, Start, language_of
from zhanggui.cli.help import in_words
from zhanggui.cli.on_demand import OnDemand, loaded
from zhanggui.site.logs import write_log
from zhanggui.words import load

_COMMANDS = {
    "up": "serving:up",
    "demo": "serving:demo",
    "worker": "working:worker",
    "spread": "spreading:spread_tables",
    "import": "importing:import_files",
    "todo": "todo:todo",
    "explain": "explaining:explain",
    "rules": "rules:rules",
    "mcp": "assisting:mcp",
    "measures": "measures:measures",
    "batches": "batches:batches",
    "undo": "batches:undo",
    "quarantine": "batches:quarantine",
    "shops": "shops:shops",
    "people": "people:people",
    "aspects": "aspects:aspects",
    "backup": "backups:backup",
    "restore": "backups:restore",
    "export": "exporting:export",
    "import-export": "exporting:import_export",
    "schema": "schema:schema",
    "doctor": "doctor:doctor",
    "emulator": "pretending:emulator",
    "scans": "scans:scans",
    "intents": "intents:intents",
    "paste": "pasting:paste",
    "promises": "promises:promises",
    "replies": "promises:replies",
    "rating": "rating:rating",
    "activities": "activities:activities",
    "reviews": "reviews:reviews",
    "privacy": "personal:privacy",
    "scripts": "scripts:scripts",
    "tokens": "tokens:tokens",
    "hooks": "hooks:hooks",
    "advise": "advising:advise_command",
    "check-number": "checking:check_number_command",
    "check-text": "speaking:check_text",
    "labels": "labels:labels",
    "slips": "slips:slips",
    "acts": "acts:acts",
    "automation": "automation:automation",
    "deductions": "deductions:deductions",
    "goods": "goods:goods",
    "money": "money:money",
    "report": "reporting:report",
    "connect": "connecting:connect",
    "disconnect": "connecting:disconnect",
    "sync": "syncing:sync",
    "verify": "verifying:verify",
    "what-if": "what_if:what_if",
}
"""Where each command is written. It is loaded when it is typed: most need little of the house, and a page server takes a second to load."""


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


program.commands = OnDemand(_COMMANDS, loaded)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 1 refused in whole or in part, 2 wrong use."""
    write_log(os.environ.get("ZHANGGUI_LOG", "plain").casefold())
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
