"""OWNS the embedded PostgreSQL: finds it, starts or joins it, keeps it alive while somebody needs it, backs it up."""

from zhanggui.server.running import OwnServer, database_url, embedded, is_running
from zhanggui.server.trouble import ServerTrouble

__all__ = ["OwnServer", "ServerTrouble", "database_url", "embedded", "is_running"]
