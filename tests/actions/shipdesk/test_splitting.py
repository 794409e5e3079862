"""An order that goes in several parcels: numbers, labels, the packing check, one fate for all, and each followed on its way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.actions.dispatching.warehouse import START, YTO, Warehouse
from tests.actions.waybills.counter import WaybillCounter
from tests.cast import Cast
from tests.emulator.caller import quiet, running
from zhanggui import clock
from zhanggui.actions.claims.making import Particulars, begin_claim
from zhanggui.actions.dispatching import destroyed, find_dispatch, handed_over, packed, printed
from zhanggui.actions.house import House
from zhanggui.actions.papers.making import Wanted
from zhanggui.actions.refused import Refused
from zhanggui.actions.shipdesk.batches import BatchView, batch_view
from zhanggui.actions.shipdesk.batching import make_batch, put_back
from zhanggui.actions.shipdesk.further import further_to_tell, tell_further
from zhanggui.actions.shipdesk.numbering import part_name, write_in_order, write_listed, write_numbers
from zhanggui.actions.shipdesk.packing import Check, Packer, scan, taken_out
from zhanggui.actions.shipdesk.printing import print_batch
from zhanggui.actions.shipdesk.splitting import add_part, drop_part
from zhanggui.actions.shipdesk.waybills import take_numbers
from zhanggui.actions.waybills import PrintResult, begin_print, end_print
from zhanggui.connectors.files.slips import Slip
from zhanggui.core.batches.packing import Tone
from zhanggui.core.claims.states import Loss
from zhanggui.core.dispatch import DispatchState, PrintedPaper
from zhanggui.core.facts import OrderStage, Place
from zhanggui.core.money import Fen
from zhanggui.core.numbers import Verdict
from zhanggui.papers.shapes import Form
from zhanggui.records import claims, parcels, ship_parts

A, B = "260301-100000000000001", "260301-100000000000002"
FIRST, SECOND, THIRD = "YT7351946208153", "YT8823719045526", "YT6409182736459"


@pytest.fixture
def shop(house: House, people: Cast) -> Warehouse:
    """An order of five bags, which go in two parcels, and another one."""
    shop = Warehouse(house, people)
    goods = {"title": "坚果礼盒", "spec": "750g", "outer_sku": "NUT-750", "receiver_masked": "李**", "city": "杭州市"}
    shop.comes(A, ship_by=START + timedelta(hours=2), quantity=5, **goods)
    shop.comes(B, ship_by=START + timedelta(hours=9), quantity=1, **goods)
    return shop


def split(shop: Warehouse, *, parcels: int = 2) -> int:
    """The batch of the order that goes in so many parcels."""
    batch_no = make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[A], carrier=YTO)
    for _ in range(parcels - 1):
        add_part(shop.house, shop.by, shop.shop_id, A, shop.now)
    return batch_no


def seen(shop: Warehouse, batch_no: int) -> BatchView:
    view = batch_view(shop.house, shop.by, shop.shop_id, batch_no, shop.now)
    assert view is not None
    return view


def prints(shop: Warehouse, batch_no: int, *numbers: str) -> str:
    """The labels of the batch, as ZPL."""
    write_in_order(shop.house, shop.by, shop.shop_id, batch_no, None, numbers, shop.now)
    done = print_batch(shop.house, shop.by, shop.shop_id, batch_no, Wanted(form=Form.ZPL), shop.now, clock.unwound())
    assert done.made is not None, done.refused
    return done.made.content.decode()


def scans(shop: Warehouse, packer: Packer, text: str, *, close: bool = False) -> Check:
    return scan(shop.house, shop.by, shop.shop_id, packer, text, shop.now, None, close=close)


def followed(shop: Warehouse) -> list[str]:
    with shop.house.pool.connection() as tx:
        return [number for _, number in sorted(parcels.held(tx, shop.shop_id, [A]))]


def test_each_parcel_gets_a_number_and_a_label_of_its_own(shop: Warehouse) -> None:
    batch_no = split(shop, parcels=3)
    before = seen(shop, batch_no)

    paper = prints(shop, batch_no, FIRST, SECOND, THIRD)

    after = seen(shop, batch_no)
    dispatch = shop.dispatch(A)
    assert (before.parcels, before.unnumbered, after.unnumbered) == (3, 3, 0)
    assert paper.count("^XA") == 3
    assert dispatch is not None
    assert (dispatch.state, dispatch.numbers) == (DispatchState.PRINTED, (FIRST, SECOND, THIRD))
    assert [each.row.printed_at is not None for each in after.lines[0].further] == [True, True]


def test_a_number_written_down_twice_is_blocked(shop: Warehouse) -> None:
    batch_no = split(shop)

    write_numbers(shop.house, shop.by, shop.shop_id, batch_no, YTO, {A: FIRST, part_name(A, 2): FIRST}, shop.now)

    check = seen(shop, batch_no).lines[0].further[0].check
    assert check is not None
    assert check.verdict is Verdict.BLOCK


def test_a_list_gives_each_parcel_its_number_and_an_order_with_more_numbers_than_parcels_none(shop: Warehouse) -> None:
    batch_no = make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[A, B], carrier=YTO)
    add_part(shop.house, shop.by, shop.shop_id, A, shop.now)
    told = [(A, FIRST), (A, FIRST), (B, "YT5028164739206"), (A, SECOND), (B, "YT7366152940871"), ("260301-100000000000003", THIRD)]
    slips = [Slip(no, YTO, number, Place("")) for no, number in told]

    wrote, against = write_listed(shop.house, shop.by, shop.shop_id, batch_no, slips, shop.now)
    stands = [(line.batch_row.order_no, line.batch_row.tracking_no, [each.row.tracking_no for each in line.further]) for line in seen(shop, batch_no).lines]
    _, too_many = write_listed(shop.house, shop.by, shop.shop_id, batch_no, [*slips, Slip(A, "申通快递", THIRD, Place(""))], shop.now)

    assert (wrote, [no for no, _ in against]) == (2, [B])
    assert stands == [(A, FIRST, [SECOND]), (B, None, [])]
    assert [(no, why.slots) for no, why in too_many] == [(A, {"numbers": 3, "parcels": 2}), (B, {"numbers": 2, "parcels": 1})]


def test_whoever_packs_finds_that_it_does_not_fit_and_prints_one_label_more(shop: Warehouse) -> None:
    batch_no = make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[A], carrier=YTO)
    prints(shop, batch_no, FIRST)

    add_part(shop.house, shop.by, shop.shop_id, A, shop.now)
    paper = prints(shop, batch_no, SECOND)

    assert paper.count("^XA") == 1
    assert find_dispatch(shop.house, shop.by, shop.shop_id, SECOND, shop.now) == shop.dispatch(A)


def test_the_check_packs_parcel_by_parcel_and_counts_across_them(shop: Warehouse) -> None:
    batch_no = split(shop)
    prints(shop, batch_no, FIRST, SECOND)

    opened = scans(shop, Packer(), FIRST)
    three = scans(shop, opened.packer, "3*NUT-750")
    first = scans(shop, three.packer, "", close=True)
    early = shop.state(A)
    second = scans(shop, Packer(), SECOND)
    too_many = scans(shop, second.packer, "3*NUT-750")
    done = scans(shop, second.packer, "2*NUT-750")

    assert (three.may_close, three.part, three.of) == (True, 1, 2)
    assert (first.tone, first.is_done, early) == (Tone.GOOD, True, DispatchState.PRINTED)
    assert [(line.quantity, second.part) for line in second.lines] == [(2, 2)]
    assert too_many.tone is Tone.STOP
    assert (done.tone, done.is_done, shop.state(A)) == (Tone.GOOD, True, DispatchState.PACKED)


def test_nothing_left_for_the_other_parcel_and_pieces_missing_are_both_said(shop: Warehouse) -> None:
    batch_no = split(shop)
    prints(shop, batch_no, FIRST, SECOND)

    everything = scans(shop, scans(shop, Packer(), FIRST).packer, "5*NUT-750")
    scans(shop, scans(shop, scans(shop, Packer(), FIRST).packer, "2*NUT-750").packer, "", close=True)
    short = scans(shop, scans(shop, scans(shop, Packer(), SECOND).packer, "2*NUT-750").packer, "", close=True)

    assert (everything.tone, short.tone, shop.state(A)) == (Tone.WARN, Tone.WARN, DispatchState.PRINTED)


def test_other_goods_whose_code_looks_like_a_weight_are_wrong_goods_and_no_weight(shop: Warehouse) -> None:
    prints(shop, split(shop), FIRST, SECOND)
    shop.comes("260301-100000000000003", quantity=1, title="坚果礼盒", spec="500g", outer_sku="500G")
    three = scans(shop, scans(shop, Packer(), FIRST).packer, "3*NUT-750")

    wrong = scans(shop, three.packer, "500G")
    weight = scans(shop, three.packer, "501G")

    assert (wrong.tone, wrong.said.text, wrong.packer.weight_g) == (Tone.STOP, "Wrong goods: {code} does not belong into this parcel. Take it out.", None)
    assert (weight.is_done, shop.state(A)) == (True, DispatchState.PRINTED)


def test_what_was_packed_can_be_taken_out_again(shop: Warehouse) -> None:
    batch_no = split(shop)
    prints(shop, batch_no, FIRST, SECOND)
    scans(shop, scans(shop, scans(shop, Packer(), FIRST).packer, "3*NUT-750").packer, "", close=True)

    taken_out(shop.house, shop.by, shop.shop_id, [A], shop.now)

    assert scans(shop, Packer(), SECOND).lines[0].quantity == 5


def test_a_parcel_is_taken_off_again_unless_it_has_a_label(shop: Warehouse) -> None:
    batch_no = split(shop, parcels=3)
    left = drop_part(shop.house, shop.by, shop.shop_id, A, shop.now)
    prints(shop, batch_no, FIRST, SECOND)

    with pytest.raises(Refused):
        drop_part(shop.house, shop.by, shop.shop_id, A, shop.now)

    assert (left, seen(shop, batch_no).parcels) == (2, 2)


def test_no_order_is_packed_of_which_a_parcel_has_no_label(shop: Warehouse) -> None:
    batch_no = split(shop)
    prints(shop, batch_no, FIRST)

    outcome = packed(shop.house, shop.by, shop.shop_id, A, None, shop.now)[0]

    assert (outcome.done, outcome.why is not None, shop.state(A)) == (False, True, DispatchState.PRINTED)


def test_no_order_is_split_that_shares_its_parcel_or_is_packed(shop: Warehouse) -> None:
    shop.changes(A, combine_key="door-1")
    shop.changes(B, combine_key="door-1")
    make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=[A, B], carrier=YTO)

    with pytest.raises(Refused):
        add_part(shop.house, shop.by, shop.shop_id, A, shop.now)


@pytest.mark.parametrize("named", [[A], [B], [A, B]])
def test_an_order_in_several_parcels_shares_none_when_it_is_taken_into_a_batch_again(shop: Warehouse, named: list[str]) -> None:
    split(shop)
    put_back(shop.house, shop.by, shop.shop_id, [A], shop.now)
    shop.changes(A, combine_key="door-1")
    shop.changes(B, combine_key="door-1")

    batch_no = make_batch(shop.house, shop.by, shop.shop_id, shop.now, order_nos=named, carrier=YTO)

    view = seen(shop, batch_no)
    assert sorted(line.batch_row.order_no for line in view.lines) == named
    assert (len({line.batch_row.parcel for line in view.lines}), view.parcels) == (len(named), len(named) + (A in named))


def test_a_refund_puts_all_labels_on_the_destroy_list_and_a_scan_of_any_shows_that_it_left(shop: Warehouse) -> None:
    batch_no = split(shop)
    prints(shop, batch_no, FIRST, SECOND)

    shop.asks_back(A)
    listed = shop.dispatch(A)
    destroyed(shop.house, shop.by, shop.shop_id, [A], shop.now)

    assert listed is not None
    assert (listed.state, listed.numbers) == (DispatchState.TO_DESTROY, (FIRST, SECOND))
    assert seen(shop, batch_no).lines[0].further[0].row.printed_at is None


def test_the_further_parcel_is_told_after_the_first_and_followed_like_it(shop: Warehouse) -> None:
    batch_no = split(shop)
    prints(shop, batch_no, FIRST, SECOND)
    handed_over(shop.house, shop.by, shop.shop_id, [SECOND], shop.now)
    early = further_to_tell(shop.house, shop.by, shop.shop_id)

    shop.changes(A, stage=OrderStage.SHIPPED, tracking_no=FIRST, carrier=YTO, shipped_at=shop.now)
    told = tell_further(shop.house, shop.by, shop.shop_id, shop.now)

    assert shop.state(A) is DispatchState.HANDED_OVER
    assert (early, told, further_to_tell(shop.house, shop.by, shop.shop_id)) == ((), 1, ())
    assert followed(shop) == [FIRST, SECOND]


def test_the_further_parcel_that_got_lost_is_claimed_by_its_number(shop: Warehouse) -> None:
    prints(shop, split(shop), FIRST, SECOND)
    shop.changes(A, stage=OrderStage.SHIPPED, tracking_no=FIRST, carrier=YTO, shipped_at=shop.now)

    begin_claim(shop.house, shop.people.mei, shop.shop_id, SECOND, Loss.LOST, shop.now, Particulars(goods_value=Fen(1200)))

    with shop.house.pool.connection() as tx:
        assert [(claim.tracking_no, claim.goods_value) for claim in claims.of_orders(tx, shop.shop_id, [A])] == [(SECOND, 1200)]


def test_a_further_parcel_with_another_number_is_told_again(shop: Warehouse) -> None:
    prints(shop, split(shop), FIRST, SECOND)
    shop.changes(A, stage=OrderStage.SHIPPED, tracking_no=FIRST, carrier=YTO, shipped_at=shop.now)
    tell_further(shop.house, shop.by, shop.shop_id, shop.now)
    destroyed(shop.house, shop.by, shop.shop_id, [A], shop.now)
    papers = [PrintedPaper(A, YTO, FIRST), PrintedPaper(A, YTO, SECOND, 2)]

    printed(shop.house, shop.by, shop.shop_id, papers, shop.now)
    same = further_to_tell(shop.house, shop.by, shop.shop_id)
    destroyed(shop.house, shop.by, shop.shop_id, [A], shop.now)
    with shop.house.pool.connection() as tx:
        ship_parts.write(tx, shop.shop_id, [(A, 2, YTO, THIRD)])
    printed(shop.house, shop.by, shop.shop_id, [papers[0], PrintedPaper(A, YTO, THIRD, 2)], shop.now)

    assert same == ()
    assert [row.tracking_no for row in further_to_tell(shop.house, shop.by, shop.shop_id)] == [THIRD]


@pytest.fixture
def counter(house: House, people: Cast) -> Iterator[WaybillCounter]:
    with running(quiet()) as platform:
        yield WaybillCounter(house, people.lin, people.shop_id, platform)


def test_in_a_connected_shop_each_parcel_has_a_number_of_the_platform_and_its_label_is_printed_once(counter: WaybillCounter) -> None:
    account, order_no = counter.opened(), counter.orders()[0]
    who = (counter.house, counter.by, counter.shop_id)
    batch_no = make_batch(*who, counter.now, order_nos=[order_no], carrier=YTO)
    add_part(*who, order_no, counter.now)

    taken, against = take_numbers(*who, batch_no, account.account_no, counter.now, counter.wall)
    run = begin_print(*who, [order_no], "one", counter.now, counter.wall)
    assert run.run_no is not None
    end_print(*who, run.run_no, [PrintResult(label.document_id, "success") for label in run.labels], counter.now)
    add_part(*who, order_no, counter.now)
    take_numbers(*who, batch_no, account.account_no, counter.now, counter.wall)
    later = begin_print(*who, [order_no], "one", counter.now, counter.wall)

    dispatch = find_dispatch(*who, order_no, counter.now)
    assert (taken, against) == (2, ())
    assert len(set(counter.taken_there())) == 3
    assert dispatch is not None
    assert dispatch.numbers == tuple(label.document_id for label in run.labels)
    assert [label.document_id for label in later.labels] == [counter.taken_there()[2]]
