"""Where a home folder stands when nobody named one."""

import sys
from collections.abc import Mapping
from pathlib import Path


def default_home(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder where data live when nobody named one: the usual place of the system for a program's own data."""
    if named := environment.get("ZHANGGUI_HOME"):
        return Path(named)
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "zhanggui"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "zhanggui"


def demo_home(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The folder of the demo shop when nobody named one: beside the real home, never in it."""
    return default_home(environment, platform).with_name("zhanggui-demo")
