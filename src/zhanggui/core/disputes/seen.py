"""What the clocks of a case and of its order need to know of disputes and complaints."""

from datetime import datetime

import msgspec

from zhanggui.core.disputes.states import DisputeState


class DisputeSeen(msgspec.Struct, frozen=True):
    """How far the dispute about a case is, and when the evidence was handed in; None before that."""

    state: DisputeState
    handed_in_at: datetime | None
