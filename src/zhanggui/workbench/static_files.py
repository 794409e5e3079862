"""Files of ours that browsers load: styles, scripts, pictures."""

import re
from pathlib import Path
from typing import Any

from litestar import Request, Router
from litestar.datastructures import CacheControlHeader
from litestar.exceptions import NotFoundException
from litestar.static_files import create_static_files_router

_PLAIN = re.compile(r"[A-Za-z0-9_./-]{1,200}")
"""Names no file system chokes on. Some raise errors of their own for a zero or an endless name, which are no answer to a stranger."""


def static_router(path: str, folder: Path, name: str, *, cache_control: CacheControlHeader | None = None) -> Router:
    """The files of one folder, for everybody."""
    return create_static_files_router(
        path=path,
        directories=[folder],
        name=name,
        include_in_schema=False,
        opt={"open": True},
        cache_control=cache_control,
        before_request=_only_plain_names,
    )


def _only_plain_names(request: Request[Any, Any, Any]) -> None:
    if not _PLAIN.fullmatch(request.scope["path"]):
        raise NotFoundException
