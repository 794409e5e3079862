"""Which account the server runs under. PostgreSQL refuses root, so root lends it an account without rights."""

import os
import sys
from pathlib import Path

import msgspec

if sys.platform != "win32":
    import pwd

    def _of(entry: pwd.struct_passwd) -> "Account":
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


_LENT = ("zhanggui", "postgres", "nobody")


class Account(msgspec.Struct, frozen=True):
    """An account of this machine that the server is given when root starts it."""

    name: str
    user: int
    group: int

    def can_read(self, path: Path) -> bool:
        """Whether the account can walk to the path and read it."""
        return self.can_enter(path.parent) and bool(self._bits(path) & 4)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account can walk into the folder from the root of the file system."""
        folder = folder.resolve()
        return all(self._bits(step) & 1 for step in (folder, *folder.parents))

    def take(self, *paths: Path) -> None:
        """Make the paths the account's own."""
        if sys.platform != "win32":
            for path in paths:
                os.chown(path, self.user, self.group)

    def _bits(self, path: Path) -> int:
        """The rights (read 4, write 2, enter 1) that the plain mode of the path gives the account."""
        found = path.stat()
        if found.st_uid == self.user:
            return found.st_mode >> 6 & 7
        return (found.st_mode >> 3 & 7) if found.st_gid == self.group else (found.st_mode & 7)


def lent_account(cluster: Path) -> Account | None:
    """The account to run the server under, or None where we may run it ourselves (anybody but root).

    Data that exist keep their owner, so that another account installed later changes nothing.
    """
    if sys.platform == "win32":
        return None
    else:  # an else, so that a check for Windows does not look here
        if os.geteuid() != 0:
            return None
        if cluster.exists() and cluster.stat().st_uid != 0:
            return _of(pwd.getpwuid(cluster.stat().st_uid))
        for name in _LENT:
            try:
                return _of(pwd.getpwnam(name))
            except KeyError:
                continue
        return Account("nobody", 65534, 65534)
