"""The house that is fuzzed: pages and worker in a process of their own, two full shops, a person in every role of one of them, and what is watched of it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from proofs.chaos_house_support import free_port
from tests.cast import BEGAN, make_cast
from tests.site.planted import Planted, plant
from zhanggui import clock, rulebook
from zhanggui.actions.bridge_tokens import make_token
from zhanggui.actions.house import House
from zhanggui.core.bridge.scopes import Scope
from zhanggui.people import sign_ins
from zhanggui.people.permissions import PersonId, Role, operator
from zhanggui.records.db import Pool, open_pool
from zhanggui.records.migrate import migrate
from zhanggui.server import OwnServer
from zhanggui.site.app import open_door
from zhanggui.site.settings import Settings

_COMES_UP_SECONDS = 60.0
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

RETIRE_PEOPLE = "update people set login = login || '-' || %(generation)s where person_id in (select person_id from memberships)"
RETIRE_SHOPS = "update shops set name = left(name, 40) || ' ' || shop_id || '-' || %(generation)s"


@dataclass(frozen=True)
class Generation:
    """Two shops as they were planted anew, and who is in which: names of visitors to their numbers."""

    ours: Planted
    theirs: Planted
    people: dict[str, PersonId]
    tokens: dict[str, str]
    """Bearer tokens with every scope: `ours` and `theirs`."""


@dataclass(frozen=True)
class Taken:
    """What the pages' process holds at a moment."""

    memory: int
    files: int
    threads: int


@dataclass
class FuzzedHouse:
    """The house while it runs."""

    home: Path
    scratch: Path
    pool: Pool
    address: str
    running: subprocess.Popen[bytes]
    log: Path
    cookie: str
    generations: int = 0
    taken: list[Taken] = field(default_factory=list)

    def planted(self) -> Generation:
        """A new pair of shops; the people of the last pair keep theirs under other names and ask no more."""
        self.generations += 1
        with self.pool.connection() as tx:
            tx.execute(RETIRE_PEOPLE, {"generation": str(self.generations)})
            tx.execute(RETIRE_SHOPS, {"generation": str(self.generations)})
        people = make_cast(self.pool)
        house = House(pool=self.pool, home=self.home, rulebook=rulebook.load())
        folder = Path(tempfile.mkdtemp(dir=self.home.parent))
        ours, theirs = plant(house, people, folder, ours=True), plant(house, people, folder, ours=False)
        assert people.lin.person_id is not None
        assert people.zheng.person_id is not None
        numbers = {"owner": people.lin.person_id, "another's owner": people.zheng.person_id}
        numbers |= {role.value: self._in_role(ours, role) for role in Role if role is not Role.OWNER}
        tokens = {
            name: make_token(house, operator(), planted.shop_id, "fuzz", tuple(Scope), clock.now(), clock.unwound()).token
            for name, planted in (("ours", ours), ("theirs", theirs))
        }
        return Generation(ours, theirs, numbers, tokens)

    def sign_in(self, person: PersonId) -> str:
        """The token of a new sign-in."""
        with self.pool.connection() as tx:
            return sign_ins.begin(tx, person, clock.unwound(), device="fuzz")

    def look(self) -> Taken:
        """What the process holds now."""
        base = Path(f"/proc/{self.running.pid}")
        taken = Taken(
            memory=int((base / "statm").read_text("utf-8").split()[1]) * _PAGE,
            files=len(list((base / "fd").iterdir())),
            threads=len(list((base / "task").iterdir())),
        )
        self.taken.append(taken)
        return taken

    def left_behind(self) -> list[str]:
        """What lies in the temporary places that no request needs any more."""
        uploads = list((self.home / "spool").glob("upload-*"))
        return [str(path.relative_to(self.home.parent)) for path in (*self.scratch.rglob("*"), *uploads)]

    def said(self) -> str:
        """Everything that was written to the log."""
        return self.log.read_text("utf-8", errors="replace")

    def _in_role(self, planted: Planted, role: Role) -> PersonId:
        with self.pool.connection() as tx:
            login = f"{role.value}{self.generations}"
            made = tx.execute(
                "insert into people (login, display_name, password_hash, made_at) values (%s, %s, '!', %s) returning person_id", (login, role.value, BEGAN)
            ).fetchone()
            assert made is not None
            tx.execute("insert into memberships (shop_id, person_id, role, made_at) values (%s, %s, %s, %s)", (planted.shop_id, made[0], role.value, BEGAN))
        return PersonId(made[0])


@contextmanager
def fuzzed_house() -> Iterator[FuzzedHouse]:
    """The house for as long as it is asked."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zg-fuzz-")))
        home, scratch, log = folder / "home", folder / "scratch", folder / "log"
        home.mkdir()
        scratch.mkdir()
        server = stack.enter_context(OwnServer(home))
        migrate(server.conninfo)
        pool = stack.enter_context(open_pool(server.conninfo, max_size=4))
        port = free_port()
        running = _started(home, scratch, log, port)
        stack.callback(_ended, running)
        house = House(pool=pool, home=home, rulebook=rulebook.load())
        cookie = open_door(house, Settings(home=home), secure=False).cookie_name
        yield FuzzedHouse(home, scratch, pool, f"http://127.0.0.1:{port}", running, log, cookie)


def _started(home: Path, scratch: Path, log: Path, port: int) -> subprocess.Popen[bytes]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI") and name not in {"DATABASE_URL", "PORT"}}
    words = [sys.executable, "-m", "zhanggui.cli", "--home", str(home), "up", "--port", str(port), "--json"]
    with log.open("ab") as err:
        running = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=err, env=bare | {"LANG": "en_US.UTF-8", "TMPDIR": str(scratch), "ZHANGGUI_PACES": "no"}
        )
    assert running.stdout is not None
    assert running.stdout.readline(), log.read_text("utf-8", errors="replace")
    return running


def _ended(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    with suppress(subprocess.TimeoutExpired):
        running.wait(25)
    running.kill()
    running.wait()
    if running.stdout is not None:
        running.stdout.close()
