"""What is counted by day, under names that formulas put together. An order, a review or a buyer's day gives hits; a measure is a sum of them."""

from datetime import date
from enum import StrEnum

import msgspec


class What(StrEnum):
    """The names. What lies ahead unless something happens is a hit of its own day, so that the passing of time needs no writing."""

    FORMED = "order_formed"
    SHIPPED = "order_shipped"
    SHIP_IN_TIME = "ship_in_time"
    """The number was uploaded within the term; of the day on which the term ends."""
    SHIP_LATE = "ship_late"
    LEFT_IN_TIME = "left_in_time"
    """Uploaded within the term, and nothing shows that the carrier picked it up only later."""
    LEFT_LATE = "left_late"
    PICKUP_IN_TIME = "pickup_in_time"
    PICKUP_LATE = "pickup_late"
    FALSE_SHIPMENT = "pickup_missing"
    """Uploaded, and not picked up within the hours after it."""
    OUT_OF_STOCK = "long_unshipped"
    PENALISED_UPLOAD = "penalised_upload"
    """Uploaded too late, not picked up after the upload, or out of stock: an order counts once, on the first day of any of them."""
    PENALISED = "penalised"
    """The same, where it has to be picked up within the term as well."""
    SIGNED = "parcel_signed"
    """With the seconds since the order was formed."""
    ABNORMAL = "parcel_abnormal"
    QUALITY_ALWAYS = "quality_refund_any"
    QUALITY_DELIVERED_18H = "quality_refund_18h"
    QUALITY_SHIPPED_24H = "quality_refund_24h"
    SERIOUS_QUALITY = "serious_quality_refund"
    DISPUTED = "dispute_refund"
    INTERVENED = "platform_intervened"
    TRANSIT_REFUND = "transit_refund"
    """With the seconds from the request."""
    RETURNED_REFUND = "returned_refund"
    """With the seconds from the delivery of the return."""
    POSITIVE_REVIEW = "positive_review"
    OTHER_REVIEW = "other_review"
    RATING = "rating_counted"
    """With the stars."""
    ANSWERED_3M = "answered_3m"
    UNANSWERED_3M = "unanswered_3m"
    ANSWERED_5M = "answered_5m"
    UNANSWERED_5M = "unanswered_5m"
    ANSWERED_1H = "answered_1h"
    UNANSWERED_1H = "unanswered_1h"


class Hit(msgspec.Struct, frozen=True, gc=False, order=True):
    """Something counted once, on a Shanghai day, with the seconds or stars it brings where it brings any."""

    what: What
    day: date
    amount: int = 0
