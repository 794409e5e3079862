"""`zhanggui worker`: a worker in a process of its own, beside the pages or on another machine."""

import threading

import click
import msgspec

from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.house_keys import refuse_without_keys
from zhanggui.cli.production import refuse_unsafe, refuse_unsafe_data
from zhanggui.site.settings import settings_from
from zhanggui.site.up import stopped_by_signals
from zhanggui.worker.loop import work


class WorkerShape(msgspec.Struct, frozen=True):
    """A worker that has begun."""

    worker: str


@click.command("worker")
@with_desk
def worker(desk: Desk) -> int:
    """Do what falls due until Ctrl+C: read from the platform, send what was decided, move the clocks. Several may run."""
    stop = threading.Event()
    settings = settings_from(home=desk.named_home)
    refuse_unsafe(settings)
    with stopped_by_signals(stop), desk.house() as house:
        refuse_unsafe_data(house, settings)
        refuse_without_keys(house)
        work(house, stop, began=lambda name: _say_so(desk, name))
    return DONE


def _say_so(desk: Desk, name: str) -> None:
    desk.document(WorkerShape(name))
    desk.line("The worker {name} is at work. Ctrl+C ends it.", name=name)
