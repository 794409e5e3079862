"""The units of what programs are told, said once."""

from datetime import datetime
from typing import Annotated

import msgspec

FenOut = Annotated[int, msgspec.Meta(description="In fen, a hundredth of a yuan.")]
MaybeFen = Annotated[int | None, msgspec.Meta(description="In fen, a hundredth of a yuan; null where nobody told it.")]
At = Annotated[datetime, msgspec.Meta(description="ISO 8601, UTC.")]
MaybeAt = Annotated[datetime | None, msgspec.Meta(description="ISO 8601, UTC; null where nobody told it, or it has not happened.")]
Said = Annotated[str, msgspec.Meta(description="A sentence in the language of Accept-Language.")]
Masked = Annotated[str | None, msgspec.Meta(description="Masked: no whole name or telephone number.")]
NextCursor = Annotated[str | None, msgspec.Meta(description="Send it as `cursor` to go on; null at the end.")]
