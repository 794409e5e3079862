"""Who may do what: one list of permissions, one table of roles, and the person every query begins with."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NewType

import msgspec

ShopId = NewType("ShopId", int)
PersonId = NewType("PersonId", int)


class Role(StrEnum):
    """A person's part in one shop."""

    OWNER = "owner"
    REP = "rep"
    WAREHOUSE = "warehouse"
    AFTERSALES = "aftersales"
    FINANCE = "finance"
    VIEWER = "viewer"


class Permission(StrEnum):
    """Every right there is, named resource:action."""

    ORDERS_READ = "orders:read"
    TODO_READ = "todo:read"
    TODO_MARK = "todo:mark"
    AFTERSALES_READ = "aftersales:read"
    CASES_WRITE = "cases:write"
    NOTES_WRITE = "notes:write"
    SCANS_WRITE = "scans:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    MONEY_READ = "money:read"
    MONEY_WRITE = "money:write"
    COSTS_WRITE = "costs:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    ACTS_READ = "acts:read"
    ACTS_SEND = "acts:send"
    ACTS_STOP = "acts:stop"
    ACTS_WRITE = "acts:write"
    PAPERS_PRINT = "papers:print"
    SHIPPING_WRITE = "shipping:write"
    SHIPPING_UPLOAD = "shipping:upload"
    CHASING_WRITE = "chasing:write"
    CLAIMS_WRITE = "claims:write"
    COMPLAINTS_WRITE = "complaints:write"
    RETURNS_WRITE = "returns:write"
    WAYBILLS_TAKE = "waybills:take"
    WAYBILLS_WRITE = "waybills:write"
    GOODS_READ = "goods:read"
    GOODS_WRITE = "goods:write"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_WRITE = "evidence:write"
    PLANNING_WRITE = "planning:write"
    CARRIERS_WRITE = "carriers:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    SCRIPTS_WRITE = "scripts:write"
    ACTIVITIES_WRITE = "activities:write"
    REVIEWS_WRITE = "reviews:write"
    PRIVACY_OPEN = "privacy:open"
    PRIVACY_WRITE = "privacy:write"


_EVERYONE = frozenset(
    {Permission.ORDERS_READ, Permission.TODO_READ, Permission.AFTERSALES_READ, Permission.RULES_READ, Permission.ACTS_READ, Permission.GOODS_READ}
)
_EVIDENCE = frozenset({Permission.EVIDENCE_READ, Permission.EVIDENCE_WRITE})
_TALK = frozenset({Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE, Permission.SCRIPTS_WRITE, Permission.REVIEWS_WRITE, Permission.PRIVACY_OPEN})
_HANDS = (
    _EVERYONE
    | _EVIDENCE
    | {
        Permission.GOODS_WRITE,
        Permission.TODO_MARK,
        Permission.NOTES_WRITE,
        Permission.ACTS_STOP,
        Permission.PAPERS_PRINT,
        Permission.SHIPPING_WRITE,
        Permission.SHIPPING_UPLOAD,
        Permission.CHASING_WRITE,
        Permission.CLAIMS_WRITE,
        Permission.COSTS_WRITE,
        Permission.COMPLAINTS_WRITE,
        Permission.RETURNS_WRITE,
        Permission.WAYBILLS_TAKE,
        Permission.PLANNING_WRITE,
    }
)

MAY: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.REP: _HANDS | _TALK | {Permission.CASES_WRITE, Permission.SCANS_WRITE, Permission.IMPORTS_READ, Permission.IMPORTS_WRITE},
    Role.WAREHOUSE: _HANDS | {Permission.SCANS_WRITE},
    Role.AFTERSALES: _HANDS | _TALK | {Permission.CASES_WRITE, Permission.SCANS_WRITE, Permission.IMPORTS_READ, Permission.IMPORTS_WRITE, Permission.ACTS_SEND},
    Role.FINANCE: _EVERYONE
    | {Permission.EVIDENCE_READ, Permission.NOTES_WRITE, Permission.IMPORTS_READ, Permission.IMPORTS_WRITE}
    | {Permission.MONEY_READ, Permission.MONEY_WRITE, Permission.COSTS_WRITE},
    Role.VIEWER: _EVERYONE,
}


class NotAllowed(Exception):
    """The person may not do this here. Pages answer 404, so that an outsider learns nothing of what exists."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who acts: what every action and every query takes first. `person_id` is None for the operator at the machine's own command line."""

    person_id: PersonId | None
    display_name: str
    language: str = "zh_Hans"
    is_keeper: bool = False
    roles: Mapping[ShopId, Role] = msgspec.field(default_factory=dict)
    withheld: frozenset[ShopId] = frozenset()
    """The shops in which their role counts for nothing until they sign in with a second factor too."""
    all_shops: bool = False
    """Only the operator at the command line and the worker: whoever can run them can read the data folder anyway."""
    only: frozenset[Permission] | None = None
    """Only programs: the rights that the scopes of their token bring, whatever their role may do."""

    def may(self, permission: Permission, shop_id: ShopId) -> bool:
        """Whether this person has the right in that shop."""
        if self.all_shops:
            return True
        return shop_id in self.roles and permission in (MAY[self.roles[shop_id]] if self.only is None else self.only)

    def need(self, permission: Permission, shop_id: ShopId) -> ShopId:
        """The shop again, where this person has the right in it. Raises NotAllowed."""
        if not self.may(permission, shop_id):
            raise NotAllowed(permission.value)
        return shop_id


def operator(name: str = "operator") -> Person:
    """Whoever runs commands on the machine itself."""
    return Person(person_id=None, display_name=name, is_keeper=True, all_shops=True)
