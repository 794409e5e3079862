"""What the choice of malicious orders is made from: the cases of a month."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from zhanggui.core.facts import AftersaleFacts
from zhanggui.records.db import Tx

CASES = """
    select facts::text from aftersales
    where shop_id = %(shop_id)s and state = %(state)s and listed_at >= %(since)s
    order by listed_at desc, case_no desc
"""


AT_ONCE = 1000
"""A busy shop has tens of thousands of them; none is left out, so they are read some at a time."""


def cases(tx: Tx, shop_id: int, state: str, since: datetime) -> Iterator[AftersaleFacts]:
    """Every case in this state since then, newest first."""
    decode = msgspec.json.Decoder(AftersaleFacts).decode
    with tx.cursor(name="malice_cases") as cursor:
        cursor.execute(CASES, {"shop_id": shop_id, "state": state, "since": since})
        while some := cursor.fetchmany(AT_ONCE):
            for (text,) in some:
                yield decode(text)
