"""Chains: how an entry is tied to the one before it, and how a chain is judged."""

from zhanggui.core.evidence.chains import GENESIS, digest_of, linked
from zhanggui.core.evidence.entries import EvidenceKind, EvidenceRow, entry_digest, is_emptied
from zhanggui.core.evidence.judging import Fault, Finding, Head, judge_entries, judge_packet, judge_seals
from zhanggui.core.evidence.seals import BEFORE_ALL, JournalRow, JournalSeal, seal_body, seal_digest

__all__ = [
    "BEFORE_ALL",
    "GENESIS",
    "EvidenceKind",
    "EvidenceRow",
    "Fault",
    "Finding",
    "Head",
    "JournalRow",
    "JournalSeal",
    "digest_of",
    "entry_digest",
    "is_emptied",
    "judge_entries",
    "judge_packet",
    "judge_seals",
    "linked",
    "seal_body",
    "seal_digest",
]
