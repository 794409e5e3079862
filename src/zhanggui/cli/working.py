"""`zhanggui worker`: a worker in a process of its own, beside the pages or on another machine."""

import threading

import click
import msgspec

from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import VaultShut, opened_at
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.production import refuse_unsafe, refuse_unsafe_data
from zhanggui.core.say import say
from zhanggui.records import shops
from zhanggui.records.sealing import keys_of
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


def refuse_without_keys(house: House) -> None:
    """Raises Refused where no key at hand opens anything that was sealed: this process would begin to seal with keys of its own, which no other opens."""
    with house.pool.connection() as tx:
        found = (_opens(house, wrapped) for shop in shops.every(tx) for _, wrapped in keys_of(tx, shop.shop_id))
        is_shut = next(found, True) is False and not any(found)
    if is_shut:
        raise Refused(
            say(
                "The home folder {home} holds no keys of the vault that open anything: what lies sealed was sealed with those of another. Bring that home's "
                "keys/vault.keys here, or name them in ZHANGGUI_VAULT_KEY. Where they are lost for good, start zhanggui up once, which makes new ones.",
                home=str(house.home),
            )
        )


def _opens(house: House, wrapped: bytes) -> bool:
    try:
        opened_at(house.home, wrapped)
    except VaultShut:
        return False
    return True


def _say_so(desk: Desk, name: str) -> None:
    desk.document(WorkerShape(name))
    desk.line("The worker {name} is at work. Ctrl+C ends it.", name=name)
