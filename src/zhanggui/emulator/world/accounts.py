"""What every case cost the shop in the end, by the world's own books: money alone, and beside it what the indicators cost."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from zhanggui.emulator.world.cases import DONE, EXCHANGE, EXCHANGE_DONE, EXCHANGE_UNDERWAY, REPAIR_DONE, REPAIR_UNDERWAY, RESEND, Case
from zhanggui.emulator.world.journeys import RETURNED
from zhanggui.emulator.world.orders import FREE_RETURN
from zhanggui.emulator.world.travel import way_of
from zhanggui.emulator.world.troubles import aftersales, truth_of
from zhanggui.emulator.world.truth import EMPTY, LOST
from zhanggui.emulator.world.world import World

REPAIR_WORK = 0.15
PIECE = 0.5


class Account(msgspec.Struct, frozen=True):
    """One case: what went to the buyer, what came back in goods, freights, what was sent again, and what others paid; all in fen, losses positive."""

    case_id: int
    order_sn: str
    kind: int
    status: int
    problem: str
    who: str
    refunded: int = 0
    goods_back: int = 0
    goods_again: int = 0
    freight: int = 0
    fee_back: int = 0
    others_paid: int = 0

    @property
    def lost(self) -> int:
        """What the case cost, against an order that was never questioned."""
        return self.refunded + self.goods_again + self.freight - self.goods_back - self.fee_back - self.others_paid


def accounts(world: World) -> Iterator[Account]:
    """Every case that has a truth, as it stands."""
    carrier_told: set[int] = set()
    for case in world.cases.each():
        if case.case_id in world.hidden.truths:
            yield _account(world, case, first=case.row not in carrier_told)
            carrier_told.add(case.row)


def _account(world: World, case: Case, *, first: bool) -> Account:
    shop, truth = aftersales(world).shop, truth_of(world, case)
    is_paid, is_sent = case.status == DONE, case.status in (EXCHANGE_DONE, EXCHANGE_UNDERWAY, REPAIR_DONE, REPAIR_UNDERWAY)
    others = world.hidden.platform_paid.get(case.case_id, 0) + (world.hidden.carrier_paid.get(case.row, 0) if first else 0)
    refunded = case.amount if is_paid else 0
    return Account(
        case.case_id, world.order_sn(case.row), case.kind, case.status, truth.problem, truth.who,
        refunded=refunded, goods_back=_goods_back(world, case, is_paid=is_paid), goods_again=_goods_again(world, case, is_sent=is_sent),
        freight=_freight(world, case, is_sent=is_sent), fee_back=int(refunded * shop.fee), others_paid=others,
    )  # fmt: skip


def _worth(world: World, case: Case) -> int:
    """What the goods of the order cost the shop."""
    return int(world.orders.goods_amount(case.row) * aftersales(world).shop.goods_cost)


def _goods_back(world: World, case: Case, *, is_paid: bool) -> int:
    """What is worth again what the shop has again: never left, come home, or sent back."""
    if is_paid and not case.was_shipped:
        return _worth(world, case) + aftersales(world).shop.freight_out
    if is_paid and _came_home(world, case):
        return _worth(world, case)
    content = world.hidden.contents.get(case.case_id, LOST)
    if not case.return_signed_at or content in (LOST, EMPTY):
        return 0
    return int(_worth(world, case) * aftersales(world).salvage.of(content))


def _came_home(world: World, case: Case) -> bool:
    """Whether the parcel was refused or called back, and is home."""
    return any(scan.action == RETURNED and scan.at <= world.now for scan in way_of(world, case.row).scans)


def _goods_again(world: World, case: Case, *, is_sent: bool) -> int:
    """What was sent a second time, or worked on."""
    if not is_sent:
        return 0
    share = 1.0 if case.kind == EXCHANGE else PIECE if case.kind == RESEND else REPAIR_WORK
    return int(_worth(world, case) * share)


def _freight(world: World, case: Case, *, is_sent: bool) -> int:
    """Freights the shop bears: of what it sends again, and of the way back where the return is free or the reason is not the buyer's."""
    shop = aftersales(world).shop
    problem = next(each for each in aftersales(world).problem if each.name == truth_of(world, case).problem)
    bears = problem.fault != "buyer" or world.orders.has(case.row, FREE_RETURN) or problem.name == "wants_it_for_nothing"
    back = shop.freight_back if case.sent_back_at and bears else 0
    return back + (shop.freight_out if is_sent else 0)


def indicators_cost(world: World, counts: Counter[str]) -> int:
    """What the counted indicators cost, in fen."""
    price = aftersales(world).price
    cost = counts["quality_refund"] * price.quality + counts["dispute_refund"] * price.dispute + counts["intervention"] * price.intervention
    cost += len(world.hidden.bad_ratings) * price.bad_rating
    cost += counts["transit_refund_seconds"] / 3600 * price.hour_in_transit + counts["return_refund_seconds"] / 3600 * price.hour_after_return
    return int(cost)
