"""Tracking events of parcels."""

from zhanggui.core.facts import FactKind, ScanFacts
from zhanggui.records.facts.table import Column, Table

FETCH = """
    select facts::text, as_of
    from scans
    join unnest(%(a)s::text[], %(b)s::timestamptz[], %(c)s::text[]) as wanted (tracking_no, at, text)
        on scans.tracking_no = wanted.tracking_no and scans.at = wanted.at and scans.text = wanted.text
    where scans.shop_id = %(shop_id)s
"""
COPY_NEW = "copy scans (shop_id, tracking_no, at, text, stage, carrier, as_of, facts) from stdin"
REMOVE = """
    delete from scans
    using unnest(%(a)s::text[], %(b)s::timestamptz[], %(c)s::text[]) as wanted (tracking_no, at, text)
    where scans.shop_id = %(shop_id)s and scans.tracking_no = wanted.tracking_no and scans.at = wanted.at and scans.text = wanted.text
"""
REFRESH = """
    update scans set as_of = %(as_of)s
    from unnest(%(a)s::text[], %(b)s::timestamptz[], %(c)s::text[]) as wanted (tracking_no, at, text)
    where scans.shop_id = %(shop_id)s and scans.tracking_no = wanted.tracking_no and scans.at = wanted.at and scans.text = wanted.text
        and as_of < %(as_of)s
"""


def _columns(facts: ScanFacts) -> tuple[Column, ...]:
    return (facts.tracking_no, facts.at, facts.text, facts.stage.value, facts.carrier)


TABLE = Table(
    kind=FactKind.SCAN,
    facts=ScanFacts,
    fetch=FETCH,
    copy_new=COPY_NEW,
    remove=REMOVE,
    refresh=REFRESH,
    keys=lambda facts: (facts.tracking_no, facts.at, facts.text),
    columns=_columns,
)
