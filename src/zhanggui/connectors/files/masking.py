"""Personal data are masked here, at the edge, before anything else sees them; how is told once for every room, in `core.masking`."""

from zhanggui.core.masking import (
    masked_name,
    masked_numbers,
    masked_offence,
    masked_person,
    masked_phone,
    masked_signatory,
    province_of,
    storable,
)

__all__ = ["masked_name", "masked_numbers", "masked_offence", "masked_person", "masked_phone", "masked_signatory", "province_of", "storable"]
