"""Whether a house may be run in earnest: what would show a shop's data to others, lose what was confirmed, or leave nothing to come back with."""

import stat
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from zhanggui import clock
from zhanggui.actions.backups import NoPlace, kept_backups, may_use, newest_backup
from zhanggui.actions.house import House
from zhanggui.actions.refused import Refused
from zhanggui.actions.ring import FILE, FOLDER
from zhanggui.cli.finding import Finding
from zhanggui.core.say import say
from zhanggui.demo.telling import LOGIN, PASSWORD
from zhanggui.people import accounts
from zhanggui.people.accounts import password_hash_of
from zhanggui.people.factors import with_any
from zhanggui.people.passwords import matches
from zhanggui.records import running, whole
from zhanggui.records.vitals import first_applied
from zhanggui.site.listening import is_loopback
from zhanggui.site.settings import Settings

OLDEST_BACKUP = timedelta(days=2)
FEWEST_DIFFERENT = 12
"""So many different characters a secret has at least that was drawn and not typed."""
OTHERS_MAY = stat.S_IRWXO
SAFE_TLS = frozenset({"require", "verify-ca", "verify-full"})
DEMO = "demo.json"


def production_findings(settings: Settings) -> list[Finding]:
    """What the settings and the home folder tell, before anything is started."""
    return [found for check in (_secret, _in_the_clear, _proxies, _demo, _home, _vault, _backups, _database_line) for found in check(settings)]


def data_findings(house: House, settings: Settings, wall: datetime) -> list[Finding]:
    """What the database tells, once it answers."""
    return [*_demo_accounts(house), *_keepers(house), *_keeps_its_word(house), *_sorting(house), *_backup_age(house, settings, wall)]


def refuse_unsafe(settings: Settings) -> None:
    """Raises Refused for the first thing that keeps this house from being run in earnest, where it says that it is."""
    if settings.production:
        _refuse(production_findings(settings))


def refuse_unsafe_data(house: House, settings: Settings) -> None:
    """The same of what the database tells."""
    if settings.production:
        _refuse(data_findings(house, settings, clock.unwound()))


def _refuse(findings: Sequence[Finding]) -> None:
    for finding in findings:
        if finding.stops and not finding.ok:
            raise Refused(finding.said)


def _secret(settings: Settings) -> Iterator[Finding]:
    given = settings.secret
    if given is None:
        yield Finding("secret", True, say("The secret that forms are signed with is the house's own, drawn by itself."))
    elif len(set(given)) < FEWEST_DIFFERENT:
        yield Finding("secret", False, say("ZHANGGUI_SECRET was typed, not drawn. Leave it out, and the house draws one; or give 48 random characters."))
    else:
        yield Finding("secret", True, say("The secret that forms are signed with is long and mixed enough."))


def _in_the_clear(settings: Settings) -> Iterator[Finding]:
    if settings.lan or settings.behind_proxy or is_loopback(settings.host):
        yield Finding("network", True, say("Nothing is served to a network in the clear."))
    else:
        yield Finding(
            "network",
            False,
            say(
                "Listening on {host} would send passwords and orders through the network in the clear. Set ZHANGGUI_LAN=1 to serve the network "
                "by https, or name the proxy that does so in ZHANGGUI_PROXIES.",
                host=settings.host,
            ),
        )


def _proxies(settings: Settings) -> Iterator[Finding]:
    """A proxy speaks to us in the clear, and is believed in what it says of who asks."""
    far = [proxy for proxy in settings.proxies if not _is_near(proxy)]
    if far:
        said = say("ZHANGGUI_PROXIES names {proxy}, which is no address of this machine or a private network: anybody could say who they are.", proxy=far[0])
        yield Finding("proxies", False, said)
    elif settings.proxies and not settings.hosts:
        yield Finding("proxies", False, say("Behind a proxy the pages are reached by a name of their own. Put it into ZHANGGUI_HOSTS."))


def _is_near(proxy: str) -> bool:
    try:
        return ip_network(proxy, strict=False).is_private if "/" in proxy else ip_address(proxy).is_private
    except ValueError:
        return False


def _demo(settings: Settings) -> Iterator[Finding]:
    if (settings.home / DEMO).exists():
        said = say("The folder {home} is a demo's: everybody is let in there with one click. Name another with --home.", home=str(settings.home))
        yield Finding("demo", False, said)
    else:
        yield Finding("demo", True, say("This is no demo."))


def _home(settings: Settings) -> Iterator[Finding]:
    """The embedded server's account has to walk through the home; what may be read there is guarded one by one."""
    open_files = [path for path in _secrets_of(settings.home) if path.exists() and path.stat().st_mode & (OTHERS_MAY | stat.S_IRWXG)]
    if open_files and sys.platform != "win32":
        yield Finding("keys", False, say("Others on this machine can read {file}. Take their rights away: chmod 600 {file}", file=str(open_files[0])))
    else:
        yield Finding("keys", True, say("Nobody else on this machine can read the keys."))


def _secrets_of(home: Path) -> tuple[Path, ...]:
    return (home / FOLDER / FILE, home / "certificates" / "authority.key", home / "certificates" / "house.key")


def _vault(settings: Settings) -> Iterator[Finding]:
    """The key beside the backup opens what is sealed in it to whoever finds both."""
    if settings.backups is None:
        return
    backups = settings.backups.expanduser().resolve()
    found = next(backups.rglob(FILE), None) if backups.is_dir() else None
    if found is not None:
        said = say("The keys of the vault lie among the backups, as {file}: whoever finds both opens what is sealed. Keep them apart.", file=str(found))
        yield Finding("vault", False, said)
    elif _is_below(backups, settings.home):
        said = say(
            "The backups in {folder} lie in the home folder, beside the keys and on the same disk. Name a folder elsewhere in ZHANGGUI_BACKUPS.",
            folder=str(backups),
        )
        yield Finding("vault", False, said)
    else:
        yield Finding("vault", True, say("The keys of the vault do not lie among the backups."))


def _is_below(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _backups(settings: Settings) -> Iterator[Finding]:
    if settings.backups is None:
        said = say("Nobody makes backups. Name a folder on another disk in ZHANGGUI_BACKUPS, and one is made every night and tried out.")
        yield Finding("backups", False, said)
        return
    try:
        may_use(settings.backups.expanduser().resolve())
    except NoPlace as trouble:
        # the alert of the night says so too: a disk that is away keeps nobody from the clocks
        yield Finding("backups", False, trouble.say, stops=False)
    else:
        yield Finding("backups", True, say("Every night a backup is made in {folder} and tried out.", folder=str(settings.backups)))


def _database_line(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        return
    told = conninfo_to_dict(settings.database_url)
    host, mode = str(told.get("host") or ""), str(told.get("sslmode") or "prefer")
    if host and not host.startswith("/") and not is_loopback(host) and mode not in SAFE_TLS:
        said = say("The database at {host} may be spoken to in the clear. Add sslmode=verify-full to DATABASE_URL.", host=host)
        yield Finding("database", False, said)
    else:
        yield Finding("database", True, say("The database is not spoken to in the clear."))


def _demo_accounts(house: House) -> Iterator[Finding]:
    with house.pool.connection() as tx:
        found = password_hash_of(tx, LOGIN)
    if found is not None and matches(found[1], PASSWORD):
        yield Finding("accounts", False, say("{login} still has the password of the demo. Set another: zhanggui people reset-password {login}", login=LOGIN))
    else:
        yield Finding("accounts", True, say("Nobody has the password of the demo."))


def _keepers(house: House) -> Iterator[Finding]:
    """Whoever keeps the house opens every shop with one password; nobody is kept from starting by that."""
    with house.pool.connection() as tx:
        keepers = [account for account in accounts.every(tx) if account.is_keeper]
        safe = with_any(tx, [account.person_id for account in keepers])
    bare = [account.login for account in keepers if account.person_id not in safe]
    if bare:
        yield Finding(
            "keepers", False, say("{login} keeps this house and comes in by a password alone. Add a second factor under Account.", login=bare[0]), stops=False
        )
    elif keepers:
        yield Finding("keepers", True, say("Whoever keeps this house needs more than a password."))


def _keeps_its_word(house: House) -> Iterator[Finding]:
    with house.pool.connection() as tx:
        keeps = running.keeps_its_word(tx)
    if keeps:
        yield Finding("durability", True, say("What the database confirms is on the disk."))
    else:
        said = say("The database confirms what is not on the disk yet: a power cut loses it. Switch fsync, full_page_writes and synchronous_commit on.")
        yield Finding("durability", False, said)


def _sorting(house: House) -> Iterator[Finding]:
    """An own database may sort words by a language: pages over several shops then leave out or repeat a row. Nobody is kept from starting by that."""
    with house.pool.connection() as tx:
        is_plain = whole.sorts_by_code_point(tx)
    if is_plain:
        yield Finding("sorting", True, say("The database sorts words by their characters alone."))
    else:
        said = say(
            "The database sorts words by a language, so lists over several shops may leave out or repeat a row. "
            "Make one with LC_COLLATE C or C.UTF-8 (create database NAME template template0 locale 'C.UTF-8'), and move the data there."
        )
        yield Finding("sorting", False, said, stops=False)


def _backup_age(house: House, settings: Settings, wall: datetime) -> Iterator[Finding]:
    """Nobody is kept from starting by an old backup: the next one is made once the house is up."""
    if settings.backups is None:
        return
    newest = newest_backup(house, wall)
    with house.pool.connection() as tx:
        begun = first_applied(tx)
    if newest is None:
        is_young = begun is None or wall - begun < OLDEST_BACKUP
        said = say("The first backup is made once the house is up.") if is_young else say("There is no backup in {folder} yet.", folder=str(settings.backups))
        yield Finding("last backup", is_young, said, stops=False)
    elif wall - newest.made_at > OLDEST_BACKUP:
        said = say("The newest backup is {days} days old. The Timetable says what keeps the next from being made.", days=(wall - newest.made_at).days)
        yield Finding("last backup", False, said, stops=False)
    elif not any(kept.verified_at for kept in kept_backups(newest.folder.parent, wall)):
        yield Finding("last backup", False, say("No backup has come back on trial yet. The Timetable says why."), stops=False)
    else:
        yield Finding("last backup", True, say("The newest backup is young enough."))
