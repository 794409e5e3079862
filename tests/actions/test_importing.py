"""An import is previewed, stored whole, recognised again, and undone whole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.actions.files import ONE, THREE, TWO, orders_csv, row, shipped
from tests.actions.tables import contents
from tests.cast import Cast
from zhanggui.actions import importing, orders, today
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.views import BatchView
from zhanggui.core.deadlines import Band, DeadlineKind, DeadlineState
from zhanggui.core.facts import FactKind, OrderStage
from zhanggui.people.permissions import NotAllowed
from zhanggui.words import Language, load

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EARLIER = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def bring(house: House, people: Cast, path: Path, as_of: datetime, now: datetime = NOW) -> BatchView:
    previewed = importing.preview(house, people.lin, people.shop_id, [path], now, as_of=as_of)
    return importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, now)


def counts(view: BatchView, kind: FactKind = FactKind.ORDER) -> tuple[int, int, int, int, int]:
    (one,) = [result for result in view.results if result.kind is kind]
    return one.new, one.changed, one.unchanged, one.older, one.refused


def stage_of(house: House, people: Cast, order_no: str) -> OrderStage | None:
    view = orders.order(house, people.lin, people.shop_id, order_no, NOW)
    assert view is not None
    return view.order.stage


def test_it_stores_nothing_before_the_seller_says_so(house: House, people: Cast, tmp_path: Path) -> None:
    before = contents(house.pool)

    importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row(ONE), row(TWO)])], NOW)

    after = contents(house.pool)
    assert [name for name in after if after[name] != before[name]] == ["batches"]


def test_it_stores_what_the_preview_promised(house: House, people: Cast, tmp_path: Path) -> None:
    path = orders_csv(tmp_path / "a.csv", [row(ONE), row(TWO), shipped(THREE)])

    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW)
    done = importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)

    assert done.state == "done"
    assert previewed.results == done.results
    assert counts(done) == (3, 0, 0, 0, 0)
    assert not (house.home / "spool" / str(people.shop_id) / str(done.batch_id)).exists()


def test_it_names_what_changed_and_how_many_orders_moved(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people, orders_csv(tmp_path / "a.csv", [row(ONE), row(TWO), row(THREE)]), MORNING)

    newer = orders_csv(tmp_path / "b.csv", [shipped(ONE), shipped(TWO), row(THREE)])
    previewed = importing.preview(house, people.lin, people.shop_id, [newer], NOW, as_of=NOON)

    assert counts(previewed) == (0, 2, 1, 0, 0)
    assert previewed.state_changes == (("to_ship", "shipped", 2),)
    (orders_result,) = previewed.results
    assert ("stage", "to_ship", "shipped") in orders_result.changes[0].fields


def test_it_recognises_the_same_bytes(house: House, people: Cast, tmp_path: Path) -> None:
    path = orders_csv(tmp_path / "a.csv", [row(ONE)])
    bring(house, people, path, MORNING)
    before = contents(house.pool, leaving=("batches", "journal"))

    again = bring(house, people, path, MORNING)

    assert again.already_imported == ("a.csv",)
    assert counts(again) == (0, 0, 1, 0, 0)
    assert contents(house.pool, leaving=("batches", "journal")) == before


def test_it_lets_older_news_fill_gaps_and_overwrite_nothing(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people, orders_csv(tmp_path / "new.csv", [shipped(ONE)], leaving=["商品"]), NOON)

    older = bring(house, people, orders_csv(tmp_path / "old.csv", [row(ONE, 商品="核桃")]), MORNING)

    view = orders.order(house, people.lin, people.shop_id, ONE, NOW)
    assert view is not None
    assert (view.order.stage, view.order.title, view.as_of) == (OrderStage.SHIPPED, "核桃", NOON)
    assert counts(older) == (0, 1, 0, 0, 0)


def test_it_counts_older_news_that_changes_nothing_as_older(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people, orders_csv(tmp_path / "new.csv", [shipped(ONE)]), NOON)

    older = bring(house, people, orders_csv(tmp_path / "old.csv", [row(ONE)]), MORNING)

    assert counts(older) == (0, 0, 0, 1, 0)
    assert stage_of(house, people, ONE) is OrderStage.SHIPPED


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_it_ends_up_the_same_whatever_order_the_files_come_in(house: House, people: Cast, tmp_path: Path, order: tuple[int, ...]) -> None:
    told = [
        (orders_csv(tmp_path / "0.csv", [row(ONE, 商品="核桃")]), EARLIER),
        (orders_csv(tmp_path / "1.csv", [shipped(ONE)], leaving=["商品", "商家实收金额(元)"]), MORNING),
        (orders_csv(tmp_path / "2.csv", [row(ONE, 订单状态="已收货", 商品="", 发货时间="2026-03-01 21:00:00")], leaving=["快递单号"]), NOON),
    ]

    for number in order:
        bring(house, people, *told[number])

    view = orders.order(house, people.lin, people.shop_id, ONE, NOW)
    assert view is not None
    assert view.order.stage is OrderStage.RECEIVED
    assert view.order.tracking_no == "YT1111111111"
    assert view.order.receive_amount == 2990
    assert view.as_of == NOON


def test_it_is_undone_whole(house: House, people: Cast, tmp_path: Path) -> None:
    before = contents(house.pool, leaving=("batches", "journal"))
    done = bring(house, people, orders_csv(tmp_path / "a.csv", [row(ONE), row(TWO), shipped(THREE), row("260301-4", 订单成交时间="soon")]), MORNING)
    assert counts(done) == (3, 0, 0, 0, 1)

    undone = importing.undo(house, people.lin, people.shop_id, done.batch_id, NOW)

    assert undone.state == "undone"
    assert contents(house.pool, leaving=("batches", "journal")) == before
    assert counts(bring(house, people, tmp_path / "a.csv", MORNING)) == (3, 0, 0, 0, 1)


def test_it_leaves_the_other_imports_standing_when_one_is_undone(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people, orders_csv(tmp_path / "a.csv", [row(ONE), row(TWO)]), MORNING)
    before = contents(house.pool, leaving=("batches", "journal"))
    second = bring(house, people, orders_csv(tmp_path / "b.csv", [shipped(ONE), row(THREE)]), NOON)
    assert stage_of(house, people, ONE) is OrderStage.SHIPPED

    importing.undo(house, people.lin, people.shop_id, second.batch_id, NOW)

    assert contents(house.pool, leaving=("batches", "journal", "data_ages")) == {name: rows for name, rows in before.items() if name != "data_ages"}
    assert orders.order(house, people.lin, people.shop_id, THREE, NOW) is None


def test_it_undoes_a_middle_import_as_if_it_had_never_come(house: House, people: Cast, tmp_path: Path) -> None:
    first = orders_csv(tmp_path / "a.csv", [row(ONE), row(TWO)])
    last = orders_csv(tmp_path / "c.csv", [shipped(TWO)], leaving=["商品"])
    bring(house, people, first, EARLIER)
    middle = bring(house, people, orders_csv(tmp_path / "b.csv", [shipped(ONE), row(TWO, 商品="核桃")]), MORNING)
    bring(house, people, last, NOON)

    importing.undo(house, people.lin, people.shop_id, middle.batch_id, NOW)

    view = orders.order(house, people.lin, people.shop_id, TWO, NOW)
    assert view is not None
    assert (view.order.stage, view.order.title) == (OrderStage.SHIPPED, "坚果礼盒")
    assert stage_of(house, people, ONE) is OrderStage.TO_SHIP


def test_it_puts_the_orders_on_the_list(house: House, people: Cast, tmp_path: Path) -> None:
    bring(house, people, orders_csv(tmp_path / "a.csv", [row(ONE), shipped(THREE)]), MORNING)

    listed = today.today(house, people.lin, NOW, bands=[*today.SHOWN_BANDS, Band.UNVERIFIED])

    found = {(item.deadline.subject.no, item.deadline.kind, item.deadline.state) for _, group in listed.groups for item in group}
    assert (ONE, DeadlineKind.SHIP_BY, DeadlineState.OPEN) in found
    assert (THREE, DeadlineKind.PICKUP_BY, DeadlineState.UNVERIFIED) in found
    (unverified,) = [total for total in listed.sums if total.band is Band.UNVERIFIED]
    assert (unverified.deadlines, unverified.at_risk) == (1, 0)


def test_it_refuses_what_cannot_be_read_and_leaves_nothing_behind(house: House, people: Cast, tmp_path: Path) -> None:
    path = tmp_path / "holiday.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    before = contents(house.pool)

    with pytest.raises(Refused):
        importing.preview(house, people.lin, people.shop_id, [path], NOW)

    assert contents(house.pool) == before
    assert not list((house.home / "spool").rglob("*.csv"))


def test_it_confirms_a_preview_only_once(house: House, people: Cast, tmp_path: Path) -> None:
    done = bring(house, people, orders_csv(tmp_path / "a.csv", [row(ONE)]), MORNING)
    before = contents(house.pool)

    with pytest.raises(Refused):
        importing.confirm(house, people.lin, people.shop_id, done.batch_id, NOW)

    assert contents(house.pool) == before


def test_it_throws_a_preview_away(house: House, people: Cast, tmp_path: Path) -> None:
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row(ONE)])], NOW)

    dropped = importing.drop(house, people.lin, people.shop_id, previewed.batch_id, NOW)

    assert dropped.state == "dropped"
    with pytest.raises(Refused):
        importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)


def test_it_lets_nobody_import_who_may_not(house: House, people: Cast, tmp_path: Path) -> None:
    path = orders_csv(tmp_path / "a.csv", [row(ONE)])
    previewed = importing.preview(house, people.lin, people.shop_id, [path], NOW)
    before = contents(house.pool)

    for person in (people.zhou, people.zheng):
        with pytest.raises(NotAllowed):
            importing.preview(house, person, people.shop_id, [path], NOW)
        with pytest.raises(NotAllowed):
            importing.confirm(house, person, people.shop_id, previewed.batch_id, NOW)
        with pytest.raises(NotAllowed):
            importing.undo(house, person, people.shop_id, previewed.batch_id, NOW)

    assert contents(house.pool) == before


def test_of_two_previews_of_the_same_bytes_the_second_stores_nothing(house: House, people: Cast, tmp_path: Path) -> None:
    path = orders_csv(tmp_path / "a.csv", [row(ONE)])
    first, second = (importing.preview(house, people.lin, people.shop_id, [path], NOW) for _ in range(2))
    importing.confirm(house, people.lin, people.shop_id, first.batch_id, NOW)

    again = importing.confirm(house, people.lin, people.shop_id, second.batch_id, NOW)

    assert (again.already_imported, counts(again)) == (("a.csv",), (0, 0, 1, 0, 0))
    importing.undo(house, people.lin, people.shop_id, first.batch_id, NOW)
    assert orders.orders(house, people.lin, NOW).rows == ()


def test_it_refuses_data_of_a_moment_to_come(house: House, people: Cast, tmp_path: Path) -> None:
    path = orders_csv(tmp_path / "a.csv", [row(ONE)])

    with pytest.raises(Refused) as caught:
        importing.preview(house, people.lin, people.shop_id, [path], NOW, as_of=EVENING)

    assert caught.value.say.text == "The data cannot speak of a moment that is still to come."


def test_a_line_that_claims_to_speak_of_a_moment_to_come_is_overtaken_all_the_same(house: House, people: Cast, tmp_path: Path) -> None:
    for name, stage, claimed in (("a", "to_ship", "2099-01-01T00:00:00Z"), ("b", "shipped", "2026-03-02T12:00:00Z")):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(f'{{"fact": "order", "order_no": "{ONE}", "stage": "{stage}", "as_of": "{claimed}"}}\n', encoding="utf-8")
        view = importing.preview(house, people.lin, people.shop_id, [path], NOW if name == "a" else EVENING)
        importing.confirm(house, people.lin, people.shop_id, view.batch_id, EVENING)

    assert stage_of(house, people, ONE) is OrderStage.SHIPPED


def test_an_import_that_fails_says_why_in_the_language_of_the_reader(house: House, people: Cast, tmp_path: Path) -> None:
    previewed = importing.preview(house, people.lin, people.shop_id, [orders_csv(tmp_path / "a.csv", [row(ONE)])], NOW)
    for kept in (house.home / "spool").rglob("*.csv"):
        kept.unlink()

    with pytest.raises(Refused):
        importing.confirm(house, people.lin, people.shop_id, previewed.batch_id, NOW)

    failed = importing.batch(house, people.lin, people.shop_id, previewed.batch_id)
    assert failed is not None
    assert failed.state == "failed"
    assert failed.problem is not None
    assert load(Language.ZH_HANS).render(failed.problem) == "没有 a.csv 这个文件。"
    assert load(Language.EN).render(failed.problem) == "There is no file a.csv."
