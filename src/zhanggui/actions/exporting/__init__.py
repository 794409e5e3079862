"""Everything in one folder or zip, with its schema and checksums, and back into an empty home."""

from zhanggui.actions.exporting.bringing_back import Brought, bring_back
from zhanggui.actions.exporting.checking import checked, opened_box
from zhanggui.actions.exporting.shapes import Manifest
from zhanggui.actions.exporting.taking_out import take_out

__all__ = ["Brought", "Manifest", "bring_back", "checked", "opened_box", "take_out"]
