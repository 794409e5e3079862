"""The owner's overview: one structure of a span of days, told by the page, the report on paper, and the mail."""

from zhanggui.actions.overview.seeing import overview
from zhanggui.actions.overview.shapes import Overview

__all__ = ["Overview", "overview"]
