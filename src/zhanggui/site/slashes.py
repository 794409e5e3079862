"""Numbers with a slash in them, as some exports have: the address names them so that the slash parts nothing, and handlers get them as they are."""

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from zhanggui.workbench.places import number_in_path


class NumbersWithSlashes(ASGIMiddleware):
    """Gives every handler the numbers of its path as they are."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Read them, then go on."""
        told = scope.get("path_params", {})
        scope["path_params"] = {name: number_in_path(value) if isinstance(value, str) and name.endswith("_no") else value for name, value in told.items()}
        await next_app(scope, receive, send)
