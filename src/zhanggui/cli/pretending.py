"""`zhanggui emulator`: the platform, pretended, to try everything against without keys."""

from pathlib import Path

import click

from zhanggui.emulator.command import run
from zhanggui.emulator.moods import MOODS


@click.command("emulator")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="The port to listen on; 18080 when left out, 0 takes a free one.")
@click.option("--host", metavar="ADDRESS", help="The address to listen on; this machine alone when left out.")
@click.option("--print-port", type=click.IntRange(1, 65535), metavar="N", help="A second port, such as the print component's own 5000.")
@click.option("--seed", type=int, metavar="N", help="The same seed gives the same world.")
@click.option("--scenario", metavar="NAME|FILE", help="The world to begin with: a TOML file, or one of plain, ten, alone, quarrel, busy, million.")
@click.option("--mood", type=click.Choice(sorted(MOODS)), help="How the platform misbehaves.")
@click.option("--speed", type=click.FloatRange(0, 10_000), metavar="X", help="World seconds in one second of the wall.")
@click.option(
    "--clock-file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="A JSON file whose offset_seconds the world's clock follows."
)
@click.option(
    "--deeds",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file that keeps what is done to it; after a restart it stands where it stood.",
)
@click.option("--until-eof", is_flag=True, help="End when standard input ends, as it does when the program that started it dies.")
@click.option("--json", is_flag=True, expose_value=False, help="Write one JSON document to stdout, and nothing else.")
def emulator(**told: bool | int | float | str | Path | None) -> int:
    """Pretend to be the platform; the first line is a JSON object that says where its doors are."""
    flags = [f"--{name.replace('_', '-')}" for name, value in told.items() if value is True]
    return run([*(f"--{name.replace('_', '-')}={value}" for name, value in told.items() if value is not None and not isinstance(value, bool)), *flags])
