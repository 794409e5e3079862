"""OWNS the embedded PostgreSQL: finds it, starts or joins it, keeps it alive while somebody needs it, backs it up."""

from zhanggui.server.backups import Label, backup, backup_of, label_of, leave_places_given, read_label, restore, tried_out
from zhanggui.server.running import OwnServer, database_url, embedded, is_running, is_shared
from zhanggui.server.trouble import ServerTrouble

__all__ = [
    "Label",
    "OwnServer",
    "ServerTrouble",
    "backup",
    "backup_of",
    "database_url",
    "embedded",
    "is_running",
    "is_shared",
    "label_of",
    "leave_places_given",
    "read_label",
    "restore",
    "tried_out",
]
