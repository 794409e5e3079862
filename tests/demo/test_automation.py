"""The demo's owner has rules: two that suggest, of which one finds something in the week, and one that is off."""

from zhanggui import clock
from zhanggui.actions.automation.listing import rules_seen, waiting_of
from zhanggui.actions.automation.running import look_over
from zhanggui.actions.house import House
from zhanggui.actions.shops import shops_seen
from zhanggui.core.automation.rules import RuleLevel
from zhanggui.demo import telling
from zhanggui.demo.story_data import story


def test_they_suggest_and_what_they_suggest_waits_for_a_person(told_demo: House) -> None:
    lin = telling.owner(told_demo)
    (shop,) = shops_seen(told_demo, lin)
    for chapter in story().chapters[1:]:
        if chapter.id == "bad_review":
            break
        telling.step_to_chapter(told_demo, chapter.id)

    fired = look_over(told_demo, shop.shop_id, clock.now(), clock.unwound())

    assert {seen.row.rule_id: seen.level for seen in rules_seen(told_demo, lin, shop.shop_id, clock.now())} == {
        "quality_pictures": RuleLevel.SUGGEST,
        "threats": RuleLevel.SUGGEST,
        "small_not_printed": RuleLevel.OFF,
    }
    assert fired == len(waiting_of(told_demo, lin, shop.shop_id)) > 0
