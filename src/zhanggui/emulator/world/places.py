"""Where buyers live: a handful of real regions with their ids, enough for addresses that read like addresses."""

import msgspec


class Place(msgspec.Struct, frozen=True):
    """One district, with the ids and names of everything above it."""

    province_id: int
    province: str
    city_id: int
    city: str
    town_id: int
    town: str
    is_remote: bool = False


PLACES = (
    Place(31, "浙江省", 383, "杭州市", 3233, "西湖区"),
    Place(31, "浙江省", 384, "宁波市", 3239, "鄞州区"),
    Place(31, "浙江省", 385, "金华市", 3269, "义乌市"),
    Place(6, "广东省", 76, "广州市", 693, "天河区"),
    Place(6, "广东省", 77, "深圳市", 705, "南山区"),
    Place(6, "广东省", 79, "东莞市", 739, "长安镇"),
    Place(16, "江苏省", 220, "南京市", 1844, "鼓楼区"),
    Place(16, "江苏省", 221, "苏州市", 1853, "昆山市"),
    Place(22, "山东省", 283, "济南市", 2357, "历下区"),
    Place(22, "山东省", 284, "青岛市", 2367, "崂山区"),
    Place(11, "河南省", 149, "郑州市", 1220, "金水区"),
    Place(26, "四川省", 322, "成都市", 2680, "武侯区"),
    Place(2, "北京市", 52, "北京市", 502, "朝阳区"),
    Place(25, "上海市", 321, "上海市", 2707, "浦东新区"),
    Place(13, "湖北省", 180, "武汉市", 1471, "洪山区"),
    Place(14, "湖南省", 197, "长沙市", 1601, "岳麓区"),
    Place(4, "福建省", 53, "福州市", 519, "鼓楼区"),
    Place(10, "河北省", 138, "石家庄市", 1126, "长安区"),
    Place(18, "辽宁省", 244, "沈阳市", 2032, "和平区"),
    Place(24, "陕西省", 311, "西安市", 2573, "雁塔区"),
    Place(29, "新疆维吾尔自治区", 370, "乌鲁木齐市", 3106, "天山区", True),
    Place(28, "西藏自治区", 363, "拉萨市", 3035, "城关区", True),
)
STREETS = ("人民路", "解放路", "建设大道", "文三路", "中山北路", "学院路", "和平街", "东风路", "滨河路", "朝阳巷")
ESTATES = ("阳光花园", "锦绣家园", "翠苑小区", "金色港湾", "春江花园", "书香苑", "丽景公寓", "幸福里")
