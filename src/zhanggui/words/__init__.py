"""The catalogs: every sentence and word of the house in the reader's language, read from words/<language>/*.po."""

from zhanggui.words.catalog import Catalog, Language, load

__all__ = ["Catalog", "Language", "load"]
