"""The same people and shops everywhere.

林 owns 林记坚果, 小美 answers its buyers, 老周 packs its parcels; 郑 owns 郑家茶行 and must see nothing of theirs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from zhanggui.people.permissions import Person, PersonId, Role, ShopId
from zhanggui.records.db import Pool, Tx

BEGAN = datetime(2025, 1, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Four people and two shops."""

    lin: Person
    mei: Person
    zhou: Person
    zheng: Person
    shop_id: ShopId
    other_shop_id: ShopId

    @property
    def ours(self) -> tuple[Person, ...]:
        """Everybody of the first shop."""
        return self.lin, self.mei, self.zhou


def make_cast(pool: Pool) -> Cast:
    """Put the cast and their shops into a fresh database. Nobody of them can sign in: tests of signing in set passwords themselves."""
    with pool.connection() as tx:
        shop_id, other_shop_id = _shop(tx, "林记坚果"), _shop(tx, "郑家茶行")
        return Cast(
            lin=_person(tx, "lin", "林", shop_id, Role.OWNER),
            mei=_person(tx, "xiaomei", "小美", shop_id, Role.REP),
            zhou=_person(tx, "laozhou", "老周", shop_id, Role.WAREHOUSE),
            zheng=_person(tx, "zheng", "郑", other_shop_id, Role.OWNER),
            shop_id=shop_id,
            other_shop_id=other_shop_id,
        )


def _shop(tx: Tx, name: str) -> ShopId:
    made = tx.execute("insert into shops (name, made_at) values (%s, %s) returning shop_id", (name, BEGAN)).fetchone()
    assert made is not None
    tx.execute("insert into shop_homes (shop_id) values (%s)", made)
    return ShopId(made[0])


def _person(tx: Tx, login: str, display_name: str, shop_id: ShopId, role: Role) -> Person:
    made = tx.execute(
        "insert into people (login, display_name, password_hash, made_at) values (%s, %s, '!', %s) returning person_id",
        (login, display_name, BEGAN),
    ).fetchone()
    assert made is not None
    person_id = PersonId(made[0])
    tx.execute(
        "insert into memberships (shop_id, person_id, role, made_at) values (%s, %s, %s, %s)",
        (shop_id, person_id, role.value, BEGAN),
    )
    return Person(person_id=person_id, display_name=display_name, roles={shop_id: role})
