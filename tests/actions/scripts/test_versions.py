"""The shop's own words: checked before they are kept, dated, laid over those that come along, and carried as a file."""

from datetime import timedelta

import msgspec
import pytest

from tests.actions.files import ONE
from tests.actions.scripts.conftest import NOW
from tests.cast import Cast
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.scripts import quick_replies, scripts_in
from zhanggui.actions.scripts.carrying import bring, exported
from zhanggui.actions.scripts.seeing import Mark, library, one_script
from zhanggui.actions.scripts.versions import keep_facts, keep_script, try_script, withdraw_version
from zhanggui.actions.today import todo
from zhanggui.core.scripting.changes import Piece
from zhanggui.core.scripting.checking import Proposal
from zhanggui.people.permissions import NotAllowed
from zhanggui.records import journal

OWN = Proposal(id="chase_in_time", situation="chase_shipping", zh="您好，{商品}在打包了，{发货时间}前一定发出。", when_zh="催发货:还在时限内")
DAY = timedelta(days=1)


def words(house: House, people: Cast, script_id: str = "chase_in_time", after: timedelta = timedelta()) -> tuple[str, int]:
    script = scripts_in(house, people.mei, people.shop_id, NOW + after).by_id[script_id]
    return script.zh, script.version


def test_it_lays_the_shop_s_own_words_over_those_that_come_along(stocked: House, people: Cast) -> None:
    tried = try_script(stocked, people.mei, people.shop_id, OWN, NOW, order_no=ONE)

    version = keep_script(stocked, people.mei, people.shop_id, OWN, NOW)

    assert tried.filled is not None
    assert tried.filled.zh == "您好，坚果礼盒在打包了，3月3日10点前一定发出。"
    assert (version, words(stocked, people)) == (1, ("您好，{title}在打包了，{ship_by}前一定发出。", 1))
    assert keep_script(stocked, people.mei, people.shop_id, OWN, NOW) == 1
    with stocked.pool.connection() as tx:
        entries = journal.newest(tx, [people.shop_id], NOW + DAY, 0, 10)
    assert [entry.kind for entry in entries].count("script_kept") == 1


def test_it_lets_a_passing_version_lie_over_a_lasting_one_until_it_ends(stocked: House, people: Cast) -> None:
    keep_script(stocked, people.mei, people.shop_id, OWN, NOW)
    festive = msgspec.structs.replace(OWN, zh="新年好，{商品}{发货时间}前发出。", until_at=NOW + 3 * DAY)
    keep_script(stocked, people.mei, people.shop_id, festive, NOW)

    seen = library(stocked, people.mei, people.shop_id, NOW)

    assert [words(stocked, people, after=after)[1] for after in (timedelta(), 3 * DAY - timedelta(seconds=1), 3 * DAY)] == [2, 2, 1]
    assert [(row.script.id, row.mark) for row in seen.marked] == [("chase_in_time", Mark.ENDS_SOON)]
    withdraw_version(stocked, people.mei, people.shop_id, "chase_in_time", 2, NOW)
    withdraw_version(stocked, people.mei, people.shop_id, "chase_in_time", 1, NOW)
    assert words(stocked, people)[1] == 0
    with pytest.raises(Refused):
        withdraw_version(stocked, people.mei, people.shop_id, "chase_in_time", 1, NOW)


def test_it_keeps_no_words_that_must_not_be_said(stocked: House, people: Cast) -> None:
    for zh, why in (
        ("给五星好评返现5元，{商品}马上发", "must not be said"),
        ("加我微信，{商品}给您优惠", "must not be said"),
        ("您好，{快递单号}已发出", "Nothing fills the slot"),
        ("您好，{title.__class__}", "is no slot"),
        ("您好，{title!r}", "is no slot"),
        ("您好，{商品", "A brace stands alone"),
        ("有事打 13812345678", "personal data"),
        ("", "Write the message"),
        ("长" * 501, "Write the message"),
    ):
        with pytest.raises(Refused, match=why):
            keep_script(stocked, people.mei, people.shop_id, msgspec.structs.replace(OWN, id="ship_soon", situation="", zh=zh), NOW)

    with pytest.raises(Refused, match="keep the words that come along"):
        keep_script(stocked, people.mei, people.shop_id, msgspec.structs.replace(OWN, id="claim_letter", situation="", zh="您好"), NOW)
    assert words(stocked, people, "ship_soon")[1] == 0


def test_it_reads_a_book_no_further_than_its_length(stocked: House, people: Cast) -> None:
    tried = try_script(stocked, people.mei, people.shop_id, msgspec.structs.replace(OWN, zh="有事打13812345678。" * 1000), NOW)

    assert [each.text for each in tried.checked.wrong] == ["Write the message in Chinese, in at most {longest} characters."]


def test_it_drafts_to_dos_in_the_words_of_the_shop(stocked: House, people: Cast) -> None:
    own = Proposal(id="ship_soon", zh="您好，{商品}{承诺时间}前一定发出。", when_zh="待发货")
    keep_script(stocked, people.mei, people.shop_id, own, NOW)

    drafts = {item.verdict.message.zh for item in todo(stocked, people.mei, people.shop_id, NOW, 50) if item.verdict.message is not None}

    assert any(draft.startswith("您好，坚果礼盒") and draft.endswith("前一定发出。") for draft in drafts)


def test_it_minds_a_promise_that_is_the_same_for_every_order_and_a_lost_slot(stocked: House, people: Cast) -> None:
    tried = try_script(stocked, people.mei, people.shop_id, msgspec.structs.replace(OWN, zh="您好，今天18点前给您发出。"), NOW)

    assert tried.checked.may_be_kept
    assert [each.text.split(" ")[0] for each in tried.checked.mind] == ["The", "The", "“{words}”"]


def test_it_wants_an_end_for_a_promotion_and_answers_with_it_until_then(stocked: House, people: Cast) -> None:
    promotion = Proposal(id="own_1", situation="promotion", zh="满2件9折", when_zh="三月活动")
    with pytest.raises(Refused, match="needs an end"):
        keep_script(stocked, people.mei, people.shop_id, promotion, NOW)

    keep_script(stocked, people.mei, people.shop_id, msgspec.structs.replace(promotion, until_at=NOW + DAY), NOW)

    today, later = (
        {each.script_id: each.draft for each in quick_replies(stocked, people.mei, people.shop_id, situation="promotion", now=now)} for now in (NOW, NOW + DAY)
    )
    assert today["promotion_now"] is not None
    assert today["promotion_now"].zh.startswith("现在的活动是：满2件9折。")
    assert (later["promotion_now"], "own_1" in later) == (None, False)


def test_it_shows_what_a_version_says_otherwise(stocked: House, people: Cast) -> None:
    keep_script(stocked, people.mei, people.shop_id, msgspec.structs.replace(OWN, id="closing_done", situation="closing", zh="那这件事就办好了。"), NOW)

    one = one_script(stocked, people.mei, people.shop_id, "closing_done", NOW)

    assert one is not None
    assert one.versions[0].pieces[:3] == (Piece("same", "那这件事就"), Piece("gone", "处理"), Piece("new", "办"))
    assert one_script(stocked, people.mei, people.shop_id, "no_such", NOW) is None


def test_it_fills_what_the_shop_tells_of_itself(stocked: House, people: Cast) -> None:
    keep_facts(stocked, people.mei, people.shop_id, {"invoice": "电子普通发票", "hours": "8点到23点"}, NOW)

    (reply,) = quick_replies(stocked, people.mei, people.shop_id, situation="invoice", now=NOW)

    assert reply.draft is not None
    assert reply.draft.zh.startswith("可以开票：电子普通发票。")
    for bad in ({"invoice": "加微信开票"}, {"invoice": "打13812345678"}, {"nothing": "x"}):
        with pytest.raises(Refused):
            keep_facts(stocked, people.mei, people.shop_id, bad, NOW)


def test_it_carries_scripts_from_shop_to_shop_by_a_file(stocked: House, people: Cast) -> None:
    keep_script(stocked, people.mei, people.shop_id, OWN, NOW)
    file = exported(stocked, people.mei, people.shop_id, NOW)
    with_bad = file.replace(
        b'"scripts": [', b'"scripts": [{"id": "bad", "situation": "thanks", "zh": "\xe5\xa5\xbd\xe8\xaf\x84\xe8\xbf\x94\xe7\x8e\xb0", "when_zh": "x"},'
    )

    first = bring(stocked, people.zheng, people.other_shop_id, with_bad, NOW)
    again = bring(stocked, people.zheng, people.other_shop_id, file, NOW)

    assert (first.kept, first.same, [name for name, _ in first.refused]) == (("chase_in_time",), (), ["bad"])
    assert (again.kept, again.same, again.refused) == ((), ("chase_in_time",), ())
    for broken in (b"", b"[]", b'{"zhanggui_scripts": 2, "scripts": []}', b'{"zhanggui_scripts": 1, "scripts": [{"id": "a"}]}', b"[" * 9999):
        with pytest.raises(Refused):
            bring(stocked, people.zheng, people.other_shop_id, broken, NOW)


def test_it_lets_only_those_who_talk_to_buyers_change_words(stocked: House, people: Cast) -> None:
    for person in (people.zhou, people.zheng):
        with pytest.raises(NotAllowed):
            keep_script(stocked, person, people.shop_id, OWN, NOW)
        with pytest.raises(NotAllowed):
            library(stocked, person, people.shop_id, NOW)
