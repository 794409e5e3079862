"""The pages an owner keeps the shop with: rules, people, settings."""

from collections.abc import Callable
from urllib.parse import quote

from tests.cast import Cast
from tests.workbench.seat import Seat
from zhanggui.people.permissions import Person


def test_it_marks_the_version_that_was_in_force_at_a_moment(mei: Seat) -> None:
    page = mei.get("/rules?question=ship_ends&at=2025-05-14T23:59").text
    later = mei.get("/rules?question=ship_ends&at=2025-05-15T00:00").text

    assert page != later
    assert 'id="pdd.ship_ends@2025-05-15" class="holds"' in later
    assert 'id="pdd.ship_ends@2025-05-15" class="holds"' not in page


def test_it_lays_a_rule_of_the_shop_over_the_rulebook_and_takes_it_away(lin: Seat, people: Cast) -> None:
    form = {
        "over": "pdd.reply_buyer@2015-09-01",
        "effective_from": "2026-11-01",
        "minutes": "5",
        "hours_of_day": "9:00-12:00，14:00-22:00",
        "source": "店里约定",
    }

    answer = lin.send_form(f"/shops/{people.shop_id}/rules", form, page="/rules")

    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/rules?shop={people.shop_id}#pdd.reply_buyer@2026-11-01"
    page = lin.get("/rules?question=reply_buyer").text
    assert "店里约定" in page
    assert "5 分钟" in page
    assert "09:00–12:00" in lin.get("/settings").text

    lin.send_form(f"/shops/{people.shop_id}/rules/removal", {"cite": "pdd.reply_buyer@2026-11-01"}, page="/rules")
    assert "店里约定" not in lin.get("/rules").text


def test_it_opens_the_form_over_a_rule(lin: Seat, people: Cast) -> None:
    page = lin.get(f"/rules?over={quote('pdd.reply_buyer@2015-09-01')}").text

    assert 'id="override"' in page


def test_it_says_what_is_wrong_with_service_hours(lin: Seat, people: Cast) -> None:
    form = {"over": "pdd.reply_buyer@2015-09-01", "effective_from": "2026-11-01", "hours_of_day": "mornings"}

    answer = lin.send_form(f"/shops/{people.shop_id}/rules", form, page="/rules")

    assert answer.status_code == 422
    assert "09:00-12:00" in answer.text


def test_it_lets_nobody_but_an_owner_change_rules_people_and_settings(mei: Seat, people: Cast) -> None:
    rule = {"over": "pdd.reply_buyer@2015-09-01", "effective_from": "2026-11-01"}
    shop = f"/shops/{people.shop_id}"

    assert mei.send_form(f"{shop}/rules", rule, page="/rules").status_code == 404
    assert mei.send_form(f"{shop}/invitations", {"role": "rep"}, page="/rules").status_code == 404
    assert mei.send_form(f"{shop}/name", {"name": "小美的店"}, page="/rules").status_code == 404
    assert mei.send_form("/shops", {"name": "小美的店"}, page="/rules").status_code == 404


def test_it_shows_an_invitation_once(lin: Seat, people: Cast) -> None:
    answer = lin.send_form(f"/shops/{people.shop_id}/invitations", {"role": "finance", "note": "会计"}, page="/people")

    assert f"/invitations/{people.shop_id}/" in answer.text
    page = lin.get("/people").text
    assert "会计" in page
    assert f"/invitations/{people.shop_id}/" not in page


def test_it_changes_a_role_and_ends_a_part(lin: Seat, people: Cast, at_desk: Callable[[Person], Seat]) -> None:
    path = f"/shops/{people.shop_id}/people/{people.zhou.person_id}"

    lin.send_form(path, {"act": "role", "role": "viewer"}, page="/people")
    assert "只读" in lin.get("/people").text
    lin.send_form(path, {"act": "removed"}, page="/people")

    assert "laozhou" not in lin.get("/people").text
    assert "还没有店铺" in at_desk(people.zhou).get("/today").text


def test_it_keeps_the_hours_a_product_promises(lin: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/promised_hours"

    lin.send_form(path, {"goods_id": "600000000001", "hours": "24"}, page="/settings")
    assert "600000000001" in lin.get("/settings").text
    lin.send_form(path, {"goods_id": "600000000001", "hours": ""}, page="/settings")

    assert "600000000001" not in lin.get("/settings").text


def test_it_takes_only_https_links(lin: Seat, people: Cast) -> None:
    path = f"/shops/{people.shop_id}/settings"

    assert lin.send_form(path, {"name": "link.order", "value": "javascript:alert(1)"}, page="/settings").status_code == 422
    assert lin.send_form(path, {"name": "link.order", "value": "https://example.org/{order_no}"}, page="/settings").status_code == 303
    assert "https://example.org/{order_no}" in lin.get("/settings").text


def test_it_renames_the_shop(lin: Seat, people: Cast) -> None:
    lin.send_form(f"/shops/{people.shop_id}/name", {"name": "林记坚果旗舰店"}, page="/settings")

    assert "林记坚果旗舰店" in lin.get("/settings").text
