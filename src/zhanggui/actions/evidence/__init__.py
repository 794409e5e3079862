"""Evidence: brought in and never altered, handed out as a packet, and proved to be what it was."""

from zhanggui.actions.evidence.adding import LARGEST, NewFile, NewReference, add_file, add_pieces, add_reference
from zhanggui.actions.evidence.packing import Packet, make_packet
from zhanggui.actions.evidence.sealing import seal_journals
from zhanggui.actions.evidence.seeing import Evidence, content_of, evidence_of
from zhanggui.actions.evidence.verifying import Kept, ShopVerified, read_kept, verify_packet, verify_shop

__all__ = [
    "LARGEST",
    "Evidence",
    "Kept",
    "NewFile",
    "NewReference",
    "Packet",
    "ShopVerified",
    "add_file",
    "add_pieces",
    "add_reference",
    "content_of",
    "evidence_of",
    "make_packet",
    "read_kept",
    "seal_journals",
    "verify_packet",
    "verify_shop",
]
