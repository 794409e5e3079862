"""The page of disputes and complaints: a dispute taken through every step by two people, complaints filed and answered, and what outsiders see."""

from collections.abc import Callable

import pytest

from tests.actions.complaints.court import png
from tests.cast import Cast
from tests.workbench.conftest import import_files
from tests.workbench.seat import Seat
from tests.workbench.shop_files import CALM, CASE_HEADERS
from zhanggui.actions.evidence import packing
from zhanggui.people.permissions import Person
from zhanggui.workbench.places import complaint_path

pytestmark = pytest.mark.usefixtures("stocked")
CASE = "88000777"


@pytest.fixture
def disputed(lin: Seat, people: Cast) -> str:
    """The address of the dispute about a case that the platform has taken over."""
    row = [CASE, CALM, "平台处理中", "仅退款", "少件", "已发货", "29.90", "29.90", "2026-11-21 09:00:00", "王*"]
    file = "\n".join((",".join(CASE_HEADERS), ",".join(row))) + "\n"
    import_files(lin, people, file.encode(), as_of="2026-11-21T14:25")
    listed = lin.get("/complaints")
    assert CASE in listed.text
    return next(part for part in listed.text.split('"') if "/disputes/" in part)


def bring(who: Seat, path: str) -> str:
    """Brings a picture through the page; its number."""
    token = who.form_token(path)
    answer = who.post(f"{path}/pictures", data={"_csrf_token": token, "note": "打包"}, files=[("files", ("打包.png", png(), "image/png"))])
    assert answer.status_code == 303, answer.text
    page = who.get(path).text
    return page.split('name="images" value="')[-1].split('"')[0]


def test_a_dispute_goes_through_two_pairs_of_hands(mei: Seat, lin: Seat, disputed: str) -> None:
    seq = bring(mei, disputed)

    chosen = mei.send_form(f"{disputed}/choice", {"claim": "claim_missing_items", "note": "打包齐全", "images": seq}, page=disputed)
    own = mei.send_form(f"{disputed}/signature", {"alone": "1"}, page=disputed)
    signed = lin.send_form(f"{disputed}/signature", {}, page=disputed)
    handed_in = mei.send_form(f"{disputed}/submission", {}, page=disputed)

    assert (chosen.status_code, own.status_code, signed.status_code, handed_in.status_code) == (303, 422, 303, 303)
    page = mei.get(disputed).text
    assert "dispute_submitted" not in page
    assert "SHA-256" in page
    packet = lin.send_form(f"{disputed}/packet", {}, page=disputed)
    assert (packet.status_code, packet.content[:2]) == (200, b"PK")


def test_the_evidence_and_an_appeal_are_handed_in_by_the_steps_on_the_page(mei: Seat, lin: Seat, people: Cast, disputed: str) -> None:
    seq = bring(mei, disputed)
    mei.send_form(f"{disputed}/choice", {"claim": "claim_missing_items", "note": "打包齐全", "images": seq}, page=disputed)
    lin.send_form(f"{disputed}/signature", {}, page=disputed)
    signed = mei.get(disputed).text
    entered = mei.send_form(steps_in(signed)[0], {"outcome": "outcome_entered", "back": disputed}, page=disputed)
    mei.send_form(f"{disputed}/word", {"event": "dispute.rule_against", "remark": "证据不足"}, page=disputed)

    ready = mei.send_form(f"{disputed}/appeal", {"text": "不服判定", "images": seq}, page=disputed)
    appealed = mei.send_form(steps_in(mei.get(disputed).text)[0], {"outcome": "outcome_entered", "back": disputed}, page=disputed)
    packet = lin.send_form(f"{disputed}/packet", {"appeal": "1"}, page=disputed)

    assert ("outcome_accepted" in signed, "/submission" in signed) == (False, False)
    assert [answer.status_code for answer in (entered, ready, appealed, packet)] == [303, 303, 303, 200]
    assert mei.get(disputed).text.count("SHA-256") == 2
    assert disputed in mei.get(f"/shops/{people.shop_id}/aftersales/{CASE}").text


def steps_in(page: str) -> list[str]:
    """Where the outcomes of the steps on a page go."""
    return [part for part in page.split('"') if part.endswith("/outcome")]


def test_several_pictures_of_a_dispute_are_kept_together_or_not_at_all(mei: Seat, disputed: str) -> None:
    files = [("files", ("打包.png", png(), "image/png")), ("files", ("空.png", b"", "image/png"))]

    refused = mei.post(f"{disputed}/pictures", data={"_csrf_token": mei.form_token(disputed), "note": "打包"}, files=files)

    assert refused.status_code == 422
    assert "打包.png" not in mei.get(disputed).text


def test_a_stale_page_replaces_no_choice(mei: Seat, lin: Seat, disputed: str) -> None:
    seq, chosen = bring(mei, disputed), {"claim": "claim_missing_items", "note": "打包齐全"}
    seen = hidden(lin.get(disputed).text, "/choice", "seen")
    mine = mei.send_form(f"{disputed}/choice", chosen | {"images": seq, "seen": seen}, page=disputed)

    theirs = lin.send_form(f"{disputed}/choice", chosen | {"images": seq, "seen": seen, "note": "别的"}, page=disputed)

    assert (mine.status_code, theirs.status_code) == (303, 422)
    assert "别的" not in mei.get(disputed).text


def hidden(page: str, action: str, name: str) -> str:
    """What a hidden field holds of the form whose address ends so."""
    form = page.partition(f'{action}"')[2]
    return form.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_settled_by_mistake_is_taken_back_on_the_page(mei: Seat, disputed: str) -> None:
    before = mei.get(disputed).text
    mei.send_form(f"{disputed}/word", {"event": "dispute.agree", "remark": "点错"}, page=disputed)
    agreed = mei.get(disputed).text

    stale, seen = (hidden(page, f"{disputed}/word", "seen") for page in (before, agreed))
    refused, back = (mei.send_form(f"{disputed}/word", {"event": "dispute.take_back", "seen": each}, page=disputed) for each in (stale, seen))

    after = mei.get(disputed).text
    assert (refused.status_code, back.status_code) == (422, 303)
    assert int(stale) < int(seen)
    assert ["点错了，撤回" in page for page in (before, agreed, after)] == [False, True, False]
    assert [f"{disputed}/choice" in page for page in (before, agreed, after)] == [True, False, True]


def test_a_packet_that_would_be_too_large_is_not_offered(mei: Seat, lin: Seat, disputed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 10)
    seq = bring(mei, disputed)
    mei.send_form(f"{disputed}/choice", {"claim": "claim_missing_items", "note": "打包齐全", "images": seq}, page=disputed)
    lin.send_form(f"{disputed}/signature", {}, page=disputed)

    handed_in = mei.send_form(f"{disputed}/submission", {}, page=disputed)

    page = lin.get(disputed).text
    assert handed_in.status_code == 303
    assert ("请逐件下载" in page, f"{disputed}/packet" in page, "SHA-256" in page) == (True, False, False)


def test_what_a_picture_shows_can_be_ticked(mei: Seat, people: Cast, disputed: str) -> None:
    seq = bring(mei, disputed)
    number = disputed.rpartition("/")[2]

    kept = mei.send_form(f"/shops/{people.shop_id}/orders/{CALM}/evidence/{seq}/shows", {"dispute_no": number, "shows": "shows_weight"}, page=disputed)

    assert kept.status_code == 303
    assert "shows_weight" in mei.get(disputed).text


def test_a_ruling_is_told_and_appealed_against(mei: Seat, disputed: str) -> None:
    ruled = mei.send_form(f"{disputed}/word", {"event": "dispute.rule_against", "remark": "证据不足"}, page=disputed)
    appealed = mei.send_form(f"{disputed}/word", {"event": "dispute.appeal", "remark": "补充聊天"}, page=disputed)
    past = mei.send_form(f"{disputed}/word", {"event": "dispute.sign"}, page=disputed)

    assert (ruled.status_code, appealed.status_code, past.status_code) == (303, 303, 422)
    assert CASE in mei.get("/complaints?view=disputes").text
    assert [text in mei.get(disputed).text for text in ("证据不足", "补充聊天")] == [True, False]


def test_a_complaint_is_begun_filed_and_won(mei: Seat, people: Cast) -> None:
    base = f"/shops/{people.shop_id}/complaints"

    begun = mei.send_form(base, {"kind": "review_report", "order_no": CALM, "because": "评价与事实不符", "at_stake": "12.50"}, page="/complaints?view=register")
    number = begun.headers["location"].rpartition("-")[2]
    listed = mei.get("/complaints?view=register").text
    filed = mei.send_form(f"{base}/{number}/step", {"event": "complaint.file", "ticket": "T1"}, page="/complaints?view=register")
    won = mei.send_form(f"{base}/{number}/step", {"event": "complaint.win", "got": "12.50"}, page="/complaints?view=register")

    assert (begun.status_code, filed.status_code, won.status_code) == (303, 303, 303)
    assert "评价与事实不符" in listed
    assert f'id="complaint-{number}"' in mei.get(won.headers["location"]).text
    assert CALM in mei.get("/complaints?view=register&over=1").text
    assert "12.50" in mei.get("/complaints?view=past").text


def test_a_link_to_a_complaint_leads_to_it_whatever_became_of_it(mei: Seat, people: Cast) -> None:
    base = f"/shops/{people.shop_id}/complaints"
    begun = mei.send_form(base, {"kind": "review_report", "order_no": CALM, "because": "评价与事实不符"}, page="/complaints?view=register")
    number = int(begun.headers["location"].rpartition("-")[2])
    mei.send_form(f"{base}/{number}/step", {"event": "complaint.drop"}, page="/complaints?view=register")

    shown = {each: f'id="complaint-{number}"' in mei.get(each).text for each in (complaint_path(people.shop_id, number), "/complaints?view=register&no=x")}

    assert list(shown.values()) == [True, False]
    assert complaint_path(people.shop_id, number).replace("&", "&amp;") in mei.get(f"/shops/{people.shop_id}/orders/{CALM}").text


def test_a_win_is_corrected_and_its_money_entered_later(mei: Seat, people: Cast) -> None:
    base, register = f"/shops/{people.shop_id}/complaints", "/complaints?view=register"
    begun = mei.send_form(base, {"kind": "review_report", "order_no": CALM, "because": "评价与事实不符"}, page=register)
    number = begun.headers["location"].rpartition("-")[2]
    for event in ("complaint.file", "complaint.win"):
        mei.send_form(f"{base}/{number}/step", {"event": event}, page=register)

    won = mei.get(f"{register}&over=1").text
    entered = mei.send_form(f"{base}/{number}/particulars", {"got": "12.50", "seen": hidden(won, f"{number}/particulars", "seen")}, page=register)
    stale = mei.send_form(f"{base}/{number}/particulars", {"note": "x", "seen": hidden(won, f"{number}/particulars", "seen")}, page=register)
    known = mei.get(f"{register}&over=1").text
    back = mei.send_form(f"{base}/{number}/step", {"event": "complaint.take_back"}, page=register)

    assert [answer.status_code for answer in (entered, stale, back)] == [303, 422, 303]
    assert 'value="12.50"' in known
    assert "点错了，撤回" in known
    assert 'value="complaint.win"' in mei.get(register).text


def test_odd_complaints_are_refused_in_words(mei: Seat, people: Cast) -> None:
    odd = [{"order_no": "260302-404"}, {"at_stake": "viel"}, {"kind": "nonsense"}, {"because": "x" * 5000}, {"because": " "}]

    answers = [
        mei.send_form(f"/shops/{people.shop_id}/complaints", {"kind": "review_report", "order_no": CALM, "because": "理由"} | fields, page="/complaints")
        for fields in odd
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 400, 422, 422]
    assert "complaint-1" not in mei.get("/complaints?view=register").text


def test_every_list_has_its_page(mei: Seat) -> None:
    assert [mei.get(f"/complaints?view={view}").status_code for view in ("disputes", "register", "malice", "past", "nonsense")] == [200, 200, 200, 200, 404]


def test_wrong_deductions_are_for_those_who_see_money(mei: Seat, lin: Seat) -> None:
    assert lin.get("/complaints?view=deductions").status_code == 200
    assert mei.get("/complaints?view=deductions").status_code == 404
    assert "view=deductions" not in mei.get("/complaints").text


def test_an_outsider_learns_nothing(at_desk: Callable[[Person], Seat], people: Cast, disputed: str) -> None:
    stranger = at_desk(people.zheng)

    assert CASE not in stranger.get("/complaints").text
    assert stranger.get(disputed).status_code == 404
    assert stranger.get(f"/complaints?shop={people.shop_id}").status_code == 404
    assert stranger.send_form(f"{disputed}/word", {"event": "dispute.agree"}, page="/complaints").status_code == 404
    assert stranger.send_form(f"/shops/{people.shop_id}/complaints", {"kind": "review_report", "order_no": CALM}, page="/complaints").status_code == 404
