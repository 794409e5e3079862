"""`zhanggui tokens`: the tokens by which other programs come in."""

from datetime import datetime

import click
import msgspec

from zhanggui import clock
from zhanggui.actions.bridge_tokens import MOST_DAYS, make_token, revoke_token, tokens_seen
from zhanggui.actions.refused import Refused
from zhanggui.cli.desk import DONE, Desk, with_desk
from zhanggui.cli.moments import utc, utc_or_none, wall
from zhanggui.cli.shop_option import shop_of, shop_option
from zhanggui.core.bridge.scopes import Scope
from zhanggui.core.say import say
from zhanggui.records.api_tokens import TokenRecord


class TokenShape(msgspec.Struct, frozen=True, kw_only=True):
    """One token that opens something; what it is only its holder knows."""

    no: int
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime | None
    used_at: datetime | None


class TokensShape(msgspec.Struct, frozen=True):
    """The tokens of a shop; `made` is the one that was just made, shown this once."""

    tokens: tuple[TokenShape, ...]
    made: str | None


@click.command("tokens")
@shop_option
@click.option("--make", "name", metavar="NAME", help="Make a token for the program of this name, and show it this once.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice([scope.value for scope in Scope]), help="What the program may do; as often as needed.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="The token ends after so many days; without it, when it is taken back.")
@click.option("--revoke", type=int, metavar="NO", help="Take this token back.")
@with_desk
def tokens(desk: Desk, shop_name: str, name: str | None, scopes: tuple[str, ...], days: int | None, revoke: int | None) -> int:
    """List the tokens by which other programs come in; make one, or take one back."""
    desk.one_deed(name is not None, revoke is not None)
    now, unwound = clock.now(), clock.unwound()
    with desk.house() as house:
        shop_id = shop_of(house, desk.by, shop_name)
        if name is not None and not scopes:
            raise Refused(say("Say with --scope what the program may do, once for each thing."))
        if revoke is not None:
            revoke_token(house, desk.by, shop_id, revoke, now, unwound)
        made = None if name is None else make_token(house, desk.by, shop_id, name, map(Scope, scopes), now, unwound, days=days)
        found = tokens_seen(house, desk.by, shop_id)
    desk.document(TokensShape(tuple(map(_shape, found)), None if made is None else made.token))
    for token in found:
        desk.lines([f"#{token.token_no}  {token.name}  {', '.join(token.scopes)}  {wall(token.used_at) or '-'}"])
    if made is not None:
        desk.line("The token, shown this once: {token}", token=made.token)
    return DONE


def _shape(token: TokenRecord) -> TokenShape:
    return TokenShape(
        no=token.token_no,
        name=token.name,
        scopes=tuple(token.scopes),
        made_at=utc(token.made_at),
        ends_at=utc_or_none(token.ends_at),
        used_at=utc_or_none(token.used_at),
    )
