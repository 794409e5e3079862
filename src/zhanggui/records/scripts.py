"""The shop's own scripts by version, what it tells of itself, and the uses of scripts."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from psycopg.rows import class_row

from zhanggui.core.scripts import Fit, Script
from zhanggui.records.db import Tx


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a script as it stands."""

    script_id: str
    version: int
    situation: str
    fits: list[str]
    zh: str
    en: str
    when_zh: str
    when_en: str
    owner: int | None
    owner_name: str | None
    from_at: datetime
    until_at: datetime | None
    made_at: datetime
    made_by_name: str | None
    withdrawn_at: datetime | None

    @property
    def script(self) -> Script:
        """The script it says; without an English gloss the Chinese stands for it."""
        return Script(
            id=self.script_id,
            zh=self.zh,
            en=self.en or self.zh,
            when_zh=self.when_zh,
            when_en=self.when_en or self.when_zh,
            situation=self.situation,
            fits=tuple(Fit(each) for each in self.fits),
            version=self.version,
        )

    def holds_at(self, moment: datetime) -> bool:
        """Whether its time is now and nobody withdrew it."""
        return self.withdrawn_at is None and self.from_at <= moment and (self.until_at is None or moment < self.until_at)


class NewVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version to be kept."""

    script_id: str
    situation: str
    fits: list[str]
    zh: str
    en: str
    when_zh: str
    when_en: str
    owner: int | None
    from_at: datetime
    until_at: datetime | None
    made_by: int | None
    made_at: datetime


class UseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a script."""

    use_no: int
    script_id: str
    version: int
    used_at: datetime
    used_by: int | None
    rep: str | None
    thread_no: int | None
    order_no: str | None
    refund_asked: bool


IN_FORCE = """
    select distinct on (script_id) script_id, version, situation, fits, zh, en, when_zh, when_en, owner, null::text as owner_name,
        from_at, until_at, made_at, null::text as made_by_name, withdrawn_at
    from script_versions
    where shop_id = %(shop_id)s and from_at <= %(now)s and (until_at is null or %(now)s < until_at) and withdrawn_at is null
    order by script_id, version desc
"""
VERSIONS = """
    select listed.script_id, listed.version, listed.situation, listed.fits, listed.zh, listed.en, listed.when_zh, listed.when_en, listed.owner,
        owners.display_name as owner_name, listed.from_at, listed.until_at, listed.made_at, makers.display_name as made_by_name, listed.withdrawn_at
    from (
        select * from script_versions
        where shop_id = %(shop_id)s and (%(script_id)s::text is null or script_id = %(script_id)s)
        order by script_id, version desc
        limit %(limit)s
    ) as listed
    left join people as owners on owners.person_id = listed.owner
    left join people as makers on makers.person_id = listed.made_by
    order by listed.script_id, listed.version desc
"""
ADD_VERSION = """
    insert into script_versions (shop_id, script_id, version, situation, fits, zh, en, when_zh, when_en, owner, from_at, until_at, made_by, made_at)
    select %(shop_id)s, %(script_id)s, coalesce(max(version), 0) + 1, %(situation)s, %(fits)s, %(zh)s, %(en)s, %(when_zh)s, %(when_en)s, %(owner)s,
        %(from_at)s, %(until_at)s, %(made_by)s, %(made_at)s
    from script_versions where shop_id = %(shop_id)s and script_id = %(script_id)s
    returning version
"""
WITHDRAW = """
    update script_versions set withdrawn_at = %(at)s, withdrawn_by = %(by)s
    where shop_id = %(shop_id)s and script_id = %(script_id)s and version = %(version)s and withdrawn_at is null
"""
FACTS = "select name, zh from script_facts where shop_id = %(shop_id)s order by name"
KEEP_FACT = """
    insert into script_facts (shop_id, name, zh, made_by, made_at) values (%(shop_id)s, %(name)s, %(zh)s, %(by)s, %(at)s)
    on conflict (shop_id, name) do update set zh = excluded.zh, made_by = excluded.made_by, made_at = excluded.made_at
"""
FORGET_FACT = "delete from script_facts where shop_id = %(shop_id)s and name = %(name)s"
USE = """
    insert into script_uses (shop_id, script_id, version, used_at, used_by, thread_no, order_no, refund_asked)
    values (%(shop_id)s, %(script_id)s, %(version)s, %(at)s, %(by)s, %(thread_no)s, %(order_no)s, %(refund_asked)s)
    returning use_no
"""
WAS_USED = """
    select exists (
        select 1 from script_uses where shop_id = %(shop_id)s and script_id = %(script_id)s and order_no = %(order_no)s and used_at > %(since)s
    )
"""
USES = """
    select listed.use_no, listed.script_id, listed.version, listed.used_at, listed.used_by, people.display_name as rep, listed.thread_no, listed.order_no,
        listed.refund_asked
    from (
        select * from script_uses where shop_id = %(shop_id)s and used_at >= %(since)s
        order by used_at desc, use_no desc
        limit %(limit)s
    ) as listed
    left join people on people.person_id = listed.used_by
    order by listed.used_at desc, listed.use_no desc
"""


def in_force(tx: Tx, shop_id: int, now: datetime) -> list[VersionRow]:
    """Of each of the shop's scripts the newest version whose time it is."""
    with tx.cursor(row_factory=class_row(VersionRow)) as cursor:
        return cursor.execute(IN_FORCE, {"shop_id": shop_id, "now": now}).fetchall()


def versions(tx: Tx, shop_id: int, script_id: str | None, limit: int) -> list[VersionRow]:
    """The versions of one script, or of all; of each the newest first."""
    with tx.cursor(row_factory=class_row(VersionRow)) as cursor:
        return cursor.execute(VERSIONS, {"shop_id": shop_id, "script_id": script_id, "limit": limit}).fetchall()


def add_version(tx: Tx, shop_id: int, new: NewVersion) -> int:
    """The number of a new version; the caller holds the shop."""
    row = tx.execute(ADD_VERSION, {"shop_id": shop_id, **msgspec.structs.asdict(new)}).fetchone()
    assert row is not None
    return int(row[0])


def withdraw(tx: Tx, shop_id: int, script_id: str, version: int, by: int | None, at: datetime) -> bool:
    """Whether a version that stood was withdrawn."""
    return tx.execute(WITHDRAW, {"shop_id": shop_id, "script_id": script_id, "version": version, "by": by, "at": at}).rowcount == 1


def facts(tx: Tx, shop_id: int) -> dict[str, str]:
    """What the shop tells of itself."""
    return dict(tx.execute(FACTS, {"shop_id": shop_id}).fetchall())


def keep_fact(tx: Tx, shop_id: int, name: str, zh: str, by: int | None, at: datetime) -> None:
    """Keeps one thing the shop tells of itself; an empty one is forgotten."""
    if zh:
        tx.execute(KEEP_FACT, {"shop_id": shop_id, "name": name, "zh": zh, "by": by, "at": at})
    else:
        tx.execute(FORGET_FACT, {"shop_id": shop_id, "name": name})


def use(
    tx: Tx, shop_id: int, script_id: str, version: int, *, by: int | None, thread_no: int | None, order_no: str | None, refund_asked: bool, at: datetime
) -> int:
    """The number of a use that is written down."""
    told = {"shop_id": shop_id, "script_id": script_id, "version": version, "by": by, "thread_no": thread_no, "order_no": order_no}
    row = tx.execute(USE, {**told, "refund_asked": refund_asked, "at": at}).fetchone()
    assert row is not None
    return int(row[0])


def was_used(tx: Tx, shop_id: int, script_id: str, order_no: str, since: datetime) -> bool:
    """Whether somebody sent the words of this script about the order since then."""
    row = tx.execute(WAS_USED, {"shop_id": shop_id, "script_id": script_id, "order_no": order_no, "since": since}).fetchone()
    return row is not None and bool(row[0])


def uses(tx: Tx, shop_id: int, since: datetime, limit: int) -> Sequence[UseRow]:
    """The newest uses since a moment."""
    with tx.cursor(row_factory=class_row(UseRow)) as cursor:
        return cursor.execute(USES, {"shop_id": shop_id, "since": since, "limit": limit}).fetchall()
