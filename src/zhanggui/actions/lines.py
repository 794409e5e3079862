"""The line to the platform, at the pace that this house keeps."""

from pathlib import Path

from zhanggui.actions.refused import Refused
from zhanggui.connectors.pdd.line import Line
from zhanggui.connectors.pdd.paces import Paces, limits_in
from zhanggui.core.say import say

LIMITS = "platform-limits.toml"
"""A file of this name in the home folder goes in place of the limits we come with: the platform changes its figures, and grants some shops others."""


def line_at(home: Path) -> Line:
    """The line of a house. Raises Refused where its own limits cannot be read."""
    path = home / LIMITS
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Line()
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused(
            say("{file} cannot be read ({problem}). Mend it, or take it away: then the usual limits hold.", file=str(path), problem=str(problem))
        ) from None
    try:
        return Line(Paces(limits_in(text)))
    except ValueError as problem:
        raise Refused(
            say("{file} holds no limits ({problem}). Mend it, or take it away: then the usual limits hold.", file=str(path), problem=str(problem))
        ) from None
