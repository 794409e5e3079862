"""Keys are changed: a shop's own, under which its sealed columns lie anew bit by bit, and the keys of the house that all others are sealed with."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from zhanggui import clock
from zhanggui.actions import ring
from zhanggui.actions.chores import every_shop
from zhanggui.actions.house import House
from zhanggui.actions.key_door import HouseKeys
from zhanggui.actions.refused import Refused
from zhanggui.people.permissions import NotAllowed, Permission, Person, ShopId
from zhanggui.records import data_keys, house_secrets, journal, locks, resealings, sealed_places, sealing
from zhanggui.records.costs import BUYER_KEY
from zhanggui.records.db import Tx, transact
from zhanggui.records.journal_entries.privacy import HouseKeyChanged, KeyChanged, OldKeysWiped
from zhanggui.records.resealings import Resealing
from zhanggui.records.sealed_places import PLACES, Place
from zhanggui.server import is_shared

T = TypeVar("T")
AT_ONCE = 500
SETTLES = timedelta(minutes=5)
"""So long after a new key was made every process seals with it; only then is gone through what lies there."""
OLD_KEYS_KEPT = timedelta(days=1)
"""So long after a change everything is gone through once more, for whatever was under way then and was stored later; only then the older keys go.
It holds for a shop's keys and for those of the house."""
MOST_ROUNDS = 5


class HouseRotated(msgspec.Struct, frozen=True, kw_only=True):
    """What came of changing the keys of the house."""

    resealed: int
    shut: int
    """Secrets that no key at hand opens; they stay as they are, and so do the older keys."""
    older: int
    """Older keys that still open, for a day at least."""


def change_key(house: House, by: Person, shop_id: ShopId, wall: datetime) -> int:
    """The number of the shop's new key: from now on everything is sealed with it, and what lies there follows bit by bit.

    Raises Refused where other homes lie over the same database and this one does not open the key of before.
    """
    by.need(Permission.PRIVACY_WRITE, shop_id)
    keys = HouseKeys(house.pool, house.home)

    def work(tx: Tx) -> int:
        lying = sealing.keys_of(tx, shop_id)
        if is_shared() and lying and keys.opened(lying[-1][1]) is None:
            raise Refused(sealing.OF_ANOTHER)
        before = data_keys.newest(tx, shop_id)
        number = 1 if before is None else before[0] + 1
        data_keys.add(tx, shop_id, number, keys.fresh(), wall)
        journal.write(tx, shop_id, KeyChanged(number), at=wall, by=by.person_id)
        return number

    number = transact(house.pool, work)
    with house.pool.connection() as tx:
        sealing.ring_of(tx).forget(shop_id)
    return number


def reseal_some(house: House, _now: datetime, wall: datetime) -> None:
    """Seals some more of what lies clear from before, or under an older key; wipes keys under which nothing lies any more."""
    retire_house_keys(house, wall)
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            sealing.cipher_of(tx, shop_id)
        reseal_shop(house, shop_id, wall, most=20)


def reseal_shop(house: House, shop_id: ShopId, wall: datetime, *, most: int | None = None, settles: timedelta = SETTLES) -> bool:
    """Whether everything of the shop lies under its newest key. Goes through so many chunks at most; at once where nothing has to settle first."""
    left = most
    while left is None or left > 0:
        if transact(house.pool, lambda tx: _reseal_chunk(tx, shop_id, wall, settles)):
            with house.pool.connection() as tx:
                return _wiped(tx, shop_id, wall)
        left = None if left is None else left - 1
    return False


def _reseal_chunk(tx: Tx, shop_id: ShopId, wall: datetime, settles: timedelta) -> bool:
    """Whether nothing is left to do; goes through one chunk of the first place that is not done."""
    newest = data_keys.newest(tx, shop_id)
    if newest is None or (settles and wall - newest[1] < settles):
        return True
    reached, since = resealings.of_shop(tx, shop_id), _again_at(tx, shop_id, newest[1], wall)
    place = next((place for place in PLACES if not _is_done(reached.get(place.name), newest[0], since)), None)
    if place is None:
        return True
    before = reached.get(place.name)
    is_under_way = before is not None and before.key_no == newest[0] and before.done_at is None
    after = tuple(msgspec.json.decode(before.after)) if before is not None and is_under_way and before.after else place.first
    resealings.save(tx, shop_id, _gone_through(tx, place, shop_id, after, newest[0], wall))
    return False


def _gone_through(tx: Tx, place: Place, shop_id: ShopId, after: sealed_places.Key, key_no: int, wall: datetime) -> Resealing:
    cipher = sealing.cipher_of(tx, shop_id)
    if cipher.newest != key_no:
        sealing.ring_of(tx).forget(shop_id)
        cipher = sealing.cipher_of(tx, shop_id)
    if place.name == BUYER_KEY:
        sealed_places.seal_buyer_key(tx, shop_id, cipher)
    rows = sealed_places.read(tx, place, shop_id, after, AT_ONCE)
    for key, value in rows:
        anew = place.resealed(value, cipher)
        if anew != value:
            sealed_places.write(tx, place, shop_id, key, value, anew)
    end = rows[-1][0] if rows else after
    return Resealing(place.name, key_no, msgspec.json.encode(end).decode(), wall if len(rows) < AT_ONCE else None)


def _again_at(tx: Tx, shop_id: ShopId, made_at: datetime, wall: datetime) -> datetime | None:
    """Since when a place must have been gone through once more, so that the older keys may go; None where it is not yet time, or none is older."""
    again_at = made_at + OLD_KEYS_KEPT
    return again_at if wall >= again_at and data_keys.count(tx, shop_id) > 1 else None


def _is_done(reached: Resealing | None, key_no: int, since: datetime | None = None) -> bool:
    if reached is None or reached.key_no != key_no or reached.done_at is None:
        return False
    return since is None or reached.done_at >= since


def _wiped(tx: Tx, shop_id: ShopId, wall: datetime) -> bool:
    """Whether everything lies under the newest key; wipes the others once everything was gone through again a day after the change."""
    newest, reached = data_keys.newest(tx, shop_id), resealings.of_shop(tx, shop_id)
    if newest is None:
        return True
    since = _again_at(tx, shop_id, newest[1], wall)
    if not all(_is_done(reached.get(place.name), newest[0], since) for place in PLACES):
        return False
    if since is not None and sealing.ring_of(tx).opens_all(tx, shop_id):
        if left := _left_behind(tx, shop_id, newest[0]):
            resealings.begin_again(tx, shop_id, left)
            sealing.ring_of(tx).forget(shop_id)
            return False
        gone = data_keys.remove_older(tx, shop_id, newest[0])
        journal.write(tx, shop_id, OldKeysWiped(gone), at=wall, by=None)
    return True


def _left_behind(tx: Tx, shop_id: ShopId, key_no: int) -> list[str]:
    """The places in which something lies under another key, as what did not open while its key was away: it was gone through, and left as it lay."""
    return [place.name for place in PLACES if any(place.lies_with(value) not in {None, str(key_no)} for value in _values(tx, place, shop_id))]


def _values(tx: Tx, place: Place, shop_id: ShopId) -> Iterator[str]:
    after = place.first
    while rows := sealed_places.read(tx, place, shop_id, after, AT_ONCE):
        after = rows[-1][0]
        yield from (value for _, value in rows)


def change_house_key(house: House, by: Person, wall: datetime, *, adds: bool = True) -> HouseRotated:
    """Puts a fresh key before the others and seals every secret of the house with it. The older keys still open; they go by themselves a day later.

    Whatever is under way in any process was perhaps sealed with the key of before, and is stored only afterwards. Without `adds` no key is made: the
    newest at hand is one that somebody put there. Raises VaultShut where the ring is kept outside the home.
    """
    if not by.is_keeper:
        raise NotAllowed("keys")
    if adds and ring.is_outside():
        adds = False
        if ring.keys_at(house.home) < 2:
            raise ring.VaultShut(ring.told_outside())
    if adds:
        _with_keys_held(house, lambda: ring.add_key(house.home, wall))
    done, shut, _ = _rounds(house)
    for shop_id in every_shop(house):
        with house.pool.connection() as tx:
            journal.write(tx, shop_id, HouseKeyChanged(done), at=clock.now(), by=by.person_id)
    return HouseRotated(resealed=done, shut=shut, older=ring.keys_at(house.home) - 1)


def retire_house_keys(house: House, wall: datetime) -> int:
    """How many keys of the house went: those that others took the place of a day ago, once nothing is found any more that needs them."""
    gone = ring.retiring(house.home)
    if gone is None or ring.is_outside() or wall - gone.since < OLD_KEYS_KEPT:
        return 0
    _, shut, is_done = _rounds(house)
    return _with_keys_held(house, lambda: _dropped(house, gone)) if is_done and not shut else 0


def _dropped(house: House, gone: ring.Retiring) -> int:
    """Drops them, unless the keys were changed once more meanwhile."""
    return ring.drop_keys(house.home, gone) if ring.retiring(house.home) == gone else 0


def _with_keys_held(house: House, work: Callable[[], T]) -> T:
    """Does this while nobody else changes the keys of the house: two who write the ring at once would lose one's fresh key."""
    with house.pool.connection() as tx, tx.transaction():
        locks.hold_keys(tx)
        return work()


def _rounds(house: House) -> tuple[int, int, bool]:
    """How many secrets were sealed anew, how many no key at hand opens, and whether the last round found nothing more to do."""
    done, shut, resealed = 0, 0, 0
    for _ in range(MOST_ROUNDS):
        resealed, shut = _round(house)
        done += resealed
        if not resealed:
            break
    return done, shut, not resealed


def _round(house: House) -> tuple[int, int]:
    """How many secrets were sealed anew, and how many no key at hand opens. What changed meanwhile is found by the next round."""
    done = shut = 0
    for secret in house_secrets.SECRETS:
        for shop_id in every_shop(house) if secret.of_shop else (0,):
            with house.pool.connection() as tx:
                old = [sealed for sealed in house_secrets.every(tx, secret, shop_id) if not ring.is_opened_by_newest(house.home, sealed)]
                anew = {sealed: text for sealed in old if (text := _anew(house, sealed)) is not None}
                house_secrets.put(tx, secret, shop_id, list(anew), list(anew.values()))
                done, shut = done + len(anew), shut + len(old) - len(anew)
    return done, shut


def _anew(house: House, sealed: bytes) -> bytes | None:
    try:
        return ring.resealed_at(house.home, sealed)
    except ring.VaultShut:
        return None


def places_lie(tx: Tx, shop_id: ShopId) -> Iterator[tuple[str, bool]]:
    """Every sealed place, and whether it is known to lie under the newest key as a whole."""
    newest, reached = data_keys.newest(tx, shop_id), resealings.of_shop(tx, shop_id)
    return ((place.name, newest is not None and _is_done(reached.get(place.name), newest[0])) for place in PLACES)
