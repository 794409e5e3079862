"""Promises given to a buyer: what was promised, until when, and how exactly."""

from zhanggui.core.promises.reading import promises_in
from zhanggui.core.promises.shapes import Exactness, Promise, PromiseKind

__all__ = ["Exactness", "Promise", "PromiseKind", "promises_in"]
