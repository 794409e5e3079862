"""The register of what is filed with the platform: begun by people and by what the house finds, followed until its end."""

from zhanggui.actions.complaints.opening import Complaint, begin_complaint, open_complaint
from zhanggui.core.complaints.states import ComplaintKind

__all__ = ["Complaint", "ComplaintKind", "begin_complaint", "open_complaint"]
