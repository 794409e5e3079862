"""Authorisation: the page on which a merchant says yes, and the older exchange outside the gateway."""

from html import escape
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, get, post
from litestar.response import Redirect, Response

from zhanggui.emulator.doors.asking import Asking, platform_of
from zhanggui.emulator.methods.tokens import token_of
from zhanggui.emulator.platform import Platform
from zhanggui.emulator.tokens import Grant
from zhanggui.emulator.wire.errors import Refused
from zhanggui.emulator.wire.gateway import sealed_refusal

PAGES = ["/service-market/auth", "/open.html", "/h5-login.html"]
ASK = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>授权</title>
<style>body{{font:16px sans-serif;max-width:32rem;margin:4rem auto}}button{{font:inherit;padding:.6rem 1.2rem}}</style>
<h1>应用授权</h1><p>应用 <code>{client}</code> 申请以下店铺的授权。</p>
<form method="post" action="/_authorize"><input type="hidden" name="client_id" value="{client}">
<input type="hidden" name="redirect_uri" value="{redirect}"><input type="hidden" name="state" value="{state}">
<p><select name="mall_id">{shops}</select></p>
<p><button name="decision" value="yes">同意授权</button> <button name="decision" value="no">取消</button></p></form></html>"""


class Exchange(msgspec.Struct, frozen=True):
    """The body of the older exchange."""

    client_id: str
    client_secret: str
    grant_type: str
    code: str = ""
    refresh_token: str = ""
    redirect_uri: str = ""


class Deciding(msgspec.Struct, frozen=True):
    """What the merchant decided on the page."""

    client_id: str
    redirect_uri: str
    decision: str
    mall_id: int
    state: str = ""


class CodeGiven(msgspec.Struct, frozen=True):
    """A code that was given out, as the chronicle keeps it."""

    client_id: str
    mall_id: int


@get(PAGES, media_type=MediaType.HTML)
async def ask_merchant(request: Asking) -> Response[str] | Redirect:
    """The page that asks the merchant; `auto=1` says yes for the first shop at once, for programs."""
    query = dict(request.query_params)
    client_id, redirect_uri, state = query.get("client_id", ""), query.get("redirect_uri", ""), query.get("state", "")
    platform = platform_of(request)
    if client_id != platform.app.client_id or query.get("response_type") != "code" or not redirect_uri.startswith(("http://", "https://")):
        return Response("client_id、response_type 或 redirect_uri 不正确", status_code=400, media_type=MediaType.HTML)
    if query.get("auto"):
        return _back(platform, Deciding(client_id, redirect_uri, "yes", platform.first.mall_id, state))
    shops = "".join(f'<option value="{world.mall_id}">{escape(world.mall_name)} ({world.mall_id})</option>' for world in platform.worlds.values())
    page = ASK.format(client=escape(client_id), redirect=escape(redirect_uri, quote=True), state=escape(state, quote=True), shops=shops)
    return Response(page, media_type=MediaType.HTML)


@post("/_authorize")
async def decide(request: Asking) -> Response[str] | Redirect:
    """The merchant has decided: back to the application, with a code or without."""
    platform = platform_of(request)
    form = await request.form()
    try:
        deciding = msgspec.convert(dict(form), Deciding, strict=False)
    except msgspec.ValidationError as failed:
        return Response(str(failed), status_code=400, media_type=MediaType.HTML)
    if deciding.client_id != platform.app.client_id or deciding.mall_id not in platform.worlds:
        return Response("client_id 或店铺不正确", status_code=400, media_type=MediaType.HTML)
    return _back(platform, deciding)


def _back(platform: Platform, deciding: Deciding) -> Redirect:
    """The way back to the application."""
    query = {"state": deciding.state} if deciding.state else {}
    agreed = deciding.decision == "yes"
    done = ("code" if agreed else "", CodeGiven(deciding.client_id, deciding.mall_id))
    platform.note("oauth.page", {"mall_id": str(deciding.mall_id)}, deciding.decision, done=done)
    if agreed:
        query["code"] = platform.tokens.code(deciding.client_id, deciding.mall_id, platform.first.now)
    else:
        query["error"] = "access_denied"
    sign = "&" if "?" in deciding.redirect_uri else "?"
    return Redirect(f"{deciding.redirect_uri}{sign}{urlencode(query)}", status_code=302)


@post("/oauth/token", status_code=200)
async def exchange(request: Asking) -> Response[bytes]:
    """The older exchange: JSON in, a flat answer out, errors flat as well."""
    platform = platform_of(request)
    try:
        body = _exchanged(platform, await request.body())
    except Refused as refused:
        ident = platform.note("oauth.token", {}, str(refused.code))
        flat = msgspec.json.decode(sealed_refusal(refused, ident), type=dict[str, object])["error_response"]
        body = msgspec.json.encode(flat)
    return Response(body, media_type="application/json;charset=UTF-8")


def _exchanged(platform: Platform, body: bytes) -> bytes:
    """The grant for a code or for a refresh token."""
    try:
        asked = msgspec.json.decode(body, type=Exchange)
    except msgspec.DecodeError as failed:
        raise Refused(10000, sub_msg=str(failed)) from failed
    if asked.client_id != platform.app.client_id or asked.client_secret != platform.app.client_secret:
        raise Refused(10016)
    grant = granted(platform, asked)
    done = ("exchange", msgspec.structs.replace(asked, client_secret=""))
    platform.note("oauth.token", {"grant_type": asked.grant_type}, "ok", effects=(f"token.created:{grant.mall_id}",), done=done)
    return msgspec.json.encode(token_of(grant, platform.first.now))


def granted(platform: Platform, asked: Exchange) -> Grant:
    """The grant an exchange gives."""
    match asked.grant_type:
        case "authorization_code":
            return platform.tokens.exchange(asked.client_id, asked.code, platform.first.now)
        case "refresh_token":
            return platform.tokens.refresh(asked.client_id, asked.refresh_token, platform.first.now)
        case _:
            raise Refused(10001, about="grant_type")
