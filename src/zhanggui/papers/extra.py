"""What the extra `papers` brings along, loaded when the first paper is made: it is 60 MB, and most commands never need it."""

from importlib import import_module
from typing import Any

from zhanggui.papers.trouble import PapersMissing


def needed(name: str) -> Any:
    """The module of that name. Raises PapersMissing."""
    try:
        return import_module(name)
    except ImportError:
        raise PapersMissing from None
