"""Tracking texts: what each line says, and what is odd about a parcel's whole way."""

from zhanggui.core.scantext.reading import Reading, read_scan, stage_of
from zhanggui.core.scantext.signs import ReadEvent, Sign, SignKind, read_way, signs_of, stage_of_way

__all__ = ["ReadEvent", "Reading", "Sign", "SignKind", "read_scan", "read_way", "signs_of", "stage_of", "stage_of_way"]
