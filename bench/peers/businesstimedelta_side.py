"""businesstimedelta's side: service time passed between two moments, and the moment at which so much has passed. Run by its own Python; how many of each
in PEER_COUNT. Prints one JSON object.
"""

import json
import os
import time
from datetime import datetime, timedelta
from datetime import time as clock

import businesstimedelta
import pytz

COUNT = int(os.environ["PEER_COUNT"])
SHANGHAI = pytz.timezone("Asia/Shanghai")
RULE = businesstimedelta.Rules([businesstimedelta.WorkDayRule(start_time=clock(9), end_time=clock(18), working_days=list(range(7)), tz=SHANGHAI)])


def main() -> None:
    """The same moments as the other side's, each asked once."""
    first = SHANGHAI.localize(datetime(2026, 3, 2, 8, 0))  # noqa: DTZ001 - pytz gives it its zone
    starts = [first + timedelta(minutes=7 * number) for number in range(COUNT)]

    began = time.perf_counter()
    between = [RULE.difference(start, start + timedelta(hours=52)) for start in starts]
    differences = COUNT / (time.perf_counter() - began)

    ahead = businesstimedelta.BusinessTimeDelta(RULE, hours=24)
    began = time.perf_counter()
    after = [start + ahead for start in starts]
    sums = COUNT / (time.perf_counter() - began)

    told = {"between": differences, "after": sums, "seconds": [each.timedelta.total_seconds() for each in between[:50]]}
    print(json.dumps({**told, "moments": [each.astimezone(pytz.utc).isoformat() for each in after[:50]]}))


main()
