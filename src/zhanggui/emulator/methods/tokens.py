"""Tokens through the gateway: for a code, and for a refresh token."""

import msgspec

from zhanggui.emulator.methods.registry import METHODS, OPEN, Call, method
from zhanggui.emulator.tokens import Grant


class Token(msgspec.Struct, frozen=True):
    """A grant as the platform tells it; all levels live as long as the token."""

    access_token: str
    refresh_token: str
    expires_in: int
    expires_at: int
    refresh_token_expires_in: int
    refresh_token_expires_at: int
    r1_expires_in: int
    r1_expires_at: int
    r2_expires_in: int
    r2_expires_at: int
    w1_expires_in: int
    w1_expires_at: int
    w2_expires_in: int
    w2_expires_at: int
    owner_id: str
    owner_name: str
    scope: list[str]


def token_of(grant: Grant, now: int) -> Token:
    """A grant in the platform's words."""
    lasts, refresh_lasts = grant.expires_at - now, grant.refresh_expires_at - now
    levels = (lasts, grant.expires_at) * 4
    return Token(
        grant.access_token, grant.refresh_token, lasts, grant.expires_at, refresh_lasts, grant.refresh_expires_at, *levels,
        str(grant.mall_id), f"pdd{grant.mall_id}", [name for name, each in METHODS.items() if each.needs_token],
    )  # fmt: skip


@method("pdd.pop.auth.token.create", OPEN, needs_token=False)
def create(call: Call) -> Token:
    """A token for a code."""
    now = call.platform.first.now
    grant = call.platform.tokens.exchange(call.args.text("client_id"), call.args.text("code"), now)
    call.did("token.created", grant.mall_id)
    return token_of(grant, now)


@method("pdd.pop.auth.token.refresh", OPEN, needs_token=False)
def refresh(call: Call) -> Token:
    """A fresh token for an old one."""
    now = call.platform.first.now
    grant = call.platform.tokens.refresh(call.args.text("client_id"), call.args.text("refresh_token"), now)
    call.did("token.refreshed", grant.mall_id)
    return token_of(grant, now)
