"""What a buyer showed comes into the vault of the order by itself, once, where the platform says where it lies; told from what is ours."""

from datetime import datetime
from functools import partial

import msgspec

from zhanggui.actions.evidence.adding import NewFile, add_file_within, check_file
from zhanggui.actions.house import House
from zhanggui.actions.platform import NotConnected, access_to, connected_shops
from zhanggui.actions.refused import Refused
from zhanggui.actions.vault import VaultShut
from zhanggui.connectors.pdd.doors import Doors
from zhanggui.connectors.pdd.pictures import NoPicture, Picture, fetch_picture
from zhanggui.core.cases.pictures import PictureState, look_again_at
from zhanggui.core.disputes.needs import Shows
from zhanggui.core.evidence import digest_of
from zhanggui.core.say import Say, say
from zhanggui.people.permissions import Permission, Person, ShopId, operator
from zhanggui.records import around, case_pictures, disputes
from zhanggui.records.case_pictures import CasePicture
from zhanggui.records.db import Tx, transact

AT_ONCE = 20
"""Pictures of one shop in one go: a slow server holds up the others no longer than that."""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


class ShownByBuyer(msgspec.Struct, frozen=True):
    """What came of the pictures of a case: the entries of the vault, how many are awaited, and why others are missing."""

    seqs: tuple[int, ...]
    awaited: int
    missing: tuple[Say, ...]


def fetch_pictures(house: House, now: datetime, wall: datetime) -> int:
    """How many pictures came into the vault; a shop that is not connected at the moment waits."""
    return sum(_fetch_of(house, shop_id, now, wall) for shop_id in connected_shops(house))


def shown_by_buyer(house: House, by: Person, shop_id: ShopId, case_no: str) -> ShownByBuyer:
    """What came of the pictures of a case, for its page."""
    by.need(Permission.AFTERSALES_READ, shop_id)
    with house.pool.connection() as tx:
        found = case_pictures.of_case(tx, shop_id, case_no)
    seqs = tuple(dict.fromkeys(each.seq for each in found if each.seq is not None))
    missing = tuple(why for each in found if each.state == PictureState.REFUSED and (why := each.why_not) is not None)
    return ShownByBuyer(seqs, sum(each.state == PictureState.WANTED for each in found), missing)


def _fetch_of(house: House, shop_id: ShopId, now: datetime, wall: datetime) -> int:
    with house.pool.connection() as tx:
        due = case_pictures.due(tx, shop_id, wall, AT_ONCE)
    if not due:
        return 0
    try:
        doors = access_to(house, shop_id, now).app.doors
    except (NotConnected, VaultShut):
        return 0
    return sum(_fetched(house, shop_id, doors, picture, now, wall) for picture in due)


def _fetched(house: House, shop_id: ShopId, doors: Doors, picture: CasePicture, now: datetime, wall: datetime) -> bool:
    """Whether the picture came into the vault. Nothing is held while it is fetched."""
    try:
        content = fetch_picture(house.line, doors, picture.address)
        return transact(house.pool, partial(_keep, shop_id, picture, content, now))
    except NoPicture as problem:
        again = None if problem.is_final else look_again_at(picture.attempts + 1, wall)
        _put_off(house, shop_id, picture, again, wall, problem.say)
    except Refused as problem:
        _put_off(house, shop_id, picture, None, wall, problem.say)
    return False


def _keep(shop_id: ShopId, picture: CasePicture, content: Picture, now: datetime, tx: Tx) -> bool:
    case = around.cases_by_no(tx, shop_id, [picture.case_no]).get(picture.case_no)
    order_no = None if case is None else case.facts.order_no
    if order_no is None or order_no not in around.orders(tx, shop_id, [order_no]):
        raise NoPicture(say("The house knows no order of this case, and the vault belongs to orders."), is_final=False)
    if not case_pictures.hold(tx, shop_id, picture):
        return False
    name = f"售后{picture.case_no}-买家图{picture.place + 1}.{_ENDINGS[content.media_type]}"
    new = NewFile(name=name, media_type=content.media_type, content=content.content, note="买家在售后申请里上传的图片，由平台取得")
    check_file(new)
    seq = case_pictures.same(tx, shop_id, order_no, digest_of(content.content))
    if seq is None:
        seq = add_file_within(tx, operator("zhanggui"), shop_id, order_no, new, now)
    if seq not in disputes.shows(tx, shop_id, [seq]):
        disputes.show(tx, shop_id, seq, [Shows.BUYERS.value], None, now)
    case_pictures.keep(tx, shop_id, picture, seq, now)
    return True


def _put_off(house: House, shop_id: ShopId, picture: CasePicture, again: datetime | None, wall: datetime, why: Say) -> None:
    state = PictureState.REFUSED if again is None else PictureState.WANTED
    transact(house.pool, lambda tx: case_pictures.put_off(tx, shop_id, picture, state.value, again or wall, why))
