"""A rep has one name, however a tool or a paste calls them."""

import pytest

from zhanggui.core.chats.names import rep_called


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("小美", "小美"),
        ("客服小美", "小美"),
        ("客服-小美", "小美"),
        ("好再来旗舰店:小美", "小美"),
        ("人工客服 小美", "小美"),
        ("大小美", "大小美"),
        ("客服小丽", "客服小丽"),
        ("", ""),
    ],
)
def test_it_is_the_name_of_the_shop_s_people_where_nothing_but_a_side_or_a_shop_stands_before_it(name: str, called: str) -> None:
    assert rep_called(name, ["小美", "美", "林"]) == called
