"""What is packed beside the program says nothing that is not so: the unit of systemd, the container, its neighbours."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT
from zhanggui.cli.main import program
from zhanggui.site.settings import ALL, Settings, settings_from

PACKAGING = ROOT / "packaging"
UNIT = (PACKAGING / "zhanggui.service").read_text("utf-8")
DOCKERFILE = (PACKAGING / "Dockerfile").read_text("utf-8")
COMPOSE = (PACKAGING / "compose.yaml").read_text("utf-8")
SETTING = re.compile(r"\b(?:ZHANGGUI_[A-Z_]+|DATABASE_URL)\b")


def unit() -> configparser.ConfigParser:
    """The unit, read."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # names of units are written with capitals
    read.read_string(UNIT)
    return read


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the container's recipe, with what it is told."""
    whole = re.sub(r"\\\n\s*", " ", "\n".join(line for line in DOCKERFILE.splitlines() if not line.startswith("#")))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in whole.splitlines() if line.strip()]


@pytest.mark.parametrize("text", [UNIT, DOCKERFILE, COMPOSE, (PACKAGING / "zhanggui.env.example").read_text("utf-8")])
def test_every_setting_it_names_is_one(text: str) -> None:
    assert set(SETTING.findall(text)) - {setting.name for setting in ALL} == set()


def test_the_unit_starts_a_command_that_there_is_and_lets_it_end_in_order() -> None:
    service = unit()["Service"]
    path, command = shlex.split(service["ExecStart"])

    assert (Path(path).name, command) == ("zhanggui", "up")
    assert command in program.commands
    assert (service["KillSignal"], service["KillMode"], service["Restart"]) == ("SIGTERM", "mixed", "always")
    assert service["User"] != "root"


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("only root of a machine with systemd can have it look")
    started = tmp_path / "zhanggui.service"
    started.write_text(UNIT.replace("/opt/zhanggui/bin/zhanggui", "/bin/true"), "utf-8")

    told = subprocess.run(["systemd-analyze", "verify", str(started)], check=False, capture_output=True, text=True)  # noqa: S607 - systemd of the machine

    assert [line for line in (told.stdout + told.stderr).splitlines() if "zhanggui" in line] == []


def test_the_container_is_built_of_what_is_there_and_runs_as_nobody_in_particular() -> None:
    copied = [source for name, told in instructions() if name == "COPY" and "--from" not in told for source in shlex.split(told)[:-1]]
    users = [told for name, told in instructions() if name == "USER"]
    images = [told.split()[0] for name, told in instructions() if name == "FROM"]

    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert users == ["10001:10001"]
    assert all(":" in image and not image.endswith(":latest") for image in images)
    assert "--require-hashes" in DOCKERFILE
    assert ("EXPOSE", str(Settings(home=Path("/data")).port)) in instructions()
    assert ("CMD", '["up"]') in instructions()
    assert "/health/ready" in DOCKERFILE


def test_the_neighbours_of_the_container_agree_with_each_other() -> None:
    proxy = re.search(r"proxy:.*?ipv4_address: (\S+)", COMPOSE, re.DOTALL)
    port = Settings(home=Path("/data")).port

    assert proxy is not None
    assert f"ZHANGGUI_PROXIES: {proxy[1]}" in COMPOSE
    assert f"--to desk:{port}" in COMPOSE
    assert "ports:" not in COMPOSE.split("proxy:")[0], "the pages themselves are open to nobody but the proxy"
    assert settings_from({"ZHANGGUI_HOST": "0.0.0.0", "ZHANGGUI_PROXIES": proxy[1]}, home=Path("/data")).behind_proxy  # noqa: S104 - in a container
