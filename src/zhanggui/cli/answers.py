"""What every command answers with `--json`: the shapes of its documents, by name, so that nothing is loaded before it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import msgspec


class Answers(msgspec.Struct, frozen=True):
    """What one command writes: one of these documents, or with `lines` one for every line it reads, and then it goes on."""

    shapes: tuple[str, ...]
    """`module:Name` in this room, or `zhanggui....:Name` elsewhere."""
    lines: bool = False


class Refused(msgspec.Struct, frozen=True):
    """What any command writes where nothing was done."""

    refused: tuple[str, ...]


ANSWERS: Mapping[str, Answers] = {
    "activities": Answers(("activities:ActivitiesShape",)),
    "acts list": Answers(("acts:ActsShape",)),
    "acts stop": Answers(("acts:StoppedShape",)),
    "acts switch": Answers(("acts:SwitchShape",)),
    "advise": Answers(("advising:AdviceShape",)),
    "aspects": Answers(("aspects:ReviewRead",), lines=True),
    "automation case": Answers(("automation_shapes:KeptShape",)),
    "automation check": Answers(("automation_shapes:ChecksShape",)),
    "automation decide": Answers(("automation_shapes:DecidedShape",)),
    "automation dry-run": Answers(("automation_shapes:DryRunShape",)),
    "automation export": Answers(("automation_shapes:AutoRulesShape",)),
    "automation facts": Answers(("automation_shapes:FactsShape",)),
    "automation firings": Answers(("automation_shapes:FiringsShape",)),
    "automation import": Answers(("automation_shapes:KeptAllShape",)),
    "automation level": Answers(("automation_shapes:LevelShape",)),
    "automation list": Answers(("automation_shapes:AutoRulesShape",)),
    "automation release": Answers(("automation_shapes:LevelShape",)),
    "automation remove": Answers(("automation_shapes:LevelShape",)),
    "automation run": Answers(("automation_shapes:FiredShape",)),
    "backup": Answers(("backups:BackupShape",)),
    "batches": Answers(("batches:BatchesShape",)),
    "check-number": Answers(("checking:NumberShape",)),
    "check-text": Answers(("speaking:TextChecked",), lines=True),
    "connect": Answers(("connecting:ConnectionShape",)),
    "deductions": Answers(("deductions:DeductionsShape",)),
    "demo": Answers(("serving:OpenedShape",)),
    "disconnect": Answers(("connecting:ConnectionShape",)),
    "doctor": Answers(("doctor:DoctorShape",)),
    "emulator": Answers(("zhanggui.emulator.command:FirstLine",)),
    "explain": Answers(("explaining:OrderExplained",)),
    "export": Answers(("exporting:ExportShape",)),
    "goods": Answers(("goods:GoodsListShape",)),
    "hooks add": Answers(("hooks:MadeShape",)),
    "hooks again": Answers(("hooks:AgainShape",)),
    "hooks list": Answers(("hooks:HooksShape",)),
    "hooks log": Answers(("hooks:LogShape",)),
    "hooks remove": Answers(("hooks:HooksShape",)),
    "hooks resume": Answers(("hooks:HooksShape",)),
    "hooks secret": Answers(("hooks:MadeShape",)),
    "hooks switch": Answers(("hooks:HooksShape",)),
    "hooks test": Answers(("hooks:TriedShape",)),
    "import": Answers(("shapes:BatchShape",)),
    "import-export": Answers(("exporting:ExportShape",)),
    "intents": Answers(("intents:MessageRead", "intents:LineRefused"), lines=True),
    "labels": Answers(("labels:LabelsShape",)),
    "mcp": Answers(("assisting:ToolsShape",)),
    "measures": Answers(("measures:MeasuresShape",)),
    "money": Answers(("money:MoneyShape",)),
    "paste": Answers(("pasting:ChatShape",)),
    "people add": Answers(("people:PersonShape",)),
    "people close": Answers(("people:PersonShape",)),
    "people drop-factors": Answers(("people:PersonShape",)),
    "people keeper": Answers(("people:PersonShape",)),
    "people list": Answers(("people:PeopleShape",)),
    "people reset-password": Answers(("people:PersonShape",)),
    "privacy": Answers(("personal:PrivacyShape",)),
    "promises": Answers(("promises:LedgerShape",)),
    "quarantine": Answers(("batches:QuarantineShape",)),
    "rating": Answers(("rating:RatingShape",)),
    "replies": Answers(("promises:RepliesShape",)),
    "report": Answers(("reporting:ReportShape",)),
    "restore": Answers(("backups:BackupShape",)),
    "reviews": Answers(("reviews:ReviewsShape", "reviews:PastedShape")),
    "rules": Answers(("rules:RulesShape",)),
    "scans": Answers(("scans:ParcelRead", "scans:LineRefused"), lines=True),
    "schema": Answers(("schema:CommandsShape", "schema:CommandShape")),
    "scripts": Answers(("scripts:ScriptsShape", "scripts:BroughtShape")),
    "shops": Answers(("shops:ShopsShape",)),
    "slips": Answers(("slips:SlipsShape",)),
    "spread": Answers(("spreading:SpreadShape",)),
    "sync": Answers(("syncing:SyncShape",)),
    "todo": Answers(("todo:TodoListShape",)),
    "tokens": Answers(("tokens:TokensShape",)),
    "undo": Answers(("shapes:BatchShape",)),
    "up": Answers(("serving:OpenedShape",)),
    "verify": Answers(("verifying:VerifiedShape", "verifying:PacketShape")),
    "what-if": Answers(("what_if:WhatIfShape",)),
    "worker": Answers(("working:WorkerShape",)),
}
"""Every command."""


def shapes_of(command: str) -> tuple[Any, ...]:
    """The types of what a command writes."""
    return tuple(_shape(where) for where in ANSWERS[command].shapes)


def schema_of(shape: Any) -> dict[str, Any]:
    """The JSON Schema of one type."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(shape)}


def _shape(where: str) -> Any:
    module, name = where.split(":")
    return getattr(import_module(module if "." in module else f"zhanggui.cli.{module}"), name)
