"""What the shop says of its carriers: which it works with, when they come, what they cost, where they do not go, and what it tries."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from zhanggui.actions.carrier_choice.learning import learn_shop
from zhanggui.actions.carrier_choice.naming import carrier_code, carrier_name, is_ceased, is_known_carrier
from zhanggui.actions.house import House
from zhanggui.actions.platform_carriers import carriers_in, carriers_now
from zhanggui.actions.refused import Refused
from zhanggui.connectors.files.prices import PriceList, price_profile, read_pasted_prices, read_prices
from zhanggui.connectors.files.shapes import Unreadable
from zhanggui.connectors.pdd.carriers import Carriers
from zhanggui.core.carriers.coverage import OutOfRange
from zhanggui.core.carriers.experiments import WHOLE
from zhanggui.core.carriers.prices import short_province
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import carriers as records
from zhanggui.records import journal
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.planning import CarrierNamed, ExperimentBegun, ExperimentEnded, GapChanged, PricesSet, VisitsSet

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_BETWEEN = re.compile(r"[\s,，、;；]+")
MOST_VISITS, LONGEST_NAME, LONGEST_PLACE = 12, 60, 40
EVERY_DAY = "1234567"


def name_carrier(house: House, by: Person, shop_id: ShopId, word: str, now: datetime, *, is_used: bool) -> None:
    """Notes that the shop works with a carrier (by name or code), or no longer does. Raises Refused for one the platform does not know, or takes no more."""
    by.need(Permission.CARRIERS_WRITE, shop_id)
    carrier = _offered(house, word) if is_used else known_carrier(house, word)

    def work(tx: Tx) -> None:
        if is_used:
            records.use(tx, shop_id, carrier, now)
        else:
            records.use_no_more(tx, shop_id, carrier)
        journal.write(tx, shop_id, CarrierNamed(carrier_name(carrier, carriers_in(tx)), is_used), at=now, by=by.person_id)

    transact(house.pool, work)


def set_visits(house: House, by: Person, shop_id: ShopId, word: str, times: str, weekdays: str, now: datetime) -> None:
    """Keeps when a carrier comes, such as `11:00 16:30`, in the place of what was kept; nothing: not known. What was learned is learned anew."""
    by.need(Permission.PLANNING_WRITE, shop_id)
    carrier, minutes = known_carrier(house, word), _minutes(times)
    days = "".join(sorted(set(weekdays) & set(EVERY_DAY))) or EVERY_DAY

    def work(tx: Tx) -> None:
        records.put_visits(tx, shop_id, carrier, minutes, days)
        told = ", ".join(f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)
        journal.write(tx, shop_id, VisitsSet(carrier_name(carrier, carriers_in(tx)), told), at=now, by=by.person_id)

    transact(house.pool, work)
    # the lag counts from the visit, so it is another one now
    learn_shop(house, shop_id, now)


def bring_prices(house: House, by: Person, shop_id: ShopId, told: Path | str, now: datetime) -> PriceList:
    """Keeps a price table, from a file or pasted, in the place of those of the carriers it names. Raises Refused where nothing of it can be taken."""
    by.need(Permission.CARRIERS_WRITE, shop_id)
    try:
        profile = price_profile(house.home)
        code = partial(_code, carriers_now(house))
        found = read_prices(told, profile, code) if isinstance(told, Path) else read_pasted_prices(told, profile, code)
    except Unreadable as problem:
        raise Refused(problem.say) from None
    if not found.bands:
        raise Refused(found.refused[0].reason if found.refused else say("The table holds no prices."))

    def work(tx: Tx) -> None:
        records.put_prices(tx, shop_id, found.bands)
        carriers = carriers_in(tx)
        listed = "、".join(carrier_name(each, carriers) for each in sorted({band.carrier for band in found.bands}))
        journal.write(tx, shop_id, PricesSet(listed, len(found.bands)), at=now, by=by.person_id)

    transact(house.pool, work)
    return found


def set_gap(house: House, by: Person, shop_id: ShopId, word: str, place: str, now: datetime, *, comes: bool) -> None:
    """Notes that a carrier does not come to a place (`新疆`, `四川 甘孜`, `四川 甘孜 石渠县`), or does after all."""
    by.need(Permission.PLANNING_WRITE, shop_id)
    carrier, parts = known_carrier(house, word), [part for part in _BETWEEN.split(place.strip()) if part]
    if not 1 <= len(parts) <= 3 or max(map(len, parts)) > LONGEST_PLACE:
        raise Refused(say("Name a province, and within it a city and a district where only they are meant, parted by blanks."))
    gap = OutOfRange(carrier, short_province(parts[0]), *parts[1:])

    def work(tx: Tx) -> None:
        if comes:
            records.remove_gap(tx, shop_id, gap)
        else:
            records.add_gap(tx, shop_id, gap)
        journal.write(tx, shop_id, GapChanged(carrier_name(carrier, carriers_in(tx)), " ".join(parts), comes), at=now, by=by.person_id)

    transact(house.pool, work)


def begin_experiment(house: House, by: Person, shop_id: ShopId, name: str, percents: Mapping[str, int], provinces: Sequence[str], now: datetime) -> int:
    """Has carriers tried side by side: so many orders in a hundred for each; the rest goes as recommended. Raises Refused."""
    by.need(Permission.CARRIERS_WRITE, shop_id)
    tidied = name.strip()
    if not tidied or len(tidied) > LONGEST_NAME:
        raise Refused(say("An experiment needs a name of at most {longest} characters.", longest=LONGEST_NAME))
    shares = {_offered(house, word): share * WHOLE // 100 for word, share in percents.items() if share}
    if not shares or min(shares.values()) < 0 or sum(shares.values()) > WHOLE:
        raise Refused(say("Give each carrier a share from 1 to 100, together at most 100."))

    def work(tx: Tx) -> int:
        number = records.begin_experiment(tx, shop_id, tidied, shares, [short_province(each) for each in provinces], now, by.person_id)
        carriers = carriers_in(tx)
        told = ", ".join(f"{carrier_name(carrier, carriers)} {share * 100 // WHOLE} %" for carrier, share in sorted(shares.items()))
        journal.write(tx, shop_id, ExperimentBegun(tidied, told), at=now, by=by.person_id)
        return number

    return transact(house.pool, work)


def end_experiment(house: House, by: Person, shop_id: ShopId, experiment_no: int, now: datetime) -> None:
    """Ends an experiment; what it brought stays to be seen. Raises Refused where it does not run."""
    by.need(Permission.CARRIERS_WRITE, shop_id)

    def work(tx: Tx) -> None:
        name = records.end_experiment(tx, shop_id, experiment_no, now)
        if name is None:
            raise Refused(say("There is no such experiment under way."))
        journal.write(tx, shop_id, ExperimentEnded(name), at=now, by=by.person_id)

    transact(house.pool, work)


def known_carrier(house: House, word: str) -> str:
    """The platform's code of the carrier. Raises Refused for a word that means none."""
    code = _code(carriers_now(house), word)
    if code is None:
        raise Refused(say("{word} is no carrier of the platform.", word=word[:40]))
    return code


def _offered(house: House, word: str) -> str:
    """The same of a carrier that parcels can be sent with. Raises Refused for one that the platform takes no parcels of any more, too."""
    code, carriers = known_carrier(house, word), carriers_now(house)
    if is_ceased(code, carriers):
        raise Refused(say("The platform takes no parcels of {carrier} any more.", carrier=carrier_name(code, carriers)))
    return code


def _code(carriers: Carriers, word: str) -> str | None:
    code = carrier_code(word, carriers)
    return code if is_known_carrier(code, carriers) else None


def _minutes(times: str) -> list[int]:
    """The minutes of the day of times parted by blanks or commas. Raises Refused."""
    found: list[int] = []
    for word in _BETWEEN.split(times.strip()):
        if not word:
            continue
        clock = _CLOCK.fullmatch(word)
        if clock is None:
            raise Refused(say("{typed} is no time of the day. Write it like 16:30.", typed=word[:20]))
        found.append(int(clock[1]) * 60 + int(clock[2]))
    if len(found) > MOST_VISITS:
        raise Refused(say("A carrier comes at most {most} times a day.", most=MOST_VISITS))
    return sorted(set(found))
