"""Everything out and back in: an equal house, an export of it that is the same byte for byte, and of one shop nothing of another."""

from datetime import datetime
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql

from tests.actions.exporting.boxes import rewritten
from tests.actions.exporting.conftest import NewDatabase
from tests.cast import Cast
from tests.site.planted import Planted, plant
from zhanggui import clock, rulebook
from zhanggui.actions.conversations.threading import messages_of, threads_listed
from zhanggui.actions.evidence import verify_shop
from zhanggui.actions.exporting import bring_back, opened_box, take_out
from zhanggui.actions.exporting.leaving import LEFT_OUT
from zhanggui.actions.exporting.shapes import MANIFEST, Manifest, Step
from zhanggui.actions.house import House
from zhanggui.actions.orders import order as order_of
from zhanggui.actions.refused import Refused
from zhanggui.actions.today import todo
from zhanggui.actions.views import OrderView
from zhanggui.people.permissions import NotAllowed, Person, ShopId, operator
from zhanggui.records import whole
from zhanggui.records.db import Pool, conninfo_of, open_pool
from zhanggui.records.migrate import migrate, migrations
from zhanggui.records.sealing import MARK

SEALED_ANEW = {"conversation_messages", "threads", "notes", "messages", "sightings", "buyer_keys", "data_keys", "resealings"}
"""What another house seals with keys of its own; the words in it are compared as they are read, and by the export made of it."""
LIKE_ANOTHER = """
    insert into photo_likenesses (shop_id, digest, other_shop_id, other_digest, likeness, found_at)
    values (%(ours)s, 'a', %(other)s, '\\x00abad1dea', 90, '2026-03-01')
"""
TEXT_OF_TABLE = "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') || ':' || count(*) from {} t"


@pytest.fixture
def ours(house: House, people: Cast, tmp_path: Path) -> Planted:
    """Our shop and another, full."""
    plant(house, people, tmp_path, ours=False)
    return plant(house, people, tmp_path, ours=True)


def test_it_brings_back_an_equal_house(
    house: House, people: Cast, ours: Planted, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now, before = clock.now(), texts(house.pool)
    sealed = take_out(house, operator(), tmp_path / "sealed.zip", now, with_keys=True)
    with house.pool.connection() as tx:
        tx.execute("delete from journal where kind = 'exported'")
    opened = take_out(house, operator(), tmp_path / "opened", now)

    for source, told in ((tmp_path / "sealed.zip", sealed), (tmp_path / "opened", opened)):
        home, database = tmp_path / f"home of {source.name}", new_database(bare=told is sealed)
        monkeypatch.setenv("DATABASE_URL", database)
        brought = bring_back(source, home, clock.unwound(), with_keys=told is sealed)
        with open_pool(database) as pool:
            other = House(pool=pool, home=home, rulebook=rulebook.load())
            assert differing(texts(pool), before) <= (set() if told is sealed else SEALED_ANEW | {"sequences"})
            with pool.connection() as tx:
                assert tx.execute("select count(*) from conversation_messages where said <> '' and not starts_with(said, %s)", (MARK,)).fetchone() == (0,)
            for person, shop_id in ((people.lin, people.shop_id), (people.zheng, people.other_shop_id)):
                assert todo(other, person, shop_id, now, 50) == todo(house, person, shop_id, now, 50)
                assert threads_of(other, person, shop_id) == threads_of(house, person, shop_id) != []
            assert told_of(other, people, ours, now) == told_of(house, people, ours, now)
            assert verify_shop(other, operator(), people.shop_id) == verify_shop(house, operator(), people.shop_id)
            again = take_out(other, operator(), tmp_path / f"again {source.name}", now, with_keys=told is sealed)
        assert again.digest == told.digest == brought.manifest.digest
        assert brought.migrated == ()
        assert bytes_of(tmp_path / f"again {source.name}", again) == bytes_of(source, told)


def test_it_takes_one_shop_out_and_nothing_of_another(house: House, people: Cast, ours: Planted, fresh: str, tmp_path: Path) -> None:
    now = clock.now()
    with house.pool.connection() as tx:
        tx.execute("update people set password_hash = '$argon2id$ours' where login in ('lin', 'zheng')")
        tx.execute(LIKE_ANOTHER, {"ours": people.shop_id, "other": people.other_shop_id})
    out = take_out(house, people.lin, tmp_path / "ours", now, shop_id=people.shop_id)

    bring_back(tmp_path / "ours", tmp_path / "home", clock.unwound())

    text = b"".join(file.read_bytes() for file in sorted((tmp_path / "ours").rglob("*")) if file.is_file())
    assert {each.table for each in out.sequences} <= {each.table for each in out.tables}
    assert [each.value for each in out.sequences if each.table == "shops"] == [int(people.shop_id)]
    assert [each.value for each in out.sequences if each.table == "journal"] == [most_entries(house, people.shop_id)]
    assert "郑家茶行".encode() not in text
    assert b'"zheng"' not in text
    assert b"00abad1dea" not in text
    assert b"argon2id" not in text
    assert ours.order_no.encode() in text
    with open_pool(fresh) as pool:
        other = House(pool=pool, home=tmp_path / "home", rulebook=rulebook.load())
        assert todo(other, people.lin, people.shop_id, now, 50) == todo(house, people.lin, people.shop_id, now, 50)
        again = take_out(other, people.lin, tmp_path / "again", now, shop_id=people.shop_id)
    assert again.digest == out.digest


def test_it_notes_in_each_journal_who_took_everything_out(house: House, people: Cast, tmp_path: Path) -> None:
    manifest = take_out(house, people.lin, tmp_path / "ours", clock.now(), shop_id=people.shop_id)

    with house.pool.connection() as tx:
        noted = tx.execute("select shop_id, by_person, data from journal where kind = 'exported'").fetchall()
    assert noted == [(people.shop_id, people.lin.person_id, {"rows": manifest.rows})]


def test_only_the_operator_takes_out_the_house_and_only_the_owner_a_shop(house: House, people: Cast, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        take_out(house, people.lin, tmp_path / "all", clock.now())
    for person in (people.zheng, people.mei):
        with pytest.raises(NotAllowed):
            take_out(house, person, tmp_path / "ours", clock.now(), shop_id=people.shop_id)

    assert list(tmp_path.glob("all*")) + list(tmp_path.glob("ours*")) == []


def test_it_leaves_keys_at_home_unless_they_are_asked_for(house: House, people: Cast, fresh: str, tmp_path: Path) -> None:
    home = tmp_path / "old"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "vault.keys").write_text("secret")
    (home / "slips.toml").write_text("own")
    keeping = House(pool=house.pool, home=home, rulebook=house.rulebook)

    plain = take_out(keeping, operator(), tmp_path / "plain", clock.now())
    take_out(keeping, operator(), tmp_path / "keyed", clock.now(), with_keys=True)
    bring_back(tmp_path / "keyed", tmp_path / "home", clock.unwound(), with_keys=True)

    assert [file.path for file in plain.files if file.path.startswith("home/")] == ["home/slips.toml"]
    assert (tmp_path / "home" / "keys" / "vault.keys").read_text() == "secret"
    assert ((tmp_path / "home" / "keys" / "vault.keys").stat().st_mode & 0o777, (tmp_path / "keyed" / MANIFEST).stat().st_mode & 0o777) == (0o600, 0o600)


def test_it_opens_nothing_of_a_house_whose_keys_are_not_at_hand(house: House, people: Cast, ours: Planted, tmp_path: Path) -> None:
    with open_pool(conninfo_of(house.pool)) as pool:
        other = House(pool=pool, home=tmp_path / "elsewhere", rulebook=house.rulebook)
        for shop_id in (None, people.shop_id):
            with pytest.raises(Refused, match="not at hand"):
                take_out(other, operator(), tmp_path / "opened", clock.now(), shop_id=shop_id)
        sealed = take_out(other, operator(), tmp_path / "sealed", clock.now(), with_keys=True)

    opened = take_out(house, operator(), tmp_path / "opened", clock.now())

    assert (sealed.is_open, opened.is_open) == (False, True)


def test_what_is_sealed_with_lost_keys_goes_out_empty_where_it_may_and_the_rest_as_it_is(
    house: House, people: Cast, ours: Planted, fresh: str, tmp_path: Path
) -> None:
    with open_pool(conninfo_of(house.pool)) as pool:
        bereft = House(pool=pool, home=tmp_path / "elsewhere", rulebook=house.rulebook)
        out = take_out(bereft, people.lin, tmp_path / "ours", clock.now(), shop_id=people.shop_id, leave_shut=True)
    bring_back(tmp_path / "ours", tmp_path / "home", clock.unwound())

    text = b"".join(file.read_bytes() for file in sorted((tmp_path / "ours").rglob("*")) if file.is_file())
    assert (out.is_open, out.left_shut > 0, rb"\u001fz1:" in text) == (True, True, False)
    assert ours.order_no.encode() in text
    with open_pool(fresh) as pool:
        other = House(pool=pool, home=tmp_path / "home", rulebook=rulebook.load())
        assert {said for thread in threads_of(other, people.lin, people.shop_id) for said in thread} == {""}
        with pool.connection() as tx:
            assert tx.execute("select count(*) from buyer_keys").fetchone() == (0,)
        again = take_out(other, people.lin, tmp_path / "again", clock.now(), shop_id=people.shop_id)
    assert again.left_shut == 0
    assert take_out(house, people.lin, tmp_path / "opened", clock.now(), shop_id=people.shop_id, leave_shut=True).left_shut == 0


def test_places_of_events_that_were_given_since_are_not_given_again(house: House, people: Cast, fresh: str, tmp_path: Path) -> None:
    with house.pool.connection() as tx:
        tx.execute("insert into hook_places (shop_id, place) values (%s, 5000)", (people.shop_id,))
    take_out(house, operator(), tmp_path / "a", clock.now())

    bring_back(tmp_path / "a", tmp_path / "home", clock.unwound())

    with psycopg.connect(fresh) as connection:
        assert connection.execute("select place from hook_places").fetchall() == [(1_000_005_000,)]


def test_it_refuses_to_write_where_something_stands(house: House, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine")
    (tmp_path / "there.zip").write_text("mine")

    for name in ("there", "there.zip"):
        with pytest.raises(Refused, match="There is something at"):
            take_out(house, operator(), tmp_path / name, clock.now())

    assert sorted(path.name for path in tmp_path.iterdir()) == ["there", "there.zip"]
    assert (tmp_path / "there.zip").read_text() == "mine"


def test_it_refuses_a_home_that_holds_data(house: House, people: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    take_out(house, operator(), tmp_path / "a", clock.now())
    monkeypatch.setenv("DATABASE_URL", conninfo_of(house.pool))
    before = texts(house.pool)

    with pytest.raises(Refused, match="already holds data"):
        bring_back(tmp_path / "a", tmp_path / "home", clock.unwound())

    assert texts(house.pool) == before


def test_it_refuses_an_export_of_a_newer_version_and_makes_nothing(house: House, people: Cast, fresh: str, tmp_path: Path) -> None:
    take_out(house, operator(), tmp_path / "a", clock.now())
    rewritten(tmp_path / "a", lambda told: msgspec.structs.replace(told, migrations=(*told.migrations, Step("9999_later.sql", "x"))))

    with pytest.raises(Refused, match="made by another version") as refused:
        bring_back(tmp_path / "a", tmp_path / "home", clock.unwound())

    assert refused.value.say.slots == {"migration": "9999_later.sql"}
    with psycopg.connect(fresh) as connection:
        assert connection.execute("select count(*) from shops").fetchone() == (0,)


def test_it_brings_an_export_of_an_earlier_version_up_to_this_one(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, house: House
) -> None:
    steps = [step.name for step in migrations()]
    earlier, later = new_database(bare=True), new_database(bare=True)
    migrate(earlier, only=steps[:30])
    with open_pool(earlier) as pool, pool.connection() as tx:
        tx.execute("insert into shops (name, made_at) values ('林记坚果', '2026-03-01')")
    with open_pool(earlier) as pool:
        take_out(House(pool=pool, home=tmp_path, rulebook=house.rulebook), operator(), tmp_path / "a", clock.now(), with_keys=True)
    monkeypatch.setenv("DATABASE_URL", later)

    brought = bring_back(tmp_path / "a", tmp_path / "home", clock.unwound())

    assert list(brought.migrated) == steps[30:]
    with open_pool(later) as pool, pool.connection() as tx:
        assert tx.execute("select shop_id, name from shops").fetchall() == [(1, "林记坚果")]


def most_entries(house: House, shop_id: ShopId) -> int:
    """The highest number among the entries of the shop's journal but for the one that tells of an export."""
    with house.pool.connection() as tx:
        row = tx.execute("select max(entry_no) from journal where shop_id = %s and kind <> 'exported'", (shop_id,)).fetchone()
    return int(row[0]) if row else 0


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    """The tables that are not the same."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def bytes_of(source: Path, manifest: Manifest) -> dict[str, bytes]:
    """Every file of an export."""
    found = {}
    with opened_box(source) as box:
        for path in (MANIFEST, *(each.path for each in manifest.tables), *(each.path for each in manifest.files)):
            with box.open(path) as stream:
                found[path] = stream.read()
    return found


def threads_of(house: House, by: Person, shop_id: ShopId) -> list[list[str]]:
    """What was said in every conversation, as it is read where it lies sealed."""
    found, _ = threads_listed(house, by, shop_id, is_waiting=False)
    return [[row.said for row in messages_of(house, by, shop_id, thread.thread_no, 50)] for thread in found]


def told_of(house: House, people: Cast, ours: Planted, now: datetime) -> OrderView | None:
    """What the page of our order tells; to-dos, which are ranked by the second, are compared by themselves."""
    view = order_of(house, people.lin, people.shop_id, ours.order_no, now)
    assert view is not None
    return msgspec.structs.replace(view, todos=())


def texts(pool: Pool) -> dict[str, str]:
    """Every table of this database as PostgreSQL itself writes it, shortened; but those that stay at home."""
    with pool.connection() as tx:
        names = [name for name in whole.tables(tx) if name not in LEFT_OUT]
        found = {name: tx.execute(sql.SQL(TEXT_OF_TABLE).format(sql.Identifier(name))).fetchone() for name in names}
        stands = tx.execute("select sequencename, coalesce(last_value, 0) from pg_sequences order by 1").fetchall()
    return {name: str(row) for name, row in found.items()} | {"sequences": str(stands)}
