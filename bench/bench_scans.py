"""How many tracking texts are read a second, and how many numbers are checked, on one core."""

import time
from datetime import UTC, datetime, timedelta

from bench.support import QUICK, report
from zhanggui import rulebook
from zhanggui.core.numbers import Use, check_number
from zhanggui.core.scantext import read_way, signs_of

PARCELS = 300 if QUICK else 10_000
BEGAN = datetime(2026, 11, 16, 1, tzinfo=UTC)
WAY = (
    "【金华市】义乌北苑网点 已揽收 取件人: 张*",
    "快件已到达【义乌转运中心】",
    "快件离开【义乌转运中心】已发往【武汉转运中心】",
    "到达：湖北武汉分拨中心 上级站点：浙江义乌分拨中心",
    "【武汉转运中心】 已发出 下一站 【湖北省武汉市武昌公司】",
    "【武汉市】 【武昌一部】 的李* 正在第1次派件, 请保持电话畅通,并耐心等待（95720为中通快递员外呼专属号码，请放心接听）",
    "快件已由武昌南湖菜鸟驿站代收，请及时取件，如有疑问请联系快递员",
    "客户签收人: 已签收，签收人凭取货码签收。 已签收 感谢使用，期待再次为您服务",
)


def main() -> None:
    """Read parcels of eight scans each and look for anomalies; check numbers against a thousand others."""
    rules, now = rulebook.load(), BEGAN + timedelta(days=30)
    events = [(BEGAN + timedelta(hours=6 * place), text) for place, text in enumerate(WAY)]
    began = time.perf_counter()
    for _ in range(PARCELS):
        signs_of(read_way(events), rules, now)
    seconds = time.perf_counter() - began
    report("tracking texts read, with place and anomalies", value=PARCELS * len(WAY) / seconds, unit="texts/s")

    used = [Use(f"YT{7_000_000_000_000 + 7_919 * number}", f"O{number}", at=BEGAN) for number in range(1_000)]
    began = time.perf_counter()
    for number in range(PARCELS // 10):
        check_number(f"YT{8_000_000_000_000 + 104_729 * number}", "YTO", used, now=now)
    report("tracking numbers checked against a thousand others", value=PARCELS // 10 / (time.perf_counter() - began), unit="numbers/s")


if __name__ == "__main__":
    main()
