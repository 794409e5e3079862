"""Connecting a shop to the platform: over the platform's own page and back, or with a token given by hand. A wrong shop is refused and nothing of it kept."""

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from zhanggui.actions.applications import opened_app
from zhanggui.actions.coming_back import Came, Who, asked_who, keep
from zhanggui.actions.house import House
from zhanggui.actions.platform import note_trouble
from zhanggui.actions.refused import Refused
from zhanggui.actions.tokens import Tokens, ends_of, token_for_code, tokens_in
from zhanggui.connectors.pdd.doors import App
from zhanggui.connectors.pdd.errors import PlatformError, Trouble
from zhanggui.connectors.pdd.tokens import authorise_url
from zhanggui.core.connection import ConnectionState
from zhanggui.core.say import say
from zhanggui.people.permissions import Permission, Person, ShopId
from zhanggui.records import apps, connections
from zhanggui.records.db import Tx

STATE_LASTS = timedelta(minutes=10)
LONGEST_TOKEN = 500
WHO_TRIES, WHO_WAIT, WHO_LONGEST = 3, 1.0, 5.0
_MOST_DIGITS = 18
OVER = say(
    "This way back from the platform is over: it was used already, took longer than ten minutes, or was begun elsewhere. Begin again on the Settings page."
)

LOST = say("The platform's answer was lost, and its code serves only once. Begin again on the Settings page.")


class GivenTokens(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens as a person or a program gives them: those of an application of one's own are shown on the platform's page."""

    access_token: str
    refresh_token: str | None = None
    owner_id: str | None = None
    """The platform's number of the shop, where it is known beforehand: any other is refused."""
    ends_at: datetime | None = None

    def __repr__(self) -> str:
        return "GivenTokens(***)"


class Outcome(msgspec.Struct, frozen=True):
    """What came of connecting: the shop, whether somebody still has to say that it is the one meant, and what the platform calls it."""

    shop_id: ShopId
    state: ConnectionState
    mall_name: str
    owner_id: str


def begin_connect(house: House, by: Person, shop_id: ShopId, *, sign_in: bytes, redirect_uri: str, wall: datetime) -> str:
    """The address of the platform's page on which the shop says yes, good for ten minutes and for this sign-in alone. Raises Refused without an application."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    secret = secrets.token_urlsafe(32)
    with house.pool.connection() as tx:
        app = _app_of(house, tx, shop_id)
        connections.begin_attempt(
            tx, shop_id, state_digest=_digest(secret), sign_in=sign_in, app_id=app[0], redirect_uri=redirect_uri, made_at=wall, ends_at=wall + STATE_LASTS
        )
    return authorise_url(app[1], redirect_uri, f"{shop_id}.{secret}")


def finish_connect(house: House, by: Person, *, state: str, code: str, sign_in: bytes, now: datetime, wall: datetime) -> Outcome:
    """The shop that came back with a code, connected. Raises Refused where the way back is not one begun in this sign-in, the code is no good, or another
    shop came back; then nothing of it is kept, and what stood before stands."""
    shop_id, secret = _state_in(state)
    by.need(Permission.SETTINGS_WRITE, shop_id)
    with house.pool.connection() as tx:
        # used up before anything else is tried, in a transaction of its own: a second use finds it used whatever came of the first
        attempt = connections.use_attempt(tx, shop_id, state_digest=_digest(secret), sign_in=sign_in, wall=wall)
    if attempt is None:
        raise Refused(OVER)
    if not code:
        raise Refused(say("The platform's page was left without a yes. Nothing was changed."))
    app_id, redirect_uri = attempt
    app = _app(house, app_id)
    try:
        token = token_for_code(house.line, app, code, redirect_uri, now)
    except PlatformError as problem:
        note_trouble(house, shop_id, problem, now)
        # a code serves once, so after a lost answer only a new one helps
        raise Refused(LOST if problem.may_have_acted else problem.say) from None
    try:
        who = _patiently(lambda: asked_who(house.line, app, token.access_token, token.owner_id, now))
    except PlatformError as problem:
        note_trouble(house, shop_id, problem, now)
        # the code is used up; but what would be met again is to be mended first
        is_passing = problem.may_have_acted or problem.trouble in (Trouble.RETRY, Trouble.SLOW_DOWN)
        raise Refused(LOST if is_passing else problem.say) from None
    access_ends_at, refresh_ends_at = ends_of(token, now)
    came = Came(who, token.owner_name or None, tokens_in(token), access_ends_at, refresh_ends_at, by_hand=False, is_sure=False)
    return _outcome(keep(house, by, shop_id, app_id, came, now, wall), shop_id, came)


def _patiently(who: Callable[[], Who]) -> Who:
    """Which shop came back, asked a few times where the trouble is one of the moment. Raises PlatformError, WrongShop."""
    for _ in range(WHO_TRIES - 1):
        try:
            return who()
        except PlatformError as problem:
            if problem.trouble not in (Trouble.RETRY, Trouble.SLOW_DOWN):
                raise
            time.sleep(min(max(problem.wait.total_seconds(), WHO_WAIT), WHO_LONGEST))
    return who()


def connect_by_hand(house: House, by: Person, shop_id: ShopId, given: GivenTokens, now: datetime, wall: datetime, *, is_sure: bool = False) -> Outcome:
    """The shop connected with a token given by hand, after the platform has said which shop it is of. Raises Refused where it is another than the one meant,
    or the platform does not take the token; then nothing is kept. With `is_sure` nobody is asked whether a shop of another name is the one meant."""
    by.need(Permission.SETTINGS_WRITE, shop_id)
    access_token, refresh_token = given.access_token.strip(), (given.refresh_token or "").strip() or None
    if not access_token or max(len(access_token), len(refresh_token or "")) > LONGEST_TOKEN:
        raise Refused(say("An access token is a single word of at most {longest} characters.", longest=LONGEST_TOKEN))
    with house.pool.connection() as tx:
        app_id, app = _app_of(house, tx, shop_id)
    try:
        who = asked_who(house.line, app, access_token, given.owner_id, now)
    except PlatformError as problem:
        note_trouble(house, shop_id, problem, now)
        raise Refused(problem.say) from None
    came = Came(who, None, Tokens(access_token, refresh_token), given.ends_at, None, by_hand=True, is_sure=is_sure)
    return _outcome(keep(house, by, shop_id, app_id, came, now, wall), shop_id, came)


def _outcome(state: ConnectionState, shop_id: ShopId, came: Came) -> Outcome:
    return Outcome(shop_id, state, came.who.mall_name, came.who.owner_id)


def _app_of(house: House, tx: Tx, shop_id: ShopId) -> tuple[int, App]:
    """The application the shop goes by. Raises Refused without one."""
    row = connections.one(tx, shop_id)
    record = None if row is None or row.app_id is None else apps.one(tx, row.app_id)
    if record is None:
        raise Refused(say("Name the application first: its client_id and client_secret."))
    return record.app_id, opened_app(house, record)


def _app(house: House, app_id: int) -> App:
    with house.pool.connection() as tx:
        record = apps.one(tx, app_id)
    if record is None:
        raise Refused(OVER)
    return opened_app(house, record)


def _state_in(state: str) -> tuple[ShopId, str]:
    """The shop and the secret in a state. Raises Refused for what is none of ours."""
    number, _, secret = state.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS and secret):
        raise Refused(OVER)
    return ShopId(int(number)), secret


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
