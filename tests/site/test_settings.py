"""The settings: read once, refused when they cannot be meant, and each one named in the docs."""

from pathlib import Path

import pytest

from zhanggui.site.settings import ALL, SettingRefused, Settings, settings_from

HOME = Path("/srv/shop")


def test_it_needs_none() -> None:
    assert settings_from({}, home=HOME) == Settings(home=HOME.resolve())


def test_it_reads_each_of_them() -> None:
    told = {
        "ZHANGGUI_HOME": "/srv/shop",
        "ZHANGGUI_HOST": "192.168.1.20",
        "ZHANGGUI_PORT": "8100",
        "ZHANGGUI_HTTPS_PORT": "8543",
        "ZHANGGUI_LAN": "yes",
        "DATABASE_URL": "postgresql://localhost/shop",
        "ZHANGGUI_PG_BIN": "/usr/lib/postgresql/18/bin",
        "ZHANGGUI_SECRET": "x" * 32,
        "ZHANGGUI_HOSTS": "desk.example, desk.local",
        "ZHANGGUI_PROXIES": "127.0.0.1",
        "ZHANGGUI_UPLOAD_MB": "50",
    }

    read = settings_from(told)

    assert read == Settings(
        home=HOME.resolve(),
        host="192.168.1.20",
        port=8100,
        https_port=8543,
        lan=True,
        database_url="postgresql://localhost/shop",
        pg_bin=Path("/usr/lib/postgresql/18/bin"),
        secret="x" * 32,
        hosts=("desk.example", "desk.local"),
        proxies=("127.0.0.1",),
        upload_mb=50,
    )


def test_it_takes_the_home_of_the_command_line_before_that_of_the_environment() -> None:
    assert settings_from({"ZHANGGUI_HOME": "/elsewhere"}, home=HOME).home == HOME.resolve()


def test_it_takes_its_own_port_before_the_common_one() -> None:
    assert settings_from({"PORT": "1"}, home=HOME).port == 1
    assert settings_from({"PORT": "1", "ZHANGGUI_PORT": "2"}, home=HOME).port == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ZHANGGUI_PROT", "There is no setting ZHANGGUI_PROT. Is ZHANGGUI_PORT meant?"),
        ("ZHANGGUI_HOSTNAMES", "There is no setting ZHANGGUI_HOSTNAMES. Is ZHANGGUI_HOSTS meant?"),
        ("ZHANGGUI_XYZZY_PLUGH", "There is no setting ZHANGGUI_XYZZY_PLUGH. docs/settings.md lists them all."),
    ],
)
def test_it_refuses_a_slip_of_the_pen_and_names_what_may_be_meant(name: str, said: str) -> None:
    with pytest.raises(SettingRefused) as refusal:
        settings_from({name: "1"}, home=HOME)

    assert str(refusal.value) == said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHANGGUI_PORT", "eighty"),
        ("ZHANGGUI_PORT", "0"),
        ("PORT", "65536"),
        ("ZHANGGUI_LAN", "perhaps"),
        ("ZHANGGUI_UPLOAD_MB", "-1"),
        ("ZHANGGUI_SECRET", "too short"),
    ],
)
def test_it_refuses_nonsense_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(SettingRefused) as refusal:
        settings_from({name: value}, home=HOME)

    assert name in str(refusal.value)
    assert value not in str(refusal.value).replace(name, "")


def test_it_has_a_line_in_the_docs_for_each_of_them() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")

    assert [setting.name for setting in ALL if f"`{setting.name}`" not in docs] == []


def test_it_shows_no_password_or_key() -> None:
    settings = Settings(home=HOME, secret="x" * 32, vault_key="key of the vault", database_url="postgresql://me:word@localhost/shop")

    assert repr(settings) == "Settings(home='/srv/shop')"
