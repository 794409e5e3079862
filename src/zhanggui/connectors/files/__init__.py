"""Export files of merchant back offices, other shop systems and other programs, read into facts.

`survey` looks, `read` takes, `reread` takes a mended row. Personal data are masked before anything leaves this folder.
"""

from zhanggui.connectors.files.profile import profiles
from zhanggui.connectors.files.reading import moment_at, read, reread
from zhanggui.connectors.files.shapes import Refused, Survey, Table, Told, Unreadable
from zhanggui.connectors.files.survey import survey

__all__ = ["Refused", "Survey", "Table", "Told", "Unreadable", "moment_at", "profiles", "read", "reread", "survey"]
