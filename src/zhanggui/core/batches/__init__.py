"""What waits to leave: how far each order is, what keeps it back, which go in one parcel, and whether what was packed is what was ordered."""

from zhanggui.core.batches.keeping import KEPT, Kept, Step, Tag, kept_back, tags_of
from zhanggui.core.batches.parcels import parcels_of

__all__ = ["KEPT", "Kept", "Step", "Tag", "kept_back", "parcels_of", "tags_of"]
