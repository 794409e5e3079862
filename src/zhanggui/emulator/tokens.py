"""Applications, shops' grants, authorisation codes: who may call in whose name, and until when."""

import hashlib

import msgspec

from zhanggui.emulator.moments import MINUTE
from zhanggui.emulator.wire.errors import Refused

CODE_SECONDS = 10 * MINUTE


class App(msgspec.Struct, frozen=True):
    """One application: its id and its secret."""

    client_id: str
    client_secret: str


class Grant(msgspec.Struct):
    """What a shop granted an application."""

    client_id: str
    mall_id: int
    access_token: str
    refresh_token: str
    expires_at: int
    refresh_expires_at: int


class Code(msgspec.Struct, frozen=True):
    """An authorisation code, good once and for some minutes."""

    client_id: str
    mall_id: int
    expires_at: int


class Tokens:
    """All grants and codes; texts are made from the seed, so that runs can be repeated."""

    def __init__(self, seed: int, life: int) -> None:
        self._seed, self._life, self._made = seed, life, 0
        self._by_access: dict[str, Grant] = {}
        self._by_refresh: dict[str, Grant] = {}
        self._codes: dict[str, Code] = {}

    def grant(self, client_id: str, mall_id: int, now: int) -> Grant:
        """A fresh grant of a shop."""
        grant = Grant(client_id, mall_id, self._text("access"), self._text("refresh"), now + self._life, now + self._life)
        self._by_access[grant.access_token] = grant
        self._by_refresh[grant.refresh_token] = grant
        return grant

    def newest(self, mall_id: int) -> Grant:
        """The grant of a shop that was made last."""
        return next(grant for grant in reversed(self._by_access.values()) if grant.mall_id == mall_id)

    def code(self, client_id: str, mall_id: int, now: int) -> str:
        """A fresh authorisation code."""
        text = self._text("code")
        self._codes[text] = Code(client_id, mall_id, now + CODE_SECONDS)
        return text

    def exchange(self, client_id: str, code: str, now: int) -> Grant:
        """The grant for an authorisation code, which is used up by it."""
        held = self._codes.pop(code, None)
        if held is None or held.client_id != client_id or held.expires_at < now:
            raise Refused(50001, sub_code="50001", sub_msg="code无效或已过期")
        return self.grant(client_id, held.mall_id, now)

    def refresh(self, client_id: str, refresh_token: str, now: int) -> Grant:
        """A fresh grant for an old one, whose tokens end now."""
        old = self._by_refresh.get(refresh_token)
        if old is None or old.client_id != client_id or old.refresh_expires_at < now:
            raise Refused(50001, sub_code="50001", sub_msg="refresh_token已过期")
        self._by_refresh.pop(refresh_token)
        old.expires_at = min(old.expires_at, now - 1)
        return self.grant(client_id, old.mall_id, now)

    def holder(self, client_id: str, access_token: str, now: int) -> Grant:
        """The grant behind an access token, or the refusal the platform gives."""
        grant = self._by_access.get(access_token)
        if grant is None or grant.client_id != client_id:
            raise Refused(20032)
        if grant.expires_at < now:
            raise Refused(10019)
        return grant

    def end(self, access_token: str, now: int) -> None:
        """Let one access token be past its time; its refresh token lives on."""
        self._by_access[access_token].expires_at = now - 1

    def expire(self, mall_id: int, now: int) -> None:
        """Let a shop's access tokens expire; its refresh tokens live on."""
        for grant in self._by_access.values():
            if grant.mall_id == mall_id:
                grant.expires_at = min(grant.expires_at, now - 1)

    def _text(self, kind: str) -> str:
        """Forty lower-case hex digits nobody has yet."""
        self._made += 1
        return hashlib.sha1(f"{self._seed}/{kind}/{self._made}".encode(), usedforsecurity=False).hexdigest()
