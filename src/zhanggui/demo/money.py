"""What the owner of the demo wrote down of the shop's money before the week began: costs of goods, a balance, a withdrawal, deposits, a cap."""

import csv
from collections.abc import Iterator
from datetime import timedelta

from zhanggui import clock
from zhanggui.actions.house import House
from zhanggui.actions.money.cash import NewHold, note_balance, note_hold, note_withdrawal
from zhanggui.actions.money.costs import set_money_settings
from zhanggui.actions.money.profit import take_cost_sheet
from zhanggui.core.ledger.cash import HoldKind
from zhanggui.core.moments import shanghai_day
from zhanggui.core.money import Fen
from zhanggui.demo.story_data import story
from zhanggui.people.permissions import Person, ShopId

COST_PERCENT = 52
"""What goods cost of their price."""
BALANCE, WITHDRAWN, CAP = Fen(326_840), Fen(150_000), Fen(2000)
SHOP_DEPOSIT, ACTIVITY_DEPOSIT = Fen(200_000), Fen(500_000)


def furnish_money(house: House, by: Person, shop_id: ShopId) -> None:
    """Enter all of it, as of an hour before the story begins."""
    now = clock.now()
    sheet = house.home / "exports" / "商品成本.csv"
    with sheet.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("规格ID", "成本"))
        writer.writerows(_costs())
    take_cost_sheet(house, by, shop_id, sheet, shanghai_day(now - timedelta(days=30)), now)
    note_balance(house, by, shop_id, BALANCE, now - timedelta(hours=1), now)
    note_withdrawal(house, by, shop_id, WITHDRAWN, "工行 1234", now - timedelta(days=1), now)
    note_hold(house, by, shop_id, NewHold(kind=HoldKind.SHOP_DEPOSIT, fen=SHOP_DEPOSIT, from_at=now - timedelta(days=200), reason="开店"), now)
    seckill = NewHold(
        kind=HoldKind.ACTIVITY_DEPOSIT, fen=ACTIVITY_DEPOSIT, from_at=now - timedelta(days=2), free_at=now + timedelta(days=4), reason="秒杀：苹果"
    )
    note_hold(house, by, shop_id, seckill, now)
    set_money_settings(house, by, shop_id, CAP, None, now)


def _costs() -> Iterator[tuple[str, str]]:
    for goods in story().shop.goods:
        for number, spec in enumerate(goods.specs, 1):
            cost = spec.price * COST_PERCENT // 100
            yield f"{goods.goods_id}{number:02d}", f"{cost // 100}.{cost % 100:02d}"
