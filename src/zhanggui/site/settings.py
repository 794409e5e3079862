"""The settings of a house, read from the environment once. Each has a line in docs/settings.md; a name we do not know is refused, not ignored."""

import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from cryptography.fernet import Fernet

from zhanggui.core.say import Say, say
from zhanggui.site.homes import default_home


class SettingRefused(Exception):
    """A setting cannot be meant this way; `reason` says which and why."""

    def __init__(self, reason: Say) -> None:
        super().__init__(reason.text.format(**reason.slots))
        self.reason = reason


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How this house is run. The defaults suit one shop on one machine."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    https_port: int = 8443
    lan: bool = False
    database_url: str | None = None
    pg_bin: Path | None = None
    secret: str | None = None
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    upload_mb: int = 200
    paces: bool = True
    vault_key: str | None = None
    """Read by actions/vault.py itself; here it is only looked over at the start."""
    paper_fonts: Path | None = None
    """Read by actions/papers/making.py itself."""
    notify_hosts: tuple[str, ...] = ()
    """Read by actions/alerting/sending.py itself."""
    drafting_hosts: tuple[str, ...] = ()
    """Read by actions/drafting/asking.py itself."""
    production: bool = False
    metrics: bool = False
    """Figures for Prometheus at /metrics, for programs on this machine."""
    metrics_token: str | None = None
    """Who bears it gets them from elsewhere, too."""
    log: str = "plain"
    """Read by cli/main.py itself, before anything else is."""
    backups: Path | None = None
    """These three are read by actions/backups.py itself."""
    backups_kept: int = 7
    backup_hour: int = 3

    def __repr__(self) -> str:
        return f"Settings(home={str(self.home)!r})"  # the others hold passwords and keys

    @property
    def behind_proxy(self) -> bool:
        """Whether somebody else ends TLS in front of us."""
        return bool(self.proxies)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One name in the environment, and the field it fills."""

    name: str
    field: str
    read: Callable[[str], Any]


def _text(value: str) -> str:
    return value


def _port(value: str) -> int:
    port = int(value)
    if not 0 < port < 65536:
        raise ValueError(value)
    return port


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError(value)
    return number


def _yes_or_no(value: str) -> bool:
    return {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}[value.casefold()]


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("too short")
    return value


def _hour(value: str) -> int:
    hour = int(value)
    if not 0 <= hour < 24:
        raise ValueError(value)
    return hour


def _form(value: str) -> str:
    return {"plain": "plain", "json": "json"}[value.casefold()]


def _keys(value: str) -> str:
    for key in value.split(","):
        Fernet(key.strip())
    return value


ALL: tuple[Setting, ...] = (
    Setting(name="ZHANGGUI_HOME", field="home", read=Path),
    Setting(name="ZHANGGUI_HOST", field="host", read=_text),
    Setting(name="ZHANGGUI_PORT", field="port", read=_port),
    Setting(name="PORT", field="port", read=_port),
    Setting(name="ZHANGGUI_HTTPS_PORT", field="https_port", read=_port),
    Setting(name="ZHANGGUI_LAN", field="lan", read=_yes_or_no),
    Setting(name="DATABASE_URL", field="database_url", read=_text),
    Setting(name="ZHANGGUI_PG_BIN", field="pg_bin", read=Path),
    Setting(name="ZHANGGUI_SECRET", field="secret", read=_secret),
    Setting(name="ZHANGGUI_VAULT_KEY", field="vault_key", read=_keys),
    Setting(name="ZHANGGUI_HOSTS", field="hosts", read=_list),
    Setting(name="ZHANGGUI_PROXIES", field="proxies", read=_list),
    Setting(name="ZHANGGUI_PAPER_FONTS", field="paper_fonts", read=Path),
    Setting(name="ZHANGGUI_DRAFTING_HOSTS", field="drafting_hosts", read=_list),
    Setting(name="ZHANGGUI_NOTIFY_HOSTS", field="notify_hosts", read=_list),
    Setting(name="ZHANGGUI_UPLOAD_MB", field="upload_mb", read=_positive),
    Setting(name="ZHANGGUI_PACES", field="paces", read=_yes_or_no),
    Setting(name="ZHANGGUI_PRODUCTION", field="production", read=_yes_or_no),
    Setting(name="ZHANGGUI_METRICS", field="metrics", read=_yes_or_no),
    Setting(name="ZHANGGUI_METRICS_TOKEN", field="metrics_token", read=_secret),
    Setting(name="ZHANGGUI_LOG", field="log", read=_form),
    Setting(name="ZHANGGUI_BACKUPS", field="backups", read=Path),
    Setting(name="ZHANGGUI_BACKUPS_KEPT", field="backups_kept", read=_positive),
    Setting(name="ZHANGGUI_BACKUP_HOUR", field="backup_hour", read=_hour),
)
"""The first name that is set wins for a field: ZHANGGUI_PORT before PORT."""

PREFIX = "ZHANGGUI_"


def settings_from(environ: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
    """The settings as the environment tells them; `home` given on the command line wins. Raises SettingRefused."""
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    told: dict[str, Any] = {}
    for setting in ALL:
        value = environ.get(setting.name, "")
        if value and setting.field not in told:
            told[setting.field] = _read(setting, value)
    told["home"] = (home or told.get("home") or default_home(environ)).expanduser().resolve()
    return Settings(**told)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    names = [setting.name for setting in ALL]
    endings = [known.removeprefix(PREFIX) for known in names if known.startswith(PREFIX)]
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in names:
            continue
        # Compared without the beginning they share, or everything would look alike.
        near = get_close_matches(name.removeprefix(PREFIX), endings, n=1)
        if near:
            raise SettingRefused(say("There is no setting {name}. Is {near} meant?", name=name, near=PREFIX + near[0]))
        raise SettingRefused(say("There is no setting {name}. docs/settings.md lists them all.", name=name))


def _read(setting: Setting, value: str) -> Any:
    try:
        return setting.read(value)
    except (ValueError, KeyError):
        # The value itself is not repeated: it may be a secret.
        raise SettingRefused(say("The setting {name} cannot be read; docs/settings.md says what it may be.", name=setting.name)) from None
