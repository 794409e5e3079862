"""Every route of the desk, for the application to collect."""

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from zhanggui.workbench.templating import STATIC

_FOR_GOOD = CacheControlHeader(max_age=31536000, public=True, immutable=True)
"""Static addresses carry the digest of the file, so a kept copy never grows stale."""

route_handlers: list[ControllerRouterHandler] = [
    create_static_files_router(path="/static", directories=[STATIC], name="static", include_in_schema=False, opt={"open": True}, cache_control=_FOR_GOOD),
]
