"""A parcel under way: where it stands, what went wrong with it and when, and what the shop's share of such parcels comes to."""

from zhanggui.core.parcels.kinds import Anomaly, AnomalyKind, ParcelState
from zhanggui.core.parcels.parcel import Parcel, parcel_of, parcels_of

__all__ = ["Anomaly", "AnomalyKind", "Parcel", "ParcelState", "parcel_of", "parcels_of"]
