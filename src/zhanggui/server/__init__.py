"""OWNS the embedded PostgreSQL: finds it, starts or joins it, keeps it alive while somebody needs it, backs it up."""

from zhanggui.server.backups import backup, read_label, restore
from zhanggui.server.running import OwnServer, database_url, embedded, is_running
from zhanggui.server.trouble import ServerTrouble

__all__ = ["OwnServer", "ServerTrouble", "backup", "database_url", "embedded", "is_running", "read_label", "restore"]
