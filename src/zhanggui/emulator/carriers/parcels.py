"""What a tracking service sees of a parcel."""

import msgspec

from zhanggui.emulator.methods.logistics import scans_anywhere
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.world.carriers import Carrier, carriers
from zhanggui.emulator.world.journeys import DECLINED, GOT, RETURNED, SIGNED, Scan


class Seen(msgspec.Struct, frozen=True):
    """The scans of a number and its state in one word: 0 nothing, 1 picked up, 2 on its way, 3 signed, 4 trouble."""

    state: str
    scans: tuple[Scan, ...]


def seen(platform: Platform, code: str, number: str) -> Seen:
    """What has been scanned of this number."""
    scans = scans_anywhere(list(platform.worlds.values()), code, number)
    if not scans:
        return Seen("0", ())
    words = {GOT: "1", SIGNED: "3", DECLINED: "4", RETURNED: "4"}
    return Seen(words.get(scans[-1].action, "2"), scans)


def carrier_by_kdniao(code: str) -> Carrier | None:
    """The carrier 快递鸟 calls by this code."""
    return next((each for each in carriers() if each.kdniao == code and code), None)


def carrier_by_kuaidi100(code: str) -> Carrier | None:
    """The carrier 快递100 calls by this code."""
    return next((each for each in carriers() if each.kuaidi100 == code and code), None)
