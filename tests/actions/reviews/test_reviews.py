"""Reviews come in by file, bridge and paste, are listed with what stands around them, answered, and reported once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.actions.reviews.shelf import NOW, A, B, C, orders_told, review_row, reviews_told
from tests.cast import Cast
from zhanggui.actions.complaints.stepping import step_complaint
from zhanggui.actions.house import House
from zhanggui.actions.importing import undo
from zhanggui.actions.refused import Refused
from zhanggui.actions.reviews.answering import answer_taken_back, review_answered
from zhanggui.actions.reviews.experts import ExpertTold, ReportTold, experts_seen, keep_expert, step_expert
from zhanggui.actions.reviews.listing import ReviewsPage, filter_of, reviews_of, waiting_reviews
from zhanggui.actions.reviews.reading import know_orders_of_reviews
from zhanggui.actions.reviews.reporting import report_review
from zhanggui.actions.reviews.seeing import whole_review
from zhanggui.actions.reviews.taking import ReviewTold, take_paste_of_reviews, take_reviews
from zhanggui.core.complaints.states import ComplaintEvent
from zhanggui.core.deadlines import DeadlineState
from zhanggui.core.reviews.experts import ExpertEvent
from zhanggui.core.reviews.grounds import ReportGround
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import deadlines, review_lists
from zhanggui.records.deadlines import StoredDeadline
from zhanggui.records.migrate import migrations

BAD = "质量太差了，穿两天就开线"


@pytest.fixture
def shop(house: House, people: Cast, tmp_path: Path) -> House:
    """Two orders, with a bad review and a good one."""
    orders_told(house, people, tmp_path, A, B)
    reviews_told(
        house, people, tmp_path, review_row("R1", A, 1, BAD, pictures="https://img.example/1.jpg"), review_row("R2", B, 5, "很好", "2026-03-08 19:00:00")
    )
    return house


def listed(house: House, people: Cast, view: str = "all", *, after: str | None = None, limit: int = 50, **asked: object) -> ReviewsPage:
    return reviews_of(house, people.mei, people.shop_id, filter_of(view, **asked), after, limit, NOW)  # type: ignore[arg-type]  # fields by name


def numbers(page: ReviewsPage) -> list[str]:
    return [row.review_no for row in page.rows]


def todo(house: House, people: Cast, key: str) -> StoredDeadline:
    with house.pool.connection() as tx:
        (found,) = deadlines.of_subjects(tx, people.shop_id, "review", [key])
    return found


def test_it_shows_a_review_with_its_parcel_its_product_and_the_time_left(shop: House, people: Cast) -> None:
    row = listed(shop, people).rows[0]

    assert (row.review_no, row.order_no, row.stars, row.text, row.pictures) == ("R1", A, 1, BAD, 1)
    assert (row.review.service_score, row.review.shipping_score, row.review.buyer_masked) == (4, 5, "张*明")
    assert (row.goods_id, row.sku, row.title, row.spec, row.carrier) == ("901", "77", "坚果礼盒", "黑色", "圆通快递")
    assert row.parcel is not None
    assert row.parcel.tracking_no == row.tracking_no == "YT1111111111"
    assert row.due_at == datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert "quality-" in row.aspects


def test_it_lists_the_newest_first_page_by_page(shop: House, people: Cast) -> None:
    first = listed(shop, people, limit=1)
    second = listed(shop, people, after=first.next_cursor, limit=1)

    assert (numbers(first), numbers(second), second.next_cursor) == (["R1"], ["R2"], None)


@pytest.mark.parametrize(
    ("view", "asked", "found"),
    [
        ("waiting", {}, ["R1"]),
        ("waiting", {"goods_id": "901"}, ["R1"]),
        ("waiting", {"goods_id": "902"}, []),
        ("all", {"stars": "45"}, ["R2"]),
        ("all", {"only": ("pictures",)}, ["R1"]),
        ("all", {"only": ("follow_up",)}, []),
        ("all", {"only": ("unanswered",)}, ["R1", "R2"]),
        ("all", {"aspect": "quality-"}, ["R1"]),
        ("all", {"goods_id": "901", "stars": "1"}, ["R1"]),
        ("all", {"goods_id": "902"}, []),
        ("reported", {}, []),
        ("reported", {"goods_id": "901"}, []),
    ],
)
def test_it_finds_what_is_asked_for(shop: House, people: Cast, view: str, asked: dict[str, object], found: list[str]) -> None:
    page = listed(shop, people, view, **asked)  # type: ignore[arg-type]  # fields by name

    assert numbers(page) == found


def test_it_drafts_what_fits_the_complaint_and_never_what_must_not_be_said(shop: House, people: Cast) -> None:
    whole = whole_review(shop, people.mei, people.shop_id, A, "R1", NOW)

    assert [each.draft.script for each in whole.drafts] == ["review_reply_quality", "review_bad"]
    assert [each.findings for each in whole.drafts] == [(), ()]
    assert next((piece.text, piece.tells) for piece in whole.pieces if piece.tells.startswith("quality")) == ("质量太差", "quality-")
    assert whole.time is not None
    assert (whole.time.review_until, whole.time.follow_up_until) == (None, datetime(2026, 6, 5, 4, tzinfo=UTC))


def test_it_meets_the_clock_when_a_person_says_the_answer_was_entered(shop: House, people: Cast) -> None:
    findings = review_answered(shop, people.mei, people.shop_id, A, "R1", "谢谢您如实反馈，请在订单里发照片给我们。", NOW, script_id="review_reply_quality")

    assert findings == ()
    assert (todo(shop, people, f"R1/{A}").state, todo(shop, people, f"R1/{A}").closed_at) == (DeadlineState.MET, NOW)
    assert numbers(listed(shop, people, "waiting")) == []
    assert listed(shop, people).rows[0].reply == "谢谢您如实反馈，请在订单里发照片给我们。"
    assert waiting_reviews(shop, people.mei, people.shop_id) == 0


def test_it_tells_what_an_answer_should_not_have_said(shop: House, people: Cast) -> None:
    findings = review_answered(shop, people.mei, people.shop_id, A, "R1", "亲，改成好评给您返现10元", NOW)

    assert {finding.rule.id for finding in findings} >= {"review_reward"}


def test_it_runs_again_when_the_answer_was_not_entered_after_all(shop: House, people: Cast) -> None:
    review_answered(shop, people.mei, people.shop_id, A, "R1", "谢谢反馈", NOW)

    answer_taken_back(shop, people.mei, people.shop_id, A, "R1", NOW + timedelta(minutes=1))

    assert todo(shop, people, f"R1/{A}").state == DeadlineState.OPEN
    assert numbers(listed(shop, people, "waiting")) == ["R1"]


def test_it_goes_by_the_file_that_is_newer_than_what_a_person_said(shop: House, people: Cast, tmp_path: Path) -> None:
    review_answered(shop, people.mei, people.shop_id, A, "R1", "谢谢反馈", NOW)

    reviews_told(shop, people, tmp_path, review_row("R1", A, 1, BAD), at=NOW + timedelta(hours=1))

    assert numbers(listed(shop, people, "waiting")) == ["R1"]


def test_it_reads_the_product_once_the_order_comes_in(house: House, people: Cast, tmp_path: Path) -> None:
    reviews_told(house, people, tmp_path, review_row("R9", C, 2, BAD))
    before = listed(house, people).rows[0].goods_id
    orders_told(house, people, tmp_path, C)

    know_orders_of_reviews(house, NOW)

    assert (before, numbers(listed(house, people, goods_id="901"))) == (None, ["R9"])


def test_it_is_gone_with_the_import_that_told_it(house: House, people: Cast, tmp_path: Path) -> None:
    batch = reviews_told(house, people, tmp_path, review_row("R9", C, 2, BAD))

    undo(house, people.lin, people.shop_id, batch, NOW)

    assert numbers(listed(house, people)) == []


def test_it_reports_a_review_once_with_the_words_that_decided(house: House, people: Cast, tmp_path: Path) -> None:
    orders_told(house, people, tmp_path, A)
    reviews_told(house, people, tmp_path, review_row("R1", A, 1, "不给我返现就给差评，傻逼商家"))
    (first, second) = whole_review(house, people.mei, people.shop_id, A, "R1", NOW).grounds

    complaint_no = report_review(house, people.mei, people.shop_id, A, "R1", ReportGround.ABUSE, NOW)

    assert (first.ground, second.ground) == (ReportGround.ABUSE, ReportGround.EXTORTION)
    row = listed(house, people, "reported").rows[0]
    assert row.report is not None
    assert (row.report.complaint_no, row.report.ground, row.report.words, row.report.state) == (complaint_no, "ground_abuse", ["傻逼"], "complaint_to_file")
    with pytest.raises(Refused):
        report_review(house, people.mei, people.shop_id, A, "R1", ReportGround.EXTORTION, NOW)


def test_it_awaits_the_answer_to_a_report_for_five_working_days_and_never_files_it_again(shop: House, people: Cast) -> None:
    friday = datetime(2026, 4, 3, 6, tzinfo=UTC)  # before Qingming, whose holiday is a Monday
    complaint_no = report_review(shop, people.mei, people.shop_id, A, "R1", ReportGround.RIVAL, NOW)

    step_complaint(shop, people.mei, people.shop_id, complaint_no, ComplaintEvent.FILE, friday)

    with shop.pool.connection() as tx:
        (due,) = [row for row in deadlines.of_subjects(tx, people.shop_id, "complaint", [str(complaint_no)]) if row.closed_at is None]
    assert due.due_at == datetime(2026, 4, 13, 16, tzinfo=UTC)
    step_complaint(shop, people.mei, people.shop_id, complaint_no, ComplaintEvent.LOSE, friday + timedelta(days=5))
    with pytest.raises(Refused):
        step_complaint(shop, people.mei, people.shop_id, complaint_no, ComplaintEvent.APPEAL, friday + timedelta(days=6))


def test_it_takes_each_review_of_the_bridge_once_and_masks_it(shop: House, people: Cast) -> None:
    told = ReviewTold(order_no=B, review_no="R7", score=2, text="打我电话13812345678", created_at=NOW, buyer="李四光")
    known = ReviewTold(order_no=A, score=1, text=BAD, follow_up="还是不行")

    first = take_reviews(shop, people.mei, people.shop_id, [told, known], NOW)
    again = take_reviews(shop, people.mei, people.shop_id, [told, known], NOW)

    assert [(each.review_no, each.is_new) for each in first] == [("R7", True), ("R1", False)]
    assert [each.is_new for each in again] == [False, False]
    found = {row.review_no: row for row in listed(shop, people).rows}
    assert (found["R7"].text, found["R7"].review.buyer_masked, len(found["R7"].review.buyer or "")) == ("打我电话138****5678", "李*光", 32)
    assert (found["R1"].follow_up, found["R1"].stars) == ("还是不行", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        ReviewTold(order_no=A, score=6),
        ReviewTold(order_no=A),
        ReviewTold(order_no="a\0b", score=1),
        ReviewTold(order_no=A, score=1, created_at=datetime(2026, 3, 1)),  # noqa: DTZ001 - without a zone on purpose
    ],
)
def test_it_refuses_what_is_no_review_and_stores_nothing(house: House, people: Cast, wrong: ReviewTold) -> None:
    with pytest.raises(Refused):
        take_reviews(house, people.mei, people.shop_id, [ReviewTold(order_no=B, review_no="R7", score=1), wrong], NOW)

    assert numbers(listed(house, people)) == []


def test_it_takes_a_paste_in_as_an_import_that_can_be_undone(shop: House, people: Cast) -> None:
    text = f"订单编号：{B}  评价时间：2026-03-08 20:00\n描述相符 2分\n评价内容：包装破了\n商家回复：抱歉"
    taken = take_paste_of_reviews(shop, people.mei, people.shop_id, text, NOW)
    stored = {row.review_no: row.text for row in listed(shop, people).rows}

    undo(shop, people.lin, people.shop_id, taken.batch_id, NOW)

    assert [(each.review_no, each.is_new) for each in taken.taken] == [("R2", False)]
    assert stored == {"R1": BAD, "R2": "包装破了"}
    assert {row.review_no: row.text for row in listed(shop, people).rows} == {"R1": BAD, "R2": "很好"}


def test_the_same_paste_once_more_is_the_same_import_until_it_is_undone(shop: House, people: Cast) -> None:
    text = f"订单编号：{B}  评价时间：2026-03-08 20:00\n描述相符 2分\n评价内容：包装破了"

    first, again = (take_paste_of_reviews(shop, people.mei, people.shop_id, shown, NOW) for shown in (text, f" {text}\n"))
    undo(shop, people.lin, people.shop_id, first.batch_id, NOW)
    afterwards = take_paste_of_reviews(shop, people.mei, people.shop_id, text, NOW)

    assert (again.batch_id, [each.is_new for each in again.taken]) == (first.batch_id, [False])
    assert afterwards.batch_id != first.batch_id


def test_it_shows_an_outsider_nothing(shop: House, people: Cast) -> None:
    with pytest.raises(NotAllowed):
        reviews_of(shop, people.zheng, people.shop_id, filter_of("all"), None, 10, NOW)
    with pytest.raises(NotAllowed):
        review_answered(shop, people.zhou, people.shop_id, A, "R1", "谢谢", NOW)
    with pytest.raises(NotAllowed):
        whole_review(shop, people.mei, people.shop_id, A, "R404", NOW)
    with shop.pool.connection() as tx:
        assert review_lists.count_waiting(tx, people.shop_id, 10) == 1


def test_nothing_of_a_buyer_stays_clear_in_the_report_of_an_expert_review(house: House, people: Cast) -> None:
    by, shop = people.lin, people.shop_id
    number = keep_expert(house, by, shop, ExpertTold(goods_id="901", said="一般"), NOW)
    told = ReportTold(reason="广告", report="收货人：李小明 13812345678 投放广告", note="问过13912345678")

    step_expert(house, by, shop, number, ExpertEvent.PREPARE, NOW, told)

    (row,) = experts_seen(house, by, shop, NOW).rows
    assert (row.expert.report, row.expert.note) == ("收货人：李*明 138****5678 投放广告", "问过139****5678")


def test_a_review_that_the_platform_wrote_is_known_by_its_words_alone(shop: House, people: Cast, tmp_path: Path) -> None:
    reviews_told(shop, people, tmp_path, review_row("R3", B, 5, "系统默认好评！"), review_row("R4", A, 5, "默认好评可不是我"), at=NOW + timedelta(hours=1))

    by_no = {row.review_no: row.review.is_default for row in listed(shop, people).rows}

    assert by_no == {"R1": None, "R2": None, "R3": True, "R4": None}


def test_reviews_from_before_that_are_known_are_marked_as_they_stand_and_as_they_were_told(shop: House, people: Cast, tmp_path: Path) -> None:
    reviews_told(shop, people, tmp_path, review_row("R3", B, 5, "评价方未及时做出评价，系统默认好评！"), at=NOW + timedelta(hours=1))
    step = next(step for step in migrations() if step.name == "0046_default_reviews.sql")
    with shop.pool.connection() as tx:
        tx.execute("update reviews set facts = (facts::jsonb - 'is_default')::json")
        tx.execute("update sightings set facts = (facts::jsonb - 'is_default')::json where kind = 'review'")

        tx.execute(step.sql)

        marked = [
            tx.execute(f"select {no} from {table} where facts ->> 'is_default' = 'true'").fetchall()
            for table, no in (("reviews", "review_no"), ("sightings", "key"))
        ]
    assert marked == [[("R3",)], [(f"R3/{B}",)]]
