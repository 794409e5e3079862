"""Numbers with a slash in them, as some exports have: the address names them so that the slash parts nothing, and handlers get them as they are."""

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from zhanggui.workbench.places import number_in_path


class NumbersWithSlashes(ASGIMiddleware):
    """Gives every handler the numbers of its path as they are."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Read them, then go on."""
        numbers = {name: number_in_path(str(value)) for name, value in scope["path_params"].items() if name.endswith("_no") and isinstance(value, str)}
        scope["path_params"] = scope["path_params"] | numbers
        await next_app(scope, receive, send)
